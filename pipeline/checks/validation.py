"""Validation of a reading: completed, held against the schema and the rules, it comes out checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pipeline.checks import (
    activities,
    agenda,
    bounds,
    changes,
    composition,
    durations,
    employer,
    fitting,
    host,
    leave,
    limits,
    minors,
    pay,
    persons,
    presence,
    procedure,
    public_law,
    unusual_hours,
)
from pipeline.checks.case import Case, Finding, NotApplicable
from pipeline.checks.completion import complete
from pipeline.checks.composition import JOINED_PIECES
from pipeline.checks.readiness import READY_TO_SIGN
from pipeline.checks.registry import LooksAt, Rule, formation_rules, legal_rules
from pipeline.checks.schema import inspect_shape
from pipeline.checks.shape import REQUIRED_ANSWERS, STRAY_TEXT
from pipeline.checks.since import Since
from pipeline.core.decisions import Decisions, Override
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, Session
from pipeline.core.late import load
from pipeline.core.law import Law
from pipeline.core.models import Data, Kind, Problem, Reading, Record, Refused, Severity, Verdict
from pipeline.core.programme import Programme

# Each registers its rules.
load(activities, agenda, bounds, changes, composition, durations, employer, fitting, host, leave)
load(limits, minors, pay, persons, presence, procedure, public_law, unusual_hours)


def validate(
    reading: Reading,
    *,
    dictionary: Dictionary,
    formation: Formation,
    session: Session,
    law: Law,
    decisions: Decisions,
    today: dt.date,
    received_on: dt.date,
) -> Record | Refused:
    """A record that can be printed, or the reasons why not; every rule's verdict is kept in both.

    ``today`` is the day of edition of the convention, ``received_on`` the day the form came in. A rule lifted by
    an override keeps its problems in its verdict and blocks nothing; only overridable rules can be lifted.
    Values that a person confirmed win over the reading and have no doubt any more.
    Raises ConfigError when a ``[[regles]]`` line of the formation cannot be followed.
    """
    dictionary = dictionary.of(formation.settings)
    reading = reading.with_confirmed(decisions.confirmations)
    data = complete(reading, dictionary=dictionary, formation=formation, session=session, decisions=decisions)
    shape = inspect_shape(data, reading, dictionary, formation)
    case = Case(data, reading, dictionary, formation, session, law, today, received_on, shape, decisions)
    return _judged(case, all_rules(formation, dictionary))


def validate_terms(
    data: Data, programme: Programme, since: Since, *, decisions: Decisions, today: dt.date, received_on: dt.date
) -> Record | Refused:
    """The terms of a convention as an avenant leaves them, held against every rule but those of how a form came in.

    ``data`` is the whole record, with the days that were; ``since`` is the change that is asked, and what was.
    Raises ConfigError as ``validate``.
    """
    formation, dictionary = programme.formation, programme.dictionary
    reading = Reading("", Kind.ACROFORM, None, formation.code, programme.session.annee, ())
    shape = inspect_shape(data, reading, dictionary, formation)
    session, law = programme.session, programme.law
    case = Case(data, reading, dictionary, formation, session, law, today, received_on, shape, decisions, since)
    return _judged(case, (rule for rule in all_rules(formation, dictionary) if not rule.once))


def _judged(case: Case, rules: Iterable[Rule]) -> Record | Refused:
    verdicts = tuple(_judge(rule, case, case.decisions) for rule in rules)
    kind = Refused if any(_stops(verdict) for verdict in verdicts) else Record
    return kind(case.data, verdicts, case.reading)


def all_rules(formation: Formation, dictionary: Dictionary) -> tuple[Rule, ...]:
    """Every rule of this formation: the form's, its own, then the law's."""
    own = (REQUIRED_ANSWERS, STRAY_TEXT, JOINED_PIECES, READY_TO_SIGN)
    return (*own, *formation_rules(formation, dictionary), *legal_rules())


def with_verdicts(checked: Record | Refused, verdicts: tuple[Verdict, ...]) -> Record | Refused:
    """The same values with more verdicts, of rules that look beyond one form: printable or not by all of them."""
    every = (*checked.verdicts, *verdicts)
    kind = Refused if any(_stops(verdict) for verdict in every) else Record
    return kind(checked.data, every, checked.reading)


def _judge(rule: Rule, case: Case, decisions: Decisions) -> Verdict:
    applies = not rule.regimes or case.regime in rule.regimes
    try:
        problems = tuple(_problem(rule, finding, case) for finding in rule.check(case)) if applies else ()
    except NotApplicable:
        applies, problems = False, ()
    return Verdict(
        rule=rule.id,
        title=rule.title,
        source=rule.source,
        applies=applies,
        problems=problems,
        lifted=_lifted(rule, problems, decisions),
        of_settings=rule.looks_at in (LooksAt.SETTINGS, LooksAt.STATUS),
    )


def _problem(rule: Rule, finding: Finding, case: Case) -> Problem:
    return Problem(
        rule=rule.id,
        severity=finding.severity or rule.severity,
        field=finding.field,
        message=finding.message,
        who=finding.who or case.who_mends(finding.field),
        source=rule.source,
        overridable=rule.overridable,
        waits=finding.waits,
    )


def _lifted(rule: Rule, problems: tuple[Problem, ...], decisions: Decisions) -> Override | None:
    blocked = any(problem.severity is Severity.BLOCKING for problem in problems)
    if not rule.overridable or not blocked:
        return None
    return decisions.lifting(rule.id)


def _stops(verdict: Verdict) -> bool:
    return verdict.lifted is None and any(problem.severity is Severity.BLOCKING for problem in verdict.problems)
