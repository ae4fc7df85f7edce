"""Zone OCR of a form whose places are exact: each answer is cut out of the page, and read alone by both engines.

What is printed beside an answer is out of its picture, so that one figure of a calendar is read as surely as a
sentence. RapidOCR has read the page; where tesseract reads a zone otherwise, both look at it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from pipeline.core.boxes import inside
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.folding import folded_letters, plain_signs
from pipeline.core.models import Box
from pipeline.reading.ocr import accents, engines, page_images, strokes
from pipeline.reading.ocr.exact_places import ExactPlaces
from pipeline.reading.ocr.page_images import Grey
from pipeline.reading.ocr.scan_reading import HATLESS, Scan, ScannedPage
from pipeline.reading.ocr.scanned_zones import Zones, ZoneText, lines_of_words
from pipeline.reading.tokens import Stream, Token

# Shares of the height of a line to write on: the lowest zone of the form.
_EDGE = 0.1  # left aside at the sides of a zone: its border
_WRITTEN = 0.15  # the least side of what is written there: specks are smaller
_STROKE = 3.0  # wider than any letters run together: a pen's stroke through them, or under them
_FIGURE = 0.78  # higher than any figure: a pen's cross over it
_PAD = 0.25  # paper left around the ink
_ZOOM, _AGAIN = 1.2, (1.0, 1.6)  # at which tesseract looks, and looks again
_SPACED = re.compile(r"\s*([;:!?«»])\s*")
_FIGURES = re.compile(r"[\d\s.,/]+")
_BRACKETED = re.compile(r"^[(\[{|]+([\d.,]+)[)\]}|]+$")


_Look = tuple[str, float]  # what an engine reads, and how sure it is


@dataclass(frozen=True)
class _Zone:
    """One zone that holds ink: its place on the page without border and blank end, the ink's own box, in points.

    ``words`` are RapidOCR's; ``line`` is the height of a line to write on; ``crossed``: by the stroke of a pen.
    """

    name: str
    page: ScannedPage
    box: Box
    ink: Box
    words: tuple[Token, ...]
    line: float
    sure: bool
    crossed: bool = False


def read_exact_zones(scan: Scan, place: ExactPlaces, zones: Zones) -> dict[str, ZoneText]:
    """The text of every slot whose page is there, by slot name; ``zones`` are the layout's pages and rectangles."""
    line = min((box[3] - box[1] for _, box in zones.values()), default=0.0)
    even = {page.number: page_images.flat(page.image.pixels) for page in scan.pages}
    texts, written = {}, []
    for name, (page, box) in zones.items():
        moved = place.moved(page, box)
        if moved is None or not _is_on(scan.page(moved[0]), moved[1]):
            continue
        sure = place.holds(page, box, line)
        zone = _zone(name, scan.page(moved[0]), moved[1], scan.rapid, line, sure=sure)
        texts[name] = ZoneText("", 1.0, "", 1.0, *moved, sure=sure, torn=False)
        written += [zone] if zone else []
    return texts | dict(_read(written, even))


def _is_on(page: ScannedPage, box: Box) -> bool:
    """Whether the whole zone was scanned."""
    width, height = page.image.size
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def _zone(name: str, page: ScannedPage, box: Box, words: Stream, line: float, *, sure: bool) -> _Zone | None:
    """The zone with what is written in it; ``None`` for an empty one."""
    held = tuple(word for word in words if word.page == page.number and inside(word.middle, box))
    scale, edge = page.image.scale, _EDGE * line
    room = (box[0] + edge, box[1] + edge, box[2] - edge, box[3] - edge)
    left, top, right, bottom = (max(0, round(value * scale)) for value in room)
    stats = cv2.connectedComponentsWithStats(page.ink[top:bottom, left:right])[2][1:]
    large = stats[stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= _WRITTEN * line * scale]
    starts = large[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]] + (left, top)
    ends = starts + large[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    if len(large) == 0:
        return _Zone(name, page, room, room, held, line, sure) if held else None
    ink = (*(starts.min(axis=0) / scale).tolist(), *(ends.max(axis=0) / scale).tolist())
    room = (*room[:2], min(ink[2] + line / 2, room[2]), room[3])
    crossed = bool(large[:, cv2.CC_STAT_WIDTH].max() > _STROKE * line * scale) or (
        bool(held)
        and all(_FIGURES.fullmatch(word.text) for word in held)
        and bool(large[:, cv2.CC_STAT_HEIGHT].max() > _FIGURE * line * scale)
    )
    return _Zone(name, page, room, ink, held, line, sure, crossed)


def _read(zones: Sequence[_Zone], even: Mapping[int, Grey]) -> Iterator[tuple[str, ZoneText]]:
    """Both engines' words for each zone; where they differ, each looks again."""
    crops = [_cut(zone, even, zone.box) for zone in zones]
    rapid, other = [_on_page(zone) for zone in zones], _tesseract(crops, _ZOOM)
    for at in _apart(rapid, other):
        seen = _second_look(zones[at], even)
        rapid[at] = seen if not rapid[at][0] or _same(seen, other[at]) else rapid[at]
    apart = _apart(rapid, other)
    looks = zip(*(_tesseract([crops[at] for at in apart], zoom) for zoom in _AGAIN), strict=True)
    for at, again in zip(apart, looks, strict=True):
        other[at] = rapid[at] if _confirmed(rapid[at], other[at], again) else other[at]
    for zone, one, two in zip(zones, rapid, other, strict=True):
        yield zone.name, _text(zone, *_inspected(zone, one, two))


def _apart(rapid: Sequence[_Look], other: Sequence[_Look]) -> list[int]:
    return [at for at, (one, two) in enumerate(zip(rapid, other, strict=True)) if not _same(one, two)]


def _confirmed(rapid: _Look, other: _Look, again: Sequence[_Look]) -> bool:
    """Whether tesseract's other looks bear RapidOCR out: one, or all where a number stands against another."""
    alike = sum(_same(look, rapid) for look in again)
    numbers = _FIGURES.fullmatch(rapid[0]) and _FIGURES.fullmatch(other[0])
    return alike >= (len(again) if numbers else 1)


def _text(zone: _Zone, mine: _Look, theirs: _Look) -> ZoneText:
    doubt = next((word.doubt for word in zone.words if word.struck), None)
    if doubt is None and zone.crossed:
        doubt = Doubt(Reason.CROSSED_OUT, "un trait traverse ou souligne la réponse")
    if not strokes.is_told_round(zone.page.ink, zone.page.image.scale, zone.ink, mine[0]):
        why = f"un zéro et un O se ressemblent dans « {mine[0][:60]} »"
        doubt = doubt or Doubt(Reason.ILLEGIBLE, why)
    unread = not folded_letters(mine[0] + theirs[0])
    read = ZoneText(*mine, *theirs, zone.page.number, zone.box, zone.sure, inked=unread, torn=False)
    return replace(read, doubt=doubt)


def _tesseract(crops: Sequence[Grey], zoom: float) -> list[_Look]:
    """What tesseract reads on each picture; alone on its paper, a number seems to stand between brackets."""
    seen = ((joined(lines), sure) for lines, sure in engines.tesseract_texts(crops, zoom))
    return [(_BRACKETED.sub(r"\1", text), sure) for text, sure in seen]


def _inspected(zone: _Zone, mine: _Look, theirs: _Look) -> tuple[_Look, _Look]:
    """Readings that agree, as sure as the ink shows their accents and dots; RapidOCR loses the space before « ; ».

    Where they differ by a diaeresis, its two dots are there or not.
    """
    agree = _SPACED.sub(r"\1", plain_signs(mine[0])) == _SPACED.sub(r"\1", plain_signs(theirs[0]))
    for text, other in ((theirs[0], mine[0]), (mine[0], theirs[0])):
        if not (agree or accents.differ_by_dots(text, other)) or not _shown(zone, text):
            continue
        if agree or not _shown(zone, other):
            return (text, 1.0 if accents.is_hatted(text) else mine[1]), (text, 1.0)
    return ((theirs[0], mine[1]) if agree else mine), theirs


def _shown(zone: _Zone, text: str) -> bool:
    return accents.marks_shown(zone.page.ink, zone.page.image.scale, zone.ink, text)


def _on_page(zone: _Zone) -> _Look:
    """What RapidOCR read of the zone with the whole page, and its least confidence."""
    lines = lines_of_words(zone.words)
    text = joined([" ".join(word.text for word in line) for line in lines])
    return text, min((word.confidence for word in zone.words), default=1.0)


def joined(lines: Sequence[str]) -> str:
    """The lines of one answer, broken by the printer, as one; a word cut after its hyphen closes up."""
    text = ""
    for line in lines:
        text += line if not text or (text[-1] == "-" and text[-2:-1].isalpha()) else f" {line}"
    return text


def _same(one: _Look, other: _Look) -> bool:
    """Whether two looks are the same, « 3.5 » being « 3,5 »."""
    texts = [plain_signs(text) for text, _ in (one, other)]
    first, second = (text.replace(".", ",") if _FIGURES.fullmatch(text) else text for text in texts)
    return first == second


def _second_look(zone: _Zone, even: Mapping[int, Grey]) -> _Look:
    """What RapidOCR reads of the zone's lines, cut apart halfway between them; accents are to be seen in the ink."""
    lines = lines_of_words(zone.words)
    tops = [min(word.spot[1] for word in line) for line in lines]
    ends = [max(word.spot[3] for word in line) for line in lines]
    x0, top, x1, bottom = zone.box
    cuts = [top, *((end + start) / 2 for end, start in zip(ends, tops[1:], strict=False)), bottom]
    seen = [engines.read_crop(_cut(zone, even, (x0, start, x1, end))) for start, end in pairwise(cuts)]
    text, sure = joined([line for line, _ in seen]), min(sure for _, sure in seen)
    return text, min(sure, HATLESS) if accents.is_hatted(text) else sure


def _cut(zone: _Zone, even: Mapping[int, Grey], box: Box) -> Grey:
    """The picture of a part of the zone, black on white: in the grain of the paper, tesseract sees signs."""
    scale = zone.page.image.scale
    left, top, right, bottom = (max(0, round(value * scale)) for value in box)
    part = even[zone.page.number][top:bottom, left:right].astype(np.float32)
    if part.size == 0:
        return np.full((1, 1), 255, np.uint8)
    darkest, paper = float(part.min()), float(np.median(part))
    crisp = np.clip((part - darkest) * 255 / max(paper - darkest, 1.0), 0, 255).astype(np.uint8)
    return np.pad(crisp, round(_PAD * zone.line * scale), constant_values=255)
