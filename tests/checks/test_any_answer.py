"""Whatever a reader hands over, the checks answer: they never fail on a value, and never pass a wrong one."""

from __future__ import annotations

from typing import Any

from checks_bench import Bench
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.fields import Dictionary
from pipeline.core.models import Record, Refused

_ANSWERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10**15),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=12),
    st.sampled_from(["2025-02-30", "9999-12-31", "0001-01-01", "+33", "oui", "@", "FI_ETUDIANT", "Belgique"]),
    st.lists(st.one_of(st.text(max_size=5), st.integers()), max_size=3),
    st.lists(st.fixed_dictionaries({"date": st.text(max_size=10), "heures": st.floats()}), max_size=3),
    st.just([{"debut": 3, "fin": None}, "x"]),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_answer_makes_the_checks_fail(coord: Bench, student: Bench, data: st.DataObject) -> None:
    """Up to four fields of a valid form take any value at all: the form is a record or is refused, with verdicts."""
    form = data.draw(st.sampled_from([coord, student]))
    paths = data.draw(st.lists(st.sampled_from(_paths(form.dictionary)), min_size=1, max_size=4, unique=True))
    answers: dict[str, Any] = {path: data.draw(_ANSWERS) for path in paths}
    outcome = form.having(answers).outcome()
    assert isinstance(outcome, Record | Refused)
    assert len(outcome.verdicts) > 40


def _paths(dictionary: Dictionary) -> list[str]:
    return [path for path in dictionary.fields if not path.startswith("formation.")]
