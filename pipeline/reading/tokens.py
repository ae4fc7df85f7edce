"""Token model of every kind of file: words, ticks and borders, in reading order, with places."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.core.boxes import NOWHERE, middle
from pipeline.core.doubts import Doubt
from pipeline.core.models import Box


class TokenKind(StrEnum):
    """Kind of a token: something written, a tick box, or a border that keeps words apart."""

    WORD = "mot"
    TICK = "case"
    CELL = "cellule"
    ROW = "ligne"
    PARAGRAPH = "paragraphe"
    PAGE = "page"


HOLE = "\ufffd"  # a letter that the file does not say


class Source(StrEnum):
    """Adapter that saw a token."""

    ACROFORM = "acroform"
    DOCX = "docx"
    PDF = "pdf-text"
    RAPIDOCR = "ocr:rapidocr"
    TESSERACT = "ocr:tesseract"

    @property
    def digital(self) -> bool:
        """Whether it reads letters as they were typed, not an image of them."""
        return self not in (Source.RAPIDOCR, Source.TESSERACT)


@dataclass(frozen=True)
class Token:
    """Token: one word, tick box or border of a form.

    ``box`` is (x0, top, x1, bottom) in points from the top left of ``page`` (from 1); a DOCX has neither.
    ``ticked`` is ``None`` for what is not a tick box, and for one whose state cannot be told.
    ``name`` is the AcroForm field or content-control tag the text came from, and ``copy`` which of the
    controls of that tag.
    ``place`` says where in the file (« word/document.xml, tableau 2, ligne 3 »), for people. ``emphasis`` is how it
    was set apart (« gras », « souligné », « surligné », « barré »), which some do instead of ticking a box.
    ``size`` is the height of its letters in points where the file says it: a printed page shows it by the box.
    """

    kind: TokenKind
    text: str = ""
    page: int | None = None
    box: Box | None = None
    source: Source = Source.PDF
    confidence: float = 1.0
    ticked: bool | None = None
    name: str | None = None
    copy: int = 0
    doubt: Doubt | None = None
    place: str = ""
    emphasis: str = ""
    size: float | None = None

    @property
    def spot(self) -> Box:
        """Its box, all zeros where it has none."""
        return self.box or NOWHERE

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its box; (0, 0) without one."""
        return middle(self.spot)


Stream = tuple[Token, ...]
