"""Text against ink: whether a box of a page shows a text, letter by letter, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from pipeline.core.models import Box
from pipeline.core.sequences import runs
from pipeline.reading.seen.shapes import is_like, shape_of
from pipeline.reading.seen.sheets import Letter, Sheet

_SAME = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ`´′", "'"),
        **dict.fromkeys("–—‑‐−‒", "-"),
        **dict.fromkeys("“”″", '"'),
        "…": "...",
        "\u00ad": "",
    }
)
_LIGATURES = frozenset(
    ("ff", "fi", "fl", "ffi", "ffl", "ft", "fft", "tt", "ti", "tti", "tf", "fj", "fb", "fh", "fk", "Th", "ct", "st")
)  # several letters that a font draws as one
_SPACE = 0.2  # of the type's size: between two words
_WITHIN = 0.7  # of a letter's width within another one: slanted letters reach over the next by less than half
_TINY = 1.3  # points: of the tallest letter, below which nobody reads a text
_AROUND = ((0, 0), (0, -1), (0, 1), (-1, 0), (1, 0))  # pixels by which a viewer may draw a letter off its place


class Sight(Enum):
    """Verdict of the eye on one answer."""

    SHOWN = "shown"
    ABSENT = "absent"  # the page shows no ink there
    OTHER = "other"  # the letters there are not those of the answer
    TINY = "tiny"
    ASKEW = "askew"  # turned or mirrored
    DOUBLED = "doubled"  # letters written on other ones
    LAYERED = "layered"  # in a layer, which some viewers show
    UNTOLD = "untold"  # there is ink, and it cannot be told cheaply which letters it is


def bare(text: str) -> str:
    """A text as its ink could spell it: ligatures as letters, one kind of dash and of quotes, without spaces."""
    plain = unicodedata.normalize("NFKC", text).translate(_SAME)
    return "".join(sign for sign in plain if not sign.isspace() and sign.isprintable())


def spelled(letters: Sequence[Letter]) -> str:
    """The text of letters as they stand, with a space where there is room for one."""
    apart = (two.box[0] - one.box[2] > _SPACE * one.size or two.box[0] < one.box[0] for one, two in pairwise(letters))
    return "".join(
        f"{' ' if gap else ''}{letter.text}" for gap, letter in zip((False, *apart), letters, strict=False)
    )


def sight_of(text: str, letters: Sequence[Letter], sheet: Sheet, box: Box) -> Sight:
    """What the eye sees of a text in a box of a page, where the file says that ``letters`` stand.

    Programs draw « ? » for a letter that their font has not: that hides nothing.
    """
    expected, found = bare(text), bare("".join(letter.text for letter in letters))
    if not letters:
        return Sight.UNTOLD if sheet.inked(box) else Sight.ABSENT
    looks = _looks(letters, sheet, box)
    if not any(ink for ink, _ in looks):
        return Sight.ABSENT
    if _doubled(letters):
        return Sight.DOUBLED
    if found not in (expected, bare(text.encode("cp1252", "replace").decode("cp1252"))):
        return Sight.OTHER if _plainly_differ(expected, found) else Sight.UNTOLD
    faults = (
        (Sight.TINY, _height(letters) < _TINY),
        (Sight.ASKEW, not all(letter.level for letter in letters)),
        (Sight.LAYERED, any(letter.layered for letter in letters)),
        (Sight.UNTOLD, not all(ink and like for ink, like in looks)),
    )
    return next((sight for sight, holds in faults if holds), Sight.SHOWN)


def _doubled(letters: Sequence[Letter]) -> bool:
    """Whether a letter stands on another one; the same one twice is how some programs make it bold."""
    ranked = sorted((one for one in letters if one.text.isalnum()), key=lambda one: one.box)
    near = (pair for step in (1, 2) for pair in zip(ranked, ranked[step:], strict=False))
    return any(one.text != other.text and one.box != other.box and _on(one.box, other.box) for one, other in near)


def _on(one: Box, other: Box) -> bool:
    """Whether the narrower of two boxes lies mostly within the other, and half as high."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    narrow, low = (min(one[side + 2] - one[side], other[side + 2] - other[side]) for side in (0, 1))
    return across > _WITHIN * narrow > 0 and down > low / 2 > 0


def _height(letters: Sequence[Letter]) -> float:
    """The height of the tallest letter or figure, in points; signs say nothing of it."""
    heights = [letter.box[3] - letter.box[1] for letter in letters if letter.text.isalnum()]
    return max(heights, default=_TINY)


def untold_words(text: str, letters: Sequence[Letter], sheet: Sheet, box: Box) -> list[str]:
    """The words of a text in which a letter has not its own ink; all, where ``letters`` spell another text."""
    looks, words, at = _looks(letters, sheet, box), text.split(), 0
    if len(looks) != len(bare(text)):
        return words
    found = []
    for word in words:
        here = looks[at : at + len(bare(word))]
        at += len(here)
        found += [word] if not all(like for _, like in here) else []
    return found


def _looks(letters: Sequence[Letter], sheet: Sheet, box: Box) -> list[tuple[bool, bool]]:
    """For each letter: whether ink is seen in its place, and whether it is its own."""
    ground = sheet.ground(box)
    looks: list[tuple[bool, bool]] = []
    for cluster in runs((one for one in letters if one.text.isprintable()), lambda run, one: run[-1].box == one.box):
        spelled = "".join(letter.text for letter in cluster)
        ink, like = _look(cluster[0], sheet, ground)
        looks += [(ink, like if len(cluster) == 1 else spelled in _LIGATURES)] * len(cluster)
    return looks


def _look(letter: Letter, sheet: Sheet, ground: int) -> tuple[bool, bool]:
    place = sheet.pixels(letter.box)
    if place is None or letter.size <= 0:
        return False, False
    spelled = bare(letter.text)
    base, size = (letter.base - sheet.top) * sheet.scale, letter.size * sheet.scale
    inked = False
    for across, down in _AROUND if len(spelled) == 1 else _AROUND[:1]:
        moved = (place[0] + across, place[1] + down, place[2] + across, place[3] + down)
        shape = shape_of(sheet.picture, moved, base + down, size, ground)
        inked = inked or shape is not None
        if shape is not None and (len(spelled) != 1 or is_like(shape, letter.text)):
            return True, True
    return inked, False


def _plainly_differ(one: str, other: str) -> bool:
    """Whether two texts differ by more than what a drawn font may not tell: its accents and its signs.

    A sign between figures always counts (« 1,40 » is not « 140 »).
    """
    return _bones(one) != _bones(other) or _figures(one) != _figures(other)


def _bones(text: str) -> list[str]:
    return [sign for sign in text if sign.isascii() and sign.isalnum()]


def _figures(text: str) -> list[str]:
    return re.findall(r"(?<=\d)[.,;:/-](?=\d)|\d+", text)
