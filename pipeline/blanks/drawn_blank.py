"""Our own blank as it is drawn today: an edition made from the plan, measured by the font itself."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pypdf
from reportlab.pdfbase import pdfmetrics

from pipeline.core.boxes import rounded
from pipeline.forms.blank import Blank
from pipeline.forms.drawing import blank_docx, blank_pdf
from pipeline.forms.editions import Edition, Place, Word, WordToken
from pipeline.forms.fonts import register_font
from pipeline.forms.paper.placement import Role, Text
from pipeline.forms.paper.strips import place
from pipeline.forms.paper_notices import TITLES
from pipeline.reading.page_prints import page_prints
from pipeline.reading.streams.docx import docx_stream
from pipeline.sandbox.gates import open_docx

_ANSWER = "{{ }}"  # one token wherever it is typed
_BELOW = 0.25  # of the type's size: how far letters reach below their baseline


def edition_of(blank: Blank) -> Edition:
    """The edition that a plan gives today; raises ToolMissing without the font, whose widths place the words."""
    placement = place(blank)
    return Edition(
        blank.formation.code,
        blank.session.annee,
        blank.version,
        f"{TITLES[blank.paper]} – {blank.formation.settings['intitule_court']}, {blank.session.annee}",
        words=tuple(word for text in placement.texts for word in _words(text)),
        places=tuple(Place(zone.page, rounded(zone.box), zone.lines, zone.slot.name) for zone in placement.zones),
        free=tuple((frame.page, rounded(frame.box)) for frame in placement.frames if frame.role is Role.SIGN),
        document=tuple(_document(blank)),
        prints=page_prints(pypdf.PdfReader(io.BytesIO(blank_pdf.draw_pdf(blank)))),
        paper=blank.paper,
    )


def _words(text: Text) -> Iterator[Word]:
    """The words of a printed line, measured by the font itself."""
    font = register_font(text.style.value)
    top, bottom = text.base - (1 - _BELOW) * text.size, text.base + _BELOW * text.size
    for found in re.finditer(r"\S+", text.text):
        left, right = (text.x + pdfmetrics.stringWidth(text.text[:end], font, text.size) for end in found.span())
        yield Word(text.page, rounded((left, top, right, bottom)), found.group())


def _document(blank: Blank) -> Iterator[WordToken]:
    """The Word form read as any other: what stands in the control of a slot is that slot's place."""
    names = {slot.name for slot in blank.slots()}
    written = {slot.name: _ANSWER for slot in blank.slots() if slot.option is None}
    drawn = blank_docx.draw_docx(blank, texts=written)
    for token in docx_stream(open_docx(drawn)):
        slot = token.name if token.name in names else None
        yield WordToken(token.kind.value, "" if slot else token.text, slot)
