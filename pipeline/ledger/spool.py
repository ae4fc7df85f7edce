"""Received files by content address, and folders that appear in the outbox whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import stat
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import HouseError
from pipeline.models import Form
from pipeline.workspace import Workspace

BIGGEST = 50_000_000  # bytes; beyond, only the beginning is kept: no form is that large
_CHUNK = 1 << 20


def receive(path: Path, workspace: Workspace, received_on: dt.date) -> Form:
    """Copy a file into the spool, durably; the same bytes twice are one form. Raises HouseError if it cannot."""
    place = workspace.memory / "spool"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with (
            _open_regular(path) as source,
            tempfile.NamedTemporaryFile(dir=place, prefix=".tmp-", delete=False) as copy,
        ):
            digest = hashlib.sha256()
            size = 0
            while size <= BIGGEST and (chunk := source.read(_CHUNK)):
                digest.update(chunk)
                copy.write(chunk)
                size += len(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        sha256 = digest.hexdigest()
        target = place / sha256[:2] / sha256
        target.parent.mkdir(exist_ok=True, mode=0o700)
        Path(copy.name).replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise HouseError(
            f"{path.name} cannot be received: {error}. It is left where it is; free space or mend access."
        ) from error
    return Form(sha256, target, unicodedata.normalize("NFC", path.name), received_on)


def _open_regular(path: Path) -> BinaryIO:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("not a regular file")
    return os.fdopen(descriptor, "rb")


def publish(target: Path, files: Mapping[str, bytes], *, manifest: str | None = None) -> bool:
    """Write a folder beside its place, make it durable, then rename it there.

    With ``manifest``, a folder that holds the same manifest already is left as it is, and the answer is ``False``;
    without, an older folder of that name is replaced. Raises HouseError if the disk refuses.
    """
    if manifest and _same(target / manifest, files[manifest]):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=".tmp-"))
    try:
        for name, data in files.items():
            path = work / name
            path.parent.mkdir(exist_ok=True)
            with path.open("wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
        work.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        work.rename(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise HouseError(
            f"{target} cannot be written: {error}. Free space or mend access, then run again."
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return True


def put_aside(path: Path, workspace: Workspace, form_id: str) -> None:
    """Move a form that is done out of the inbox; a file that was named from elsewhere stays where it is."""
    if path.parent.resolve() != workspace.inbox:
        return
    aside = workspace.inbox / ".traites"
    aside.mkdir(exist_ok=True)
    path.replace(aside / f"{form_id}-{path.name}"[:200])


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
