"""LibreOffice, the real one: its output is looked at, never its word for it."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import docx
import pytest

from pipeline.core.errors import ConversionError, ToolMissing
from pipeline.documents.libreoffice import convert


def word_file(text: str) -> bytes:
    """A Word file that says so."""
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_several_documents_are_converted_in_one_run() -> None:
    """Each name gets its own PDF."""
    pdfs = convert({"un": word_file("premier"), "deux": word_file("second")})

    assert list(pdfs) == ["un", "deux"]
    assert all(pdf.startswith(b"%PDF-") for pdf in pdfs.values())


@pytest.mark.parametrize("data", [b"du texte, pas un document", b"<html>non</html>", word_file("x")[:900]])
def test_what_is_not_a_word_file_gives_no_packet(data: bytes) -> None:
    """Soffice answers 0 for these; we look for the PDF and raise."""
    with pytest.raises(ConversionError):
        convert({"faux": data})


def test_without_libreoffice_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator is told what to install."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ToolMissing, match="libreoffice-writer-nogui"):
        convert({"essai": word_file("x")})


def test_linked_images_are_not_fetched(tmp_path: Path) -> None:
    """A picture linked from a template is not read from the disk: the profile forbids it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("confidentiel")
    document = docx.Document()
    paragraph = document.add_paragraph("avant ")
    field = paragraph.add_run()._r
    for kind, text in (("begin", None), (None, f'INCLUDETEXT "{secret}"'), ("end", None)):
        if kind:
            field.append(_field_char(kind))
        else:
            field.append(_instruction(text or ""))
    out = io.BytesIO()
    document.save(out)

    pdf = convert({"essai": out.getvalue()})["essai"]

    extracted = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "avant" in extracted
    assert "confidentiel" not in extracted


def _field_char(kind: str) -> object:
    element = docx.oxml.OxmlElement("w:fldChar")
    element.set(docx.oxml.ns.qn("w:fldCharType"), kind)
    return element


def _instruction(text: str) -> object:
    element = docx.oxml.OxmlElement("w:instrText")
    element.text = text
    return element
