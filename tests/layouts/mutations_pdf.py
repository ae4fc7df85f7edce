"""Printed forms that drifted: pages out of order, missing, turned; two forms in a file; text that contradicts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from champs import PAGES, save_pdf
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas
from scans import page_images, save_images

Change = Callable[[PdfWriter, dict[str, Any], Path], Iterable[str]]


@dataclass(frozen=True)
class PdfMutation:
    """A change to ``source`` (« tableau/00.pdf »); the truth is that of the same person."""

    name: str
    source: str
    change: Change


MUTATIONS: list[PdfMutation] = []


def _mutation(source: str) -> Callable[[Change], Change]:
    def keep(change: Change) -> Change:
        MUTATIONS.append(PdfMutation(change.__name__.strip("_").replace("_", "-"), source, change))
        return change

    return keep


def _replaced(writer: PdfWriter, pages: Iterable[Any]) -> None:
    kept = list(pages)
    while writer.pages:
        writer.remove_page(0)
    for page in kept:
        writer.add_page(page)


def _reversed(writer: PdfWriter, truth: dict[str, Any], source: Path) -> Iterable[str]:
    _replaced(writer, reversed(PdfReader(source).pages))
    return tuple(truth)


@_mutation("convention/00.pdf")
def _convention_pages_inversees(writer: PdfWriter, truth: dict[str, Any], source: Path) -> Iterable[str]:
    return _reversed(writer, truth, source)


@_mutation("champs/02.printed.pdf")
def _champs_pages_inversees(writer: PdfWriter, truth: dict[str, Any], source: Path) -> Iterable[str]:
    return _reversed(writer, truth, source)


@_mutation("champs/00.printed.pdf")
def _champs_page_manquante(writer: PdfWriter, truth: dict[str, Any], source: Path) -> Iterable[str]:
    _replaced(writer, PdfReader(source).pages[:1])
    slots = [slot for _, rows in PAGES[1] for row in rows for _, slot, _ in row]
    gone = [slot if isinstance(slot, str) else slot[1] for slot in slots]
    truth.update(dict.fromkeys([*gone, *(path for path in truth if path == "gratification.unite")]))
    return tuple(path for path in truth if path in gone or path == "gratification.unite")


@_mutation("tableau/02.pdf")
def _tableau_tourne_90(writer: PdfWriter, truth: dict[str, Any], _source: Path) -> Iterable[str]:
    for page in writer.pages:
        page.rotate(90)
    return tuple(truth)


@_mutation("pointilles/00.pdf")
def _pointilles_tourne_180(writer: PdfWriter, truth: dict[str, Any], _source: Path) -> Iterable[str]:
    for page in writer.pages:
        page.rotate(180)
        page.transfer_rotation_to_content()
    return tuple(truth)


@_mutation("tableau/00.pdf")
def _tableau_deux_formulaires(writer: PdfWriter, truth: dict[str, Any], source: Path) -> Iterable[str]:
    for page in PdfReader(source.with_name("05.pdf")).pages:
        writer.add_page(page)
    return _all_gone(truth)


@_mutation("colonnes/00.pdf")
def _colonnes_deux_formulaires(writer: PdfWriter, truth: dict[str, Any], source: Path) -> Iterable[str]:
    for page in PdfReader(source.with_name("03.pdf")).pages:
        writer.add_page(page)
    return _all_gone(truth)


def _all_gone(truth: dict[str, Any]) -> tuple[str, ...]:
    """Two people in one file: nobody can say whose value is meant, the file must be split or asked about."""
    truth.update(dict.fromkeys(truth))
    return tuple(truth)


@_mutation("tableau/01.pdf")
def _tableau_option_entouree(writer: PdfWriter, truth: dict[str, Any], source: Path) -> Iterable[str]:
    """« Oui » circled with a pen although « Non » is ticked: nobody can tell which was meant last."""
    words = _words(source)
    label = next(word for word, after in pairwise(words) if (word[0], after[0]) == ("Stage", "gratifié"))
    yes = next(word for word in words if word[0] == "Oui" and abs(word[2] - label[2]) < 4 and word[1] > label[1])
    _draw_over(writer, lambda canvas: canvas.ellipse(yes[1] - 5, yes[2] - 6, yes[3] + 6, yes[2] + 13))
    truth["gratification.prevue"] = None
    return ("gratification.prevue",)


@_mutation("tableau/03.pdf")
def _tableau_mention_ajoutee(writer: PdfWriter, _truth: dict[str, Any], source: Path) -> Iterable[str]:
    """Somebody typed a second amount next to the first, over the printed page."""
    word = next(word for word in _words(source) if word[0].startswith("669,90"))
    _draw_over(writer, lambda canvas: canvas.drawString(word[1] + 68, word[2] + 1, "700 €"))
    return ("gratification.montant", "gratification.unite")


def _words(source: Path) -> list[tuple[str, float, float, float]]:
    """Word, left, baseline from the bottom, right, on the first page."""
    import pdfplumber  # noqa: PLC0415 -- slow to load, needed by two mutations

    with pdfplumber.open(source) as pdf:
        page = pdf.pages[0]
        return [(w["text"], w["x0"], float(page.height) - w["bottom"], w["x1"]) for w in page.extract_words()]


def _draw_over(writer: PdfWriter, paint: Callable[[Canvas], None]) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=tuple(writer.pages[0].mediabox[2:]), invariant=1)
    canvas.setStrokeColorRGB(0.1, 0.2, 0.7)
    canvas.setFillColorRGB(0.1, 0.2, 0.7)
    canvas.setFont("Helvetica", 9)
    paint(canvas)
    canvas.save()
    writer.pages[0].merge_page(PdfReader(buffer).pages[0])


@_mutation("tableau/00.pdf")
def _tableau_couche_cachee(writer: PdfWriter, truth: dict[str, Any], source: Path) -> Iterable[str]:
    """A scan whose hidden text layer says other things than its image: another name, SIRET, date and amount."""
    swaps = {"DUPONT": "DUPOND", "482": "462", "02/02/2026": "02/03/2026", "4,50": "4,80"}
    width, height = (float(side) for side in writer.pages[0].mediabox[2:])
    words = _words(source)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1)
    text = canvas.beginText()
    text.setTextRenderMode(3)
    text.setFont("Helvetica", 9)
    for word, left, bottom, _ in words:
        text.setTextOrigin(left, bottom + 2)
        text.textOut(swaps.get(word, word))
    canvas.drawText(text)
    canvas.save()
    image = io.BytesIO()
    save_images(page_images(source), image, quality=40)
    _replaced(writer, PdfReader(image).pages)
    writer.pages[0].merge_page(PdfReader(buffer).pages[0])
    return tuple(truth)


def _widget(writer: PdfWriter, name: str) -> Any:
    widgets = (note.get_object() for page in writer.pages for note in page.annotations or ())
    return next(widget for widget in widgets if widget.get("/T") == name)


@_mutation("champs/00.pdf")
def _champs_valeur_cachee(writer: PdfWriter, truth: dict[str, Any], _source: Path) -> Iterable[str]:
    """The value of the SIRET field is not the one its appearance shows; the truth is what people see."""
    _widget(writer, "Texte16")[NameObject("/V")] = TextStringObject("73282932000074")
    return tuple(path for path in truth if path == "organisme.siret")


@_mutation("champs/02.pdf")
def _champs_deux_cases(writer: PdfWriter, truth: dict[str, Any], _source: Path) -> Iterable[str]:
    for name in ("Case1", "Case2", "Case3"):
        widget = _widget(writer, name)
        state = next(key for key in widget["/AP"]["/N"] if key != "/Off")
        widget[NameObject("/AS")] = widget[NameObject("/V")] = NameObject(state)
    truth["gratification.modalite"] = None
    return ("gratification.modalite",)


@_mutation("champs/03.pdf")
def _champs_annotation_libre(writer: PdfWriter, _truth: dict[str, Any], _source: Path) -> Iterable[str]:
    """A yellow note typed over the tutor's telephone."""
    left, bottom, right, top = (float(n) for n in _widget(writer, "Texte28")["/Rect"])
    note = FreeText(text="nouveau n° : 02 61 91 00 99", rect=(left + 70, bottom, right + 30, top), font_size="8pt")
    writer.add_annotation(1, note)
    return ("tuteur.telephone",)


def mutate(mutation: PdfMutation, layouts: Path, target: Path, truth: dict[str, Any]) -> tuple[str, ...]:
    """Write the mutated copy; ``truth`` is changed in place; comes out what may not be accepted wrong."""
    source = layouts / mutation.source
    writer = PdfWriter(clone_from=source)
    doubtful = tuple(mutation.change(writer, truth, source))
    save_pdf(writer, target)
    return doubtful
