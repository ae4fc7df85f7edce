"""Pages of forms: what is listed of a workspace, however many are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.dossier.state import DossierState
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import Ledger
from pipeline.services.lookup import among_named, find_form

PAGE = 50  # forms listed, unless more are asked for
SIGNING = {
    PacketState.CURRENT: DossierState.TO_SIGN,
    PacketState.FETCHED: DossierState.SIGNING,
    PacketState.SIGNED: DossierState.SIGNED,
}


@dataclass(frozen=True)
class Page:
    """The forms received last, how many there are in each state in all, and by hash how far delivered ones are."""

    forms: Sequence[Entry]
    counts: Mapping[State, int]
    signing: Mapping[str, DossierState]


def list_forms(
    ledger: Ledger,
    *,
    words: Sequence[str] = (),
    states: Collection[str] = (),
    most: int | None = PAGE,
) -> Page:
    """The newest forms (all with ``most=None``) of some states, of forms or of ``SIGNING``.

    ``words`` keeps those whose name or number contains each of them; where there is none, the form that they mean.
    """
    counts = ledger.entries.counts()
    of_form = {one if isinstance(one, State) else State.DELIVERED for one in states}
    searched = words or any(isinstance(one, DossierState) for one in states)
    asked = most if most and not searched else sum(counts.values())
    forms: Sequence[Entry] = ledger.entries.newest(asked, () if words else of_form)
    if words:
        forms = among_named(forms, words) or [find_form(ledger, " ".join(words))]
    signing = _signing(ledger, forms)
    kept = [one for one in forms if not states or {one.state, signing.get(one.form.sha256)} & {*states}]
    return Page(kept[-(most or len(kept)) :], counts, signing)


def _signing(ledger: Ledger, forms: Sequence[Entry]) -> dict[str, DossierState]:
    made = {one.packet for one in forms if one.state is State.DELIVERED and one.packet}
    lines = ledger.packets.live() if len(made) > PAGE else filter(None, map(ledger.packets.get, sorted(made)))
    return {line.sha256: SIGNING[line.state] for line in lines if line.id in made and line.state in SIGNING}
