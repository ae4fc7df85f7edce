"""LibreOffice as the oracle: a look that we call unseen leaves no ink on the page that it prints, any other does."""

from __future__ import annotations

import shutil

import pypdfium2
import pytest
from forms_filler import print_words
from shown_word import document, run

from pipeline.reading.streams.docx import docx_stream
from pipeline.sandbox.gates import open_docx

STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:type="character" w:styleId="A"><w:name w:val="A"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="C"/><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>'
    "</w:styles>"
)
CELL = "<w:tbl><w:tr>{row}<w:tc><w:tcPr>{cell}</w:tcPr><w:p>{words}</w:p></w:tc></w:tr></w:tbl><w:p/>"


def paragraph(look: str = "", settings: str = "") -> str:
    """A paragraph with one answer."""
    return f"<w:p><w:pPr>{settings}</w:pPr>{run('14042025', look)}</w:p>"


def cell(look: str = "", row: str = "", shade: str = "") -> str:
    """A cell with one answer."""
    return CELL.format(row=row, cell=shade, words=run("14042025", look))


DARK = '<w:shd w:val="clear" w:fill="1F3864"/>'
BODIES = {
    "plain": paragraph(),
    "grey": paragraph('<w:color w:val="A6ADB5"/>'),
    "small": paragraph('<w:sz w:val="12"/>'),
    "shown again": paragraph('<w:rStyle w:val="A"/><w:vanish w:val="0"/>'),
    "black by itself in white style": paragraph('<w:color w:val="000000"/>', '<w:pStyle w:val="C"/>'),
    "hidden": paragraph("<w:vanish/>"),
    "hidden by style": paragraph('<w:rStyle w:val="A"/>'),
    "hidden by the style of a style": paragraph('<w:rStyle w:val="B"/>'),
    "white": paragraph('<w:color w:val="FFFFFF"/>'),
    "white by paragraph": paragraph(settings='<w:pStyle w:val="C"/>'),
    "in a cell": cell(),
    "in a hidden row": cell(row="<w:trPr><w:hidden/></w:trPr>"),
}


@pytest.mark.long
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice prints the documents")
def test_what_we_call_unseen_leaves_no_ink() -> None:
    """One document a look, all printed at once."""
    files = {name: document(body, styles=STYLES) for name, body in BODIES.items()}
    prints = dict(zip(files, print_words(list(files.values())), strict=True))
    for name, data in files.items():
        unseen = [token.doubt for token in docx_stream(open_docx(data)) if token.text == "14042025"]
        if name == "in a hidden row":  # Word leaves the row out, LibreOffice shows it: the doubt holds for both
            assert unseen[0]
            continue
        assert bool(unseen[0]) is not _has_ink(prints[name]), name


def _has_ink(pdf: bytes) -> bool:
    with pypdfium2.PdfDocument(pdf) as document_:
        picture = document_[0].render(scale=2, grayscale=True).to_numpy()
    return bool((picture < 200).sum() > 20)
