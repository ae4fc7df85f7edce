"""The roll of a workspace: the members of its cohort, from the ledger, each made once while it does not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cohort.members import Member, member_of
from pipeline.cohort.rules import OVERLAP
from pipeline.core.decisions import Decisions
from pipeline.core.law import Law
from pipeline.core.models import Record, Refused
from pipeline.core.timing import step
from pipeline.ledger.journal import now
from pipeline.ledger.readings import Stamp
from pipeline.ledger.store import Ledger

if TYPE_CHECKING:
    from pipeline.cohort.examine import Findings


class Roll:
    """Keeps the members it made, by form and by the moment its values were kept: personal data, in memory only."""

    def __init__(self) -> None:
        self._made: dict[Stamp, Member] = {}

    def members(self, ledger: Ledger) -> tuple[Member, ...]:
        """The forms whose values are kept, in order of arrival; not those put away, replaced or erased."""
        stamps = ledger.readings.crowd(OVERLAP)
        second = now()
        made = {one: kept for one in stamps if (kept := self._made.get(one))}
        missing = {one.sha256: one for one in stamps if one not in made}
        for sha256, data in ledger.readings.records(missing.keys()).items():
            made[missing[sha256]] = member_of(sha256, data, printed=missing[sha256].printed)
        # Values may be kept twice in one second: what was made of this second's is not trusted later.
        self._made = {one: member for one, member in made.items() if one.at < second}
        return tuple(made[one] for one in stamps if one in made)

    def findings(self, ledger: Ledger, law: Law) -> Findings:
        """What the rules of the cohort say of each form that the ledger holds."""
        from pipeline.cohort.examine import examine  # noqa: PLC0415 -- the rules are heavy, and come after the reading

        return examine(self.members(ledger), law)

    @step("compare")
    def judge(
        self, checked: Record | Refused, sha256: str, decisions: Decisions, *, ledger: Ledger, law: Law
    ) -> Record | Refused:
        """A checked form with the verdicts of the cohort, once its values are kept in the ledger.

        A form that was put away or whose values are not kept is judged alone, after all the others.
        """
        from pipeline.cohort.examine import examine_one, judge  # noqa: PLC0415

        mine = member_of(sha256, checked.data)
        members = self.members(ledger)
        if any(one.sha256 == sha256 for one in members):
            cohort = tuple(mine if one.sha256 == sha256 else one for one in members)
        else:
            cohort = (*members, mine)
        return judge(checked, mine, examine_one(mine, cohort, law), decisions)
