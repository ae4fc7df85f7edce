"""Layout diagnostics: what is wrong with layouts, what they would read of forms, and what there is."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.blanks.compiling import for_printing
from pipeline.blanks.edition_store import open_blanks
from pipeline.blanks.layout_cache import compile_layouts
from pipeline.blanks.lint import lint
from pipeline.core.errors import ConfigError, FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.models import FieldReading, Form, Reading, Severity
from pipeline.core.modes import make_folder, private_file
from pipeline.core.workspace import Workspace
from pipeline.documents.libreoffice import convert
from pipeline.forms.layouts import Finding, Layout, layout_folders, load_layout
from pipeline.pictures.crops import draw_overlays
from pipeline.reading.alignment import Compiled
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.reader import read
from pipeline.reading.warming import preload
from pipeline.sandbox.sniff import SUFFIXES
from pipeline.teaching.draft import load_drafts


@dataclass(frozen=True)
class Listed:
    """Row of ``forms list``: ``fields`` is how many fields the layout asks, ``in_use`` false for a draft."""

    layout: Layout
    fields: int
    channels: tuple[str, ...]
    in_use: bool


@dataclass(frozen=True)
class Tried:
    """Trial result of one form: its reading or why there is none, and the pictures written."""

    path: Path
    reading: Reading | None
    refusal: str
    seconds: float
    pictures: tuple[Path, ...]


def known_layouts(workspace: Workspace) -> tuple[tuple[Layout, bool], ...]:
    """Every layout with whether it is in use; drafts come last."""
    used = [(load_layout(folder), True) for folder in layout_folders(workspace)]
    return (*used, *((layout, False) for layout in load_drafts(workspace)))


def list_forms(workspace: Workspace, dictionary: Dictionary) -> Iterator[Listed]:
    """Each layout with its fields and the kinds of files it can be read from."""
    for layout, in_use in known_layouts(workspace):
        names = {
            item.placeholder.path
            for compiled in _compiled([layout], workspace, dictionary)
            for item in compiled.template.items
            if item.placeholder and not item.placeholder.ignored
        }
        first = ("docx",) if layout.blank.suffix == ".docx" else ("acroform",) if layout.acroform else ()
        yield Listed(layout, len(names), (*first, "pdf", "scan"), in_use)


def lint_forms(
    names: Sequence[str], *, workspace: Workspace, dictionary: Dictionary
) -> Iterator[tuple[Layout, list[Finding]]]:
    """What there is to say of each layout named (« fiche-iut » or « commun/fiche-iut »), or of all, drafts included.

    Raises ConfigError for a name that no layout has.
    """
    known = known_layouts(workspace)
    chosen = [layout for layout, _ in known if not names or layout.id in names or layout.folder.name in names]
    unknown = [name for name in names if not any(name in (one.id, one.folder.name) for one in chosen)]
    if unknown:
        raise ConfigError(f"pas de formulaire « {unknown[0]} » : « liasse forms list » les nomme.")
    others = _compiled([layout for layout, used in known if used], workspace, dictionary)
    for layout in chosen:
        findings = lint(layout, dictionary, _print(layout), others)
        if layout.version in ("?", "à dater"):
            where = f"{layout.folder.name} : version n’est pas dite. Écrivez l’édition imprimée, ou son année."
            findings.append(Finding(Severity.WARNING, where))
        yield layout, findings


def try_forms(
    folder: Path, *, workspace: Workspace, dictionary: Dictionary, today: dt.date, to: Path
) -> Iterator[Tried]:
    """Read each form of a folder with every layout, drafts included; pictures of PDF pages are written in ``to``."""
    forms = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
    if not forms:
        raise ConfigError(
            f"{folder} ne contient aucun formulaire : mettez-y deux ou trois copies remplies (PDF, Word, scan)."
        )
    layouts = _compiled([layout for layout, _ in known_layouts(workspace)], workspace, dictionary)
    known = KnownForms(open_blanks(workspace, dictionary), layouts, dictionary)
    make_folder(to)
    preload()
    for path in forms:
        form = Form(hashlib.sha256(path.read_bytes()).hexdigest(), path.absolute(), path.name, today)
        start, reading, refusal = time.perf_counter(), None, ""
        try:
            reading = read(form, known)
        except FormRejected as rejection:
            refusal = f"{rejection.reason} : {rejection.message}"
        seconds = time.perf_counter() - start
        yield Tried(path, reading, refusal, seconds, tuple(_pictures(path, reading, to)) if reading else ())


def _compiled(layouts: Sequence[Layout], workspace: Workspace, dictionary: Dictionary) -> tuple[Compiled, ...]:
    """The layouts that can be compiled; the lint says what is wrong with the others."""
    compiled: list[Compiled] = []
    for layout in layouts:
        try:
            compiled.extend(compile_layouts([layout], dictionary, workspace.memory))
        except ConfigError:
            continue
    return tuple(compiled)


def _print(layout: Layout) -> bytes | None:
    """The blank as LibreOffice prints it; ``None`` when it cannot be opened, which the lint then says."""
    try:
        docx = for_printing(layout)
    except FormRejected:
        return None
    return convert({"blank": docx})["blank"] if docx is not None else None


def _pictures(path: Path, reading: Reading, to: Path) -> Iterator[Path]:
    places = {
        (entry.page, entry.box): entry
        for entry in reversed(reading.fields)  # a combined place stands before the fields that it gives
        if entry.value is not None or entry.doubt
    }
    fields = sorted(places.values(), key=lambda entry: (entry.page or 0, entry.box[1] if entry.box else 0.0))
    for number, picture in enumerate(draw_overlays(path, fields, _label), start=1):
        place = to / f"{path.name}-p{number}.png"
        with private_file(place) as file:
            file.write(picture)
        yield place


def _label(entry: FieldReading) -> str:
    code = entry.doubt.code if entry.doubt else ""
    value = (
        ""
        if entry.value is None
        else "oui"
        if entry.value is True
        else "non"
        if entry.value is False
        else str(entry.value)
    )
    return f"{entry.path} = {value}{f' ({code})' if code else ''}"
