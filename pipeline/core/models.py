"""Domain types that pass from step to step, each saying how far a form has got: received, read, checked.

What is made of a record stands in ``documents.pieces``. All are frozen: a step makes a new one, it edits none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.core.decisions import Confirmation, Override
from pipeline.core.doubts import Doubt
from pipeline.core.paper_kinds import PaperForm, paper_of
from pipeline.core.remarks import Remark
from pipeline.core.who import INSIDE
from pipeline.core.who import Who as Who  # noqa: PLC0414 -- rules and problems find it here

JSON = Any  # a value of json.loads: the schema, not Python's types, says what it may be
Data = Mapping[str, JSON]
Box = tuple[float, float, float, float]
FORMATION, YEAR, CONFIRMED = "formation.code", "formation.annee", "confirmation"  # the last: a settled value's method


class Kind(StrEnum):
    """What a received file is, by its content."""

    ACROFORM = "acroform"
    DOCX = "docx"
    ODT = "odt"
    PDF_TEXT = "pdf-text"
    PDF_SCAN = "pdf-scan"
    IMAGE = "image"


class Severity(StrEnum):
    """What a problem does to the packet: stop it, make it a projet, be listed on the control sheet, or be said only.

    A projet is printed and cannot be signed: a party is not named, or a piece is missing.
    """

    BLOCKING = "blocking"
    DRAFT = "draft"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Form:
    """A received file, copied to the spool. ``name`` is the sender's and is shown, never used as a path."""

    sha256: str
    path: Path
    name: str
    received_on: dt.date

    @property
    def id(self) -> str:
        """What people type: the first eight digits of the content's hash."""
        return self.sha256[:8]


def packet_number(identity: str) -> str:
    """The twelve digits of a packet's id by which people know it: printed on its pages, its folder, the screen."""
    return identity[:12]


class Edition(NamedTuple):
    """Which packet of which internship: the dossier's number (« 2025-014 »), the version from 1."""

    number: str
    version: int


@dataclass(frozen=True)
class FieldReading:
    """One value as read: where it stood, how it was found, and why a person must look, if one must.

    ``box`` is (x0, top, x1, bottom) in points from the top left of ``page`` (from 1); a DOCX has neither.
    """

    path: str
    value: JSON
    raw: str
    method: str
    confidence: float
    page: int | None = None
    box: Box | None = None
    doubt: Doubt | None = None
    combined: bool = False  # several fields written together: the fields it gives stand beside it

    def as_json(self) -> dict[str, JSON]:
        """The entry of ``liasse read --json``."""
        return {
            "path": self.path,
            "value": self.value,
            "raw": self.raw,
            "page": self.page,
            "box": list(self.box) if self.box else None,
            "method": self.method,
            "confidence": self.confidence,
            "doubt": str(self.doubt) if self.doubt else None,
            "who": self.doubt.who_settles.value if self.doubt else None,
        }


@dataclass(frozen=True)
class Reading:
    """All that was read from one form, in form order.

    ``layout`` is ``formation/session`` for our own blank (``/paper`` for one of an open dossier), ``formation/name``
    for a school's; ``None``: nothing describes it, every value is in doubt. ``formation``: ``None`` if not said.
    """

    sha256: str
    kind: Kind
    layout: str | None
    formation: str | None
    session: str | None
    fields: tuple[FieldReading, ...]
    strays: tuple[Remark, ...] = ()  # what is written or drawn on the pages and belongs to no answer

    @property
    def paper(self) -> PaperForm:
        """Which of our papers it is; a form of a school does what our formulaire does."""
        return paper_of(self.layout)

    @property
    def values(self) -> dict[str, JSON]:
        """The nested values that the reader stands behind: those without a doubt."""
        data: dict[str, JSON] = {}
        for entry in self.fields:
            if entry.doubt is None and entry.value is not None and not entry.combined:
                put(data, entry.path, entry.value)
        return data

    def with_confirmed(self, confirmations: Iterable[Confirmation]) -> Reading:
        """The reading with the values that people settled: they win, and their doubts are gone.

        A form that does not say its formation gets it from the confirmation of ``formation.code``; that of
        ``formation.annee`` says its session, whatever is printed on the blank.
        """
        fields = {entry.path: entry for entry in self.fields}
        formation, session = self.formation, self.session
        for settled in confirmations:
            fields[settled.field] = _confirmed(fields.get(settled.field), settled)
            formation = settled.after if settled.field == FORMATION else formation
            session = settled.after if settled.field == YEAR else session
        return replace(self, fields=tuple(fields.values()), formation=formation, session=session)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Doubts of pages."""
        return tuple(one for one in self.strays if one.doubt)

    @property
    def doubts(self) -> tuple[FieldReading, ...]:
        """The values that a person must look at."""
        return tuple(entry for entry in self.fields if entry.doubt is not None)


@dataclass(frozen=True)
class Problem:
    """One finding: the rule that speaks, what is wrong and what to do (French), and who can act."""

    rule: str
    severity: Severity
    field: str | None
    message: str
    who: Who
    source: str = ""
    overridable: bool = False
    waits: bool = False  # blocking only until a named person decides: nothing is asked of the sender

    def as_json(self) -> dict[str, JSON]:
        """The entry of ``problems`` in the command contract."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "field": self.field,
            "message": self.message,
            "who": self.who.value,
        }


@dataclass(frozen=True)
class Verdict:
    """What one rule said of one record: its problems, or that it holds, or that it does not apply."""

    rule: str
    title: str
    source: str
    applies: bool
    problems: tuple[Problem, ...] = ()
    lifted: Override | None = None
    of_settings: bool = False  # it looked at the formation's settings only, and says nothing of this record
    said: str = ""  # what the rest does not say: « pas encore », « sans objet », « non tenu : … »


@dataclass(frozen=True)
class Record:
    """A checked record: nothing blocking is left in it. Only ``checks`` makes one."""

    data: Data
    verdicts: tuple[Verdict, ...]
    reading: Reading

    @property
    def lacks(self) -> tuple[Problem, ...]:
        """What keeps the packet from being signed: while something does, it is a projet."""
        return tuple(
            problem for verdict in self.verdicts for problem in verdict.problems if problem.severity is Severity.DRAFT
        )

    @property
    def warnings(self) -> int:
        """How many warnings the control sheet lists."""
        return sum(problem.severity is Severity.WARNING for verdict in self.verdicts for problem in verdict.problems)

    def get(self, path: str) -> JSON:
        """The value at a dotted path, or ``None``."""
        return get(self.data, path)


@dataclass(frozen=True)
class Refused:
    """A record that something blocking, not lifted, keeps from being printed."""

    data: Data
    verdicts: tuple[Verdict, ...]
    reading: Reading

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything the rules said, in rule order."""
        return tuple(problem for verdict in self.verdicts for problem in verdict.problems)

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """The blocking problems that nobody has lifted."""
        return tuple(
            problem
            for verdict in self.verdicts
            if verdict.lifted is None
            for problem in verdict.problems
            if problem.severity is Severity.BLOCKING
        )

    @property
    def waits(self) -> bool:
        """Whether every blocking problem only waits for a person of the house: whoever must act decides."""
        return all(problem.waits or problem.who in INSIDE for problem in self.blocking)

    @property
    def asked(self) -> tuple[Problem, ...]:
        """What the sender is asked when the form goes back: never what the house alone decides, sees or mends."""
        return tuple(problem for problem in self.blocking if problem.who not in INSIDE)


def _confirmed(entry: FieldReading | None, settled: Confirmation) -> FieldReading:
    """The entry of a field as a person left it; its raw text says who and when, for the control sheet."""
    read = entry or FieldReading(settled.field, None, "", "", 1.0)
    if read.method == CONFIRMED:
        return read
    raw = f"{read.raw} → confirmé par {settled.by}, le {settled.on:%d/%m/%Y}".removeprefix(" → ")
    return replace(read, value=settled.after, raw=raw, method=CONFIRMED, confidence=1.0, doubt=None)


def get(data: Data, path: str) -> JSON:
    """The value at a dotted path of nested mappings, or ``None`` where the path stops."""
    node: JSON = data
    for key in path.split("."):
        if not isinstance(node, Mapping) or key not in node:
            return None
        node = node[key]
    return node


def put(data: dict[str, JSON], path: str, value: JSON) -> None:
    """Set the value at a dotted path, making the mappings on the way."""
    *parents, last = path.split(".")
    node = data
    for key in parents:
        node = node.setdefault(key, {})
    node[last] = value


def leaves(data: Data, prefix: str = "") -> Iterator[tuple[str, JSON]]:
    """Every (dotted path, value) of nested mappings; lists are leaves."""
    for key, value in data.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}.")
        else:
            yield path, value
