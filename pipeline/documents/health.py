"""Whether LibreOffice answers at all: what tells a form that it cannot print from a machine that cannot print."""

from __future__ import annotations

import io

import docx

from pipeline.documents.libreoffice import convert
from pipeline.errors import HouseError


def answers() -> bool:
    """Whether LibreOffice makes a PDF of one line; a few seconds."""
    page = docx.Document()
    page.add_paragraph("liasse")
    out = io.BytesIO()
    page.save(out)
    try:
        convert({"essai": out.getvalue()})
    except HouseError:
        return False
    return True
