"""Conversion results: the PDF checked, or the exception that says whose fault it is that there is none.

ToolMissing when the machine lacks something, Transient when the same work may succeed later, ConversionError when the
document is at fault.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.core.errors import ConversionError, ConversionStopped, ToolMissing, Transient
from pipeline.documents.libreoffice.process_group import LOG
from pipeline.documents.libreoffice.workplace import ROOM, disk_full, read_plain
from pipeline.documents.opened import Opened

_NOT_STARTED = (126, 127)
_KILLED = 137


def good_pdf(path: Path) -> bytes | None:
    """The bytes of a PDF with at least one page, if that is what lies there."""
    data = read_plain(path)
    try:
        with Opened(data) as opened:
            return data if len(opened) else None
    except ConversionError:
        return None


def failure(place: Path, name: str, code: int, reason: str = "") -> ConversionError | Transient | ToolMissing:
    """Why there is no good PDF of the document ``name``: it ended with ``code`` or ``reason`` what is wrong."""
    reason = reason or last_words(place)
    if shutil.disk_usage(place.parent).free < ROOM // 4:
        return disk_full(place)
    if code == _KILLED:
        return ConversionStopped(
            f"LibreOffice was killed while it made {name}: the machine may lack memory. Try again."
        )
    if reason.startswith("bwrap:"):
        return Transient(f"LibreOffice's cage could not be made for {name} ({reason}). Try again.")
    if code in _NOT_STARTED:
        return ToolMissing(f"LibreOffice does not start ({reason}). Install it again.")
    return ConversionError(
        f"LibreOffice made no good PDF of {name} (it answered {code}: {reason or 'nothing'}). "
        "Open its Word template and save it again."
    )


def last_words(place: Path) -> str:
    """The last line that LibreOffice wrote in the log of its folder."""
    words = read_plain(place / LOG).decode(errors="replace").strip()
    return words.rpartition("\n")[2][-200:].replace(str(place), "…")
