"""A formation whose stages have a range of hours: each form is held to it, with the figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from checks_bench import Bench

from pipeline.core.stage_length import StageLength

NBSP = "\u00a0"
RULE = "S1-03"
KEYS = {"id", "controle", "gravite", "source", "heures_min", "heures_max"}


@pytest.mark.parametrize(
    ("least", "most", "total", "expected"),
    [
        (800, 924, 799, "il manque 1 h"),
        (800, 924, 800, ""),
        (800, 924, 924, ""),
        (800, 924, 925, "1 h de trop"),
        (None, 924, 1, ""),
        (None, 924, 925, "dure 924 h au plus"),
        (800, None, 5000, ""),
        (800, None, 799, "dure 800 h au moins"),
    ],
)
def test_a_stage_is_held_to_the_range(
    student: Bench, least: int | None, most: int | None, total: int, expected: str
) -> None:
    """The declared total, with its bounds; what is said has the figures."""
    limits = {"heures_min": least, "heures_max": most}
    said = {key: value for key, value in limits.items() if value is not None}
    rules = [
        {**line, "controle": "duree_entre", **said} if line["id"] == RULE else line
        for line in student.formation.rules
    ]
    rules = [{key: value for key, value in one.items() if one["id"] != RULE or key in KEYS} for one in rules]
    formation = replace(student.formation, settings={**student.formation.settings, "regles": rules})
    form = replace(student, formation=formation).having({"stage.duree_heures": total})
    found = [one.message.replace(NBSP, " ") for one in form.problems(RULE)]
    assert len(found) == bool(expected)
    assert all(expected in one for one in found)
    length = StageLength(*(None if one is None else Decimal(one) for one in (least, most)))
    assert length.admits(Decimal(total)) is not bool(expected)
