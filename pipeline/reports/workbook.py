"""Excel workbook ``bilan.xlsx``, to sort and filter. What people wrote is text there, never a formula."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

from pipeline.core.text import displayable
from pipeline.reports.account import SEVERITIES, SOON, STATES, Bilan, Line
from pipeline.reports.canvas import ACCENT

Cell = str | int | dt.date | None
_A3, _A4 = 8, 9
_LONGEST = 2_000  # letters in a cell: beyond, nobody reads them there
_GRID = "#C9D3DE"
_LATE_FILL, _SOON_FILL = "#F8D7DA", "#FFF2CC"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its columns with their widths in letters, its rows; ``marks`` are the rows to colour.

    ``paper`` is Excel's number of the size it is printed on.
    """

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]
    marks: Sequence[str] = ()
    paper: int = _A4


def bilan_xlsx(bilan: Bilan) -> bytes:
    """The workbook; the same bilan gives the same bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties(
        {
            "title": f"Bilan au {bilan.day:%d/%m/%Y}",
            "author": "liasse",
            "created": dt.datetime.combine(bilan.day, dt.time()),
        }
    )
    formats = _Formats(book)
    for sheet in _sheets(bilan):
        _write(book, sheet, formats, f"Bilan au {bilan.day:%d/%m/%Y}")
    book.close()
    return buffer.getvalue()


class _Formats:
    """Cell formats: head, text and day, each plain or coloured."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": "Calibri", "font_size": 10, "valign": "top", "border": 1, "border_color": _GRID}
        self.head = book.add_format(
            {
                **base,
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": ACCENT,
                "text_wrap": True,
                "valign": "vcenter",
            }
        )
        self.text, self.day = {}, {}
        for mark in ("", _LATE_FILL, _SOON_FILL):
            fill = {"bg_color": mark} if mark else {}
            self.text[mark] = book.add_format({**base, **fill, "text_wrap": True})
            self.day[mark] = book.add_format({**base, **fill, "num_format": "dd/mm/yyyy", "align": "left"})


def _write(book: xlsxwriter.Workbook, sheet: Sheet, formats: _Formats, footer: str) -> None:
    page = book.add_worksheet(sheet.name)
    for at, (title, width) in enumerate(sheet.columns):
        page.set_column(at, at, width)
        page.write_string(0, at, title, formats.head)
    marks = sheet.marks or [""] * len(sheet.rows)
    for down, (row, mark) in enumerate(zip(sheet.rows, marks, strict=True), 1):
        for across, cell in enumerate(row):
            _put(page, (down, across), cell, formats.text[mark], formats.day[mark])
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(sheet.paper)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_margins(0.4, 0.4, 0.6, 0.6)
    page.set_footer(f"&L{footer}&C&A&Rpage &P / &N")


def _put(
    page: xlsxwriter.worksheet.Worksheet,
    at: tuple[int, int],
    cell: Cell,
    text: xlsxwriter.format.Format,
    day: xlsxwriter.format.Format,
) -> None:
    """One cell, as text or as a day."""
    if cell is None or cell == "":
        if text.bg_color:  # else an empty cell shows nothing
            page.write_blank(*at, None, text)
    elif isinstance(cell, dt.date):
        page.write_datetime(*at, dt.datetime.combine(cell, dt.time()), day)
    elif isinstance(cell, int):
        page.write_number(*at, cell, text)
    else:  # write_string, never write: a text that begins with « = » stays a text
        page.write_string(*at, _safe(cell), text)


def _safe(text: str) -> str:
    clean = displayable(text.replace("\t", " "))
    return clean if len(clean) <= _LONGEST else f"{clean[: _LONGEST - 1]}…"


def _sheets(bilan: Bilan) -> Iterable[Sheet]:
    yield Sheet("Dossiers", _FORMS, [_form_row(line) for line in bilan.lines], paper=_A3)
    due = bilan.due
    yield Sheet(
        "À faire", _DUE, [_due_row(line, bilan.day) for line in due], [_mark(line, bilan.day) for line in due]
    )
    yield Sheet("Par organisme", _HOSTS, [(*row, row[1] + row[2]) for row in bilan.by_host])
    notes = [
        (note.rule, note.title, SEVERITIES[note.severity], note.id, note.person, note.message, note.who, note.source)
        for note in bilan.notes
    ]
    yield Sheet("Contrôles de cohorte", _NOTES, notes)
    yield Sheet("Motifs", _REASONS, bilan.by_reason)
    yield Sheet("Non pris", _LEFT, [(one.name, str(one.why)) for one in bilan.left])


_FORMS = (
    ("Dossier", 9),
    ("Id", 9),
    ("Nom", 14),
    ("Prénom", 11),
    ("Formation", 14),
    ("Année", 9),
    ("Organisme", 22),
    ("Début", 10),
    ("Fin", 10),
    ("État", 10),
    ("Motifs", 36),
    ("Règles", 8),
    ("Ce qu’il faut faire", 30),
    ("Qui", 12),
    ("À qui écrire", 26),
    ("Échéance", 10),
    ("Fichier", 18),
    ("Dossier dans outbox/", 22),
    ("Reçu le", 10),
)
_DUE = (
    ("Dossier", 10),
    ("Échéance", 11),
    ("Jours restants", 9),
    ("Id", 10),
    ("Nom", 18),
    ("Prénom", 14),
    ("Organisme", 26),
    ("État", 12),
    ("Ce qu’il faut faire", 44),
    ("Qui", 16),
    ("À qui écrire", 34),
    ("Règles", 12),
    ("Motifs", 56),
    ("Fichier", 24),
    ("Reçu le", 11),
)
_HOSTS = (("Organisme", 50), ("Délivrés", 12), ("En cours", 12), ("Total", 12))
_NOTES = (
    ("Règle", 8),
    ("Contrôle", 28),
    ("Gravité", 14),
    ("Id", 10),
    ("Stagiaire", 26),
    ("Constat", 80),
    ("Qui", 18),
    ("Source", 28),
)
_LEFT = (("Dans inbox/", 60), ("Pourquoi, et que faire", 80))
_REASONS = (("Règle", 24), ("Motif", 60), ("Formulaires", 12))


def _form_row(line: Line) -> Sequence[Cell]:
    return (
        line.dossier,
        line.id,
        line.name,
        line.first_name,
        line.formation,
        line.year,
        line.host,
        line.start,
        line.end,
        STATES[line.state],
        _messages(line),
        ", ".join(line.rules),
        line.todo,
        ", ".join(line.who),
        line.people,
        line.start if line.waits else None,
        line.file,
        line.folder,
        line.received_on,
    )


def _due_row(line: Line, day: dt.date) -> Sequence[Cell]:
    left = (line.start - day).days if line.start else None
    return (
        line.dossier,
        line.start,
        left,
        line.id,
        line.name,
        line.first_name,
        line.host,
        STATES[line.state],
        line.todo,
        ", ".join(line.who),
        line.people,
        ", ".join(line.rules),
        _messages(line),
        line.file,
        line.received_on,
    )


def _messages(line: Line) -> str:
    return "\n".join(reason.message or reason.title for reason in line.reasons)


def _mark(line: Line, day: dt.date) -> str:
    if line.start is None:
        return ""
    left = (line.start - day).days
    return _LATE_FILL if left <= 0 else _SOON_FILL if left <= SOON else ""
