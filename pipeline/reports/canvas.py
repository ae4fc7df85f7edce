"""A PDF canvas over reportlab's: Carlito, one accent colour, points from the top left; text fits or is cut."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from functools import cache, lru_cache

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.french import number as french_number
from pipeline.core.text import displayable
from pipeline.forms.drawing.pdf_fields import PdfFields
from pipeline.forms.fonts import register_font

WIDTH, HEIGHT = A4
MARGIN = 42.0
ACCENT, MIDDLE, PALE = "#1F4E79", "#7C9CBC", "#C6D6E6"
GRID, BLACK, MUTED = "#D5DBE1", "#1B1B1B", "#6B7684"


class PdfCanvas:
    """One document being drawn; the same calls give the same bytes."""

    def __init__(self, title: str, day: dt.date) -> None:
        self._buffer = io.BytesIO()
        self._canvas = Canvas(
            self._buffer,
            pagesize=A4,
            invariant=1,
            lang="fr-FR",
            pdfVersion=(1, 7),
            initialFontName=register_font(),  # type: ignore[arg-type]  # a name: the published types are wrong
        )
        self._pen: tuple[str, float, str] | None = None  # font, size, colour: said once for words that share them
        self._canvas.setTitle(title)
        self._canvas.setSubject(f"Au {day:%d/%m/%Y}")
        self._canvas.setAuthor("liasse")
        self._canvas.setCreator("liasse")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def text(
        self,
        at: tuple[float, float],
        words: str,
        size: float = 9,
        *,
        bold: bool = False,
        colour: str = BLACK,
        room: float | None = None,
        align: str = "left",
    ) -> None:
        """Words on the line whose base is at ``y``; those that do not fit in ``room`` end with « … »."""
        font = register_font("Bold" if bold else "Regular")
        x, y = at
        line = fitted(words, font, size, room)
        if self._pen != (font, size, colour):
            self._canvas.setFont(font, size)
            self._canvas.setFillColor(_colour(colour))
            self._pen = font, size, colour
        draw = {
            "left": self._canvas.drawString,
            "right": self._canvas.drawRightString,
            "centre": self._canvas.drawCentredString,
        }[align]
        draw(x, HEIGHT - y, line)

    def box(
        self, at: tuple[float, float], size: tuple[float, float], fill: str | None, line: str | None = None
    ) -> None:
        """A rectangle from its top left corner."""
        (x, y), (width, height) = at, size
        if width <= 0 or height <= 0:
            return
        if fill:
            self._canvas.setFillColor(_colour(fill))
            self._pen = None
        if line:
            self._canvas.setStrokeColor(_colour(line))
            self._canvas.setLineWidth(0.6)
        self._canvas.rect(x, HEIGHT - y - height, width, height, stroke=int(bool(line)), fill=int(bool(fill)))

    def rule(self, y: float, *, x0: float = MARGIN, x1: float = WIDTH - MARGIN, colour: str = GRID) -> None:
        """A thin line across."""
        self._canvas.setStrokeColor(_colour(colour))
        self._canvas.setLineWidth(0.6)
        self._canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)

    def picture(self, at: tuple[float, float], size: tuple[float, float], png: bytes) -> None:
        """A picture of ours from its top left corner, with a thin frame; ``png`` is of ``pictures.pixels``."""
        (x, y), (width, height) = at, size
        self._canvas.drawImage(ImageReader(io.BytesIO(png)), x, HEIGHT - y - height, width, height)
        self.box(at, size, None, GRID)

    def fields(self) -> PdfFields:
        """What adds fields to be filled to this document; ``finish`` them before the document."""
        return PdfFields(self._canvas)

    def next_page(self) -> None:
        """End this page."""
        self._canvas.showPage()
        self._pen = None

    def finish(self) -> bytes:
        """The document."""
        self._canvas.save()
        return self._buffer.getvalue()


@cache
def _colour(code: str) -> Color:
    return HexColor(code)


@lru_cache(4096)  # the same numbers, hosts and titles on every line
def fitted(words: str, font: str, size: float, room: float | None) -> str:
    """The words on one line, cut with « … » where they are longer than ``room``."""
    line = " ".join(displayable(words).split())
    if room is None or stringWidth(line, font, size) <= room:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        wide = stringWidth(f"{line[:middle].rstrip()}…", font, size) > room
        low, high = (low, middle - 1) if wide else (middle, high)
    return f"{line[:low].rstrip()}…"


def count(number: int, one: str, many: str = "") -> str:
    """« 1 liasse », « 12 liasses »."""
    return f"{whole(number)} {one if number < 2 else many or f'{one}s'}"


def whole(number: int) -> str:
    """« 5 000 »."""
    return french_number(Decimal(number))
