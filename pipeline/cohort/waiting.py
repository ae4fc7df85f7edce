"""Délai de carence (L-13): a third of the previous stage between two students on one post, as far as forms tell.

The form names no post: two students of one tuteur, one after the other, are taken for the same post. Nothing is
known of the students whom the organisme took from other schools: the rule is found broken, or undecided, never kept.
One person's own stages are C-01's.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from pipeline.cohort.findings import dates, problem
from pipeline.cohort.rules import WAITING
from pipeline.core.french import short_date
from pipeline.core.law import STUDENTS
from pipeline.core.member import LONGEST_WAIT, Member, Period
from pipeline.core.models import Problem, Severity

_SHARE = 3  # C. éduc., L124-11: a third of the duration of the stage before


class Waits:
    """The stages of students by tuteur, as they come."""

    def __init__(self) -> None:
        self._seen: defaultdict[str, list[tuple[Period, Member]]] = defaultdict(list)

    def add(self, member: Member) -> None:
        """One more form counts."""
        if is_bound(member) and member.period:
            self._seen[member.tutor_key].append((member.period, member))

    def findings(self, member: Member) -> Iterator[Problem]:
        """What L-13 says of a student whose tuteur had another one shortly before."""
        if not is_bound(member) or member.period is None:
            return
        start = member.period.start
        before = [
            one
            for one in self._seen[member.tutor_key]
            if one[1].who.name != member.who.name and _just_before(one[0], start)
        ]
        if not before:
            return
        period, other = max(before, key=lambda one: (_free_from(one[0]), one[1].sha256))
        free = _free_from(period)
        if start < free:
            yield problem(
                WAITING,
                f"Délai de carence : le tuteur {member.tutor} a suivi un autre étudiant (formulaire {other.id}, "
                f"{dates(period)}). Sur le même poste, le stage suivant ne commence pas avant le {short_date(free)} "
                "(un tiers de la durée du précédent), sauf si celui-ci a pris fin plus tôt à l’initiative du "
                "stagiaire. Vérifiez auprès de l’organisme s’il s’agit du même poste ; si oui, reportez le début.",
            )


def is_bound(member: Member) -> bool:
    """Whether the rule concerns this form at all: a student, whose tuteur is named."""
    return member.regime in STUDENTS and bool(member.tutor_key)


def undecided() -> Problem:
    """What is said where no form speaks against the délai: that this is no proof."""
    return problem(
        WAITING,
        "Délai de carence : aucun formulaire reçu ne le contredit, mais il n’est pas décidable d’ici (ni le poste, "
        "ni les stagiaires d’autres écoles ne sont connus). En cas de doute, demandez à l’organisme quand le "
        "stagiaire précédent a quitté ce poste.",
        severity=Severity.INFO,
    )


def _just_before(period: Period, start: dt.date) -> bool:
    return period.end < start <= period.end + LONGEST_WAIT


def _free_from(period: Period) -> dt.date:
    """First day on which the next stage on that post may begin: last day and a third, rounded up to whole days."""
    days = (period.end - period.start).days + 1
    return period.end + dt.timedelta(days=-(-days // _SHARE))
