"""The screens of the scripted day that the French guide shows; what changes from day to day is made stable here.

``python tests/day/pictured.py`` plays the day and writes them into the guide (``make readme``).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from scripted import ROOT, Day, laid, play
from terminal import Screen

GUIDE = ROOT / "docs" / "mode-d-emploi.md"
_CUT = "[…]"
_ID = re.compile(r"(?<![\w-])(?:[0-9a-f]{8})(?![\w-])|(?<=_)[0-9a-f]{12}(?!\w)|(?<=a-verifier-)[0-9a-f]{8}(?=\.)")
_ELAPSED = re.compile(r"\d:\d\d:\d\d$")
Excerpt = Callable[[Sequence[str]], Sequence[str]]


def whole(rows: Sequence[str]) -> Sequence[str]:
    """Every row."""
    return rows


def ends(first: int, last: int = 0) -> Excerpt:
    """The first rows of a screen, and the last ones."""

    def cut(rows: Sequence[str]) -> Sequence[str]:
        return rows if len(rows) <= first + last else (*rows[:first], _CUT, *rows[len(rows) - last :])

    return cut


def parts(*begun: tuple[str, int]) -> Excerpt:
    """Of each part that begins with these words, so many rows."""

    def cut(rows: Sequence[str]) -> Sequence[str]:
        kept: list[str] = []
        for words, many in begun:
            at = next(at for at, row in enumerate(rows) if row.startswith(words))
            kept += [_CUT, *rows[at : at + many]] if at and kept else rows[at : at + many]
        return kept if rows[-1] == kept[-1] else [*kept, _CUT]

    return cut


@dataclass(frozen=True)
class Picture:
    """A screen to show: the first that was typed so (of those, which one), and what is shown of it."""

    typed: str
    shown: Excerpt = whole
    which: int = 0

    def taken(self, day: Day) -> tuple[str, ...]:
        """Its command and its rows, as the window had them."""
        found = [
            one for one in day.clerk.screens if re.match(self.typed, one.typed) and one.columns == day.clerk.columns
        ]
        screen = found[self.which]
        lines = tuple(_calm(line, day.place) for line in screen.lines)
        rows = Screen(screen.typed, screen.columns, lines, screen.code).rows
        return (f"$ {_calm(screen.typed, day.place)}", *self.shown(rows), "")


_LIST = "liasse status --todo"
PICTURES: Mapping[str, tuple[Picture, ...]] = {
    "matin": (Picture(_LIST), Picture("liasse batch", ends(9, 9))),
    "a-faire": (
        Picture(
            _LIST, parts(("À décider", 10), ("Lettres", 10), ("Quand toutes", 2), ("Liasses", 6), ("Relire", 6)), 1
        ),
    ),
    "accord": (Picture("liasse approve"), Picture(".*--refuse")),
    "doute": (Picture("liasse show", parts(("2024-", 6), ("1 doute", 9))), Picture("liasse confirm .*=")),
    "feuille": (Picture("liasse review"), Picture("liasse confirm .*--sheet")),
    "lever": (Picture("liasse override"),),
    "lettre": (Picture("liasse fetch(?!.*all-ready)"), Picture("liasse run", ends(8, 4))),
    "retirer": (Picture("liasse fetch --all-ready", ends(3)),),
    "etat": (Picture("liasse status$", ends(6, 1)), Picture("liasse status .*signature", ends(4))),
    "soir": (Picture(_LIST, which=-1),),
}


def drawn(day: Day) -> dict[str, str]:
    """What each block of the guide shows; ids are told by the order in which they appear."""
    numbers = count(1)
    known: dict[str, str] = {}

    def told(found: re.Match[str]) -> str:
        word = found[0]
        known.setdefault(word, f"{next(numbers) * 0x9E3779B97F4A % 16**12:012x}"[: len(word)])
        return known[word]

    blocks = {name: "\n".join(row for one in taken for row in one.taken(day)) for name, taken in PICTURES.items()}
    return {name: f"```text\n{_ID.sub(told, text).rstrip()}\n```\n" for name, text in blocks.items()}


def shown() -> dict[str, str]:
    """What the guide shows now, by block."""
    text = GUIDE.read_text(encoding="utf-8")
    return {name: _pattern(name).findall(text)[0] for name in PICTURES}


def _calm(text: str, place: Path) -> str:
    return _ELAPSED.sub("0:00:20", text.replace(str(place), "~/stages"))


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- jour {name} -->\n)(.*?)(?=<!-- /jour {name} -->)", re.DOTALL)


def main() -> None:
    """Play the day, and write its screens."""
    with tempfile.TemporaryDirectory() as folder:
        day = laid(Path(folder))
        play(day)
        blocks = drawn(day)
    text = GUIDE.read_text(encoding="utf-8")
    for name, block in blocks.items():
        text = _pattern(name).sub(lambda _, block=block: block, text)
    GUIDE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
