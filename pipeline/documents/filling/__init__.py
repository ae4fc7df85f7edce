"""Template renderer: Word templates compiled once, rendered in a sandbox, always to the same bytes.

A template is known by its bytes: one that was edited a moment ago is another template. Made ready once, it is filled
many times: docxtpl's own patching gives the source, Jinja compiles it once, only the parts that change are rendered
and deflated, and what docxtpl does to a rendered part is done only where it can change something: line breaks where
a value has some, tables whose grid may not fit, drawings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.core.models import get
from pipeline.core.timing import step
from pipeline.documents.filling.archive import Entry, deflate, sort_key, write_archive
from pipeline.documents.filling.composing import composed, nearby, prints_logo
from pipeline.documents.filling.language import FAULTS, Filled, Notes, NotText, blaming, with_notes
from pipeline.documents.filling.parts import Body, Footnotes, Page, Properties
from pipeline.documents.filling.plain import OpenTemplate, fill_plainly, prove, saved
from pipeline.documents.filling.preparation import prepare
from pipeline.documents.printable import Picture

__all__ = ["Filled", "fill", "fill_plainly"]
_KEPT = 64  # templates, the least used dropped first
_QUICK, _SMALL = 1, 9  # zlib's levels: for what is made for each document, and for what is made once


@dataclass(frozen=True)
class CompiledTemplate:
    """The parts of a template, in the order that docxtpl renders them; those that never change, deflated already."""

    body: Body
    pages: tuple[Page, ...]
    properties: Properties
    footnotes: tuple[Footnotes, ...]
    entries: tuple[Entry | str, ...]  # in the order of the zip; a name stands for a part that changes

    def fill(self, context: Mapping[str, Any], title: str) -> Filled:
        """The document for one context; the same input gives the same bytes.

        Raises NotText if docxtpl itself has to fill it, and what docxtpl raises; not yet told as TemplateError.
        """
        notes = Notes()
        values = with_notes(context, notes)
        made = {self.body.name: self.body.render(values, notes)}
        made |= {page.name: page.render(values, notes) for page in self.pages}
        made[self.properties.name] = self.properties.render(values, title)
        made |= {part.name: part.render(values, notes) for part in self.footnotes}
        docx = write_archive(
            deflate(entry, made[entry], _QUICK) if isinstance(entry, str) else entry for entry in self.entries
        )
        return Filled(docx, notes.printed)


def compile_template(docx: bytes) -> CompiledTemplate:
    """Make a template ready; raises what python-docx and Jinja raise for a broken one, NotText for an odd one."""
    document = OpenTemplate(docx)
    body = Body.of(document)
    parts = [
        part for uri in (document.HEADER_URI, document.FOOTER_URI) for _, part in document.get_headers_footers(uri)
    ]
    if len(parts) != len(set(parts)):
        raise NotText("one header under two names")
    pages = tuple(Page.of(document, part) for part in parts)
    footnotes = tuple(Footnotes.of(document, part) for part in document.footnotes())
    properties = Properties.of(document)
    changing = {body.name, properties.name} | {page.name for page in pages} | {part.name for part in footnotes}
    every = saved(document)
    prove({name: data for name, data in every.items() if name not in changing})
    entries = tuple(
        name if name in changing else deflate(name, every[name], _SMALL) for name in sorted(every, key=sort_key)
    )
    return CompiledTemplate(body, pages, properties, footnotes, entries)


@step("fill")
def fill(template: Path, context: Mapping[str, Any], *, title: str, beside: Sequence[Path] = ()) -> Filled:
    """Fill a Word template; raises TemplateError naming the template and what it asked for.

    ``beside`` are the folders in which the files that it names are sought (``Workspace.beside``): else those nearby.

    The document has the styles that it uses and no others (see ``preparation``): it opens and is edited in Word. One
    that docxtpl fills itself has all: a rich text may name any.
    """
    name = f"{template.parent.name}/{template.name}"
    with blaming(name):
        docx = template.read_bytes()
        logo = get(context, "etablissement.logo")
        own_logo = prints_logo(docx)
        docx = composed(docx, beside or nearby(template), logo.data if isinstance(logo, Picture) else None)
        compiled = _compiled(docx)
        if compiled is not None:
            try:
                return replace(compiled.fill(context, title), own_logo=own_logo)
            except NotText:
                pass
    return replace(fill_plainly(docx, context, title=title, name=name), own_logo=own_logo)


@lru_cache(maxsize=_KEPT)
def _compiled(docx: bytes) -> CompiledTemplate | None:
    """A template made ready, as LibreOffice should get it; ``None`` where docxtpl fills it or says what is wrong."""
    try:
        return compile_template(prepare(docx))
    except (NotText, *FAULTS):
        return None
