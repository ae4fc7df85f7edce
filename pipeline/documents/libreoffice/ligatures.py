"""Ligatures switched off in what LibreOffice converts, so that text copied from the PDF is what was written.

Carlito and its like draw « ti », « fi », « ffi » as one glyph that stands for several letters, and tools that rewrite
a PDF (Ghostscript 10.00) swap the bytes of such meanings: « Convention » is then copied and searched as
« Conven琀椀on ». LibreOffice takes font features after the font's name, ``Calibri:-liga``: only the copy that it
converts says so, since Word would look for a font of that name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.documents.filling.archive import Entry
from pipeline.documents.filling.rewriting import changed, replaced

_OFF = b":-liga"
_NAMING = b'w:ascii="', b'w:hAnsi="', b"<a:latin "
_FONTS = re.compile(rb"""(w:ascii="|w:hAnsi="|<a:latin typeface=")([^":]+)(?=")""")
_TOLD = re.compile(r"word/(?:(?:document|styles|numbering|footnotes|endnotes)|(?:header|footer|theme/theme)\d*)\.xml")
_SAME = re.compile(r"word/(?:styles|numbering|theme/)")  # for all the papers of a template
_KEPT = 256


def without_ligatures(docx: bytes) -> bytes:
    """The Word file with that feature off in every font that it names for Latin letters; what is no zip as it is."""
    return changed(docx, _TOLD, _told_without)


def _told_without(entry: Entry) -> Entry:
    return _kept(entry) if _SAME.match(entry.name) else _without(entry)


def _without(entry: Entry) -> Entry:
    return replaced(entry, _named_without)


_kept = lru_cache(maxsize=_KEPT)(_without)


def _named_without(xml: bytes) -> bytes:
    return _FONTS.sub(rb"\1\2" + _OFF, xml) if any(font in xml for font in _NAMING) else xml
