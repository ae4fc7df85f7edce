"""The jail: whatever its child does, the parent gets a value or a FormRejected, soon, and nothing survives."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, FormRejected
from pipeline.intake.jail import Limits, run

QUICK = Limits(memory=2_000_000_000, cpu=2, wall=3.0, answer=100_000, source=1_000)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[int]:
    """An open descriptor on a small file."""
    path = tmp_path / "form"
    path.write_bytes(b"bytes of a form")
    descriptor = os.open(path, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_the_answer_comes_back_as_json(source: int) -> None:
    """What goes in are the bytes, what comes out is plain JSON: a tuple is a list on the way back."""
    assert run(lambda data: {"size": len(data), "é": (1, None)}, source) == {"size": 15, "é": [1, None]}


def test_a_refusal_keeps_its_code_and_its_message(source: int) -> None:
    """FormRejected crosses the pipe as it was raised."""

    def refuse(_: bytes) -> Any:
        raise FormRejected("FICHIER_VIDE", "Le fichier reçu est vide.")

    with pytest.raises(FormRejected) as caught:
        run(refuse, source)
    assert (caught.value.reason, caught.value.message) == ("FICHIER_VIDE", "Le fichier reçu est vide.")


def test_a_broken_formation_stays_ours_to_mend(source: int) -> None:
    """ConfigError is not turned into a reproach to the sender."""

    def fail(_: bytes) -> Any:
        raise ConfigError("formation.toml is broken")

    with pytest.raises(ConfigError, match=r"formation\.toml is broken"):
        run(fail, source)


def _loop(_: bytes) -> Any:
    while True:
        pass


def _sleep(_: bytes) -> Any:
    time.sleep(60)


def _eat(_: bytes) -> Any:
    return len([bytes(50_000_000) for _ in range(1_000)])


def _flood(_: bytes) -> Any:
    return "x" * 1_000_000


def _die(_: bytes) -> Any:
    os.abort()


def _crash(_: bytes) -> Any:
    return {}["absent"]


def _nonsense(_: bytes) -> Any:
    os.write(4, b"{not json")
    os._exit(0)


def _write_a_file(_: bytes) -> Any:
    Path("/tmp/written-in-jail").write_text("x" * 10, encoding="utf-8")  # noqa: S108 -- it must not be possible


@pytest.mark.parametrize("work", [_loop, _sleep, _eat, _flood, _die, _crash, _nonsense, _write_a_file])
def test_whatever_the_child_does_becomes_a_refusal_in_french(work: Callable[[bytes], Any], source: int) -> None:
    """An endless loop, a sleep, gigabytes, a flood, an abort, a bug, nonsense, a file: all end in time."""
    start = time.monotonic()
    with pytest.raises(FormRejected) as caught:
        run(work, source, limits=QUICK)
    assert (caught.value.reason, "fichier" in caught.value.message) == ("FICHIER_REFUSE", True)
    assert time.monotonic() - start < 6


def test_no_child_is_left_behind(source: int) -> None:
    """A child that slept is killed and reaped."""
    with pytest.raises(FormRejected):
        run(_sleep, source, limits=Limits(wall=0.2))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    """The child reads no more than it may."""
    path = tmp_path / "form"
    path.write_bytes(bytes(2_000))
    descriptor = os.open(path, os.O_RDONLY)
    with pytest.raises(FormRejected) as caught:
        run(len, descriptor, limits=QUICK)
    os.close(descriptor)
    assert caught.value.reason == "FICHIER_TROP_GROS"


def test_the_child_has_no_other_descriptor(source: int) -> None:
    """The ledger, sockets and other forms are closed: only the form (until it is read) and the answer remain."""

    def open_ones(_: bytes) -> Any:
        return sorted(fd for fd in range(200) if _is_open(fd))

    assert run(open_ones, source) == [0, 1, 2, 4]


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
