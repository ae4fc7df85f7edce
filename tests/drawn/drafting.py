"""Draws of forms: what one invented school asks, in which order and words, and how it lays it out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace

from drawn.chance import chance_of, happens
from drawn.plan import DATES, DAYS, LEADERS, LISTS, Ask, Block, Look, Plan, Section
from drawn.words import labels, words

HOLE = re.compile(r"\{([a-z_.0-9]+)\}")
_PERIOD = re.compile(r"(.+)\.(\d)\.(debut|fin)")
_LONG = ("stage.sujet", "stage.objectifs", "stage.modalites_encadrement", "stage.avantages", *LISTS)
_SHORT = ("nom", "prenom", "date_naissance", "code_postal", "ville", "telephone", "ape", "effectif", "numero", "lieu")
_SHORT += (
    "date_debut",
    "date_fin",
    "duree_heures",
    "heures_hebdo",
    "heures_jour",
    "compagnie",
    "contrat",
    "fonction",
)
_PLACES = (*LEADERS, "nothing", "control")
_CELLS = ("empty", "empty", "empty", "dots", "ellipsis", "prompt", "control", "legacy")
_BOXES = ("☐", "☐", "□", "[ ]", "( )", "checkbox", "checkbox", "legacy", "wingdings")
_FLAVOURS = {
    "leaders": ("lines", "lines", "lines", "prose"),
    "tables": ("table2", "table4", "stacked", "grid", "side"),
    "mixed": ("lines", "table2", "table4", "prose", "stacked", "side", "grid"),
    "nested": ("table2", "stacked", "lines"),
    "columns": ("lines", "lines", "prose"),
}
_OFTEN = ("leaders", "leaders", "tables", "tables", "mixed", "mixed", "mixed", "nested", "columns")
_FONTS = (
    "Arial",
    "Times New Roman",
    "Calibri",
    "Cambria",
    "Verdana",
    "Georgia",
    "DejaVu Sans",
    "Liberation Sans Narrow",
)
_SECTIONS = ("stagiaire", "organisme", "signataire", "tuteur", "referent", "stage", "gratification", "assurance")


def draw_plan(seed: int) -> Plan:
    """The form of school number ``seed``: the same number gives the same form."""
    chance = chance_of("layout", seed)
    flavour = chance.choice(_OFTEN)
    pool = words()["forms"]
    sections = tuple(_sections(flavour, chance))
    narrow = flavour == "columns" and not any(block.kind == "week" for one in sections for block in one.blocks)
    return Plan(
        seed=seed,
        title=chance.choice(pool["titles"]),
        school=chance.choice(pool["schools"]),
        notices=tuple(chance.sample(pool["notices"], chance.randint(1, 3))),
        footer=chance.choice(pool["footers"]) if happens(chance, 0.6) else "",
        look=_look(chance, nested=flavour == "nested", columns=2 if narrow else 1),
        sections=sections,
    )


def _look(chance: random.Random, *, nested: bool, columns: int) -> Look:
    return Look(
        font=chance.choice(_FONTS),
        size=chance.choice((10, 10, 10.5, 11)),
        margins=chance.choice((1.8, 2.0, 2.5)),
        box=chance.choice(_BOXES),
        box_after=happens(chance, 0.25),
        options_stacked=happens(chance, 0.15),
        colon=chance.choice((" : ", " : ", " : ", " :", ": ")),
        labels=chance.choice(("plain", "plain", "bold", "italic", "capitals")),
        titles=chance.choice(("heading", "bold", "bar", "underlined")),
        nested=nested,
        columns=columns,
        controls_kept=happens(chance, 0.5),
        reserved=happens(chance, 0.3),
    )


def _sections(flavour: str, chance: random.Random) -> Iterator[Section]:
    names = list(_SECTIONS)
    chance.shuffle(names)
    if happens(chance, 0.6):
        names.remove("stagiaire")
        names.insert(0, "stagiaire")
    usual = chance.choice(_PLACES), chance.choice(_CELLS)
    for name in (*names, "signatures"):
        paths = list(_questions(name, chance))
        kind = "prose" if name == "signatures" else chance.choice(_FLAVOURS[flavour])
        place, cell = usual if happens(chance, 0.75) else (chance.choice(_PLACES), chance.choice(_CELLS))
        title = chance.choice(words()["sections"][name])
        yield Section(title, tuple(_Drafter(chance, kind, place, cell).blocks(name, paths)))


def _questions(section: str, chance: random.Random) -> Iterator[str]:
    """The paths a section asks: what every school asks, and more or less of the rest."""
    for path, likely in words()["asked"][section].items():
        if not happens(chance, likely):
            continue
        if path in words()["whole"] and not happens(chance, words()["whole"][path]):
            root, _, last = path.rpartition(".")
            parts = (
                ("nom", "prenom")
                if last == "nom_prenom"
                else ("adresse.voie", "adresse.code_postal", "adresse.ville")
            )
            yield from (f"{root}.{part}" for part in parts)
        else:
            yield path


class _Drafter:
    """Lays out the questions of one section: kind of block, ``place`` of an answer in a line, ``cell`` in a table."""

    def __init__(self, chance: random.Random, kind: str, place: str, cell: str) -> None:
        self.chance = chance
        self.kind = kind
        self.place = place
        self.cell = cell

    @property
    def tabular(self) -> bool:
        return self.kind not in ("lines", "prose")

    def blocks(self, name: str, paths: list[str]) -> Iterator[Block]:
        """Sentences first, then the week, then the rest in lines or in a table."""
        if "stage.interruptions" in paths:
            paths.remove("stage.interruptions")
            yield self._sentence(self.chance.choice(words()["prose"]["interruptions"]))
        if self.kind == "prose":
            known = _with_wholes(paths)
            fitting = [one for one in words()["prose"].get(name, ()) if set(HOLE.findall(one)) <= known]
            if fitting:
                block = self._sentence(self.chance.choice(fitting))
                told = _with_parts(ask.path for ask in block.rows[0])
                paths = [path for path in paths if path not in told]
                yield block
        if "stage.semaine" in paths:
            paths.remove("stage.semaine")
            yield Block(
                "week", (tuple(Ask(f"stage.semaine.{day}", day.capitalize(), place="empty") for day in DAYS),)
            )
        asks = [self._ask(path) for path in paths]
        if asks:
            yield from self._table(asks) if self.tabular else self._lines(asks)

    def _sentence(self, sentence: str) -> Block:
        place = self.place if self.place in LEADERS[:5] else "dots"
        return Block("prose", (tuple(_hole(name, place) for name in HOLE.findall(sentence)),), sentence)

    def _ask(self, path: str) -> Ask:
        options = words()["options"].get(path)
        label = self.chance.choice(labels(path))
        if options and "oui" in options and self.tabular and happens(self.chance, 0.15):
            return Ask(path, f"{label.rstrip(' ?')} (oui / non)", place=self.cell, prompt="(préciser)")
        if options and not (path == "stagiaire.civilite" and happens(self.chance, 0.3)):
            drawn = tuple((value, self.chance.choice(said)) for value, said in options.items())
            return Ask(path, label, drawn, place=self.cell, chosen=happens(self.chance, 0.12))
        hints = words()["hints"].get(path)
        if hints and "(" not in label and happens(self.chance, 0.35):
            label = f"{label} {self.chance.choice(hints)}"
        prompts = words()["prompts"]["date" if path.rsplit(".", 1)[-1] in DATES else "text"]
        place = self.cell if self.tabular else self.place
        roomy = (self.tabular or path in _LONG) and place not in ("control", "legacy")
        return Ask(path, label, place=place, prompt=self.chance.choice(prompts), roomy=roomy)

    def _lines(self, asks: list[Ask]) -> Iterator[Block]:
        """Answers after their label, one or two on a line, long ones under it; lists on marked lines or free ones."""
        mark = self.chance.choice(("", "", "", "• ", "- ", "▪ "))
        rows: list[tuple[Ask, ...]] = []
        for ask in asks:
            if ask.path in LISTS:
                if rows:
                    yield Block("lines", tuple(rows), mark=mark)
                rows = []
                yield self._listed(ask)
            elif ask.options or ask.path in _LONG:
                rows.append((replace(ask, roomy=not ask.options and happens(self.chance, 0.5)),))
            elif rows and len(rows[-1]) == 1 and _side_by_side(rows[-1][0], ask) and happens(self.chance, 0.7):
                rows[-1] = (*rows[-1], ask)
            else:
                rows.append((ask,))
        if rows:
            yield Block("lines", tuple(rows), mark=mark)

    def _listed(self, ask: Ask) -> Block:
        if happens(self.chance, 0.4):
            mark = self.chance.choice(("n. ", "n) ", "- ", "• "))
            return Block("items", (tuple(replace(ask, item=number, roomy=False) for number in (1, 2, 3)),), mark=mark)
        return Block("below", ((ask,),))

    def _table(self, asks: list[Ask]) -> Iterator[Block]:
        """Rows of a table: one question a row, or several short ones side by side."""
        widest = {"table2": (1,), "side": (1,), "table4": (2,), "stacked": (1, 2), "grid": (3, 4)}
        most = self.chance.choice(widest[self.kind])
        rows: list[tuple[Ask, ...]] = []
        for ask in asks:
            if rows and len(rows[-1]) < most and not _wide(ask) and not _wide(rows[-1][0]):
                rows[-1] = (*rows[-1], ask)
            else:
                rows.append((ask,))
        yield Block(self.kind, tuple(rows))


def _hole(name: str, place: str) -> Ask:
    period = _PERIOD.fullmatch(name)
    if period:
        return Ask(period[1], "", item=int(period[2]), part=period[3], place=place)
    return Ask(name, "", place=place)


def _wide(ask: Ask) -> bool:
    return ask.path in _LONG or bool(ask.options)


def _side_by_side(one: Ask, two: Ask) -> bool:
    short = all(ask.last in _SHORT and len(ask.label) < 26 and not ask.options for ask in (one, two))
    return short and one.place not in ("nothing", "control")


def _with_wholes(paths: list[str]) -> set[str]:
    """The paths, with the combined places that could ask their parts at once."""
    names = {f"{path.removesuffix('prenom')}nom_prenom" for path in paths if path.endswith(".prenom")}
    return {*paths, *names, *(path.removesuffix(".voie") for path in paths if path.endswith(".voie"))}


def _with_parts(paths: Iterator[str]) -> set[str]:
    told = set(paths)
    names = {path.removesuffix("nom_prenom") for path in told if path.endswith(".nom_prenom")}
    places = {path for path in told if path.endswith(".adresse")}
    told |= {f"{name}{part}" for name in names for part in ("nom", "prenom")}
    return told | {f"{place}.{part}" for place in places for part in ("voie", "code_postal", "ville")}
