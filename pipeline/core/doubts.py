"""Doubts of the reader: why a value is not sure, under which code, and who can settle it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from pipeline.core.who import Who

DOUBTS_RULE = "L-19"  # keeps a form as long as a value of it is not sure


class Reason(StrEnum):
    """Reason code of a doubt."""

    UNKNOWN_FORM = "FORMULAIRE_INCONNU"
    CHANGED = "VERSION_MODIFIEE"
    MISSING_PAGE = "PAGE_MANQUANTE"
    EXTRA_PAGE = "PAGE_EN_PLUS"
    ILLEGIBLE = "ILLISIBLE"
    HANDWRITTEN = "MANUSCRIT"
    ACCENT = "ACCENT"
    DIVERGENT = "LECTURES_DIVERGENTES"
    AMBIGUOUS_TICK = "CASE_AMBIGUE"
    STRAY_TEXT = "TEXTE_NON_RATTACHE"
    SPILLED = "DEBORDE"
    CUT = "COUPE"
    SPLIT = "A_SEPARER"
    CROSSED_OUT = "RATURE"
    HIDDEN = "VALEUR_CACHEE"
    TWICE = "DOUBLON"
    EMPTY = "CHAMP_VIDE"
    INVALID = "VALEUR_INVALIDE"
    INCOHERENT = "INCOHERENCE"


class Meaning(NamedTuple):
    """What a code says in French, who settles it unless its maker names another, and an example of its reasons."""

    says: str
    who: Who
    example: str


# A look at the form is enough for what is a matter of the paper or of its reading: that is the school's. What was
# written wrongly, only its sender can write again.
MEANINGS = {
    Reason.UNKNOWN_FORM: Meaning(
        "ce formulaire n’est pas connu : valeur lue après les mots qui l’annoncent, à confirmer",
        Who.SCOLARITE,
        "ce formulaire est celui d’une école que personne n’a apprise à liasse",
    ),
    Reason.CHANGED: Meaning(
        "le formulaire n’est pas exactement celui qui est attendu, et rien ne confirme cette lecture",
        Who.SCOLARITE,
        "ce formulaire est une autre version de « Fiche de stage » : la valeur est à vérifier",
    ),
    Reason.MISSING_PAGE: Meaning(
        "la page où se trouve cette réponse n’est pas dans le fichier",
        Who.SCOLARITE,
        "la page 2 du formulaire n’est pas dans le fichier",
    ),
    Reason.EXTRA_PAGE: Meaning(
        "le fichier a des pages qui ne sont pas du formulaire",
        Who.SCOLARITE,
        "le fichier a 1 page(s) de plus que le formulaire : à lire à l’œil",
    ),
    Reason.ILLEGIBLE: Meaning(
        "la page se lit trop mal pour se fier à cette valeur",
        Who.SCOLARITE,
        "la page 1 est trop floue, trop sombre ou trop petite pour être lue",
    ),
    Reason.HANDWRITTEN: Meaning(
        "la page semble remplie à la main",
        Who.SCOLARITE,
        "la page 1 semble remplie à la main ; ses réponses sont à relire",
    ),
    Reason.ACCENT: Meaning(
        "un accent ne se voit pas sûrement sur l’image",
        Who.SCOLARITE,
        "les accents diffèrent entre « Noël » et « Noel »",
    ),
    Reason.DIVERGENT: Meaning(
        "deux lectures ne voient pas la même réponse",
        Who.SCOLARITE,
        "« 35 » pour l’une, « 85 » pour l’autre",
    ),
    Reason.AMBIGUOUS_TICK: Meaning(
        "on ne sait pas quelle case est cochée ; si plusieurs le sont, seul le stagiaire sait laquelle vaut",
        Who.SCOLARITE,
        "case à peine marquée sur l’image",
    ),
    Reason.STRAY_TEXT: Meaning(
        "du texte que le formulaire n’explique pas se trouve à côté de cette réponse",
        Who.SCOLARITE,
        "une note a été ajoutée : « voir au dos »",
    ),
    Reason.SPILLED: Meaning(
        "le texte sort de sa case ou en touche une autre",
        Who.SCOLARITE,
        "le texte sort de la case : « 12 rue de l’Église 29000 »",
    ),
    Reason.CUT: Meaning(
        "le texte remplit sa case : la fin manque peut-être",
        Who.SCOLARITE,
        "le texte touche le bord de la case : il est peut-être coupé",
    ),
    Reason.SPLIT: Meaning(
        "plusieurs réponses sont écrites ensemble et ne se séparent pas sûrement",
        Who.SCOLARITE,
        "« Marie Dupont » ne dit pas sûrement où finit le nom et où commence le prénom",
    ),
    Reason.CROSSED_OUT: Meaning(
        "la réponse est barrée ou recouverte",
        Who.SCOLARITE,
        "« DUPOND » est barré",
    ),
    Reason.HIDDEN: Meaning(
        "la case ne montre pas ce qu’elle contient",
        Who.SCOLARITE,
        "la case montre « Les Tilleuls » et contient « Les Acacias »",
    ),
    Reason.TWICE: Meaning(
        "la réponse est donnée à deux endroits, différemment",
        Who.STAGIAIRE,
        "la case existe deux fois, avec deux réponses",
    ),
    Reason.EMPTY: Meaning(
        "cette réponse n’a pas été trouvée à sa place, qui n’est pas sûre",
        Who.STAGIAIRE,
        "rien n’a été choisi, la liste montre « Choisissez »",
    ),
    Reason.INVALID: Meaning(
        "la réponse n’est pas de celles que la case attend ; lue sur une image, elle est d’abord à relire",
        Who.STAGIAIRE,
        "« 31/02/2025 » n’existe pas au calendrier",
    ),
    Reason.INCOHERENT: Meaning(
        "deux réponses se contredisent ; lues sur une image, elles sont d’abord à relire",
        Who.STAGIAIRE,
        "le stage finit avant de commencer",
    ),
}


def corrector(*, digital: bool) -> Who:
    """Who settles an answer that is wrong as read: its sender; of an image the school, which sees if it is so."""
    return Who.STAGIAIRE if digital else Who.SCOLARITE


@dataclass(frozen=True, init=False)
class Doubt:
    """Doubt on a value: its code, why in French, and who can settle it: the school by a look, or the sender."""

    code: Reason
    why: str
    who_settles: Who

    def __init__(self, code: Reason, why: str = "", who_settles: Who | None = None) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "why", why or MEANINGS[code].says)
        object.__setattr__(self, "who_settles", who_settles or MEANINGS[code].who)

    def __str__(self) -> str:
        """« CODE : pourquoi », as people are shown it."""
        return f"{self.code} : {self.why}"

    @property
    def settled_here(self) -> bool:
        """Whether the scolarité settles it by looking at the form, and its sender is asked nothing."""
        return self.who_settles is Who.SCOLARITE

    @classmethod
    def parsed(cls, text: str) -> Doubt:
        """The doubt that « CODE : pourquoi » was, for readings kept before it was a type."""
        code, _, why = text.partition(" : ")
        if code in set(Reason):
            return cls(Reason(code), why)
        return cls(Reason.SPILLED, text)  # only print-outs of our own form had no code: what overflows its box

    @classmethod
    def loaded(cls, parts: dict[str, Any]) -> Doubt:
        """The doubt of what ``asdict`` made of it; raises KeyError, TypeError or ValueError for anything else."""
        return cls(Reason(parts["code"]), str(parts["why"]), Who(parts["who_settles"]))
