"""Template renderer: Word templates compiled once, rendered in a sandbox, always to the same bytes.

A template is known by its bytes: one that was edited a moment ago is another template.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.core.timing import step
from pipeline.documents.filling.compiled_template import CompiledTemplate, compile_template
from pipeline.documents.filling.language import FAULTS, Filled, NotText, blaming
from pipeline.documents.filling.plain import fill_plainly
from pipeline.documents.filling.preparation import prepare

__all__ = ["Filled", "fill", "fill_plainly"]
_KEPT = 64  # templates, the least used dropped first


@step("fill")
def fill(template: Path, context: Mapping[str, Any], *, title: str) -> Filled:
    """Fill a Word template; raises TemplateError naming the template and what it asked for.

    The document has the styles that it uses and no others (see ``preparation``): it opens and is edited in Word. One
    that docxtpl fills itself has all: a rich text may name any.
    """
    name = f"{template.parent.name}/{template.name}"
    with blaming(name):
        docx = template.read_bytes()
        compiled = _compiled(docx)
        if compiled is not None:
            try:
                return compiled.fill(context, title)
            except NotText:
                pass
    return fill_plainly(docx, context, title=title, name=name)


@lru_cache(maxsize=_KEPT)
def _compiled(docx: bytes) -> CompiledTemplate | None:
    """A template made ready, as LibreOffice should get it; ``None`` where docxtpl fills it or says what is wrong."""
    try:
        return compile_template(prepare(docx))
    except (NotText, *FAULTS):
        return None
