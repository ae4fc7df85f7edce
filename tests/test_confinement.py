"""Confinement: in a child every attempt is really made, as root and as nobody, and the kernel refuses each."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from by_value import ByValue
from confined import NUMBERS, USERS, attempts, become, call, number, tesseract, tried

from pipeline.core.errors import ConfigError
from pipeline.sandbox import confinement, landlock, seccomp
from pipeline.sandbox.jail import run
from pipeline.sandbox.quotas import Limits

REFUSALS = {"EACCES", "EPERM"}
READER = Limits(memory=2_000_000_000, cpu=5)
IMAGES = Limits(memory=2_000_000_000, cpu=5, files=64, processes=None, programs=("prlimit", "tesseract"))
BOTH = confinement.Usable(landlock.abi(), seccomp=True)
NAMES = tuple(attempts(Path("/nowhere"), 0))
needs_landlock = pytest.mark.skipif(not confinement.usable().landlock, reason="this kernel has no Landlock")
pytestmark = pytest.mark.skipif(not confinement.usable().seccomp, reason="this kernel has no seccomp")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A folder that anybody may write in, with two forms and a listening Unix socket; and a listening port."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o777)
    for name in ("form", "other"):
        (tmp_path / name).write_bytes(b"bytes of a form")
        (tmp_path / name).chmod(0o666)
    with socket.socket(socket.AF_UNIX) as here, socket.create_server(("127.0.0.1", 0)) as port:
        here.bind(os.path.relpath(tmp_path / "unix"))
        here.listen()
        (tmp_path / "unix").chmod(0o777)
        yield tmp_path, port.getsockname()[1]


def jailed(work: Callable[[bytes], Any], form: Path, limits: Limits, user: str = "this user") -> Any:
    """What ``work`` answers in the jail, started by that user."""
    source = os.open(form, os.O_RDONLY)
    try:
        return run(ByValue(work), source, limits=limits, load=partial(become, user))
    finally:
        os.close(source)


def outcomes(place: tuple[Path, int], limits: Limits, user: str, names: tuple[str, ...] = NAMES) -> dict[str, str]:
    """What became of each attempt."""

    def try_all(_: bytes) -> dict[str, str]:
        wanted = attempts(*place)
        return {name: tried(wanted[name]) for name in names}

    answer: dict[str, str] = jailed(try_all, place[0] / "form", limits, user)
    return answer


@needs_landlock
@pytest.mark.parametrize("user", USERS)
def test_the_reader_of_forms_can_do_none_of_it(place: tuple[Path, int], user: str) -> None:
    """Read, list, write, run, fork, speak, signal, look at others: forty ways, all refused by the kernel."""
    allowed = {name: end for name, end in outcomes(place, READER, user).items() if end not in REFUSALS}
    assert allowed == {}
    assert sorted(path.name for path in place[0].iterdir()) == ["form", "other", "unix"]


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is refused some of it anyway")
def test_outside_of_the_jail_each_of_them_goes_through(place: tuple[Path, int]) -> None:
    """The same attempts in a plain child of root meet no refusal: it is the jail that the other tests see."""
    wanted = attempts(*place)
    refused = [name for name in NAMES if name != "trace the parent" and _alone(name, place) in REFUSALS]
    assert (refused, len(wanted) > 35) == ([], True)


def _alone(name: str, place: tuple[Path, int]) -> str:
    """The end of one attempt in a forked child of its own, which is not confined."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open("/dev/null", os.O_RDONLY), 4)
        os.write(writer, tried(attempts(*place)[name]).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        end = pipe.read().decode()
    os.waitpid(child, 0)
    return end


OPEN_TO_IMAGES = {"fork", "start a thread", "signal its group"}


@needs_landlock
@pytest.mark.skipif(not tesseract(), reason="tesseract is not installed")
@pytest.mark.parametrize("user", USERS)
def test_the_reader_of_images_can_start_threads_and_tesseract_alone(place: tuple[Path, int], user: str) -> None:
    """All else is refused to it too; signals to others where the kernel can (Landlock 6)."""
    known = OPEN_TO_IMAGES if BOTH.landlock >= landlock.SCOPES_FROM else {*OPEN_TO_IMAGES, "signal the parent"}
    ends = outcomes(place, IMAGES, user, tuple(name for name in NAMES if name != "urge the parent"))
    assert {name for name, end in ends.items() if end not in REFUSALS} == known


@needs_landlock
@pytest.mark.skipif(not tesseract(), reason="tesseract is not installed")
@pytest.mark.parametrize("user", USERS)
def test_what_the_reader_of_images_starts_is_as_confined_as_itself(place: tuple[Path, int], user: str) -> None:
    """The program runs and says its version; asked to read another file, it is refused."""

    def start(_: bytes) -> list[str]:
        said = subprocess.run([tesseract(), "--version"], capture_output=True, text=True, check=True).stdout
        other = subprocess.run([tesseract(), str(place[0] / "other"), "stdout"], capture_output=True, check=False)
        return [said.split()[0], str(other.returncode)]

    assert jailed(start, place[0] / "form", IMAGES, user) == ["tesseract", "1"]


def test_every_call_of_the_tables_is_refused(place: tuple[Path, int]) -> None:
    """Each number is asked for, with empty words: the filter answers before the kernel looks at them."""

    def ask(_: bytes) -> list[str]:
        every = {**NUMBERS.never, **NUMBERS.programs}
        return [name for name, value in every.items() if tried(lambda value=value: call(value, 0, 0, 0)) != "EPERM"]

    assert jailed(ask, place[0] / "form", READER) == []


def test_calls_that_cannot_be_looked_into_do_not_exist(place: tuple[Path, int]) -> None:
    """openat2, clone3, and whatever Linux invents after these tables: the C library then takes the older ones."""

    def ask(_: bytes) -> list[str]:
        return [
            tried(lambda value=value: call(value, 0, 0, 0)) for value in (number("openat2"), 435, 500, 0x40000029)
        ]

    assert jailed(ask, place[0] / "form", READER) == ["ENOSYS"] * 4


def test_a_namespace_cannot_be_had_by_a_clone_either(place: tuple[Path, int]) -> None:
    """The reader of images may clone, but not into a new user namespace."""

    def ask(_: bytes) -> str:
        return tried(lambda: call(number("clone"), 0x10000000 | 17, 0, 0, 0, 0))

    assert jailed(ask, place[0] / "form", IMAGES) == "EPERM"


@needs_landlock
def test_what_a_parser_needs_late_can_still_be_read(place: tuple[Path, int]) -> None:
    """A module of Python that nobody imported yet, a package, one of ours, the font of a page."""

    def need(_: bytes) -> list[bool]:
        import wave  # noqa: PLC0415 -- late is the point
        import zipapp  # noqa: PLC0415

        from pipeline.maintenance import formations as upkeep  # noqa: PLC0415

        fonts = list(Path("/usr/share/fonts").iterdir())
        return [bool(wave.open), bool(zipapp), bool(upkeep), bool(fonts)]

    assert jailed(need, place[0] / "form", READER) == [True] * 4


def test_nothing_of_the_workspace_is_among_what_may_be_read(workspace: Any) -> None:
    """Our code is granted, not the folder above it, which may be where the forms are."""
    granted = landlock.readable()
    assert [
        path for path in ("inbox", "outbox", ".liasse", "templates") if _covered(workspace.root / path, granted)
    ] == []
    assert not any(_covered(Path(path), granted) for path in ("/etc/passwd", "/home", "/root", "/tmp", "/var"))  # noqa: S108


def _covered(path: Path, granted: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(one) for one in granted)


KEPT_BY_SECCOMP = tuple(name for name in NAMES if not name.startswith(("read", "list")))


def test_without_landlock_it_still_writes_nothing_and_speaks_to_no_one(
    place: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old kernel: only reading is left open."""
    monkeypatch.setattr(confinement, "usable", lambda: confinement.Usable(0, seccomp=True))
    ends = outcomes(place, READER, "this user", KEPT_BY_SECCOMP)
    assert {name: end for name, end in ends.items() if end not in REFUSALS} == {}


@needs_landlock
@pytest.mark.parametrize("version", range(1, landlock.abi() + 1))
def test_every_version_of_landlock_keeps_the_files(
    place: tuple[Path, int], monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    """Older kernels know fewer rights; reading, listing, writing and making are known to all."""
    monkeypatch.setattr(confinement, "usable", lambda: confinement.Usable(version, seccomp=False))
    names = (
        "read the users",
        "read another form",
        "list the root",
        "write over a form",
        "make a file",
        "run a program",
    )
    tcp = ("speak TCP",) if version >= landlock.TCP_FROM else ()
    scoped = ("signal the parent",) if version >= landlock.SCOPES_FROM else ()
    ends = outcomes(place, READER, "this user", (*names, *tcp, *scoped))
    assert {name: end for name, end in ends.items() if end not in REFUSALS} == {}


def test_a_kernel_without_is_said_once_and_told_how_to_mend(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log warns the first time only; status says each layer and what would bring it."""
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    monkeypatch.setattr(seccomp, "supported", lambda: False)
    confinement.usable.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            assert [confinement.usable() for _ in range(3)] == [confinement.Usable(0, seccomp=False)] * 3
        assert [layer.usable for layer in confinement.status()] == [False] * 4
        assert [layer.what in caplog.text and layer.how in caplog.text for layer in confinement.status()] == [
            True
        ] * 4
        assert len(caplog.records) == 4
    finally:
        confinement.usable.cache_clear()


@needs_landlock
def test_status_is_tried_for_real() -> None:
    """Here, where the tests above pass, every layer that they need is said to be usable."""
    assert [layer.usable for layer in confinement.status()][:3] == [True] * 3
    assert confinement.usable().landlock == landlock.abi()


def test_a_child_that_cannot_be_confined_does_not_start(
    place: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What worked when liasse started and fails now is ours to mend: no form is blamed, and none is read."""
    monkeypatch.setattr(confinement, "usable", lambda: confinement.Usable(-1, seccomp=True))  # the kernel refuses it
    with pytest.raises(ConfigError, match="cannot be confined"):
        jailed(len, place[0] / "form", READER)


def test_it_imports_without_the_rest() -> None:
    """Nothing of ours but the errors comes with it."""
    code = (
        "import sys; from pipeline.sandbox import confinement; confinement.usable; "
        "print(sorted(name for name in sys.modules if name.startswith('pipeline.core')))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert eval(printed) == ["pipeline.core", "pipeline.core.errors", "pipeline.core.late"]  # noqa: S307 -- our own
