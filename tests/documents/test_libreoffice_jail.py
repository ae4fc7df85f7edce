"""LibreOffice's cage, with the real programs: what a bad template cannot reach, what no accident leaves behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import caged
import pytest
from caged import FODT, PIXEL, fake_soffice, gone, linking_file, pictures, running, word_file

from pipeline.core.errors import ConfigError, ConversionError, ToolMissing, Transient
from pipeline.documents.libreoffice import (
    Cage,
    cage,
    cage_status,
    conversion,
    convert,
    program,
)

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def server() -> Iterator[tuple[int, list[bytes]]]:
    """A web server on this machine, and what it was asked."""
    with caged.web_server() as served:
        yield served


@pytest.fixture
def slow_soffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A soffice that hangs with a child of its own, and one second to do it in; the word that finds them."""
    mark = f"30{os.getpid()}{time.time_ns() % 1_000_000}"
    fake_soffice(tmp_path, f"sleep {mark} &\nsleep {mark}", monkeypatch)
    monkeypatch.setattr(conversion, "START_SECONDS", 1)
    monkeypatch.setattr(conversion, "SECONDS_A_DOCUMENT", 0)
    return mark


@pytest.fixture(params=["auto", "off"])
def every_cage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The best cage of this machine, then none: what holds in both is held by two walls."""
    monkeypatch.setenv(cage.SETTING, request.param)
    return str(request.param)


def test_the_cage_is_really_tried() -> None:
    """On a machine set up as deploy/debian-packages.txt says, the cage holds and nothing better is wanted."""
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed here")

    assert (cage_status().cage, cage_status().why) == (Cage.BWRAP, "")


def test_nothing_linked_is_fetched(every_cage: str, tmp_path: Path, server: tuple[int, list[bytes]]) -> None:
    """A picture of the web or of the disk, linked by a template, is neither asked for nor shown."""
    port, asked = server
    canary = tmp_path / "secret.png"
    canary.write_bytes(PIXEL)

    pdf = convert({"essai": linking_file(f"http://127.0.0.1:{port}/x.png", canary.as_uri())})["essai"]

    assert (every_cage, asked) == (every_cage, [])
    assert pictures(pdf) == 0


def test_the_canary_would_be_seen(monkeypatch: pytest.MonkeyPatch, server: tuple[int, list[bytes]]) -> None:
    """Without the profile's settings and without a cage the same file is fetched: the tests above can fail."""
    monkeypatch.setenv(cage.SETTING, "off")
    monkeypatch.setattr(program, "_SETTINGS", ())
    port, asked = server

    pdf = convert({"essai": linking_file(f"http://127.0.0.1:{port}/x.png")})["essai"]

    assert asked
    assert pictures(pdf) > 0


def test_the_cage_alone_keeps_the_canary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: tuple[int, list[bytes]]
) -> None:
    """With the settings gone, as if LibreOffice had a flaw, the cage still has neither network nor this disk."""
    if cage_status().cage is not Cage.BWRAP:
        pytest.skip("no bubblewrap here")
    monkeypatch.setattr(program, "_SETTINGS", ())
    port, asked = server
    canary = tmp_path / "secret.png"
    canary.write_bytes(PIXEL)

    pdf = convert({"essai": linking_file(f"http://127.0.0.1:{port}/x.png", canary.as_uri())})["essai"]

    assert asked == []
    assert pictures(pdf) == 0


def test_another_format_is_not_taken_for_word() -> None:
    """The input filter is forced: LibreOffice does not guess what a file is, and the document is at fault."""
    with pytest.raises(ConversionError, match="no good PDF of faux"):
        convert({"faux": FODT})


def test_inside_there_is_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program sees from inside: no home, no account, no other process, one place to write."""
    if cage_status().cage is not Cage.BWRAP:
        pytest.skip("no bubblewrap here")
    monkeypatch.setenv("SECRET", "mot-de-passe")
    script = (
        "ls /home /root /etc/passwd /etc/shadow /var/log; env; ls -d /proc/[0-9]*; cat /proc/net/dev; "
        "touch /usr/x /etc/x /x; touch ici && echo ecrit; ulimit -v; ulimit -f; ulimit -c"
    )
    command = cage.caged(Cage.BWRAP, ["sh", "-c", script], place=tmp_path)

    seen = subprocess.run(
        command, env=program.environment(tmp_path), capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert seen.stderr.count("No such file or directory") == 5
    assert seen.stderr.count("Read-only file system") == 3
    assert "mot-de-passe" not in seen.stdout
    assert seen.stdout.count("/proc/") < 8
    assert re.findall(r"^ *(\w+): +\d", seen.stdout, re.MULTILINE) == ["lo"]
    assert seen.stdout.splitlines()[-4:] == ["ecrit", str(cage._MEMORY // 1024), str(cage._FILE // 512), "0"]


def test_a_hanging_soffice_is_stopped_with_its_children(every_cage: str, slow_soffice: str) -> None:
    """At its time, with the program that it started; the work may be tried again."""
    with pytest.raises(Transient, match="did not finish in 1 s"):
        convert({every_cage: word_file("x")})

    assert gone(slow_soffice)


def test_a_frozen_soffice_is_stopped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real one, stopped by a signal as on a machine that swaps: it ends at its time, and leaves nothing."""
    monkeypatch.setattr(conversion, "START_SECONDS", 3)
    monkeypatch.setattr(conversion, "SECONDS_A_DOCUMENT", 0)
    frozen: list[int] = []

    def freeze() -> None:
        deadline = time.monotonic() + 3
        while not frozen and time.monotonic() < deadline:
            for process in running("soffice.bin", "gele.docx"):
                os.kill(process, signal.SIGSTOP)
                frozen.append(process)
            time.sleep(0.01)

    monkeypatch.setattr(conversion, "_write_sources", _written_as_gele)
    thread = threading.Thread(target=freeze)
    thread.start()
    with pytest.raises(Transient):
        convert({"essai": word_file("x")})
    thread.join()

    assert frozen
    assert gone("gele.docx")


def _written_as_gele(documents: dict[str, bytes], place: Path) -> dict[str, Path]:
    """The one document, under a name that is found among processes."""
    ((name, data),) = documents.items()
    (place / "gele.docx").write_bytes(data)
    return {name: place / "gele.docx"}


_CONVERT = """
import sys
from pathlib import Path
from pipeline.documents.libreoffice import convert
pdf = convert({"essai": Path(sys.argv[1]).read_bytes()})["essai"]
Path(sys.argv[2]).write_bytes(pdf)
"""


def _other_process(source: Path, target: Path, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _CONVERT, str(source), str(target)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
    )


def test_soffice_does_not_outlive_a_worker_that_is_killed(every_cage: str, tmp_path: Path) -> None:
    """A worker ended by kill -9, which can clean nothing: LibreOffice and its cage go with it."""
    source = tmp_path / "essai.docx"
    source.write_bytes(word_file("x"))
    worker = _other_process(source, tmp_path / "essai.pdf", TMPDIR=str(tmp_path), LIASSE_CAGE=every_cage)
    deadline = time.monotonic() + 20
    while not running("soffice.bin", str(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert running("soffice.bin", str(tmp_path))
    worker.kill()
    worker.communicate()

    assert gone(str(tmp_path))
    assert not (tmp_path / "essai.pdf").exists()


def test_two_workers_convert_at_once(tmp_path: Path) -> None:
    """Each has its own profile: neither waits for the other, nor fails."""
    source = tmp_path / "essai.docx"
    source.write_bytes(word_file("x"))
    workers = [_other_process(source, tmp_path / f"{number}.pdf") for number in range(2)]

    said = [worker.communicate(timeout=60)[1] for worker in workers]

    assert [worker.returncode for worker in workers] == [0, 0], said
    assert [(tmp_path / f"{number}.pdf").read_bytes()[:5] for number in range(2)] == [b"%PDF-", b"%PDF-"]


def test_nothing_is_left_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the documents, which are a person's, nor the profile."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    convert({"essai": word_file("x")})
    with pytest.raises(ConversionError):
        convert({"faux": b"rien"})

    assert list(tmp_path.iterdir()) == []


_CONVERT_OR_SAY = """
import sys
from pathlib import Path
from pipeline.documents.libreoffice import convert
from pipeline.core.errors import Transient
try:
    convert({"essai": Path(sys.argv[1]).read_bytes()})
except Transient as error:
    print("TRANSIENT", error)
"""


@pytest.mark.parametrize(("size", "before"), [("8m", ""), ("80m", "cat /dev/zero > plein 2>&1")], ids=["is", "gets"])
def test_a_full_disk_is_said_and_tried_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: str, before: str
) -> None:
    """A small tmpfs: refused before it starts, and told apart from a bad document when it fills up on the way."""
    source = tmp_path / "essai.docx"
    source.write_bytes(word_file("x"))
    fake_soffice(tmp_path, f'{before}\nexec {shutil.which("soffice")} "$@"', monkeypatch)
    mounted = tmp_path / "disque"
    mounted.mkdir()
    shell = f'mount -t tmpfs -o size={size} tmpfs {mounted} && TMPDIR={mounted} exec "$@"'
    done = subprocess.run(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            shell,
            "sh",
            sys.executable,
            "-c",
            _CONVERT_OR_SAY,
            str(source),
        ],
        cwd=ROOT,
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("TRANSIENT the disk that holds "), done.stderr
    assert "Make room" in done.stdout


def test_a_soffice_that_cannot_start_is_a_missing_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half removed: the script is there, the program is not."""
    fake_soffice(tmp_path, "exec /usr/lib/nulle-part/soffice.bin", monkeypatch)

    with pytest.raises(ToolMissing, match="does not start"):
        convert({"essai": word_file("x")})


def test_a_soffice_that_is_killed_may_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel kills it when memory lacks: nobody's document is at fault."""
    fake_soffice(tmp_path, "sh -c 'kill -9 $$'; exit 137", monkeypatch)

    with pytest.raises(Transient, match="memory"):
        convert({"essai": word_file("x")})


def test_a_fresh_profile_is_asked_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice may answer 81 at its first start: once is forgiven."""
    real = shutil.which("soffice")
    fake_soffice(tmp_path, f'[ -e deux ] || {{ : > deux; exit 81; }}\nexec {real} "$@"', monkeypatch)

    assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")


@pytest.fixture
def without_bwrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine where user namespaces are forbidden: bwrap says so, in the words of Ubuntu 24.04."""
    folder = tmp_path / "sans"
    folder.mkdir()
    for name, words in (("bwrap", "bwrap: setting up uid map: Permission denied"), ("unshare", "unshare: refused")):
        (folder / name).write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    cage._best.cache_clear()
    yield folder
    cage._best.cache_clear()


def test_without_a_cage_the_log_says_so_once(without_bwrap: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Step by step down to nothing, and loudly; the packets are still made."""
    assert convert({"essai": word_file("x")})["essai"].startswith(b"%PDF-")
    assert cage_status().cage is Cage.NONE
    assert len(caplog.records) == 1
    assert "uid map: Permission denied; unshare: refused" in caplog.text
    assert "apparmor" in caplog.text

    (without_bwrap / "unshare").unlink()
    cage._best.cache_clear()
    expected = Cage.NETWORK if subprocess.run(["unshare", "-rn", "true"], check=False).returncode == 0 else Cage.NONE
    assert cage_status().cage is expected


def test_a_cage_that_is_required_is_required(without_bwrap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No document is converted without it, and the operator is told what to install."""
    monkeypatch.setenv(cage.SETTING, "require")

    with pytest.raises(ToolMissing, match="apt-get install bubblewrap"):
        convert({"essai": word_file("x")})

    assert without_bwrap.is_dir()


def test_a_misspelt_setting_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not taken for « auto »: the operator wanted something."""
    monkeypatch.setenv(cage.SETTING, "yes")

    with pytest.raises(ConfigError, match="auto, require or off"):
        cage_status()
