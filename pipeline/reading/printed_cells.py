"""Table parser of our own Word form, printed: rows and labels are the landmarks.

The rows of cells that the plan calls for are looked for in order. A cell starts with its label, and what follows
is the answer; in lists and in the calendar the answer has its own cell, beside its number or date.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pdfplumber.page import Page

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import WEEKDAYS, FieldKind
from pipeline.core.models import Box
from pipeline.core.who import Who
from pipeline.forms.blank import NOTE, Blank, Cell, Row, Slot, is_placeholder
from pipeline.forms.paper.placement import special_days, weeks_of
from pipeline.forms.paper.strips import TITLE, advice_of, logo_of, session_of
from pipeline.reading.boxes import inside, rounded
from pipeline.reading.candidates import TICKED, Answer
from pipeline.reading.printed_marks import (
    Glyph,
    glyphs_of,
    join,
    line_text,
    lines_of,
    squeeze,
)
from pipeline.reading.sequences import runs

METHOD = "pdf-cells"
_SIGN = "Signature"
_EMPTY, _FULL = "☐", "☒☑■✔✓✗✘"


@dataclass(frozen=True)
class _Want:
    """Expected cell of the plan: the words it must start with, and who answers there."""

    starts: tuple[str, ...]
    slots: tuple[Slot, ...] = ()
    cell: Cell | None = None

    def suits(self, found: str) -> bool:
        """Whether a printed cell may be this one."""
        if self.slots or not self.starts:
            return not self.starts or found.startswith(self.starts)
        return found in self.starts


@dataclass(frozen=True)
class _Found:
    """Printed cell: its letters in lines, and all of them without spaces."""

    page: int
    box: Box
    lines: tuple[tuple[Glyph, ...], ...] = field(repr=False)

    @property
    def text(self) -> str:
        """Its letters, without spaces."""
        return squeeze("".join(glyph.text for line in self.lines for glyph in line))


def read_cells(pages: Sequence[Page], blank: Blank) -> tuple[float, tuple[Answer, ...]]:
    """The share of the plan's rows found in the printed tables, and an answer for each slot."""
    wanted = list(_wanted(blank))
    rows: list[list[_Found]] = []
    loose: list[tuple[int, list[str]]] = []
    for number, page in enumerate(pages, start=1):
        cells, outside = _cells_of(page, number)
        loose.append((len(rows), outside))
        rows.extend(_rows_of(cells))
    pairs = _align(wanted, rows)
    lost = Doubt(Reason.EMPTY, "la case n’a pas été retrouvée", Who.SCOLARITE)
    answers = {slot.name: Answer(slot, "", METHOD, doubt=lost) for slot in blank.slots()}
    for want, row in pairs:
        for one, found in zip(wanted[want], rows[row], strict=True):
            answers.update((answer.slot.name, answer) for answer in _read(one, found))
    for name, doubt in _unexplained(wanted, rows, pairs, loose, blank):
        answers[name] = replace(answers[name], doubt=answers[name].doubt or doubt)
    return len(pairs) / len(wanted), tuple(answers[slot.name] for slot in blank.slots())


def _wanted(blank: Blank) -> Iterator[tuple[_Want, ...]]:
    for block in blank.blocks:
        yield (_Want((squeeze(block.title),)),)
        for row in block.rows:
            yield from _wanted_row(row, blank)


def _wanted_row(row: Row, blank: Blank) -> Iterator[tuple[_Want, ...]]:
    first = row.cells[0]
    if first.field.kind is FieldKind.LIST:
        yield (_Want(_labels(first)),)
        for slot in first.slots:
            yield (_Want((slot.label,)), _Want((), (slot,), first))
    elif first.field.kind is FieldKind.CALENDAR:
        yield (_Want(_labels(first)),)
        yield tuple(_Want((name.capitalize(),)) for name in WEEKDAYS[:6])
        yield from _wanted_weeks(first, blank)
    else:
        yield tuple(_Want(_labels(cell), cell.slots, cell) for cell in row.cells)


def _wanted_weeks(cell: Cell, blank: Blank) -> Iterator[tuple[_Want, ...]]:
    slots = {slot.day: slot for slot in cell.slots}
    words = special_days(blank)
    for monday in weeks_of(cell):
        week: list[_Want] = []
        for day in (monday + dt.timedelta(days=n) for n in range(6)):
            slot = slots.get(day)
            word = words.get(day, "") if slot else ""
            week.append(_Want((f"{day:%d/%m}{word}",)))
            week.append(_Want((), (slot,), cell) if slot else _Want(("",)))
        yield tuple(week)


def _labels(cell: Cell) -> tuple[str, ...]:
    """Its label as printed, and as printed on a form sent back."""
    start, end = squeeze(cell.field.title + cell.star), squeeze(cell.field.help)
    return (start + squeeze(NOTE) + end, start + end)


def _cells_of(page: Page, number: int) -> tuple[list[_Found], list[str]]:
    """The cells of the page's tables, and the words that stand in none."""
    glyphs = glyphs_of(page)
    boxes = sorted({box for table in page.find_tables() for box in table.cells}, key=lambda box: (box[1], box[0]))
    held: dict[Box, list[Glyph]] = {box: [] for box in boxes}
    outside: list[Glyph] = []
    for glyph in glyphs:
        box = next((box for box in boxes if inside(glyph.centre, box)), None)
        (held[box] if box is not None else outside).append(glyph)
    cells = [_Found(number, box, tuple(map(tuple, lines_of(inner)))) for box, inner in held.items()]
    return cells, [word for line in lines_of(outside) for word in line_text(line).split()]


def _rows_of(cells: Iterable[_Found]) -> list[list[_Found]]:
    rows = runs(cells, lambda row, cell: abs(cell.box[1] - row[0].box[1]) <= 2)
    return [sorted(row, key=lambda cell: cell.box[0]) for row in rows]


def _align(wanted: Sequence[tuple[_Want, ...]], rows: Sequence[Sequence[_Found]]) -> list[tuple[int, int]]:
    """The longest way of finding the wanted rows in order: pairs of (wanted, found)."""
    texts = [[cell.text for cell in row] for row in rows]
    best = [[0] * (len(rows) + 1) for _ in range(len(wanted) + 1)]
    suits = [[_suits(want, text) for text in texts] for want in wanted]
    for i in range(len(wanted) - 1, -1, -1):
        for j in range(len(rows) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + 1 if suits[i][j] else 0)
    pairs, i, j = [], 0, 0
    while i < len(wanted) and j < len(rows):
        if suits[i][j] and best[i][j] == best[i + 1][j + 1] + 1:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _suits(want: tuple[_Want, ...], texts: Sequence[str]) -> bool:
    return len(want) == len(texts) and all(one.suits(text) for one, text in zip(want, texts, strict=True))


def _read(want: _Want, found: _Found) -> Iterator[Answer]:
    if want.cell is None:
        return
    start = next((start for start in want.starts if found.text.startswith(start)), "")
    lines, clean = _after(found.lines, len(start))
    if want.slots[0].option is not None:
        yield from _boxes(want, found, squeeze("".join(glyph.text for line in lines for glyph in line)))
        return
    texts = [line_text(line) for line in lines]
    if want.cell.field.group == "signatures" and _SIGN in texts:
        texts = texts[: texts.index(_SIGN)]
    text = join(texts, want.cell.field.kind)
    if is_placeholder(want.cell.field, text):
        text = ""
    doubt = None if clean else Doubt(Reason.SPLIT, "la réponse est collée à l’intitulé")
    if any(glyph.pale for line in lines for glyph in line if glyph.text.strip()) and text:
        doubt = Doubt(Reason.HIDDEN, "une partie du texte est invisible sur le papier")
    yield Answer(want.slots[0], text, METHOD, found.page, rounded(found.box), doubt or _cut(texts, lines, found.box))


def _cut(texts: Sequence[str], lines: Sequence[Sequence[Glyph]], box: Box) -> Doubt | None:
    """A word longer than its line was cut by the word processor: where, nobody can tell."""
    cut = any(" " not in text and line[-1].x1 > box[2] - 12 for text, line in zip(texts[:-1], lines, strict=False))
    return Doubt(Reason.CUT, "un mot est coupé en deux lignes") if cut and "@" not in "".join(texts) else None


def _after(lines: Sequence[Sequence[Glyph]], letters: int) -> tuple[list[list[Glyph]], bool]:
    """The lines after so many letters, and whether the label ended with its own line."""
    left: list[list[Glyph]] = []
    clean = True
    for line in lines:
        rest = []
        for glyph in line:
            if letters > 0:
                letters -= len(squeeze(glyph.text))
            else:
                rest.append(glyph)
        ended_inside = bool(rest) and len(rest) < len(line) and any(glyph.text.strip() for glyph in rest)
        clean = clean and not ended_inside
        if rest:
            left.append(rest)
    return left, clean


def _boxes(want: _Want, found: _Found, text: str) -> Iterator[Answer]:
    """Boxes each followed by its label, in the plan's order; anything else among them is a doubt."""
    rest, doubt = text, None
    states: list[bool] = []
    for slot in want.slots:
        label = squeeze(slot.label)
        if not rest or rest[0] not in _EMPTY + _FULL or not rest[1:].startswith(label):
            doubt = Doubt(Reason.AMBIGUOUS_TICK, f"les cases à cocher ne sont pas lisibles : « {text} »")
            break
        states.append(rest[0] in _FULL)
        rest = rest[1 + len(label) :]
    if rest and doubt is None:
        doubt = Doubt(Reason.STRAY_TEXT, f"du texte est écrit parmi les cases : « {rest} »")
    for number, slot in enumerate(want.slots):
        ticked = number < len(states) and states[number]
        yield Answer(slot, TICKED if ticked else "", METHOD, found.page, rounded(found.box), doubt)


def _unexplained(
    wanted: Sequence[tuple[_Want, ...]],
    rows: Sequence[Sequence[_Found]],
    pairs: Sequence[tuple[int, int]],
    loose: Sequence[tuple[int, list[str]]],
    blank: Blank,
) -> Iterator[tuple[str, Doubt]]:
    """Rows and words that the plan does not know: a doubt on the nearest answer before them, or the first one."""
    known = {row: want for want, row in pairs}
    printed = [logo_of(blank), TITLE, blank.formation.title, session_of(blank), *advice_of(blank)]
    own = Counter(word for text in printed for word in text.split())
    own += Counter({word: len(loose) for word in (blank.mark, "Page")})
    own += Counter(f"{page}/{len(loose)}" for page in range(1, len(loose) + 1))
    strange = [
        (number, [word for cell in row for line in cell.lines for word in line_text(line).split()])
        for number, row in enumerate(rows)
        if number not in known
    ]
    for number, words in [*strange, *loose]:
        left = list(_not_own(words, own))
        if left:
            why = f"du texte étranger au formulaire est écrit près d’ici : « {' '.join(left)} »"
            yield _before(number, known, wanted), Doubt(Reason.STRAY_TEXT, why)


def _not_own(words: Sequence[str], own: Counter[str]) -> Iterator[str]:
    """The words that the form does not print itself; each of its own is used up once."""
    for word in words:
        if own[word] > 0:
            own[word] -= 1
        else:
            yield word


def _before(number: int, known: dict[int, int], wanted: Sequence[tuple[_Want, ...]]) -> str:
    places = sorted(known, key=lambda row: (row > number, abs(row - number)))
    last = next((want.slots[-1] for row in places for want in reversed(wanted[known[row]]) if want.slots), None)
    return (last or next(slot for row in wanted for want in row for slot in want.slots)).name
