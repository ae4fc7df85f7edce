"""The nouns that pass from step to step, each type saying how far a form has got.

``Form`` was received, ``Reading`` was read, ``Record`` was checked, ``Document`` was filled and converted,
``Packet`` was assembled. All are frozen: a step makes a new one, it never edits the one it was given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

JSON = Any  # a value of json.loads: the schema, not Python's types, says what it may be
Data = Mapping[str, JSON]
Box = tuple[float, float, float, float]


class Kind(StrEnum):
    """What a received file is, by its content."""

    ACROFORM = "acroform"
    DOCX = "docx"
    PDF_TEXT = "pdf-text"


class Severity(StrEnum):
    """What a problem does to the packet: stop it, be listed on the control sheet, or be said only."""

    BLOCKING = "blocking"
    WARNING = "warning"
    INFO = "info"


class Who(StrEnum):
    """Who can mend a problem."""

    STAGIAIRE = "stagiaire"
    TUTEUR = "tuteur"
    ORGANISME = "organisme"
    EMPLOYEUR = "employeur"
    RESPONSABLE = "responsable"
    SCOLARITE = "scolarite"


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
    doubt: str | None = None

    def as_json(self) -> dict[str, JSON]:
        """The entry of ``liasse read --json``."""
        return {
            "path": self.path, "value": self.value, "raw": self.raw, "page": self.page,
            "box": list(self.box) if self.box else None, "method": self.method,
            "confidence": self.confidence, "doubt": self.doubt,
        }  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """All that was read from one form. ``layout`` is ``formation/session``; values keep form order."""

    sha256: str
    kind: Kind
    layout: str | None
    formation: str | None
    session: str | None
    fields: tuple[FieldReading, ...]

    @property
    def values(self) -> dict[str, JSON]:
        """The nested values that the reader stands behind: those without a doubt."""
        data: dict[str, JSON] = {}
        for entry in self.fields:
            if entry.doubt is None and entry.value is not None:
                put(data, entry.path, entry.value)
        return data

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
            "rule": self.rule, "severity": self.severity.value, "field": self.field, "message": self.message,
            "who": self.who.value,
        }  # fmt: skip


def rejected(reason: str, message: str) -> Problem:
    """The problem that stands for a file which could not be read at all."""
    return Problem(reason, Severity.BLOCKING, None, message, Who.STAGIAIRE)


@dataclass(frozen=True)
class Override:
    """A blocking rule lifted by a named person, with the reason."""

    rule: str
    by: str
    reason: str
    on: dt.date


@dataclass(frozen=True)
class Decisions:
    """What people have decided of one form, from the ledger."""

    accord: Data | None = None  # the keys of ``accord_pedagogique``; wins over what the form says
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What one rule said of one record: its problems, or that it holds, or that it does not apply."""

    rule: str
    title: str
    source: str
    applies: bool
    problems: tuple[Problem, ...] = ()
    lifted: Override | None = None


@dataclass(frozen=True)
class Record:
    """A checked record: nothing blocking is left in it. Only ``checks`` makes one."""

    data: Data
    verdicts: tuple[Verdict, ...]
    reading: Reading

    @property
    def warnings(self) -> int:
        """How many warnings the control sheet lists."""
        problems = (problem for verdict in self.verdicts for problem in verdict.problems)
        return sum(problem.severity is Severity.WARNING for problem in problems)

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
        """Whether every blocking problem only waits for a person of the house."""
        return all(problem.waits for problem in self.blocking)


@dataclass(frozen=True)
class SignatureBox:
    """Where one person signs: a field name, and a measured box in PDF points from the bottom left."""

    name: str
    role: str
    page: int
    box: Box


@dataclass(frozen=True)
class Document:
    """One piece of the packet: the Word file that was filled and the PDF that LibreOffice made of it."""

    code: str
    title: str
    docx: bytes | None
    pdf: bytes
    pages: int
    template: str
    template_sha256: str
    boxes: tuple[SignatureBox, ...] = ()


@dataclass(frozen=True)
class Packet:
    """The assembled files, by name inside the packet's folder, ready to be delivered by one rename."""

    id: str
    folder: Path
    files: Mapping[str, bytes] = field(repr=False)
    pages: int
    signature_names: tuple[str, ...]


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
