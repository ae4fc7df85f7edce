"""Empty rings and squares within boxes to tick: one line all around, and nothing but clear paper inside it."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageOps

from pipeline.core.boxes import middle
from pipeline.core.models import Box
from pipeline.reading.seen.sheets import VISIBLE, Sheet

_LEAST = 0.4  # of a box's shorter side: what is smaller is the inside of a mark
_EVEN = 1.25  # how much longer than the other one side may be
_WITHIN = 0.8  # of the way from the middle to the line: all is clear so far
_MARGIN = 1.0  # points around a box, on whose border the line may lie
_LINE = 1.2  # points: how wide it is


def empty_frame(sheet: Sheet, box: Box) -> Box | None:
    """Where the ring or square that is drawn within a box lies, its line included, when there is nothing in it.

    ``None`` when anything is in it, when there is none or several, and where the file says that a letter stands: a
    round letter is a mark.
    """
    around = (box[0] - _MARGIN, box[1] - _MARGIN, box[2] + _MARGIN, box[3] + _MARGIN)
    place, crop = sheet.pixels(around), sheet.crop(around)
    if place is None or crop is None:
        return None
    side = min(box[2] - box[0], box[3] - box[1]) * sheet.scale
    found = _clearing(ImageOps.expand(crop, 1, 255), sheet.ground(box) - VISIBLE, _LEAST * side)
    if found is None or sheet.letters(box):
        return None
    left, top = int(place[0]) / sheet.scale + sheet.left, int(place[1]) / sheet.scale + sheet.top
    x0, y0, x1, y1 = (pixels / sheet.scale for pixels in found)
    return (left + x0 - _LINE, top + y0 - _LINE, left + x1 + _LINE, top + y1 + _LINE)


def _clearing(seen: Image.Image, ink: int, least: float) -> Box | None:
    """The bounds in pixels of the only clear paper that ink encloses, if it is as large and about as wide as high.

    Grey levels below ``ink`` are ink; the border of the picture, one pixel wide, is clear, and not counted.
    """
    clear = _bits(seen, max(ink, 0))
    enclosed = clear & ~_reached(1, clear, seen.width)
    if not enclosed:
        return None
    x0, y0, x1, y1 = bounds = _bounds(enclosed, seen.width)
    wide, high = x1 - x0, y1 - y0
    x, y = middle(bounds)
    heart = 1 << (int(y) * seen.width + int(x)) & enclosed
    if min(wide, high) < least or max(wide, high) > _EVEN * min(wide, high) or not heart:
        return None
    disc = Image.new("L", seen.size, 0)
    reach = (_WITHIN * wide / 2, _WITHIN * high / 2)
    ImageDraw.Draw(disc).ellipse((x - reach[0], y - reach[1], x + reach[0] - 1, y + reach[1] - 1), fill=255)
    held = _reached(heart, enclosed, seen.width)
    marked, several = _bits(disc, 255) & ~held, enclosed & ~held
    return None if marked or several else (x0 - 1, y0 - 1, x1 - 1, y1 - 1)


def _bits(picture: Image.Image, least: int) -> int:
    """One bit a pixel, row by row from the lowest bit on: whether it is as light as that level."""
    return int(picture.tobytes().translate(b"0" * least + b"1" * (256 - least))[::-1], 2)


def _reached(seed: int, within: int, wide: int) -> int:
    """The bits reached from some others from neighbour to neighbour, up, down and to the sides."""
    while (grown := (seed | seed << 1 | seed >> 1 | seed << wide | seed >> wide) & within) != seed:
        seed = grown
    return seed


def _bounds(bits: int, wide: int) -> tuple[int, int, int, int]:
    """The smallest rectangle around bits."""
    first, last = (bits & -bits).bit_length() - 1, bits.bit_length() - 1
    rows = [bits >> row * wide & (1 << wide) - 1 for row in range(first // wide, last // wide + 1)]
    across = 0
    for row in rows:
        across |= row
    return (across & -across).bit_length() - 1, first // wide, across.bit_length(), last // wide + 1
