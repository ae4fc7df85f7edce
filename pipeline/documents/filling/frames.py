"""Frames of pictures: how large the place is that a tag stands in, in points; a cell, a text box, a frame of text."""

from __future__ import annotations

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_EMU = 12700  # in a point
_TWIPS = 20  # in a point
_CELL_RIM, _BOX_RIM = 10.8, (14.4, 7.2)  # Word's own margins, both sides together
_HEAD = (120.0, 34.0)  # points: what a head of paper holds
_COLUMN = 450.0
Frame = tuple[float | None, float | None]


def frame_of(paragraph: Any) -> Frame:  # noqa: ANN401 -- an lxml element
    """Width and height of the nearest frame around a paragraph; ``None`` for what it leaves free."""
    for around in paragraph.iterancestors(f"{_W}tc", f"{_W}txbxContent"):
        return _of_cell(around) if around.tag == f"{_W}tc" else _of_box(around)
    framed = paragraph.find(f"{_W}pPr/{_W}framePr")
    if framed is not None:
        return _points(framed.get(f"{_W}w")), _points(framed.get(f"{_W}h"))
    return None, None


def scaled(native: tuple[int, int], frame: Frame, *, logo: bool) -> tuple[int, int]:
    """The size of a picture in EMU, its proportions kept: as large as its frame, or as a head of paper for a logo."""
    width, height = frame
    if width is None and height is None:
        width, height = _HEAD if logo else (min(native[0] / _EMU, _COLUMN), None)
    scales = [side * _EMU / own for side, own in zip((width, height), native, strict=True) if side]
    return int(native[0] * min(scales)), int(native[1] * min(scales))


def _of_cell(cell: Any) -> Frame:  # noqa: ANN401 -- an lxml element
    wide = cell.find(f"{_W}tcPr/{_W}tcW")
    width = _points(wide.get(f"{_W}w")) if wide is not None and wide.get(f"{_W}type", "dxa") == "dxa" else None
    tall = cell.getparent().find(f"{_W}trPr/{_W}trHeight")
    height = _points(tall.get(f"{_W}val")) if tall is not None else None
    return (width - _CELL_RIM if width and width > _CELL_RIM else None), height


def _of_box(box: Any) -> Frame:  # noqa: ANN401 -- an lxml element
    for drawn in box.iterancestors(f"{_WP}inline", f"{_WP}anchor"):
        extent = drawn.find(f"{_WP}extent")
        if extent is not None:
            return int(extent.get("cx")) / _EMU - _BOX_RIM[0], int(extent.get("cy")) / _EMU - _BOX_RIM[1]
    return None, None


def _points(twips: str | None) -> float | None:
    return int(twips) / _TWIPS if twips and twips.isdecimal() and int(twips) else None
