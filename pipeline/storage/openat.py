"""Safe opening (openat, O_NOFOLLOW): the folder of a received file, reached without following a link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def place_below(path: Path, inbox: Path) -> tuple[str, ...] | None:
    """The folders between the inbox and a file in it; ``None`` for a file from elsewhere.

    What is written below the inbox counts as below it, wherever its folders lead by now.
    """
    here = Path(os.path.abspath(path.parent))  # noqa: PTH100 -- no link is looked through
    real = inbox.resolve()
    for base in (Path(os.path.abspath(inbox)), real):  # noqa: PTH100 -- as above
        if here.is_relative_to(base):
            return here.relative_to(base).parts
    there = path.parent.resolve()
    return there.relative_to(real).parts if there.is_relative_to(real) else None


@contextmanager
def folder_of(path: Path, inbox: Path) -> Iterator[int]:
    """The descriptor of the folder in which a file lies; raises OSError, also for a link on the way."""
    places = place_below(path, inbox)
    number = os.open(path.parent if places is None else inbox, _FOLDER)
    try:
        for place in places or ():
            inner = os.open(place, _FOLDER | os.O_NOFOLLOW, dir_fd=number)
            os.close(number)
            number = inner
        yield number
    finally:
        os.close(number)
