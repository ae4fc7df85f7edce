"""Pages of forms: what is listed of a workspace, however many are kept: filtered, sorted, one page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.errors import InvalidRequest
from pipeline.core.folding import folded_letters
from pipeline.core.life import Facts
from pipeline.dossier.life.holding import dates_after
from pipeline.dossier.state import DossierState, of_signed
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.members import Outline
from pipeline.ledger.packet_store import PacketLine, PacketState
from pipeline.ledger.store import Ledger
from pipeline.services.list_order import Order
from pipeline.services.lookup import among_named, find_form

PAGE = 20  # forms listed at once
SIGNING = {
    PacketState.CURRENT: DossierState.TO_SIGN,
    PacketState.FETCHED: DossierState.SIGNING,
    PacketState.SIGNED: DossierState.SIGNED,
}
# How far an internship may have got once its packet is there, in the words of the scolarité.
STAGES = (*SIGNING.values(), DossierState.RUNNING, DossierState.TO_CLOSE, DossierState.CLOSED)
_FEW = 50  # packets looked up one by one


@dataclass(frozen=True)
class Wanted:
    """Which forms are listed: those that fit every filter that is given.

    ``words`` are in the name, the number or the file's name; ``states`` are of forms or of ``STAGES``; ``before`` is
    the day before which the internship begins.
    """

    words: Sequence[str] = ()
    states: Collection[str] = ()
    formation: str = ""
    session: str = ""
    before: dt.date | None = None

    @property
    def everything(self) -> bool:
        """Whether no filter is given."""
        return not (self.words or self.states or self.formation or self.session or self.before)


@dataclass(frozen=True)
class Page:
    """A page of ``found`` forms, and how many of the workspace are in each state.

    ``signing`` says by hash how far delivered ones are, ``outlines`` when and where the internships are.
    """

    forms: Sequence[Entry]
    counts: Mapping[State, int]
    signing: Mapping[str, DossierState]
    outlines: Mapping[str, Outline]
    found: int
    number: int = 1
    pages: int = 1


def list_forms(
    ledger: Ledger,
    wanted: Wanted,
    *,
    today: dt.date,
    order: Order = Order.RECEIVED,
    page: int = 1,
    most: int | None = PAGE,
) -> Page:
    """One page of the forms wanted, the last page of what was received last by default; all with ``most=None``.

    Where no name contains the words, the form that they mean. Raises InvalidRequest for a page that is not there.
    """
    counts = ledger.entries.counts()
    forms: Sequence[Entry]
    if wanted.everything and order is Order.RECEIVED and most and page == 1:
        forms = ledger.entries.newest(most)
        found = sum(counts.values())
    else:
        forms = _sorted(_filtered(ledger, wanted, today), order, ledger)
        found = len(forms)
        forms = _paged(forms, page, most, newest_first=order is Order.RECEIVED)
    pages = max(1, -(-found // most)) if most else 1
    shown = [one.form.sha256 for one in forms]
    return Page(forms, counts, _signing(ledger, forms, today), ledger.members.outlines(shown), found, page, pages)


def _filtered(ledger: Ledger, wanted: Wanted, today: dt.date) -> Sequence[Entry]:
    forms: Sequence[Entry] = ledger.entries.all()
    if wanted.words:
        forms = among_named(forms, wanted.words) or [find_form(ledger, " ".join(wanted.words))]
    if wanted.states:
        signing = _signing(ledger, forms, today)
        forms = [one for one in forms if {one.state, signing.get(one.form.sha256)} & {*wanted.states}]
    if wanted.formation:
        forms = [one for one in forms if one.formation == wanted.formation]
    if wanted.session or wanted.before:
        outlines = ledger.members.outlines([one.form.sha256 for one in forms])
        forms = [one for one in forms if _fits(outlines.get(one.form.sha256), wanted)]
    return forms


def _fits(outline: Outline | None, wanted: Wanted) -> bool:
    if outline is None or (wanted.session and outline.year != wanted.session):
        return False
    return wanted.before is None or (outline.start is not None and outline.start < wanted.before)


def _sorted(forms: Sequence[Entry], order: Order, ledger: Ledger) -> Sequence[Entry]:
    """The forms in that order; what arrived first stands first among equals."""
    match order:
        case Order.NAME:
            return sorted(forms, key=lambda one: folded_letters(one.stagiaire or one.form.name))
        case Order.STATE:
            return sorted(forms, key=lambda one: list(State).index(one.state))
        case Order.NUMBER:
            return sorted(forms, key=lambda one: one.number)
        case Order.START:
            outlines = ledger.members.outlines([one.form.sha256 for one in forms])
            starts = {sha256: one.start for sha256, one in outlines.items()}
            return sorted(forms, key=lambda one: starts.get(one.form.sha256) or dt.date.max)
        case _:
            return forms


def _paged(forms: Sequence[Entry], page: int, most: int | None, *, newest_first: bool) -> Sequence[Entry]:
    """One page; of forms in the order of their arrival, page 1 is the end of the list."""
    if most is None:
        return forms
    pages = max(1, -(-len(forms) // most))
    if not 1 <= page <= pages:
        raise InvalidRequest(f"Il n’y a pas de page {page} : la liste en a {pages}.")
    end = len(forms) - (page - 1) * most if newest_first else page * most
    return forms[max(0, end - most) : end]


def _signing(ledger: Ledger, forms: Sequence[Entry], today: dt.date) -> dict[str, DossierState]:
    made = {one.packet: one for one in forms if one.state is State.DELIVERED and one.packet}
    lines = ledger.packets.live() if len(made) > _FEW else filter(None, map(ledger.packets.get, sorted(made)))
    there = [line for line in lines if line.id in made and line.state in SIGNING]
    histories = ledger.life.histories()
    outlines = ledger.members.outlines([one.sha256 for one in there if one.state is PacketState.SIGNED])
    return {
        line.sha256: _stage(line, outlines.get(line.sha256), histories.get(made[line.id].dossier, Facts()), today)
        for line in there
    }


def _stage(line: PacketLine, outline: Outline | None, told: Facts, today: dt.date) -> DossierState:
    """How far one has got, by the days of its convention and avenants."""
    if told.closed:
        return DossierState.CLOSED
    if line.state is not PacketState.SIGNED or outline is None:
        return SIGNING[line.state]
    start, end = dates_after(outline.start, outline.end, told)
    return of_signed(start, end, today)
