"""A state laid down: a workspace as it would be found when the power is back."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from power.model import State
from power.operations import Image, Mark, Names
from power.record import ROOT, Recording

INDEX = ".liasse/ledger.sqlite3-shm"  # mapped into memory: after a cut anything may stand there


@dataclass(frozen=True)
class Bench:
    """Where states are laid down; ``originals`` holds the files of the inbox, so that each stays the file it was."""

    recording: Recording
    originals: Path
    whole: Mapping[str, frozenset[int]]  # what each folder of the outbox may be when it is seen

    @classmethod
    def of(cls, recording: Recording, originals: Path) -> Bench:
        """The bench of a recording, once for all its states."""
        return cls(recording, originals, whole_folders(recording))

    def lay(self, state: State, place: Path) -> None:
        """Make a state's folders and files at a place where nothing is."""
        place.mkdir(mode=0o755)
        if self.recording.before.names[0]:  # an empty place is no workspace
            for name in ("templates", "schemas"):
                (place / name).symlink_to(ROOT / name)
        image, before = state.image, self.recording.before
        for path, number in image.walk():
            there = place / path
            if number in image.names:
                there.mkdir()
            elif number in before.data:  # not written to, only moved
                os.link(self.originals / str(number), there)
                continue
            else:
                there.write_bytes(image.data[number])
            there.chmod(image.modes[number])
        self._lay_index(state, place / INDEX)

    def _lay_index(self, state: State, index: Path) -> None:
        chance = random.Random(state.image.digest())  # noqa: S311 -- the same for the same state
        wanted = chance.choice((None, b"", chance.randbytes(32768)))
        if wanted is not None and index.parent.is_dir():
            index.write_bytes(wanted)


def keep_originals(before: Image, workspace: Path, originals: Path) -> None:
    """Before a run: a second name for each file of a workspace, by its number."""
    originals.mkdir()
    for path, number in before.walk():
        if number in before.data:
            os.link(workspace / path, originals / str(number))


def whole_folders(recording: Recording) -> dict[str, frozenset[int]]:
    """What each folder of the outbox was whenever it, or a file in it, got its name."""
    image = recording.start()
    found: dict[str, set[int]] = {}
    for one in recording.operations:
        image.apply(one)
        if isinstance(one, Names) and any(number is not None for _, _, number in one.changes):
            touched = {folder for folder, _, _ in one.changes} | {number for _, _, number in one.changes}
            for path, number in seen_folders(image):
                if number in touched:
                    found.setdefault(path, set()).add(look(image, number))
    return {path: frozenset(looks) for path, looks in found.items()}


def seen_folders(image: Image) -> list[tuple[str, int]]:
    """The folders of the outbox that hold files, as a person sees them."""
    return [
        (path, number)
        for path, number in image.walk()
        if path.startswith("outbox/")
        and number in image.names
        and "/.tmp-" not in path
        and any(file in image.data for file in image.names[number].values())
    ]


def look(image: Image, folder: int) -> int:
    """What a person sees of a folder: its mode, the files in it and below it, with their modes and bytes."""
    inside = [(path, number) for path, number in image.walk(folder) if number in image.data and ".tmp-" not in path]
    return hash((image.modes[folder], *((path, image.modes[number], image.data[number]) for path, number in inside)))


def told_of(marks: tuple[Mark, ...], word: str) -> dict[str, str]:
    """What was told last with a word, by hash."""
    return {mark.words[1]: "/".join(mark.words[2:]) for mark in marks if mark.words[0] == word}
