"""A search of a process through its own memory, without files: what code in a reader would do for others' data."""

from __future__ import annotations

import ctypes
import os
import re
from pathlib import Path


def decoded(data: bytes) -> str:
    """The form, as a reader would answer it."""
    return data.decode()


def environment(_: bytes) -> list[str]:
    """The names of variables."""
    return list(os.environ)


def pattern(word: str) -> str:
    """What finds the word and does not hold it, so that the search does not find itself."""
    return "".join(f"[{letter}{letter.lower()}]" for letter in word)


def found(data: bytes, sought: str) -> tuple[int, int]:
    """How often a word stands in this process's memory, in UTF-8 and UTF-32, and how many bytes were looked at."""
    plain = sought.encode()
    both = [re.compile(plain), re.compile(plain.replace(b"]", b"]\\x00\\x00\\x00"))]
    count = looked = 0
    for start, length in _regions(data):
        piece = ctypes.string_at(start, length)
        looked += length
        count += sum(1 for one in both for _ in one.finditer(piece))
        del piece
    return count, looked


def _regions(data: bytes) -> list[tuple[int, int]]:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return _walked(libc, data)
    return [_range(line) for line in lines if line.split()[1].startswith("r") and "[v" not in line]


def _range(line: str) -> tuple[int, int]:
    low, high = (int(one, 16) for one in line.split(maxsplit=1)[0].split("-"))
    return low, high - low


def _walked(libc: ctypes.CDLL, data: bytes) -> list[tuple[int, int]]:
    """Readable regions near known objects: Landlock closes /proc, so each page is asked for."""
    page, seen = 4_096, set()
    vec = ctypes.create_string_buffer(1)
    near = {id(data), id(None), id(libc), id([]), id("x" * 3), ctypes.addressof(vec), id(object())}
    near |= {id(bytes(size)) for size in (10, 5_000, 300_000, 5_000_000)}
    for one in near:
        for way in (1, -1):
            at, gap = one // page * page, 0
            while gap < 64 and len(seen) < 20_000:
                if at in seen:
                    at += way * page
                    continue
                if libc.mincore(at, page, vec) == 0 and _readable(libc, at):
                    seen.add(at)
                    gap = 0
                else:
                    gap += 1
                at += way * page
    return [(at, page) for at in sorted(seen)]


def _readable(libc: ctypes.CDLL, at: int) -> bool:
    """Whether a page can be read: the kernel is asked to take it as a text, and says EFAULT otherwise."""
    libc.access.argtypes = [ctypes.c_void_p, ctypes.c_int]
    ctypes.set_errno(0)
    libc.access(at, 0)
    return ctypes.get_errno() != 14  # EFAULT
