"""Sealed copy of the ledger beside the spool: a write-behind log, append-only, hash-chained, one line a transaction.

A line is written after its transaction is committed, and the call that made it returns after both are on the disk: no
line tells what was not done, and what was answered is in two places. The copy never knows more than its ledger; a
ledger that knows less than the copy is not the one that belongs here.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.modes import make_folder, private_file
from pipeline.storage.durable import append_file, sync_folder, write_file
from pipeline.storage.kill_points import passing

FILE, NEXT, LOCK = "registre.jsonl", "registre.suite", "registre.verrou"
_END = re.compile(rb"\t(\d+) ([0-9a-f]{64})\n\Z")
_TAIL = 128  # bytes that surely hold the seal of a line
_BLOCK = 1 << 13


@dataclass(frozen=True)
class Seal:
    """The place of a line: its number, and the hash of all that stands up to it."""

    number: int = 0
    hash: str = ""

    def over(self, body: str) -> Seal:
        """The seal of the line that follows, with this body."""
        number = self.number + 1
        return Seal(number, hashlib.sha256(f"{self.hash}\x1f{number}\x1f{body}".encode()).hexdigest())


@dataclass(frozen=True)
class SealedLine:
    """One line: JSON without line break or tab, and its seal."""

    seal: Seal
    body: str

    @property
    def text(self) -> bytes:
        """What stands in the file."""
        return f"{self.body}\t{self.seal.number} {self.seal.hash}\n".encode()


class JournalCopy:
    """The copy in one folder. Whoever writes holds ``locked``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / FILE
        self._next = folder / NEXT

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Within, no other process writes the copy. Raises OSError."""
        make_folder(self._folder)
        with private_file(self._folder / LOCK, append=True) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def end(self) -> Seal:
        """The seal of the last whole line; that of nothing where there is no copy. Raises OSError."""
        return _end(self.path)

    def append(self, lines: Sequence[SealedLine]) -> None:
        """Add lines, durably, after cutting off what a power cut left half written. Raises OSError.

        With none, whatever another process wrote and did not live to sync is on the disk afterwards.
        """
        append_file(self.path, b"".join(line.text for line in lines), keep=_whole_size(self.path))

    def agree(self, lines: Sequence[SealedLine]) -> bool:
        """Have the file end with those of these lines that it has; ``False`` where it must be written anew.

        Their bytes may be lost where the power failed while they were written, though their seals are there.
        """
        end = self.end().number
        expected = b"".join(line.text for line in lines if line.seal.number <= end)
        if not expected:
            return True
        size = _whole_size(self.path)
        with self.path.open("rb") as file:
            file.seek(max(0, size - len(expected)))
            return file.read(min(size, len(expected))) == expected

    def prepare(self, lines: Iterable[SealedLine]) -> None:
        """Write a copy that is to take the place of this one, durably, beside it. Raises OSError."""
        self._next.unlink(missing_ok=True)
        write_file(self._next, b"".join(line.text for line in lines))
        sync_folder(self._folder)
        passing("copy-prepared")

    def adopt(self, head: Seal) -> bool:
        """Give the prepared copy its name if it ends where the ledger does; whether it did. Raises OSError."""
        with self.locked():
            if not self._next.exists() or _end(self._next) != head:
                return self.end() == head
            self._next.replace(self.path)
            sync_folder(self._folder)
        return True

    def lines(self) -> Iterator[SealedLine]:
        """The lines in order, as far as each follows the one before: what comes after a break is not believed."""
        before: Seal | None = None
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            for raw in file:
                found = _END.search(raw)
                if found is None:
                    return
                seal = Seal(int(found[1]), found[2].decode())
                body = raw[: found.start()].decode("utf-8", "replace")
                previous = before or _opening(body, seal)
                if previous.over(body) != seal:
                    return
                before = seal
                yield SealedLine(seal, body)


def _opening(body: str, seal: Seal) -> Seal:
    """What the first line follows: it says so itself, where the copy was written anew."""
    found = re.match(r'\{"follows": "([0-9a-f]*)"', body)
    return Seal(seal.number - 1, found[1] if found else "")


def _end(path: Path) -> Seal:
    size = _whole_size(path)
    if not size:
        return Seal()
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        found = _END.search(file.read(min(size, _TAIL)))
    return Seal(int(found[1]), found[2].decode()) if found else Seal()


def _whole_size(path: Path) -> int:
    """How much of a file stands up to its last line break."""
    try:
        with path.open("rb") as file:
            at = file.seek(0, os.SEEK_END)
            while at:
                start = max(0, at - _BLOCK)
                file.seek(start)
                block = file.read(at - start)
                if (found := block.rfind(b"\n")) >= 0:
                    return start + found + 1
                at = start
    except FileNotFoundError:
        pass
    return 0
