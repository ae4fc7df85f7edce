"""Glyph shape matching: whether the ink of a letter looks like the letter that a file says it is.

Each letter is cut out by its box, stretched to a grid and held against the fourteen standard fonts as pdfium itself
draws them. A font may look otherwise than all of them: its letters are then told by OCR (``eyesight``).
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from pipeline.core.models import Box

_FONTS = ("Helvetica", "Times-Roman", "Courier", "Helvetica-Bold", "Times-Bold", "Helvetica-Oblique", "Times-Italic")
_SIZE = 28.0  # points, of the letters that are held against
_CELL = 40.0
_WIDE, _HIGH = 24, 32  # the grid
_FULL = (1 << (_WIDE * _HIGH)) - 1
_FIRST = sum(1 << (_WIDE * row) for row in range(_HIGH))
_LAST = _FIRST << (_WIDE - 1)
_MIDDLE = _FULL & ~(_FIRST | _FIRST << 1 | _LAST | _LAST >> 1)
_LEAST = 0.3  # of the type's size: what is smaller (« . », « l ») does not fill the grid
_CONTRAST = 45  # grey levels by which ink must differ from its ground
_TALL = 0.12  # of the type's size: by which the heights of one letter differ between fonts
_UNLIKE = 0.3  # share of the ink that is not the letter's, from which it is another one; chosen over many fonts
_BETTER = 0.02  # by which another letter must be more like the ink to be believed
_FIGURE_BETTER = 0.005  # the same of figures, which are few
_FIGURE_NEARER = 0.06  # share of its ink by which another figure may be nearer, cell by cell
_ALIKE = 0.05  # a letter that is as near is not held against others; a figure is
_NEAREST = 3  # fonts in which others are looked for
_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒŠŸŽ"
_SMALL = "abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšžß"
_SIGNS = ".,;:!?'\"()-–—/@&%+*_=€°«»’•·#[]<>|~$£§"
_TWINS = (  # alike to the eye, or but for an accent
    *("0OoQ", "1lIi|", "sS", "cC", "vV", "wW", "xX", "zZ", "uU", "kK", "jJ", "pP", "yY"),
    *("aàáâãäå", "cç", "eéèêë", "iìíîïlI", "nñ", "oòóôõö", "uùúûü", "yýÿ", "sš", "zž"),
    *("AÀÁÂÃÄÅ", "CÇ", "EÈÉÊË", "IÌÍÎÏ", "NÑ", "OÒÓÔÕÖ", "UÙÚÛÜ", "YÝŸ", "SŠ", "ZŽ"),
)


class Shape(NamedTuple):
    """Ink of a letter on the grid: its bits, the same one cell wider, and how far it reaches from its baseline."""

    bits: int
    wide: int
    low: float
    high: float


def shape_of(picture: Image.Image, box: Box, base: float, size: float, ground: int) -> Shape | None:
    """The shape of the letter in a box, all in pixels, with its baseline; ``None`` when no ink is seen there."""
    x0, y0, x1, y1 = box
    place = (max(x0, 0.0), max(y0, 0.0), min(x1, picture.width), min(y1, picture.height))
    if place[2] - place[0] < 0.5 or place[3] - place[1] < 0.5:
        return None
    wide = min(max(round(_WIDE * (x1 - x0) / (_LEAST * size)), 2), _WIDE)
    high = min(max(round(_HIGH * (y1 - y0) / (_LEAST * size)), 2), _HIGH)
    grid = picture.resize((wide, high), Image.Resampling.BILINEAR, box=place)
    darkest = int(grid.getextrema()[0])  # type: ignore[arg-type]  # one band: two levels
    if ground - darkest < _CONTRAST:
        return None
    signs = grid.tobytes().translate(_table(darkest + (ground - darkest) // 2))
    if wide < _WIDE:
        signs = b"".join(signs[row : row + wide].center(_WIDE, b"0") for row in range(0, len(signs), wide))
    bits = int(signs, 2) << (_HIGH - high) // 2 * _WIDE
    return Shape(bits, _widened(bits), (base - y1) / size, (base - y0) / size)


@cache
def _table(level: int) -> bytes:
    """What makes « 1 » of grey levels darker than one, and « 0 » of others."""
    return b"1" * level + b"0" * (256 - level)


def is_like(shape: Shape, letter: str) -> bool:
    """Whether a shape is that letter's, and not more another's; a letter that no standard font has is not refused."""
    whole = letter in _DIGITS
    mine = sorted((_distance(shape, one, whole=whole), font) for font, one in enumerate(_shapes(letter)) if one)
    if not mine:
        return letter.isalpha()
    own = mine[0][0]
    if own > _UNLIKE or (whole and not _is_that_figure(shape, letter)):
        return False
    if own <= (0 if whole else _ALIKE):
        return True
    most = own - (_FIGURE_BETTER if whole else _BETTER)
    return not any(_is_nearer(shape, most, letter, font) for _, font in mine[: None if whole else _NEAREST])


def _is_that_figure(shape: Shape, figure: str) -> bool:
    """Whether no other figure is much nearer, cell by cell: in small type the gap of a « 6 » is less than a cell."""
    least = _apart(shape, figure) - _FIGURE_NEARER * shape.bits.bit_count()
    return least <= 0 or all(_apart(shape, one) >= least for one in _DIGITS)


def _apart(shape: Shape, figure: str) -> int:
    """In how many cells a shape is not the nearest font's figure."""
    return min((shape.bits ^ other.bits).bit_count() for other in _shapes(figure) if other)


def _is_nearer(shape: Shape, most: float, letter: str, font: int) -> bool:
    """Whether another letter of a font is less than ``most`` from a shape; in a loop as quick as Python has."""
    inner, wide, ink = shape.bits & (_FULL if letter in _DIGITS else _MIDDLE), ~shape.wide, shape.bits.bit_count()
    low, high = shape.low, shape.high
    rivals = _rivals(letter, font)
    for tall, deep, bits, around, cells in rivals[bisect_left(rivals, (high - 2 * _TALL,)) :]:
        if tall - high >= _TALL:
            return False
        if high - tall < _TALL and abs(deep - low) < _TALL:
            apart, near = (inner & around).bit_count(), most * (ink + cells)
            if apart < near and apart + (bits & wide).bit_count() < near:
                return True
    return False


class _Rival(NamedTuple):
    """A shape to be held against many: ``around`` is what is more than a cell from its ``cells`` of ink."""

    high: float
    low: float
    bits: int
    around: int
    cells: int


@cache
def _rivals(letter: str, font: int) -> tuple[_Rival, ...]:
    """The letters that it could be taken for by a machine alone, by their heights.

    Those that look like it to people are none.
    """
    others = _DIGITS if letter in _DIGITS else _CAPITALS + _SMALL if letter.isalpha() else ""
    alike = {letter, *(one for twins in _TWINS if letter in twins for one in twins)}
    shapes = (shape for one in others if one not in alike and (shape := _shapes(one)[font]))
    return tuple(sorted(_Rival(one.high, one.low, one.bits, ~one.wide, one.bits.bit_count()) for one in shapes))


def _distance(one: Shape, two: Shape, *, whole: bool) -> float:
    """The share of the ink of two shapes that neither has within one cell of the other's.

    At the sides of the first, where letters beside it may reach into its box, only what is wanting counts, unless it
    is taken ``whole``: figures have room around them.
    """
    apart = (one.bits & ~two.wide & (_FULL if whole else _MIDDLE)).bit_count() + (two.bits & ~one.wide).bit_count()
    return apart / max(one.bits.bit_count() + two.bits.bit_count(), 1)


def _widened(bits: int) -> int:
    bits |= ((bits & ~_LAST) << 1) | ((bits & ~_FIRST) >> 1)
    return bits | ((bits << _WIDE) & _FULL) | (bits >> _WIDE)


@cache
def _shapes(letter: str) -> tuple[Shape | None, ...]:
    """The shapes of a letter in the standard fonts; none for a letter that no font has."""
    found = tuple(
        shape_of(plate.picture, plate.boxes[letter], _CELL * 3 / 4, _SIZE, 255) if letter in plate.boxes else None
        for plate in _plates()
    )
    return found if any(found) else ()


class _Plate(NamedTuple):
    """The letters of one font, drawn in a row."""

    picture: Image.Image
    boxes: dict[str, Box]


def learn_letters() -> None:
    """Draw the standard fonts and take the shapes of their letters, once: for who reads many forms, before them."""
    for letter in _DIGITS + _CAPITALS + _SMALL + _SIGNS:
        for font, shape in enumerate(_shapes(letter)):
            if shape:
                _rivals(letter, font)


@cache
def _plates() -> tuple[_Plate, ...]:
    """The standard fonts drawn by pdfium, once."""
    with pypdfium2.PdfDocument.new() as pdf:
        return tuple(_plate(pdf, font) for font in _FONTS)


def _plate(pdf: pypdfium2.PdfDocument, font: str) -> _Plate:
    letters = _DIGITS + _CAPITALS + _SMALL + _SIGNS
    page = pdf.new_page(_CELL * len(letters), _CELL)
    for place, letter in enumerate(letters):
        written = raw.FPDFPageObj_NewTextObj(pdf.raw, font.encode(), _SIZE)
        text = ctypes.create_string_buffer(f"{letter}\0".encode("utf-16-le"))
        raw.FPDFText_SetText(written, ctypes.cast(text, ctypes.POINTER(ctypes.c_ushort)))
        raw.FPDFPageObj_Transform(written, 1, 0, 0, 1, place * _CELL + _CELL / 6, _CELL / 4)
        raw.FPDFPage_InsertObject(page.raw, written)
    page.gen_content()
    picture = page.render(scale=1, grayscale=True).to_pil().convert("L")
    return _Plate(picture, {letters[place]: box for place, box in _boxes(page) if 0 <= place < len(letters)})


def _boxes(page: pypdfium2.PdfPage) -> Iterator[tuple[int, Box]]:
    """The number of its cell, and the box, of each letter of a page that has ink."""
    text = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    places = [ctypes.byref(one) for one in (left, right, bottom, top)]
    for index in range(text.count_chars()):
        if not raw.FPDFText_IsGenerated(text.raw, index):
            raw.FPDFText_GetCharBox(text.raw, index, *places)
            if right.value > left.value:
                yield int(left.value // _CELL), (left.value, _CELL - top.value, right.value, _CELL - bottom.value)
