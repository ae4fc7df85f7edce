"""Model of a journaling file system: the disks that a power cut may leave, at each point of a recording.

After ALICE (Pillai et al., OSDI 2014). What was synced is there. Of the rest, with ``WEAK``:

- entries of folders change one by one in any order, but for changes of the same entry; a rename is never half done;
- they are durable once their folder was synced, a file's bytes and mode once the file was;
- of bytes not synced any block of 4096 may be missing: what was there, or zeros where the file became longer; or
  they end in the middle of a write, or were never there.

With ``ORDERED`` (ext4, data=ordered) names and modes are durable in the order in which they were changed, all of them
at each sync, and a file's new end never has a hole.

A state before a sync includes those of every point since the sync before; so states are made before each sync, and at
the end. Where they are more than ``most``, all or none of what was not synced, all but one and only one of it are
tried, and then some at random, always the same.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from power.operations import Bytes, Image, Mark, Mode, Names, Operation, Size, Sync, written
from power.record import Recording

_BLOCK = 4096


class FileSystem(Enum):
    """What the disk may do."""

    WEAK = "weakest"
    ORDERED = "ext4 ordered"


@dataclass(frozen=True)
class State:
    """A disk after a cut, and what had been told by then; ``at`` is the operation before which power failed."""

    image: Image
    told: tuple[Mark, ...]
    at: int


@dataclass
class Count:
    """What was tried."""

    cuts: int = 0
    sampled: int = 0  # cuts of which not every state was made
    built: int = 0
    states: int = 0  # that differ


@dataclass
class _Pending:
    """What may or may not be on the disk: operations in order, by their place in the recording."""

    floor: Image
    system: FileSystem
    left: dict[int, Operation] = field(default_factory=dict)

    def sync(self, sync: Sync) -> None:
        """Have on the disk what a sync asks for."""
        forced: set[int] = set()
        for index, one in self.left.items():
            if index < sync.asked and self._is_forced(one, sync.file):
                forced.add(index)
        for index in sorted(with_earlier(forced, self.left)):
            self.floor.apply(self.left.pop(index))

    def _is_forced(self, one: Operation, file: int) -> bool:
        if isinstance(one, Bytes | Size):
            return one.file == file
        if self.system is FileSystem.ORDERED:
            return True
        return any(folder == file for folder, _ in one.keys) if isinstance(one, Names) else one.file == file  # type: ignore[union-attr]


def with_earlier(chosen: set[int], operations: Mapping[int, Operation]) -> set[int]:
    """These operations, and those before them that changed an entry which they change again."""
    taken, keys = set(chosen), set()
    for index in sorted(operations, reverse=True):
        one = operations[index]
        if isinstance(one, Names) and (index in taken or one.keys & keys):
            taken.add(index)
            keys |= one.keys
    return taken


def states(recording: Recording, system: FileSystem, *, most: int, seed: int, count: Count) -> Iterator[State]:
    """Every state that differs from the others, or a sample of them; the same looks with more told come last."""
    pending = _Pending(recording.start(), system)
    told: list[Mark] = []
    seen: dict[int, int] = {}
    for index, one in enumerate((*recording.operations, Sync(-1, 0))):
        if isinstance(one, Mark):
            told.append(one)
        elif isinstance(one, Sync):
            count.cuts += 1
            for image in _images(pending, most, random.Random(f"{seed} {index}"), count):  # noqa: S311 -- the same sample
                count.built += 1
                digest = image.digest()
                if seen.get(digest) != len(told):
                    seen[digest] = len(told)
                    count.states += 1
                    yield State(image, tuple(told), index)
            pending.sync(one)
        else:
            pending.left[index] = one


def _images(pending: _Pending, most: int, chance: random.Random, count: Count) -> Iterator[Image]:
    """The disks that may be left of what is pending, at most so many."""
    entries = {index: one for index, one in pending.left.items() if isinstance(one, Names | Mode)}
    contents = {
        file: _contents(
            pending.floor.data[file],
            [one for one in pending.left.values() if _is_of(one, file)],
            pending.system,
            most,
            chance,
        )
        for file in sorted({one.file for one in pending.left.values() if isinstance(one, Bytes | Size)})
    }
    whole = len(entries) + 1 if pending.system is FileSystem.ORDERED else 1 << len(entries)
    total = math.prod((whole, *map(len, contents.values())))
    sets = _ordered(entries) if pending.system is FileSystem.ORDERED else _any(entries, most, chance)
    choices: Iterator[tuple[frozenset[int], tuple[int, ...]]]
    if total <= most:
        choices = itertools.product(sets, itertools.product(*(range(len(options)) for options in contents.values())))
    else:
        count.sampled += 1
        choices = itertools.islice(_spread(sets, [len(options) for options in contents.values()], chance), most)
    for chosen, picked in choices:
        image = pending.floor.copy()
        for index in sorted(chosen):
            image.apply(entries[index])
        for (file, options), number in zip(contents.items(), picked, strict=True):
            image.data[file] = options[number]
        yield image


def _is_of(one: Operation, file: int) -> bool:
    return isinstance(one, Bytes | Size) and one.file == file


def _ordered(entries: Mapping[int, Operation]) -> list[frozenset[int]]:
    """The beginnings of what changed, from all to none."""
    indexes = sorted(entries)
    return [frozenset(indexes[:end]) for end in range(len(indexes), -1, -1)]


def _any(entries: Mapping[int, Operation], most: int, chance: random.Random) -> list[frozenset[int]]:
    """What may have changed: all and none first, then all but one and only one, then any; at most so many."""
    indexes = sorted(entries)
    if 1 << len(indexes) <= most:
        bits = itertools.product((True, False), repeat=len(indexes))
        wanted: Iterator[set[int]] = (set(itertools.compress(indexes, taken)) for taken in bits)
    else:
        mixed = chance.sample(indexes, len(indexes))
        singles = (set(one) for index in mixed for one in ({*indexes} - {index}, {index}))
        others = ({one for one in indexes if chance.random() < 0.5} for _ in range(most))
        wanted = itertools.chain([set(indexes), set()], singles, others)
    found: dict[frozenset[int], None] = {}
    for one in wanted:
        found[frozenset(with_earlier(one, entries))] = None
        if len(found) == most:
            break
    return list(found)


def _spread(
    sets: Sequence[frozenset[int]], sizes: Sequence[int], chance: random.Random
) -> Iterator[tuple[frozenset[int], tuple[int, ...]]]:
    """Choices of what changed and of each file's bytes (0 is all of them, 1 none), the telling ones first."""
    every, none = tuple(0 for _ in sizes), tuple(min(1, size - 1) for size in sizes)
    yield from ((sets[0], every), (sets[min(1, len(sets) - 1)], none), (sets[0], none))
    entries = ((chosen, chance.choice((every, none))) for chosen in sets[2:])
    single = [(place, option) for place, size in enumerate(sizes) for option in range(2, size)]
    chance.shuffle(single)
    files = ((sets[0], (*every[:place], option, *every[place + 1 :])) for place, option in single)
    for pair in itertools.zip_longest(entries, files):
        yield from (one for one in pair if one)
    while True:
        yield chance.choice(sets), tuple(chance.randrange(size) for size in sizes)


def _contents(
    before: bytes, asked: Sequence[Bytes | Size], system: FileSystem, most: int, chance: random.Random
) -> list[bytes]:  # type: ignore[type-arg]
    """The bytes that a file may have: all that was asked first, then none of it, then the rest."""
    steps = [before]
    for one in asked:
        steps.append(written(steps[-1], one))
    after = steps[-1]
    found = [after, before, *_torn(steps, asked)]
    blocks = [at for at in range(0, len(after), _BLOCK) if after[at : at + _BLOCK] != before[at : at + _BLOCK]]
    if system is FileSystem.WEAK:
        found.append(before[: len(after)].ljust(len(after), b"\0"))
    else:
        blocks = [at for at in blocks if at + _BLOCK <= len(before)]  # a new end has no hole
    old = before[: len(after)].ljust(len(after), b"\0")
    for at in blocks:
        end = at + _BLOCK
        found.append(after[:at] + old[at:end] + after[end:])
        if system is FileSystem.WEAK:
            found.append(old[:at] + after[at:end] + old[end:])
    every = list(dict.fromkeys(found))
    few = max(4, most // 4)
    return every if len(every) <= few else [*every[:2], *chance.sample(every[2:], few - 2)]


def _torn(steps: Sequence[bytes], asked: Sequence[Bytes | Size]) -> Iterator[bytes]:
    """The bytes after each write, and in the middle of each."""
    for before, one in zip(steps, asked, strict=False):
        yield before
        if isinstance(one, Bytes):
            first = (one.offset // _BLOCK + 1) * _BLOCK - one.offset  # to the end of its first block
            for length in {first, len(one.data) // _BLOCK * _BLOCK - one.offset % _BLOCK, len(one.data) // 2}:
                if 0 < length < len(one.data):
                    yield written(before, Bytes(one.file, one.offset, one.data[:length]))
