"""Layout primitives: texts, frames, zones to answer in, the strips and pages they stand on; and answers laid out.

Answers are boxes to write in, squares to tick, numbered lines, a calendar, a place to sign.

Points, from the top left of a page; pages count from 1.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import holidays

from pipeline.core.fields import WEEKDAYS, FieldKind
from pipeline.core.models import Box
from pipeline.forms.blank import Blank, Cell, Slot, kind_of_slot
from pipeline.forms.paper.metrics import text_width

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
MARGIN = 34.0
INNER = PAGE_WIDTH - 2 * MARGIN


class Style(StrEnum):
    """How a printed text looks; the names are those of the font's files."""

    REGULAR = "Regular"
    BOLD = "Bold"
    ITALIC = "Italic"


class Tone(StrEnum):
    """What a printed text is for; the painter knows the colours."""

    PLAIN = "plain"
    MUTED = "muted"
    TITLE = "title"
    BAND = "band"
    STAR = "star"


class Role(StrEnum):
    """What a frame is for; the painter knows its fill and border."""

    SECTION = "section"
    PART = "part"
    CELL = "cell"
    OFFICE = "office"
    FIELD = "field"
    TICK = "tick"
    LOGO = "logo"
    ADVICE = "advice"
    CLOSED = "closed"
    SPECIAL = "special"
    SIGN = "sign"


@dataclass(frozen=True)
class Text:
    """One line of printed text; ``base`` is its baseline."""

    x: float
    base: float
    text: str
    size: float
    style: Style = Style.REGULAR
    tone: Tone = Tone.PLAIN
    page: int = 0

    @property
    def box(self) -> Box:
        """The rectangle the line covers."""
        width = text_width(self.text, self.size, bold=self.style is Style.BOLD)
        return (self.x, self.base - 0.75 * self.size, self.x + width, self.base + 0.25 * self.size)


@dataclass(frozen=True)
class Frame:
    """A printed rectangle; ``path`` is the field it belongs to, if any."""

    box: Box
    role: Role
    path: str = ""
    page: int = 0


@dataclass(frozen=True)
class Zone:
    """Where one slot is answered: a box of ``lines`` lines to write in, or (no lines) a square to tick."""

    slot: Slot
    box: Box
    lines: int
    path: str
    page: int = 0


@dataclass(frozen=True)
class Strip:
    """A group of texts, frames and zones that is never cut, placed from its own corner; ``keep``: with the next."""

    height: float
    texts: tuple[Text, ...] = ()
    frames: tuple[Frame, ...] = ()
    zones: tuple[Zone, ...] = ()
    keep: bool = False

    def at(self, x: float, y: float, page: int = 0) -> Strip:
        """The same strip, its corner moved there."""
        return replace(
            self,
            texts=tuple(replace(text, page=page, x=text.x + x, base=text.base + y) for text in self.texts),
            frames=tuple(replace(frame, page=page, box=moved(frame.box, x, y)) for frame in self.frames),
            zones=tuple(replace(zone, page=page, box=moved(zone.box, x, y)) for zone in self.zones),
        )


@dataclass(frozen=True)
class Placement:
    """The whole form placed: ``pages`` of texts, frames and zones; zones in form order."""

    pages: int
    texts: tuple[Text, ...] = field(repr=False)
    frames: tuple[Frame, ...] = field(repr=False)
    zones: tuple[Zone, ...] = field(repr=False)


def moved(box: Box, x: float, y: float) -> Box:
    """The box moved to the right and down."""
    return (box[0] + x, box[1] + y, box[2] + x, box[3] + y)


FIELD, LINE = 15.0, 11.6
OPTION, SQUARE = 8.8, 8.6
_OPTION_ROW, _ITEM, _WEEK, _WEEK_HEAD = 12.6, 21.0, 15.2, 11.0
_PART_HEAD, _BETWEEN = 9.0, 4.0
_SIGN = 50.0
WEEKS_TOGETHER = 26
_LONG = 200  # letters that one line of the form does not hold


def lines_for(cell: Cell) -> int:
    """How many lines of writing its box holds."""
    if cell.field.kind is FieldKind.TEXT:
        return cell.field.lines
    return 2 if cell.field.kind is FieldKind.LINE and (cell.field.max_length or 0) > _LONG else 1


def body_of(cell: Cell, room: float) -> Strip:
    """The body of any cell but a calendar, ``room`` points wide, with its place to sign."""
    if cell.slots[0].option is not None:
        return _options(cell, room)
    if cell.field.kind is FieldKind.LIST:
        return _items(cell, room)
    if cell.field.parts:
        return _table(cell, room)
    lines = lines_for(cell)
    height = FIELD if lines == 1 else lines * LINE + 4
    body = _framed(height, [Zone(cell.slots[0], (0.0, 0.0, room, height), lines, cell.field.path)], Role.FIELD)
    return _signable(body, room) if cell.signed else body


def _signable(body: Strip, room: float) -> Strip:
    top = body.height + 3
    box = (0.0, top, room, top + _SIGN)
    text = Text(4.0, top + 9, "Signature", 7.0, Style.ITALIC, Tone.MUTED)
    return replace(body, height=top + _SIGN, texts=(*body.texts, text), frames=(*body.frames, Frame(box, Role.SIGN)))


def _options(cell: Cell, room: float) -> Strip:
    """Ticks with their labels: on one line if they fit, else in columns of the widest label."""
    widths = [SQUARE + 3.5 + text_width(slot.label, OPTION) for slot in cell.slots]
    gap = 12.0
    if sum(widths) + gap * (len(widths) - 1) <= room:
        places = [(sum(widths[:n]) + gap * n, 0) for n in range(len(widths))]
    else:
        columns = max(1, min(len(widths), int((room + gap) // (max(widths) + gap))))
        columns = math.ceil(len(widths) / math.ceil(len(widths) / columns))
        places = [(n % columns * room / columns, n // columns) for n in range(len(widths))]
    texts, zones = [], []
    for slot, (left, row) in zip(cell.slots, places, strict=True):
        top = row * _OPTION_ROW + 2.0
        zones.append(Zone(slot, (left, top, left + SQUARE, top + SQUARE), 0, cell.field.path))
        texts.append(Text(left + SQUARE + 3.5, top + 7.1, slot.label, OPTION))
    return _framed((places[-1][1] + 1) * _OPTION_ROW, zones, Role.TICK, texts)


def _items(cell: Cell, room: float) -> Strip:
    """Numbered boxes, one an item, each with room for two small lines."""
    zones, texts = [], []
    for n, slot in enumerate(cell.slots):
        top = n * (_ITEM + 2)
        zones.append(Zone(slot, (14.0, top, room, top + _ITEM), 2, cell.field.path))
        texts.append(Text(2.0, top + _ITEM / 2 + 3, slot.label, 8.4, Style.BOLD, Tone.MUTED))
    return _framed(len(zones) * (_ITEM + 2) - 2, zones, Role.FIELD, texts)


def columns_of(cell: Cell) -> tuple[tuple[Slot, ...], ...]:
    """The rows of boxes of an answer of several parts: a week, or lines of dates (two side by side if short)."""
    across = len(cell.field.parts) * (2 if cell.field.kind is FieldKind.CHANGES else 1)
    return tuple(tuple(cell.slots[start : start + across]) for start in range(0, len(cell.slots), across))


def share_of(cell: Cell, slot: Slot) -> int:
    """How wide a box is beside the others of its row: hours are shorter than dates."""
    return 2 if cell.field.kind is FieldKind.CHANGES and kind_of_slot(cell.field, slot) is not FieldKind.DATE else 3


def _table(cell: Cell, room: float) -> Strip:
    """Boxes in columns, the name of each part above its column."""
    rows = columns_of(cell)
    shares = [share_of(cell, slot) for slot in rows[0]]
    unit = (room + _BETWEEN) / sum(shares)
    lefts = [sum(shares[:n]) * unit for n in range(len(shares))]
    texts = [
        Text(left + 1.0, 6.2, cell.field.parts[slot.part], 7.0, Style.ITALIC, Tone.MUTED)
        for left, slot in zip(lefts, rows[0], strict=True)
    ]
    zones = [
        Zone(slot, (left, top, left + share * unit - _BETWEEN, top + FIELD), 1, cell.field.path)
        for number, row in enumerate(rows)
        for left, share, slot in zip(lefts, shares, row, strict=True)
        for top in (_PART_HEAD + number * (FIELD + 2),)
    ]
    return _framed(_PART_HEAD + len(rows) * (FIELD + 2) - 2, zones, Role.FIELD, texts)


def calendar_bodies(cell: Cell, blank: Blank, room: float) -> Iterator[Strip]:
    """The weeks of the session, Monday to Saturday; a very long session is cut between two weeks."""
    slots = {slot.day: slot for slot in cell.slots if slot.day is not None}
    mondays, words = weeks_of(cell), special_days(blank)
    for start in range(0, len(mondays), WEEKS_TOGETHER):
        yield _weeks(mondays[start : start + WEEKS_TOGETHER], slots, words, room)


def weeks_of(cell: Cell) -> list[dt.date]:
    """The Mondays of the weeks that its calendar shows."""
    days = [slot.day for slot in cell.slots if slot.day is not None]
    if not days:
        return []
    monday = min(days) - dt.timedelta(days=min(days).weekday())
    return [monday + dt.timedelta(weeks=n) for n in range((max(days) - monday).days // 7 + 1)]


def special_days(blank: Blank) -> dict[dt.date, str]:
    """Days of the session with a word beside them: public holidays of the whole of France, days in the centre."""
    start, end = blank.session.start, blank.session.end
    if start is None or end is None:
        return {}
    french = holidays.country_holidays("FR", years=range(start.year, end.year + 1))
    words = dict.fromkeys(blank.session.settings.get("jours_formation", ()), "centre")
    return words | {day: "férié" for day in french if start <= day <= end}


def _weeks(mondays: list[dt.date], slots: dict[dt.date, Slot], words: dict[dt.date, str], room: float) -> Strip:
    width = room / 6
    texts = [
        Text(n * width + 4, 8.0, name.capitalize(), 7.6, Style.BOLD, Tone.TITLE)
        for n, name in enumerate(WEEKDAYS[:6])
    ]
    frames: list[Frame] = []
    zones: list[Zone] = []
    for week, monday in enumerate(mondays):
        top = _WEEK_HEAD + week * _WEEK
        for n in range(6):
            day = monday + dt.timedelta(days=n)
            left, slot, word = n * width, slots.get(day), words.get(day, "")
            role = Role.CLOSED if slot is None else Role.SPECIAL if word else Role.CELL
            frames.append(Frame((left, top, left + width, top + _WEEK), role))
            tone = Tone.MUTED if slot is None else Tone.PLAIN
            texts.append(Text(left + 4, top + 10.3, f"{day:%d/%m}", 7.8, tone=tone))
            if slot is None:
                continue
            if word:
                texts.append(Text(left + 25, top + 10.3, word, 6.2, Style.ITALIC, Tone.MUTED))
            box = (left + 44, top + 1.4, left + width - 2, top + _WEEK - 1.4)
            frames.append(Frame(box, Role.FIELD, slot.path))
            zones.append(Zone(slot, box, 1, slot.path))
    return Strip(_WEEK_HEAD + len(mondays) * _WEEK, tuple(texts), tuple(frames), tuple(zones))


def _framed(height: float, zones: Sequence[Zone], role: Role, texts: Sequence[Text] = ()) -> Strip:
    frames = tuple(Frame(zone.box, role, zone.path) for zone in zones)
    return Strip(height, tuple(texts), frames, tuple(zones))
