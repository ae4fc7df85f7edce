"""Words of forms: what a browser sent, as the services take it."""

from __future__ import annotations

import datetime as dt

from starlette.datastructures import UploadFile

from pipeline.core.errors import InvalidRequest


def day_of(text: str, what: str) -> dt.date:
    """The day that a field of days sent; raises InvalidRequest that names the field, ``what``."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidRequest(
            f"Rien n’est noté : {what} manque ou n’est pas une date. Que faire : écrivez-la, par exemple 2025-03-17."
        ) from None


def day_or_none(text: str, what: str) -> dt.date | None:
    """The same, where it may be left empty."""
    return day_of(text, what) if text.strip() else None


def lines_of(text: str) -> list[str]:
    """The lines of a text area that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def file_of(sent: UploadFile | str | None) -> UploadFile | None:
    """The file that was chosen; ``None`` where the field was left empty."""
    return sent if isinstance(sent, UploadFile) and (sent.filename or sent.size) else None
