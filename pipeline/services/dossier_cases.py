"""Use cases of dossiers: looked at, joined, split, and both undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.core.errors import Ambiguous, ChangedMeanwhile, NotAllowed
from pipeline.core.identity import identity_of
from pipeline.core.law import as_date
from pipeline.core.models import get
from pipeline.dossier.context import Context
from pipeline.dossier.state import DossierState, Facts, state_of
from pipeline.ledger.dossiers import Move
from pipeline.ledger.entries import Entry
from pipeline.ledger.journal import MACHINE
from pipeline.ledger.members import Outline
from pipeline.ledger.numbering import Dossier
from pipeline.ledger.packet_store import PacketLine
from pipeline.services.authors import author, motive
from pipeline.services.dossier_life import LifeView, living, view_unless_ill
from pipeline.services.lookup import find_dossier, find_forms, leading


@dataclass(frozen=True)
class DossierView:
    """One internship: its state, its forms, their packets, where its forms were before.

    ``numbers`` are those of the dossiers that the moves name by their ids.
    """

    dossier: Dossier
    state: DossierState
    forms: tuple[Entry, ...]
    packets: tuple[PacketLine, ...]
    moves: tuple[Move, ...]
    numbers: Mapping[str, str]
    outlines: Mapping[str, Outline] = field(default_factory=dict)
    life: LifeView | None = None


@dataclass(frozen=True)
class Moved:
    """Forms that were put into a dossier, as they are now: the numbers before and after.

    ``differs``: they give another birth date or number of a person than the forms that were there.
    """

    forms: tuple[Entry, ...]
    before: str
    number: str
    differs: bool = False


def show_dossier(context: Context, word: str) -> DossierView:
    """A dossier with all that hangs on it; raises NotFound or Ambiguous."""
    ledger = context.ledger
    dossier = ledger.dossiers.get(find_dossier(ledger, word))
    forms = ledger.entries.of_dossier(dossier.id)
    packets = tuple(line for one in forms for line in ledger.packets.of_form(one.form.sha256))
    life = living(context, dossier.id)
    data = life.data if life else ledger.readings.record(leading(forms).form.sha256) or {}
    start, end = (as_date(get(data, f"stage.date_{which}")) for which in ("debut", "fin"))
    closed = bool(ledger.life.facts(dossier.id).closed)
    state = state_of(Facts(forms, packets, start, end, closed), context.today)
    moves = tuple(move for one in forms for move in ledger.dossiers.moves(one.form.sha256))
    numbers = {one: ledger.dossiers.get(one).number for move in moves for one in (move.left, move.joined)}
    outlines = ledger.members.outlines([one.form.sha256 for one in forms])
    shown = view_unless_ill(life, context) if life else None
    return DossierView(dossier, state, forms, packets, moves, numbers, outlines, shown)


def join(context: Context, word: str, into: str, *, by: str, reason: str) -> Moved:
    """Say that a form, or all forms of a dossier, are of another dossier; can be undone.

    Raises NotFound, Ambiguous, NotAllowed where it is there already, ChangedMeanwhile.
    """
    by, reason = author(by), motive(reason)
    ledger = context.ledger
    target = find_dossier(ledger, into)
    forms = find_forms(ledger, word)
    if forms[0].dossier == target:
        raise NotAllowed(f"{word} est déjà du dossier {ledger.dossiers.get(target).number} : il n’y a rien à réunir.")
    others = ledger.entries.of_dossier(target)
    known = [identity_of(ledger.readings.record(one.form.sha256) or {}) for one in (*forms, *others)]
    differs = any(one.differs_from(other) for one in known[: len(forms)] for other in known[len(forms) :])
    return _move(context, forms, target, by=by, reason=reason, differs=differs)


def split(context: Context, word: str, *, by: str, reason: str) -> Moved:
    """Say that a form is of no other dossier: it leaves the one it is in, or is kept out of others; can be undone.

    Raises as ``join``; Ambiguous where several forms are meant.
    """
    by, reason = author(by), motive(reason)
    ledger = context.ledger
    forms = find_forms(ledger, word)
    if len(forms) > 1:
        ids = ", ".join(one.form.id for one in forms)
        raise Ambiguous(
            f"« {word} » désigne {len(forms)} formulaires : {ids}. Rien n’est fait : tapez l’identifiant de celui à "
            "détacher."
        )
    (entry,) = forms
    alone = len(ledger.entries.of_dossier(entry.dossier)) == 1
    moves = ledger.dossiers.moves(entry.form.sha256)
    if alone and moves and moves[-1].by != MACHINE:
        raise NotAllowed(f"{entry.form.id} est déjà seul dans {entry.number}, et quelqu’un a dit qu’il le reste.")
    return _move(context, forms, entry.dossier if alone else None, by=by, reason=reason)


def undo(context: Context, word: str, *, by: str) -> Moved:
    """Take the last join or split of a form (of a dossier, by its number) back, with those that moved with it.

    Raises as ``join``; NotAllowed where nothing moved.
    """
    by = author(by)
    book = context.ledger.dossiers
    moves = [book.moves(one.form.sha256)[-1:] for one in find_forms(context.ledger, word)]
    last = max((move for (move,) in filter(None, moves)), key=lambda one: one.number, default=None)
    if last is None:
        raise NotAllowed(f"{word} n’a jamais été réuni à un dossier ni détaché : il n’y a rien à défaire.")
    together = [one for one in book.moved_at(last) if book.moves(one.sha256)[-1:] == (one,)]  # the others went on
    forms = tuple(context.ledger.entries.get(one.sha256) for one in together)
    done = bool(together) and book.take_back(together, by=by, day=context.today)
    return _moved(context, forms, done=done)


def _move(
    context: Context, forms: tuple[Entry, ...], target: str | None, *, by: str, reason: str, differs: bool = False
) -> Moved:
    """Have forms of one dossier go to another, or with ``None`` to one of their own."""
    left, hashes = forms[0].dossier, [one.form.sha256 for one in forms]
    done = context.ledger.dossiers.move(hashes, left=left, joined=target, by=by, reason=reason, day=context.today)
    return _moved(context, forms, done=done, differs=differs)


def _moved(context: Context, forms: tuple[Entry, ...], *, done: bool, differs: bool = False) -> Moved:
    if not done:
        raise ChangedMeanwhile(
            "Quelqu’un d’autre vient de changer ce dossier : rien n’est fait. Regardez-le de nouveau."
        )
    now = tuple(context.ledger.entries.get(one.form.sha256) for one in forms)
    return Moved(now, forms[0].number, now[0].number, differs)
