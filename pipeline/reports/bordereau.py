"""Delivery note ``bordereau.pdf``: the packets handed over, one a line, with boxes for giver and receiver."""

from __future__ import annotations

from pipeline.core.french import long_date
from pipeline.reports.account import Bilan, Line
from pipeline.reports.canvas import ACCENT, BLACK, GRID, HEIGHT, MARGIN, MUTED, WIDTH, PdfCanvas, count

_TITLE = "Bordereau de transmission des liasses"
_SIGNATURES = "signatures attendues"
_ROW, _TOP, _FOOT = 17.0, 118.0, HEIGHT - 40
_SIGN = 128.0  # what the signature boxes take at the end
# (title, x, room, alignment); x is the right edge for what is aligned right.
_COLUMNS = (
    ("N°", MARGIN + 22, 22, "right"),
    ("Dossier", MARGIN + 30, 50, "left"),
    ("Stagiaire", MARGIN + 84, 136, "left"),
    ("Organisme", MARGIN + 224, 140, "left"),
    ("Pages", MARGIN + 396, 30, "right"),
    ("Signatures", MARGIN + 448, 48, "right"),
    ("Liasse", MARGIN + 460, 50, "left"),
)


def bordereau_pdf(bilan: Bilan) -> bytes:
    """The list of the packets delivered, by formation and name; the same bilan gives the same bytes."""
    pages = _pages(list(enumerate(bilan.delivered, 1)))
    formations = sorted({f"{line.formation} {line.year}".strip() for line in bilan.delivered})
    subtitle = f"Au {long_date(bilan.day)} · {' · '.join(formations)}"
    canvas = PdfCanvas(_TITLE, bilan.day)
    for at, rows in enumerate(pages, 1):
        _head(canvas, subtitle, f"page {at} / {len(pages)}")
        for down, (number, line) in enumerate(rows, 1):
            _row(canvas, _TOP + down * _ROW, number, line)
        if at == len(pages):
            _total(canvas, _TOP + len(rows) * _ROW + 24, bilan)
            _boxes(canvas)
        canvas.next_page()
    return canvas.finish()


def _pages(rows: list[tuple[int, Line]]) -> list[list[tuple[int, Line]]]:
    """The rows page by page; the last page keeps room for the boxes."""
    whole = int((_FOOT - _TOP - 20) // _ROW)
    last = int((_FOOT - _SIGN - 50 - _TOP) // _ROW)
    pages = [rows[start : start + whole] for start in range(0, len(rows), whole)] or [[]]
    if len(pages[-1]) > last:
        pages.append([])
    return pages


def _head(canvas: PdfCanvas, subtitle: str, number: str) -> None:
    canvas.text((MARGIN, 58), _TITLE, 17, bold=True, colour=ACCENT)
    canvas.text((MARGIN, 76), subtitle, 9, colour=MUTED, room=400)
    canvas.text((WIDTH - MARGIN, 76), number, 9, colour=MUTED, align="right")
    canvas.box((MARGIN, _TOP - 16), (WIDTH - 2 * MARGIN, 20), ACCENT)
    for title, x, room, align in _COLUMNS:
        canvas.text((x, _TOP - 3), title, 8.5, bold=True, colour="#FFFFFF", room=room, align=align)


def _row(canvas: PdfCanvas, y: float, number: int, line: Line) -> None:
    pages, signatures = (str(value) if value is not None else "—" for value in (line.pages, line.signatures))
    who = (str(number), line.dossier, f"{line.name} {line.first_name}", line.host)
    for (_, x, room, align), words in zip(_COLUMNS, (*who, pages, signatures, line.packet), strict=True):
        canvas.text((x, y), words, 9, room=room, align=align)
    canvas.rule(y + 5)


def _total(canvas: PdfCanvas, y: float, bilan: Bilan) -> None:
    made = bilan.delivered
    pages, signatures = sum(line.pages or 0 for line in made), sum(line.signatures or 0 for line in made)
    parts = (count(len(made), "liasse"), count(pages, "page"), count(signatures, "signature attendue", _SIGNATURES))
    canvas.text((MARGIN, y), ", ".join(parts) if made else "Aucune liasse délivrée.", 10, bold=True)


def _boxes(canvas: PdfCanvas) -> None:
    top, gap = _FOOT - _SIGN + 18, 16.0
    width = (WIDTH - 2 * MARGIN - gap) / 2
    for at, title in enumerate(("Remis par", "Reçu par")):
        x = MARGIN + at * (width + gap)
        canvas.box((x, top), (width, _SIGN - 30), None, GRID)
        canvas.text((x + 8, top + 15), title, 10, bold=True, colour=ACCENT)
        for down, label in enumerate(("Nom et fonction :", "Date :", "Signature :")):
            canvas.text((x + 8, top + 33 + 17 * down), label, 8.5, colour=BLACK)
