"""The seconds of each step are told to whoever asks, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core import timing as steps


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that was asked for; time passes by one second at each look."""
    told = tmp_path / "steps.txt"
    clock = iter(range(100))
    monkeypatch.setattr(steps, "_FILE", str(told))
    monkeypatch.setattr(steps.time, "perf_counter", lambda: float(next(clock)))
    return told


def test_what_other_steps_take_is_theirs(told: Path) -> None:
    """A step of three seconds with one of a second in it took two."""
    with steps.step("outer"), steps.step("inner"):
        pass

    assert told.read_text() == "inner 1.000000\nouter 2.000000\n"


def test_a_step_that_fails_took_its_time(told: Path) -> None:
    """The error goes on, the seconds are told, and the next step starts from nothing."""

    @steps.step("failing")
    def fail() -> None:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        fail()
    with steps.step("next"):
        pass

    assert told.read_text() == "failing 1.000000\nnext 1.000000\n"


def test_nothing_is_written_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LIASSE_STEPS no file appears."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(steps, "_FILE", "")

    with steps.step("quiet"):
        pass

    assert list(tmp_path.iterdir()) == []
