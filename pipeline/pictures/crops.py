"""Page rendering for the person who decides: the zone of each doubt, and pages with what was read on them.

The file is a stranger's: its pages are drawn by PDFium in the jail, which answers pixels and nothing else; the PNG
files are made of them here. A Word document has no pages to show.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from pipeline.core.errors import FormRejected, ReadingStopped
from pipeline.core.models import FieldReading, Form
from pipeline.core.modes import private_file, private_folder
from pipeline.core.refusals import Refusal, refused
from pipeline.core.workspace import Workspace
from pipeline.forms.fonts import font_file
from pipeline.pictures.page_drawings import Mark, crops_of, overlays_of
from pipeline.pictures.pixels import png_of
from pipeline.sandbox.jail import run
from pipeline.sandbox.quotas import Limits

_LIMITS = Limits(memory=2_000_000_000, cpu=60, answer=60_000_000)
_NAME = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")  # a field's path or a page's number: a file name too


def crop_doubts(form: Form, doubts: Iterable[FieldReading], workspace: Workspace) -> dict[str, Path]:
    """Field to the picture of its zone, for the doubts that have a place on a page; empty if no page can be drawn.

    They lie in ``.liasse/crops/<form id>/``, readable by us alone; those of doubts that are settled are deleted.
    """
    marks = [_mark(doubt) for doubt in doubts if doubt.page is not None and doubt.box is not None]
    folder = workspace.memory / "crops" / form.id
    pictures: dict[str, bytes] = {}
    if marks:
        with suppress(FormRejected, ReadingStopped):  # a page that cannot be drawn is looked at in the file itself
            pictures = _drawn(form.path, partial(crops_of, marks=marks))
    for old in folder.glob("*.png"):
        if old.stem not in pictures:
            old.unlink()
    return {path: _keep(folder, path, picture) for path, picture in pictures.items()}


def draw_overlays(path: Path, fields: Iterable[FieldReading], labels: Callable[[FieldReading], str]) -> list[bytes]:
    """The pages of a form as PNG, what was read listed beside its boxes, doubts in orange; none for Word."""
    marks = [_mark(entry, labels(entry)) for entry in fields if entry.page is not None and entry.box is not None]
    if not marks:
        return []
    pages = _drawn(path, partial(overlays_of, marks=marks, font=str(font_file())))
    return [pages[name] for name in sorted(pages)]


def _mark(entry: FieldReading, text: str = "") -> Mark:
    return Mark(entry.path, entry.page or 1, entry.box or (0.0, 0.0, 0.0, 0.0), text, entry.doubt is not None)


def _drawn(path: Path, work: Callable[[bytes], dict[str, str]]) -> dict[str, bytes]:
    """What the jailed child drew, by name, if it is what was asked: pictures under plain names."""
    source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(work, source, limits=_LIMITS)
    finally:
        os.close(source)
    unfit = refused(Refusal.STOPPED)
    try:
        pictures = {str(name): png_of(packed) for name, packed in answer.items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise unfit from error
    if not all(map(_NAME.fullmatch, pictures)):
        raise unfit
    return pictures


def _keep(folder: Path, name: str, picture: bytes) -> Path:
    path = private_folder(folder) / f"{name}.png"
    with private_file(path) as file:
        file.write(picture)
    return path
