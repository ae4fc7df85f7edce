"""Data classes of a packet: documents with their signature boxes and QR codes, and the packet that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.core.models import Box


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
    """One piece of the packet: the Word file that was filled and the PDF that LibreOffice made of it."""

    code: str
    title: str
    docx: bytes | None
    pdf: bytes
    pages: int
    template: str
    template_sha256: str
    boxes: tuple[SignatureBox, ...] = ()
    codes: tuple[CodePlace, ...] = ()


@dataclass(frozen=True)
class Packet:
    """The assembled files, by name inside the packet's folder, ready to be delivered by one rename."""

    id: str
    folder: Path
    files: Mapping[str, bytes] = field(repr=False)
    pages: int
    signature_names: tuple[str, ...]
