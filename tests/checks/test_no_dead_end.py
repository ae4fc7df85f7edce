"""No dead end: whatever stops a form, its sender can mend it, or somebody of the school can decide it or give it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest
from checks_bench import Bench

from pipeline.checks import all_rules
from pipeline.core.models import Problem, Severity, Who

STOPS = (Severity.BLOCKING, Severity.DRAFT)
SENDERS = {Who.STAGIAIRE, Who.ORGANISME, Who.TUTEUR, Who.EMPLOYEUR}


class Way(Enum):
    """How a form gets past a rule."""

    ANSWERED = "another answer of its sender, or what nobody answered given by « liasse confirm »"
    LIFTED = "liasse override"
    JOINED = "liasse join"
    APPROVED = "liasse approve"
    GIVEN = "liasse setup, or an answer by « liasse confirm »"
    SETTLED = "formation.toml: its settings contradict each other, whatever the form says"


# By rule, but for those that can be lifted: the registry says those.
WAYS = {
    Way.JOINED: {"F-04", "L-17"},
    Way.APPROVED: {"S1-22", "S1-25"},
    Way.GIVEN: {"F-05"},
    Way.SETTLED: {"S1-01", "S1-15", "S1-16", "S1-18", "S1-19", "S2-24"},
    Way.ANSWERED: {
        *("F-01", "L-01", "L-02", "L-03", "L-04", "L-05", "L-08", "L-09", "L-10", "L-11", "L-16", "L-18", "L-19"),
        *("L-20", "L-21", "L-25", "L-28", "L-29"),
        *("S1-06", "S1-07", "S1-10", "S1-20"),
        *("S2-01", "S2-02", "S2-03", "S2-05", "S2-07", "S2-08", "S2-18"),
    },
}


def ways_of(form: Bench) -> dict[str, Way]:
    """The way out of each rule of this formation; KeyError for one that may stop a form and has none."""
    said = {rule: way for way, rules in WAYS.items() for rule in rules}
    rules = all_rules(form.formation, form.dictionary)
    lifted = {rule.id: Way.LIFTED for rule in rules if rule.overridable}
    stops = {rule.id: said[rule.id] for rule in rules if rule.severity in STOPS and rule.id not in lifted}
    return {**said, **stops, **lifted}


def spoilt(form: Bench) -> Iterator[Bench]:
    """The form with one answer missing, misshapen, or another of its choices: each field in turn."""
    for path, field in form.dictionary.fields.items():
        if not path.startswith("formation."):
            answers: list[Any] = [None, "x", 10**6, *list(field.choices)[:1]]
            yield from (form.having({path: answer}) for answer in answers)


def stopping(form: Bench) -> Iterator[Problem]:
    """What stops a form."""
    for verdict in form.outcome().verdicts:
        yield from (problem for problem in verdict.problems if problem.severity in STOPS)


def is_open(problem: Problem, way: Way, fields: set[str]) -> bool:
    """Whether the person who is asked can do what that way needs."""
    asked_of_school = (problem.field or "").startswith(("referent.", "accord_pedagogique."))  # setup, approve
    if problem.severity is Severity.DRAFT:
        return "liasse setup" in problem.message or problem.field in fields
    return {
        Way.ANSWERED: problem.field in fields and (problem.who in SENDERS or asked_of_school),
        Way.LIFTED: problem.overridable,
        Way.JOINED: problem.waits and "liasse join" in problem.message,
        Way.APPROVED: problem.waits or problem.who in (*SENDERS, Who.RESPONSABLE),
        Way.GIVEN: False,  # only a projet is given something
        Way.SETTLED: "[[documents]]" in problem.message or "formation.toml" in problem.message,
    }[way]


@pytest.mark.parametrize("name", ["coord", "student"])
def test_every_rule_that_may_stop_a_form_has_one_way_out(name: str, request: pytest.FixtureRequest) -> None:
    """Each is in one group, or can be lifted, and not both."""
    form: Bench = request.getfixturevalue(name)
    known = [rule for rules in WAYS.values() for rule in rules]
    lifted = {rule.id for rule in all_rules(form.formation, form.dictionary) if rule.overridable}

    assert len(known) == len(set(known))
    assert not lifted & set(known)
    assert ways_of(form)


@pytest.mark.parametrize("name", ["coord", "student"])
def test_whatever_stops_a_form_can_be_mended(name: str, request: pytest.FixtureRequest) -> None:
    """Each field spoilt in turn: of each finding that stops, who is asked can do what the way of its rule needs."""
    form: Bench = request.getfixturevalue(name)
    ways = ways_of(form)
    fields = {*form.dictionary.fields, *form.dictionary.titles}
    found = {problem for spoiled in spoilt(form) for problem in stopping(spoiled)}
    shut = [f"{one.rule}: {one.message} ({one.who})" for one in found if not is_open(one, ways[one.rule], fields)]

    assert shut == []
    assert {Way.ANSWERED, Way.LIFTED} <= {ways[one.rule] for one in found}
