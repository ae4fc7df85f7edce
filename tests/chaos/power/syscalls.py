"""Parser of what strace wrote: one system call after the other, in the order in which they ended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_CALL = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+|\?|0x[0-9a-f]+)(?:<([^>]*)>(\(deleted\))?)?( .*)?", re.DOTALL)
_BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
_ENDED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)", re.DOTALL)
_DESCRIPTOR = re.compile(r"(\d+|AT_FDCWD)<([^>]*)>(\(deleted\))?")
_PARTS = re.compile(r'"[^"]*"(?:\.\.\.)?|[^,"{}\[\]]+|\{[^}]*\}|\[[^\]]*\]')


@dataclass(frozen=True)
class Descriptor:
    """An open file: its number and its path when the call ends; ``None`` once it has no name."""

    number: int
    path: str | None


@dataclass(frozen=True)
class Call:
    """One call that succeeded, or one that only says something; ``began`` counts the calls that had ended before."""

    name: str
    arguments: tuple[Descriptor | bytes | str, ...]
    result: int
    opened: Descriptor | None
    began: int = 0


def calls(lines: Iterable[str]) -> Iterator[Call]:
    """The calls of a trace made with ``-f -y -xx``; raises ValueError for a line that is none."""
    begun: dict[tuple[str, str], tuple[str, int]] = {}
    ended = 0
    for line in lines:
        text = line.rstrip("\n")
        if " +++ " in text or " --- " in text[:40]:
            continue
        if half := _BEGUN.fullmatch(text):
            begun[half[1], half[2]] = (half[3], ended)
            continue
        began = ended
        if half := _ENDED.fullmatch(text):
            if (half[1], half[2]) not in begun:
                raise ValueError(text[:200])
            first, began = begun.pop((half[1], half[2]))
            text = f"{half[1]} {half[2]}({first}{half[3]}"
        found = _CALL.fullmatch(text)
        if not found:
            raise ValueError(text[:200])
        yield replace(_call(found), began=began)
        ended += 1


def _call(found: re.Match[str]) -> Call:
    base = 8 if re.fullmatch("0[0-7]+", found[4]) else 0  # a umask
    result = int(found[4], base) if found[4] != "?" else 0
    opened = None if found[5] is None else Descriptor(result, None if found[6] else _text(found[5]))
    return Call(
        found[2], tuple(_argument(part.strip()) for part in _PARTS.findall(found[3]) if part.strip()), result, opened
    )


def _argument(part: str) -> Descriptor | bytes | str:
    if part.startswith('"'):
        if not part.endswith('"'):
            raise ValueError("strace cut a string short")
        return bytes.fromhex(part[1:-1].replace("\\x", ""))
    if found := _DESCRIPTOR.fullmatch(part):
        return Descriptor(-1 if found[1] == "AT_FDCWD" else int(found[1]), None if found[3] else _text(found[2]))
    return part


def _text(hexadecimal: str) -> str:
    if not hexadecimal.startswith("\\x"):
        return hexadecimal  # pipe:[1234]
    return bytes.fromhex(hexadecimal.replace("\\x", "")).decode("utf-8", "surrogateescape")
