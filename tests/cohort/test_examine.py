"""The examination of a whole cohort: the same answer each time, whoever asks, and fast enough for 5,000 forms."""

from __future__ import annotations

import random
import time

from cohort_kit import cohort, crowd, crowd_records

from pipeline.cohort.examine import examine, examine_one
from pipeline.cohort.timeline import Tally, Timeline
from pipeline.core.identity import identity_of
from pipeline.core.law import Law, as_date
from pipeline.core.member import Period

FORMS = 5_000


def test_one_form_is_told_what_the_whole_examination_tells_it(law: Law) -> None:
    """``examine_one``, which looks at few forms, agrees with ``examine``, which looks at all."""
    members = crowd(300)
    whole = examine(members, law)

    alone = {one.sha256: examine_one(one, members[:at], members[at + 1 :], law) for at, one in enumerate(members)}
    assert alone == whole
    assert {problem.rule for problems in whole.values() for problem in problems} >= {"C-02", "C-05", "C-06", "C-08"}


def test_later_forms_change_nothing_of_the_earlier(law: Law) -> None:
    """What the first half is told is the same without the second, in which no form of the first is sent again."""
    records = crowd_records(300)
    half = records[:150]
    known = {identity_of(one) for one in half}
    whole = [*half, *(one for one in records[150:] if identity_of(one) not in known)]
    alone, among = examine(cohort(*half), law), examine(cohort(*whole), law)

    assert len(whole) > len(half)
    assert {sha: among[sha] for sha in alone} == alone


def test_the_work_grows_with_the_forms_and_not_with_their_pairs(law: Law) -> None:
    """The whole of a university before anything is printed: four times the forms are not sixteen times the work."""
    spent = []
    for count in (FORMS // 4, FORMS):
        members = crowd(count)
        rounds = []
        for _ in range(3):  # the quickest: what else the machine does is no work of ours
            begun = time.process_time()
            assert len(examine(members, law)) == count
            rounds.append(time.process_time() - begun)
        spent.append(min(rounds))

    assert spent[1] < 9 * spent[0]


def test_the_busiest_moment_is_the_one_that_counting_finds() -> None:
    """The tree and the tally against counting day by day, on random periods."""
    chance = random.Random(3)  # noqa: S311 -- the same each time
    first = as_date("2025-01-01")
    assert first is not None
    periods = []
    for _ in range(120):
        start = first.toordinal() + chance.randrange(60)
        periods.append(Period(first.fromordinal(start), first.fromordinal(start + chance.randrange(20))))
    line, tally = Timeline(periods), Tally(periods)
    for at, period in enumerate(periods):
        days = range(period.start.toordinal(), period.end.toordinal() + 1)
        counted = max(
            sum(one.start.toordinal() <= day <= one.end.toordinal() for one in periods[:at]) for day in days
        )
        assert (line.peak(period), tally.peak(period)) == (counted, counted)
        line.add(period)
        tally.add(period)
