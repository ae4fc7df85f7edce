"""Data classes of a packet: documents with their signature boxes and QR codes, and the packet that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.core.decisions import Joined
from pipeline.core.models import Box
from pipeline.core.units import ONLY_UNIT, Unit


@dataclass(frozen=True)
class SignatureBox:
    """Signature field of one person: its name, and a measured box in PDF points from the bottom left.

    ``tag`` is the marked content of its page in which the mark stood, ``label`` what a screen reader says of it.
    """

    name: str
    role: str
    page: int
    box: Box
    tag: int | None = None
    label: str = ""


@dataclass(frozen=True)
class CodePlace:
    """An empty place of a page for its QR code: its bottom left corner and its side, in points."""

    page: int
    x: float
    y: float
    side: float


@dataclass(frozen=True)
class Document:
    """One piece of the packet: the Word file that was filled and the PDF that LibreOffice made of it.

    ``unit`` is the code of the signing unit it is bound in, ``None`` for one that is handed out apart. ``joined``
    tells of a file that a person joined: then ``template_sha256`` is the hash of what they gave.
    """

    code: str
    title: str
    docx: bytes | None
    pdf: bytes
    pages: int
    template: str
    template_sha256: str
    boxes: tuple[SignatureBox, ...] = ()
    codes: tuple[CodePlace, ...] = ()
    unit: str | None = ONLY_UNIT
    joined: Joined | None = None


@dataclass(frozen=True)
class BoundUnit:
    """One PDF that is signed at one moment: the unit, its documents in order, and the bytes."""

    unit: Unit
    documents: tuple[Document, ...]
    pdf: bytes = field(repr=False)

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return sum(document.pages for document in self.documents)


@dataclass(frozen=True)
class Packet:
    """The assembled files by name in the packet's folder, delivered by one rename; ``pages``: of what is signed.

    ``missing`` is what keeps it from being signed: it is a projet, without any signature field.
    """

    id: str
    folder: Path
    files: Mapping[str, bytes] = field(repr=False)
    pages: int
    signature_names: tuple[str, ...]
    missing: tuple[str, ...] = ()
