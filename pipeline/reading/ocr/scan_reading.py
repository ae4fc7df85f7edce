"""OCR pipeline: page images to a scan, each page upright and straight, its words by both engines.

RapidOCR works on one core while tesseract works on the other, page after page.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np
from rapidfuzz import fuzz, process

from pipeline.core.doubts import Doubt, Reason
from pipeline.reading.ocr import engines, page_images, rulings
from pipeline.reading.ocr.accents import has_expected_marks, is_hatted
from pipeline.reading.ocr.page_images import Grey, PageImage
from pipeline.reading.ocr.rulings import MANY, Leaders, leaders_of, without_leaders
from pipeline.reading.ocr.struck import is_struck
from pipeline.reading.tokens import Stream, Token

_LEGIBLE = 0.80  # confidence of a line that can be read: blurred or handwritten ones stay below
_FEW_LINES = 4  # of a page: fewer say nothing of how it reads
HATLESS = 0.45  # confidence of a word whose accents the ink does not show
_FOOT = 0.1  # of the page's height: where marks are printed
_GLUE = 7.0  # points between two letters or words of a mark, at most: it is ours, of one size on every form
_LONG_MARK = 12  # times its height that a mark is long, at least
_MARK_LIKE, _MARK_APART = 90.0, 4.0  # likeness (0 to 100) of a line to a mark, and how far any other must be
_FEWEST = 2  # signs of a word that may be struck out: one alone may be a stroke itself
_FLIP_SAMPLE = 8  # lines read both ways to tell up from down


@dataclass(frozen=True)
class ScannedPage:
    """One page, straightened: its image, its ink (255) evenly lit, its ruling lines, and how it reads.

    ``legible`` is the share (0 to 1) of RapidOCR's letters in lines it is sure of; ``turned`` the quarter turns,
    clockwise, that set the page upright; ``mark`` the known mark printed at its foot, if there is one.
    """

    image: PageImage
    ink: Grey
    rulings: rulings.Rulings
    legible: float
    turned: int
    mark: str | None = None

    @property
    def number(self) -> int:
        """Its rank in the file, from 1."""
        return self.image.number


@dataclass(frozen=True)
class Scan:
    """All pages read as images, and their words by each engine, in points of the straightened pages."""

    pages: tuple[ScannedPage, ...]
    rapid: Stream
    tesseract: Stream

    def page(self, number: int) -> ScannedPage:
        """The page of this rank in the file."""
        return next(page for page in self.pages if page.number == number)


def read_scan(pages: Sequence[PageImage], *, leaders: bool = False, marks: Sequence[str] = ()) -> Scan:
    """Everything both engines see on these pages; ``leaders`` as the layout says (``pointilles``).

    A page with one of these ``marks`` at its foot is left by tesseract: its zones will be read one by one.

    Raises FormRejected (OCR_ABSENT) without the extra `ocr`, ToolMissing when tesseract fails.
    """
    engines.rapid()
    done: list[ScannedPage] = []
    rapid: list[Stream] = []
    other: list[Future[Stream]] = []
    with ThreadPoolExecutor(max_workers=1) as beside:
        for received in pages:
            page = page_images.straight(page_images.sheet(received))
            lines, page, quarter = _upright_lines(page, leaders=leaders)
            even = page_images.flat(page.pixels)
            ink = rulings.ink_of(even)
            mark = _mark(even, ink, page.scale, marks)
            if mark is None:
                dots = leaders_of(ink, page.scale) if leaders else None
                other.append(beside.submit(_second_reading, page, even, ink, dots))
            done.append(ScannedPage(page, ink, rulings.rulings_of(page, ink), _legible(lines), quarter, mark))
            words = (_doubted_accents(word, ink, page) for word in engines.rapid_stream(page, lines))
            rapid.append(tuple(with_strokes(word, ink, page) for word in words))
        return Scan(tuple(done), _joined(rapid), _joined([stream.result() for stream in other]))


def _mark(even: Grey, ink: Grey, scale: float, marks: Sequence[str]) -> str | None:
    """The known mark that a line at the foot of the page says: pale and small, it is read by itself."""
    if not marks:
        return None
    top = round((1 - _FOOT) * ink.shape[0])
    glued = cv2.dilate(ink[top:], np.ones((1, round(_GLUE * scale)), np.uint8))
    boxes = cv2.connectedComponentsWithStats(glued)[2][1:].tolist()
    lines = ((x, top + y, width, height) for x, y, width, height, _ in boxes if width >= _LONG_MARK * height)
    crops = (even[y - h // 2 : y + h + h // 2, max(0, x - h // 2) : x + w + h // 2] for x, y, w, h in lines)
    return next((mark for crop in crops if (mark := known_mark(engines.read_crop(crop)[0], marks))), None)


def known_mark(text: str, marks: Sequence[str]) -> str | None:
    """Which of the known marks a line is: engines bend a letter or two, and no other mark is as near."""
    best, *others = process.extract(text.casefold(), marks, scorer=fuzz.ratio, limit=2)
    sure = best[1] >= _MARK_LIKE and all(best[1] - other[1] >= _MARK_APART for other in others)
    return str(best[0]) if sure else None


def _doubted_accents(word: Token, ink: Grey, page: PageImage) -> Token:
    """The word, less sure if it has a circumflex or a diaeresis whose strokes the ink does not show."""
    if word.box is None or not is_hatted(word.text) or has_expected_marks(ink, page.scale, word.box, word.text):
        return word
    return replace(word, confidence=min(word.confidence, HATLESS))


def with_strokes(word: Token, ink: Grey, page: PageImage) -> Token:
    """The word, with a doubt if a stroke goes through it: struck out, it is no part of an answer."""
    if word.box is None or len(word.text) < _FEWEST or not is_struck(ink, page.scale, word.box):
        return word
    return replace(word, doubt=Doubt(Reason.CROSSED_OUT, f"« {word.text[:60]} » est barré sur l’image"))


def _joined(streams: Sequence[Stream]) -> Stream:
    return tuple(token for stream in streams for token in stream)


def _second_reading(page: PageImage, even: Grey, ink: Grey, dots: Leaders | None) -> Stream:
    clean = rulings.without_rulings(even, ink, page.scale)
    if dots is not None and dots.dots >= MANY:
        clean = without_leaders(clean, dots)
    return tuple(with_strokes(word, ink, page) for word in engines.tesseract_stream(page, clean))


def _lines(page: PageImage, *, leaders: bool) -> tuple[engines.Line, ...]:
    """What RapidOCR reads, once the leaders are off a page that has many."""
    if leaders:
        even = page_images.flat(page.pixels)
        dots = leaders_of(rulings.ink_of(even), page.scale)
        if dots.dots >= MANY:
            return engines.rapid_lines(without_leaders(even, dots))
    return engines.rapid_lines(page.pixels)


def _upright_lines(page: PageImage, *, leaders: bool) -> tuple[tuple[engines.Line, ...], PageImage, int]:
    """The lines of the page once it is upright, that page, and the quarter turns it took."""
    lines = _lines(page, leaders=leaders)
    quarter = 0
    if lines and sum(len(line.text) for line in lines if line.tall) > 0.5 * sum(len(line.text) for line in lines):
        quarter = 1
        page = page_images.straight(page_images.turned(page, 1))
        lines = _lines(page, leaders=leaders)
    if _upside_down(page, lines):
        quarter += 2
        page = page_images.turned(page, 2)
        lines = _lines(page, leaders=leaders)
    return lines, page, quarter


def _upside_down(page: PageImage, lines: Sequence[engines.Line]) -> bool:
    """Whether the longest lines read better head down; asked only of pages that read badly as they are."""
    if len(lines) < _FEW_LINES or _legible(lines) > 0.9:
        return False
    longest = sorted(lines, key=lambda line: -float(np.ptp(line.corners[:, 0])))[:_FLIP_SAMPLE]
    crops = [_crop(page.pixels, line) for line in longest]
    up = median(engines.read_crop(crop)[1] for crop in crops)
    down = median(engines.read_crop(np.ascontiguousarray(crop[::-1, ::-1]))[1] for crop in crops)
    return down > up + 0.05


def _crop(pixels: Grey, line: engines.Line) -> Grey:
    x0, y0 = np.maximum(line.corners.min(axis=0).astype(int), 0)
    x1, y1 = line.corners.max(axis=0).astype(int)
    return pixels[y0:y1, x0:x1]


def _legible(lines: Sequence[engines.Line]) -> float:
    letters = sum(len(line.text) for line in lines)
    return sum(len(line.text) for line in lines if line.confidence >= _LEGIBLE) / letters if letters else 0.0
