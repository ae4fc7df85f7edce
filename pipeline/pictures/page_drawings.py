"""PDF page renderer: crops and overlays of pages or of a photograph, drawn in the jail only.

They leave the jail as pixels (``packed``): whoever shows them decodes no picture that a stranger could have made.
"""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import pdfplumber
import pypdfium2
from PIL import Image, ImageDraw, ImageFont, ImageOps

from pipeline.core.models import Box
from pipeline.core.sequences import grouped
from pipeline.reading.streams.pdf import turn_of, turned
from pipeline.sandbox.opening import opened

_SCALE = 150 / 72  # pixels a point
_LEAST = (240.0, 26.0)  # points: what a picture shows at least, besides its margin
_MARGIN = 14.0  # points around a zone: its label is seen with it
_MOST_PIXELS = 6_000_000  # of one page: A4 at 200 dpi is 3.9
_MOST_PAGES = 30
_A4_WIDTH = 595.28
_SURE, _DOUBT = (0, 110, 60), (225, 110, 0)
_LONGEST = 90  # characters of a line of the list
_COLUMN, _LINE = 300.0, 10.0  # points: its width, and the height of a line


@dataclass(frozen=True)
class Mark:
    """One field on a page (from 1): its box in points from the top left, what to write beside it, and its doubt."""

    path: str
    page: int
    box: Box
    text: str
    doubt: bool


def crops_of(data: bytes, *, marks: Sequence[Mark]) -> dict[str, str]:
    """Field to the picture (``packed``) of its zone with a margin."""
    pictures: dict[str, str] = {}
    for _, page, scale, mine in _marked_pages(data, marks):
        for mark in mine:
            zone = _pixels(_around(mark.box), scale, page, _MARGIN)
            if zone is not None:
                pictures[mark.path] = packed(page.crop(zone))
    return pictures


def _around(box: Box) -> Box:
    """A box, or what is beside it and above where it is as small as a tick: the words that say what it is."""
    x0, top, x1, bottom = box
    wide, high = max(_LEAST[0] - (x1 - x0), 0.0), max(_LEAST[1] - (bottom - top), 0.0)
    return (x0 - wide / 4, top - high / 2, x1 + wide * 3 / 4, bottom + high / 2)


def overlays_of(data: bytes, *, marks: Sequence[Mark], font: str) -> dict[str, str]:
    """Page (« 01 ») to its picture (``packed``): every box numbered, and what each holds listed beside the page.

    ``font`` is the file of a font with French letters.
    """
    return {
        f"{number:02d}": packed(_listed(page, scale, mine, font))
        for number, page, scale, mine in _marked_pages(data, marks)
    }


def _marked_pages(data: bytes, marks: Sequence[Mark]) -> Iterator[tuple[int, Image.Image, float, Sequence[Mark]]]:
    """Each page that has a mark: its number, its image, its pixels a point, and its marks."""
    with opened_pages(data) as draw:
        for number, mine in sorted(grouped((mark.page, mark) for mark in marks).items()):
            page, scale = draw(number)
            if page is not None:
                yield number, page, scale, mine


def _listed(page: Image.Image, scale: float, marks: Sequence[Mark], font: str) -> Image.Image:
    """The page with its boxes, and a column at its right that says what was read in each."""
    sheet = Image.new("RGB", (page.width + round(_COLUMN * scale), page.height), "white")
    sheet.paste(page, (0, 0))
    pen = ImageDraw.Draw(sheet)
    step = min(_LINE * scale, (page.height - 2 * _MARGIN * scale) / max(len(marks), 1))
    letters = ImageFont.truetype(font, max(round(step * 0.75), 6))
    for order, mark in enumerate(marks, start=1):
        colour = _DOUBT if mark.doubt else _SURE
        text = f"{order}  {' / '.join(mark.text.splitlines())}"
        pen.text((page.width + 4, _MARGIN * scale + (order - 1) * step), text[:_LONGEST], fill=colour, font=letters)
        zone = _pixels(mark.box, scale, page, 1.0)
        if zone is not None:
            pen.rectangle(zone, outline=colour, width=3 if mark.doubt else 2)
            pen.text((zone[2] + 2, zone[1]), str(order), fill=colour, font=letters)
    return sheet


_Drawn = tuple[Image.Image | None, float]  # a page as an image with its pixels a point; ``None`` if it is not there


def _drawn(pdf: pypdfium2.PdfDocument, dots: float, number: int) -> _Drawn:
    if not 1 <= number <= min(len(pdf), _MOST_PAGES):
        return None, 1.0
    page = pdf[number - 1]
    area = max(page.get_width() * page.get_height(), 1.0)
    scale = min(dots, (_MOST_PIXELS / area) ** 0.5)
    return page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB"), scale


@contextmanager
def opened_pages(data: bytes, dots: float = _SCALE) -> Iterator[Callable[[int], _Drawn]]:
    """What draws a page, by its number: of a PDF, with ``dots`` pixels a point, or the one page of a photograph."""
    data = opened(data)
    if data.startswith(b"%PDF-"):
        pdf = pypdfium2.PdfDocument(_upright(data))
        try:
            pdf.init_forms()
            yield partial(_drawn, pdf, dots)
        finally:
            pdf.close()
    elif data.startswith(b"PK"):
        yield lambda _: (None, 1.0)  # a Word document has no pages
    else:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "TIFF")) as photo:
            yield partial(_photographed, photo)


def _photographed(photo: Image.Image, number: int) -> _Drawn:
    """The page of a photograph, or one of a TIFF's."""
    if not 1 <= number <= min(getattr(photo, "n_frames", 1), _MOST_PAGES):
        return None, 1.0
    photo.seek(number - 1)
    upright = ImageOps.exif_transpose(photo).convert("RGB")
    shrunk = min(1.0, (_MOST_PIXELS / max(upright.width * upright.height, 1)) ** 0.5)
    if shrunk < 1:
        upright = upright.resize((int(upright.width * shrunk), int(upright.height * shrunk)))
    return upright, min(upright.size) / _A4_WIDTH


def _upright(data: bytes) -> bytes:
    """The PDF with its pages turned as the reader turned them: boxes are places on the upright page."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        turns = {index: turn_of(page) for index, page in enumerate(document.pages[:_MOST_PAGES])}
    wrong = {index: turn for index, turn in turns.items() if turn}
    return (turned(data, wrong) if wrong else None) or data


def _pixels(box: Box, scale: float, page: Image.Image, margin: float) -> tuple[int, int, int, int] | None:
    """The pixels of a box widened by a margin in points, within the page; ``None`` if nothing is left."""
    left, top = max(int((box[0] - margin) * scale), 0), max(int((box[1] - margin) * scale), 0)
    right = min(int((box[2] + margin) * scale) + 1, page.width)
    bottom = min(int((box[3] + margin) * scale) + 1, page.height)
    return (left, top, right, bottom) if left < right and top < bottom else None


def packed(picture: Image.Image) -> str:
    """« width height pixels »: three bytes a pixel, row by row, deflated and in base64."""
    pixels = zlib.compress(picture.convert("RGB").tobytes(), 3)
    return f"{picture.width} {picture.height} {base64.b64encode(pixels).decode('ascii')}"
