"""LibreOffice health check: tells a form that it cannot print from a machine that cannot print."""

from __future__ import annotations

from pipeline.core.errors import HouseError
from pipeline.documents.libreoffice import WarmOffice, convert, find_bridge, one_line


def answers() -> bool:
    """Whether LibreOffice makes a PDF of one line; a few seconds."""
    try:
        convert({"essai": one_line()})
    except HouseError:
        return False
    return True


def stays() -> str:
    """Why LibreOffice cannot be kept running from one packet to the next, as it was really tried; empty when it can.

    Raises what ``convert`` does, and ConfigError and ToolMissing as LIASSE_OFFICE has it.
    """
    found = find_bridge()
    if not found.python:
        return found.why
    with WarmOffice() as office:
        office.convert({"essai": one_line()})
        return "" if office.running else f"{found.python} has uno, but LibreOffice does not answer it (see the log)"
