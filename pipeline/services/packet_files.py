"""Files of a packet to be fetched: named by its manifest, in its folder and nowhere else; all of them as one ZIP."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import NotFound
from pipeline.core.models import packet_number
from pipeline.core.workspace import Workspace
from pipeline.documents.filed import MANIFEST, read_packet
from pipeline.ledger.packet_store import PacketLine

_MEDIA = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
}
_BINARY = "application/octet-stream"
_DAY = (1980, 1, 1, 0, 0, 0)  # of all files of a ZIP: the same packet is the same ZIP


@dataclass(frozen=True)
class PacketFile:
    """One file: its name in the packet, its place, size in bytes, hash and media type, as the manifest has them."""

    name: str
    place: Path
    size: int
    sha256: str
    media: str


@dataclass(frozen=True)
class PacketFiles:
    """The files of one packet, by name; none, and ``there`` is false, where it was purged."""

    there: bool
    missing: tuple[str, ...]
    files: Mapping[str, PacketFile]

    def named(self, name: str) -> PacketFile:
        """One file; raises NotFound."""
        found = self.files.get(name)
        if found is None or not found.place.is_file():
            raise NotFound(f"Cette liasse n’a pas de fichier « {name[:60]} ».")
        return found


def files_of(packet: PacketLine, workspace: Workspace) -> PacketFiles:
    """The files of a packet as its manifest names them."""
    filed = read_packet(workspace, packet.folder, packet.id)
    if filed is None:
        return PacketFiles(there=False, missing=(), files={})
    return PacketFiles(there=True, missing=filed.missing, files=listed(filed.folder))


def listed(folder: Path) -> dict[str, PacketFile]:
    """The files that the manifest of a folder names, itself among them; raises OSError, ValueError, KeyError."""
    body = (folder / MANIFEST).read_bytes()
    found = {
        one["nom"]: PacketFile(one["nom"], folder / one["nom"], one["octets"], one["sha256"], _media(one["nom"]))
        for one in json.loads(body).get("fichiers", ())
    }
    place = folder / MANIFEST
    found[MANIFEST] = PacketFile(MANIFEST, place, len(body), hashlib.sha256(body).hexdigest(), _media(MANIFEST))
    within = folder.resolve()
    return {name: one for name, one in found.items() if one.place.resolve().is_relative_to(within)}


def zipped(packet: PacketLine, found: PacketFiles) -> Path:
    """All files as one ZIP, in a file that the caller removes; the same packet gives the same bytes.

    Raises NotFound where the packet is not in the outbox, OSError.
    """
    if not found.there:
        raise NotFound(f"La liasse {packet_number(packet.id)} n’est plus là.")
    with (
        tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
    ):
        for name, one in sorted(found.files.items()):
            archive.writestr(zipfile.ZipInfo(f"{packet_number(packet.id)}/{name}", _DAY), one.place.read_bytes())
    return Path(file.name)


def _media(name: str) -> str:
    return _MEDIA.get(Path(name).suffix, _BINARY)
