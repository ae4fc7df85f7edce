"""Use case: a signature that is told by the web, with the file that came back if there is one."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import IO

from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.services.deposits import copy_of
from pipeline.services.permissions import Reached, require
from pipeline.services.signed_papers import Noted, note_signed


def note_signed_with(
    context: Context,
    visitor: Visitor,
    reached: Reached,
    *,
    piece: str,
    on: dt.date,
    roles: Collection[str],
    correct: bool,
    seen: int,
    name: str = "",
    data: IO[bytes] | None = None,
) -> Noted:
    """Note a signature in the visitor's name; ``data`` is the file that came back, ``name`` what it was called.

    Raises Forbidden; as ``note_signed``.
    """
    require(visitor, Right.CORRECT)
    with tempfile.TemporaryDirectory() as folder:
        file = copy_of(name, data, Path(folder)) if data is not None else None
        return note_signed(
            context,
            reached.id,
            piece=piece,
            on=on,
            by=visitor.name,
            roles=roles,
            file=file,
            correct=correct,
            seen=seen,
        )
