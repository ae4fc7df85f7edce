"""Garbled text detection: whether the words that a PDF gives are a language, or codes of letters.

A printer that loses a font's table leaves words like « )RUPXODLUH »: they look well on the page and mean nothing.
"""

from __future__ import annotations

from collections import Counter

_FRENCH = "le la les l de du des d et un une en a au aux pour par dans est sur ou ce il qui que vous nous votre"
_ENGLISH = "the of and to in for is you your"
_SMALL_WORDS = frozenset(f"{_FRENCH} {_ENGLISH}".split())
_ENOUGH = 20  # words from which the share of small ones says something
_SHARE = 0.03  # of all words, in any French or English page; a list of articles has twice that


def is_language(words: Counter[str]) -> bool:
    """Whether folded words, with how often each stands there, may be French or English; too few of them may."""
    total = words.total()
    return total < _ENOUGH or sum(words[small] for small in _SMALL_WORDS) >= _SHARE * total
