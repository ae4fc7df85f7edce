"""Word documents and PDFs made by hand, one construction at a time."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


@pytest.fixture(scope="session")
def word() -> Callable[..., dict[str, bytes]]:
    """Makes the parts of a DOCX whose body is that XML; others by name (« comments », « footnotes », « header1 »)."""

    def make(body: str, **parts: str) -> dict[str, bytes]:
        made = {"word/document.xml": f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>"}
        for name, content in parts.items():
            root = name.rstrip("0123456789")
            made[f"word/{name}.xml"] = f"<w:{root} {_NAMES}>{content}</w:{root}>"
        return {name: part.encode() for name, part in made.items()}

    return make


@pytest.fixture
def pdf() -> Callable[..., bytes]:
    """Makes a PDF of one page by drawing on its canvas, 600 points high; ``rotate`` is the page's own rotation."""

    def make(draw: Callable[[Canvas], None], *, rotate: int = 0) -> bytes:
        made = io.BytesIO()
        canvas = Canvas(made, pagesize=(400, 600), invariant=True)
        canvas.setPageRotation(rotate)
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
        canvas.save()
        return made.getvalue()

    return make
