"""Use case: a signature that is told by the web, with the file that came back; or by the file, from a program."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.core.life import FactKind
from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.sandbox.returned import BIGGEST
from pipeline.services.depositing import KeyReused
from pipeline.services.deposits import copy_of
from pipeline.services.permissions import Reached, require
from pipeline.services.signed_papers import Noted, note_signed, noted_before
from pipeline.storage.durable import hash_of

MOST = BIGGEST  # bytes of one scan


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


@dataclass(frozen=True)
class SignedScan:
    """What a program sends: the file and its name, the paper and the day, who signed (none: all who had not)."""

    name: str
    data: IO[bytes]
    piece: str
    on: dt.date
    roles: tuple[str, ...]
    by: str


@dataclass(frozen=True)
class Sent:
    """What was noted; ``kept`` is the file's name, ``again``: it had been sent under the same key, and was kept."""

    noted: Noted
    kept: str
    again: bool


def send_signed(
    context: Context, *, visitor: Visitor, reached: Reached, scan: SignedScan, key: str, seen: Callable[[], int]
) -> Sent:
    """Keep the scan of a signed paper and note who signed; with a ``key``, once.

    ``seen`` is asked what whoever sends looked at, and may raise; it is not asked of what was kept before under the
    key: nothing of that is written again, and how the paper stands is told. A day that was said before is not changed
    by a scan. Raises Forbidden, KeyReused; as ``note_signed``.
    """
    require(visitor, Right.DEPOSIT)
    with tempfile.TemporaryDirectory() as folder:
        scan.data.seek(0)
        file = copy_of(scan.name, scan.data, Path(folder))
        sha256 = hash_of(file)
        again = bool(key) and _was_sent(context, visitor, reached, scan, key=key, sha256=sha256, name=file.name)
        piece = scan.piece.strip().lower()
        facts = context.ledger.life.facts(reached.id).of(FactKind.RETURNED)
        again = again and any(one.key == piece and one.body["sha256"] == sha256 for one in facts)
        if again:
            return Sent(noted_before(context, reached.id, piece), file.name, again=True)
        noted = note_signed(
            context, reached.id, piece=piece, on=scan.on, by=scan.by, roles=scan.roles, file=file, seen=seen()
        )
        return Sent(noted, noted.kept or file.name, again=False)


def _was_sent(
    context: Context, visitor: Visitor, reached: Reached, scan: SignedScan, *, key: str, sha256: str, name: str
) -> bool:
    """Whether the same was sent under that key; raises KeyReused where something else was."""
    all_of_it = "\n".join((sha256, name, reached.id, scan.piece, scan.on.isoformat(), *sorted(scan.roles), scan.by))
    fingerprint = hashlib.sha256(all_of_it.encode()).hexdigest()
    begun = context.ledger.uploads.begin(visitor.actor, key, fingerprint, sha256)
    if begun is None:
        raise KeyReused(
            "Rien n’est reçu : cette clé d’idempotence a servi pour un autre envoi. Que faire : une clé par envoi."
        )
    return begun
