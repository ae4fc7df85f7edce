"""Page layout of our own form: the plan of ``blank`` flowed onto A4 pages.

The PDF form is painted from this placement and the reader of printed copies looks at the same places, so
both always agree. Points, from the top left of a page; pages count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.forms.blank import Blank
from pipeline.forms.paper.metrics import text_width
from pipeline.forms.paper.placement import (
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Placement,
    Strip,
    Text,
    Tone,
)
from pipeline.forms.paper.strips import strips_of

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
    title = f"Formulaire préalable – {blank.formation.settings['intitule_court']}, session {blank.session.annee}"
    number = f"Page {page}/{pages}"
    yield Text(MARGIN, FOOT, blank.mark, _SMALL, tone=Tone.MUTED, page=page)
    middle = (PAGE_WIDTH - text_width(title, _SMALL)) / 2 + 30
    yield Text(middle, FOOT, title, _SMALL, tone=Tone.MUTED, page=page)
    yield Text(PAGE_WIDTH - MARGIN - text_width(number, _SMALL), FOOT, number, _SMALL, tone=Tone.MUTED, page=page)
