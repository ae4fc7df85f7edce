"""Next action for a form that waits, in one French sentence with the command to type."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.cohort.rules import OVERLAP
from pipeline.core.models import Who
from pipeline.core.remarks import STRAY_RULE
from pipeline.core.who import INSIDE
from pipeline.dossier.versions import CHOICE_RULE, LATE_RULE, LOCKED_RULE, NAME_RULE
from pipeline.ledger.entries import Entry, State
from pipeline.reports.account import WHO, Reason

_DOUBTS = "L-19"
_TO_CONFIRM = frozenset({"FORMULAIRE_INCONNU", "FORMATION_A_CHOISIR"})
_TO_DECIDE = frozenset({OVERLAP, LOCKED_RULE, LATE_RULE, NAME_RULE, STRAY_RULE})
_SENDERS = frozenset(WHO[one] for one in Who if one not in INSIDE)


def todo(entry: Entry, reasons: Sequence[Reason], *, taken: bool = False) -> str:
    """The next step for this form; nothing for one that is over, or whose packet or letter was ``taken``."""
    number = entry.form.id
    steps = {
        State.RECEIVED: "Lancer liasse run.",
        State.DRAFT: "Donner ce qui manque : liasse setup.",
        State.FAILED: f"Réparer la cause (liasse doctor), puis liasse retry {number} --by NOM.",
        State.QUARANTINED: f"Lire raison.txt (outbox/{entry.folder}), puis liasse retry ou liasse discard {number}.",
    }
    if not taken:
        sent = f"Envoyer la lettre (outbox/{entry.folder}), puis le noter : liasse fetch {number} --by NOM."
        steps |= {State.TO_COMPLETE: sent, State.DELIVERED: f"Faire signer : liasse fetch {number} --by NOM."}
    return _decide(number, reasons) if entry.state is State.WAITING else steps.get(entry.state, "")


def _decide(number: str, reasons: Sequence[Reason]) -> str:
    rules = [reason.rule for reason in reasons]
    if _DOUBTS in rules:  # before the accord: it is given on values that are sure
        return f"Vérifier : liasse review {number}, puis liasse confirm {number} --sheet FEUILLE (ou CHAMP=VALEUR)."
    if any(reason.who == WHO[Who.RESPONSABLE] for reason in reasons):
        return f"Noter l’accord pédagogique : liasse approve {number} --by NOM."
    decided = next((rule for rule in rules if rule in _TO_DECIDE), None)
    decided = decided or next(
        (one.rule for one in reasons if one.overridable and one.who == WHO[Who.SCOLARITE]), None
    )
    if decided:
        return f"Décider : liasse override {number} {decided} --by NOM --reason MOTIF, ou liasse discard {number}."
    return _confirm(number, rules) or _send_on(number, reasons)


def _confirm(number: str, rules: Sequence[str]) -> str:
    """Whose dossier it is, or what an unknown form says; nothing where neither is asked."""
    if CHOICE_RULE in rules:
        return (
            f"Joindre : liasse dossier join {number} NUMÉRO --by NOM --reason MOTIF, "
            f"ou garder à part : liasse dossier split {number} --by NOM --reason MOTIF."
        )
    if _TO_CONFIRM & set(rules):
        return f"Vérifier et confirmer : liasse show {number}, puis liasse confirm {number} CHAMP=VALEUR --by NOM."
    return ""


def _send_on(number: str, reasons: Sequence[Reason]) -> str:
    if any(reason.who in _SENDERS for reason in reasons):  # a former projet: any other was sent back
        return f"Renvoyer à compléter : liasse retry {number} --letter --by NOM, ou voir liasse show {number}."
    return f"Voir liasse show {number}."
