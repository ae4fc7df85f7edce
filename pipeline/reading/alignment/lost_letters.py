"""Printed words whose letters a PDF no longer says, read from the blank: a printer lost a part of its fonts' tables.

Such a word has holes where letters were. It is the blank's own when it stands where the blank prints a word of the
same letters around as many holes; an answer has no such twin, and its holes stay a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.core.boxes import middle
from pipeline.core.models import Box
from pipeline.core.sequences import grouped
from pipeline.reading.alignment.shift import Shift
from pipeline.reading.alignment.template import Template
from pipeline.reading.tokens import HOLE, Stream, Token, TokenKind

_ASIDE, _ABOVE = 0.8, 0.35  # of a word's height: how far from its place it is still itself


def has_holes(stream: Stream) -> bool:
    """Whether a letter of some word is not said by the file."""
    return any(HOLE in token.text for token in stream)


def with_blank_letters(stream: Stream, template: Template, shifts: Mapping[int, Shift]) -> Stream:
    """The stream with the holes of printed words filled from the blank; ``shifts`` say how its pages were moved."""
    printed = grouped(
        (shift.page, (shift.moved(token.box), token.text))
        for token in template.stream
        if token.kind is TokenKind.WORD and token.box and (shift := shifts.get(token.page or 0))
    )
    return tuple(
        _filled(token, printed.get(token.page or 0, ())) if HOLE in token.text else token for token in stream
    )


def _filled(token: Token, printed: Sequence[tuple[Box, str]]) -> Token:
    if not token.box:
        return token
    pattern = re.compile(re.escape(token.text).replace(HOLE, "."))
    x, y = middle(token.box)
    for box, text in printed:
        high, (u, v) = box[3] - box[1], middle(box)
        near = abs(u - x) <= _ASIDE * high and abs(v - y) <= _ABOVE * high
        if near and pattern.fullmatch(text):
            return replace(token, text=text, doubt=None)
    return token
