"""Whether two packets show the same: each page drawn by pdfium, and the pixels that differ counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2

_DPI = 60
_SHADE = 64  # of 255: less is how a line falls between two pixels
_FOOT = 30.0  # points: the page numbers of the packet
_MARGIN = 60.0  # points: the codes, left or right


def differing(one: Path, other: Path) -> list[int]:
    """How many pixels differ on each page, page numbers and codes left out; raises ValueError for other pages."""
    ours, theirs = _pages(one), _pages(other)
    if [page.shape for page in ours] != [page.shape for page in theirs]:
        raise ValueError(f"{len(ours)} pages against {len(theirs)}")
    return [int((np.abs(a - b) > _SHADE).any(axis=2).sum()) for a, b in zip(ours, theirs, strict=True)]


def _pages(pdf: Path) -> list[np.ndarray]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [_shown(page) for page in document]


def _shown(page: pypdfium2.PdfPage) -> np.ndarray:
    drawn = page.render(scale=_DPI / 72).to_numpy().astype(np.int16)
    foot, margin = round(_FOOT * _DPI / 72), round(_MARGIN * _DPI / 72)
    return drawn[:-foot, margin:-margin]
