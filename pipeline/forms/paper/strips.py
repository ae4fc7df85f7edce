"""Page layout of our own form: title, headings and rows of cells, each from its own corner, flowed onto A4 pages.

The PDF form is painted from this placement and the reader of printed copies looks at the same places, so
both always agree. Points, from the top left of a page; pages count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.core.fields import FieldKind
from pipeline.core.paper_kinds import PaperForm
from pipeline.forms.blank import Blank, Block, Cell, Row
from pipeline.forms.cell_widths import COLUMNS
from pipeline.forms.notices import PRIVACY, advice, logo_text, privacy, session_line
from pipeline.forms.paper.grids import grid_strip
from pipeline.forms.paper.metrics import text_width, wrap
from pipeline.forms.paper.placement import (
    INNER,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Frame,
    Placement,
    Role,
    Strip,
    Style,
    Text,
    Tone,
    Zone,
    body_of,
    calendar_bodies,
)
from pipeline.forms.paper_notices import FOOTS, TITLES

LABEL, HELP = 7.6, 6.6
_NOTICE, _NOTICE_LEAD = 8.0, 9.8
_LABEL_LEAD, _HELP_LEAD = 9.0, 7.8
_PAD = 3.5
_SECTION, _PART, _GAP = 16.0, 13.0, 8.0
ROWS_TOGETHER = 3  # a block of so few rows, such as an address, stays on one page
OFFICE = "accord_pedagogique"


@dataclass(frozen=True)
class _Line:
    """A line of a label: its parts side by side, and how far below the line before its baseline stands."""

    parts: tuple[tuple[str, float, Style, Tone], ...]
    lead: float


def strips_of(blank: Blank) -> Iterator[Strip]:
    """The whole form in order; headings are kept with what follows them."""
    yield _title(blank)
    for block in blank.blocks:
        yield _heading(block)
        if block.columns:
            yield grid_strip(block)
            continue
        for number, row in enumerate(block.rows, start=1):
            together = number < len(block.rows) <= ROWS_TOGETHER
            for strip in _row(block, row, blank):
                yield replace(strip, keep=together)
    yield _privacy(blank)


def _heading(block: Block) -> Strip:
    gap, height, size = (_GAP, _SECTION, 10.0) if block.top else (0.0, _PART, 8.4)
    box = (MARGIN, gap, MARGIN + INNER, gap + height)
    tone, role = (Tone.BAND, Role.SECTION) if block.top else (Tone.TITLE, Role.PART)
    text = Text(MARGIN + _PAD + 1.5, gap + height / 2 + 0.32 * size, block.title, size, Style.BOLD, tone)
    return Strip(gap + height, (text,), (Frame(box, role),), keep=True)


def _row(block: Block, row: Row, blank: Blank) -> Iterator[Strip]:
    role = Role.OFFICE if block.path == OFFICE else Role.CELL
    if row.cells[0].field.kind is FieldKind.CALENDAR:
        for number, body in enumerate(calendar_bodies(row.cells[0], blank, INNER - 2 * _PAD)):
            yield _cells(((row.cells[0], body),), role, labelled=number == 0)
        return
    pairs = tuple((cell, body_of(cell, _room(cell))) for cell in row.cells)
    yield _cells(pairs, role, labelled=True)


def _room(cell: Cell) -> float:
    return cell.width * INNER / COLUMNS - 2 * _PAD


def _cells(pairs: tuple[tuple[Cell, Strip], ...], role: Role, *, labelled: bool) -> Strip:
    labels = [_label(cell, _room(cell)) if labelled else () for cell, _ in pairs]
    heights = [
        sum(line.lead for line in label) + 2.6 + body.height for label, (_, body) in zip(labels, pairs, strict=True)
    ]
    height = max(heights) + _PAD + 1.0
    texts: list[Text] = []
    frames: list[Frame] = []
    zones: list[Zone] = []
    x = MARGIN
    for label, (cell, body) in zip(labels, pairs, strict=True):
        right = x + cell.width * INNER / COLUMNS
        placed = body.at(x + _PAD, height - _PAD - body.height)
        texts += (*_label_texts(label, x + _PAD), *placed.texts)
        frames += (Frame((x, 0.0, right, height), role, cell.field.path), *placed.frames)
        zones += placed.zones
        x = right
    return Strip(height, tuple(texts), tuple(frames), tuple(zones))


def _label(cell: Cell, room: float) -> tuple[_Line, ...]:
    """The title, its star, and the help after it or, if there is no room, below."""
    star, help_ = cell.star, cell.field.help
    starred = text_width(f" {star}", LABEL, bold=True) if star else 0.0
    titles = wrap(cell.field.title, LABEL, room - starred, bold=True)
    lines = [_Line(((title, LABEL, Style.BOLD, Tone.PLAIN),), _LABEL_LEAD) for title in titles]
    last = lines.pop().parts
    if star:
        last += ((star, LABEL, Style.BOLD, Tone.STAR),)
    used = sum(text_width(text, size, bold=True) + 1.6 for text, size, _, _ in last)
    inline = bool(help_) and used + text_width(help_, HELP) + 3 <= room
    if inline:
        last += ((help_, HELP, Style.ITALIC, Tone.MUTED),)
    lines.append(_Line(last, _LABEL_LEAD))
    if help_ and not inline:
        below = wrap(help_, HELP, room)
        lines.extend(_Line(((text, HELP, Style.ITALIC, Tone.MUTED),), _HELP_LEAD) for text in below)
    return tuple(lines)


def _label_texts(label: tuple[_Line, ...], left: float) -> Iterator[Text]:
    base = 1.2
    for line in label:
        base += line.lead
        x = left
        for text, size, style, tone in line.parts:
            yield Text(x, base, text, size, style, tone)
            x += text_width(text, size, bold=style is Style.BOLD) + 1.6


def _title(blank: Blank) -> Strip:
    logo = (MARGIN, 0.0, MARGIN + 104, 58.0)
    left, room = logo[2] + 14, INNER - 118
    titles = wrap(blank.formation.title, 10.5, room, bold=True)
    base = 33.0 + 12.5 * len(titles)
    texts = [
        *_centred(wrap(logo_text(blank.formation), 8.4, 96), logo[0] + 52, 29.0),
        Text(left, 17.0, TITLES[blank.paper], 18.5, Style.BOLD, Tone.TITLE),
        *(Text(left, 33.0 + 12.5 * n, line, 10.5, Style.BOLD) for n, line in enumerate(titles)),
        Text(left, base + 0.5, session_line(blank.formation, blank.session), 9.4, tone=Tone.MUTED),
    ]
    top = max(logo[3], base + 4) + 7
    told = [
        line for part in advice(blank.formation, blank.session, blank.paper) for line in wrap(part, 8.4, INNER - 14)
    ]
    bottom = top + 10.6 * len(told) + 7
    texts.extend(Text(MARGIN + 7, top + 11 + 10.6 * n, line, 8.4) for n, line in enumerate(told))
    frames = (Frame(logo, Role.LOGO), Frame((MARGIN, top, MARGIN + INNER, bottom), Role.ADVICE))
    return Strip(bottom, tuple(texts), frames)


def _centred(lines: list[str], middle: float, centre: float) -> Iterator[Text]:
    base = centre - 5 * (len(lines) - 1) + 3
    for n, line in enumerate(lines):
        yield Text(middle - text_width(line, 8.4) / 2, base + 10 * n, line, 8.4, tone=Tone.MUTED)


def _privacy(blank: Blank) -> Strip:
    """The notice on personal data, at the end of the form."""
    lines = [line for part in privacy(blank.formation, blank.paper) for line in wrap(part, _NOTICE, INNER - 14)]
    top = _GAP + _PART
    bottom = top + _NOTICE_LEAD * len(lines) + 6
    texts = [Text(MARGIN + 5, _GAP + _PART / 2 + 2.7, PRIVACY, 8.4, Style.BOLD, Tone.TITLE)]
    texts += (Text(MARGIN + 7, top + 9 + _NOTICE_LEAD * n, line, _NOTICE) for n, line in enumerate(lines))
    heading = Frame((MARGIN, _GAP, MARGIN + INNER, top), Role.PART)
    return Strip(bottom, tuple(texts), (heading, Frame((MARGIN, top, MARGIN + INNER, bottom), Role.ADVICE)))


TOP = 30.0
BOTTOM = PAGE_HEIGHT - 36.0
FOOT = PAGE_HEIGHT - 20.0
_SMALL = 7.0


def place(blank: Blank) -> Placement:
    """The placement of every heading, label and slot of the form. The same plan always gives the same places."""
    placed = list(_flow(list(strips_of(blank))))
    pages = max(page for page, _ in placed)
    texts = [text for _, strip in placed for text in strip.texts]
    texts.extend(foot for page in range(1, pages + 1) for foot in _footer(blank, page, pages))
    return Placement(
        pages=pages,
        texts=tuple(texts),
        frames=tuple(frame for _, strip in placed for frame in strip.frames),
        zones=tuple(zone for _, strip in placed for zone in strip.zones),
    )


def _flow(strips: Sequence[Strip]) -> Iterator[tuple[int, Strip]]:
    """Strips down the pages: those tied together move to the next page together."""
    page, top = 1, TOP
    for chain in _chains(strips):
        height = sum(strip.height for strip in chain)
        if top + height > BOTTOM and top > TOP:
            page, top = page + 1, TOP
        for strip in chain:
            if top + strip.height > BOTTOM and top > TOP:
                page, top = page + 1, TOP
            yield page, strip.at(0.0, top, page)
            top += strip.height


def _chains(strips: Sequence[Strip]) -> Iterator[list[Strip]]:
    chain: list[Strip] = []
    for strip in strips:
        chain.append(strip)
        if not strip.keep:
            yield chain
            chain = []
    if chain:
        yield chain


def _footer(blank: Blank, page: int, pages: int) -> Iterator[Text]:
    title = f"{FOOTS[blank.paper]} – {blank.formation.settings['intitule_court']}, session {blank.session.annee}"
    number = f"Page {page}/{pages}"
    yield Text(MARGIN, FOOT, blank.mark, _SMALL, tone=Tone.MUTED, page=page)
    middle = (PAGE_WIDTH - text_width(title, _SMALL)) / 2 + 30
    if blank.paper is not PaperForm.FORMULAIRE:  # its mark is longer
        middle = MARGIN + text_width(blank.mark, _SMALL) + 12
    yield Text(middle, FOOT, title, _SMALL, tone=Tone.MUTED, page=page)
    yield Text(PAGE_WIDTH - MARGIN - text_width(number, _SMALL), FOOT, number, _SMALL, tone=Tone.MUTED, page=page)
