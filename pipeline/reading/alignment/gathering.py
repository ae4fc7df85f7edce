"""Line assembly of loose words: those that stand beside each other, as one text each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.boxes import middle, union
from pipeline.core.sequences import runs
from pipeline.reading.tokens import Token

_SAME_LINE = 0.4  # of a word's height


def gathered(words: Sequence[Token]) -> tuple[Token, ...]:
    """Words that stand beside each other as one text each; without places, those of one cell or paragraph."""
    return tuple(
        replace(run[0], text=" ".join(token.text for token in run), box=union([one.box for one in run if one.box]))
        for run in runs((word for word in words if word.text.strip()), lambda run, word: _level(run[-1], word))
    )


def _level(last: Token, word: Token) -> bool:
    if last.box is None or word.box is None:
        return word.box is None and last.place == word.place
    high = last.box[3] - last.box[1]
    return last.page == word.page and abs(middle(last.box)[1] - middle(word.box)[1]) < _SAME_LINE * high
