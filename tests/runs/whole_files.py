"""Small whole files of every kind that can be told whole or cut, and how they are written little by little."""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf
from PIL import Image


def _pdf(*, linearized: bool = False) -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(3):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Contents = pdf.make_stream(random.Random(1).randbytes(3_000))  # noqa: S311 -- a test
        pdf.save(made, linearize=linearized, compress_streams=False)
    return made.getvalue()


def _zip(*names: str, inner: bytes | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, inner if inner is not None else random.Random(name).randbytes(2_000))  # noqa: S311 -- a test
    return made.getvalue()


def _image(kind: str, **how: object) -> bytes:
    made = io.BytesIO()
    noise = Image.frombytes("RGB", (60, 60), random.Random(2).randbytes(60 * 60 * 3))  # noqa: S311 -- a test
    noise.save(made, kind, **how)
    return made.getvalue()


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _heic() -> bytes:
    meta = _box(b"meta", bytes(4) + _box(b"hdlr", bytes(24)))
    return _box(b"ftyp", b"heic\0\0\0\0mif1heic") + meta + _box(b"mdat", random.Random(3).randbytes(4_000))  # noqa: S311 -- a test


def _tiff_directory_first() -> bytes:
    """Its strip stands behind the directory, where ``_image`` puts it before."""
    entries = [(256, 4, 1, 40), (257, 4, 1, 40), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 100), (279, 4, 1, 1_600)]
    packed = b"".join(struct.pack("<HHII", *one) for one in entries)
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + packed + bytes(4)
    return head.ljust(100, b"\1") + random.Random(4).randbytes(1_600)  # noqa: S311 -- a test


_DOCX = _zip("[Content_Types].xml", "word/document.xml", "word/styles.xml")
WHOLE = {
    "pdf": _pdf(),
    "linearized.pdf": _pdf(linearized=True),
    "docx": _DOCX,
    "odt": _zip("mimetype", "content.xml", "META-INF/manifest.xml"),
    "zip": _zip("a.docx", "b.docx", inner=_DOCX),  # stored: the end of an archive stands in its midst
    "jpeg": _image("JPEG", exif=b"Exif\0\0MM\0*" + b"\xff\xd8\xff\xd9" * 40),  # with what looks like its end
    "progressive.jpeg": _image("JPEG", progressive=True),
    "png": _image("PNG"),
    "tiff": _image("TIFF"),
    "first.tiff": _tiff_directory_first(),
    "heic": _heic(),
}


def pace(data: bytes, rng: random.Random) -> Iterator[tuple[float, bytes]]:
    """A file in two to nine pieces, each with the seconds before it: mostly short, sometimes a long stall."""
    cuts = sorted({0, len(data), *(rng.randrange(1, len(data)) for _ in range(rng.randint(1, 8)))})
    for begin, end in pairwise(cuts):
        yield rng.choice((0.1, 0.7, 2.0, 5.0, 40.0)) * rng.random(), data[begin:end]


def appended(path: Path, data: bytes, rng: random.Random) -> Iterator[float]:
    """Written at its place by one program that keeps it open, wherever it is moved meanwhile."""
    with path.open("wb", buffering=0) as file:
        for seconds, piece in pace(data, rng):
            yield seconds
            file.write(piece)


def renamed(path: Path, data: bytes, rng: random.Random) -> Iterator[float]:
    """Written under another name, as programs that download do."""
    other = path.with_name(path.name + rng.choice((".part", ".tmp", ".crdownload")))
    yield from appended(other, data, rng)
    yield rng.random()
    other.rename(path)


def rewritten(path: Path, data: bytes, rng: random.Random) -> Iterator[float]:
    """Written a first time in part, emptied, written again."""
    yield from appended(path, data[: rng.randrange(1, len(data))], rng)
    yield rng.random()
    yield from appended(path, data, rng)


def roomed(path: Path, data: bytes, rng: random.Random) -> Iterator[float]:
    """Room is made for all of it first, as Windows does on a share: its size says nothing."""
    with path.open("wb", buffering=0) as file:
        os.ftruncate(file.fileno(), len(data))
        for seconds, piece in pace(data, rng):
            yield seconds
            file.write(piece)


WRITERS = {one.__name__: one for one in (appended, renamed, rewritten, roomed)}
