"""Rendered pages of a PDF: the picture of each as a viewer shows it, and the letters that the file says stand there.

Form fields and annotations are drawn: pdfium leaves them out unless its form environment is set up. All places are in
points from the top left of the page's media box as it is seen, turned as the reader turns it.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from operator import itemgetter
from typing import Any, NamedTuple, Self

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from pipeline.core.boxes import middle
from pipeline.core.models import Box
from pipeline.reading.streams.glyphs import pictured

SCALE = 2.5  # pixels a point: letters of 9 points are told apart, a page costs some 10 ms
_MOST_PIXELS = 8_000_000  # of one page: A4 takes 3.1
VISIBLE = 45  # grey levels (of 255) by which ink must differ from its ground to be seen
_SPREAD = 1.5  # pixels by which the ink of a letter reaches out of its box
_SAMPLE = 40  # letters that tell in which direction a page is written
_MOST = 0.6  # share of them that must agree
_AT_LINE_END = 2  # what pdfium makes of a hyphen there
_SKEW = 0.1  # of its width: by how much a letter that is level may rise
_BAND = 16.0  # points: letters are looked up by bands of the page


_Bands = dict[int, list[tuple[float, float, int, str, Box]]]  # middle, place in the file, letter, its box


class Letter(NamedTuple):
    """One letter that the file says is on a page: its tight box, and where its baseline and its size are.

    ``level``: it is neither turned nor mirrored. ``layered``: it belongs to a layer that a viewer may turn off.
    """

    text: str
    box: Box
    base: float
    size: float
    level: bool = True
    layered: bool = False


@dataclass(frozen=True)
class Sheet:
    """One page (from 1) as it is seen: grey pixels, ``scale`` of them a point; ``left`` and ``top`` are cut off it.

    ``size`` is that of the whole page, ``turn`` how it lies in the file, in degrees.
    """

    number: int
    picture: Image.Image = field(repr=False)
    scale: float
    left: float
    top: float
    size: tuple[float, float]
    turn: int
    _text: _PageText = field(repr=False)

    def placed(self, box: Box) -> Box:
        """Where a rectangle of the page as it is in the file, before it is turned, is seen."""
        wide, high = self.size
        x0, y0, x1, y1 = box
        if self.turn == 90:
            return (wide - y1, x0, wide - y0, x1)
        if self.turn == 180:
            return (wide - x1, high - y1, wide - x0, high - y0)
        return (y0, high - x1, y1, high - x0) if self.turn == 270 else box

    def pixels(self, box: Box) -> tuple[float, float, float, float] | None:
        """A box in pixels of the picture; ``None`` when less than half of it is on the picture."""
        x0, y0 = (box[0] - self.left) * self.scale, (box[1] - self.top) * self.scale
        x1, y1 = (box[2] - self.left) * self.scale, (box[3] - self.top) * self.scale
        cut = (max(x0, 0.0), max(y0, 0.0), min(x1, self.picture.width), min(y1, self.picture.height))
        if cut[2] - cut[0] < max((x1 - x0) / 2, 0.5) or cut[3] - cut[1] < max((y1 - y0) / 2, 0.5):
            return None
        return cut

    def crop(self, box: Box, margin: float = 0.0) -> Image.Image | None:
        """The pixels of a box widened by a margin in points; ``None`` off the picture."""
        place = self.pixels((box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin))
        if place is None:
            return None
        return self.picture.crop((int(place[0]), int(place[1]), round(place[2] + 0.5), round(place[3] + 0.5)))

    def letters(self, box: Box, *, laid: bool = False) -> list[Letter]:
        """The letters whose middles lie in a box, in the file's order; ``laid``: of fields and annotations alone."""
        return self._text.letters(box, laid=laid)

    def ground(self, box: Box) -> int:
        """The grey level of the paper in a box: its lightest, 255 off the picture."""
        crop = self.crop(box)
        extrema: tuple[int, int] = crop.getextrema() if crop else (255, 255)  # type: ignore[assignment]  # of one band
        return extrema[1]

    def inked(self, box: Box, holes: Iterable[Box] = ()) -> float:
        """How many square points of ink are seen in a box, but for what lies in ``holes``."""
        place = self.pixels(box)
        whole = place and (ceil(place[0]), ceil(place[1]), int(place[2]), int(place[3]))
        if not whole or whole[0] >= whole[2] or whole[1] >= whole[3]:
            return 0.0
        crop = self.picture.crop(whole)
        ground = self.ground(box)
        for x0, top, x1, bottom in holes:
            left, high = (x0 - self.left) * self.scale - whole[0], (top - self.top) * self.scale - whole[1]
            right, low = (x1 - self.left) * self.scale - whole[0], (bottom - self.top) * self.scale - whole[1]
            crop.paste(ground, (int(left - _SPREAD), int(high - _SPREAD), ceil(right + _SPREAD), ceil(low + _SPREAD)))
        return sum(crop.histogram()[: max(ground - VISIBLE, 0)]) / self.scale**2


class Sheets:
    """The rendered pages of one PDF, each made when it is first asked for."""

    def __init__(self, data: bytes) -> None:
        self._pdf = pypdfium2.PdfDocument(data)
        self._made: dict[int, Sheet | None] = {}
        self._pdf.init_forms()  # or no field is drawn at all

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pdf.close()

    def sheet(self, number: int) -> Sheet | None:
        """The page of that number (from 1); ``None`` when it is not there or cannot be drawn."""
        if number not in self._made:
            self._made[number] = None
            with suppress(pypdfium2.PdfiumError):
                if 1 <= number <= len(self._pdf):
                    self._made[number] = self._drawn(number)
        return self._made[number]

    def _drawn(self, number: int) -> Sheet | None:
        page = self._pdf[number - 1]
        turn, printed = _turn_of(page)
        if turn:
            page.set_rotation((page.get_rotation() + turn) % 360)
        wide, high = page.get_size()
        if wide * high <= 0:
            return None
        scale = min(SCALE, (_MOST_PIXELS / (wide * high)) ** 0.5)
        picture = page.render(scale=scale, grayscale=True, may_draw_forms=True).to_pil().convert("L")
        frame = _Frame(page)
        raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)  # fields and annotations become part of the page
        page.close()
        text = _PageText(self._pdf[number - 1].get_textpage(), frame, printed)
        return Sheet(number, picture, scale, *frame.cut, frame.size, frame.rotation, text)


class _Frame:
    """How points of a page's own space lie on it as it is seen."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.rotation = page.get_rotation()
        self._media = page.get_mediabox()
        shown = page.get_cropbox()
        corner, other = self.seen(shown[0], shown[1]), self.seen(shown[2], shown[3])
        self.cut = (min(corner[0], other[0]), min(corner[1], other[1]))
        wide, high = self._media[2] - self._media[0], self._media[3] - self._media[1]
        self.size = (high, wide) if self.rotation in (90, 270) else (wide, high)

    def seen(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self._media
        places = {0: (x - left, top - y), 90: (y - bottom, x - left), 180: (right - x, y - bottom)}
        return places.get(self.rotation, (top - y, right - x))


def _turn_of(page: pypdfium2.PdfPage) -> tuple[int, int]:
    """By how many degrees clockwise a page must be turned to be read, as ``streams.pdf`` finds it; 0 for most.

    And how many letters are printed on it.
    """
    text = page.get_textpage()
    count = text.count_chars()
    step = max(count // _SAMPLE, 1)
    ways: Counter[int] = Counter()
    for index in range(0, count, step):
        if raw.FPDFText_GetUnicode(text.raw, index) > 32:
            angle = raw.FPDFText_GetCharAngle(text.raw, index)
            ways[round(angle * 2 / 3.14159265) * 90 % 360] += 1
    text.close()
    way, most = ways.most_common(1)[0] if ways else (0, 0)
    return (-way - page.get_rotation()) % 360 if most >= _MOST * ways.total() else 0, count


def _sign(code: int) -> str:
    """What a code point shows: a font of signs names its bullets and its boxes by private ones."""
    return pictured(chr(code), "")


class _PageText:
    """The letters of a page with its fields and annotations: those from ``laid`` on are not of the page itself."""

    def __init__(self, text: pypdfium2.PdfTextPage, frame: _Frame, laid: int) -> None:
        self._text, self._frame, self._laid = text, frame, laid
        self._layered: dict[int | None, bool] = {}

    def letters(self, box: Box, *, laid: bool) -> list[Letter]:
        held = self._fields if laid else self._all
        x0, top, x1, bottom = box
        bands = range(int(top // _BAND), int(bottom // _BAND) + 1)
        here = (item for band in bands for item in held.get(band, ()))
        return [
            self._letter(*item[2:])
            for item in sorted(
                (item for item in here if x0 <= item[0] <= x1 and top <= item[1] <= bottom), key=itemgetter(2)
            )
        ]

    @cached_property
    def _fields(self) -> _Bands:
        return self._walked(self._laid)

    @cached_property
    def _all(self) -> _Bands:
        return self._walked(0)

    def _walked(self, first: int) -> _Bands:
        handle: Any = self._text.raw
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        refs = [ctypes.byref(place) for place in (left, right, bottom, top)]
        bands: _Bands = {}
        for index in range(first, self._text.count_chars()):
            code = raw.FPDFText_GetUnicode(handle, index)
            code = ord("-") if code == _AT_LINE_END else code
            if code > 32 and code != 0xA0 and raw.FPDFText_GetCharBox(handle, index, *refs):
                one = self._frame.seen(left.value, bottom.value)
                two = self._frame.seen(right.value, top.value)
                box = (min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1]))
                x, y = middle(box)
                bands.setdefault(int(y // _BAND), []).append((x, y, index, _sign(code), box))
        return bands

    def _letter(self, index: int, sign: str, box: Box) -> Letter:
        x, y, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
        raw.FPDFText_GetCharOrigin(self._text.raw, index, ctypes.byref(x), ctypes.byref(y))
        raw.FPDFText_GetMatrix(self._text.raw, index, matrix)
        size = raw.FPDFText_GetFontSize(self._text.raw, index) * (matrix.c**2 + matrix.d**2) ** 0.5
        u, v = self._frame.seen(x.value, y.value)
        ahead = self._frame.seen(x.value + matrix.a, y.value + matrix.b)
        up = self._frame.seen(x.value + matrix.c, y.value + matrix.d)
        along, aside = ahead[0] - u, abs(ahead[1] - v)
        level = aside <= _SKEW * along and up[1] < v
        return Letter(sign, box, v, size, level, self._in_layer(raw.FPDFText_GetTextObject(self._text.raw, index)))

    def _in_layer(self, shown: Any) -> bool:  # noqa: ANN401 -- a pointer
        """Whether a piece of text stands in marked content of the kind that is a layer; each is asked once."""
        place = ctypes.cast(shown, ctypes.c_void_p).value
        if place not in self._layered:
            self._layered[place] = self._marked_so(shown)
        return self._layered[place]

    @staticmethod
    def _marked_so(shown: Any) -> bool:  # noqa: ANN401 -- a pointer
        name, length = ctypes.create_string_buffer(64), ctypes.c_ulong()
        units = ctypes.cast(name, ctypes.POINTER(ctypes.c_ushort))
        for number in range(raw.FPDFPageObj_CountMarks(shown)):
            mark = raw.FPDFPageObj_GetMark(shown, number)
            raw.FPDFPageObjMark_GetName(mark, units, len(name), ctypes.byref(length))
            if name.raw[: min(length.value, len(name))].decode("utf-16-le", "replace").rstrip("\0") == "OC":
                return True
        return False
