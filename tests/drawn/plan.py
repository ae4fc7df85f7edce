"""Layout plan: the form of one invented school drawn from a seed, as data: sections, blocks, questions, looks."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from drawn.words import labels, words

_HOLE = re.compile(r"\{([a-z_.]+)\}")
DATES = ("date_naissance", "date_debut", "date_fin", "expire_le", "stagiaire_le")
LISTS = ("stage.activites", "stage.competences")
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
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
LEADERS = ("dots", "ellipsis", "underscores", "spaced", "underlined", "tab-dots", "tab-line", "nothing", "control")
CELLS = ("empty", "empty", "empty", "dots", "ellipsis", "prompt", "control", "legacy")
BOXES = ("☐", "□", "[ ]", "( )", "checkbox", "legacy", "wingdings")
FLAVOURS = {
    "leaders": ("lines", "lines", "lines", "prose"),
    "tables": ("table2", "table4", "stacked", "grid", "side"),
    "mixed": ("lines", "table2", "table4", "prose", "stacked", "side"),
    "nested": ("table2", "stacked", "lines"),
}
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


@dataclass(frozen=True)
class Ask:
    """One question: the path of its placeholder, its label, its options if it is ticked or chosen, its place.

    ``item`` is the line of a list; ``roomy`` says that an answer may take several lines; ``chosen`` is a drop-down. ``prompt`` is printed in a place that has one.
    """

    path: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    item: int | None = None
    place: str = "dots"
    prompt: str = ""
    roomy: bool = False
    chosen: bool = False

    @property
    def name(self) -> str:
        """What stands between the braces, but for an option."""
        return f"{self.path}.{self.item}" if self.item else self.path


@dataclass(frozen=True)
class Block:
    """Questions drawn alike: ``rows`` of them, or a ``sentence`` whose holes they are, in order."""

    kind: str
    rows: tuple[tuple[Ask, ...], ...]
    sentence: str = ""


@dataclass(frozen=True)
class Section:
    """A titled part of the form."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Plan:
    """The whole form of one school, before it is drawn in Word."""

    seed: int
    title: str
    school: str
    notices: tuple[str, ...]
    footer: str
    font: str
    size: float
    margins: float
    box: str
    box_after: bool
    colon: str
    bars: str
    nested: bool
    sections: tuple[Section, ...]

    @property
    def name(self) -> str:
        """The name of its folder."""
        return f"ecole-{self.seed:03}"

    @property
    def asks(self) -> Iterator[Ask]:
        """Every question, in the order of the form."""
        return (ask for section in self.sections for block in section.blocks for row in block.rows for ask in row)

    @property
    def leaders(self) -> bool:
        """Whether answers are written over leaders."""
        return any(ask.place in LEADERS[:7] and not ask.options for ask in self.asks)


def draw_plan(seed: int) -> Plan:
    """The form of school number ``seed``: the same number gives the same form."""
    chance = random.Random(f"layout-{seed}")
    flavour = chance.choice(sorted(FLAVOURS))
    pool = words()["forms"]
    return Plan(
        seed=seed,
        title=chance.choice(pool["titles"]),
        school=chance.choice(pool["schools"]),
        notices=tuple(chance.sample(pool["notices"], chance.randint(1, 3))),
        footer=chance.choice(pool["footers"]) if chance.random() < 0.6 else "",
        font=chance.choice(_FONTS),
        size=chance.choice((10, 10, 10.5, 11)),
        margins=chance.choice((1.8, 2.0, 2.5)),
        box=chance.choice(BOXES),
        box_after=chance.random() < 0.25,
        colon=chance.choice((" : ", " : ", " :", ": ")),
        bars=chance.choice(("heading", "bold", "bar", "underlined")),
        nested=flavour == "nested",
        sections=tuple(_sections(FLAVOURS[flavour], chance)),
    )


def _sections(kinds: tuple[str, ...], chance: random.Random) -> Iterator[Section]:
    names = ["stagiaire", "organisme", "signataire", "tuteur", "referent", "stage", "gratification", "assurance"]
    chance.shuffle(names)
    if chance.random() < 0.6:
        names.remove("stagiaire")
        names.insert(0, "stagiaire")
    leader, cell = chance.choice(LEADERS), chance.choice(CELLS)
    for name in (*names, "signatures"):
        paths = list(_questions(name, chance))
        kind = "prose" if name == "signatures" else chance.choice(kinds)
        same = chance.random() < 0.75
        look = (leader, cell) if same else (chance.choice(LEADERS), chance.choice(CELLS))
        yield Section(chance.choice(words()["sections"][name]), tuple(_blocks(name, kind, paths, look, chance)))


def _questions(section: str, chance: random.Random) -> Iterator[str]:
    """The paths a section asks: what every school asks, and more or less of the rest."""
    for path, likely in _ASKED[section].items():
        if chance.random() >= likely:
            continue
        if path.endswith((".nom_prenom", ".adresse")):
            root, _, last = path.rpartition(".")
            parts = (
                ("nom", "prenom")
                if last == "nom_prenom"
                else ("adresse.voie", "adresse.code_postal", "adresse.ville")
            )
            whole = chance.random() < _WHOLE.get(path, 0.3)
            yield from (path,) if whole else (f"{root}.{part}" for part in parts)
        else:
            yield path


_WHOLE = {"organisme.signataire.nom_prenom": 1.0, "tuteur.nom_prenom": 0.65, "referent.nom_prenom": 0.75}
_ASKED: dict[str, dict[str, float]] = {
    "stagiaire": {
        "stagiaire.civilite": 0.5,
        "stagiaire.nom_prenom": 1,
        "stagiaire.date_naissance": 1,
        "stagiaire.lieu_naissance": 0.7,
        "stagiaire.nationalite": 0.2,
        "stagiaire.numero": 0.6,
        "stagiaire.nir": 0.25,
        "stagiaire.adresse": 1,
        "stagiaire.telephone": 1,
        "stagiaire.courriel": 1,
        "formation.intitule": 0.7,
        "stagiaire.cpam": 0.4,
    },
    "organisme": {
        "organisme.raison_sociale": 1,
        "organisme.siret": 0.95,
        "organisme.ape": 0.5,
        "organisme.activite": 0.3,
        "organisme.effectif": 0.3,
        "organisme.adresse": 1,
        "organisme.telephone": 0.8,
        "organisme.courriel": 0.6,
        "organisme.service": 0.6,
    },
    "signataire": {
        "organisme.signataire.nom_prenom": 1,
        "organisme.signataire.fonction": 1,
        "organisme.signataire.courriel": 0.3,
    },
    "tuteur": {"tuteur.nom_prenom": 1, "tuteur.fonction": 1, "tuteur.telephone": 0.9, "tuteur.courriel": 1},
    "referent": {"referent.nom_prenom": 1, "referent.courriel": 0.8, "referent.telephone": 0.2},
    "stage": {
        "stage.obligatoire": 0.7,
        "stage.sujet": 1,
        "stage.date_debut": 1,
        "stage.date_fin": 1,
        "stage.duree_heures": 1,
        "stage.heures_hebdo": 0.9,
        "stage.heures_jour": 0.2,
        "stage.quotite": 0.25,
        "stage.semaine": 0.25,
        "stage.objectifs": 0.3,
        "stage.activites": 1,
        "stage.competences": 0.5,
        "stage.teletravail": 0.3,
        "stage.confidentialite": 0.2,
        "stage.modalites_encadrement": 0.4,
        "stage.avantages": 0.3,
    },
    "gratification": {
        "gratification.prevue": 1,
        "gratification.montant": 1,
        "gratification.unite": 0.3,
        "gratification.modalite": 0.6,
    },
    "assurance": {"assurance_rc.compagnie": 1, "assurance_rc.contrat": 1, "assurance_rc.expire_le": 0.4},
    "signatures": {"signatures.lieu": 1, "signatures.stagiaire_le": 1},
}


def _blocks(name: str, kind: str, paths: list[str], look: tuple[str, str], chance: random.Random) -> Iterator[Block]:
    leader, cell = look
    if kind == "prose":
        fitting = [one for one in words()["prose"].get(name, []) if set(_HOLE.findall(one)) <= _whole_of(paths)]
        if fitting:
            sentence = chance.choice(fitting)
            holes = _HOLE.findall(sentence)
            place = leader if leader in LEADERS[:5] else "dots"
            yield Block("prose", (tuple(Ask(hole, "", place=place) for hole in holes),), sentence)
            paths = [path for path in paths if path not in _parts_of(holes)]
        kind = "lines"
    if "stage.semaine" in paths:
        paths.remove("stage.semaine")
        yield Block("week", (tuple(Ask(f"stage.semaine.{day}", day.capitalize(), place="empty") for day in _DAYS),))
    table = kind not in ("lines", "prose")
    asks = [_ask(path, table, cell if table else leader, chance) for path in paths]
    if not asks:
        return
    yield from _lines(asks, chance) if not table else _tables(kind, asks, chance)


def _whole_of(paths: list[str]) -> set[str]:
    """The paths, with the combined places that could ask their parts at once."""
    roots = {path.rsplit(".", 1)[0] for path in paths if path.endswith(".prenom")}
    return {*paths, *(f"{root}.nom_prenom" for root in roots)}


def _parts_of(holes: list[str]) -> set[str]:
    roots = {hole.removesuffix(".nom_prenom") for hole in holes if hole.endswith(".nom_prenom")}
    return {*holes, *(f"{root}.{part}" for root in roots for part in ("nom", "prenom"))}


def _ask(path: str, table: bool, place: str, chance: random.Random) -> Ask:
    options = words()["options"].get(path)
    if options and not (path == "stagiaire.civilite" and chance.random() < 0.3):
        drawn = tuple((value, chance.choice(said)) for value, said in options.items())
        return Ask(path, chance.choice(labels(path)), drawn, place=place, chosen=chance.random() < 0.12)
    label = chance.choice(labels(path))
    hints = words()["hints"].get(path)
    if hints and chance.random() < 0.35 and "(" not in label:
        label = f"{label} {chance.choice(hints)}"
    prompts = words()["prompts"]["date" if path.rsplit(".", 1)[-1] in DATES else "text"]
    return Ask(path, label, place=place, prompt=chance.choice(prompts), roomy=table or path in _LONG)


def _lines(asks: list[Ask], chance: random.Random) -> Iterator[Block]:
    """Answers after their label, one or two on a line; long ones under it; a list on numbered lines or free ones."""
    rows: list[tuple[Ask, ...]] = []
    for ask in asks:
        if ask.path in LISTS:
            if rows:
                yield Block("lines", tuple(rows))
            rows = []
            yield _listed(ask, chance)
        elif ask.options or ask.path in _LONG:
            below = not ask.options and chance.random() < 0.5
            rows.append((replace(ask, roomy=below),))
        elif rows and len(rows[-1]) == 1 and _pair(rows[-1][0], ask) and chance.random() < 0.7:
            rows[-1] = (*rows[-1], ask)
        else:
            rows.append((ask,))
    if rows:
        yield Block("lines", tuple(rows))


def _listed(ask: Ask, chance: random.Random) -> Block:
    if chance.random() < 0.4:
        mark = chance.choice(("numbers", "dashes", "bullets"))
        return Block(mark, (tuple(replace(ask, item=number) for number in (1, 2, 3)),))
    return Block("below", ((replace(ask, roomy=True),),))


def _pair(one: Ask, two: Ask) -> bool:
    short = all(ask.path.rsplit(".", 1)[-1] in _SHORT and len(ask.label) < 26 for ask in (one, two))
    return short and not one.options and not two.options and one.place not in ("nothing", "control")


def _tables(kind: str, asks: list[Ask], chance: random.Random) -> Iterator[Block]:
    """Rows of a table: one question a row, or two or three short ones side by side."""
    if kind in ("table2", "side"):
        yield Block(kind, tuple((ask,) for ask in asks))
        return
    most = {"table4": 2, "stacked": chance.choice((1, 2)), "grid": chance.choice((3, 4))}[kind]
    rows: list[tuple[Ask, ...]] = []
    for ask in asks:
        wide = ask.path in _LONG or bool(ask.options)
        if rows and len(rows[-1]) < most and not wide and rows[-1][0].path not in _LONG and not rows[-1][0].options:
            rows[-1] = (*rows[-1], ask)
        else:
            rows.append((ask,))
    yield Block(kind, tuple(rows))
