"""Reason codes of doubts, and what each says in French."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Reason code that a doubt starts with."""

    UNKNOWN_FORM = "FORMULAIRE_INCONNU"
    CHANGED = "VERSION_MODIFIEE"
    ILLEGIBLE = "ILLISIBLE"
    MISSING_PAGE = "PAGE_MANQUANTE"
    EMPTY = "CHAMP_VIDE"
    INVALID = "VALEUR_INVALIDE"
    SPLIT = "A_SEPARER"
    DIVERGENT = "LECTURES_DIVERGENTES"
    AMBIGUOUS_TICK = "CASE_AMBIGUE"
    STRAY_TEXT = "TEXTE_NON_RATTACHE"
    INCOHERENT = "INCOHERENCE"
    HIDDEN = "VALEUR_CACHEE"
    CROSSED_OUT = "RATURE"
    HANDWRITTEN = "MANUSCRIT"
    ACCENT = "ACCENT"


SENTENCES = {
    Reason.UNKNOWN_FORM: "ce formulaire n’est pas connu : valeur lue après les mots qui l’annoncent, à confirmer",
    Reason.CHANGED: "le formulaire n’est pas exactement celui qui est attendu, et rien ne confirme cette lecture",
    Reason.ILLEGIBLE: "la page se lit trop mal pour se fier à cette valeur",
    Reason.MISSING_PAGE: "la page où se trouve cette réponse n’est pas dans le fichier",
    Reason.EMPTY: "cette réponse n’a pas été trouvée à sa place, qui n’est pas sûre",
    Reason.STRAY_TEXT: "du texte que le formulaire n’explique pas se trouve à côté de cette réponse",
}


def doubt_text(reason: Reason, why: str | None = None) -> str:
    """« CODE : pourquoi », as ``FieldReading.doubt`` and the control sheet want it."""
    return f"{reason.value} : {why or SENTENCES[reason]}"
