"""What a run asks of its disk: names, bytes, sizes and modes of numbered files, and syncs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

ROOT = 0  # the number of the workspace's own folder


@dataclass(frozen=True)
class Names:
    """Entries of folders that change at once: folder, name, and the file that has it now, or none."""

    changes: tuple[tuple[int, str, int | None], ...]

    @cached_property
    def keys(self) -> frozenset[tuple[int, str]]:
        """The entries that change."""
        return frozenset((folder, name) for folder, name, _ in self.changes)


@dataclass(frozen=True)
class Bytes:
    """Bytes written into a file."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Size:
    """A file cut, or made longer with zeros."""

    file: int
    size: int


@dataclass(frozen=True)
class Mode:
    """The mode of a file or folder."""

    file: int
    mode: int


@dataclass(frozen=True)
class Sync:
    """A file or folder that is on the disk from here on, as the operations before ``asked`` left it."""

    file: int
    asked: int


@dataclass(frozen=True)
class Mark:
    """What the run has told somebody: from here on it must be true, whatever is cut."""

    words: tuple[str, ...]


Operation = Names | Bytes | Size | Mode | Sync | Mark


@dataclass
class Image:
    """A disk: entries of folders, bytes of files, modes. Values are never changed in place, so a copy is shallow."""

    names: dict[int, Mapping[str, int]] = field(default_factory=dict)
    data: dict[int, bytes] = field(default_factory=dict)
    modes: dict[int, int] = field(default_factory=dict)

    def copy(self) -> Image:
        """The same disk, to be changed apart."""
        return Image(dict(self.names), dict(self.data), dict(self.modes))

    def apply(self, operation: Operation) -> None:
        """Do what an operation says; a sync and a mark change nothing."""
        match operation:
            case Names(changes):
                for folder, name, file in changes:
                    entries = {other: number for other, number in self.names[folder].items() if other != name}
                    self.names[folder] = entries if file is None else {**entries, name: file}
            case Bytes() | Size():
                self.data[operation.file] = written(self.data[operation.file], operation)
            case Mode(file, mode):
                self.modes[file] = mode

    def walk(self, folder: int = ROOT, at: str = "") -> Iterator[tuple[str, int]]:
        """Every path that can be reached, folders before what is in them, each with its file's number."""
        for name, number in sorted(self.names[folder].items()):
            path = f"{at}/{name}" if at else name
            yield path, number
            if number in self.names:
                yield from self.walk(number, path)

    def at(self, path: str) -> int | None:
        """The file that has a path; ``None`` if there is none."""
        number: int | None = ROOT
        for name in path.split("/") if path else ():
            number = self.names.get(number, {}).get(name) if number is not None else None
        return number

    def digest(self) -> int:
        """The same number for disks that look the same."""
        return hash(tuple((path, self.modes.get(number, 0), self.data.get(number)) for path, number in self.walk()))


def written(before: bytes, operation: Bytes | Size) -> bytes:
    """A file's bytes after one operation."""
    if isinstance(operation, Size):
        return before[: operation.size].ljust(operation.size, b"\0")
    end = operation.offset + len(operation.data)
    return before[: operation.offset].ljust(operation.offset, b"\0") + operation.data + before[end:]
