"""Form plan of our own formulaire préalable: sections, rows and slots, before any PDF or DOCX is drawn.

The blank forms are drawn from this plan and the readers look for its slots, so both always agree.
A slot is one place to write or tick, and its name says what it holds:

    stagiaire.nom                      a value            stagiaire.regime=FI_ETUDIANT   one choice to tick
    stage.activites.1                  an item of a list  stage.obligatoire=oui          yes, or no
    stage.calendrier.2025-04-07        hours of one day   stage.jours_semaine=lundi      one day to tick
    stage.semaine.lundi                hours of a weekday stage.interruptions.1.debut    a part of a line
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.core.fields import ALWAYS, LINED, Dictionary, Field, FieldKind
from pipeline.core.formation import Formation, Session
from pipeline.core.paper_kinds import PaperForm
from pipeline.forms.asking import asked_fields
from pipeline.forms.cell_widths import COLUMNS, GROWING, width_of
from pipeline.forms.notices import advice, logo_text, privacy, session_line

MARK = "liasse"
NOTE = "à corriger"
_FEW_LETTERS = "…"
_PLACEHOLDERS = {FieldKind.DATE: "jj/mm/aaaa", FieldKind.CALENDAR: _FEW_LETTERS}
_TICKS = (FieldKind.BOOLEAN, FieldKind.CHOICE, FieldKind.DAYS)
_HOURS_PART, _SIGNED = "heures", "signatures"


@dataclass(frozen=True)
class Slot:
    """One place to answer: ``option`` is the value a tick stands for, ``day`` the date of a calendar cell.

    ``part`` is that of an answer that has several (a weekday, « debut »), ``line`` the number of its line, from 1.
    ``narrow``: it stands in a table, and holds a few letters.
    """

    name: str
    path: str
    option: str | None = None
    label: str = ""
    day: dt.date | None = None
    part: str = ""
    line: int = 0
    narrow: bool = False

    @property
    def pdf_name(self) -> str:
        """Its AcroForm name: a full stop there would mean a parent field."""
        return self.name.replace(".", "/")


@dataclass(frozen=True)
class Cell:
    """A labelled box: one field, its slots, its width in twelfths of the row, and its full French name.

    ``required`` is what everyone must answer; ``conditional`` what only some statuts must (marked differently).
    ``signed``: a place to sign stands below the answer.
    """

    field: Field
    slots: tuple[Slot, ...]
    width: int
    required: bool
    conditional: bool = False
    name: str = ""
    signed: bool = False

    @property
    def star(self) -> str:
        """The mark that follows the label."""
        return "*" if self.required else "(*)" if self.conditional else ""


@dataclass(frozen=True)
class Row:
    """Cells side by side; their widths add up to twelve. ``title`` is what stands before a row of a table."""

    cells: tuple[Cell, ...]
    title: str = ""


@dataclass(frozen=True)
class Block:
    """The rows of one object of the record: a section, or a titled part of it such as an address.

    ``columns``: its rows are those of a table, in so many columns side by side; 0: of cells with their labels.
    """

    path: str
    title: str
    rows: tuple[Row, ...]
    top: bool
    columns: int = 0


@dataclass(frozen=True)
class Blank:
    """The whole plan for one formation and session. ``version`` changes when anything that it prints does."""

    formation: Formation
    session: Session
    blocks: tuple[Block, ...]
    paper: PaperForm = PaperForm.FORMULAIRE

    @property
    def layout(self) -> str:
        """``formation/session``, and ``/paper`` of a paper: what a reading says it recognised."""
        tail = "" if self.paper is PaperForm.FORMULAIRE else f"/{self.paper}"
        return f"{self.formation.code}/{self.session.annee}{tail}"

    @property
    def version(self) -> str:
        """Eight digits that stand for every slot, label and help text in order, and what is printed around them."""
        lines = [self.layout, *self._printed_around()]
        for cell in self.cells():
            lines.append(f"{cell.field.title}|{cell.field.help}|{cell.width}|{cell.star}")
            lines.extend(f"{slot.name}|{slot.label}" for slot in cell.slots)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]

    def _printed_around(self) -> Iterator[str]:
        """What the head and foot of the form say, the titles of its blocks, and the days that have a word beside."""
        formation, session = self.formation, self.session
        yield from (formation.title, logo_text(formation), formation.settings["intitule_court"])
        paper = self.paper
        yield from (session_line(formation, session), *advice(formation, session, paper), *privacy(formation, paper))
        yield f"{session.start} {session.end} {' '.join(map(str, session.settings.get('jours_formation', ())))}"
        yield from (block.title for block in self.blocks)
        yield from (row.title for block in self.blocks if block.columns for row in block.rows)

    @property
    def mark(self) -> str:
        """The line printed at the foot of every page, by which the form is recognised when it comes back."""
        return f"{MARK}/{self.layout}/{self.version}"

    def cells(self) -> Iterator[Cell]:
        """Every cell, in form order."""
        for block in self.blocks:
            for row in block.rows:
                yield from row.cells

    def slots(self) -> Iterator[Slot]:
        """Every slot, in form order: the order of the tab key."""
        for cell in self.cells():
            yield from cell.slots


def placeholder(field: Field, slot: Slot) -> str:
    """What stands in a Word form where nothing was written yet, and must be read as nothing."""
    return _FEW_LETTERS if slot.narrow else _PLACEHOLDERS.get(kind_of_slot(field, slot), "Cliquez pour écrire")


def kind_of_slot(field: Field, slot: Slot) -> FieldKind:
    """What is written at one slot: hours of a day, a date, or what the whole field is."""
    if not slot.part:
        return field.kind
    return FieldKind.DATE if field.kind in LINED and slot.part != _HOURS_PART else FieldKind.CALENDAR


def plan_blank(dictionary: Dictionary, formation: Formation, session: Session) -> Blank:
    """The plan of the form for one formation and session, from the schema and the formation's ``[formulaire]``."""
    dictionary = dictionary.of(formation.settings)
    chosen = tuple(asked_fields(dictionary, formation))
    wanted = frozenset(formation.settings["formulaire"].get("requis", ()))
    blocks: list[Block] = []
    seen: set[str] = set()
    for group in dict.fromkeys(field.group for field in chosen):
        section = group.split(".")[0]
        cells = tuple(_cell(field, session, wanted, dictionary) for field in chosen if field.group == group)
        if section not in seen and group != section:
            blocks.append(Block(section, dictionary.titles[section], (), top=True))
        blocks.append(Block(group, dictionary.titles[group], tuple(rows_of(cells)), top=group == section))
        seen.add(section)
    return Blank(formation, session, tuple(blocks))


def _cell(field: Field, session: Session, wanted: frozenset[str], dictionary: Dictionary) -> Cell:
    required = field.path in wanted or ALWAYS in field.required
    return Cell(
        field=field,
        slots=slots_of_field(field, session),
        width=width_of(field),
        required=required,
        conditional=bool(field.required) and not required,
        name=dictionary.label(field.path),
        signed=field.section == _SIGNED,
    )


def slots_of_field(field: Field, session: Session) -> tuple[Slot, ...]:
    """Where a field is answered, in the order of the tab key."""
    return tuple(_slots(field, session))


def _slots(field: Field, session: Session) -> Iterator[Slot]:
    if field.kind in _TICKS:
        for value, label in field.choices.items():
            yield Slot(f"{field.path}={value}", field.path, option=value, label=label)
    elif field.kind is FieldKind.LIST:
        for number in range(1, field.lines + 1):
            yield Slot(f"{field.path}.{number}", field.path, label=str(number))
    elif field.kind is FieldKind.CALENDAR:
        for day in session_days(session):
            yield Slot(f"{field.path}.{day.isoformat()}", field.path, label=f"{day:%d/%m}", day=day)
    elif field.parts:
        yield from _parts(field)
    else:
        yield Slot(field.path, field.path)


def _parts(field: Field) -> Iterator[Slot]:
    """The weekdays of a week, or the parts of each line."""
    if field.kind is FieldKind.WEEK:
        for part, title in field.parts.items():
            yield Slot(f"{field.path}.{part}", field.path, label=title, part=part)
        return
    for line in range(1, field.lines + 1):
        for part, title in field.parts.items():
            yield Slot(f"{field.path}.{line}.{part}", field.path, label=f"{line}, {title}", part=part, line=line)


def session_days(session: Session) -> Iterator[dt.date]:
    """The days of the session on which a stage may take place, Monday to Saturday."""
    if session.start is None or session.end is None:
        return
    for offset in range((session.end - session.start).days + 1):
        day = session.start + dt.timedelta(days=offset)
        if day.isoweekday() <= 6:
            yield day


def rows_of(cells: tuple[Cell, ...]) -> Iterator[Row]:
    """The cells in rows of twelve twelfths."""
    row: list[Cell] = []
    for cell in cells:
        if row and sum(item.width for item in row) + cell.width > COLUMNS:
            yield Row(_stretch(row))
            row = []
        row.append(cell)
    if row:
        yield Row(_stretch(row))


def _stretch(row: list[Cell]) -> tuple[Cell, ...]:
    """The same cells filling the row: what is left goes to those that hold free text, one column each in turn."""
    widths = [cell.width for cell in row]
    growing = [n for n, cell in enumerate(row) if cell.field.kind in GROWING] or list(range(len(row)))
    for turn in range(COLUMNS - sum(widths)):
        widths[growing[turn % len(growing)]] += 1
    return tuple(replace(cell, width=width) for cell, width in zip(row, widths, strict=True))
