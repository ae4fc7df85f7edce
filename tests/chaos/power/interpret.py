"""From system calls to operations on the files of one workspace; what the calls left must be what lies there."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from power.operations import ROOT, Bytes, Image, Mark, Mode, Names, Operation, Size, Sync
from power.syscalls import Call, Descriptor

MARK = b"/liasse-mark/"  # a path that is not there: asking for it says something
_APART = ("templates", "schemas", ".liasse/travail")  # not written to, or thrown away by the next who comes
_RENAMES = ("rename", "renameat", "renameat2")
_UNLINKS = ("unlink", "unlinkat", "rmdir")
_BY_NAME = frozenset(
    ("open", "openat", "mkdir", "mkdirat", "link", "linkat", "chmod", "fchmodat", *_RENAMES, *_UNLINKS)
)
UMASK = 0o022


def is_apart(path: str) -> bool:
    """Whether a file of the workspace is no part of what must outlive a cut; the index of a ledger is made again."""
    return path.endswith("-shm") or any(path == one or path.startswith(f"{one}/") for one in _APART)


def image_of(root: Path) -> Image:
    """What lies in a workspace, with new numbers."""
    image = Image({ROOT: {}})
    numbers = {"": ROOT}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if is_apart(name) or path.is_symlink():
            continue
        number = numbers[name] = len(numbers)
        image.modes[number] = stat.S_IMODE(path.stat().st_mode)
        if path.is_dir():
            image.names[number] = {}
        else:
            image.data[number] = path.read_bytes()
        parent = numbers[name.rpartition("/")[0]]
        image.apply(Names(((parent, path.name, number),)))
    return image


class Interpreter:
    """Follows the calls of a run; ``image`` is the disk as the run sees it, files that are not on it yet included."""

    def __init__(self, root: Path, before: Image) -> None:
        self.image = before.copy()
        self.modes = dict(before.modes)  # of each file when it was made
        self._root = str(root)
        self._next = max((*before.names, *before.data)) + 1
        self._places: dict[tuple[int, int], int] = {}  # where the next write goes: by descriptor and file
        self._umask = UMASK
        self._counts = [0]  # of operations, by call: what had been asked when a sync began

    def operations(self, calls: Iterable[Call]) -> Iterator[Operation]:
        """What each call asks of this workspace's disk, as files that are new are given numbers."""
        count = 0
        for call in calls:
            for operation in self._of(call):
                self.image.apply(operation)
                count += 1
                yield operation
            self._counts.append(count)

    def _of(self, call: Call) -> Iterator[Operation]:
        name, first = call.name, call.arguments[0]
        if name.startswith(("access", "faccessat")):
            yield from _marks(call)
        elif call.result < 0:
            return
        elif name == "umask":
            self._umask = _octal(first)
        elif name in _BY_NAME:
            yield from self._of_names(call)
        elif isinstance(first, Descriptor):
            number = self._number(first.path)
            if number is not None:
                yield from self._through(call, first, number)

    def _of_names(self, call: Call) -> Iterator[Operation]:
        name, paths = call.name.removesuffix("2").removesuffix("at"), _paths(call)
        match name:
            case "open":
                yield from self._open(call)
            case "mkdir":
                yield from self._new(paths[0], _octal(call.arguments[-1]), folder=True)
            case "rename":
                yield from self._set((paths[0], None), (paths[1], self._number(paths[0])))
            case "unlink" | "rmdir":
                yield from self._set((paths[0], None))
            case "link":
                yield from self._set((paths[1], self._number(paths[0])))
            case "chmod" | "fchmod":
                mode = next(str(one) for one in call.arguments if str(one).startswith("0"))
                yield from self._mode(self._number(paths[0]), _octal(mode))

    def _through(self, call: Call, descriptor: Descriptor, number: int) -> Iterator[Operation]:
        name, arguments = call.name, call.arguments
        place = (descriptor.number, number)
        if name in {"write", "pwrite64"}:
            data = arguments[1]
            if not isinstance(data, bytes):
                raise ValueError(str(call)[:200])
            offset = int(str(arguments[3])) if name == "pwrite64" else self._places.get(place, 0)
            if name == "write":
                self._places[place] = offset + call.result
            yield Bytes(number, offset, data[: call.result])
        elif name == "lseek":
            self._places[place] = call.result
        elif name == "ftruncate":
            yield Size(number, int(str(arguments[1])))
        elif name == "fchmod":
            yield from self._mode(number, _octal(arguments[1]))
        elif name in {"fsync", "fdatasync"}:
            yield Sync(number, self._counts[call.began])

    def _open(self, call: Call) -> Iterator[Operation]:
        path, flags = _paths(call)[0], next(str(one) for one in call.arguments if str(one).startswith("O_"))
        number = self._number(path)
        if number is None and "O_CREAT" in flags:
            yield from self._new(path, _octal(call.arguments[-1]), folder=False)
            number = self._number(path)
        if number is not None and number in self.image.data:
            if "O_TRUNC" in flags and self.image.data[number]:
                yield Size(number, 0)
            self._places[call.result, number] = len(self.image.data[number]) if "O_APPEND" in flags else 0

    def _new(self, path: str, mode: int, *, folder: bool) -> Iterator[Operation]:
        where = self._entry(path)
        if where is None:
            return
        number, self._next = self._next, self._next + 1
        if folder:
            self.image.names[number] = {}
        else:
            self.image.data[number] = b""
        self.image.modes[number] = self.modes[number] = mode & ~self._umask
        yield Names(((*where, number),))

    def _set(self, *changes: tuple[str, int | None]) -> Iterator[Operation]:
        found = tuple((*where, number) for path, number in changes if (where := self._entry(path)) is not None)
        if found:
            yield Names(found)

    def _mode(self, number: int | None, mode: int) -> Iterator[Operation]:
        if number is not None:
            yield Mode(number, mode)

    def _relative(self, path: str | None) -> str | None:
        """A path within the workspace; ``None`` for one that is elsewhere or apart."""
        if path == self._root:
            return ""
        if path is None or not path.startswith(f"{self._root}/"):
            return None
        inside = path.removeprefix(f"{self._root}/").rstrip("/")
        return None if is_apart(inside) else inside

    def _number(self, path: str | None) -> int | None:
        inside = self._relative(path)
        return None if inside is None else self.image.at(inside)

    def _entry(self, path: str) -> tuple[int, str] | None:
        inside = self._relative(path)
        if not inside:
            return None
        folder, _, name = inside.rpartition("/")
        number = self.image.at(folder)
        if number is None:
            raise ValueError(f"{path}: its folder is not known")
        return number, name


def _paths(call: Call) -> list[str]:
    """The paths that a call names, whole."""
    found, base = [], ""
    for argument in call.arguments:
        if isinstance(argument, Descriptor):
            base = argument.path or ""
        elif isinstance(argument, bytes):
            text = argument.decode("utf-8", "surrogateescape")
            found.append(text if text.startswith("/") else f"{base}/{text}")
    return found


def _octal(argument: object) -> int:
    return int(str(argument), 8)


def _marks(call: Call) -> Iterator[Mark]:
    path = next((one for one in call.arguments if isinstance(one, bytes)), b"")
    if path.startswith(MARK):
        yield Mark(tuple(path.removeprefix(MARK).decode().split("/")))
