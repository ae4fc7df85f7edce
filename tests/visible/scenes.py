"""Scenes: one answer of one invented form, with its old value, a new one, and the files that honestly hold either."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import people
from forms_filler import fill_acroform, fill_word

from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.models import put
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts

ROOT = Path(__file__).resolve().parents[2]
PEOPLE: Mapping[str, Callable[[], dict[str, Any]]] = {
    people.CNAM: people.cnam,
    people.COORDINATION: people.coordination,
}


@dataclass(frozen=True)
class Target:
    """One answer: the formation of its form, its path, another value, and for a part of a list or week which one."""

    code: str
    path: str
    new: Any
    kind: str
    part: int | str | None = None


TARGETS = (
    Target(people.CNAM, "stagiaire.nom", "MARCHAND", "text"),
    Target(people.CNAM, "stagiaire.lieu_naissance", "Villejuif", "text"),
    Target(people.CNAM, "organisme.raison_sociale", "Durand Frères Services", "text"),
    Target(people.CNAM, "tuteur.fonction", "Directeur adjoint", "text"),
    Target(people.CNAM, "organisme.adresse.ville", "Gentilly", "text"),
    Target(people.CNAM, "stage.sujet", "Tenir le standard et classer le courrier de la structure", "text"),
    Target(people.CNAM, "stage.date_debut", "2025-04-14", "date"),
    Target(people.CNAM, "stage.date_fin", "2025-08-18", "date"),
    Target(people.CNAM, "stagiaire.date_naissance", "2004-01-09", "date"),
    Target(people.CNAM, "gratification.montant", 9.99, "amount"),
    Target(people.CNAM, "stage.duree_heures", 910, "amount"),
    Target(people.CNAM, "stage.heures_hebdo", 39, "amount"),
    Target(people.CNAM, "organisme.effectif", 126, "amount"),
    Target(people.CNAM, "organisme.siret", "35600000009075", "key"),
    Target(people.CNAM, "stagiaire.telephone", "+33611223344", "key"),
    Target(people.CNAM, "tuteur.courriel", "autre.personne@example.org", "key"),
    Target(people.CNAM, "organisme.adresse.code_postal", "75013", "key"),
    Target(people.CNAM, "stagiaire.regime", "FPC_AUTOFINANCE", "tick"),
    Target(people.CNAM, "organisme.type", "entreprise_privee", "tick"),
    Target(people.CNAM, "stage.obligatoire", new=False, kind="tick"),
    Target(people.CNAM, "stage.activites", "Tenir le standard téléphonique", "list", 1),
    Target(people.CNAM, "stage.competences", "Rédiger un courrier", "list", 0),
    Target(people.COORDINATION, "tuteur.nom", "KERVELLA", "text"),
    Target(people.COORDINATION, "employeur.signataire.fonction", "Comptable", "text"),
    Target(people.COORDINATION, "organisme.service", "Pôle enfance", "text"),
    Target(people.COORDINATION, "assurance_rc.contrat", "9999999Z", "text"),
    Target(people.COORDINATION, "stage.date_fin", "2025-06-30", "date"),
    Target(people.COORDINATION, "assurance_rc.expire_le", "2026-12-31", "date"),
    Target(people.COORDINATION, "stage.heures_jour", 9, "amount"),
    Target(people.COORDINATION, "stage.duree_heures", 170, "amount"),
    Target(people.COORDINATION, "employeur.siret", "73282932000074", "key"),
    Target(people.COORDINATION, "organisme.signataire.telephone", "+33298009988", "key"),
    Target(people.COORDINATION, "organisme.droit_public", new=True, kind="tick"),
    Target(people.COORDINATION, "stagiaire.regime", "FPC_DEMANDEUR_EMPLOI", "tick"),
    Target(people.COORDINATION, "stage.competences", "Tenir un planning", "list", 1),
)

_SMALL = ("stagiaire", "gratification")
SMALL_TARGETS = tuple(
    target for target in TARGETS if target.code == people.CNAM and target.path.rpartition(".")[0] in _SMALL
)


@dataclass
class Scene:
    """One answer on one blank: texts of the whole form with the old value, with the new one, and without either."""

    target: Target
    blank: Blank
    base: bytes
    word_base: bytes
    dictionary: Dictionary
    _filled: dict[str, bytes] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """text, date, amount, key, list or tick."""
        return self.target.kind

    @property
    def path(self) -> str:
        """The field that holds the answer."""
        return self.target.path

    @cached_property
    def records(self) -> dict[str, dict[str, Any]]:
        """The whole record by what the answer is: ``old``, ``new`` or ``nothing``."""
        old = PEOPLE[self.target.code]()
        value = _get(old, self.path)
        wanted = {"old": value, "new": self.target.new, "nothing": None}
        if self.target.part is not None:
            new, nothing = copy.deepcopy(value), copy.deepcopy(value)
            new[self.target.part] = self.target.new
            nothing[self.target.part] = ""
            wanted = {"old": value, "new": new, "nothing": nothing}
        records = {}
        for name, one in wanted.items():
            records[name] = copy.deepcopy(old)
            put(records[name], self.path, one)
        return records

    def value(self, which: str) -> Any:
        """What the field holds when the page shows the old value, the new one, or nothing."""
        value = _get(self.records[which], self.path)
        return [item for item in value if item] if isinstance(value, list) else value

    @cached_property
    def texts(self) -> dict[str, dict[str, str]]:
        """Slot name to text, by what the answer is."""
        return {which: dict(slot_texts(self.blank, record)) for which, record in self.records.items()}

    @cached_property
    def slots(self) -> dict[str, str]:
        """The AcroForm names of the slots that hold the ``old`` and the ``new`` answer (two boxes of a choice)."""
        names = {slot.name: slot for slot in self.blank.slots()}
        bare = self.texts["nothing"]
        return {
            which: next(n for n in names if self.texts[which].get(n, "") != bare.get(n, ""))
            for which in ("old", "new")
        }

    @property
    def old(self) -> str:
        """The old answer as it is written."""
        return self.texts["old"][self.slots["old"]]

    @property
    def new(self) -> str:
        """The new answer as it is written."""
        return self.texts["new"][self.slots["new"]]

    def fillable(self, which: str) -> bytes:
        """The fillable PDF with this answer typed in it."""
        return self._once(f"pdf {which}", lambda: fill_acroform(self.base, self.blank, self.texts[which]))

    def word(self, which: str) -> bytes:
        """The Word form with this answer in it."""
        return self._once(f"word {which}", lambda: fill_word(self.word_base, self.texts[which]))

    def once(self, name: str, make: Callable[[], bytes]) -> bytes:
        """What ``make`` gives, made once for this scene."""
        return self._once(name, make)

    def _once(self, name: str, make: Callable[[], bytes]) -> bytes:
        if name not in self._filled:
            self._filled[name] = make()
        return self._filled[name]


def _get(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data.get(key) if isinstance(data, dict) else None
    return data


@cache
def workspace() -> Workspace:
    """The workspace of the repository."""
    return Workspace.at(ROOT)


@cache
def dictionary() -> Dictionary:
    """The fields of the schema."""
    return Dictionary.load(workspace())


@cache
def blank_of(code: str, *, small: bool = False) -> tuple[Blank, bytes, bytes]:
    """The blank of a formation in the session of the samples, as a plan, as PDF and as Word; ``small``: one page."""
    formation = load_formation(workspace(), code)
    blank = plan_blank(dictionary(), formation, formation.session("2024-2025"))
    if small:
        blank = replace(blank, blocks=tuple(block for block in blank.blocks if block.path in _SMALL))
    return blank, draw_pdf(blank), draw_docx(blank)


@cache
def scene_of(target: Target, *, small: bool = False) -> Scene:
    """The scene of a target; made once. ``small``: on a blank of one page."""
    return Scene(target, *blank_of(target.code, small=small), dictionary())


def any_scene(rng: random.Random, suits: Callable[[Scene], bool], *, small: bool = False) -> Scene:
    """One of the scenes that suit, at random."""
    targets = SMALL_TARGETS if small else TARGETS
    return rng.choice([scene for target in targets if suits(scene := scene_of(target, small=small))])
