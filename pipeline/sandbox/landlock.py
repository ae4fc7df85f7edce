"""Landlock bindings: from here on, this process opens only the files it was granted. Linux 5.13, any user.

What the kernel knows grows with its ABI: 2 moves between folders, 3 truncation, 4 TCP (Linux 6.7), 5 devices,
6 signals and abstract sockets (Linux 6.12). The rules ask for all that this kernel offers, and grant reading alone.
"""

from __future__ import annotations

import ctypes
import os
import site
import stat
import struct
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from glob import glob
from pathlib import Path

from pipeline.sandbox import kernel

_LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache")
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts")  # a PDF may use one that it does not carry
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
_LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-*.so.1")
_PACKAGES = ("site-packages", "dist-packages")


@cache
def readable() -> tuple[str, ...]:
    """Folders and files that every child may read: nothing of a user, of the workspace or of the configuration.

    Our own code is named package by package: the folder above it may be the workspace.
    """
    ours = str(Path(__file__).resolve().parent.parent)
    real = {os.path.realpath(path) for path in (*_python(), ours, *_LIBRARIES, *_FONTS, *_DEVICES)}
    there = sorted(path for path in real if os.path.exists(path))  # noqa: PTH110 -- text
    return tuple(path for path in there if not any(path.startswith(f"{above}/") for above in there))


def _python() -> Iterator[str]:
    """The standard library, its shared objects, and the folders of installed packages."""
    prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    yield from (str(Path(prefix, name)) for prefix in prefixes for name in ("lib", "lib64"))
    yield from (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    if site.ENABLE_USER_SITE:
        yield site.getusersitepackages()
    yield from (entry for entry in sys.path if os.path.basename(entry) in _PACKAGES)  # noqa: PTH119 -- text


def executable(programs: Iterable[str]) -> tuple[str, ...]:
    """The files to execute for these programs (whole paths): each of them, and the loader of libraries."""
    found = tuple(programs)
    if not found:
        return ()
    loaders = [path for pattern in _LOADERS for path in glob(pattern)]  # noqa: PTH207 -- text
    return tuple(dict.fromkeys(os.path.realpath(path) for path in (*found, *loaders)))


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
    ruleset = _ruleset(version)
    try:
        for path in programs:
            _grant(ruleset, path, _EXECUTE | _READ_FILE)
        for path in reads:
            _grant(ruleset, path, _READ_FILE | _READ_DIR)
        kernel.prctl(kernel.SET_NO_NEW_PRIVS, 1)
        kernel.syscall(_RESTRICT, ctypes.c_long(ruleset), ctypes.c_long(0))
    finally:
        os.close(ruleset)


def _ruleset(version: int) -> int:
    files = sum(bits for since, bits in _FILES.items() if since <= version)
    words = [files, *([_NET] if version >= TCP_FROM else ()), *([_SCOPED] if version >= SCOPES_FROM else ())]
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
