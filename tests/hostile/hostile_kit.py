"""What hostile files are built with: a lure that they are to fall for, and real filled forms to start from."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader, PdfWriter

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "intake"))
import bad_files  # noqa: E402 -- it lies in another folder of tests

PDF = TESTS / "samples" / "1-cnam-etudiante.pdf"
WORD = TESTS / "samples" / "2-cnam-emploi.docx"
PRINTED = TESTS / "samples" / "6-essms-imprime.pdf"
READ = "read"  # how a case ends that is read as if nothing were wrong with it
bad = bad_files


@dataclass(frozen=True)
class Lure:
    """Where a file that has its way would knock, and the file that it would read."""

    port: int
    canary: Path

    @property
    def url(self) -> str:
        """An address on this machine that a parser must never ask."""
        return f"http://127.0.0.1:{self.port}/piege"


Build = Callable[[Lure], bytes]


@dataclass(frozen=True)
class Case:
    """One hostile file: how it is built, and the codes it may end with (``READ`` for a clean reading)."""

    build: Build
    ends: frozenset[str]


CASES: dict[str, Case] = {}


def hostile(name: str, *ends: str) -> Callable[[Build], Build]:
    """Enter a case in the list, under its name."""

    def enter(build: Build) -> Build:
        CASES[name] = Case(build, frozenset(ends))
        return build

    return enter


def every(table: Mapping[str, Build], *ends: str) -> None:
    """Enter several cases that end alike."""
    for name, build in table.items():
        hostile(name, *ends)(build)


def word_parts() -> dict[str, bytes]:
    """The parts of a real filled Word form."""
    with zipfile.ZipFile(WORD) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def word(changes: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """That form with these parts replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in {**word_parts(), **changes}.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def word_edited(part: str, old: bytes, new: bytes) -> bytes:
    """That form with one piece of one part replaced; it must be there."""
    before = word_parts()[part]
    if old not in before:
        raise AssertionError((part, old))
    return word({part: before.replace(old, new, 1)})


def word_related(kind: str, target: str, *, body: bytes = b"") -> bytes:
    """That form with a relationship to something outside, and ``body`` before its last paragraph that uses it."""
    rels, document = "word/_rels/document.xml.rels", "word/document.xml"
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    one = f'<Relationship Id="rIdPiege" Type="{space}/{kind}" Target="{target}" TargetMode="External"/>'
    parts = word_parts()
    parts[rels] = parts[rels].replace(b"</Relationships>", one.encode() + b"</Relationships>")
    parts[document] = parts[document].replace(b"<w:sectPr", body + b"<w:sectPr", 1)
    return word(parts)


def pdf_writer(source: Path = PDF) -> PdfWriter:
    """A real filled PDF form, to be changed."""
    return PdfWriter(clone_from=PdfReader(source))


def written(writer: PdfWriter) -> bytes:
    """The bytes of a changed PDF."""
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def mark() -> str:
    """The keywords that say « this is one of our forms »."""
    return str((PdfReader(PRINTED).metadata or {}).get("/Keywords", ""))


def bare_pdf(objects: Iterable[bytes], *, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1 (the first is the root), with an honest table of places."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), extra, data)


def page_pdf(content: bytes, *others: bytes, resources: bytes = b"", page: bytes = b"", root: bytes = b"") -> bytes:
    """A one-page PDF: 1 root, 2 pages, 3 page, 4 content (a stream object), 5 a font, then ``others`` from 6 on."""
    return bare_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%b>>" % root,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%b>>%b>>"
            % (resources, page),
            content,
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *others,
        ]
    )
