"""Sources of pieces: the Word template, the school's own PDF, or the file that a person joined."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.decisions import Decisions, Joined
from pipeline.core.errors import ConfigError, HouseError
from pipeline.core.units import Piece
from pipeline.core.workspace import Workspace
from pipeline.documents.filling.composing import template_sha256


@dataclass(frozen=True)
class Source:
    """What a piece is made of: its name in the manifest, its file, and who joined it, if a person did."""

    name: str
    path: Path
    is_word: bool
    joined: Joined | None = None
    beside: tuple[Path, ...] = ()

    def read(self) -> bytes:
        """Its bytes; raises HouseError for a file that is gone."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise HouseError(f"{self.path} cannot be read: {error}. Restore it, then try again.") from error

    @property
    def sha256(self) -> str:
        """What its bytes are known by: of a joined file, those that were given; of a template, with what it names."""
        if self.joined:
            return self.joined.sha256
        return template_sha256(self.read(), self.beside) if self.is_word else sha256(self.read())


def source_of(piece: Piece, workspace: Workspace, decisions: Decisions) -> Source:
    """What a piece is made of; raises ConfigError where the school, or a person, has not given it yet.

    The rules F-04, F-05 and L-17 keep such a packet from being made: this is the last look.
    """
    if piece.joined:
        joined = decisions.file_for(piece.code)
        if joined is None:
            raise ConfigError(f"nobody joined the piece {piece.code} ('liasse join'), and no rule waits for it.")
        return Source(f"jointe/{piece.code}", workspace.joined_pdf(joined.sha256), is_word=False, joined=joined)
    if piece.pdf and (own := workspace.model(piece.pdf)).is_file():
        return Source(piece.pdf, own, is_word=False)
    if piece.template is None:
        raise ConfigError(f"the piece {piece.code} needs {workspace.school / str(piece.pdf)}: put it there.")
    template = workspace.model(piece.template)
    return Source(piece.template, template, is_word=True, beside=workspace.beside(template))


def sha256(data: bytes) -> str:
    """What these bytes are known by."""
    return hashlib.sha256(data).hexdigest()
