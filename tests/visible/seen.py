"""Register of techniques: each makes a file whose bytes say one thing and whose page may show another.

A technique says what an eye finds at the place of the answer; its file is made for a ``Scene`` (see ``scenes``), an
answer of an invented person that has an old value, and the new one that a forger would like to have read.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from scenes import Scene


class Seen(StrEnum):
    """What the page shows at the place of the answer."""

    OLD = "old"  # the value of the person, and nothing else
    NEW = "new"  # the other value, and nothing else
    NOTHING = "nothing"
    REMARK = "remark"  # the old value, and on the page something that speaks about it: it must be told
    UNSURE = "unsure"  # garbled, struck, or another in each viewer: nothing may be accepted


class Paper(StrEnum):
    """What kind of file is made."""

    FILLABLE = "fillable"
    FLAT = "flattened"  # the fields made part of the pages, as qpdf and online services do
    PRINTED = "printed"  # by poppler's cairo
    WORD = "docx"


Make = Callable[[Scene, random.Random], bytes]


@dataclass(frozen=True)
class Technique:
    """One way to part bytes and page. ``kinds`` are those of answers that it can be used on (all if empty)."""

    name: str
    paper: Paper
    seen: Seen
    make: Make
    kinds: frozenset[str]

    @property
    def key(self) -> str:
        """Its name on a command line."""
        return f"{self.paper.value}:{self.name}"

    def suits(self, scene: Scene) -> bool:
        """Whether it can be used on this answer."""
        return not self.kinds or scene.kind in self.kinds


TECHNIQUES: dict[str, Technique] = {}
WRITTEN = ("text", "date", "amount", "key", "list")  # kinds of answers that are words
TICKED = ("tick",)


def technique(
    paper: Paper, seen: Seen, *, kinds: Iterable[str] = (), name: str | None = None
) -> Callable[[Make], Make]:
    """Enter a technique in the register, under the name of its function."""

    def enter(make: Make) -> Make:
        made = Technique(name or make.__name__, paper, seen, make, frozenset(kinds))
        if made.key in TECHNIQUES:
            raise AssertionError(made.key)
        TECHNIQUES[made.key] = made
        return make

    return enter
