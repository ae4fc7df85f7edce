"""Use case: the pages of a form, its letter or its packet as images, drawn once and kept beside its pictures."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.core.errors import NotFound
from pipeline.core.models import Form, packet_number
from pipeline.dossier.context import Context
from pipeline.ledger.entries import Entry
from pipeline.ledger.packet_store import PacketLine
from pipeline.pictures.whole_pages import PageImage, page_images

LETTER = "lettre-de-complement.pdf"
_CROPS, _FORM = "crops", "pages"


def form_images(context: Context, form: Form) -> tuple[PageImage, ...]:
    """The pages of a received form; none of a Word document, nor of one that was purged."""
    return page_images(form.path, context.workspace.memory / _CROPS / form.id / _FORM)


def packet_images(context: Context, packet: PacketLine, file: str) -> tuple[PageImage, ...]:
    """The pages of a file of a packet; none once the packet was purged."""
    kept = context.workspace.memory / _CROPS / f"{packet.sha256[:8]}-{packet_number(packet.id)}" / Path(file).stem
    return page_images(context.workspace.outbox / packet.folder / file, kept)


def image_of(pages: tuple[PageImage, ...], number: int) -> PageImage:
    """One of these pages, from 1; raises NotFound."""
    if not 1 <= number <= len(pages):
        raise NotFound(f"Il n’y a pas de page {number}.")
    return pages[number - 1]


def letter_images(context: Context, entry: Entry) -> tuple[PageImage, ...]:
    """The pages of the letter that goes back with a form; another letter is drawn anew."""
    letter = context.workspace.to_complete / entry.form.id / LETTER
    try:
        mark = hashlib.sha256(letter.read_bytes()).hexdigest()[:12]
    except OSError:
        return ()
    return page_images(letter, context.workspace.memory / _CROPS / entry.form.id / f"lettre-{mark}")
