"""L-13, délai de carence: broken, or not decidable; never found kept."""

from __future__ import annotations

from typing import Any

import pytest
from cohort_kit import cohort, messages, someone, told

from pipeline.cohort.examine import examine, judge
from pipeline.core.decisions import Decisions
from pipeline.core.law import Law
from pipeline.core.models import Kind, Reading, Record

SAME = {"tuteur__nom": "D’ALMEIDA", "organisme__siret": "81234560100007", "organisme__raison_sociale": "Dupont"}
FPC = {"stagiaire__regime": "FPC_SALARIE_INDIVIDUEL"}


def _two(start: str, first: dict[str, Any] | None = None, **changes: Any) -> list[dict[str, Any]]:
    """A stage of ninety days that ends on 31 March, then another that begins on ``start``."""
    days = {"stage__date_debut": "2025-01-01", "stage__date_fin": "2025-03-31"}
    other = {"stage__date_debut": start, "stage__date_fin": "2025-07-31"}
    return [someone(1, **SAME, **days, **(first or {})), someone(2, **{**SAME, **other, **changes})]


@pytest.mark.parametrize(("start", "expected"), [("2025-04-29", ["L-13 warning"]), ("2025-04-30", [])])
def test_a_third_of_the_stage_before(law: Law, start: str, expected: list[str]) -> None:
    """Thirty days after a stage of ninety; the form before is told nothing."""
    assert told(law, *_two(start)) == [[], expected]


def test_the_message_says_whom_when_and_what_to_do(law: Law) -> None:
    """The tuteur, the other form with its dates, the first day that is free."""
    (said,) = messages(law, *_two("2025-04-15"))

    for part in ("João D’ALMEIDA", "00000001, du 01/01/2025 au 31/03/2025", "avant le 30/04/2025", "même poste"):
        assert part in said


@pytest.mark.parametrize(
    "changes", [{"tuteur__nom": "AUTRE"}, FPC, {"organisme__siret": "73282932000074"}], ids=["tuteur", "FPC", "host"]
)
def test_another_post_or_another_law(law: Law, changes: dict[str, Any]) -> None:
    """Another tuteur, another company, formation continue: not the délai of L124-11."""
    assert told(law, *_two("2025-04-15", **changes))[1] == []


def test_a_stage_of_formation_continue_before_counts_for_nothing(law: Law) -> None:
    """Only students are bound, before as after."""
    assert told(law, *_two("2025-04-15", first=FPC))[1] == []


def _verdict(law: Law, *records: dict[str, Any]) -> tuple[bool, list[str]]:
    members = cohort(*records)
    problems = examine(members, law)[members[-1].sha256]
    alone = Record(records[-1], (), Reading("0" * 64, Kind.ACROFORM, None, None, None, ()))
    checked = judge(alone, members[-1], problems, Decisions())
    verdict = next(one for one in checked.verdicts if one.rule == "L-13")
    return verdict.applies, [f"{one.severity.value}: {one.message}" for one in verdict.problems]


def test_where_no_form_speaks_the_sheet_says_that_it_cannot_be_decided(law: Law) -> None:
    """Kept as far as the forms tell, or nothing known of the host: said as not decidable, not « conforme »."""
    for records in (_two("2025-06-01"), [someone(1)]):
        applies, (said,) = _verdict(law, *records)

        assert applies
        assert said.startswith("info: Délai de carence")
        assert "pas décidable" in said


def test_formation_continue_is_not_asked(law: Law) -> None:
    """« sans objet »: nothing is said."""
    assert _verdict(law, someone(1, **FPC)) == (False, [])
