"""List of an archive for the archivist: one line a file, its class, how long it is kept, what becomes of it then.

The classes follow the instruction on education archives (DAF DPACI/RES/2005/003): what was signed is eliminated by an
archivist's visa only. As CSV for a tool, as PDF to be signed.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pipeline.core.settings import Retention
from pipeline.reports.canvas import ACCENT, HEIGHT, MARGIN, MUTED, WIDTH, PdfCanvas, count

_TITLE = "Bordereau de versement"
_KEPT, _VISA, _FREE = "conservation", "élimination sur visa de l’archiviste", "élimination au terme"
_SHORT = {_KEPT: "gardé", _VISA: "visa", _FREE: "terme"}
_LEGEND = f"Sort final : visa, {_VISA} ; terme, élimination au terme de la durée ; gardé, sans terme."
_COLUMNS = (
    ("Fichier", MARGIN + 4, 318),
    ("Classe", MARGIN + 326, 92),
    ("Durée", MARGIN + 422, 46),
    ("Sort final", MARGIN + 470, 40),
)
_HEADS = ("dossier", "fichier", "piece", "classe", "date", "duree", "sort_final", "octets", "sha256")
_ROW, _TOP, _FOOT = 14.0, 128.0, HEIGHT - 44


class FileClass(Enum):
    """A class of archived files: its French name, the setting that says its days, what becomes of it."""

    SIGNED = ("signé", "signes", _VISA)
    PACKET = ("publié", "signes", _VISA)
    PAPER = ("papier de la vie du dossier", "signes", _VISA)
    REPLACED = ("remplacé", "papiers", _FREE)
    FORM = ("formulaire reçu", "formulaires", _FREE)
    JOINED = ("pièce jointe", "formulaires", _FREE)
    FACTS = ("ce qui fut noté", "faits", _FREE)
    JOURNAL = ("journal", "journal", _FREE)

    @property
    def called(self) -> str:
        """Its French name."""
        return self.value[0]

    def lasts(self, retention: Retention) -> str:
        """« 365 jours », or that nothing ends it."""
        days = self._days(retention)
        return f"{days} jours" if days else "sans terme"

    def ends(self, retention: Retention) -> str:
        """What becomes of it."""
        end: str = self.value[2]
        return end if end == _VISA or self._days(retention) else _KEPT

    def _days(self, retention: Retention) -> int:
        """What was signed has no days of its own: nothing signed goes by itself."""
        return int(getattr(retention, self.value[1], 0))


@dataclass(frozen=True)
class ArchivedFile:
    """One file of an archive: whose dossier, its name there, what it is, its class, its day, size and hash."""

    dossier: str
    name: str
    what: str
    of: FileClass
    day: dt.date
    size: int
    sha256: str


def list_csv(files: Sequence[ArchivedFile], retention: Retention) -> bytes:
    """One line a file, separated by « ; », for a French spreadsheet (UTF-8 with its mark)."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADS)
    for one in files:
        days, end = one.of.lasts(retention), one.of.ends(retention)
        said = (one.dossier, one.name, one.what, one.of.called, one.day.isoformat(), days, end)
        writer.writerow((*map(_inert, said), one.size, one.sha256))
    return made.getvalue().encode("utf-8-sig")


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def list_pdf(files: Sequence[ArchivedFile], retention: Retention, titled: str) -> bytes:
    """The same to be signed; the same files give the same bytes."""
    last = max((one.day for one in files), default=dt.date.min)
    canvas = PdfCanvas(_TITLE, last)
    most = int((_FOOT - _TOP) // _ROW) - 3  # and the visa
    pages = [files[start : start + most] for start in range(0, len(files), most)] or [()]
    for at, page in enumerate(pages, 1):
        _head(canvas, f"{titled} · {count(len(files), 'fichier')}", f"page {at} / {len(pages)}")
        for down, one in enumerate(page, 1):
            _row(canvas, _TOP + down * _ROW, one, retention)
        if at == len(pages):
            _signature(canvas, _TOP + (len(page) + 1) * _ROW)
        canvas.next_page()
    return canvas.finish()


def _head(canvas: PdfCanvas, subtitle: str, number: str) -> None:
    canvas.text((MARGIN, 58), _TITLE, 17, bold=True, colour=ACCENT)
    canvas.text((MARGIN, 76), subtitle, 9, colour=MUTED, room=400)
    canvas.text((WIDTH - MARGIN, 76), number, 9, colour=MUTED, align="right")
    canvas.text((MARGIN, 92), "Empreintes et octets : bordereau.csv et SHA256SUMS.", 9, colour=MUTED)
    canvas.text((MARGIN, 104), _LEGEND, 8, colour=MUTED)
    canvas.box((MARGIN, _TOP - 16), (WIDTH - 2 * MARGIN, 20), ACCENT)
    for title, x, room in _COLUMNS:
        canvas.text((x, _TOP - 3), title, 8.5, bold=True, colour="#FFFFFF", room=room)


def _row(canvas: PdfCanvas, y: float, one: ArchivedFile, retention: Retention) -> None:
    said = (one.name, one.of.called, one.of.lasts(retention), _SHORT[one.of.ends(retention)])
    for (_, x, room), words in zip(_COLUMNS, said, strict=True):
        canvas.text((x, y + 5), words, 7, room=room)
    canvas.rule(y + 8)


def _signature(canvas: PdfCanvas, y: float) -> None:
    canvas.text((MARGIN, y + 18), "Visa de l’archiviste :", 9, bold=True, colour=ACCENT)
