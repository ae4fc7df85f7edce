"""The forms of a cohort laid side by side: what each is told because of those that came before it.

A form looks back only. So the last to come is the one too many, as the law counts at the day a convention is made,
and a form that comes later changes nothing of the papers of those before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.checks import with_verdicts
from pipeline.cohort.capacity import Crowds, Names
from pipeline.cohort.members import Member
from pipeline.cohort.namesakes import Addresses, People
from pipeline.cohort.rules import (
    ADDRESS,
    HOST,
    NAMESAKES,
    OVERLAP,
    REFERENT,
    RULES,
    SIRET,
    TUTOR,
    TWICE,
)
from pipeline.cohort.timeline import Tally
from pipeline.core.decisions import Decisions
from pipeline.core.law import Law
from pipeline.core.models import Problem, Record, Refused, Severity, Verdict

Findings = Mapping[str, tuple[Problem, ...]]


def examine(cohort: Sequence[Member], law: Law) -> Findings:
    """By hash, what the rules of the cohort say of each member; ``cohort`` is in order of arrival.

    A form that another version replaces counts for nobody, and no form is told of its own versions.
    """
    people, crowds = People(cohort), Crowds(cohort, law.hosting)
    addresses, names = Addresses(), Names()
    replaced = people.replaced()
    found: dict[str, tuple[Problem, ...]] = {}
    for at, member in enumerate(cohort):
        found[member.sha256] = _all_of(at, member, replaced, (people, addresses, crowds, names))
        if member.sha256 not in replaced:
            for seen in (addresses, crowds, names):
                seen.add(member)
    return found


def examine_one(member: Member, cohort: Sequence[Member], law: Law) -> tuple[Problem, ...]:
    """What ``examine`` says of one member of the cohort, by looking only at the forms it has to do with."""
    people = People(cohort)
    replaced = people.replaced()
    at = next(place for place, one in enumerate(cohort) if one.sha256 == member.sha256)
    before = [one for one in cohort[:at] if one.sha256 not in replaced and not member.keys.isdisjoint(one.keys)]
    crowds = Crowds((*before, member), law.hosting, Tally, only=member)
    addresses, names = Addresses(), Names()
    for one in before:
        for seen in (addresses, crowds, names):
            seen.add(one)
    return _all_of(at, member, replaced, (people, addresses, crowds, names))


def _all_of(
    at: int, member: Member, replaced: frozenset[str], seen: tuple[People, Addresses, Crowds, Names]
) -> tuple[Problem, ...]:
    people, addresses, crowds, names = seen
    problems = (
        *people.findings(at, member, replaced),
        *addresses.findings(member),
        *crowds.findings(member),
        *names.findings(member),
    )
    return tuple(sorted(problems, key=lambda problem: problem.rule))


def judge(
    checked: Record | Refused, member: Member, problems: Sequence[Problem], decisions: Decisions
) -> Record | Refused:
    """The record with the verdicts of the cohort beside those of its own rules; blocked if one of them blocks."""
    return with_verdicts(checked, tuple(_verdicts(member, problems, decisions)))


def _verdicts(member: Member, problems: Sequence[Problem], decisions: Decisions) -> Sequence[Verdict]:
    applies = _applies(member)
    verdicts = []
    for rule in RULES.values():
        mine = tuple(problem for problem in problems if problem.rule == rule.id)
        blocks = any(problem.severity is Severity.BLOCKING for problem in mine)
        lifted = next((one for one in reversed(decisions.overrides) if one.rule == rule.id), None) if blocks else None
        verdicts.append(Verdict(rule.id, rule.title, rule.source, applies[rule.id] or bool(mine), mine, lifted))
    return verdicts


def _applies(member: Member) -> Mapping[str, bool]:
    """Whether the form says what each rule looks at."""
    person, period = bool(member.who.name), member.period is not None
    return {
        TWICE: person,
        NAMESAKES: person,
        OVERLAP: person and period,
        ADDRESS: bool(member.addresses),
        TUTOR: bool(member.tutor_key) and period,
        HOST: bool(member.host_key) and period,
        SIRET: bool(member.named),
        REFERENT: bool(member.referent_key) and period,
    }
