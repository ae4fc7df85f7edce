"""Measure honest forms that real programs saved again: no more doubts than on the original, and no wrong value.

``python tests/visible/honest.py [--count 500] [--seed 1] [--only WORD] [--keep FOLDER]``: forms of different people
by each program that is here, read by the product's own door. ``--shard 1/2`` and ``--shard 2/2`` are the two halves
of the same forms, to be run side by side.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from judge import judge
from measure import Desk, Shard, say
from programs import PROGRAMS, Program
from scenes import TARGETS, Scene, scene_of
from seen import Seen

from pipeline.core.models import Reading

MORE = 0.02  # of the fields of a form: what a program may add to the doubts of the original


@dataclass
class Tally:
    """What became of the forms of one program; ``fields`` is how many were read of the originals."""

    files: int = 0
    fields: int = 0
    doubts: int = 0
    refused: int = 0
    wrong: int = 0
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Doubts a field; a form that is refused is all in doubt."""
        return self.doubts / max(self.fields, 1)


def main() -> int:
    """Run the measure; returns how many programs add too much, or have a wrong value."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--without", help="a word of the programs that are left out")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--shard", type=Shard.of, default=Shard())
    asked = parser.parse_args()
    programs = [one for one in PROGRAMS if one.here and (not asked.only or asked.only in one.name)]
    programs = [one for one in programs if not (asked.without and asked.without in one.name)]
    left = [one.name for one in PROGRAMS if not one.here]
    each = -(-asked.count // len(programs))
    scenes = random.Random(asked.seed).choices([scene_of(target) for target in TARGETS], k=each)  # noqa: S311
    scenes = [scene for number, scene in enumerate(scenes) if asked.shard.has(number)]
    desk, tallies = Desk(), {}
    for program in programs:
        tallies[program.name] = measured(program, scenes, desk, asked.keep)
        say(line(program, tallies[program.name]))
    added = [name for name, tally in tallies.items() if tally.share > MORE or tally.wrong or tally.refused]
    say(f"\n{sum(one.files for one in tallies.values())} files; not here: {left}\ntoo much: {added}")
    return len(added)


def measured(program: Program, scenes: list[Scene], desk: Desk, keep: Path | None) -> Tally:
    """The forms of one program, read."""
    tally = Tally()
    for number, (scene, data) in enumerate(zip(scenes, program.make(scenes), strict=True)):
        if keep:
            keep.mkdir(exist_ok=True, parents=True)
            words = "".join(letter if letter.isalnum() else "-" for letter in program.name)
            (keep / f"{words}-{number}{program.suffix}").write_bytes(data)
        count(tally, scene, desk.read(data, program.suffix), len(list(scene.blank.cells())))
    return tally


def count(tally: Tally, scene: Scene, reading: Reading | None, fields: int) -> None:
    """Enter one form."""
    tally.files += 1
    tally.fields += fields
    if reading is None or reading.layout is None:
        tally.refused += 1
        tally.doubts += fields
        return
    tally.doubts += sum(not entry.combined for entry in reading.doubts)
    tally.codes.update(entry.doubt.code.value for entry in reading.doubts if entry.doubt)
    verdict = judge(scene, Seen.NEW, reading, reading)
    for path, value in verdict.wrong:
        tally.wrong += 1
        say(f"    WRONG {path}: {value!r}")


def line(program: Program, tally: Tally) -> str:
    """The line of one program."""
    return (
        f"| {program.name} | {tally.files} | {tally.share:.2%} | {tally.refused} refused | {tally.wrong} wrong |"
        f" {dict(tally.codes.most_common(4))} |"
    )


if __name__ == "__main__":
    sys.exit(main())
