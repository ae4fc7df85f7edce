"""What Python opens late, in the middle of its work: its own library, packages, the system's libraries and fonts."""

from __future__ import annotations

import os
import shutil
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from glob import glob
from pathlib import Path

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
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        yield str(Path(prefix, "lib"))
        yield str(Path(prefix, "lib64"))
    yield from (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    if site.ENABLE_USER_SITE:
        yield site.getusersitepackages()
    yield from (entry for entry in sys.path if os.path.basename(entry) in _PACKAGES)  # noqa: PTH119 -- text


def executable(programs: Iterable[str]) -> tuple[str, ...]:
    """The files to execute for these names of programs: each as found on the PATH, and the loader of libraries."""
    found = [path for name in programs if (path := shutil.which(name))]
    if not found:
        return ()
    loaders = [path for pattern in _LOADERS for path in glob(pattern)]  # noqa: PTH207 -- text
    return tuple(dict.fromkeys(os.path.realpath(path) for path in (*found, *loaders)))
