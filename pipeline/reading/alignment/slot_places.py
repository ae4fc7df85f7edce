"""Bounding boxes of slots on the printed blank: a cell, or the room left by the words around."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.boxes import inside
from pipeline.core.models import Box
from pipeline.core.sequences import grouped
from pipeline.forms.layouts import Placeholder
from pipeline.reading.alignment.atoms import Mark
from pipeline.reading.alignment.template import Template
from pipeline.reading.tokens import Source, Token, TokenKind

# Shares of a slot's height.
_LEVEL = 0.5  # words whose middles are nearer stand on its line
_OVER = 0.1  # by which printed words may reach into its box
_ABOVE, _BELOW = 0.2, 4.0  # the room above its line, and the most below where no words follow


@dataclass(frozen=True)
class SlotPlace:
    """Bounding box of a slot on ``page`` (from 1), in points. ``widget``: it is a form field’s rectangle."""

    placeholder: Placeholder
    page: int
    box: Box
    widget: bool = False


def slot_places(template: Template) -> Iterator[SlotPlace]:
    """The zone of every slot of a printed template, in order; slots without a place are left out."""
    right = _right_edges(template.stream)
    for index in template.slots:
        placeholder, token = template.items[index].placeholder, template.token(index)
        if placeholder is None or token.box is None or token.page is None:
            continue
        if token.source is Source.ACROFORM:
            yield SlotPlace(placeholder, token.page, token.box, widget=True)
        elif placeholder.option is not None:
            yield SlotPlace(placeholder, token.page, token.box)
        else:
            frame = _cell(template, index) or _band(template, token, right[token.page])
            others = [
                other for other in _words(template, token.page) if other is not token and inside(other.middle, frame)
            ]
            yield SlotPlace(placeholder, token.page, _room(token, frame, others))


def _right_edges(stream: Sequence[Token]) -> dict[int, float]:
    edges = grouped((token.page, token.box[2]) for token in stream if token.box and token.page and token.text)
    return {page: max(0.0, *rights) for page, rights in edges.items()}


def _cell(template: Template, slot: int) -> Box | None:
    borders = (
        index
        for index in range(slot - 1, -1, -1)
        if template.items[index].placeholder is None and template.items[index].atom.mark in (Mark.CELL, Mark.ROW)
    )
    last = next(borders, None)
    if last is None or template.items[last].atom.mark is not Mark.CELL:
        return None
    cell = template.token(last)
    return cell.box if cell.page == template.token(slot).page else None  # a row cut by a page break


def _band(template: Template, token: Token, right: float) -> Box:
    """Outside tables: from the slot's line down to the next words."""
    box, height = token.spot, token.spot[3] - token.spot[1]
    words = (other.box for other in _words(template, token.page) if other.box)
    below = [other[1] for other in words if other[1] >= box[3] - _OVER * height]
    return (0.0, box[1] - _ABOVE * height, max(right, box[2]), min([*below, box[3] + _BELOW * height]))


def _words(template: Template, page: int | None) -> Iterator[Token]:
    for token in template.stream:
        if token.page == page and token.box and token.text and token.kind in (TokenKind.WORD, TokenKind.TICK):
            yield token


def _room(token: Token, frame: Box, others: Sequence[Token]) -> Box:
    """The frame without what is printed in it beside, above and below the slot."""
    x0, top, x1, bottom = frame
    box = token.box or frame
    middle, height = (box[1] + box[3]) / 2, box[3] - box[1]
    for other in others:
        left, above, right, below = other.box or frame
        if abs((above + below) / 2 - middle) <= _LEVEL * height:
            if right <= box[0] + _OVER * height:
                x0 = max(x0, right)
            elif left >= box[2] - _OVER * height:
                x1 = min(x1, left)
        elif below <= middle:
            top = max(top, below)
        else:
            bottom = min(bottom, above)
    return (round(x0, 2), round(top, 2), round(max(x1, x0 + 1), 2), round(max(bottom, top + 1), 2))
