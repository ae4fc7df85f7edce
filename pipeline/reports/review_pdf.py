"""PDF of a review sheet: each doubt with its picture, a field for its value, a box to tick, a place for the name."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.core.french import counted, long_date
from pipeline.core.text import displayable
from pipeline.forms.drawing.pdf_fields import FieldLook, PdfFields
from pipeline.forms.paper.metrics import text_width, wrap
from pipeline.forms.review_fields import MARK, NAME, REASON
from pipeline.pictures.pixels import size_of
from pipeline.reports.canvas import ACCENT, BLACK, GRID, HEIGHT, MARGIN, MUTED, WIDTH, PdfCanvas
from pipeline.reports.review_sheet import Item, ReviewSheet, Stray

HOW = (
    "Regardez chaque image. Si la valeur est juste, cochez « vérifié » ; sinon, corrigez-la d’abord. Un champ laissé "
    "vide et coché dit que la case est vide. Ce qui n’est pas coché reste à vérifier. Enregistrez, puis : "
)
_ROOM = WIDTH - 2 * MARGIN
_FOOT = HEIGHT - 48
_LINE, _SIZE = 11.0, 8.5
_TALLEST, _POINT = 96.0, 72 / 150  # of a picture; points a pixel
_TICK = 11.0
_MOST_LINES = 12
_LONGEST = 60  # letters of a line that are sure to fit


def review_pdf(sheet: ReviewSheet) -> bytes:
    """The sheet as a PDF to be filled; the same sheet gives the same bytes."""
    return _Painter(sheet).paint()


class _Painter:
    """One sheet being drawn, from the top of a page to its foot."""

    def __init__(self, sheet: ReviewSheet) -> None:
        self._sheet = sheet
        self._canvas = PdfCanvas(sheet.title, sheet.day)
        self._fields: PdfFields = self._canvas.fields()
        self._y = 0.0
        self._page = 1

    def paint(self) -> bytes:
        """The document."""
        self._head()
        for item in self._sheet.items:
            self._item(item)
        if self._sheet.strays:
            self._title("Sur les pages, hors des cases")
            for stray in self._sheet.strays:
                self._stray(stray)
            self._reason()
        self._end_page()
        self._fields.finish()
        return self._canvas.finish()

    def _head(self) -> None:
        sheet = self._sheet
        self._canvas.text((MARGIN, 52), sheet.title, 17, bold=True, colour=ACCENT, room=_ROOM)
        about = " · ".join(filter(None, (sheet.person, sheet.formation, sheet.file)))
        self._canvas.text((MARGIN, 70), about, 9, colour=MUTED, room=_ROOM)
        told = f"{counted(sheet.places, 'point')} à vérifier, au {long_date(sheet.day)}. {HOW}"
        self._y = 88
        self._lines(f"{told}liasse confirm {sheet.form_id} --sheet FICHIER.pdf")
        self._y += 6
        self._canvas.text((MARGIN, self._y + 12), "Vérifié par (prénom et nom) :", 9, bold=True)
        box = (MARGIN + 150, self._y, MARGIN + 360, self._y + 17)
        self._frame(box)
        self._fields.text(box, FieldLook(NAME, "Qui a vérifié : prénom et nom", required=True), "", lines=1)
        mark = (WIDTH - MARGIN - 132, self._y + 2, WIDTH - MARGIN, self._y + 16)
        self._fields.text(mark, FieldLook(MARK, "Lecture de ce formulaire", locked=True), sheet.mark, lines=1)
        self._y += 30

    def _item(self, item: Item) -> None:
        place = f" (page {item.page})" if item.page else ""
        told = [f"{item.why}{place}. À voir par : {item.who}."]
        if not item.secret:
            told.append(f"Lu : {' | '.join(f'« {one} »' for one in item.seen) or 'rien'}.")
        told += [item.hint] if item.hint else []
        rows = [row for one in told for row in self._rows(one)]
        value_rows = sum(map(len, map(self._rows, item.proposed.splitlines()))) or 1
        lines = min(_MOST_LINES, value_rows)
        height = 0.0 if item.secret else 8.0 + lines * 12.0
        self._start(20 + len(rows) * _LINE + self._tall(item.png) + height + 14)
        self._canvas.text((MARGIN, self._y + 10), item.label, 10, bold=True, room=_ROOM - 90)
        if not item.secret:
            self._box_to_tick(item.tick_field, f"{item.label} : vérifié", "vérifié")
        self._y += 20
        self._picture(item.png)
        self._write(rows)
        if not item.secret:
            box = (MARGIN, self._y, WIDTH - MARGIN, self._y + height)
            self._frame(box)
            self._fields.text(
                box, FieldLook(item.value_field, item.label), item.proposed, lines=2 if lines > 1 else 1
            )
            self._y += height
        self._close()

    def _stray(self, stray: Stray) -> None:
        place = f" (page {stray.page})" if stray.page else ""
        rows = [row for one in (f"« {stray.text} »{place}", f"{stray.why}.") for row in self._rows(one)]
        self._start(20 + len(rows) * _LINE + self._tall(stray.png) + 14)
        self._canvas.text((MARGIN, self._y + 10), f"Remarque {stray.number}", 10, bold=True)
        self._box_to_tick(stray.tick_field, f"Remarque {stray.number} : lue", "lue")
        self._y += 20
        self._picture(stray.png)
        self._write(rows)
        self._close()

    def _reason(self) -> None:
        self._start(48)
        self._lines(
            "Si ces remarques ne changent aucune réponse, cochez-les toutes, et dites pourquoi elles sont levées :"
        )
        box = (MARGIN, self._y, WIDTH - MARGIN, self._y + 18)
        self._frame(box)
        self._fields.text(box, FieldLook(REASON, "Pourquoi les remarques sont levées"), "", lines=1)
        self._y += 24

    def _title(self, words: str) -> None:
        self._start(60)
        self._canvas.text((MARGIN, self._y + 14), words, 12, bold=True, colour=ACCENT)
        self._y += 26

    def _box_to_tick(self, name: str, tooltip: str, word: str) -> None:
        x = WIDTH - MARGIN - _TICK
        box = (x, self._y + 1, x + _TICK, self._y + 1 + _TICK)
        self._frame(box)
        self._fields.check(box, FieldLook(name, tooltip), ticked=False)
        self._canvas.text((x - 4, self._y + 10), word, 9, align="right")

    def _picture(self, png: bytes | None) -> None:
        if png is not None:
            width, height = _size(png)
            self._canvas.picture((MARGIN, self._y), (width, height), png)
            self._y += height + 4

    def _tall(self, png: bytes | None) -> float:
        return _size(png)[1] + 4 if png is not None else 0.0

    def _rows(self, words: str) -> list[str]:
        return [part for row in wrap(displayable(words), _SIZE, _ROOM) for part in _cut(row)]

    def _lines(self, words: str) -> None:
        self._write(self._rows(words))

    def _write(self, rows: list[str]) -> None:
        for row in rows:
            self._canvas.text((MARGIN, self._y + 8), row, _SIZE, colour=BLACK, room=_ROOM)
            self._y += _LINE

    def _frame(self, box: tuple[float, float, float, float]) -> None:
        x0, top, x1, bottom = box
        self._canvas.box((x0, top), (x1 - x0, bottom - top), "#F4F7FA", GRID)

    def _close(self) -> None:
        self._canvas.rule(self._y + 7)
        self._y += 14

    def _start(self, height: float) -> None:
        """Go on to the next page where a block of that height does not fit on this one."""
        if self._y + height > _FOOT and self._y > 60:
            self._end_page()
            self._page += 1
            self._y = 44

    def _end_page(self) -> None:
        sheet = self._sheet
        foot = f"Formulaire {sheet.form_id} · lecture {sheet.mark} · page {self._page}"
        self._canvas.text((MARGIN, HEIGHT - 26), foot, 7.5, colour=MUTED)
        self._canvas.next_page()


def _size(png: bytes) -> tuple[float, float]:
    """Width and height in points at which a picture is drawn: as on the form, or smaller where it is too large."""
    width, height = (side * _POINT for side in size_of(png))
    shrink = min(1.0, _ROOM / width, _TALLEST / height)
    return width * shrink, height * shrink


def _cut(row: str) -> Iterator[str]:
    """A row, in pieces where one word is longer than a line."""
    if text_width(row, _SIZE) <= _ROOM:
        yield row
    else:
        yield from (row[at : at + _LONGEST] for at in range(0, len(row), _LONGEST))
