"""LibreOffice's cage, with the real programs: what a bad template cannot reach, what no accident leaves behind."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

from pipeline.documents.libreoffice import Cage, cage, cage_status, conversion, convert, office
from pipeline.errors import ConfigError, ConversionError, ToolMissing, Transient

ROOT = Path(__file__).parent.parent.parent
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def word_file(*texts: str) -> bytes:
    """A Word file of these paragraphs."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return _bytes(document)


def linking_file(*addresses: str) -> bytes:
    """A Word file whose pictures lie elsewhere, as a hostile template would have them."""
    document = docx.Document()
    document.add_paragraph("avant")
    for number, address in enumerate(addresses, 1):
        name = document.part.relate_to(address, RELATIONSHIP_TYPE.IMAGE, is_external=True)
        document.add_paragraph().add_run()._r.append(parse_xml(_PICTURE.format(name=name, number=number)))
    return _bytes(document)


def _bytes(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_PICTURE = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><wp:inline>
<wp:extent cx="914400" cy="914400"/><wp:docPr id="{number}" name="image{number}"/><a:graphic><a:graphicData
 uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>
<pic:nvPicPr><pic:cNvPr id="{number}" name="image"/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:link="{name}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="914400"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"""


@pytest.fixture
def server() -> Iterator[tuple[int, list[bytes]]]:
    """A web server on this machine, and what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    client, _ = listening.accept()
                    with client:
                        asked.append(client.recv(1000))
                        head = f"HTTP/1.0 200 OK\r\nContent-Type: image/png\r\nContent-Length: {len(PIXEL)}\r\n\r\n"
                        client.sendall(head.encode() + PIXEL)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], asked
        stop.set()
        thread.join()


@pytest.fixture
def slow_soffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A soffice that hangs with a child of its own, and one second to do it in; the word that finds them."""
    mark = f"30{os.getpid()}{time.time_ns() % 1_000_000}"
    _fake(tmp_path, f"sleep {mark} &\nsleep {mark}", monkeypatch)
    monkeypatch.setattr(conversion, "START_SECONDS", 1)
    monkeypatch.setattr(conversion, "SECONDS_A_DOCUMENT", 0)
    return mark


def _fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")


def running(*words: str) -> list[int]:
    """The processes whose command line holds all these words, zombies left out."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with contextlib.suppress(OSError):
                line = (folder / "cmdline").read_bytes().decode(errors="replace")
                if all(word in line for word in words):
                    found.append(int(folder.name))
    return found


def gone(*words: str, seconds: float = 5) -> bool:
    """Whether no such process is left, after at most that time."""
    deadline = time.monotonic() + seconds
    while running(*words) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not running(*words)


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
    assert _pictures(pdf) == 0


def test_the_canary_would_be_seen(monkeypatch: pytest.MonkeyPatch, server: tuple[int, list[bytes]]) -> None:
    """Without the profile's settings and without a cage the same file is fetched: the tests above can fail."""
    monkeypatch.setenv(cage.SETTING, "off")
    monkeypatch.setattr(office, "_SETTINGS", '<items xmlns="http://openoffice.org/2001/registry"/>')
    port, asked = server

    pdf = convert({"essai": linking_file(f"http://127.0.0.1:{port}/x.png")})["essai"]

    assert asked
    assert _pictures(pdf) > 0


def test_the_cage_alone_keeps_the_canary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: tuple[int, list[bytes]]
) -> None:
    """With the settings gone, as if LibreOffice had a flaw, the cage still has neither network nor this disk."""
    if cage_status().cage is not Cage.BWRAP:
        pytest.skip("no bubblewrap here")
    monkeypatch.setattr(office, "_SETTINGS", '<items xmlns="http://openoffice.org/2001/registry"/>')
    port, asked = server
    canary = tmp_path / "secret.png"
    canary.write_bytes(PIXEL)

    pdf = convert({"essai": linking_file(f"http://127.0.0.1:{port}/x.png", canary.as_uri())})["essai"]

    assert asked == []
    assert _pictures(pdf) == 0


def _pictures(pdf: bytes) -> int:
    listed = subprocess.run(["pdfimages", "-list", "-"], input=pdf, capture_output=True, check=True).stdout
    return len(listed.splitlines()) - 2


FODT = b"""<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>essai</text:p></office:text>
</office:body></office:document>"""


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
        command, env=office.environment(tmp_path), capture_output=True, text=True, check=False, cwd=tmp_path
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

    monkeypatch.setattr(conversion, "_written", _written_as_gele)
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
        cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.PIPE,
    )  # fmt: skip


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
from pipeline.errors import Transient
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
    _fake(tmp_path, f'{before}\nexec {shutil.which("soffice")} "$@"', monkeypatch)
    mounted = tmp_path / "disque"
    mounted.mkdir()
    shell = f'mount -t tmpfs -o size={size} tmpfs {mounted} && TMPDIR={mounted} exec "$@"'
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", shell, "sh", sys.executable, "-c",
         _CONVERT_OR_SAY, str(source)],
        cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout.startswith("TRANSIENT the disk that holds "), done.stderr
    assert "Make room" in done.stdout


def test_a_soffice_that_cannot_start_is_a_missing_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half removed: the script is there, the program is not."""
    _fake(tmp_path, "exec /usr/lib/nulle-part/soffice.bin", monkeypatch)

    with pytest.raises(ToolMissing, match="does not start"):
        convert({"essai": word_file("x")})


def test_a_soffice_that_is_killed_may_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel kills it when memory lacks: nobody's document is at fault."""
    _fake(tmp_path, "sh -c 'kill -9 $$'; exit 137", monkeypatch)

    with pytest.raises(Transient, match="memory"):
        convert({"essai": word_file("x")})


def test_a_fresh_profile_is_asked_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice may answer 81 at its first start: once is forgiven."""
    real = shutil.which("soffice")
    _fake(tmp_path, f'[ -e deux ] || {{ : > deux; exit 81; }}\nexec {real} "$@"', monkeypatch)

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
