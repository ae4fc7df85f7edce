"""Next action for a form that waits, in one French sentence with the command to type."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.cohort.rules import OVERLAP
from pipeline.core.models import Who
from pipeline.dossier.versions import CHOICE_RULE, LATE_RULE, LOCKED_RULE, NAME_RULE
from pipeline.ledger.entries import Entry, State
from pipeline.reports.account import WHO, Reason

_DOUBTS = "L-19"
_TO_CONFIRM = frozenset({"FORMULAIRE_INCONNU", "FORMATION_A_CHOISIR"})
_TO_DECIDE = frozenset({OVERLAP, LOCKED_RULE, LATE_RULE, NAME_RULE, "F-03"})
_SENDERS = frozenset(WHO[one] for one in Who if one not in {Who.RESPONSABLE, Who.SCOLARITE})


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
    if any(reason.rule == _DOUBTS for reason in reasons):  # before the accord: it is given on values that are sure
        return (
            f"Vérifier et confirmer : liasse review {number} en fait une feuille, que liasse confirm {number} --sheet "
            "FEUILLE relit."
        )
    if any(reason.who == WHO[Who.RESPONSABLE] for reason in reasons):
        return f"Noter l’accord pédagogique : liasse approve {number} --by NOM."
    decided = next((reason.rule for reason in reasons if reason.rule in _TO_DECIDE), None)
    if decided:
        return f"Décider : liasse override {number} {decided} --by NOM --reason MOTIF, ou liasse discard {number}."
    if any(reason.rule == CHOICE_RULE for reason in reasons):
        return (
            f"Joindre : liasse dossier join {number} NUMÉRO --by NOM --reason MOTIF, "
            f"ou garder à part : liasse dossier split {number} --by NOM --reason MOTIF."
        )
    if any(reason.rule in _TO_CONFIRM for reason in reasons):
        return f"Vérifier et confirmer : liasse show {number}, puis liasse confirm {number} CHAMP=VALEUR --by NOM."
    if any(reason.who in _SENDERS for reason in reasons):  # a former projet: any other was sent back
        return f"Renvoyer à compléter : liasse retry {number} --letter --by NOM, ou voir liasse show {number}."
    return f"Voir liasse show {number}."
