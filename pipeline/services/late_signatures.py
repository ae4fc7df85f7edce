"""Late signatures: which internships begin, or are about to, before all parties have signed."""

from __future__ import annotations

import datetime as dt

from pipeline.core.life import Facts
from pipeline.core.places import place_of
from pipeline.dossier.life.holding import dates_after
from pipeline.dossier.life.life_rules import alarm_from
from pipeline.ledger.entries import Entry
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import Ledger

_UNSIGNED = frozenset({PacketState.CURRENT, PacketState.FETCHED})


def late(ledger: Ledger, today: dt.date, workdays: int) -> tuple[Entry, ...]:
    """The forms of these, what begins first before the rest; only those that are near are looked at closely."""
    lines = [one.sha256 for one in ledger.packets.live() if one.state in _UNSIGNED]
    outlines, told = ledger.members.outlines(lines), ledger.life.histories()
    horizon = today + dt.timedelta(days=3 * workdays + 14)
    found = []
    for entry in map(ledger.entries.get, outlines):
        facts = told.get(entry.dossier, Facts())
        outline = outlines[entry.form.sha256]
        start, end = dates_after(outline.start, outline.end, facts)
        if start is not None and start <= horizon and not facts.closed and (end or horizon) >= today:
            place = place_of(ledger.readings.record(entry.form.sha256) or {})
            if alarm_from(start, workdays, place) <= today:
                found.append((start, entry.number, entry))
    return tuple(entry for _, _, entry in sorted(found, key=lambda one: one[:2]))
