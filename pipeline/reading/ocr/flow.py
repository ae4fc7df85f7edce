"""OCR words aligned in reading order: the answers between the printed words before and after them.

The words of a page go to the same alignment as those of a printed PDF; what differs is how far it may be trusted,
because engines lose letters: a printed word may be bent, but the nearest ones on both sides of an answer must be
there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from rapidfuzz import fuzz

from pipeline.core.boxes import NOWHERE
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.folding import folded_letters
from pipeline.core.sequences import runs
from pipeline.forms.values.leaders import without_leaders
from pipeline.forms.values.place import Place as Written
from pipeline.reading.alignment.atoms import Atom, Mark, line_of
from pipeline.reading.alignment.compiled_layout import Compiled
from pipeline.reading.alignment.harvest import Mention, aligned_with, mentions
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.alignment.template import Template
from pipeline.reading.ocr.bands import Band, Reading, bands_of, ordered
from pipeline.reading.ocr.engines import BOXES
from pipeline.reading.ocr.page_images import PageImage
from pipeline.reading.ocr.registration import Anchor, Registration, measured
from pipeline.reading.ocr.scan_reading import Scan
from pipeline.reading.ocr.scanned_zones import Place, ZoneText, torn, where
from pipeline.reading.tokens import Stream, Token, TokenKind

_NEAR, _MISSED = 4, 1  # printed words on each side of an answer, and how many of them may be lost
_WORTH = 0.55  # of a layout's words that must be somewhere on the pages for an alignment to be worth its time
_MARGIN = 0.11  # of the page's height, at its top and at its foot
_REPEATED = 85.0  # likeness (0 to 100) of a line to one that each page repeats


class Scanned(Context):
    """Alignment context of OCR words: bent ones count as found, boxes read as letters as nothing."""

    @cached_property
    def lost(self) -> frozenset[int]:
        """The fixed words that were not found again at all."""
        return frozenset(index for index in self.literals if index not in self.aligned.pairs)

    @cached_property
    def strangers(self) -> frozenset[int]:
        """The atoms that nothing explains, but for those that stand where a tick box is."""
        unexplained = {i for i in self.aligned.extra if self.atoms[i].wordy}
        for slot in self.template.slots:
            if self.template.items[slot].is_box:
                start, end = self._around(slot)
                unexplained -= {i for i in unexplained if start < i < end and len(self.atoms[i].key) <= 2}
        return frozenset(unexplained)

    @cached_property
    def _rows(self) -> list[int]:
        """The line of each atom: what stands at the foot of a tall column says nothing of the answer at its top."""
        row, rows = 0, []
        for atom in self.atoms:
            rows.append(row)
            row += atom.mark in (Mark.LINE, Mark.CELL, Mark.ROW)
        return rows

    def _heading_changed(self, slot: int) -> bool:  # noqa: ARG002 -- the base class asks of each slot
        """Columns have no heading in common: each answer has its label above or before it."""
        return False

    def _around(self, slot: int) -> tuple[int, int]:
        before, after = self.neighbours(slot)
        here = self.aligned.position.get(slot, 0)
        start = self.aligned.pairs.get(before, here) if before is not None else -1
        return start, self.aligned.pairs.get(after, here) if after is not None else len(self.atoms)

    def changed_beside(self, slot: int) -> bool:
        """Whether the nearest printed word on a side is missing, or several of those near."""
        place = bisect_left(self.literals, slot)
        sides = (self.literals[max(0, place - _NEAR) : place][::-1], self.literals[place : place + _NEAR])
        return any(
            side[:1] and (side[0] in self.lost or sum(index in self.lost for index in side) > _MISSED)
            for side in sides
        )


@dataclass(frozen=True)
class Flow:
    """Ordered reading by one engine of the bands of a template that are read in order."""

    context: Scanned
    received: Stream

    def mentions(self, dictionary: Dictionary) -> dict[str, Mention]:
        """What stands in each text slot, by the placeholder's name; of a slot repeated, the first."""
        found: dict[str, Mention] = {}
        for mention in mentions(self.context, dictionary, printed=True):
            if mention.placeholder.option is None:
                found.setdefault(mention.placeholder.name, mention)
        return found

    def words(self) -> dict[str, tuple[tuple[Token, ...], str]]:
        """The words of each text slot, and its text with the line ends of the page."""
        found: dict[str, tuple[tuple[Token, ...], str]] = {}
        for slot in self.context.template.slots:
            placeholder = self.context.template.items[slot].placeholder
            if placeholder and placeholder.option is None:
                fallen = self.context.aligned.fallen.get(slot, ())
                atoms = [self.context.atoms[index] for index in fallen]
                tokens = dict.fromkeys(atom.token for atom in atoms if atom.mark is Mark.WORD)
                held = tuple(self.context.stream[token] for token in tokens)
                found.setdefault(placeholder.name, (held, "\n".join(_lines(atoms))))
        return found

    def strangers(self) -> Stream:
        """The words that nothing explains."""
        tokens = dict.fromkeys(self.context.atoms[index].token for index in sorted(self.context.strangers))
        return tuple(self.context.stream[token] for token in tokens)


@dataclass(frozen=True)
class Flows:
    """Ordered readings by both engines."""

    rapid: Flow
    tesseract: Flow
    dictionary: Dictionary
    leaders: bool

    @property
    def words(self) -> Stream:
        """RapidOCR's words in order, without what it took tick boxes for."""
        return tuple(token for token in self.rapid.received if token.kind is not TokenKind.TICK)

    @property
    def in_order(self) -> frozenset[Place]:
        """Where RapidOCR's words that were read in order stand."""
        return frozenset(where(token) for token in self.rapid.received)

    def texts(self, scan: Scan, place: Registration) -> dict[str, ZoneText]:
        """The text of each slot as both engines saw it.

        The place is sure where RapidOCR found the printed words around it, or tesseract if both read alike.
        """
        mine, other = self.rapid.mentions(self.dictionary), self.tesseract.mentions(self.dictionary)
        words, others = self.rapid.words(), self.tesseract.words()
        found = {}
        for name, mention in mine.items():
            twin = other[name]
            first, second = self._text(mention, words[name][1]), self._text(twin, others[name][1])
            alike = folded_letters(first) == folded_letters(second)
            spot = mention if mention.box else twin
            page = spot.page if spot.box else next((anchor.word.page for anchor in place.anchors), 1)
            sure = [min((word.confidence for word in held), default=1.0) for held, _ in (words[name], others[name])]
            found[name] = ZoneText(
                first,
                sure[0],
                second,
                sure[1],
                int(page or 1),
                spot.box or NOWHERE,
                sure=mention.sure or (twin.sure and alike),
                doubt=mention.doubt or (twin.doubt if alike else None),
                torn=torn(scan, words[name][0]),
            )
        return found

    def _text(self, mention: Mention, lined: str) -> str:
        """The answer; an address that may be cut keeps its line ends, and leaders left at its ends are taken off."""
        path = mention.placeholder.path
        text = lined if self.dictionary.kind(path) is FieldKind.EMAIL else mention.text
        if not self.leaders:
            return text
        kind = self.dictionary.kind(path) or FieldKind.LINE
        return without_leaders(text, Written(path, kind, self.dictionary.nature(path), self.dictionary.lexicon))


def _lines(atoms: Sequence[Atom]) -> list[str]:
    words = runs(atoms, lambda run, atom: run[-1].mark is Mark.WORD and atom.mark is Mark.WORD)
    return [line_of(run) for run in words if run[0].mark is Mark.WORD]


def read_flows(compiled: Compiled, scan: Scan, place: Registration, dictionary: Dictionary) -> Flows | None:
    """Both engines' words in the order of the layout; ``None`` where nothing is read in order."""
    if compiled.printed is None:
        return None
    pages = [page.image for page in scan.pages]
    found = [read_flow(compiled.printed, words, place, pages) for words in (scan.rapid, scan.tesseract)]
    if found[0] is None or found[1] is None:
        return None
    return Flows(found[0], found[1], dictionary, compiled.printed.leaders)


def read_flow(template: Template, words: Stream, place: Registration, pages: Sequence[PageImage]) -> Flow | None:
    """One engine's words in the order of the template's bands; ``None`` where it has none, or they are not found."""
    bands = bands_of(template)
    flowing = [band for band in bands if band.reading is not Reading.ZONES]
    if not any(template.items[index].placeholder for band in flowing for index in band.items):
        return None
    stream = ordered(template, bands, _kept_apart(words), place, pages)
    if stream is None:
        return None
    part = replace(template, items=tuple(template.items[index] for band in flowing for index in band.items))
    aligned = aligned_with(part, _without_margins(stream, template.everywhere))
    return Flow(Scanned(aligned.template, aligned.stream, aligned.atoms, aligned.aligned), stream)


def _kept_apart(words: Stream) -> Stream:
    """Tick boxes, which engines read as signs, are boxes; and words are as high as most of their page are.

    An engine's box is as high as the letters it holds: that says nothing of how large they were set.
    """
    high = {
        page: median(word.box[3] - word.box[1] for word in words if word.page == page and word.box)
        for page in {word.page for word in words if word.box}
    }
    return tuple(
        replace(_level(word, high), kind=TokenKind.TICK if word.text.strip(BOXES) == "" else word.kind)
        for word in words
    )


def _level(word: Token, high: dict[int | None, float]) -> Token:
    if word.box is None:
        return word
    y, half = (word.box[1] + word.box[3]) / 2, high[word.page] / 2
    return replace(word, box=(word.box[0], y - half, word.box[2], y + half))


def _without_margins(stream: Stream, everywhere: frozenset[str]) -> Stream:
    """The stream without the lines that each page repeats at its top or foot, though engines bend them."""
    keys = [folded_letters(re.sub(r"\d+", "", key)) for key in everywhere]
    kept: list[Token] = []
    line: list[Token] = []
    height = 0.0
    for token in stream:
        line.append(token)
        if token.kind is TokenKind.PAGE:
            height = token.box[3] if token.box else 0.0
        if token.kind is TokenKind.WORD or token.kind is TokenKind.TICK:
            continue
        kept.extend([one for one in line if one.kind is TokenKind.PAGE] if _is_margin(line, keys, height) else line)
        line = []
    return (*kept, *line)


def _is_margin(line: Sequence[Token], keys: Sequence[str], height: float) -> bool:
    boxes = [token.box for token in line if token.box and token.kind is TokenKind.WORD]
    if not boxes or not height:
        return False
    top, foot = (
        max(box[3] for box in boxes) <= _MARGIN * height,
        min(box[1] for box in boxes) >= (1 - _MARGIN) * height,
    )
    text = folded_letters(re.sub(r"\d+", "", "".join(token.text for token in line)))
    return (top or foot) and any(fuzz.ratio(text, key) >= _REPEATED for key in keys)


def by_order(template: Template, words: Stream, place: Registration, pages: Sequence[PageImage]) -> Registration:
    """The registration, with the printed words of the bands that are read in order found again by that order.

    ``place`` itself for a layout without such bands, or whose words are not on these pages.
    """
    if _common(template, words) < _WORTH:
        return place
    flow = read_flow(template, words, place, pages)
    if flow is None:
        return place
    anchors = _anchors(flow.context)
    mine = {id(template.token(index)) for band in _flowing(template) for index in band.items}
    others = [anchor for anchor in place.anchors if id(anchor.literal) not in mine]
    printed = [*(anchor.literal for anchor in place.anchors), *place.lost]
    return measured(printed, [*others, *anchors], place.rules, flowing=frozenset(mine))


def _flowing(template: Template) -> list[Band]:
    return [band for band in bands_of(template) if band.reading is not Reading.ZONES]


def _common(template: Template, words: Stream) -> float:
    seen = {folded_letters(part) for word in words for part in re.findall(r"[^\W_]+", word.text)}
    wanted = [folded_letters(word) for word in template.words]
    return sum(word in seen for word in wanted) / len(wanted) if wanted else 0.0


def _anchors(context: Context) -> list[Anchor]:
    """A printed word and the word it was found in: by its first atom that was."""
    found: dict[int, Anchor] = {}
    for index in context.literals:
        atom = context.aligned.pairs.get(index)
        if atom is None:
            continue
        literal, word = context.template.token(index), context.stream[context.atoms[atom].token]
        if literal.box and word.box:
            found.setdefault(id(literal), Anchor(literal, word))
    return list(found.values())
