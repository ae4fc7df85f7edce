"""The same packet by the functions that ``liasse batch`` calls: filled, converted, proved, measured, put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.core.models import Edition
from pipeline.core.units import ONLY_UNIT, Unit
from pipeline.documents.binding.marks import Stamp
from pipeline.documents.drafts import Draft, sha256
from pipeline.documents.filling import fill
from pipeline.documents.finishing import bind, finish
from pipeline.documents.libreoffice import convert_each
from pipeline.storage.spool import publish

DAY = dt.date(2025, 3, 17)
SIGNED = "convention"
EDITION = Edition("2024-001", 1)
UNIT = Unit(ONLY_UNIT, "Liasse de stage", "liasse.pdf")


def make(
    templates: Mapping[str, Path], context: Mapping[str, Any], anchors: Sequence[str], number: str, place: Path
) -> Path:
    """The packet and its pieces written in ``place``, on the disk for good; returns the packet's path."""
    drafts: dict[str, Draft] = {}

    def word_files() -> Iterator[tuple[str, bytes]]:
        for rank, (name, template) in enumerate(templates.items(), 1):
            filled = fill(template, context, title=name.capitalize())
            signing = tuple({"ancre": anchor, "titre": anchor} for anchor in anchors) if name == SIGNED else ()
            drafts[name] = Draft(
                name, name.capitalize(), rank, name, sha256(template.read_bytes()), filled, signing=signing
            )
            yield name, filled.docx

    papers = [finish(drafts[name], pdf, DAY, pdfa=False) for name, pdf in convert_each(word_files())]
    (bound,) = bind(papers, (UNIT,), Stamp(number, EDITION), DAY, pdfa=False)
    packet = bound.pdf
    files = {"liasse.pdf": packet, "manifest.json": sha256(packet).encode()}
    for _, document in papers:
        files[f"pieces/{document.code}.pdf"] = document.pdf
        files[f"pieces/{document.code}.docx"] = document.docx or b""
    publish(place, files, manifest="manifest.json")
    return place / "liasse.pdf"
