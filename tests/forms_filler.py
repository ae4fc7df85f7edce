"""Playing the student: fill our blank forms the way people do, then print them.

``texts`` is slot name to what is written (``pipeline.forms.prefill.slot_texts``); a ticked box holds ``x``.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from pipeline.core.fields import FieldKind
from pipeline.core.models import put
from pipeline.forms.blank import Blank, Cell

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


def fill_acroform(pdf: bytes, blank: Blank, texts: Mapping[str, str]) -> bytes:
    """The fillable PDF with these answers typed and ticked, appearances included."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    written = {s.pdf_name: texts[s.name] for s in blank.slots() if s.option is None and s.name in texts}
    for page in writer.pages:
        writer.update_page_form_field_values(page, written, auto_regenerate=False)
    ticked = {(slot.path, slot.option) for slot in blank.slots() if slot.option is not None and texts.get(slot.name)}
    kinds = {cell.field.path: cell.field.kind for cell in blank.cells()}
    for page in writer.pages:
        for annotation in page["/Annots"]:
            _tick(annotation.get_object(), ticked, kinds)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _tick(widget: DictionaryObject, ticked: set[tuple[str, str]], kinds: Mapping[str, FieldKind]) -> None:
    holder = widget["/Parent"].get_object() if "/Parent" in widget else widget
    if holder.get("/FT") != "/Btn":
        return
    path, _, day = str(holder["/T"]).replace("/", ".").partition("=")
    on = next(state for state in widget["/AP"]["/N"] if state != "/Off")
    option = day if kinds[path] is FieldKind.DAYS else on.removeprefix("/")
    if (path, option) in ticked:
        widget[NameObject("/AS")] = NameObject(on)
        holder[NameObject("/V")] = NameObject(on)


def fill_word(docx: bytes, texts: Mapping[str, str]) -> bytes:
    """The Word form with these answers in its content controls."""
    with zipfile.ZipFile(io.BytesIO(docx)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    for control in root.iter(f"{_W}sdt"):
        tag = control.find(f"{_W}sdtPr/{_W}tag").get(f"{_W}val")
        if tag in texts:
            _write(control, texts[tag])
    parts["word/document.xml"] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return buffer.getvalue()


def _write(control: etree._Element, text: str) -> None:
    settings = control.find(f"{_W}sdtPr")
    content = control.find(f"{_W}sdtContent/{_W}r/{_W}t")
    box = settings.find(f"{_W14}checkbox")
    if box is not None:
        box.find(f"{_W14}checked").set(f"{_W14}val", "1")
        content.text = "☒"
        return
    hint = settings.find(f"{_W}showingPlcHdr")
    if hint is not None:
        settings.remove(hint)
    content.text = text


def print_pdf(pdf: bytes) -> bytes:
    """The same pages printed to PDF by poppler: what is seen stays, the fields go."""
    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place, "in.pdf"), Path(place, "out.pdf")
        source.write_bytes(pdf)
        subprocess.run(["pdftocairo", "-pdf", source, target], check=True, capture_output=True, timeout=60)
        return target.read_bytes()


def print_words(documents: Sequence[bytes]) -> list[bytes]:
    """Word files printed to PDF by LibreOffice, in one run."""
    with tempfile.TemporaryDirectory() as place:
        names = [f"{number}.docx" for number in range(len(documents))]
        for name, document in zip(names, documents, strict=True):
            Path(place, name).write_bytes(document)
        profile = f"-env:UserInstallation=file://{place}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", place, *names]
        subprocess.run(command, check=True, capture_output=True, timeout=300, cwd=place)
        return [Path(place, name).with_suffix(".pdf").read_bytes() for name in names]


def full_record(blank: Blank) -> dict[str, Any]:
    """A record that answers every field of the form, whatever the formation asks."""
    data: dict[str, Any] = {}
    for number, cell in enumerate(blank.cells()):
        put(data, cell.field.path, _value(cell, number))
    return data


def _value(cell: Cell, number: int) -> Any:
    options = [slot.option for slot in cell.slots if slot.option is not None]
    days = [slot.day for slot in cell.slots if slot.day is not None]
    simple = {
        FieldKind.DATE: f"2025-04-{number % 28 + 1:02d}",
        FieldKind.HOURS: 7.5 + number,
        FieldKind.EUROS: 4.35,
        FieldKind.WHOLE: number,
        FieldKind.PHONE: f"+336123456{number % 100:02d}",
        FieldKind.POSTCODE: "29200",
        FieldKind.SIRET: "73282932000074",
        FieldKind.EMAIL: f"zoe.müller-{number}@service-formation.example.org",
        FieldKind.DAYS: options[1:4],
        FieldKind.BOOLEAN: number % 2 == 0,
        FieldKind.LIST: [f"Accueillir l’équipe n° {n} – bilan « mensuel »" for n in range(len(cell.slots))],
        FieldKind.CALENDAR: [{"date": day.isoformat(), "heures": 3.5 + n % 5} for n, day in enumerate(days[::3])],
        FieldKind.WEEK: {"lundi": 7, "mardi": 3.5, "samedi": 4},
        FieldKind.CHANGES: [
            {"date": f"2025-05-{n:02d}", "heures": n % 3 * 3.5} for n in range(1, cell.field.lines + 1)
        ],
        FieldKind.PERIODS: [
            {"debut": f"2025-04-{n:02d}", "fin": f"2025-04-{n + n % 2:02d}"} for n in range(1, cell.field.lines + 1)
        ],
        FieldKind.CHOICE: options[number % len(options)] if options else None,
        FieldKind.TEXT: f"Organiser l’accueil n° {number}, puis rédiger la synthèse (œuvre collective).",
    }
    return simple.get(cell.field.kind, f"Élève Noël {number}")
