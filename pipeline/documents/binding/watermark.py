"""Watermark of a projet: the word across every page, so that no sheet of it is taken for one to sign.

The letters are hollow, drawn over the page: what is printed stays readable. They are an artifact, no text of the
document.
"""

from __future__ import annotations

import io
import math
from typing import Any

import pikepdf

from pipeline.documents.binding.lettering import Lettering, lettering
from pipeline.documents.binding.metadata import opened_pdf

WORDS = "PROJET – NE PAS SIGNER"
_SHARE = 0.82  # of the page's diagonal
_LINE, _GREY = 0.9, 0.55
_TURNED = {90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}  # cosine and sine of what a viewer turns


def watermarked(pdf: bytes, title: str) -> bytes:
    """The PDF with the watermark on each of its pages; raises ConversionError if it cannot be opened."""
    letters = lettering("".join(sorted(set(WORDS))))
    with opened_pdf(pdf, title) as opened:
        font = letters.embed(opened)
        save = opened.make_stream(b"q\n")
        for page in opened.pages:
            _draw(opened, page, letters, font, save)
        whole = io.BytesIO()
        opened.save(whole, deterministic_id=True)
    return whole.getvalue()


def _draw(
    pdf: pikepdf.Pdf, page: pikepdf.Page, letters: Lettering, font: pikepdf.Object, save: pikepdf.Object
) -> None:
    page.obj.Resources = pikepdf.Dictionary(_inherited(page.obj, "/Resources") or {})
    fonts = pikepdf.Dictionary(page.obj.Resources.get("/Font", pikepdf.Dictionary()))
    fonts["/LiasseProjet"] = font
    page.obj.Resources.Font = fonts
    old = page.obj.get("/Contents", ())
    inside = list(old.as_list()) if isinstance(old, pikepdf.Array) else [old] if old else []
    drawn = pdf.make_stream(_words(page, letters).encode("ascii"))
    page.obj.Contents = pikepdf.Array([save, *inside, drawn])


def _words(page: pikepdf.Page, letters: Lettering) -> str:
    """The drawing: along the diagonal of the page as people see it, from below left to above right."""
    x0, y0, x1, y1 = (float(number) for number in page.cropbox)
    turn = int(_inherited(page.obj, "/Rotate") or 0) % 360
    wide, high = (y1 - y0, x1 - x0) if turn in (90, 270) else (x1 - x0, y1 - y0)
    length = math.hypot(wide, high) * _SHARE
    size = length / letters.width(WORDS, 1)
    along, up = wide / math.hypot(wide, high), high / math.hypot(wide, high)
    cosine, sine = _TURNED.get(turn, (1.0, 0.0))
    a, b = along * cosine - up * sine, along * sine + up * cosine
    rise = size * 0.35  # half the height of a capital
    x = (x0 + x1) / 2 - a * length / 2 + b * rise
    y = (y0 + y1) / 2 - b * length / 2 - a * rise
    return (
        "Q\n/Artifact <</Type /Pagination /Subtype /Watermark>> BDC\n"
        f"q BT /LiasseProjet {size:.2f} Tf 1 Tr {_LINE} w {_GREY} G "
        f"{a:.5f} {b:.5f} {-b:.5f} {a:.5f} {x:.2f} {y:.2f} Tm <{letters.codes(WORDS)}> Tj ET Q\nEMC\n"
    )


def _inherited(node: pikepdf.Object, name: str) -> Any:  # noqa: ANN401 -- whatever stands there
    """What a page says, or the nodes above it."""
    while name not in node and "/Parent" in node:
        node = node.Parent
    return node.get(name)
