"""The plan of our own formulaire préalable: sections, rows and slots, before any PDF or DOCX is drawn.

The blank forms are drawn from this plan and the readers look for its slots, so both always agree.
A slot is one place to write or tick, and its name says what it holds:

    stagiaire.nom                      a value            stagiaire.regime=FI_ETUDIANT   one choice to tick
    stage.activites.1                  an item of a list  stage.obligatoire=oui          yes, or no
    stage.calendrier.2025-04-07        hours of one day   stage.jours_semaine=lundi      one day to tick
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.fields import ALWAYS, Dictionary, Field, FieldKind
from pipeline.formation import Formation, Session

COLUMNS = 12
MARK = "liasse"
_TICKS = (FieldKind.BOOLEAN, FieldKind.CHOICE, FieldKind.DAYS)


@dataclass(frozen=True)
class Slot:
    """One place to answer. ``option`` is the value a tick stands for; ``day`` the date of a calendar cell."""

    name: str
    path: str
    option: str | None = None
    label: str = ""
    day: dt.date | None = None

    @property
    def pdf_name(self) -> str:
        """Its AcroForm name: a full stop there would mean a parent field."""
        return self.name.replace(".", "/")


@dataclass(frozen=True)
class Cell:
    """A labelled box: one field, its slots, and its width in twelfths of the row."""

    field: Field
    slots: tuple[Slot, ...]
    width: int
    required: bool


@dataclass(frozen=True)
class Row:
    """Cells side by side; their widths add up to at most twelve."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Block:
    """The rows of one object of the record: a section, or a titled part of it such as an address."""

    path: str
    title: str
    rows: tuple[Row, ...]
    top: bool


@dataclass(frozen=True)
class Blank:
    """The whole plan for one formation and session. ``version`` changes when any slot or label does."""

    formation: Formation
    session: Session
    blocks: tuple[Block, ...]

    @property
    def layout(self) -> str:
        """``formation/session``: what a reading says it recognised."""
        return f"{self.formation.code}/{self.session.annee}"

    @property
    def version(self) -> str:
        """Eight digits that stand for every slot, label and help text in order."""
        lines = [self.layout]
        for cell in self.cells():
            lines.append(f"{cell.field.title}|{cell.field.help}|{cell.width}|{cell.required}")
            lines.extend(f"{slot.name}|{slot.label}" for slot in cell.slots)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]

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


def plan_blank(dictionary: Dictionary, formation: Formation, session: Session) -> Blank:
    """The plan of the form for one formation and session, from the schema and the formation's ``[formulaire]``."""
    chosen = tuple(_chosen(dictionary, formation))
    wanted = frozenset(formation.settings["formulaire"].get("requis", ()))
    blocks: list[Block] = []
    seen: set[str] = set()
    for group in dict.fromkeys(field.group for field in chosen):
        section = group.split(".")[0]
        cells = tuple(
            Cell(field, tuple(_slots(field, session)), _width(field), field.path in wanted or bool(field.required))
            for field in chosen
            if field.group == group
        )
        if section not in seen and group != section:
            blocks.append(Block(section, dictionary.titles[section], (), top=True))
        blocks.append(Block(group, dictionary.titles[group], tuple(_pack(cells)), top=group == section))
        seen.add(section)
    return Blank(formation, session, tuple(blocks))


def _chosen(dictionary: Dictionary, formation: Formation) -> Iterator[Field]:
    form = formation.settings["formulaire"]
    for field in dictionary.fields.values():
        asked = field.on_form == ALWAYS or field.path in form.get("avec", ())
        if asked and field.path not in form.get("sans", ()):
            yield field


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
    else:
        yield Slot(field.path, field.path)


def session_days(session: Session) -> Iterator[dt.date]:
    """The days of the session on which a stage may take place, Monday to Saturday."""
    if session.start is None or session.end is None:
        return
    for offset in range((session.end - session.start).days + 1):
        day = session.start + dt.timedelta(days=offset)
        if day.isoweekday() <= 6:
            yield day


_WIDTHS = {
    FieldKind.DATE: 3, FieldKind.HOURS: 3, FieldKind.EUROS: 3, FieldKind.WHOLE: 4, FieldKind.PHONE: 4,
    FieldKind.EMAIL: 5, FieldKind.POSTCODE: 3, FieldKind.SIRET: 5, FieldKind.TEXT: 12, FieldKind.LIST: 12,
    FieldKind.CALENDAR: 12, FieldKind.DAYS: 12, FieldKind.BOOLEAN: 6,
}  # fmt: skip
_NAMES = ("nom", "prenom")


def _width(field: Field) -> int:
    name = field.path.rpartition(".")[2]
    if field.kind is FieldKind.CHOICE:
        letters = sum(len(label) + 4 for label in field.choices.values())
        return 3 if letters <= 24 else 6 if letters <= 50 else 12
    if field.kind is FieldKind.LINE:
        if name in _NAMES:
            return 4 if field.group in ("stagiaire", "tuteur") or "signataire" in field.group else 6
        return 12 if (field.max_length or 0) > 120 else 6
    return _WIDTHS[field.kind]


def _pack(cells: tuple[Cell, ...]) -> Iterator[Row]:
    row: list[Cell] = []
    for cell in cells:
        if row and sum(item.width for item in row) + cell.width > COLUMNS:
            yield Row(tuple(row))
            row = []
        row.append(cell)
    if row:
        yield Row(tuple(row))
