"""Strike-through detection in ink: a level stroke that joins letters which stand apart, or sticks out of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.core.sequences import runs
from pipeline.reading.seen.sheets import VISIBLE, Letter, Sheet

_TOP, _FOOT = (
    0.44,
    0.12,
)  # of the type's size above the baseline: where bars of letters beside each other do not touch
_AROUND = 3.0  # points beside a line of letters in which its strike may begin
_OUT = 1.2  # points of a stroke outside the letters
_LEVEL = 0.3  # of the type's size: by which letters of one line may stand off it
_JOINED = 3  # letters: the bars of two may touch
_INK = re.compile(rb"1+")


def is_struck(letters: Sequence[Letter], sheet: Sheet) -> bool:
    """Whether a stroke goes through some of these letters, in the file's order."""
    lines = runs(letters, lambda run, one: abs(run[-1].base - one.base) < _LEVEL * one.size)
    return any(_is_line_struck(line, sheet) for line in lines)


def _is_line_struck(line: Sequence[Letter], sheet: Sheet) -> bool:
    ranked = sorted((one.box[0], one.box[2]) for one in line if one.text.isalnum())
    if not ranked:
        return False
    first, last = ranked[0][0], max(right for _, right in ranked)
    signs = [one.box for one in line if not one.text.isalnum()]
    for begins, ends in _strokes(line, sheet, first - _AROUND, last + _AROUND):
        crossed = sum(min(ends, right) - max(begins, left) > (right - left) / 2 for left, right in ranked)
        signed = any(begins <= box[2] and box[0] <= ends for box in signs)
        out = max(first - begins, ends - last) >= _OUT and not signed
        if crossed >= _JOINED or (out and crossed):
            return True
    return False


def _strokes(line: Sequence[Letter], sheet: Sheet, left: float, right: float) -> Iterator[tuple[float, float]]:
    """Where ink is without a break in a row of pixels through a line, in points; what no letter fills."""
    base, size = line[0].base, line[0].size
    crop = sheet.crop((left, base - _TOP * size, right, base - _FOOT * size))
    place = sheet.pixels((left, base - _TOP * size, right, base - _FOOT * size))
    if crop is None or place is None:
        return
    levels = crop.tobytes()
    darkest, ground = min(levels), max(levels)
    if ground - darkest <= VISIBLE:
        return
    dark = (ground + darkest) // 2
    signs = levels.translate(b"1" * dark + b"0" * (256 - dark))
    least = max(one.box[2] - one.box[0] for one in line) / 2
    start = int(place[0]) / sheet.scale + sheet.left
    for row in range(0, len(signs), crop.width):
        for found in _INK.finditer(signs, row, row + crop.width):
            begins, ends = (start + (at - row) / sheet.scale for at in found.span())
            if ends - begins > least:
                yield begins, ends
