"""Use cases of dossiers: looked at, joined, split, and both undone."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.errors import ChangedMeanwhile, NotAllowed
from pipeline.core.law import as_date
from pipeline.core.models import get
from pipeline.dossier.context import Context
from pipeline.dossier.state import DossierState, Facts, state_of
from pipeline.ledger.dossiers import Move
from pipeline.ledger.entries import Entry
from pipeline.ledger.journal import MACHINE
from pipeline.ledger.numbering import Dossier
from pipeline.ledger.packet_store import PacketLine
from pipeline.ledger.store import Ledger
from pipeline.services.lookup import find_dossier, find_form, leading, require_named


@dataclass(frozen=True)
class DossierView:
    """One internship: its state, its forms, their packets, where its forms were before."""

    dossier: Dossier
    state: DossierState
    forms: tuple[Entry, ...]
    packets: tuple[PacketLine, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Moved:
    """Forms that were put into a dossier: their hashes, the dossier's number now."""

    forms: tuple[str, ...]
    number: str


def show_dossier(context: Context, word: str) -> DossierView:
    """A dossier with all that hangs on it; raises NotFound or Ambiguous."""
    ledger = context.ledger
    dossier = ledger.dossiers.get(find_dossier(ledger, word))
    forms = ledger.entries.of_dossier(dossier.id)
    packets = tuple(line for one in forms for line in ledger.packets.of_form(one.form.sha256))
    data = ledger.readings.record(leading(forms).form.sha256) or {}
    start, end = (as_date(get(data, f"stage.date_{which}")) for which in ("debut", "fin"))
    state = state_of(Facts(forms, packets, start, end), context.today)
    moves = tuple(move for one in forms for move in ledger.dossiers.moves(one.form.sha256))
    return DossierView(dossier, state, forms, packets, moves)


def join(context: Context, word: str, into: str, *, by: str, reason: str) -> Moved:
    """Say that a form, or all forms of a dossier, are of another dossier; can be undone.

    Raises NotFound, Ambiguous, NotAllowed where it is there already, ChangedMeanwhile.
    """
    require_named(by, reason)
    ledger = context.ledger
    target = find_dossier(ledger, into)
    left, forms = _meant(ledger, word)
    if left == target:
        raise NotAllowed(f"{word} is of the dossier {ledger.dossiers.get(target).number} already: nothing to join.")
    return _moved(ledger, forms, left, target, by=by, reason=reason)


def split(context: Context, word: str, *, by: str, reason: str) -> Moved:
    """Say that a form is of no other dossier: it leaves the one it is in, or is kept out of others; can be undone."""
    require_named(by, reason)
    ledger = context.ledger
    entry = find_form(ledger, word)
    alone = len(ledger.entries.of_dossier(entry.dossier)) == 1
    target = entry.dossier if alone else None
    return _moved(ledger, (entry.form.sha256,), entry.dossier, target, by=by, reason=reason)


def undo(context: Context, word: str, *, by: str) -> Moved:
    """Take the last join or split of a form back: it returns to the dossier that it left.

    Raises NotAllowed for a form that never moved.
    """
    require_named(by)
    entry = find_form(context.ledger, word)
    moves = context.ledger.dossiers.moves(entry.form.sha256)
    if not moves:
        raise NotAllowed(f"{entry.form.id} was never joined to a dossier nor split from one: nothing to undo.")
    book, last = context.ledger.dossiers, moves[-1]
    together = book.moved_at(last)
    forms = tuple(one.sha256 for one in together if book.moves(one.sha256)[-1] == one)  # the others went on since
    return _moved(context.ledger, forms, last.joined, last.left, by=by, reason=f"annule : {last.reason or MACHINE}")


def _meant(ledger: Ledger, word: str) -> tuple[str, tuple[str, ...]]:
    """The dossier and the forms that a word means: one form by its id, all forms by a number or a dossier's id."""
    dossier = find_dossier(ledger, word)
    named = [one for one in ledger.entries.starting(word.strip().lower()) if one.dossier == dossier]
    forms = named if len(named) == 1 else ledger.entries.of_dossier(dossier)
    return dossier, tuple(one.form.sha256 for one in forms)


def _moved(ledger: Ledger, forms: tuple[str, ...], left: str, joined: str | None, *, by: str, reason: str) -> Moved:
    number = ledger.dossiers.move(forms, left=left, joined=joined, by=by, reason=reason)
    if number is None:
        raise ChangedMeanwhile(
            "the dossier was changed by somebody else in this moment: nothing was done. Look again."
        )
    return Moved(forms, number)
