"""For tests of LibreOffice: Word files good and bad, a web server that listens, programs that are still running."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


FODT = b"""<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>essai</text:p></office:text>
</office:body></office:document>"""


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


@contextlib.contextmanager
def web_server() -> Iterator[tuple[int, list[bytes]]]:
    """A web server on this machine: its port, and what it was asked."""
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


def fake_soffice(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a shell script of that text where soffice is found."""
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


def office_of(place: Path) -> dict[str, list[int]]:
    """The two programs of the office that lives there: LibreOffice, and the child that speaks with it."""
    found: dict[str, list[int]] = {"soffice": [], "child": []}
    for number in running(str(place)):
        with contextlib.suppress(OSError):
            program = Path(f"/proc/{number}/exe").readlink().name
            if program == "soffice.bin" or "python" in program:
                found["soffice" if program == "soffice.bin" else "child"].append(number)
    return found


def gone(*words: str, seconds: float = 5) -> bool:
    """Whether none is left, after at most that time; a process that becomes another has no words for a moment."""
    deadline = time.monotonic() + seconds
    absent = 0
    while absent < 3 and time.monotonic() < deadline:
        absent = 0 if running(*words) else absent + 1
        time.sleep(0.02)
    return absent == 3


def pictures(pdf: bytes) -> int:
    """How many pictures a PDF shows."""
    listed = subprocess.run(["pdfimages", "-list", "-"], input=pdf, capture_output=True, check=True).stdout
    return len(listed.splitlines()) - 2
