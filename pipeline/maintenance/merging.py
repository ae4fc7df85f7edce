"""Merge of restored files into a folder that holds some: none takes the place of other bytes."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

from pipeline.storage.aside import give_name
from pipeline.storage.durable import hash_of, sync_folder

_LONGEST_NAME = 255  # bytes, on the file systems of Linux


def put_beside(laid: Path, target: Path) -> None:
    """Give what is laid ready its name, or the next free one where other bytes have it: « scan (2).pdf ».

    What is there with the same bytes stays, once; a folder is put into the folder of its name. It can be stopped, and
    run again. Raises OSError.
    """
    _put(laid, target, _beside)
    sync_folder(target.parent)


def put_in_place(laid: Path, target: Path) -> None:
    """The same, but what has the name with other bytes gives it up, and is « liasse.toml.avant » from then on."""
    _put(laid, target, _instead)
    sync_folder(target.parent)


def _put(laid: Path, target: Path, taken: Callable[[Path, Path], None], *, top: bool = True) -> None:
    if _is_folder(laid) and (_is_folder(target) or (top and target.is_dir())):  # the inbox may be a link to a share
        for one in sorted(laid.iterdir()):
            _put(one, target / one.name, taken, top=False)
        sync_folder(target)
    elif _same(laid, target):
        laid.unlink()
    elif not give_name(laid, target):
        taken(laid, target)


def _beside(laid: Path, target: Path) -> None:
    stem, suffix = os.path.splitext(target.name)  # noqa: PTH122 -- its bytes may be no text
    for number in count(2):
        place = _named(target, stem, f" ({number}){suffix}")
        if _same(laid, place):
            laid.unlink()
            return
        if give_name(laid, place):
            return


def _instead(laid: Path, target: Path) -> None:
    for number in count(1):
        place = _named(target, target.name, f".avant{f'-{number}' if number > 1 else ''}")
        if _same(target, place):
            target.unlink()
            break
        if give_name(target, place):
            break
    give_name(laid, target)


def _named(beside: Path, stem: str, ending: str) -> Path:
    """A name beside a file, no longer than a name may be."""
    end = os.fsencode(ending)
    return beside.with_name(os.fsdecode(os.fsencode(stem)[: _LONGEST_NAME - len(end)] + end))


def _same(one: Path, other: Path) -> bool:
    """Whether both are files of the same bytes; a link is none."""
    files = all(path.is_file() and not path.is_symlink() for path in (one, other))
    return files and hash_of(one) == hash_of(other) != ""


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
