"""Token model of every kind of file: words, ticks and borders, in reading order, with places."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.core.boxes import NOWHERE, middle
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.models import Box


class TokenKind(StrEnum):
    """Kind of a token: something written, a tick box, a border that keeps words apart, or what is no text.

    ``ASIDE`` is a drawing, a tracked change, or what a document has that its words do not say: ``name`` says which.
    """

    WORD = "mot"
    TICK = "case"
    CELL = "cellule"
    ROW = "ligne"
    PARAGRAPH = "paragraphe"
    PAGE = "page"
    ASIDE = "hors-texte"


HOLE = "\ufffd"  # a letter that the file does not say
NOTE = "note"  # the name of what was noted on a document: an annotation, a comment, a footnote


class Source(StrEnum):
    """Adapter that saw a token."""

    ACROFORM = "acroform"
    DOCX = "docx"
    ODT = "odt"
    PDF = "pdf-text"
    RAPIDOCR = "ocr:rapidocr"
    TESSERACT = "ocr:tesseract"

    @property
    def flowing(self) -> bool:
        """Whether it is a word processor’s text, which has neither pages nor places."""
        return self in (Source.DOCX, Source.ODT)

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
    ``floating``: it stands in a text box or a frame, which may lie anywhere; ``running``: in a header or a footer.
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
    floating: bool = False
    running: bool = False

    @property
    def struck(self) -> bool:
        """Whether it was struck out."""
        return self.doubt is not None and self.doubt.code is Reason.CROSSED_OUT

    @property
    def spot(self) -> Box:
        """Its box, all zeros where it has none."""
        return self.box or NOWHERE

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its box; (0, 0) without one."""
        return middle(self.spot)


Stream = tuple[Token, ...]
DRAWN, REVISED, WHOLE = "dessin", "modification", "document"  # the names of what stands aside
