"""Cohort checks: forms laid side by side, and what each is told because of those that came before it.

A form looks back only. So the last to come is the one too many, as the law counts at the day a convention is made,
and a form that comes later changes nothing of the papers of those before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.checks import with_verdicts
from pipeline.cohort.capacity import Crowds, Names
from pipeline.cohort.cumulation import Cumulation
from pipeline.cohort.findings import MOST_NAMED
from pipeline.cohort.namesakes import Addresses, People
from pipeline.cohort.rules import (
    ADDRESS,
    CUMUL,
    HOST,
    NAMESAKES,
    OVERLAP,
    REFERENT,
    RULES,
    SIRET,
    TUTOR,
    TWICE,
    WAITING,
)
from pipeline.cohort.timeline import Tally
from pipeline.cohort.waiting import Waits, is_bound, undecided
from pipeline.core.decisions import Decisions
from pipeline.core.formation import Session
from pipeline.core.law import Law
from pipeline.core.member import Member, member_of
from pipeline.core.models import Problem, Record, Refused, Severity, Verdict
from pipeline.core.timing import step
from pipeline.ledger.store import Ledger

Findings = Mapping[str, tuple[Problem, ...]]


def findings_of_all(ledger: Ledger, law: Law) -> Findings:
    """By hash, what the rules of the cohort say of each form whose values the ledger keeps."""
    return examine(ledger.members.everybody(OVERLAP), law)


@step("compare")
def judge_among(
    checked: Record | Refused, sha256: str, decisions: Decisions, ledger: Ledger, law: Law, *, session: Session
) -> Record | Refused:
    """A checked form with the verdicts of the cohort, once its values are kept: those who share a key are asked for.

    A form that was put away or whose values are not kept is judged alone, after all the others.
    """
    mine = member_of(sha256, checked.data, dossier=ledger.entries.get(sha256).dossier, session=session)
    before, after = ledger.members.neighbours(mine, most=MOST_NAMED, overlap=OVERLAP)
    return judge(checked, mine, examine_one(mine, before, after, law), decisions)


def examine(cohort: Sequence[Member], law: Law) -> Findings:
    """By hash, what the rules of the cohort say of each member; ``cohort`` is in order of arrival.

    A form that another version replaces counts for nobody, and no form is told of its own versions.
    """
    people, seen = People(cohort), (Addresses(), Crowds(cohort, law.hosting), Names(), Cumulation(law), Waits())
    found: dict[str, tuple[Problem, ...]] = {}
    for at, member in enumerate(cohort):
        found[member.sha256] = _all_of(at, member, people, seen)
        if not member.replaced:
            for one in seen:
                one.add(member)
    return found


def examine_one(member: Member, before: Sequence[Member], after: Sequence[Member], law: Law) -> tuple[Problem, ...]:
    """What ``examine`` says of one member, from the forms that share a key with it and came before or after it."""
    counted = [one for one in before if not one.replaced]
    people = People((*before, member, *after))
    crowds = Crowds((*counted, member), law.hosting, Tally, only=member)
    seen = (Addresses(), crowds, Names(), Cumulation(law), Waits())
    for one in counted:
        for other in seen:
            other.add(one)
    return _all_of(len(before), member, people, seen)


def _all_of(
    at: int, member: Member, people: People, seen: tuple[Addresses | Crowds | Names | Cumulation | Waits, ...]
) -> tuple[Problem, ...]:
    alone = (problem for one in seen for problem in one.findings(member))
    return tuple(sorted((*people.findings(at, member), *alone), key=lambda problem: problem.rule))


def judge(
    checked: Record | Refused, member: Member, problems: Sequence[Problem], decisions: Decisions
) -> Record | Refused:
    """The record with the verdicts of the cohort beside those of its own rules; blocked if one of them blocks."""
    return with_verdicts(checked, tuple(_verdicts(member, problems, decisions)))


def _verdicts(member: Member, problems: Sequence[Problem], decisions: Decisions) -> Iterator[Verdict]:
    applies = _applies(member)
    for rule in RULES.values():
        mine = tuple(problem for problem in problems if problem.rule == rule.id)
        if rule.id == WAITING and applies[WAITING]:
            mine = mine or (undecided(),)
        blocks = any(problem.severity is Severity.BLOCKING for problem in mine)
        lifted = decisions.lifting(rule.id) if blocks else None
        yield Verdict(rule.id, rule.title, rule.source, applies[rule.id] or bool(mine), mine, lifted)


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
        WAITING: is_bound(member) and period,
        CUMUL: person and bool(member.host_key and member.hours),
    }
