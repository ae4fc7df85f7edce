"""Measure what the page shows against what is read (``make visible``): forged files, and honest ones saved again.

``python tests/visible/measure.py [--count 2000] [--seed 1] [--only WORD] [--keep FOLDER]``: every technique in turn
on answers drawn at random, read by the product's own door; a table by technique, and each silent error with the
command that makes its file again. ``--one KEY SEED`` makes and reads one file. ``--shard 1/2`` and ``--shard 2/2``
are the two halves of the same files, to be run side by side.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import library
from judge import End, Verdict, judge, reads_by
from scenes import Scene, any_scene, dictionary, workspace
from seen import TECHNIQUES, Paper, Technique

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.models import Reading
from pipeline.reading.warming import preload

EVERY = 100  # files between two lines that tell how far the measure is


def say(line: str = "") -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def cpu_seconds() -> float:
    """What this process and its children have used."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


class Desk:
    """Reads forged files, and each honest one once."""

    def __init__(self) -> None:
        self._known = open_forms(workspace(), dictionary())
        preload(self._known)
        self.read = reads_by(self._known)
        self._honest: dict[tuple[str, Paper], Reading] = {}

    def honest(self, scene: Scene, paper: Paper) -> Reading:
        """What is read of the file of a person whom nobody forged."""
        key = (scene.target.code, paper)
        if key not in self._honest:
            reading = self.read(library.honest(scene, paper), suffix(paper))
            if reading is None:
                raise AssertionError(key)
            self._honest[key] = reading
        return self._honest[key]

    def verdict(self, technique: Technique, seed: int) -> tuple[Scene, bytes, Verdict]:
        """One file of a technique: on an answer drawn by the seed."""
        rng = random.Random(f"{technique.key} {seed}")  # noqa: S311 -- no secret
        scene = any_scene(rng, technique.suits)
        data = technique.make(scene, rng)
        verdict = judge(
            scene, technique.seen, self.read(data, suffix(technique.paper)), self.honest(scene, technique.paper)
        )
        return scene, data, verdict


def suffix(paper: Paper) -> str:
    """The suffix of a kind of file."""
    return ".docx" if paper is Paper.WORD else ".pdf"


@dataclass(frozen=True)
class Shard:
    """One part, from 1, of several that are as large: each takes its turn."""

    part: int = 1
    parts: int = 1

    @classmethod
    def of(cls, text: str) -> Shard:
        """« 2/3 »; raises ValueError for what is no part."""
        part, parts = map(int, text.split("/"))
        if not 1 <= part <= parts:
            raise ValueError(text)
        return cls(part, parts)

    def has(self, number: int) -> bool:
        """Whether the file of that number, from 0, belongs to it."""
        return number % self.parts == self.part - 1


def chosen(only: str | None) -> list[Technique]:
    """The techniques whose key holds one of some words, parted by commas."""
    wanted = (only or "").split(",")
    return [technique for key, technique in TECHNIQUES.items() if any(word in key for word in wanted)]


def main() -> int:
    """Run the measure; returns 1 if a value was accepted that the page does not show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first file, to go on from there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--shard", type=Shard.of, default=Shard())
    parser.add_argument("--one", nargs=2, metavar=("KEY", "SEED"))
    asked = parser.parse_args()
    if asked.one:
        return one(asked.one[0], int(asked.one[1]), asked.keep or Path())
    techniques = chosen(asked.only)
    desk, start = Desk(), cpu_seconds()
    table: dict[str, Counter[End]] = defaultdict(Counter)
    for number in filter(asked.shard.has, range(asked.first, asked.count)):
        technique = techniques[number % len(techniques)]
        if number % EVERY == 0:
            say(f"file {number}: {technique.key}, {cpu_seconds() - start:.0f} s of CPU")
        seed = asked.seed * 100_000 + number // len(techniques)
        scene, data, verdict = desk.verdict(technique, seed)
        table[technique.key][verdict.end] += 1
        if asked.keep:
            asked.keep.mkdir(exist_ok=True, parents=True)
            name = f"{technique.key.replace(':', '-')}-{seed}{suffix(technique.paper)}"
            (asked.keep / name).write_bytes(data)
        if verdict.end is End.SILENT:
            shown = {"old": scene.old, "new": scene.new}.get(technique.seen.value, technique.seen.value)
            say(f"SILENT {technique.key} {seed}: {scene.path} shows {shown!r}; accepted {verdict.wrong}")
    report(table, cpu_seconds() - start)
    return int(any(ends[End.SILENT] for ends in table.values()))


def one(key: str, seed: int, place: Path) -> int:
    """Make one file and say what is read of it; returns 1 for a silent error."""
    technique = TECHNIQUES[key]
    scene, data, verdict = Desk().verdict(technique, seed)
    path = place / f"{key.replace(':', '-')}-{seed}{suffix(technique.paper)}"
    path.write_bytes(data)
    values = f"old {scene.old!r}, new {scene.new!r}; the page shows: {technique.seen}"
    say(f"{path}\n{scene.path}: {values}\n{verdict.end} {verdict.wrong} {verdict.said}")
    return int(verdict.end is End.SILENT)


def report(table: dict[str, Counter[End]], seconds: float) -> None:
    """The table by technique, and its sums."""
    say()
    say(f"| technique | shows | files | {' | '.join(End)} |")
    say(f"|---|---|{'---|' * (len(End) + 1)}")
    for key, ends in table.items():
        cells = " | ".join(str(ends[end] or "") for end in End)
        say(f"| {key} | {TECHNIQUES[key].seen} | {ends.total()} | {cells} |")
    whole: Counter[End] = sum(table.values(), Counter())
    say(f"| all | | {whole.total()} | {' | '.join(str(whole[end]) for end in End)} |")
    say(
        f"\n{len(table)} techniques, {whole.total()} files, {whole[End.SILENT]} silent errors, {seconds:.0f} s of CPU"
    )


if __name__ == "__main__":
    sys.exit(main())
