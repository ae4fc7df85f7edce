"""The text of each slot: the words that either engine saw in the slot's zone, once the printed ones are left out.

A zone starts where the words of its own line went, and ends where the next printed line went; where the scan shows
a ruled cell around it, the cell's sides are taken. A zone that a page break cuts goes on at the top of the next page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz

from pipeline.core.boxes import inside
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.folding import folded_letters
from pipeline.core.models import Box
from pipeline.core.sequences import grouped, runs
from pipeline.reading.ocr.registration import Registration
from pipeline.reading.ocr.scan_reading import Scan, ScannedPage
from pipeline.reading.ocr.squares import cut
from pipeline.reading.ocr.strokes import dot_at_end
from pipeline.reading.tokens import Stream, Token

Zones = Mapping[str, tuple[int, Box]]

# Points, chosen over the scans of tests/layouts: an engine's boxes of words do not tell the size of their type.
_SNAP = 8.0  # between a zone's side and the ruling that is meant
_LINE = 5.0  # around the middle of a line
_FIRST = 7.0  # from a zone's top to the middle of its first line
_HALF, _WHOLE = 4.0, 8.0  # from the middle of a line to its foot, and to the foot of the one above
_ROW = 6.0  # between the middles of what is printed on one row
_BORDER = 2.0  # from a zone's side, or the middle of a line, to the nearest ruling
_WORD_IN_LINE = 0.5  # of a word's height that two words of one line share
_REMAINS = "|¦_[]{}—"  # what is left of a ruling line, read as a letter
SURE = 0.80  # confidence: typed words in zones stay above, handwriting below
_HAND_SHARE = 0.5  # of the letters in zones read without certainty: a person wrote them


@dataclass(frozen=True)
class ZoneText:
    """What each engine read in one slot; texts keep the line breaks of the form, and are ``""`` for nothing seen.

    Confidences are those of the least sure word (0 to 1; 1 for nothing). ``box`` is the zone on the scanned
    ``page``, in points of the straightened image. ``sure``: the printed words of its line were found again, so
    the zone is where it should be. ``inked``: there is ink that no engine could read. ``cut``: by a page break.
    ``doubt``: why the words may be more than the answer. ``torn``: a line may end with a
    dot or a hyphen that no engine read.
    """

    rapid: str
    rapid_confidence: float
    tesseract: str
    tesseract_confidence: float
    page: int
    box: Box
    sure: bool = True
    inked: bool = False
    cut: bool = False
    doubt: Doubt | None = None
    torn: bool = True


def read_zones(scan: Scan, place: Registration, zones: Zones) -> dict[str, ZoneText]:
    """The text of every slot whose zone could be found, by slot name; a slot without anchors is left out."""
    free = free_words(scan.rapid, place), free_words(scan.tesseract, place)
    found = {}
    for name, (page, box) in zones.items():
        parts = scan_zone(scan, place, page, box)
        if parts:
            found[name] = replace(_zone_text(scan, free, parts), sure=_surrounded(place, page, box))
    return found


def free_words(words: Stream, place: Registration) -> Stream:
    """The words that are not printed on the blank: neither matched, nor another engine's reading of a matched one."""
    taken = {id(anchor.word) for anchor in place.anchors}
    printed = grouped(
        (int(anchor.word.page or 0), (anchor.word.box, folded_letters(anchor.literal.text)))
        for anchor in place.anchors
        if anchor.word.box
    )
    return tuple(
        word
        for word in words
        if id(word) not in taken
        and word.text.strip(_REMAINS)
        and not any(
            inside(word.middle, box, 1.5) and fuzz.ratio(folded_letters(word.text), text) >= 50
            for box, text in printed.get(int(word.page or 0), ())
        )
    )


def _zone_text(scan: Scan, free: tuple[Stream, Stream], parts: Sequence[tuple[int, Box]]) -> ZoneText:
    held = [
        [[word for word in stream if word.page == page and inside(word.middle, box)] for page, box in parts]
        for stream in free
    ]
    mine, other = ("\n".join(filter(None, map(lined, map(unstruck, groups)))) for groups in held)
    sure = [min((word.confidence for group in groups for word in group), default=1.0) for groups in held]
    page, box = parts[0]
    return ZoneText(
        mine,
        sure[0],
        other,
        sure[1],
        page,
        box,
        inked=not (mine or other) and any(_has_ink(scan.page(number), part) for number, part in parts),
        cut=len(parts) > 1,
        doubt=next((word.doubt for groups in held for group in groups for word in group if word.struck), None),
        torn=torn(scan, [word for group in held[0] for word in group]),
    )


Place = tuple[int | None, float, float, str]


def where(word: Token) -> Place:
    """What a word is known by, though its box was made as high as those of its page."""
    return word.page, word.spot[0], word.spot[2], word.text


def unstruck(words: Sequence[Token]) -> list[Token]:
    """The words but for those that were struck out."""
    return [word for word in words if not word.struck]


def _surrounded(place: Registration, page: int, box: Box) -> bool:
    """Whether most printed words beside the zone were found; where none is beside it, those of the line above."""
    lost = [token.middle[1] for token in place.lost if token.page == page]
    got = [anchor.literal.middle[1] for anchor in place.anchors if anchor.literal.page == page]
    above = max((y for y in (*lost, *got) if y < box[1]), default=box[1])
    for top, bottom in ((box[1] - _BORDER, box[3] + _BORDER), (above - _LINE, above + _LINE)):
        found, missed = (sum(top <= y <= bottom for y in ys) for ys in (got, lost))
        if found + missed:
            return found >= 0.7 * (found + missed)
    return False


def _has_ink(page: ScannedPage, box: Box) -> bool:
    """Whether something larger than specks is written inside the box, its borders left aside."""
    x0, y0, x1, y1 = box
    part = cut(page, (x0 + 2.5, y0 + 2.5, x1 - 2.5, y1 - 2.5))[2]
    return bool(part.size) and int(np.count_nonzero(part)) > 12 * page.image.scale**2 * 0.5


def torn(scan: Scan, words: Sequence[Token]) -> bool:
    """Whether a line of these words, but the last, ends with a small stroke: a dot or a hyphen may be lost there."""
    ends = [line[-1] for line in lines_of_words(words)][:-1]
    return any(word.box is None or dot_at_end(scan.page(int(word.page or 0)).image, word.box) for word in ends)


def lined(words: Sequence[Token]) -> str:
    """Words as lines from top to bottom, each from left to right; lines without a letter are remains of rulings."""
    lines = (" ".join(word.text for word in line) for line in lines_of_words(words))
    return "\n".join(line for line in lines if folded_letters(line))


def lines_of_words(words: Sequence[Token]) -> list[list[Token]]:
    """The words in lines from top to bottom, each from left to right."""
    falling = sorted(words, key=lambda word: (word.page or 0, word.middle[1]))
    lines = runs(falling, lambda line, word: line[-1].page == word.page and _one_line(line[-1], word))
    return [sorted(line, key=lambda word: word.middle[0]) for line in lines]


def _one_line(first: Token, second: Token) -> bool:
    if not first.box or not second.box:
        return False
    shared = min(first.box[3], second.box[3]) - max(first.box[1], second.box[1])
    return shared > _WORD_IN_LINE * min(first.box[3] - first.box[1], second.box[3] - second.box[1])


def scan_zone(scan: Scan, place: Registration, page: int, box: Box) -> tuple[tuple[int, Box], ...]:
    """Where a box of the layout's ``page`` is on the scan: one box, or two where a page break cuts it; or none."""
    x0, y0, x1, y1 = box
    first_line = min(y0 + _FIRST, (y0 + y1) / 2)
    start = place.place(page, x0, first_line)
    end = place.place(page, x1, first_line)
    if start is None or end is None or start[0] != end[0]:
        return ()
    number, left, seed = start
    right, top = end[1], seed - (first_line - y0)
    below = _below(place, page, box)
    split = below is not None and below[0] == number + 1
    size = scan.page(number).image.size[1]
    bottom = (
        below[1] if below is not None and below[0] == number else size if split or below is None else top + y1 - y0
    )
    if below is None:
        bottom = min(size, max(top + y1 - y0, seed + _HALF))
    first = _snapped(scan.page(number), (left, top, right, max(bottom, seed + _HALF)), seed)
    if split and below is not None and place.missing_pages == ():
        return ((number, first), (number + 1, (first[0], 0.0, first[2], below[1])))
    return ((number, first),)


def _below(place: Registration, page: int, box: Box) -> tuple[int, float] | None:
    """The scanned page and height where the zone must end: as far above the next printed line as on the layout."""
    under = [a for a in place.anchors if a.literal.page == page and a.literal.box and a.literal.middle[1] > box[3]]
    if not under:
        later = [anchor for anchor in place.anchors if anchor.literal.page == page + 1]
        if not later:
            return None
        first = min(later, key=lambda anchor: anchor.literal.middle[1])
        return int(first.word.page or 0), first.word.middle[1] - _WHOLE
    nearest = min(anchor.literal.middle[1] for anchor in under)
    row = [anchor for anchor in under if anchor.literal.middle[1] <= nearest + _ROW]
    column = min(row, key=lambda anchor: abs(anchor.literal.middle[0] - (box[0] + box[2]) / 2))
    return int(column.word.page or 0), box[3] + column.drift[1]


def _snapped(page: ScannedPage, box: Box, seed: float) -> Box:
    """The sides of the ruled cell around, where rulings are where sides are expected."""
    x0, y0, x1, y1 = box
    level = [line for line in page.rulings.level if min(line[2], x1) - max(line[0], x0) > 0.6 * (x1 - x0)]
    upright = [line for line in page.rulings.upright if line[1] <= seed <= line[3]]
    ys = [(line[1] + line[3]) / 2 for line in level]
    xs = [(line[0] + line[2]) / 2 for line in upright]
    above = [y for y in ys if y0 - _SNAP <= y < seed - _BORDER]
    under = [y for y in ys if seed + _BORDER < y <= y1 + _SNAP]
    left = [x for x in xs if abs(x - x0) <= _SNAP]
    right = [x for x in xs if abs(x - x1) <= _SNAP]
    return (
        min(left, key=lambda x: abs(x - x0)) if left else x0,
        max(above) if above else y0,
        min(right, key=lambda x: abs(x - x1)) if right else x1,
        min(under) if under else y1,
    )


def page_reason(page: ScannedPage, words: Stream, texts: Mapping[str, ZoneText]) -> Doubt | None:
    """Why a page cannot be trusted (ILLISIBLE, MANUSCRIT), or ``None``.

    Handwriting is told by zones that RapidOCR reads without certainty while the print around reads well.
    """
    mine = [word for word in words if word.page == page.number]
    if len(mine) < 5 or page.legible < 0.5:
        why = f"la page {page.number} est trop floue, trop sombre ou trop petite pour être lue."
        return Doubt(Reason.ILLEGIBLE, why)
    zones = [text for text in texts.values() if text.page == page.number and (text.rapid or text.inked)]
    if len(zones) >= 4:
        unsure = sum(text.rapid_confidence < SURE or text.inked for text in zones) / len(zones)
        if unsure >= _HAND_SHARE:
            why = f"la page {page.number} semble remplie à la main ; ses réponses sont à relire."
            return Doubt(Reason.HANDWRITTEN, why)
    return None
