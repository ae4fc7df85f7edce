"""Filling Word templates: compiled once, rendered in a sandbox, with nothing left to chance.

A template is known by its bytes: one that was edited a moment ago is another template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.documents.filling.compiled import CompiledTemplate, compile_template
from pipeline.documents.filling.language import FAULTS, Filled, NotText, blaming
from pipeline.documents.filling.plain import fill_plainly
from pipeline.documents.filling.preparation import prepare
from pipeline.steps import step

__all__ = ["Filled", "fill", "fill_plainly"]
_KEPT = 64  # templates, the least used dropped first


@dataclass(frozen=True)
class _Ready:
    """A template as LibreOffice gets it, and compiled, unless only docxtpl can take it or say what is wrong."""

    docx: bytes
    compiled: CompiledTemplate | None


@step("fill")
def fill(template: Path, context: Mapping[str, Any], *, title: str) -> Filled:
    """Fill a Word template; raises TemplateError naming the template and what it asked for.

    The document has the styles that it uses and no others (see ``preparation``): it opens and is edited in Word.
    """
    name = f"{template.parent.name}/{template.name}"
    with blaming(name):
        ready = _ready(template.read_bytes())
        if ready.compiled is not None:
            try:
                return ready.compiled.fill(context, title)
            except NotText:
                pass
    return fill_plainly(ready.docx, context, title=title, name=name)


@lru_cache(maxsize=_KEPT)
def _ready(docx: bytes) -> _Ready:
    try:
        docx = prepare(docx)
        return _Ready(docx, compile_template(docx))
    except (NotText, *FAULTS):  # docxtpl fills it, or says what is wrong with it
        return _Ready(docx, None)
