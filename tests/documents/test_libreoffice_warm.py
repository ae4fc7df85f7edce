"""The LibreOffice that is kept running, the real one: the same bytes, whatever else it did, was killed or frozen."""

from __future__ import annotations

import ast
import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import caged
import people
import pytest
from by_value import ByValue
from caged import FODT, PIXEL, fake_soffice, gone, linking_file, office_of, pictures, word_file

from pipeline.core.decisions import Decisions
from pipeline.core.errors import ConfigError, ConversionError, ConversionStopped, ToolMissing
from pipeline.core.models import Edition, Form, Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents.libreoffice import (
    Cage,
    WarmOffice,
    bridge,
    cage,
    cage_status,
    choice,
    convert,
    find_bridge,
    program,
    warm,
    warm_office,
)
from pipeline.documents.packaging import make_packet
from pipeline.sandbox import jail

ROOT = Path(__file__).parent.parent.parent
FORM = Form("ab" * 32, Path("formulaire.pdf"), "formulaire.pdf", people.TODAY)
LONG = word_file(*(f"Paragraphe {number}, assez long pour que la page se remplisse." for number in range(3000)))


@pytest.fixture(autouse=True)
def _bridged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine set up as deploy/debian-packages.txt says; elsewhere there is nothing to try."""
    monkeypatch.delenv(bridge.SETTING, raising=False)
    if not find_bridge().python:
        pytest.skip(find_bridge().why)


@pytest.fixture
def kept() -> Iterator[WarmOffice]:
    """An office that ``convert`` uses, up and running; it has seen one document."""
    with warm_office() as opened:
        convert({"essai": word_file("x")})
        assert opened.running
        yield opened
    assert not opened.running


@pytest.fixture(params=["auto", "off"])
def every_cage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The best cage of this machine, then none."""
    monkeypatch.setenv(cage.SETTING, request.param)
    return str(request.param)


@pytest.fixture
def server() -> Iterator[tuple[int, list[bytes]]]:
    """A web server on this machine, and what it was asked."""
    with caged.web_server() as served:
        yield served


def place_of(opened: WarmOffice) -> Path:
    """The folder of an office."""
    assert opened._soffice is not None
    return opened._soffice.place


@contextlib.contextmanager
def struck(opened: WarmOffice, names: tuple[str, ...], what: signal.Signals, times: int = 1) -> Iterator[list[Path]]:
    """Within: as often as said, a signal is sent to programs of the office while they have a document in hand."""
    struck_places: list[Path] = []
    stop = threading.Event()

    def strike() -> None:
        while len(struck_places) < times and not stop.is_set():
            place = getattr(opened._soffice, "place", None)
            if place and place not in struck_places and list(place.glob("*.docx")):
                found = office_of(place)
                for number in (number for name in names for number in found[name]):
                    with contextlib.suppress(ProcessLookupError):  # the child may end as soon as its office has
                        os.kill(number, what)
                struck_places.append(place)
            time.sleep(0.001)

    thread = threading.Thread(target=strike)
    thread.start()
    try:
        yield struck_places
    finally:
        stop.set()
        thread.join()


def test_the_same_bytes_cold_warm_and_after_many_others(
    workspace: Workspace, programme: Callable[[str], Programme], checked: Callable[[str, dict[str, Any]], Record]
) -> None:
    """Every file of both formations' packets, made by an office that has just started and by one that has worked."""
    records = [checked(people.COORDINATION, people.coordination()), checked(people.CNAM, people.cnam())]

    def made() -> list[dict[str, bytes]]:
        return [
            make_packet(
                record,
                FORM,
                programme=programme(record.get("formation.code")),
                workspace=workspace,
                decisions=Decisions(),
                on=people.TODAY,
                edition=Edition("2024-001", 1),
            ).files
            for record in records
        ]

    cold = made()
    with warm_office() as opened:
        first = made()
        convert({str(number): word_file(f"autre {number}", *["ligne"] * number) for number in range(25)})
        convert({"long": LONG})
        again = made()

    assert opened.starts == 1
    assert first == cold
    assert again == cold


@pytest.mark.parametrize(
    ("setting", "names"),
    [("auto", ("soffice",)), ("auto", ("child",)), ("auto", ("soffice", "child")), ("off", ("soffice",))],
)
def test_what_is_killed_at_work_is_started_again(
    monkeypatch: pytest.MonkeyPatch, setting: str, names: tuple[str, ...]
) -> None:
    """Kill -9 with a document in hand: it is made by a fresh office, and nobody sees more than a delay."""
    monkeypatch.setenv(cage.SETTING, setting)
    with warm_office() as opened, struck(opened, names, signal.SIGKILL) as places:
        pdf = convert({"contrat": LONG})["contrat"]

    assert len(places) == 1
    assert pdf.startswith(b"%PDF-")
    assert opened.starts == 2
    assert gone(str(places[0]))
    assert not places[0].exists()


def test_what_is_killed_again_and_again_is_said(kept: WarmOffice) -> None:
    """Twice at the same document: it may be the document or the memory, so the form is tried later; others go on."""
    twice = struck(kept, ("soffice",), signal.SIGKILL, times=2)
    with twice as places, pytest.raises(ConversionStopped, match="killed while it made contrat"):
        convert({"contrat": LONG})

    assert len(places) == 2
    assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")


def test_what_is_killed_at_rest_costs_nobody(kept: WarmOffice) -> None:
    """Between two packets: seen before the next document, which is not blamed."""
    for number in office_of(place_of(kept))["soffice"]:
        os.kill(number, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while kept.running and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not kept.running
    assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")
    assert kept.starts == 2


def test_an_office_whose_folder_is_taken_away_is_replaced(kept: WarmOffice) -> None:
    """Somebody tidied up temporary files: the document is made all the same."""
    shutil.rmtree(place_of(kept))

    assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")
    assert kept.starts == 2


def test_a_frozen_office_is_stopped_at_its_time(kept: WarmOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped by a signal, as on a machine that swaps: said in time, and the next document is made."""
    monkeypatch.setattr(warm, "SECONDS_A_DOCUMENT", 2)
    begun = time.monotonic()
    with struck(kept, ("soffice",), signal.SIGSTOP) as places, pytest.raises(ConversionStopped, match="in 2 s"):
        convert({"contrat": LONG})

    assert time.monotonic() - begun < 10
    assert gone(str(places[0]))
    monkeypatch.setattr(warm, "SECONDS_A_DOCUMENT", 30)
    assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")


def test_it_is_started_afresh_now_and_then(kept: WarmOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many documents, and when it holds too much memory."""
    monkeypatch.setattr(warm, "EVERY", 2)
    convert({str(number): word_file("x") for number in range(3)})
    assert kept.starts == 2

    monkeypatch.setattr(warm, "EVERY", 200)
    monkeypatch.setattr(warm, "MEMORY", 1)
    convert({"essai": word_file("x")})
    assert kept.starts == 3


def test_its_memory_is_really_looked_at(kept: WarmOffice) -> None:
    """LibreOffice's own, not that of the shell that starts it: it never holds less than 60 MB."""
    assert kept._soffice is not None
    assert 60_000_000 < kept._soffice.memory < warm.MEMORY


def test_an_office_that_nobody_needs_is_let_go(kept: WarmOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its memory is somebody else's; the next document starts another."""
    place = place_of(kept)
    kept.rest()
    assert kept.running
    monkeypatch.setattr(warm, "IDLE", 0.0)
    kept.rest()

    assert not kept.running
    assert gone(str(place))
    assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")


@pytest.mark.parametrize("data", [b"du texte, pas un document", FODT], ids=["texte", "fodt"])
def test_a_document_at_fault_is_named_and_the_next_is_made(kept: WarmOffice, data: bytes) -> None:
    """Blamed by a fresh office only, and the office goes on."""
    with pytest.raises(ConversionError, match="no good PDF of faux"):
        convert({"bon": word_file("x"), "faux": data})

    assert kept.starts == 2
    assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")


def test_nothing_of_a_document_stays(kept: WarmOffice) -> None:
    """Neither the Word file nor the PDF nor its words: what comes next is another person's."""
    convert({"essai": word_file("Zénaïde Trouillefou")})

    left = [path for path in place_of(kept).rglob("*") if path.is_file()]
    assert [path.name for path in left if path.suffix in (".docx", ".pdf")] == []
    assert [path.name for path in left if b"Trouillefou" in path.read_bytes()] == []


def test_nothing_linked_is_fetched(every_cage: str, tmp_path: Path, server: tuple[int, list[bytes]]) -> None:
    """With both walls, then with the settings alone: neither the web nor the disk."""
    port, asked = server
    canary = tmp_path / "secret.png"
    canary.write_bytes(PIXEL)

    with warm_office():
        pdf = convert({every_cage: linking_file(f"http://127.0.0.1:{port}/x.png", canary.as_uri())})[every_cage]

    assert asked == []
    assert pictures(pdf) == 0


def test_the_cage_alone_keeps_the_canary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: tuple[int, list[bytes]]
) -> None:
    """With the settings gone: the cage has neither network nor this disk. Without either, the canary is seen."""
    monkeypatch.setattr(program, "_SETTINGS", ())
    port, asked = server
    canary = tmp_path / "secret.png"
    canary.write_bytes(PIXEL)
    linking = linking_file(f"http://127.0.0.1:{port}/x.png", canary.as_uri())
    if cage_status().cage is Cage.BWRAP:
        with warm_office():
            pdf = convert({"essai": linking})["essai"]
        assert (asked, pictures(pdf)) == ([], 0)

    monkeypatch.setenv(cage.SETTING, "off")
    with warm_office():
        pdf = convert({"essai": linking})["essai"]
    assert asked
    assert pictures(pdf) > 0


def test_without_a_cage_no_socket_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice's sockets lie in everybody's /tmp then: nobody else may speak through them, and they go with it."""
    monkeypatch.setenv(cage.SETTING, "off")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def sockets() -> dict[str, int]:
        found = Path("/tmp").glob("OSL_PIPE_*_liasse*")  # noqa: S108 -- LibreOffice's choice
        return {path.name: path.stat().st_mode for path in found}

    before = sockets()
    with warm_office():
        convert({"essai": word_file("x")})
        ours = {name: mode for name, mode in sockets().items() if name not in before}
        assert [mode & 0o022 for mode in ours.values()] == [0]

    assert ours.keys().isdisjoint(sockets())
    assert list(tmp_path.iterdir()) == []


def test_inside_there_is_no_network(kept: WarmOffice) -> None:
    """Both programs have a network namespace of their own, with nothing in it but itself."""
    if cage_status().cage is Cage.NONE:
        pytest.skip("no cage here")
    found = office_of(place_of(kept))
    numbers = found["soffice"] + found["child"]
    seen = [Path(f"/proc/{number}/net/dev").read_text() for number in numbers]

    assert len(numbers) == 2
    ours = Path("/proc/self/ns/net").readlink()
    assert ours not in {Path(f"/proc/{number}/ns/net").readlink() for number in numbers}
    assert [[line.split(":")[0].strip() for line in text.splitlines()[2:]] for text in seen] == [["lo"], ["lo"]]


_KEEP = """
import sys, time
from pathlib import Path
from pipeline.documents.libreoffice import convert, warm_office
with warm_office():
    convert({"essai": Path(sys.argv[1]).read_bytes()})
    print("up", flush=True)
    convert({"long": Path(sys.argv[2]).read_bytes()})
    time.sleep(60)
"""


def test_nothing_outlives_a_worker_that_is_killed(every_cage: str, tmp_path: Path) -> None:
    """Kill -9, with a document in hand: no program is left, and nothing of the person on the disk."""
    (tmp_path / "essai.docx").write_bytes(word_file("x"))
    (tmp_path / "long.docx").write_bytes(LONG)
    own = tmp_path / "travail"
    own.mkdir()
    worker = subprocess.Popen(
        [sys.executable, "-c", _KEEP, str(tmp_path / "essai.docx"), str(tmp_path / "long.docx")],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(own), "LIASSE_CAGE": every_cage},
        stdout=subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"up\n"
    deadline = time.monotonic() + 10
    while not list(own.glob("*/000002.docx")) and time.monotonic() < deadline:
        time.sleep(0.001)

    assert office_of(own)["soffice"]
    assert list(own.glob("*/000002.docx"))
    worker.kill()
    worker.communicate()

    assert gone(str(own))
    assert list(own.iterdir()) == []


_FORK = """
import os, sys
from pathlib import Path
from pipeline.documents.libreoffice import convert, warm_office
docx = Path(sys.argv[1]).read_bytes()
with warm_office() as office:
    convert({"un": docx})
    child = os.fork()
    if child == 0:
        good = convert({"deux": docx})["deux"].startswith(b"%PDF-")
        office.close()
        os._exit(0 if good and office.starts == 1 else 1)
    _, status = os.waitpid(child, 0)
    convert({"trois": docx})
    print(os.waitstatus_to_exitcode(status), office.starts)
"""


def test_a_forked_child_leaves_the_office_alone(tmp_path: Path) -> None:
    """It converts for itself, the cold way, and cannot end its parent's."""
    source = tmp_path / "essai.docx"
    source.write_bytes(word_file("x"))
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", _FORK, str(source)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "0 1\n"


def test_the_readers_jail_holds_no_line_to_the_office(kept: WarmOffice, tmp_path: Path) -> None:
    """The child that parses a stranger's file has no descriptor but the file's and its answer's."""
    (tmp_path / "formulaire").write_bytes(b"x")

    def held(_: bytes) -> list[int]:
        found = []
        for number in range(4, 200):
            with contextlib.suppress(OSError):
                os.fstat(number)
                found.append(number)
        return found

    source = os.open(tmp_path / "formulaire", os.O_RDONLY)
    try:
        assert jail.run(ByValue(held), source) == [4]
    finally:
        os.close(source)
    assert kept.running


@pytest.fixture
def without_uno(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without python3-uno."""
    monkeypatch.setattr(bridge, "_PYTHONS", ("/usr/bin/false",))
    bridge._tried.cache_clear()
    yield
    bridge._tried.cache_clear()


@pytest.mark.usefixtures("without_uno")
def test_without_the_bridge_packets_are_made_the_cold_way(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said once, with the package to install; an operator who requires it gets an error instead."""
    with warm_office() as opened:
        for _ in range(2):
            assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")
        assert opened.starts == 0
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        assert "apt-get install python3-uno" in caplog.text

        monkeypatch.setenv(bridge.SETTING, "warm")
        with pytest.raises(ToolMissing, match="apt-get install python3-uno"):
            convert({"essai": word_file("x")})


def test_an_operator_may_want_it_cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """LIASSE_OFFICE=cold: nothing stays; a misspelt word is said."""
    monkeypatch.setenv(bridge.SETTING, "cold")
    with warm_office() as opened:
        assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")
        assert (opened.starts, find_bridge().why) == (0, "LIASSE_OFFICE=cold")

        monkeypatch.setenv(bridge.SETTING, "tiede")
        with pytest.raises(ConfigError, match="auto, warm or cold"):
            convert({"essai": word_file("x")})


def test_outside_nothing_is_kept() -> None:
    """A command that makes one packet leaves no office behind, and offices do not nest."""
    with warm_office() as outer, warm_office() as inner:
        assert inner is outer
        assert choice._kept == [outer]
    assert choice._kept == []


_COLD_ONLY = """for word; do case $word in --accept=*) echo "no such option" >&2; exit 3;; esac; done
exec {real} "$@"
"""


def test_an_office_that_does_not_stay_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It ends at once when asked to wait: said once, and packets are made the cold way for a while."""
    fake_soffice(tmp_path, _COLD_ONLY.format(real=shutil.which("soffice")), monkeypatch)
    with warm_office() as opened:
        for _ in range(2):
            assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")
        assert not opened.running
        assert [record.getMessage().count("ended with 3 (no such option)") for record in caplog.records] == [1]

    monkeypatch.setenv(bridge.SETTING, "warm")
    with WarmOffice() as required, pytest.raises(ToolMissing, match="does not stay"):
        required.convert({"essai": word_file("x")})


def test_a_fresh_profile_is_asked_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice may answer 81 at its first start: once is forgiven."""
    script = f'[ -e deux ] || {{ : > deux; exit 81; }}\nexec {shutil.which("soffice")} "$@"'
    fake_soffice(tmp_path, script, monkeypatch)
    with warm_office() as opened:
        assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")
        assert opened.running


def test_an_older_python_can_read_the_child() -> None:
    """The system's Python may be 3.8: no newer syntax, and nothing of ours or of a library is imported."""
    tree = ast.parse(bridge.CHILD.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert imported - {"uno"} <= set(sys.stdlib_module_names)
