"""Signature marks taken off the page: once a box is measured, the small word that marked it is drawn no more.

A template prints ``sign1-stagiaire`` in the cell (``{{ s.ancre }}``), which tells the box and nothing to people. The
operator that shows it is cut out of the page's content; its tag stays, and the field hangs on it (see ``tags``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pikepdf

from pipeline.documents.binding.cmaps import Decode, decoder_of, plainly
from pipeline.documents.binding.pieces import SignatureBox

_SHOWN = re.compile(rb"\bBT\b(.*?)\bET\b", re.DOTALL)
_FONT = re.compile(rb"(/\S+)\s+[\d.]+\s+Tf")
_STRING = re.compile(rb"<([0-9A-Fa-f\s]*)>|\(((?:\\.|[^\\()])*)\)", re.DOTALL)


class _Text(NamedTuple):
    """One text object of a page: from where to where it stands in the content, and what it says."""

    start: int
    end: int
    words: str


def erase(pdf: pikepdf.Pdf, boxes: Iterable[SignatureBox]) -> None:
    """Draw the marks of these boxes no more; one that is part of a longer line stays as it is."""
    by_page: dict[int, list[SignatureBox]] = {}
    for box in boxes:
        by_page.setdefault(box.page, []).append(box)
    for number, here in by_page.items():
        page = pdf.pages[number - 1]
        page.contents_coalesce()
        content = page.obj.Contents.read_bytes()
        fonts = page.resources.get("/Font", pikepdf.Dictionary())
        for box in here:
            content = without_mark(content, box.name, fonts, box.tag)
        page.obj.Contents = pdf.make_stream(content)


def without_mark(content: bytes, name: str, fonts: pikepdf.Object, tag: int | None = None) -> bytes:
    """The content of a page without the text that shows exactly that name, looked for where ``tag`` marks it."""
    start, end = 0, len(content)
    if tag is not None and (begun := re.search(rb"/MCID %d\s*>>\s*BDC" % tag, content)):
        start = begun.end()
        end = content.find(b"EMC", start)
    for first, last in reversed(_showing(name, list(_texts(content, fonts, start, end)))):
        content = content[:first] + content[last:]
    return content


def _showing(name: str, texts: Sequence[_Text]) -> list[tuple[int, int]]:
    """The text objects, one or several in a row, that say the name and nothing else."""
    for first, text in enumerate(texts):
        said, last = text.words.strip(), first
        while said and said != name and name.startswith(said) and last + 1 < len(texts):
            last += 1
            said = (said + texts[last].words).strip()
        if said == name:
            return [(one.start, one.end) for one in texts[first : last + 1]]
    return []


def _texts(content: bytes, fonts: pikepdf.Object, start: int, end: int) -> Iterator[_Text]:
    """Every text object with its words; a font that was chosen stays so until the next is."""
    decoders: dict[bytes, Decode] = {}
    font = b""
    for shown in _SHOWN.finditer(content, start, end):
        chosen = _FONT.search(shown[1])
        font = chosen[1] if chosen else font
        if font not in decoders:
            decoders[font] = decoder_of(fonts.get(font.decode("latin-1"))) if font else plainly
        codes = (
            bytes.fromhex(one[1].decode()) if one[1] is not None else one[2] for one in _STRING.finditer(shown[1])
        )
        yield _Text(*shown.span(), decoders[font](b"".join(codes)))
