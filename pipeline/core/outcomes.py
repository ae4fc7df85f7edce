"""Result types: how the walk of one form can end. Whoever handles an outcome handles all six, and mypy says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
        warned = (
            f"{self.warnings} avertissement{'s' if self.warnings > 1 else ''}"
            if self.warnings
            else "aucun avertissement"
        )
        return f"{self.pages} pages, {self.signatures} signatures, {warned}"


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


Outcome = Delivered | Drafted | Waiting | ToComplete | Divided | Failed
