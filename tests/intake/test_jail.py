"""The jail: whatever its child does, the parent gets a value or a FormRejected, soon, and nothing survives."""

from __future__ import annotations

import json
import mmap
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from by_value import ByValue
from confined import USERS, become, children_of

from pipeline.core.errors import ConfigError, FormRejected, ReadingStopped, ToolMissing, Transient
from pipeline.sandbox import jail
from pipeline.sandbox.clean_process import CLEAN
from pipeline.sandbox.quotas import Limits, require_processor

pytestmark = pytest.mark.sampled(3)

QUICK = Limits(memory=2_000_000_000, cpu=2, answer=100_000, source=1_000)


def run(work: Callable[[bytes], Any], source: int, *, load: Callable[[], Any] | None = None, **given: Any) -> Any:
    """The jail, with functions of this file."""
    sent = partial(ByValue(work.func), **work.keywords) if isinstance(work, partial) else ByValue(work)
    return jail.run(sent, source, load=ByValue(load) if load else None, **given)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[int]:
    """An open descriptor on a small file."""
    path = tmp_path / "form"
    path.write_bytes(b"bytes of a form")
    descriptor = os.open(path, os.O_RDONLY)
    jail.run(len, descriptor)  # the clean process is there: what follows does not wait for it
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


def test_a_missing_program_stays_ours_to_mend(source: int) -> None:
    """No sender is blamed for what is not installed here."""

    def fail(_: bytes) -> Any:
        raise ToolMissing("tesseract is not installed")

    with pytest.raises(ToolMissing, match="tesseract is not installed"):
        run(fail, source)


def _loop(_: bytes) -> Any:
    while True:
        pass


def _sleep(_: bytes) -> Any:
    time.sleep(60)


def _loop_deaf(_: bytes) -> Any:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


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


def _lacks_a_module(_: bytes) -> Any:
    import module_of_an_upgrade_half_done  # type: ignore[import-not-found]  # noqa: F401, PLC0415


def test_a_module_that_is_gone_is_no_fault_of_the_file(source: int) -> None:
    """An upgrade half done, a library path of the parent's alone: nobody is written to."""
    with pytest.raises(ToolMissing, match=r"ModuleNotFoundError at test_jail\.py.*Install liasse again"):
        run(_lacks_a_module, source, limits=QUICK)


_REASONS = {_loop: "CALCUL_EXCESSIF", _loop_deaf: "CALCUL_EXCESSIF", _flood: "TEXTE_EXCESSIF"}


@pytest.mark.parametrize("work", [_loop, _loop_deaf, _eat, _flood, _die, _crash, _nonsense, _write_a_file])
def test_whatever_the_child_does_becomes_a_refusal_in_french(work: Callable[[bytes], Any], source: int) -> None:
    """An endless loop, one deaf to signals, gigabytes, a flood, an abort, a bug, nonsense, a file: all end."""
    with pytest.raises(FormRejected) as caught:
        run(work, source, limits=QUICK)
    assert (caught.value.reason, "fichier" in caught.value.message) == (_REASONS.get(work, "FICHIER_REFUSE"), True)
    assert ("trop de calcul" in caught.value.message) == (work in {_loop, _loop_deaf})


def test_a_child_that_hangs_is_ours_and_nothing_is_said_of_the_file(source: int) -> None:
    """It took time and no processor: the machine may be busy. The form is tried again."""
    with pytest.raises(ReadingStopped, match="hangs, or this machine"):
        run(_sleep, source, limits=Limits(hang=0.2))


def test_a_slow_child_is_waited_for_and_who_waits_may_do_something(source: int, monkeypatch: Any) -> None:
    """A second of waiting is no second of the file's; meanwhile a worker keeps its lease."""
    monkeypatch.setattr("pipeline.sandbox.jail._PULSE", 0.1)
    looks: list[None] = []

    def slow(data: bytes) -> int:
        time.sleep(1)
        return len(data)

    assert run(slow, source, limits=Limits(cpu=1), waiting=lambda: looks.append(None)) == 15
    assert len(looks) > 3


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_killed_from_outside_is_not_the_files(source: int, number: int) -> None:
    """By the kernel where memory is short, or by somebody: it had hardly computed."""
    with pytest.raises(ReadingStopped, match="was killed"):
        run(lambda _: os.kill(os.getpid(), number), source)


def test_a_reading_stopped_inside_is_told_as_it_was(source: int) -> None:
    """The engine that the child had started was killed."""

    def fail(_: bytes) -> Any:
        raise ReadingStopped("tesseract was killed")

    with pytest.raises(ReadingStopped, match="tesseract was killed"):
        run(fail, source)


def test_what_programs_computed_counts_with_what_the_child_did(source: int) -> None:
    """Two and a half seconds in a process of its own: of four, no two are left for the next one."""

    def start_two(_: bytes) -> Any:
        require_processor(2)
        child = os.fork()
        if child == 0:
            while time.process_time() < 2.5:
                pass
            os._exit(0)
        os.waitpid(child, 0)
        require_processor(2)

    with pytest.raises(FormRejected, match="trop de calcul"):
        run(start_two, source, limits=Limits(cpu=3, processes=None, programs=("true",)))
    require_processor(1_000_000)  # nothing is asked outside of the jail


def test_no_child_is_left_behind(source: int) -> None:
    """A child that slept is killed and reaped."""
    with pytest.raises(ReadingStopped):
        run(_sleep, source, limits=Limits(hang=0.2))
    assert children_of(CLEAN.id) == []


def test_what_the_child_loads_first_it_loads_as_freely_as_its_parent(source: int, tmp_path: Path) -> None:
    """Before it is limited and confined, and before it has seen a byte: a file can still be written."""
    kept = tmp_path / "kept"

    def load() -> None:
        kept.write_text(str(resource.getrlimit(resource.RLIMIT_FSIZE)[0]), encoding="ascii")

    assert run(lambda _: resource.getrlimit(resource.RLIMIT_FSIZE)[0], source, load=load) == 0
    assert kept.read_text(encoding="ascii") == str(resource.RLIM_INFINITY)


def test_the_time_of_loading_is_not_held_against_the_form(source: int) -> None:
    """A cold disk: the form has its own seconds, from the moment that its reader is there."""
    assert run(len, source, limits=Limits(hang=0.7), load=lambda: time.sleep(0.5)) == 15


def test_the_processor_time_of_loading_is_not_the_forms(source: int) -> None:
    """A slow machine blames no sender: the limit counts from there."""

    def load() -> None:
        while time.process_time() < 1.2:
            pass

    assert run(len, source, limits=Limits(cpu=1), load=load) == 15


def test_a_reader_that_cannot_be_loaded_is_ours_to_mend(source: int) -> None:
    """A package is missing: said as that, and the form is not refused."""

    def load() -> None:
        raise ImportError("No module named 'pypdf'")

    with pytest.raises(ToolMissing, match="No module named 'pypdf'"):
        run(len, source, load=load)


@pytest.mark.parametrize("load", [os.abort, lambda: time.sleep(60)])
def test_a_reader_that_never_comes_up_is_the_machines_fault(source: int, load: Callable[[], None]) -> None:
    """It saw nothing of the form: nothing is said against the form, and it is tried again."""
    with pytest.raises(Transient, match="did not start"):
        run(len, source, load=load, limits=Limits(hang=0.3))
    assert children_of(CLEAN.id) == []


def test_this_process_has_something_to_do_meanwhile(source: int) -> None:
    """The child lives and works; what it has answered in the meantime is heard all the same, however much it is."""
    lived: list[int] = []

    def meanwhile() -> None:
        time.sleep(0.4)
        lived.extend(children_of(CLEAN.id))

    answer = run(lambda _: "x" * 200_000, source, limits=Limits(hang=0.2), meanwhile=meanwhile)

    assert (len(answer), len(lived)) == (200_000, 1)


def test_what_fails_meanwhile_leaves_no_child_behind(source: int) -> None:
    """The child is killed and reaped; the error is told as it is."""

    def meanwhile() -> None:
        raise ImportError("docx")

    with pytest.raises(ImportError, match="docx"):
        run(_sleep, source, meanwhile=meanwhile)
    assert children_of(CLEAN.id) == []


def test_the_child_goes_with_its_parent(source: int) -> None:
    """A worker that is killed with -9 leaves no reader behind, working for nobody."""
    worker = os.fork()
    if worker == 0:
        with suppress(BaseException):
            run(_sleep, source)
        os._exit(0)
    clean = _until(lambda: children_of(worker))[0]
    reader = _until(lambda: children_of(clean))[0]
    _until(lambda: Path(f"/proc/{reader}/status").read_text().partition("NoNewPrivs:\t")[2].startswith("1"))
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    assert _until(lambda: not _lives(reader) and not _lives(clean))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_the_clean_process_is_started_again_when_it_has_died(source: int, number: int) -> None:
    """Whoever reads next has another one, and sees nothing of it."""
    assert run(len, source) == 15
    before = CLEAN.id
    os.kill(before, number)
    assert _until(lambda: not _lives(before))
    assert (run(len, source), CLEAN.id != before) == (15, True)


def test_a_clean_process_that_dies_under_a_reading_blames_no_form(source: int) -> None:
    """The child goes with it; the form is tried again."""

    def kill() -> None:
        _until(lambda: children_of(CLEAN.id))
        time.sleep(0.3)  # it has loaded, and sees the form
        os.kill(CLEAN.id, signal.SIGKILL)

    with pytest.raises(ReadingStopped, match="clean process was killed"):
        run(_sleep, source, meanwhile=kill)
    assert run(len, source) == 15


def test_what_is_kept_is_there_in_each_child_and_the_newest_counts(source: int) -> None:
    """Forms that are known are sent once, also to the clean process that follows one that died."""
    first, second = {"name": "first"}, {"name": "second"}
    for kept in (first, first, second):
        assert run(partial(_name, kept=kept), source, kept=kept) == kept["name"]
    os.kill(CLEAN.id, signal.SIGKILL)
    assert run(partial(_name, kept=second), source, kept=second) == "second"


def _name(_: bytes, kept: dict[str, str]) -> str:
    return kept["name"]


def test_threads_read_at_the_same_time(source: int) -> None:
    """Each asks the one clean process and gets its own answer."""

    def echo(number: int) -> int:
        return int(run(partial(_echo, number=number), source))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(echo, range(12))) == list(range(12))


def _echo(_: bytes, number: int) -> int:
    return number


def _until(true: Callable[[], Any]) -> Any:
    """What the question answers, once it is something; waits five seconds at most."""
    for _ in range(500):
        if answer := true():
            return answer
        time.sleep(0.01)
    return None


def _lives(pid: int) -> bool:
    """Whether a process is there and is no corpse that its new parent has not yet seen."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_parent_with_a_thousand_open_files_still_listens(source: int) -> None:
    """Descriptors above 1023 are listened to like others; none is left open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2_000:
        pytest.skip("this user may not open two thousand files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2_000), hard))
    extra = [os.dup(source) for _ in range(1_100)]
    try:
        assert run(len, source) == 15
        assert os.dup(source) == extra[-1] + 1
        os.close(extra[-1] + 1)
    finally:
        os.closerange(extra[0], extra[-1] + 1)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


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


@pytest.mark.parametrize("user", USERS)
def test_limits_of_the_operator_are_kept_where_they_are_lower(source: int, user: str) -> None:
    """A user may not raise them: the form is read under them, and not refused."""
    lower = {resource.RLIMIT_AS: 1_400_000_000, resource.RLIMIT_NOFILE: 60, resource.RLIMIT_CPU: 7}

    def load() -> None:
        for what, most in lower.items():
            resource.setrlimit(what, (most, most))
        become(user)

    assert run(lambda _: [resource.getrlimit(what)[1] for what in lower], source, load=load) == list(lower.values())


def test_the_clean_process_is_under_the_limits_of_its_operator_too(source: int) -> None:
    """It inherits them, and its children from it."""

    def read() -> Any:
        resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
        return run(lambda _: resource.getrlimit(resource.RLIMIT_NOFILE)[1], source)

    assert forked(read) == 60


def test_an_answer_that_came_while_this_process_was_frozen_counts(
    source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine was paused for an hour: the form had been read, and is not refused for it."""
    hours = iter((0.0,))

    def clock() -> float:
        time.sleep(0.3)
        return next(hours, 3_600.0)

    monkeypatch.setattr("pipeline.sandbox.jail.time.monotonic", clock)

    assert run(len, source) == 15


def forked(work: Callable[[], Any]) -> Any:
    """What ``work`` answers (JSON) in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as pipe:
        return json.loads(pipe.read())


def test_what_the_parent_holds_is_not_the_forms_memory(source: int) -> None:
    """A worker that keeps the engines of scans in memory still reads a form: the child's own bytes are counted."""
    with mmap.mmap(-1, 300_000_000):
        limits = Limits(memory=200_000_000)

        assert run(lambda _: len(bytearray(50_000_000)), source, limits=limits) == 50_000_000
        with pytest.raises(FormRejected):
            run(lambda _: len(bytearray(400_000_000)), source, limits=limits)
