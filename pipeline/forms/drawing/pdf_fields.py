"""AcroForm writer on a reportlab canvas: text boxes, radio groups and check boxes whose values already show.

reportlab's own form helper knows only the fourteen standard fonts and one appearance; here a value is drawn
in an embedded font, so that any viewer shows it and names outside Latin-1 print as they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString, xObjectName
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.models import Box
from pipeline.forms.fonts import register_font
from pipeline.forms.paper.metrics import text_width, wrap
from pipeline.forms.paper.placement import PAGE_HEIGHT

_LOCKED, _REQUIRED, _MULTILINE, _RADIO = 1, 1 << 1, 1 << 12, 1 << 15
_PRINTED = 4
_TYPING = "/Helv 0 Tf 0 0 0.35 rg"  # size 0: the viewer picks the size that shows the whole answer
_INK = (0, 0, 0.35)
_BIGGEST, _SMALLEST, _STEP = 9.5, 3.0, 0.25
_LEAD = 1.17
_MARGIN = 2.0


@dataclass(frozen=True)
class FieldLook:
    """Attributes of a field: its name, its tooltip, whether it must be filled, or is only to be read."""

    name: str
    tooltip: str
    required: bool = False
    locked: bool = False


class PdfFields:
    """The fields of one document, added in tab order while its pages are painted."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._doc: Any = canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001 -- reportlab has no public way to add its own field
        self._fields: list[PDFObjectReference] = []
        self._groups: dict[str, PDFDictionary] = {}
        self._forms = 0

    def text(self, box: Box, look: FieldLook, value: str, *, lines: int) -> None:
        """A box to write in, holding ``value``; ``lines`` over one make it multi-line."""
        flags = (_REQUIRED if look.required else 0) | (_MULTILINE if lines > 1 else 0)
        flags |= _LOCKED if look.locked else 0
        entries = self._widget(box) | {
            "FT": PDFName("Tx"),
            "T": PDFString(look.name),
            "TU": PDFString(look.tooltip),
            "Ff": flags,
            "DA": PDFString(_TYPING),
            "V": PDFString(value),
            "DV": PDFString(""),
        }
        if value:
            entries["AP"] = PDFDictionary({"N": self._text_field(box, value, lines)})
        self._fields.append(self._annotate(entries))

    def check(self, box: Box, look: FieldLook, *, ticked: bool) -> None:
        """A box to tick on its own; its value is ``Oui``."""
        state = PDFName("Oui" if ticked else "Off")
        entries = {
            "FT": PDFName("Btn"),
            "T": PDFString(look.name),
            "TU": PDFString(look.tooltip),
            "Ff": _REQUIRED if look.required else 0,
            "V": state,
            "AS": state,
        }
        self._fields.append(self._annotate(self._widget(box) | self._states(box, "Oui") | entries))

    def radio(self, box: Box, look: FieldLook, option: str, tooltip: str, *, ticked: bool) -> None:
        """One choice of the group ``look.name``; ticking another one unticks it."""
        if look.name not in self._groups:
            group = PDFDictionary(
                {
                    "FT": PDFName("Btn"),
                    "T": PDFString(look.name),
                    "TU": PDFString(look.tooltip),
                    "Ff": _RADIO | (_REQUIRED if look.required else 0),
                    "V": PDFName("Off"),
                    "Kids": PDFArray([]),
                }
            )
            self._groups[look.name] = group
            self._fields.append(self._doc.Reference(group))
        group = self._groups[look.name]
        if ticked:
            group.dict["V"] = PDFName(option)
        entries = {
            "Parent": self._doc.Reference(group),
            "TU": PDFString(tooltip),
            "AS": PDFName(option if ticked else "Off"),
        }
        kid = self._annotate(self._widget(box) | self._states(box, option) | entries)
        group.dict["Kids"].sequence.append(kid)

    def finish(self) -> None:
        """Write the form's own dictionary; to be called once, before the canvas is saved."""
        fonts = {
            name: PDFDictionary(
                {
                    "Type": PDFName("Font"),
                    "Subtype": PDFName("Type1"),
                    "BaseFont": PDFName(base),
                    **encoding,
                }
            )
            for name, base, encoding in (
                ("Helv", "Helvetica", {"Encoding": PDFName("WinAnsiEncoding")}),
                ("ZaDb", "ZapfDingbats", {}),
            )
        }
        form = PDFDictionary(
            {
                "Fields": PDFArray(self._fields),
                "DA": PDFString(_TYPING),
                "DR": PDFDictionary({"Font": PDFDictionary(fonts)}),
            }
        )
        self._canvas.setCatalogEntry("AcroForm", self._doc.Reference(form))

    def _annotate(self, entries: dict[str, Any]) -> PDFObjectReference:
        widget = PDFDictionary(entries)
        self._canvas._addAnnotation(widget)  # type: ignore[attr-defined]  # noqa: SLF001 -- as reportlab's own helper
        reference: PDFObjectReference = self._doc.Reference(widget)
        return reference

    def _widget(self, box: Box) -> dict[str, Any]:
        x0, top, x1, bottom = box
        rect = PDFArray([round(n, 2) for n in (x0, PAGE_HEIGHT - bottom, x1, PAGE_HEIGHT - top)])
        return {"Type": PDFName("Annot"), "Subtype": PDFName("Widget"), "Rect": rect, "F": _PRINTED}

    def _states(self, box: Box, on: str) -> dict[str, Any]:
        size = box[2] - box[0]
        self._open(size, size)
        self._canvas.setLineWidth(1.3)
        near, far = 1.9, size - 1.9
        self._canvas.line(near, near, far, far)
        self._canvas.line(near, far, far, near)
        cross = self._close()
        self._open(size, size)
        look = PDFDictionary({on: cross, "Off": self._close()})
        marks = PDFDictionary({"CA": PDFString("8")})
        return {"AP": PDFDictionary({"N": look}), "MK": marks, "DA": PDFString("/ZaDb 0 Tf 0 0 0.35 rg")}

    def _text_field(self, box: Box, value: str, lines: int) -> PDFObjectReference:
        width, height = box[2] - box[0], box[3] - box[1]
        size, rows = fitted(value, width - 2 * _MARGIN, height, lines)
        self._open(width, height)
        self._canvas.setFont(register_font(), size)
        first = height - size - 1.0 if lines > 1 else (height - 0.68 * size) / 2
        for n, row in enumerate(rows):
            self._canvas.drawString(_MARGIN, first - n * size * _LEAD, row)
        return self._close()

    def _open(self, width: float, height: float) -> None:
        self._forms += 1
        self._canvas.beginForm(f"field{self._forms}", 0, 0, width, height)
        self._canvas.setFillColorRGB(*_INK)
        self._canvas.setStrokeColorRGB(*_INK)

    def _close(self) -> PDFObjectReference:
        self._canvas.endForm()
        return PDFObjectReference(xObjectName(f"field{self._forms}"))


def fitted(value: str, width: float, height: float, lines: int) -> tuple[float, list[str]]:
    """The biggest size at which the whole value shows in the box, and its lines: nothing is ever cut off."""
    size = _BIGGEST
    written = value.splitlines() or [""]
    while True:
        rows = (
            [row for line in written for row in wrap(line, size, width)] if lines > 1 else [" ".join(value.split())]
        )
        wide = max(text_width(row, size) for row in rows) <= width
        high = lines == 1 or (len(rows) - 1) * size * _LEAD + 1.4 * size + 3.2 <= height
        if size <= _SMALLEST or (wide and high):
            return size, rows
        size -= _STEP
