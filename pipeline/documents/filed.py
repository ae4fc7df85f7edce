"""Reading back what lies in the outbox: packets with their manifests, and the letters that were sent back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from pipeline.core.models import Data, Problem, Severity, Who
from pipeline.core.units import ONLY_UNIT
from pipeline.core.workspace import Workspace
from pipeline.documents.binding import metadata

PIECES, APART = "pieces", "a-part"
MANIFEST, RECORD, SIGNATURES, REPORT = "manifest.json", "record.json", "signature.json", "rapport.json"


@dataclass(frozen=True)
class FiledPiece:
    """One piece: its place in the packet from 1, the template it was made of; ``unit``: where it is signed."""

    code: str
    title: str
    number: int
    template: str
    template_sha256: str
    unit: str | None = ONLY_UNIT

    @property
    def stem(self) -> str:
        """Its file in the packet's folder, without a suffix."""
        return f"{folder_of(self.unit)}/{self.number:02d}-{self.code}"


@dataclass(frozen=True)
class FiledPacket:
    """A packet of the outbox: its ``files`` are what is signed, in order, ``pages`` and ``signers`` those of them.

    A signer stands there once for each box, with its ``fichier``. ``verdicts`` is what the rules said; ``None`` in an
    older packet, without them.
    """

    folder: Path
    day: dt.date
    pages: int
    warnings: int
    pieces: tuple[FiledPiece, ...]
    files: tuple[str, ...]
    signers: tuple[Mapping[str, Any], ...]
    verdicts: tuple[Mapping[str, Any], ...] | None

    def data(self) -> Data:
        """The values it was made of; raises OSError, ValueError."""
        data: Data = json.loads((self.folder / RECORD).read_bytes())
        return data

    def docx(self, piece: FiledPiece) -> bytes | None:
        """The Word file of a piece; ``None`` for a PDF of the centre. Raises OSError."""
        path = self.folder / f"{piece.stem}.docx"
        return path.read_bytes() if path.exists() else None

    def is_pdfa(self) -> bool:
        """Whether the packet says that it is PDF/A; raises OSError, ValueError for one that is damaged."""
        try:
            with pikepdf.open(self.folder / self.files[0]) as packet:
                return metadata.declares_pdfa(packet)
        except pikepdf.PdfError as error:
            raise ValueError(str(error)) from error


def read_packet(workspace: Workspace, folder: Path, packet: str | None) -> FiledPacket | None:
    """The packet in a folder of the outbox; ``None`` when it is not there, damaged, or not the one of that id."""
    place = workspace.outbox / folder
    try:
        units = _units(json.loads((place / SIGNATURES).read_bytes()))
        manifest = json.loads((place / MANIFEST).read_bytes())
        if packet is not None and manifest["id"] != packet:
            return None
        return FiledPacket(
            folder=place,
            day=dt.date.fromisoformat(manifest["edite_le"]),
            pages=sum(piece["pages"] for piece in manifest["pieces"] if piece.get("unite", ONLY_UNIT)),
            warnings=manifest["avertissements"],
            pieces=tuple(
                FiledPiece(
                    one["code"],
                    one["titre"],
                    number,
                    one["modele"],
                    one["modele_sha256"],
                    one.get("unite", ONLY_UNIT),
                )
                for number, one in enumerate(manifest["pieces"], 1)
            ),
            files=tuple(unit["fichier"] for unit in units),
            signers=tuple(one | {"fichier": unit["fichier"]} for unit in units for one in unit["signataires"]),
            verdicts=tuple(manifest["regles"]) if "regles" in manifest else None,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _units(plan: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The signing units of a packet; one made before there were several has its signers at the top."""
    if "unites" in plan:
        units: Sequence[Mapping[str, Any]] = plan["unites"]
        return units
    return ({"fichier": plan.get("document", "liasse.pdf"), "signataires": plan["signataires"]},)


def folder_of(unit: str | None) -> str:
    """Where a piece lies in its packet: among those that are signed, or apart."""
    return PIECES if unit else APART


def read_letter(workspace: Workspace, folder: Path) -> tuple[Problem, ...]:
    """What a sender was asked, from the report beside the letter; nothing where it is gone."""
    try:
        return tuple(
            Problem(one["rule"], Severity(one["severity"]), one["field"], one["message"], Who(one["who"]))
            for one in json.loads((workspace.outbox / folder / REPORT).read_bytes())["problems"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()
