"""Filled forms of invented schools, and what may be wrong with one of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import champs
import paper_form as paper
import pdfplumber
import pointilles
import pypdfium2
import tableau
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from layout_people import Person, load_people
from mutations_kit import OtherInk, row_of
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from word_kit import Ink, new_document, save_docx

from pipeline.core.models import Reading

LAYOUTS = Path(__file__).parents[2] / "layouts"
MARIE = load_people()[0]
NS = nsdecls("w")
Change = Callable[[Document], None]
Seen = tuple[Any, str | None]
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
_WEEK = "stage.heures_hebdo"


def outcome(reading: Reading, path: str) -> Seen:
    """The value of a field and the code of its doubt: (value, None) is accepted."""
    entry = next(entry for entry in reading.fields if entry.path == path)
    return entry.value, entry.doubt and entry.doubt.code


def accepted(reading: Reading) -> dict[str, Any]:
    """Everything that nobody will look at, by path."""
    return {entry.path: entry.value for entry in reading.fields if entry.doubt is None and entry.value is not None}


def person(**typed: str | None) -> Person:
    """Marie DUPONT, who writes something else here and there (``stagiaire__nom="X"``)."""
    return MARIE.but(**typed)


def form(change: Change | None = None, *, layout: Any = tableau, who: Person = MARIE) -> bytes:
    """A Word copy of the bordered form, or of another layout, changed once it was filled."""
    document = layout.draw(OtherInk(who))
    if change:
        change(document)
    return saved(document)


def dotted(**typed: str | None) -> bytes:
    """A Word copy of the dotted form."""
    return form(layout=pointilles, who=person(**typed))


def saved(document: Document) -> bytes:
    """The bytes of a Word document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def in_cell(document: Document, label: str, xml: str, column: int = 1) -> None:
    """Put raw runs in the answer beside this label, or in another column, in place of what stands there."""
    paragraph = row_of(document, label).cells[column].paragraphs[0]
    for run in list(paragraph.runs):
        run._r.getparent().remove(run._r)
    for element in parse_xml(f"<w:p {NS}>{xml}</w:p>"):
        paragraph._p.append(element)


def fields(who: Person, folder: Path) -> bytes:
    """A copy of the PDF form, filled."""
    blank, target = folder / "vierge.pdf", folder / "rempli.pdf"
    ink = OtherInk(who)
    names = champs.draw_blank(blank, Ink())
    champs.fill(blank, target, ink, names)
    return target.read_bytes()


def rewritten(data: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    """A PDF with something changed in it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def under_picture(data: bytes, swaps: dict[str, str]) -> bytes:
    """The pages as pictures over an invisible layer of their words, some of which the scanner took for others."""
    made = PdfWriter()
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages):
            buffer = io.BytesIO()
            canvas = Canvas(buffer, pagesize=(page.width, page.height), invariant=1)
            canvas.drawImage(ImageReader(_picture(data, number)), 0, 0, page.width, page.height)
            for word in page.extract_words():
                text = canvas.beginText(word["x0"], float(page.height) - word["bottom"] + 2)
                text.setTextRenderMode(3)
                text.setFont("Helvetica", 6)
                text.textOut(swaps.get(word["text"], word["text"]))
                canvas.drawText(text)
            canvas.save()
            made.append(PdfReader(buffer))
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def _picture(data: bytes, number: int) -> Image.Image:
    with pypdfium2.PdfDocument(data) as document:
        return document[number].render(scale=1.5, grayscale=True).to_pil()


def week(cells: dict[str, tuple[str, ...]] | None = None, hours: str = "35 h") -> Document:
    """The form of a week: a row a day with its morning and afternoon; placeholders where ``cells`` is ``None``."""
    document = new_document("Calibri", 10, 2)
    document.add_paragraph("EMPLOI DU TEMPS DU STAGIAIRE")
    document.add_paragraph(
        "Tableau à remplir avec le tuteur avant la signature de la convention, puis à remettre au secrétariat "
        "pédagogique de l’Institut de l’Exemple, qui vérifie le nombre d’heures déclarées chaque semaine."
    )
    table = document.add_table(rows=0, cols=3)
    table.style = "Table Grid"
    for text, cell in zip(("Jour", "Matin", "Après-midi"), table.add_row().cells, strict=True):
        cell.text = text
    for day in DAYS:
        asked = tuple(f"{{{{ stage.horaires.{day}.{half} }}}}" for half in ("matin", "apres_midi"))
        written = asked if cells is None else cells.get(day, ("", ""))
        row = table.add_row().cells
        row[0].text = day.capitalize()
        if len(written) == 1:
            row[1].merge(row[2]).text = written[0]
        else:
            row[1].text, row[2].text = written
    document.add_paragraph(f"Nombre d’heures par semaine : {f'{{{{ {_WEEK} }}}}' if cells is None else hours}")
    document.add_paragraph(f"Fait à : {'{{ signatures.lieu }}' if cells is None else 'Vannes'}")
    return document


def _folder(folder: Path, title: str) -> Path:
    folder.mkdir()
    (folder / "layout.toml").write_text(
        f'version = "2025"\ntitre = "{title}"\nformation = "coordination-essms"\n', encoding="utf-8"
    )
    return folder


def week_layout(folder: Path) -> Path:
    """The layout of the week."""
    save_docx(week(), _folder(folder, "Emploi du temps") / "formulaire.docx")
    return folder


def paper_layout(folder: Path) -> Path:
    """The layout of the one-page form that the tests of the engines scan."""
    placeholders = {path: f"{{{{ {path} }}}}" for _, path, _ in paper.ROWS}
    boxes = {code: f"{{{{ stage.obligatoire = {code} }}}}" for code, _ in paper.OPTIONS}
    (_folder(folder, "Formulaire d’essai") / "formulaire.pdf").write_bytes(paper.form(placeholders, boxes=boxes))
    return folder
