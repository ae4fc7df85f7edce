"""What a place of a convention seems to mean: by its name, by the label before it, by the words around.

A proposal is made where they agree; where only the words around say it, or two of them differ, it is to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.core.folding import fold
from pipeline.reading.labels.vocabulary import label_words
from pipeline.teaching.foreign_marks import Named
from pipeline.teaching.place_names import PlaceNames, name_words, of_them, owners_in, telling
from pipeline.teaching.place_natures import asked, nature_of

_BY_HAND = "signatures."  # where and when it is signed: written with the signature
_TODAY = "convention.date"
_WHEN = re.compile(r"\b(?:stage|dates?|periode|deroule\w*)\b.*\bdu$")
_MOST = 6  # words of a label
_CLAUSE = re.compile(r"[,;:.()\n]")


@dataclass(frozen=True)
class Guess:
    """The field that a place seems to mean, and whether it is more than likely."""

    path: str | None = None
    sure: bool = True


def guess(index: PlaceNames, named: Named | None, words: str, section: str | None, read: str | None) -> Guess:
    """The field of a place: by its name, else by the label reader (``read``), else by the words just before it."""
    if named is None:
        found = read or _by_words(index, words, section)
        return Guess(None if found and found.startswith(_BY_HAND) else found)
    if named.kept:
        return Guess()
    own = name_words(named.name)
    label = label_words(_CLAUSE.split(words.rstrip(" :"))[-1])
    by_name = _by_name(index, own, label, section, read)
    around = (_from_around(index, own, found) for found in (read, _by_words(index, words, section)))
    return by_name or next((one for one in around if one), Guess())


def _by_name(
    index: PlaceNames, own: Sequence[str], label: Sequence[str], section: str | None, read: str | None
) -> Guess | None:
    """What the name says; sure if it says so alone or beside a label, and the label says no other field."""
    found = index.find(own, (read or "").partition(".")[0] or section)
    if not found or found.startswith(_BY_HAND) or not index.agrees(own, found):
        return None
    told = bool(label) or index.find(own) == found  # else the lines before say whose it is
    other = bool(read) and not owners_in(own) and _root(read or "") not in (_BY_HAND, _root(found))
    return Guess(found, told and not other and index.agrees(label, found))


def _from_around(index: PlaceNames, own: Sequence[str], found: str | None) -> Guess | None:
    """What the label or the words around say, where the name does not deny it; sure if they share a word."""
    if not found or not index.agrees(own, found) or not of_them(found, owners_in(own)):
        return None
    if found.startswith(_BY_HAND):  # a merge writes the day when it is made, a form the day when it is signed
        return Guess(_TODAY, sure=False) if index.agrees(own, _TODAY) else None
    shared = index.shares(found, own)
    return Guess(found, shared) if shared or not asked(own) or nature_of(found, index.dictionary) else None


def put_dates(guesses: list[Guess], words: Sequence[str], unnamed: Sequence[bool]) -> None:
    """« du …… au …… » in a line that speaks of the stage: its first and its last day, if nothing said so yet."""
    for at, (before, after) in enumerate(pairwise(words)):
        free = guesses[at].path is guesses[at + 1].path is None and unnamed[at] and unnamed[at + 1]
        if free and after == "au" and _WHEN.search(fold(before)):
            guesses[at : at + 2] = [Guess("stage.date_debut"), Guess("stage.date_fin")]


def _root(path: str) -> str:
    return f"{path.partition('.')[0]}."


def _by_words(index: PlaceNames, words: str, section: str | None) -> str | None:
    """The field that the last words before a place name, the most of them that do, and that nothing there denies."""
    clause = label_words(_CLAUSE.split(words.rstrip(" :"))[-1])
    label = telling(label_words(words.rstrip(" :")))[-_MOST:]
    found = (index.find(label[start:], section) for start in range(len(label)))
    return next((path for path in found if path and index.agrees(clause, path)), None)
