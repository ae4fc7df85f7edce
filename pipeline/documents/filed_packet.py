"""A packet as it lies in the outbox: what it says of itself, and its Word files."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from pipeline.core.models import Data
from pipeline.core.workspace import Workspace
from pipeline.documents.binding.metadata import declares_pdfa
from pipeline.ledger.packet_store import PacketLine


@dataclass(frozen=True)
class FiledPiece:
    """One piece: its place in the packet from 1, the template it was made of."""

    code: str
    title: str
    number: int
    template: str
    template_sha256: str

    @property
    def stem(self) -> str:
        """Its file in ``pieces/``, without a suffix."""
        return f"{self.number:02d}-{self.code}"


@dataclass(frozen=True)
class Filed:
    """A packet of the outbox. ``said`` is what the rules said; ``None`` in an older packet, which does not tell."""

    folder: Path
    day: dt.date
    warnings: int
    data: Data
    pieces: tuple[FiledPiece, ...]
    signers: tuple[Mapping[str, Any], ...]
    said: tuple[Mapping[str, Any], ...] | None

    def docx(self, piece: FiledPiece) -> bytes | None:
        """The Word file of a piece; ``None`` for a PDF of the centre. Raises OSError."""
        path = self.folder / "pieces" / f"{piece.stem}.docx"
        return path.read_bytes() if path.exists() else None

    def is_pdfa(self) -> bool:
        """Whether the packet says that it is PDF/A; raises OSError, ValueError for one that is damaged."""
        try:
            with pikepdf.open(self.folder / "liasse.pdf") as packet:
                return declares_pdfa(packet)
        except pikepdf.PdfError as error:
            raise ValueError(str(error)) from error


def read_filed(workspace: Workspace, line: PacketLine) -> Filed | None:
    """The packet of a line of the ledger; ``None`` when it is not there, or not what was delivered."""
    folder = workspace.outbox / line.folder
    try:
        told = json.loads((folder / "manifest.json").read_bytes())
        if told["id"] != line.id:
            return None
        return Filed(
            folder=folder,
            day=dt.date.fromisoformat(told["edite_le"]),
            warnings=told["avertissements"],
            data=json.loads((folder / "record.json").read_bytes()),
            pieces=tuple(
                FiledPiece(one["code"], one["titre"], number, one["modele"], one["modele_sha256"])
                for number, one in enumerate(told["pieces"], 1)
            ),
            signers=tuple(json.loads((folder / "signature.json").read_bytes())["signataires"]),
            said=tuple(told["regles"]) if "regles" in told else None,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
