"""Use case of depositing: a form that a program or a browser sends, taken in durably before it is acknowledged."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.core.errors import InvalidRequest
from pipeline.core.text import visible_line
from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.ledger.entries import Entry
from pipeline.services.permissions import require
from pipeline.storage.spool import BIGGEST

MOST = BIGGEST  # bytes of one form
_NAME, _BYTES = 100, 200  # characters of a file's name, and what a disk takes of it
_SUFFIX = 10
_NO_NAME = "formulaire"


class KeyReused(InvalidRequest):
    """An idempotency key under which something else was sent before."""


@dataclass(frozen=True)
class Deposited:
    """A form that was taken in; ``again``: under the same key; ``known``: the same bytes had come, and are shown."""

    entry: Entry
    again: bool
    known: bool


def deposit(context: Context, visitor: Visitor, name: str, data: BinaryIO, *, key: str = "") -> Deposited:
    """Take in one file from its beginning, under the name that its sender gives; with a ``key``, once.

    Raises Forbidden, InvalidRequest for an empty file, KeyReused; Transient or HouseError, and nothing is taken in.
    """
    require(visitor, Right.DEPOSIT)
    name = kept_name(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        with path.open("wb") as copy:
            data.seek(0)
            shutil.copyfileobj(data, copy)
        if not path.stat().st_size:
            raise InvalidRequest("Rien n’est reçu : ce fichier est vide. Que faire : envoyez-le de nouveau.")
        with path.open("rb") as copy:
            sha256 = hashlib.file_digest(copy, "sha256").hexdigest()
        fingerprint = hashlib.sha256(f"{sha256} {name}".encode()).hexdigest()
        again = context.ledger.uploads.begin(visitor.actor, key, fingerprint, sha256)
        if again is None:
            raise KeyReused(
                "Rien n’est reçu : cette clé d’idempotence a servi pour un autre fichier. Que faire : une clé par "
                "dépôt."
            )
        arrival = take_in(path, context)
    seen = visitor.reaches({one.formation for one in context.ledger.entries.of_dossier(arrival.entry.dossier)})
    return Deposited(arrival.entry, again and bool(key), arrival.duplicate and not again and seen)


def kept_name(name: str) -> str:
    """A file's name as its sender gives it, on one line, without folders, no longer than a disk takes."""
    said = visible_line(unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])).strip().lstrip(".")
    path = Path(said or _NO_NAME)
    suffix = path.suffix[:_SUFFIX]
    stem = (path.stem if suffix == path.suffix else path.name)[: _NAME - len(suffix)]
    while len(f"{stem}{suffix}".encode()) > _BYTES:
        stem = stem[:-1]
    return f"{stem or _NO_NAME}{suffix}"
