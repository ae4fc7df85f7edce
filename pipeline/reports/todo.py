"""Next step: what somebody of the school must do on a form now; each command stands on its own line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.cohort.rules import OVERLAP
from pipeline.core.doubts import DOUBTS_RULE
from pipeline.core.models import Who
from pipeline.core.remarks import STRAY_RULE
from pipeline.core.who import INSIDE
from pipeline.dossier.versions import CHOICE_RULE, LATE_RULE, LOCKED_RULE, NAME_RULE
from pipeline.ledger.entries import Entry, State
from pipeline.reports.account import WHO, Reason

_TO_CONFIRM = frozenset({"FORMULAIRE_INCONNU", "FORMATION_A_CHOISIR"})
_TO_DECIDE = frozenset({OVERLAP, LOCKED_RULE, LATE_RULE, NAME_RULE, STRAY_RULE})
_BESIDE = frozenset({"LETTRE_GARDEE"})  # it says what else may be done
_OF_SCHOOL = "referent."
_PIECE = re.compile(r"liasse join \S+ \S+ --as (\S+)")
_SENDERS = frozenset(WHO[one] for one in Who if one not in INSIDE)
_COMMAND, _SHEET = "liasse ", " --sheet "
_OF_A_REASON = re.compile(r"liasse (?:join|confirm|dossier join) [^()\n]*?(?=[),]|\.(?:\s|$)|$)")  # whole, in words


def todo(entry: Entry, reasons: Sequence[Reason], *, taken: bool = False, shown: bool = False) -> str:
    """The next step for this form; nothing for one that is over, or whose packet or letter was ``taken``.

    ``shown``: the form is on the screen, with what settles its doubts; else the command that shows it is told.
    """
    number = entry.form.id
    retry, discard = f"liasse retry {number} --by NOM", f"liasse discard {number} --by NOM --reason MOTIF"
    steps: dict[State, tuple[str, ...]] = {
        State.RECEIVED: ("Reprendre ce qui est resté en chemin :", "liasse run"),
        State.DRAFT: ("Donner ce qui manque :", "liasse setup"),
        State.FAILED: ("Faire réparer la cause (liasse doctor la cherche), puis :", retry),
        State.QUARANTINED: (
            f"Lire outbox/{entry.folder}/raison.txt, puis réessayer :",
            retry,
            "ou écarter :",
            discard,
        ),
    }
    if reasons and entry.state is State.DELIVERED:
        return "\n".join(_unfit(number, reasons, taken=taken))
    if not taken:
        letter = f"Envoyer la lettre et le formulaire qui sont dans outbox/{entry.folder}, puis le noter :"
        fetch = f"liasse fetch {number} --by NOM"
        steps |= {State.TO_COMPLETE: (letter, fetch), State.DELIVERED: ("Faire signer :", fetch)}
    if entry.state is State.WAITING:
        show = () if shown else (f"liasse show {number}",)
        return "\n".join(_decide(entry, reasons, discard, show))
    return "\n".join(steps.get(entry.state, ()))


def is_command(line: str) -> bool:
    """Whether this line of a next step is to be typed, with a value for each word in capitals."""
    return line.startswith(_COMMAND)


def letter_again(number: str) -> str:
    """The command that withdraws the packet of a form, or its projet, and sends the form back."""
    return f"liasse retry {number} --letter --by NOM"


def _unfit(number: str, reasons: Sequence[Reason], *, taken: bool) -> Iterator[str]:
    """What to do of a packet that a rule blocks since it was made: not to have it signed."""
    rules = ", ".join(dict.fromkeys(reason.rule for reason in reasons))
    if taken:
        yield f"Ne pas faire signer la liasse retirée ({rules}) : faire renvoyer le formulaire corrigé."
        yield "La règle V-01 demandera si la nouvelle prend sa place."
        return
    yield f"Ne pas faire signer ({rules}). Renvoyer le formulaire à compléter :"
    yield letter_again(number)
    yield "ou corriger le réglage, s’il est faux."


def _decide(entry: Entry, reasons: Sequence[Reason], discard: str, show: Sequence[str]) -> Iterator[str]:
    number, rules = entry.form.id, [reason.rule for reason in reasons]
    if DOUBTS_RULE in rules:  # before the accord: it is given on values that are sure
        yield from ("Vérifier sur une feuille :", f"liasse review {number}")
        yield from ("ou à l’écran :", *show) if show else ("ou ici, d’après les doutes montrés plus bas.",)
        return
    if any(reason.who == WHO[Who.RESPONSABLE] for reason in reasons):
        yield from ("Noter l’accord pédagogique :", f"liasse approve {number} --by NOM")
        yield from ("ou son refus :", f"liasse approve {number} --by NOM --refuse --reason MOTIF")
        return
    if CHOICE_RULE in rules:
        yield from (
            "Joindre au dossier qui convient :",
            f"liasse dossier join {number} NUMÉRO --by NOM --reason MOTIF",
        )
        yield from ("ou garder à part :", f"liasse dossier split {number} --by NOM --reason MOTIF")
        return
    if _TO_CONFIRM & set(rules):
        named = tuple(command for reason in reasons for command in _commands_of(reason.message, number))
        yield from ("Dire la formation :", *named) if named else ()
        yield from () if named else ("Confirmer ce qui a été lu :", *(show or (f"liasse review {number}",)))
        yield from ("ou écarter :", discard)
        return
    yield from _lift_or_send(entry, reasons, discard)


def _lift_or_send(entry: Entry, reasons: Sequence[Reason], discard: str) -> Iterator[str]:
    """Whatever the reasons themselves name, a rule to lift, or the form put away; else what sends it on."""
    number = entry.form.id
    named = [command for reason in reasons for command in _commands_of(reason.message, number)]
    if named:
        yield from ("Faire ce qui est demandé :", *dict.fromkeys(named))
    lifted = _to_lift(reasons)
    if lifted:
        yield "ou lever la règle :" if named else "Lever la règle, si c’est voulu :"
        yield from (f"liasse override {number} {lifted} --by NOM --reason MOTIF", "ou écarter :", discard)
    elif any(_SHEET in one for one in named):
        yield from ("puis écarter cet envoi, qui n’est pas un formulaire :", discard)
    elif not named:
        yield from _send_on(entry, reasons)


def _send_on(entry: Entry, reasons: Sequence[Reason]) -> Iterator[str]:
    """What the house gives or mends, or whom the form goes back to."""
    number, formation = entry.form.id, entry.formation or "FORMATION"
    retry = f"liasse retry {number} --by NOM"
    if any(reason.who in _SENDERS for reason in reasons):  # whoever tries it again has its letter written
        drafted = "--letter" in entry.detail  # a former projet: its letter is not sent before somebody says so
        yield from ("Renvoyer à compléter :", letter_again(number) if drafted else retry)
        return
    joined = next((found[1] for one in reasons if (found := _PIECE.search(one.message))), "")
    if joined:
        yield from ("Joindre le fichier :", f"liasse join {number} FICHIER.pdf --as {joined} --by NOM")
        return
    if not any(reason.rule for reason in reasons):  # nothing is in the way any more, or what was is not kept
        yield from ("Réessayer :", retry)
        return
    if any(reason.field.startswith(_OF_SCHOOL) for reason in reasons):
        yield from ("Donner ce qui manque :", f"liasse setup {formation}", "puis réessayer :", retry)
        return
    rules = ", ".join(dict.fromkeys(reason.rule for reason in reasons if reason.rule not in _BESIDE))
    yield from (
        f"Corriger formation.toml ({rules}) ; où, le dit :",
        f"liasse check {formation}",
        "puis réessayer :",
        retry,
    )


def _to_lift(reasons: Sequence[Reason]) -> str:
    """The rule that somebody of the school may lift; nothing where none can be."""
    decided = [one.rule for one in reasons if one.rule in _TO_DECIDE]
    others = [one.rule for one in reasons if one.overridable and one.who == WHO[Who.SCOLARITE]]
    return next(iter((*decided, *others)), "")


def _commands_of(message: str, number: str) -> Iterator[str]:
    """The commands that a message names whole, with this form where it says « DOSSIER »."""
    for found in _OF_A_REASON.findall(message):
        if "…" not in found and ("--by" in found or _SHEET in found):  # a sheet says itself who filled it
            yield found.strip().replace("DOSSIER", number)
