"""Layout cache: every layout of the workspace compiled for reading, its blank printed once, both kept.

LibreOffice prints the annotated blanks, which are the school's own documents; nothing of a student's goes near it.
While neither a layout's files, nor the schema, nor we have changed, nothing is printed, opened or compiled again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from pipeline import __version__
from pipeline.blanks import compiling, kept_templates, lint
from pipeline.blanks.edition_store import open_blanks
from pipeline.blanks.keeping import keep_file
from pipeline.core.errors import ConfigError, FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.workspace import Workspace
from pipeline.documents.libreoffice import convert
from pipeline.forms.layouts import Layout, load_layouts
from pipeline.forms.wording import refuse_faulty_words
from pipeline.reading import alignment
from pipeline.reading.known_forms import KnownForms

_CACHE = "layouts"


def open_layouts(workspace: Workspace, dictionary: Dictionary) -> tuple[alignment.Compiled, ...]:
    """The layouts of the workspace, compiled; raises ConfigError or TemplateError for one that cannot be.

    A school's own words that cannot be followed are a ConfigError too: a child would only find them in its way.
    """
    refuse_faulty_words(dictionary)
    return compile_layouts(load_layouts(workspace, dictionary), dictionary, workspace.memory)


def open_forms(workspace: Workspace, dictionary: Dictionary) -> KnownForms:
    """All that a reader may recognise in a workspace: every edition of its blanks, and its layouts."""
    return KnownForms(open_blanks(workspace, dictionary), open_layouts(workspace, dictionary), dictionary)


def compile_layouts(
    layouts: Iterable[Layout], dictionary: Dictionary, memory: Path
) -> tuple[alignment.Compiled, ...]:
    """The layouts compiled; printed blanks are kept under ``memory`` if that folder is there."""
    layouts = tuple(layouts)
    if not layouts:
        return ()
    places = {layout.id: memory / _CACHE / f"{layout.sha256}.json" for layout in layouts}
    marks = kept_templates.fingerprints(layouts, dictionary)
    ready = {
        layout.id: kept
        for layout in layouts
        if (kept := _kept(places[layout.id], marks[layout.id], layout, dictionary)) is not None
    }
    fresh = [layout for layout in layouts if layout.id not in ready]
    printed = _printed(fresh, memory / _CACHE)
    for layout in fresh:
        ready[layout.id] = compiled = _compiled(layout, dictionary, printed.get(layout.id))
        if memory.is_dir():
            keep_file(places[layout.id], kept_templates.encoded(compiled, marks[layout.id]))
    return tuple(ready[layout.id] for layout in layouts)


def _kept(place: Path, mark: str, layout: Layout, dictionary: Dictionary) -> alignment.Compiled | None:
    """The layout as it was compiled last time, if that is still what it would be."""
    try:
        return kept_templates.decoded(place.read_bytes(), mark, layout, dictionary)
    except OSError:
        return None


def _compiled(layout: Layout, dictionary: Dictionary, printed: bytes | None) -> alignment.Compiled:
    try:
        one = compiling.compile_layout(layout, dictionary, printed)
        unsafe = any(True for _ in lint.unsafe_places(one, dictionary))
    except FormRejected as error:
        raise ConfigError(f"{layout.blank}: the blank of this layout cannot be opened. {error}") from error
    return replace(one, trust=alignment.Trust.ORDER) if unsafe else one


def fingerprint(workspace: Workspace, dictionary: Dictionary, known: KnownForms) -> str:
    """What stands for all that decides what is read: our version, fields, formations, editions, layouts, words."""
    digest = hashlib.sha256(f"{__version__}\n{dictionary.version}\n".encode())
    for path in workspace.models("*/formation.toml"):
        digest.update(path.read_bytes())
    for mark in sorted(known.own.editions):
        digest.update(f"{mark}\n".encode())
    for compiled in known.layouts:
        digest.update(f"{compiled.layout.id} {compiled.layout.sha256}\n".encode())
    digest.update(dictionary.lexicon.own.encode())
    return digest.hexdigest()


def _printed(layouts: Collection[Layout], cache: Path) -> dict[str, bytes]:
    """The Word blanks as PDF, from the cache or through LibreOffice, all the missing ones in one run."""
    places = {layout.id: cache / f"{layout.sha256}.pdf" for layout in layouts}
    kept = {name: place.read_bytes() for name, place in places.items() if place.is_file()}
    blanks = {layout.id: compiling.for_printing(layout) for layout in layouts if layout.id not in kept}
    wanted = {name: blank for name, blank in blanks.items() if blank is not None}
    fresh = convert(wanted) if wanted else {}
    if cache.parent.is_dir():
        for name, pdf in fresh.items():
            keep_file(places[name], pdf)
    return kept | fresh
