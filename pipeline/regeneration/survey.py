"""Impact survey: all the packets that count and that nobody has taken, compared with what they would be today."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cohort.examine import findings_of_all, judge
from pipeline.core.decisions import Decisions
from pipeline.core.member import member_of
from pipeline.core.models import Reading, Record, Refused, get
from pipeline.core.programme import Programme
from pipeline.dossier.context import Context, open_programme
from pipeline.regeneration.impact import Impact, compare


def survey(context: Context) -> Iterator[Impact]:
    """What would change in each current packet, in the order in which they were made; nothing is written.

    What the forms share (the cohort's rules, formations and sessions) is looked at once.
    """
    packets = context.ledger.packets.current()  # before the forms: a form delivered meanwhile is for the next time
    entries = context.ledger.entries.of_packets([packet.id for packet in packets])
    findings = findings_of_all(context.ledger, context.law)
    programmes: dict[tuple[object, ...], Programme] = {}

    def judged(checked: Record | Refused, sha256: str, decisions: Decisions) -> Record | Refused:
        return judge(checked, member_of(sha256, checked.data), findings.get(sha256, ()), decisions)

    def programme_of(reading: Reading) -> Programme:
        asked = (reading.formation, reading.session, get(reading.values, "stage.date_debut"))
        if asked not in programmes:
            programmes[asked] = open_programme(reading, context)
        return programmes[asked]

    for packet in packets:
        yield compare(entries[packet.id], packet, context, judge=judged, programme_of=programme_of)
