"""One received form that once went wrong: what the checks say of it, or of a copy with other answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import people

from pipeline.checks import validate
from pipeline.core.decisions import Decisions
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.law import Law
from pipeline.core.models import FieldReading, Problem, Reading, Severity
from pipeline.core.workspace import Workspace


@dataclass(frozen=True)
class Case:
    """One file as it was read, and what the checks say of it or of a copy with other answers."""

    workspace: Workspace
    dictionary: Dictionary
    law: Law
    reading: Reading

    def problems(self, answers: Mapping[str, Any] | None = None) -> tuple[Problem, ...]:
        """Every problem that the rules find, by rule; ``answers`` take the place of what was read."""
        formation = load_formation(self.workspace, self.reading.formation or "")
        checked = validate(
            _mended(self.reading, answers or {}),
            dictionary=self.dictionary,
            formation=formation,
            session=formation.session("2024-2025"),
            law=self.law,
            decisions=Decisions(),
            today=people.TODAY,
            received_on=people.TODAY,
        )
        return tuple(problem for verdict in checked.verdicts for problem in verdict.problems)

    def blocking(self, answers: Mapping[str, Any] | None = None) -> set[tuple[str, str | None, str]]:
        """What stops the packet: rule, field, who settles it."""
        return {
            (problem.rule, problem.field, problem.who.value)
            for problem in self.problems(answers)
            if problem.severity is Severity.BLOCKING
        }


def _mended(reading: Reading, answers: Mapping[str, Any]) -> Reading:
    kept = [entry for entry in reading.fields if entry.path not in answers]
    others = [FieldReading(path, value, str(value), "acroform", 0.99, page=1) for path, value in answers.items()]
    return replace(reading, fields=(*kept, *others))
