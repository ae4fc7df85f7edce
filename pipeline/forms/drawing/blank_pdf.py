"""PDF writer of the formulaire préalable: the layout of ``strips`` painted, with its AcroForm fields."""

from __future__ import annotations

import io
from collections.abc import Mapping

from reportlab.pdfgen.canvas import Canvas

from pipeline.core.fields import FieldKind
from pipeline.core.models import Box, Data
from pipeline.forms.blank import NOTE, Blank, Cell
from pipeline.forms.drawing.pdf_fields import FieldLook, PdfFields
from pipeline.forms.fonts import register_font
from pipeline.forms.paper.metrics import text_width
from pipeline.forms.paper.placement import (
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Frame,
    Placement,
    Role,
    Style,
    Text,
    Tone,
    Zone,
)
from pipeline.forms.paper.strips import place
from pipeline.forms.paper_notices import TITLES
from pipeline.forms.prefill import slot_texts

_NAVY, _ORANGE, _GRID = "#1F4E79", "#E36C0A", "#9DB2C7"
_TONES = {
    Tone.PLAIN: "#1B1B1B",
    Tone.MUTED: "#6B7684",
    Tone.TITLE: _NAVY,
    Tone.BAND: "#FFFFFF",
    Tone.STAR: "#C00000",
}
_FRAMES: dict[Role, tuple[str | None, str | None, float]] = {  # fill, border, border's width
    Role.SECTION: (_NAVY, _NAVY, 0.6),
    Role.PART: ("#DEEAF6", _GRID, 0.5),
    Role.CELL: (None, _GRID, 0.5),
    Role.OFFICE: ("#FBF1DC", "#C9A85C", 0.5),
    Role.FIELD: ("#F0F5FA", "#C3D0DD", 0.4),
    Role.TICK: ("#FFFFFF", "#44546A", 0.7),
    Role.LOGO: (None, _GRID, 0.6),
    Role.ADVICE: ("#F4F7FA", None, 0.0),
    Role.CLOSED: ("#E2E4E7", _GRID, 0.5),
    Role.SPECIAL: ("#FBF1DC", _GRID, 0.5),
    Role.SIGN: ("#FFFFFF", _GRID, 0.5),
}
_CELLS = (Role.CELL, Role.OFFICE)
_LAYERS = {Role.FIELD: 2, Role.TICK: 2, Role.SIGN: 2, Role.CELL: 1, Role.SPECIAL: 1, Role.CLOSED: 1}
_NOTE_SIZE = 6.2


def draw_pdf(blank: Blank, values: Data | None = None, notes: Mapping[str, str] | None = None) -> bytes:
    """The form as PDF bytes; the same input gives the same bytes.

    ``values`` (a nested record) pre-fills it. ``notes`` (path to French text) marks the fields to mend: an orange
    border, « à corriger », and the text in the tooltip. Raises ToolMissing if the font is not installed.
    """
    placement, notes = place(blank), notes or {}
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,
        lang="fr-FR",
        pdfVersion=(1, 7),
        initialFontName=register_font(),  # type: ignore[arg-type]  # a name: the published types are wrong
    )
    _describe(canvas, blank)
    fields = PdfFields(canvas)
    texts = slot_texts(blank, values or {})
    cells = {cell.field.path: cell for cell in blank.cells()}
    for page in range(1, placement.pages + 1):
        _paint(canvas, placement, page)
        for frame in placement.frames:
            if frame.page == page and frame.role in _CELLS and frame.path in notes:
                _mark(canvas, frame)
        for zone in placement.zones:
            if zone.page == page:
                _answer(fields, zone, cells[zone.path], texts.get(zone.slot.name, ""), notes.get(zone.path))
        canvas.showPage()
    fields.finish()
    canvas.save()
    return buffer.getvalue()


def _describe(canvas: Canvas, blank: Blank) -> None:
    canvas.setTitle(f"{TITLES[blank.paper]} – {blank.formation.settings['intitule_court']}, {blank.session.annee}")
    canvas.setSubject(blank.formation.title)
    canvas.setAuthor("liasse")
    canvas.setCreator("liasse")
    canvas.setKeywords(blank.mark)
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _paint(canvas: Canvas, placement: Placement, page: int) -> None:
    frames = [frame for frame in placement.frames if frame.page == page]
    for frame in sorted(frames, key=lambda frame: _LAYERS.get(frame.role, 0)):
        _frame(canvas, frame)
    for text in placement.texts:
        if text.page == page:
            _write(canvas, text)


def _frame(canvas: Canvas, frame: Frame) -> None:
    fill, border, width = _FRAMES[frame.role]
    if fill:
        canvas.setFillColor(fill)
    if border:
        canvas.setStrokeColor(border)
        canvas.setLineWidth(width)
    canvas.setDash([2, 2] if frame.role is Role.LOGO else [])
    _rectangle(canvas, frame.box, stroke=bool(border), fill=bool(fill))
    canvas.setDash([])


def _rectangle(canvas: Canvas, box: Box, *, stroke: bool, fill: bool) -> None:
    x0, top, x1, bottom = box
    canvas.rect(x0, PAGE_HEIGHT - bottom, x1 - x0, bottom - top, stroke=int(stroke), fill=int(fill))


def _write(canvas: Canvas, text: Text) -> None:
    canvas.setFont(register_font(text.style.value), text.size)
    canvas.setFillColor(_TONES[text.tone])
    canvas.drawString(text.x, PAGE_HEIGHT - text.base, text.text)


def _mark(canvas: Canvas, frame: Frame) -> None:
    """The orange border of a cell to mend, and its flag astride the top border."""
    x0, top, x1, bottom = frame.box
    canvas.setStrokeColor(_ORANGE)
    canvas.setLineWidth(1.4)
    _rectangle(canvas, (x0 + 0.7, top + 0.7, x1 - 0.7, bottom - 0.7), stroke=True, fill=False)
    width = text_width(NOTE, _NOTE_SIZE, bold=True) + 6
    canvas.setFillColor(_ORANGE)
    _rectangle(canvas, (x1 - width - 4, top - 3.2, x1 - 4, top + 4.4), stroke=False, fill=True)
    canvas.setFont(register_font(Style.BOLD.value), _NOTE_SIZE)
    canvas.setFillColor("#FFFFFF")
    canvas.drawString(x1 - width - 1, PAGE_HEIGHT - top - 2.6, NOTE)


def _answer(fields: PdfFields, zone: Zone, cell: Cell, text: str, note: str | None) -> None:
    slot = zone.slot
    if slot.option is None:
        look = FieldLook(slot.pdf_name, _tooltip(cell, slot.label, note), cell.required)
        fields.text(zone.box, look, text, lines=zone.lines)
    elif cell.field.kind is FieldKind.DAYS:
        look = FieldLook(slot.pdf_name, _tooltip(cell, slot.label, note), cell.required)
        fields.check(zone.box, look, ticked=bool(text))
    else:
        look = FieldLook(slot.path.replace(".", "/"), _tooltip(cell, "", note), cell.required)
        fields.radio(zone.box, look, slot.option, f"{cell.name} : {slot.label}", ticked=bool(text))


def _tooltip(cell: Cell, part: str, note: str | None) -> str:
    """« Stagiaire, Nom », the help, whether it must be answered, and what is to be mended."""
    name = f"{cell.name}, {part}" if part else cell.name
    need = "obligatoire" if cell.required else "obligatoire selon le statut" if cell.conditional else ""
    details = " – ".join(text for text in (cell.field.help, need) if text)
    tooltip = f"{name} ({details})" if details else name
    return f"{NOTE.capitalize()} : {note} — {tooltip}" if note else tooltip
