"""The screens of the scripted day that the French guide shows; what changes from day to day is made stable here.

``python tests/day/pictured.py`` plays the day and writes them into the guide (``make readme``).
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scripted import Day, laid, play
from terminal import ROOT

from pipeline.core.models import packet_number
from pipeline.ledger.store import Ledger

GUIDE = ROOT / "docs" / "mode-d-emploi.md"
_CUT = "[…]"
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

    def taken(self, day: Day, ids: Mapping[str, str]) -> tuple[str, ...]:
        """Its command and its rows, as the window had them."""
        found = [
            one for one in day.clerk.screens if re.match(self.typed, one.typed) and one.columns == day.clerk.columns
        ]
        screen = found[self.which]
        typed, *lines = (_calm(line, day, ids) for line in (screen.typed, *screen.lines))
        return (f"$ {typed}", *self.shown(replace(screen, lines=tuple(lines)).rows), "")


_LIST = "liasse status --todo"
_TODO = parts(("À décider", 10), ("Lettres", 10), ("Quand toutes", 3), ("Liasses", 6), ("Relire", 6))
PICTURES: Mapping[str, tuple[Picture, ...]] = {
    "matin": (Picture(_LIST), Picture("liasse batch", ends(10, 9))),
    "a-faire": (Picture(_LIST, _TODO, 1),),
    "accord": (Picture("liasse approve"), Picture(".*--refuse")),
    "doute": (Picture("liasse show", parts(("2024-", 6), ("1 doute", 11))), Picture("liasse confirm .*=")),
    "feuille": (Picture("liasse review"), Picture("liasse confirm .*--sheet")),
    "lever": (Picture("liasse override .* C-03"),),
    "lettre": (Picture("liasse fetch(?!.*all-ready)", ends(2)), Picture("liasse run", ends(7, 4), which=-1)),
    "retirer": (Picture("liasse fetch --all-ready", ends(3)),),
    "etat": (Picture("liasse status PETIT$"), Picture("liasse status PETIT --state")),
    "soir": (Picture(_LIST, which=-1),),
}


def drawn(day: Day) -> dict[str, str]:
    """What each block of the guide shows."""
    ids = dict(_ids(day))
    texts = {name: "\n".join(row for one in taken for row in one.taken(day, ids)) for name, taken in PICTURES.items()}
    return {name: f"```text\n{text.rstrip()}\n```\n" for name, text in texts.items()}


def _ids(day: Day) -> Iterator[tuple[str, str]]:
    """For each id of a form or a packet, which its bytes decide, one that the file's name decides."""
    with Ledger.open(day.workspace) as ledger:
        for entry in ledger.entries.all():
            stable = hashlib.sha256(entry.form.name.encode()).hexdigest()
            yield entry.form.id, stable[:8]
            if entry.packet:
                yield packet_number(entry.packet), stable[8:20]


def shown() -> dict[str, str]:
    """What the guide shows now, by block."""
    text = GUIDE.read_text(encoding="utf-8")
    return {name: _pattern(name).findall(text)[0] for name in PICTURES}


def _calm(text: str, day: Day, ids: Mapping[str, str]) -> str:
    """One line without what is of that day alone: ids, the folder, how long it took."""
    named = re.sub("|".join(ids), lambda found: ids[found[0]], text.replace(str(day.place), "~/stages"))
    return _ELAPSED.sub("0:00:20", named)


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
