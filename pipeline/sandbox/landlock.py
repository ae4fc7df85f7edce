"""Landlock: from here on, this process opens only the files it was granted. Linux 5.13, any user, containers too.

What the kernel knows grows with its ABI: 2 moves between folders, 3 truncation, 4 TCP (Linux 6.7), 5 devices,
6 signals and abstract sockets (Linux 6.12). The rules ask for all that this kernel offers, and grant reading alone.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from pipeline.sandbox import kernel

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same numbers on every processor
_VERSION = 1
_BENEATH = 1  # the kind of rule that names a file or a folder
NEWEST = 7
TCP_FROM, SCOPES_FROM = 4, 6

_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_FILES = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}  # by the ABI that brought them
_NET = 0b11  # TCP: bind and connect
_SCOPED = 0b11  # abstract Unix sockets, signals


def abi() -> int:
    """The version that this kernel offers, at most ``NEWEST``; 0 where there is none, or where it is forbidden."""
    try:
        return min(
            kernel.syscall(_CREATE, None, ctypes.c_long(0), ctypes.c_long(_VERSION)),
            NEWEST,
        )
    except OSError:
        return 0


def restrict(version: int, reads: Iterable[str], programs: Iterable[str] = ()) -> None:
    """Leave this process nothing but reading ``reads`` (files, or folders with all they hold), for ever.

    ``programs`` may be executed too. Paths that do not exist are passed over. Raises OSError if the kernel refuses.
    """
    handled = sum(bits for since, bits in _FILES.items() if since <= version)
    ruleset = _ruleset(version, handled)
    try:
        for path in programs:
            _grant(ruleset, path, _EXECUTE | _READ_FILE)
        for path in reads:
            _grant(ruleset, path, _READ_FILE | _READ_DIR)
        kernel.prctl(kernel.SET_NO_NEW_PRIVS, 1)
        kernel.syscall(_RESTRICT, ctypes.c_long(ruleset), ctypes.c_long(0))
    finally:
        os.close(ruleset)


def _ruleset(version: int, handled: int) -> int:
    words = [handled]
    if version >= TCP_FROM:
        words.append(_NET)
    if version >= SCOPES_FROM:
        words.append(_SCOPED)
    attributes = struct.pack(f"={len(words)}Q", *words)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    return kernel.syscall(_CREATE, buffer, ctypes.c_long(len(attributes)), ctypes.c_long(0))


def _grant(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return  # what cannot be reached cannot be read either
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= ~_READ_DIR
        rule = struct.pack("=Qi", rights, place)
        buffer = ctypes.create_string_buffer(rule, len(rule))
        kernel.syscall(_ADD_RULE, ctypes.c_long(ruleset), ctypes.c_long(_BENEATH), buffer, ctypes.c_long(0))
    finally:
        os.close(place)
