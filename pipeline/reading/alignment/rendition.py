"""The annotated blank made ready to be printed: short numbers for the placeholders, empty boxes for the ticks.

A long ``{{ organisme.signataire.nom_prenom }}`` would be cut over three lines of its cell and push the page around;
``{{17}}`` stands where the answer goes and leaves the page as students see it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from pipeline.forms.layouts import PLACEHOLDER
from pipeline.reading.gates import open_docx
from pipeline.reading.recognise import parse_xml
from pipeline.reading.streams.ooxml import W
from pipeline.reading.tokens import Stream

EMPTY_BOX = "☐"
_PARTS = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_STAMP = (1980, 1, 1, 0, 0, 0)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def placeholder_texts(stream: Stream) -> tuple[str, ...]:
    """What stands between the braces of each placeholder, in order, repeated ones once."""
    found = (PLACEHOLDER.fullmatch(token.text) for token in stream)
    return tuple(dict.fromkeys(tidy(match.group(1)) for match in found if match))


def tidy(text: str) -> str:
    """The text between braces with its spaces in one form."""
    return " ".join(text.split())


def rendition(data: bytes, texts: Sequence[str]) -> bytes:
    """The DOCX to convert to PDF: each placeholder of ``texts`` is its number from 1, each tick an empty box.

    Raises FormRejected when ``data`` is not a Word document.
    """
    numbers = {text: f"{{{{{number}}}}}" for number, text in enumerate(texts, start=1)}

    def written(found: re.Match[str]) -> str:
        text = tidy(found.group(1))
        return EMPTY_BOX if "=" in text else numbers.get(text, "")

    parts = open_docx(data)
    changed = {name: _rewritten(part, written) for name, part in parts.items() if _PARTS.fullmatch(name)}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = changed.get(entry.filename) or source.read(entry)
            target.writestr(zipfile.ZipInfo(entry.filename, _STAMP), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _rewritten(part: bytes, written: Callable[[re.Match[str]], str]) -> bytes:
    root = parse_xml(part)
    for paragraph in root.iter(f"{W}p"):
        _rewrite(list(_texts(paragraph)), written)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _texts(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The pieces of text of a paragraph, not those of paragraphs inside it (text boxes)."""
    for text in paragraph.iter(f"{W}t"):
        if next(text.iterancestors(f"{W}p"), None) is paragraph:
            yield text


def _rewrite(pieces: Sequence[etree._Element], written: Callable[[re.Match[str]], str]) -> None:
    """Replace placeholders, which may lie over several pieces: the first one takes the new text."""
    whole = "".join(piece.text or "" for piece in pieces)
    for found in reversed(list(PLACEHOLDER.finditer(whole))):
        text, at = written(found), 0
        for piece in pieces:
            old = piece.text or ""
            start, end = max(found.start() - at, 0), min(found.end() - at, len(old))
            at += len(old)
            if start < end:
                piece.text = f"{old[:start]}{text}{old[end:]}"
                piece.set(_SPACE, "preserve")
                text = ""
