"""Bytes as parsers want them: what viewers look past, in front of a PDF or round its attachments, taken away.

A printer, a gateway or an editor leaves a mark or a line before ``%PDF-``; a PDF may lock the files that are attached
to it and nothing else. Every viewer shows both, and so they are read. Whoever opens a stranger's PDF begins here.
"""

from __future__ import annotations

import io
import re

import pypdf
from pypdf.generic import DictionaryObject

from pipeline.sandbox.sniff import from_its_beginning

_LOCK = re.compile(rb"/Encrypt(?=[\x00\t\n\f\r /<\[])")
_PLAIN = "/Identity"


def opened(data: bytes) -> bytes:
    """The same file, a PDF from its beginning on and without a lock that is only its attachments'."""
    data = from_its_beginning(data)
    if b"/EFF" in data and _LOCK.search(data) and _locks_attachments_only(data):
        return _LOCK.sub(b"/Unlocks", data)  # as long: every place in the file stays what it was
    return data


def _locks_attachments_only(data: bytes) -> bool:
    try:
        lock = pypdf.PdfReader(io.BytesIO(data)).trailer.get("/Encrypt")
        lock = lock.get_object() if lock is not None else None
    except Exception:  # noqa: BLE001 -- pypdf raises anything at all on a damaged file: the gate says of it what is so
        return False
    if not isinstance(lock, DictionaryObject) or "/EFF" not in lock:
        return False
    return all(lock.get(name, _PLAIN) == _PLAIN for name in ("/StmF", "/StrF"))
