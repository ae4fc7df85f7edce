"""Code that has taken over a reader: it finds nothing of others, does nothing to them, answers nothing that acts."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import memory_search
import payloads
import payloads_of_disk_and_time
import pytest
from by_value import ByValue
from confined import children_of
from payloads import ALL, UNSAFE, Place, tried

from pipeline.core.errors import FormRejected, LiasseError
from pipeline.sandbox import confinement
from pipeline.sandbox.clean_process import CLEAN
from pipeline.sandbox.jail import run
from pipeline.sandbox.quotas import Limits

pytestmark = [
    pytest.mark.sampled(4),
    pytest.mark.skipif(
        not (confinement.usable().landlock and confinement.usable().seccomp), reason="no Landlock or seccomp here"
    ),
]
QUICK = Limits(memory=1_000_000_000, cpu=3, answer=200_000)
LISTS = (payloads, payloads_of_disk_and_time)  # importing them fills the list
NAMES = sorted(ALL)
MARKER = "QUETZALCOATLUSVENTOUX"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A folder with forms and a ledger, and a listening port."""
    folder = tmp_path_factory.mktemp("loot")
    for name in ("form", "other", "ledger.sqlite", "spool-form", "formation.toml"):
        (folder / name).write_bytes(b"bytes of a form")
    with socket.create_server(("127.0.0.1", 0)) as port, (folder / "form").open("rb") as form:
        run(len, form.fileno())
        yield Place(str(folder), os.getpid(), CLEAN.id, port.getsockname()[1])


@pytest.fixture(scope="module")
def ends(place: Place) -> dict[str, str]:
    """What became of each payload, one child for all; of those that end their child, a child for each."""
    with (Path(place.folder) / "form").open("rb") as form:
        answer: dict[str, str] = run(partial(_attack, place=place, names=NAMES), form.fileno(), limits=QUICK)
    return answer


def _attack(_: bytes, place: Place, names: list[str]) -> dict[str, str]:
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    return tried(place, names)


@pytest.mark.parametrize("name", NAMES)
def test_a_payload_is_refused(ends: dict[str, str], name: str) -> None:
    """By the kernel, in the reader of a form; the worker, the clean process and the files are as before."""
    assert ends[name] != "done"


def test_nothing_happened(ends: dict[str, str], place: Place) -> None:
    """No file was made, changed or lost; worker and clean process live; nobody is left behind."""
    assert len(ends) > 100
    assert sorted(os.listdir(place.folder)) == ["form", "formation.toml", "ledger.sqlite", "other", "spool-form"]  # noqa: PTH208
    assert {path.read_bytes() for path in Path(place.folder).iterdir()} == {b"bytes of a form"}
    assert (CLEAN.id, children_of(place.clean)) == (place.clean, [])


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is refused some of it anyway")
def test_without_the_jail_most_of_them_succeed(tmp_path: Path, place: Place) -> None:
    """It is the jail that refuses them: in a plain child of ours nearly all that are safe to try go through."""
    for name in ("form", "other", "ledger.sqlite", "spool-form", "formation.toml"):
        (tmp_path / name).write_bytes(b"bytes of a form")
    names = [name for name in NAMES if name not in UNSAFE]
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        done = tried(Place(str(tmp_path), os.getppid(), place.clean, place.port), names)
        os.write(writer, "\n".join(name for name, end in done.items() if end != "done").encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    os.setpriority(os.PRIO_PROCESS, 0, 0)  # one of them slowed us down, and every test after this one
    with os.fdopen(reader) as pipe:
        missed = pipe.read().splitlines()
    assert (len(names) > 50, len(missed) < len(names) // 5) == (True, True), missed


def _pickled(_: bytes) -> Any:
    os.write(4, b"\x80\x04\x95\x1c\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.")
    os._exit(0)


def _endless(_: bytes) -> Any:
    while True:
        os.write(4, b'{"result": "')


def _deep(_: bytes) -> Any:
    os.write(4, b"[" * 150_000)
    os._exit(0)


def _said(text: bytes) -> Callable[[bytes], Any]:
    def say(_: bytes) -> Any:
        os.write(4, text)
        os._exit(0)

    return say


ANSWERS = {
    "a pickle": _pickled,
    "no end": _endless,
    "depth": _deep,
    "nothing": _said(b""),
    "no object": _said(b"[1, 2]"),
    "a number": _said(b"7"),
    "two objects": _said(b'{"result": 1}{"result": 2}'),
    "no letters": _said(b"\xff\xfe\x00"),
    "a reason of nobody": _said(b'{"rejected": ["RM_RF", "x"]}'),
    "a reason that is a list": _said(b'{"rejected": 3}'),
    "a long number": _said(b'{"result": ' + b"9" * 5_000 + b"}"),
    "zeros": _said(b"\0" * 4_096),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_none_is_a_refusal(place: Place, name: str) -> None:
    """Whatever is written to the pipe, the worker gets an error of ours, and runs none of it."""
    with (Path(place.folder) / "form").open("rb") as form, pytest.raises(LiasseError) as caught:
        run(ByValue(ANSWERS[name]), form.fileno(), limits=QUICK)
    assert isinstance(caught.value, FormRejected)
    assert children_of(CLEAN.id) == []


def test_nothing_of_the_form_before_is_in_the_memory_of_the_next(tmp_path: Path) -> None:
    """A form with a mark is read and answered by the worker; the next reader looks through all its memory."""
    held = []
    for number in range(5):
        (tmp_path / f"a{number}").write_bytes(f"{MARKER} form {number} ".encode() * 500)
        with (tmp_path / f"a{number}").open("rb") as form:
            held.append(
                run(memory_search.decoded, form.fileno())
            )  # the worker holds the answers, as it holds readings
    (tmp_path / "b").write_bytes(b"bytes of another form")
    with (tmp_path / "b").open("rb") as form:
        found, looked = run(
            partial(memory_search.found, sought=memory_search.pattern(MARKER)), form.fileno(), limits=QUICK
        )
    assert all(MARKER in one for one in held)
    assert (found, looked > 10_000_000) == (0, True)


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """The form that a reader has itself is found, so that nothing found means nothing there."""
    (tmp_path / "a").write_bytes(f"{MARKER} form ".encode() * 500)
    with (tmp_path / "a").open("rb") as form:
        found, _ = run(
            partial(memory_search.found, sought=memory_search.pattern(MARKER)), form.fileno(), limits=QUICK
        )
    assert found > 0


def test_the_environment_of_a_reader_is_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No secret of the operator's is handed on: neither as variables nor where the kernel put them."""
    monkeypatch.setenv("LIASSE_SECRET", MARKER)
    CLEAN.gone(CLEAN.id)
    (tmp_path / "b").write_bytes(b"bytes of another form")
    with (tmp_path / "b").open("rb") as form:
        assert set(run(memory_search.environment, form.fileno())) <= {"PATH", "LC_CTYPE"}
        assert (
            run(partial(memory_search.found, sought=memory_search.pattern(MARKER)), form.fileno(), limits=QUICK)[0]
            == 0
        )


def test_payloads_are_beside_this_file() -> None:
    """A child imports them by name."""
    assert Path(payloads.here()) == Path(__file__).parent
