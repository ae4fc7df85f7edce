"""Paths: the workspace is the folder the scolarité works in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ConfigError, WorkspaceGone

COMMON = "commun"  # the folder of the templates that several formations share
SCHOOL = "LIASSE_ETABLISSEMENT"  # the environment variable that names another place for the school's settings


QUARANTINE = "quarantaine"  # the folder of the outbox in which lies what was put aside


def require_there(workspace: Workspace) -> None:
    """Raise WorkspaceGone where the workspace was moved or removed since it was opened: none is made in its place."""
    if not workspace.root.is_dir() or not workspace.templates.is_dir():
        raise WorkspaceGone(
            f"the workspace {workspace.root} is gone: it was moved or removed, or its disk is not mounted. Nothing "
            "is taken in, and none is made in its place. Start liasse where it is now (--workspace DIR)."
        )


@dataclass(frozen=True)
class Workspace:
    """A folder with ``templates/``, ``schemas/``, ``inbox/`` and ``outbox/``; ``.liasse/`` is our memory.

    ``templates/`` and ``schemas/`` come with the product, and an update replaces them. What is the school's stands in
    ``etablissement/``, under the names that it would have in ``templates/``, and is looked up there first.
    """

    root: Path

    @classmethod
    def at(cls, root: Path) -> Workspace:
        """The workspace at ``root``; raises ConfigError if its templates or schemas are not there."""
        for name in ("templates", "schemas"):
            if not (root / name).is_dir():
                raise ConfigError(
                    f"{root} is not a workspace: it has no {name}/ folder. "
                    "Run liasse where templates/ and schemas/ are, name the place with --workspace DIR, or make one: "
                    "liasse init DIR."
                )
        return cls(root.resolve())

    @property
    def templates(self) -> Path:
        """The product's formations, one folder each, and ``commun/``; read them by ``model`` and ``models``."""
        return self.root / "templates"

    def model(self, name: str) -> Path:
        """A file by its name in ``templates/``: the school's own where it has one, else the product's."""
        own = self.school / name
        return own if own.is_file() else self.templates / name

    def beside(self, template: Path) -> tuple[Path, ...]:
        """The folders in which what a template names is sought: the formation's, then commun; the school's first."""
        names = dict.fromkeys((template.parent.name, COMMON))
        return tuple(place / name for name in names for place in (self.school, self.templates))

    def models(self, pattern: str) -> tuple[Path, ...]:
        """The files of that pattern of names, sorted by name; the school's in the place of the product's."""
        places = (self.templates, self.school)
        found = {path.relative_to(place): path for place in places for path in place.glob(pattern)}
        return tuple(found[name] for name in sorted(found))

    @property
    def school(self) -> Path:
        """The school's own: settings, référentiels, logo, formations, its versions of templates; out of git.

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
    def mail(self) -> Path:
        """Where drafts of mails lie, ready to be looked at and sent."""
        return self.outbox / "courrier"

    @property
    def memory(self) -> Path:
        """The ledger and the spool of received files."""
        return self.root / ".liasse"

    @property
    def spool(self) -> Path:
        """Where received files lie, by hash."""
        return self.memory / "spool"

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
