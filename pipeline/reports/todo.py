"""Next action for a form that waits, in one French sentence with the command to type."""

from __future__ import annotations

import re
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
_BESIDE = frozenset({"LETTRE_GARDEE"})  # it says what else may be done
_OF_SCHOOL = "referent."
_PIECE = re.compile(r"liasse join \S+ \S+ --as (\S+)")
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
    if reasons and entry.state is State.DELIVERED:  # a rule blocks what was made
        return unfit(number, reasons, taken=taken)
    if not taken:
        sent = f"Envoyer la lettre (outbox/{entry.folder}), puis le noter : liasse fetch {number} --by NOM."
        steps |= {State.TO_COMPLETE: sent, State.DELIVERED: f"Faire signer : liasse fetch {number} --by NOM."}
    return _decide(entry, reasons) if entry.state is State.WAITING else steps.get(entry.state, "")


def unfit(number: str, reasons: Sequence[Reason], *, taken: bool) -> str:
    """What to do of a packet that a rule blocks since it was made: not to have it signed."""
    rules = ", ".join(dict.fromkeys(reason.rule for reason in reasons))
    if taken:
        return (
            f"Ne pas faire signer la liasse retirée ({rules}) : faire renvoyer le formulaire corrigé ; "
            "la règle V-01 demandera si la nouvelle prend sa place."
        )
    return f"Ne pas faire signer ({rules}) : {unfit_step(number)}"


def unfit_step(number: str) -> str:
    """The command for a packet that must not be signed as it is."""
    return (
        f"renvoyer le formulaire à compléter (liasse retry {number} --letter --by NOM), ou corriger le réglage s’il "
        "est faux."
    )


def _decide(entry: Entry, reasons: Sequence[Reason]) -> str:
    number, rules = entry.form.id, [reason.rule for reason in reasons]
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
    return _confirm(number, rules) or _send_on(entry, reasons)


def _confirm(number: str, rules: Sequence[str]) -> str:
    """Whose dossier it is, or what an unknown form says; nothing where neither is asked."""
    if CHOICE_RULE in rules:
        return (
            f"Joindre : liasse dossier join {number} NUMÉRO --by NOM --reason MOTIF, "
            f"ou garder à part : liasse dossier split {number} --by NOM --reason MOTIF."
        )
    if _TO_CONFIRM & set(rules):
        return (
            f"Vérifier et confirmer : liasse review {number}, puis liasse confirm {number} --sheet FEUILLE "
            "(ou CHAMP=VALEUR --by NOM)."
        )
    return ""


def _send_on(entry: Entry, reasons: Sequence[Reason]) -> str:
    """What the house gives or mends, or whom the form goes back to."""
    number, formation = entry.form.id, entry.formation or "FORMATION"
    drafted = "--letter" in entry.detail  # a former projet: its letter is not sent before somebody says so
    again = f"liasse retry {number} --by NOM."
    if any(reason.who in _SENDERS for reason in reasons):  # whoever tries it again has its letter written
        return f"Renvoyer à compléter : {again.replace(' --by', ' --letter --by') if drafted else again}"
    joined = next((found[1] for one in reasons if (found := _PIECE.search(one.message))), "")
    if joined:
        return f"Joindre le fichier : liasse join {number} FICHIER.pdf --as {joined} --by NOM."
    if not any(reason.rule for reason in reasons):  # nothing is in the way any more, or what was is not kept
        return f"Réessayer : {again}"
    if any(reason.field.startswith(_OF_SCHOOL) for reason in reasons):
        return f"Donner ce qui manque (liasse setup {formation}), puis {again}"
    rules = ", ".join(dict.fromkeys(reason.rule for reason in reasons if reason.rule not in _BESIDE))
    return f"Corriger formation.toml ({rules} ; liasse check {formation} dit où), puis {again}"
