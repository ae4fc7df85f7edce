"""Rows of the dossier index: of each dossier what lists show, seek and sort by, from forms, packets and days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.core.folding import fold, folded_letters
from pipeline.core.who import Who
from pipeline.dossier.state import DossierState, Facts, state_of
from pipeline.ledger.entries import OPEN, PUT_AWAY, Entry, State
from pipeline.ledger.members import Outline
from pipeline.ledger.packet_store import LIVE, PacketLine
from pipeline.ledger.store import Ledger

SENDER, MACHINE, OPERATOR, SIGNERS = "expediteur", "liasse", "exploitation", "signataires"  # beside those of ``Who``
LAST = "~"  # sorts after every name and day: what is not known comes last
_FEW = 200  # forms whose packets are looked up one by one


def index_rows(ledger: Ledger, entries: Sequence[Entry], today: dt.date) -> Iterator[tuple[Any, ...]]:
    """The rows of the dossiers whose forms these are, all of each; none of one whose data were erased."""
    hashes = [one.form.sha256 for one in entries]
    packets, outlines = defaultdict(list), ledger.members.outlines(hashes)
    for line in _live_packets(ledger, hashes):
        packets[line.sha256].append(line)
    waiting = [one.form.sha256 for one in entries if one.state is State.WAITING]
    acts = ledger.last_details(waiting, State.WAITING.value)
    letters = ledger.letters.taken()
    dossiers: defaultdict[str, list[Entry]] = defaultdict(list)
    for one in entries:
        if one.dossier and one.state is not State.ERASED:
            dossiers[one.dossier].append(one)
    closed = ledger.dossier_pages.closed(list(dossiers))
    for dossier, forms in dossiers.items():
        lines = [line for one in forms for line in packets[one.form.sha256]]
        outline = outlines.get(counting(forms).form.sha256) or Outline("", "", None, None)
        facts = Facts(forms, lines, outline.start, outline.end, dossier in closed)
        yield _values(facts, outline, today=today, acts=acts, letters=letters)


def _values(
    facts: Facts,
    outline: Outline,
    *,
    today: dt.date,
    acts: Mapping[str, str],
    letters: Collection[str],
) -> tuple[Any, ...]:
    forms = facts.forms
    shown = counting(forms)
    sha256 = shown.form.sha256
    state = state_of(facts, today)
    said = [shown.number, shown.stagiaire or "", outline.host, *outline.sirets, *(one.form.name for one in forms)]
    return (
        shown.dossier,
        shown.number,
        sha256,
        shown.stagiaire or shown.form.name,
        folded_letters(shown.stagiaire or "") or LAST,
        shown.formation or "",
        " ".join(sorted({one.formation for one in forms if one.formation})),
        outline.year,
        outline.host,
        state.value,
        list(DossierState).index(state),
        _actor(state, shown, acts, letters),
        outline.start.isoformat() if outline.start else LAST,
        outline.end.isoformat() if outline.end else "",
        shown.received_at,
        shown.detail,
        "\n".join((*map(fold, said), *(one.form.id for one in forms))),
    )


def counting(forms: Sequence[Entry]) -> Entry:
    """The form that a person looks at first: the last one still open, else the delivered one, else the last kept."""
    for wanted in (OPEN, {State.DELIVERED}, set(State) - PUT_AWAY):
        found = [one for one in forms if one.state in wanted]
        if found:
            return found[-1]
    return forms[-1]


def _actor(state: DossierState, shown: Entry, acts: Mapping[str, str], letters: Collection[str]) -> str:
    """Whose turn it is; empty where nobody has anything to do. A new version that waits comes before its packet."""
    if shown.state is State.WAITING:
        return acts.get(shown.form.sha256) or Who.SCOLARITE.value
    if state is DossierState.TO_COMPLETE:
        return SENDER if shown.form.sha256 in letters else Who.SCOLARITE.value
    return _ACTORS.get(state, "")


_ACTORS = {
    DossierState.RECEIVED: MACHINE,
    DossierState.FAILED: OPERATOR,
    DossierState.UNREADABLE: Who.SCOLARITE.value,
    DossierState.WAITING: Who.SCOLARITE.value,
    DossierState.DRAFT: Who.SCOLARITE.value,
    DossierState.TO_SIGN: Who.SCOLARITE.value,
    DossierState.SIGNING: SIGNERS,
    DossierState.TO_CLOSE: Who.SCOLARITE.value,
}


def _live_packets(ledger: Ledger, hashes: Sequence[str]) -> Iterable[PacketLine]:
    """The packets that count of these forms, the oldest first."""
    if len(hashes) > _FEW:
        return ledger.packets.live()
    return (line for one in hashes for line in ledger.packets.of_form(one) if line.state in LIVE)
