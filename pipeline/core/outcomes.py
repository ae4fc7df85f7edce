"""Result types: how the walk of one form can end. Whoever handles an outcome handles all seven, and mypy says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.core.french import counted
from pipeline.core.models import Problem


@dataclass(frozen=True)
class Delivered:
    """The packet lies in the outbox."""

    folder: Path
    pages: int
    signatures: int
    warnings: int
    already: bool = False

    @property
    def told(self) -> str:
        """« 11 pages, 8 signatures, 1 avertissement »."""
        warned = counted(self.warnings, "avertissement") if self.warnings else "aucun avertissement"
        return f"{counted(self.pages, 'page')}, {counted(self.signatures, 'signature')}, {warned}"


@dataclass(frozen=True)
class Drafted:
    """The packet lies in the outbox as a projet: nobody can sign it before what is missing is given."""

    folder: Path
    pages: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """A person must decide before anything is printed: the accord, or a doubt to confirm."""

    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ToComplete:
    """Sent back: a letter, the form pre-filled with what was read, and a report."""

    folder: Path
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Failed:
    """Ours to mend: the form is kept, and tried again when the house is in order."""

    error: str
    exit_code: int


@dataclass(frozen=True)
class Divided:
    """The file held several, each of which is a form of its own now; ``parts`` are their hashes."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Closed:
    """Nothing is made of it: put away by a person, replaced by a newer version, or filed. ``how``: in French.

    ``done``: nobody has anything more to do about it.
    """

    how: str
    told: str
    done: bool = False


Outcome = Delivered | Drafted | Waiting | ToComplete | Divided | Closed | Failed
