"""Files that the school gives for the pieces of a packet: where they are looked for, and which are still missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.units import Piece
from pipeline.core.workspace import Workspace


@dataclass(frozen=True)
class MissingPiece:
    """A piece that the school must give first: where its PDF is expected, beside ``templates/``."""

    piece: Piece
    expected: Path

    def __str__(self) -> str:
        return f"« {self.piece.title} » : déposer le PDF {self.expected} (liasse setup l’y copie)"


def file_of_school(workspace: Workspace, name: str) -> Path | None:
    """A PDF of the school in ``etablissement/`` or, as in older workspaces, ``templates/``; ``None`` if absent."""
    places = (workspace.school / name, workspace.templates / name)
    return next((place for place in places if place.is_file()), None)


def missing_pieces(pieces: Iterable[Piece], workspace: Workspace) -> tuple[MissingPiece, ...]:
    """The pieces whose PDF the school has not given yet: without them nothing can be signed."""
    return tuple(
        MissingPiece(piece, Path(workspace.school.name, piece.pdf))
        for piece in pieces
        if piece.pdf and not piece.template and file_of_school(workspace, piece.pdf) is None
    )
