"""Standing of a delivered packet: what blocks its form since, by the settings and the law of today.

A packet was in order on its day. A figure of the law, a rule of its formation or the program may be corrected after.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.core.errors import ConfigError, Transient
from pipeline.core.law import as_date
from pipeline.core.models import Problem, Reading, Refused
from pipeline.core.programme import Programme
from pipeline.dossier.context import Context, check, open_programme
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import PacketState

UNFIT_RULE = "V-05"  # lifted by whoever has such a packet signed all the same


def blocks_now(
    entry: Entry, context: Context, programme_of: Callable[[Reading], Programme] | None = None
) -> tuple[Problem, ...]:
    """What keeps the packet of a delivered form from being signed, asked again of its kept values, on its own day.

    Nothing of a form without such a packet, of one that came back signed, or whose values are not kept. The rules of
    the cohort are not asked: they speak of other forms. ``programme_of`` opens the programme of a reading.
    """
    packet = context.ledger.packets.get(entry.packet) if entry.packet and entry.state is State.DELIVERED else None
    if packet is None or packet.state not in {PacketState.CURRENT, PacketState.FETCHED}:
        return ()
    reading = context.ledger.readings.latest(entry.form.sha256)
    if reading is None:
        return ()
    decisions = context.ledger.decisions(entry.form)
    reading = reading.with_confirmed(decisions.confirmations)
    if reading.formation is None or decisions.lifting(UNFIT_RULE):
        return ()
    try:
        programme = programme_of(reading) if programme_of else open_programme(reading, context)
    except (ConfigError, Transient):  # its formation cannot be asked: doctor and check tell why
        return ()
    day = as_date(packet.day) or context.today
    checked = check(reading, programme, decisions, received_on=entry.form.received_on, today=day)
    return checked.blocking if isinstance(checked, Refused) else ()
