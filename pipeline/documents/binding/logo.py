"""The school's logo on the first page of a paper that liasse fills: where the page is empty, at its head.

An artifact, no text of the document. A page without an empty place keeps none: what is printed is never covered.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import pikepdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.models import Box
from pipeline.documents.binding.metadata import opened_pdf
from pipeline.documents.binding.signatures import occupied
from pipeline.documents.opened import Opened

_WIDEST, _HIGHEST = 120.0, 34.0  # points
_SIDE, _TOP, _RIM = 42.5, 14.0, 3.0  # from the edges of the page, and of white around it


def is_image(data: bytes) -> bool:
    """Whether it can be drawn."""
    try:
        _drawn(data)
    except Exception:  # noqa: BLE001 -- whatever the decoder says of a damaged picture
        return False
    return True


def with_logo(pdf: bytes, logo: bytes, title: str) -> bytes:
    """The PDF with the logo on its first page; as it was, where there is no room. Raises ConversionError."""
    width, height, drawing = _drawn(logo)
    with Opened(pdf) as opened:
        place = _free_place(opened.pages[0], width, height)
    if place is None:
        return pdf
    with opened_pdf(pdf, title) as document, pikepdf.open(io.BytesIO(drawing)) as drawn:
        page = document.pages[0]
        picture = document.copy_foreign(drawn.pages[0].as_form_xobject())
        name = page.add_resource(picture, pikepdf.Name.XObject, name=pikepdf.Name("/LiasseLogo"))
        stream = f"Q\n/Artifact <</Type /Layout>> BDC\nq 1 0 0 1 {place[0]:g} {place[1]:g} cm {name} Do Q\nEMC\n"
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(stream.encode("ascii"))
        whole = io.BytesIO()
        document.save(whole, deterministic_id=True)
    return whole.getvalue()


@lru_cache(maxsize=1)
def _drawn(logo: bytes) -> tuple[float, float, bytes]:
    """The logo as a page of its own size, no larger than a head of paper holds: width, height, PDF."""
    picture = ImageReader(_on_screen(logo))
    wide, high = picture.getSize()
    scale = min(_WIDEST / wide, _HIGHEST / high)
    width, height = wide * scale, high * scale
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(width, height), invariant=1)
    canvas.drawImage(picture, 0, 0, width, height, mask="auto")
    canvas.save()
    return width, height, page.getvalue()


def _on_screen(logo: bytes) -> Any:  # noqa: ANN401 -- a file, or Pillow's image: reportlab takes both
    """The logo in the colours of a screen: a printer's (CMYK) would be no PDF/A beside an sRGB profile."""
    with Image.open(io.BytesIO(logo)) as image:
        return image.convert("RGB") if image.mode == "CMYK" else io.BytesIO(logo)


def _free_place(page: Any, width: float, height: float) -> tuple[float, float] | None:  # noqa: ANN401 -- pypdfium2's
    """The lower left corner of the first empty place of that size at the head of the page: left, then right."""
    left, _, right, top = page.get_cropbox()
    taken = occupied(page)
    y = top - _TOP - height
    for x in (left + _SIDE, right - _SIDE - width, (left + right - width) / 2):
        if not any(_touch((x - _RIM, y - _RIM, x + width + _RIM, y + height + _RIM), other) for other in taken):
            return round(x, 2), round(y, 2)
    return None


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
