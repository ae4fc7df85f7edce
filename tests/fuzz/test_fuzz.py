"""The short fuzz run: real forms, damaged in every way, never crash the parent; the long one is ``run_fuzz.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing import LAYOUTS, READ, fuzz, known_codes, shelf_of
from mutations import BYTES, PDF, WORD, mutated

from pipeline.reading.known_forms import KnownForms

pytestmark = pytest.mark.sampled(2)

COUNT = 24  # for each of the two: what one shared core reads in some ten seconds


def test_damage_is_the_same_for_the_same_seed() -> None:
    """A run can be repeated, and two seeds differ; every way of damaging is drawn sooner or later."""
    assert mutated(7) == mutated(7)
    assert mutated(7) != mutated(8)
    done = {kind for seed in range(400) for kind in mutated(seed)[0].split(": ", 1)[1].split(", ")}
    assert done == {*BYTES, *PDF, *WORD}


@pytest.mark.parametrize(("first", "names"), [(1_000_000, ()), (2_000_000, LAYOUTS)], ids=["ours", "with layouts"])
def test_damaged_forms_each_end_with_a_reason(
    first: int, names: tuple[str, ...], tmp_path: Path, given_out: KnownForms
) -> None:
    """A reading or a refusal with a known code; no child, no descriptor left; memory and time within limits."""
    report = fuzz(range(first, first + COUNT), tmp_path, shelf_of(given_out, tmp_path, names))
    assert report.wrong == []
    assert sum(report.ends.values()) == COUNT
    assert len(report.ends) > 3
    assert set(report.ends) <= {READ, *known_codes()}
