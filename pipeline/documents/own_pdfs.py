"""PDFs that come whole (a centre's own, a joined file): made inert before they are bound, the binding rehearsed."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from functools import lru_cache

import pikepdf

from pipeline.core.errors import ConversionError, FormRejected
from pipeline.documents.binding.assembly import assemble, settle_piece
from pipeline.documents.binding.marks import Stamp
from pipeline.documents.binding.pieces import Document
from pipeline.documents.binding.watermark import watermarked
from pipeline.sandbox.inert import inert
from pipeline.sandbox.inert_tags import keep_tags

_SOME_DAY = dt.date(2025, 1, 1)
_PACKET = "0" * 12


@lru_cache(maxsize=8)
def inert_pdf(data: bytes, title: str) -> bytes:
    """What the PDF shows, its tags, and nothing that acts; raises ConversionError for one that cannot be bound.

    The centre's own PDF is made so each time, as it lies there to be replaced, and a joined one again: it may have
    been joined by a release that let more pass.
    """
    try:
        return inert(data, keep_tags)
    except FormRejected as error:
        raise ConversionError(f"the PDF of « {title} » cannot be bound: {error} ({error.reason})") from error
    except Exception as error:  # whatever a damaged file makes of the library
        raise ConversionError(f"the PDF of « {title} » cannot be bound ({error}). Print it to a new PDF.") from error


def try_binding(data: bytes, title: str, *, pdfa: bool) -> None:
    """Do with a PDF that was made inert all that a packet, a projet or a paper apart does with it, and keep nothing.

    Raises ConversionError for whatever goes wrong.
    """
    try:
        _bind(data, title, pdfa=pdfa)
    except ConversionError:
        raise
    except Exception as error:  # whatever the libraries raise on what they cannot take
        raise ConversionError(
            f"the PDF of « {title} » cannot be bound ({type(error).__name__}). Print it to a new PDF."
        ) from error


def _bind(data: bytes, title: str, *, pdfa: bool) -> None:
    with pikepdf.open(io.BytesIO(data)) as opened:
        pages = len(opened.pages)
    for pdf in (data, watermarked(data, title)):
        settled = settle_piece(pdf, title=title, on=_SOME_DAY, pdfa=pdfa, stamp=Stamp(_PACKET))
        piece = Document("essai", title, None, settled, pages, "essai", hashlib.sha256(data).hexdigest())
        assemble((piece, piece), title=title, packet_id=_PACKET, on=_SOME_DAY, pdfa=pdfa)


def get_ready() -> None:
    """Load what a rehearsal needs of the disk: in the jail there is none."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        blank = io.BytesIO()
        pdf.save(blank)
    _bind(blank.getvalue(), "", pdfa=False)
