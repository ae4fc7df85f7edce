"""Empty rings and squares within boxes to tick: one line all around, and nothing but clear paper inside it."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageDraw, ImageOps

from pipeline.core.boxes import middle
from pipeline.core.models import Box
from pipeline.reading.seen.sheets import VISIBLE, Sheet

_INK, _CLEAR, _OUTSIDE, _HELD = 0, 255, 128, 64  # grey levels
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
    if place is None or crop is None or sheet.letters(box):
        return None
    least = sheet.ground(box) - VISIBLE
    side = min(box[2] - box[0], box[3] - box[1]) * sheet.scale
    found = _clearing(crop.point(lambda level: _INK if level < least else _CLEAR), _LEAST * side)
    if found is None:
        return None
    left, top = int(place[0]) / sheet.scale + sheet.left, int(place[1]) / sheet.scale + sheet.top
    x0, y0, x1, y1 = (pixels / sheet.scale for pixels in found)
    return (left + x0 - _LINE, top + y0 - _LINE, left + x1 + _LINE, top + y1 + _LINE)


def _clearing(seen: Image.Image, least: float) -> Box | None:
    """The bounds in pixels of the only clear paper that ink encloses, if it is as large and about as wide as high."""
    seen = ImageOps.expand(seen, 1, _CLEAR)
    ImageDraw.floodfill(seen, (0, 0), _OUTSIDE)
    bounds = _only(seen, _CLEAR).getbbox()
    if bounds is None:
        return None
    x0, y0, x1, y1 = bounds
    wide, high = x1 - x0, y1 - y0
    x, y = middle(bounds)
    heart = (int(x), int(y))
    if min(wide, high) < least or max(wide, high) > _EVEN * min(wide, high) or seen.getpixel(heart) != _CLEAR:
        return None
    ImageDraw.floodfill(seen, heart, _HELD)
    disc = Image.new("L", seen.size, 0)
    reach = (_WITHIN * wide / 2, _WITHIN * high / 2)
    ImageDraw.Draw(disc).ellipse((x - reach[0], y - reach[1], x + reach[0] - 1, y + reach[1] - 1), fill=255)
    marked = ImageChops.subtract(disc, _only(seen, _HELD)).getbbox() is not None
    several = _only(seen, _CLEAR).getbbox() is not None
    return None if marked or several else (x0 - 1, y0 - 1, x1 - 1, y1 - 1)


def _only(seen: Image.Image, level: int) -> Image.Image:
    return seen.point(lambda grey: 255 if grey == level else 0)
