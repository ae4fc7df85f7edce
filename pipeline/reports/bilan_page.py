"""One-page report ``bilan.pdf``: the cohort in counts. No stagiaire is named on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.core.french import MONTHS, long_date
from pipeline.ledger.entries import State
from pipeline.reports.account import SOON, STATES, Bilan
from pipeline.reports.canvas import (
    ACCENT,
    BLACK,
    GRID,
    HEIGHT,
    MARGIN,
    MIDDLE,
    MUTED,
    PALE,
    WIDTH,
    PdfCanvas,
    count,
    whole,
)

_ROOM = WIDTH - 2 * MARGIN
_GAP = 28.0
_HALF = (_ROOM - _GAP) / 2
_TOP_ROWS, _MOST_WEEKS, _NOTE_ROWS = 8, 20, 8
_BAR, _STEP = 9.0, 25.0


def bilan_pdf(bilan: Bilan) -> bytes:
    """One A4 page: outcomes, reasons, organismes, what begins when, the cohort's findings; always the same bytes."""
    canvas = PdfCanvas("Bilan de la cohorte", bilan.day)
    _head(canvas, bilan)
    _tiles(canvas, bilan, 112)
    _outcomes(canvas, bilan, 194)
    _left(canvas, bilan, 234)
    _weeks(canvas, bilan, 246)
    reasons = [(f"{title} ({rule})" if rule else title, 0, number) for rule, title, number in bilan.by_reason]
    _bars(
        canvas,
        MARGIN,
        "Pourquoi des formulaires attendent",
        reasons,
        nothing="Aucun formulaire n’attend.",
        what="motif",
    )
    x = MARGIN + _HALF + _GAP
    _bars(canvas, x, "Organismes d’accueil", bilan.by_host, nothing="Aucun organisme n’est connu.", what="organisme")
    _notes(canvas, bilan, 684)
    canvas.next_page()
    return canvas.finish()


def _head(canvas: PdfCanvas, bilan: Bilan) -> None:
    canvas.box((0, 0), (WIDTH, 84), ACCENT)
    canvas.text((MARGIN, 44), "Bilan de la cohorte", 22, bold=True, colour="#FFFFFF")
    formations = sorted({f"{line.formation} {line.year}".strip() for line in bilan.lines if line.formation})
    canvas.text(
        (MARGIN, 64), " · ".join((f"Au {long_date(bilan.day)}", *formations)), 10, colour="#FFFFFF", room=_ROOM
    )


def _left(canvas: PdfCanvas, bilan: Bilan, y: float) -> None:
    """How much lies in the inbox and is not taken: no name stands on this page."""
    if bilan.left:
        canvas.text(
            (MARGIN, y),
            f"{whole(len(bilan.left))} non pris dans inbox/ : voir bilan.xlsx, « Non pris ».",
            8,
            colour=MUTED,
        )


def _tiles(canvas: PdfCanvas, bilan: Bilan, y: float) -> None:
    counts = bilan.by_state
    waiting = sum(number for state, number in counts.items() if state in (State.WAITING, State.TO_COMPLETE))
    soon = sum(1 for line in bilan.due if line.start and (line.start - bilan.day).days <= SOON)
    rest = [f"{number} {STATES[state]}" for state, number in counts.items() if state not in _TILED]
    made = counts.get(State.DELIVERED, 0)
    share = f"{round(100 * made / len(bilan.lines))} % des formulaires" if bilan.lines else ""
    asked = f"{counts.get(State.WAITING, 0)} en attente, {counts.get(State.TO_COMPLETE, 0)} à compléter"
    tiles = (
        (len(bilan.lines), "formulaires reçus" if len(bilan.lines) > 1 else "formulaire reçu", ", ".join(rest)),
        (made, "liasses délivrées" if made > 1 else "liasse délivrée", share),
        (waiting, "attendent quelqu’un" if waiting > 1 else "attend quelqu’un", asked),
        (soon, f"à régler sous {SOON} jours", "début du stage proche ou passé"),
    )
    width = (_ROOM - 3 * 12) / 4
    for at, (number, label, more) in enumerate(tiles):
        x = MARGIN + at * (width + 12)
        canvas.box((x, y), (width, 68), None, GRID)
        canvas.box((x, y), (3, 68), ACCENT)
        canvas.text((x + 12, y + 30), whole(number), 24, bold=True, colour=ACCENT)
        canvas.text((x + 12, y + 45), label, 9.5, bold=True, room=width - 16)
        canvas.text((x + 12, y + 58), more, 7.5, colour=MUTED, room=width - 16)


_TILED = frozenset({State.DELIVERED, State.WAITING, State.TO_COMPLETE})


def _outcomes(canvas: PdfCanvas, bilan: Bilan, y: float) -> None:
    """One bar for all forms: delivered, waiting, sent back, the rest."""
    counts = bilan.by_state
    known = ((State.DELIVERED, PALE), (State.TO_COMPLETE, MIDDLE), (State.WAITING, ACCENT))
    parts = [(STATES[state], counts.get(state, 0), tint) for state, tint in known]
    parts.append(("autres", len(bilan.lines) - sum(number for _, number, _ in parts), GRID))
    x, label = MARGIN, MARGIN
    for name, number, tint in parts:
        width = _ROOM * number / max(len(bilan.lines), 1)
        canvas.box((x, y), (width, 12), tint)
        x += width
        if number:
            canvas.box((label, y + 19), (8, 8), tint)
            canvas.text((label + 12, y + 26), f"{name} : {whole(number)}", 8, colour=MUTED)
            label += 100


def _weeks(canvas: PdfCanvas, bilan: Bilan, y: float) -> None:
    _title(canvas, MARGIN, y, "Début des stages, semaine par semaine", _ROOM)
    _legend(canvas, y)
    weeks = bilan.by_week
    if not weeks:
        return _nothing(canvas, MARGIN, y + 24, "Aucune date de début n’est connue.")
    shown = _calendar(weeks)
    most = max(done + left for _, done, left in shown)
    base, tall = y + 138, 98.0
    slot = _ROOM / len(shown)
    width = min(slot * 0.66, 30)
    for at, (monday, done, left) in enumerate(shown):
        x = MARGIN + at * slot + (slot - width) / 2
        high, low = tall * done / most, tall * left / most
        canvas.box((x, base - high), (width, high), PALE)
        canvas.box((x, base - high - low), (width, low), ACCENT)
        if done + left:
            canvas.text((x + width / 2, base - high - low - 3), whole(done + left), 7.5, align="centre")
        canvas.text((x + width / 2, base + 10), f"{monday:%d/%m}", 7, colour=MUTED, align="centre")
        if at == 0 or shown[at - 1][0].month != monday.month:
            canvas.text((x + width / 2, base + 20), MONTHS[monday.month - 1], 7.5, bold=True, align="centre")
    canvas.rule(base)
    hidden = len(weeks) - sum(1 for monday, done, left in shown if done + left)
    if hidden:
        canvas.text(
            (MARGIN, base + 32),
            f"{count(hidden, 'semaine')} hors de ce calendrier, voir bilan.xlsx.",
            7.5,
            colour=MUTED,
        )
    return None


def _calendar(weeks: Sequence[tuple[dt.date, int, int]]) -> list[tuple[dt.date, int, int]]:
    """Every week from the first on, empty ones too; at most twenty."""
    known = {monday: (done, left) for monday, done, left in weeks}
    length = dt.timedelta(weeks=_MOST_WEEKS)
    # A slip in a date, such as another year, must not hide the others: the twenty weeks with the most forms.
    first = max(known, key=lambda start: (_within(weeks, start, length), -start.toordinal()))
    last = max(monday for monday in known if monday < first + length)
    number = (last - first).days // 7 + 1
    mondays = (first + dt.timedelta(weeks=at) for at in range(number))
    return [(monday, *known.get(monday, (0, 0))) for monday in mondays]


def _within(weeks: Sequence[tuple[dt.date, int, int]], start: dt.date, length: dt.timedelta) -> int:
    return sum(done + left for monday, done, left in weeks if start <= monday < start + length)


def _legend(canvas: PdfCanvas, y: float) -> None:
    for x, colour, label in (
        (WIDTH - MARGIN - 150, PALE, "liasse délivrée"),
        (WIDTH - MARGIN - 68, ACCENT, "reste à faire"),
    ):
        canvas.box((x, y - 8), (8, 8), colour)
        canvas.text((x + 12, y), label, 8, colour=MUTED)


def _bars(
    canvas: PdfCanvas, x: float, title: str, rows: Sequence[tuple[str, int, int]], *, nothing: str, what: str
) -> None:
    """The first rows as bars: what is done, then what is left; and how many rows more there are."""
    y = 436.0
    _title(canvas, x, y, title, _HALF)
    if not rows:
        return _nothing(canvas, x, y + 24, nothing)
    most = max(done + left for _, done, left in rows)
    room = _HALF - 34
    for at, (label, done, left) in enumerate(rows[:_TOP_ROWS]):
        top = y + 20 + at * _STEP
        canvas.text((x, top), label, 8.5, room=_HALF - 4)
        canvas.box((x, top + 4), (room * done / most, _BAR), PALE)
        canvas.box((x + room * done / most, top + 4), (room * left / most, _BAR), ACCENT)
        canvas.text((x + room * (done + left) / most + 5, top + 12), whole(done + left), 8.5, bold=True)
    if len(rows) > _TOP_ROWS:
        more = count(len(rows) - _TOP_ROWS, f"autre {what}", f"autres {what}s")
        canvas.text((x, y + 20 + _TOP_ROWS * _STEP), f"et {more}, voir bilan.xlsx", 8, colour=MUTED)
    return None


def _notes(canvas: PdfCanvas, bilan: Bilan, y: float) -> None:
    _title(canvas, MARGIN, y, "Contrôles de cohorte", _ROOM)
    rows = bilan.by_note
    if not rows:
        return _nothing(canvas, MARGIN, y + 24, "Rien à signaler.")
    for at, (rule, title, number) in enumerate(rows[:_NOTE_ROWS]):
        column, down = divmod(at, _NOTE_ROWS // 2)
        x, top = MARGIN + column * (_HALF + _GAP), y + 24 + down * 17
        canvas.text((x, top), rule, 9, bold=True, colour=ACCENT)
        canvas.text((x + 34, top), title, 9, room=_HALF - 74)
        canvas.text((x + _HALF, top), whole(number), 9, bold=True, colour=BLACK, align="right")
        canvas.rule(top + 5, x0=x, x1=x + _HALF)
    canvas.text(
        (MARGIN, HEIGHT - 30),
        "Les constats un par un : bilan.xlsx, feuille « Contrôles de cohorte ».",
        8,
        colour=MUTED,
    )
    return None


def _title(canvas: PdfCanvas, x: float, y: float, words: str, room: float) -> None:
    canvas.text((x, y), words, 12, bold=True, colour=ACCENT, room=room)
    canvas.rule(y + 5, x0=x, x1=x + room, colour=ACCENT)


def _nothing(canvas: PdfCanvas, x: float, y: float, words: str) -> None:
    canvas.text((x, y), words, 9, colour=MUTED)
