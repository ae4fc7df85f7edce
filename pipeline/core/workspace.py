"""Paths: the workspace is the folder the scolarité works in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ConfigError

SCHOOL = "LIASSE_ETABLISSEMENT"  # the environment variable that names another place for the school's settings


QUARANTINE = "quarantaine"  # the folder of the outbox in which lies what was put aside


@dataclass(frozen=True)
class Workspace:
    """A folder with ``templates/``, ``schemas/``, ``inbox/`` and ``outbox/``; ``.liasse/`` is our memory."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> Workspace:
        """The workspace at ``root``; raises ConfigError if its templates or schemas are not there."""
        for name in ("templates", "schemas"):
            if not (root / name).is_dir():
                raise ConfigError(
                    f"{root} is not a workspace: it has no {name}/ folder. "
                    "Run liasse where templates/ and schemas/ are, or name the place with --workspace DIR."
                )
        return cls(root.resolve())

    @property
    def templates(self) -> Path:
        """The formations, one folder each, and ``commun/``."""
        return self.root / "templates"

    @property
    def school(self) -> Path:
        """The school's own settings, référentiels and logo: no part of ``templates/``, and out of git.

        ``etablissement/``, or the folder that LIASSE_ETABLISSEMENT names: the samples have an invented school.
        """
        return Path(os.environ.get(SCHOOL) or self.root / "etablissement").absolute()

    @property
    def schemas(self) -> Path:
        """The JSON Schemas."""
        return self.root / "schemas"

    @property
    def inbox(self) -> Path:
        """Where forms are dropped."""
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        """Where packets appear."""
        return self.root / "outbox"

    @property
    def to_complete(self) -> Path:
        """Where forms that need a person's answer go, with their letter."""
        return self.outbox / "a-completer"

    @property
    def quarantine(self) -> Path:
        """Where files go that came only in part, or that made the reader fail again and again."""
        return self.outbox / QUARANTINE

    @property
    def bilan(self) -> Path:
        """Where the papers of the cohort are written: they hold everybody's names, and are made again at will."""
        return self.outbox / "bilan"

    @property
    def memory(self) -> Path:
        """The ledger and the spool of received files."""
        return self.root / ".liasse"

    @property
    def restoring(self) -> Path:
        """What a restore lays ready; as long as it is there, the workspace is half one and half another."""
        return self.root / ".restauration"

    def joined_file(self, sha256: str) -> Path:
        """Where a file that a person joined to a packet lies, as it came, by the hash of its bytes."""
        return self.joined / sha256[:2] / sha256

    def joined_pdf(self, sha256: str) -> Path:
        """Where the same lies as it is bound: what it showed, and nothing that acts."""
        return self.joined_file(sha256).with_suffix(".pdf")

    @property
    def joined(self) -> Path:
        """The files that persons joined to packets."""
        return self.memory / "joined"
