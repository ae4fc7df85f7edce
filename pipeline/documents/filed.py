"""Reading back what lies in the outbox: packets with their manifests, and the letters that were sent back."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from pipeline.core import french
from pipeline.core.models import Data, Problem, Severity, Who
from pipeline.core.units import ONLY_UNIT
from pipeline.core.workspace import Workspace
from pipeline.documents.binding import metadata

PIECES, APART = "pieces", "a-part"
_ONLY = "liasse.pdf"  # the one file of a packet that was made before there were units
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

    ``signers`` is one entry for each box: its file and field, and who signs there. ``verdicts`` is what the rules
    said; ``None`` in an older packet, without them. ``missing``: why it is a projet, if it is. ``formation`` is the
    hash of its formation as it was.
    """

    folder: Path
    day: dt.date
    pages: int
    warnings: int
    pieces: tuple[FiledPiece, ...]
    files: tuple[str, ...]
    signers: tuple[Mapping[str, Any], ...]
    verdicts: tuple[Mapping[str, Any], ...] | None
    missing: tuple[str, ...] = ()
    formation: str = ""

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
        signers = _boxes(json.loads((place / SIGNATURES).read_bytes()))
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
            files=tuple(unit["fichier"] for unit in manifest.get("unites", ({"fichier": _ONLY},))),
            signers=signers,
            verdicts=tuple(manifest["regles"]) if "regles" in manifest else None,
            missing=_missing(manifest) if manifest.get("projet") else (),
            formation=manifest.get("formation", {}).get("sha256", ""),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _boxes(plan: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The boxes of a signature plan, whoever wrote it: the first ones listed boxes, not persons."""
    if "unites" not in plan:
        return tuple(one | {"fichier": _ONLY} for one in plan["signataires"])
    return tuple(
        {
            "fichier": unit["fichier"],
            "champ": box["champ"],
            "titre": box["titre"],
            "nom": f"{person['prenom'] or ''} {person['nom']}".strip(),
            "fonction": person["fonction"],
            "courriel": person["courriel"],
            "telephone": person["telephone"] and french.phone(person["telephone"]),
        }
        for unit in plan["unites"]
        for person in unit["signataires"]
        for box in person["boites"]
    )


def _missing(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(one["message"] for one in manifest["regles"] if one["gravite"] == Severity.DRAFT)


def holds_text(workspace: Workspace, folder: Path, text: str) -> bool:
    """Whether a packet of the outbox prints a text: looked for in its signature plan and its Word files.

    What is gone or damaged holds nothing.
    """
    place = workspace.outbox / folder
    try:
        if text in (place / SIGNATURES).read_text(encoding="utf-8"):
            return True
        return any(_word_holds(path, text) for path in sorted(place.glob("*/*.docx")))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return False


def _word_holds(path: Path, text: str) -> bool:
    with zipfile.ZipFile(path) as word:
        return text in re.sub("<[^>]+>", "", word.read("word/document.xml").decode("utf-8"))


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
