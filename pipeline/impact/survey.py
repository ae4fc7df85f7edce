"""All the packets that count and that nobody has taken, each compared with what it would be today."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cohort.examine import judge
from pipeline.cohort.members import member_of
from pipeline.decisions import Decisions
from pipeline.documents.context import House
from pipeline.impact.compare import Impact, compare
from pipeline.models import Reading, Record, Refused, get
from pipeline.understanding import Desk, open_house


def survey(desk: Desk) -> Iterator[Impact]:
    """What would change in each current packet, in the order in which they were made; nothing is written.

    What the forms share (the cohort's rules, formations and sessions) is looked at once.
    """
    packets = desk.ledger.packets.current()  # before the forms: a form delivered meanwhile is for the next time
    entries = {entry.form.sha256: entry for entry in desk.ledger.entries()}
    findings = desk.roll.findings(desk.ledger, desk.law)
    houses: dict[tuple[object, ...], House] = {}

    def judged(checked: Record | Refused, sha256: str, decisions: Decisions) -> Record | Refused:
        return judge(checked, member_of(sha256, checked.data), findings.get(sha256, ()), decisions)

    def house_of(reading: Reading) -> House:
        asked = (reading.formation, reading.session, get(reading.values, "stage.date_debut"))
        if asked not in houses:
            houses[asked] = open_house(reading, desk.workspace, desk.dictionary, desk.law)
        return houses[asked]

    for packet in packets:
        yield compare(entries[packet.sha256], packet, desk, judge=judged, house_of=house_of)
