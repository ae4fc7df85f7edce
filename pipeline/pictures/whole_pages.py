"""Page images of a form or a packet, with the text of each page for who hears it; drawn in the jail, and kept.

They lie beside the form's other pictures in ``.liasse/crops/``, readable by us alone, and are removed with them.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pypdfium2

from pipeline.core.errors import FormRejected, ReadingStopped
from pipeline.core.modes import private_file, private_folder
from pipeline.pictures.page_drawings import opened_pages, packed
from pipeline.pictures.pixels import png_of, size_of
from pipeline.sandbox.jail import run
from pipeline.sandbox.opening import opened
from pipeline.sandbox.quotas import Limits

_LIMITS = Limits(memory=2_000_000_000, cpu=60, answer=120_000_000)
_DOTS = 110 / 72  # pixels a point
_AT_ONCE = 6  # pages drawn in one child
_MOST = 60
_LONGEST = 20_000  # characters of the text of a page
_LIST = "pages-1.json"  # another number when what is kept is another
_TURN = threading.Lock()


@dataclass(frozen=True)
class PageImage:
    """One page: its PNG, its size in pixels and in points, its text as the file has it."""

    number: int
    file: Path
    width: int
    height: int
    points: tuple[float, float]
    text: str


def page_images(source: Path, folder: Path) -> tuple[PageImage, ...]:
    """The pages of a PDF or a photograph, drawn once into a folder; none for what cannot be drawn."""
    kept = _kept(folder)
    if kept is None:
        with _TURN:  # a page that many ask for at once is drawn once
            kept = _kept(folder)
            if kept is None:
                with suppress(FormRejected, ReadingStopped, OSError):
                    _draw(source, folder)
                kept = _kept(folder)
    return kept or ()


def _kept(folder: Path) -> tuple[PageImage, ...] | None:
    try:
        said = json.loads((folder / _LIST).read_bytes())
    except (OSError, ValueError):
        return None
    return tuple(
        PageImage(
            number, folder / f"{number:02d}.png", one["width"], one["height"], tuple(one["points"]), one["text"]
        )
        for number, one in enumerate(said, 1)
    )


def _draw(source: Path, folder: Path) -> None:
    pages: list[dict[str, object]] = []
    while len(pages) < _MOST:
        drawn = _some(source, len(pages) + 1)
        for packed_page, points, text in drawn:
            png = png_of(packed_page)
            _write(folder / f"{len(pages) + 1:02d}.png", png)
            width, height = size_of(png)
            pages.append({"width": width, "height": height, "points": points, "text": text})
        if len(drawn) < _AT_ONCE:
            break
    _write(folder / _LIST, json.dumps(pages, ensure_ascii=False).encode())


def _some(source: Path, first: int) -> Sequence[tuple[str, tuple[float, float], str]]:
    """Some pages from that one on, as the jailed child drew them; nothing of an answer that is none."""
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(partial(pages_of, first=first), descriptor, limits=_LIMITS)
    finally:
        os.close(descriptor)
    found = []
    with suppress(TypeError, ValueError):
        for packed_page, wide, high, text in answer:
            png_of(packed_page)
            found.append((str(packed_page), (float(wide), float(high)), str(text)[:_LONGEST]))
    return found


def pages_of(data: bytes, *, first: int) -> list[tuple[str, float, float, str]]:
    """Pages from ``first`` on as pixels (``packed``), their size in points, their text; in the jailed child."""
    found = []
    texts = _texts(data, first)
    with opened_pages(data, _DOTS) as draw:
        for number in range(first, first + _AT_ONCE):
            image, scale = draw(number)
            if image is None:
                break
            text = texts[number - first] if number - first < len(texts) else ""
            found.append((packed(image), image.width / scale, image.height / scale, text))
    return found


def _texts(data: bytes, first: int) -> list[str]:
    """The texts of these pages; none of a photograph."""
    data = opened(data)
    if not data.startswith(b"%PDF-"):
        return []
    pdf = pypdfium2.PdfDocument(data)
    try:
        return [
            pdf[at - 1].get_textpage().get_text_bounded() for at in range(first, min(first + _AT_ONCE, len(pdf) + 1))
        ]
    finally:
        pdf.close()


def _write(path: Path, data: bytes) -> None:
    private_folder(path.parent)
    with private_file(path) as file:
        file.write(data)
