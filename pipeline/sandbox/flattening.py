"""Form flattening, in the jailed child: what fields and notes show, drawn into the pages as a printer would.

Programs that put files together lose fields on the way, or rename them: they are seen as before, and say nothing any
more by their names. Flattened, they are read by what they show.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf


def flattened(data: bytes) -> bytes | None:
    """The same PDF, its annotations part of its pages; ``None`` if it cannot be rewritten."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            form = pdf.Root.get("/AcroForm")
            if isinstance(form, pikepdf.Dictionary) and bool(form.get("/NeedAppearances", False)):
                pdf.generate_appearance_streams()
            if "/AcroForm" in pdf.Root:
                del pdf.Root["/AcroForm"]  # or fields that its tree has lost are left as they are
            pdf.flatten_annotations("screen")
            for page in pdf.pages:
                left = page.obj.get("/Annots", pikepdf.Array())
                page.obj[pikepdf.Name.Annots] = pikepdf.Array([one for one in left if not _is_empty_field(one)])
            made = io.BytesIO()
            pdf.save(made)
    except (pikepdf.PdfError, ValueError, TypeError):
        return None
    return made.getvalue()


def _is_empty_field(annotation: Any) -> bool:  # noqa: ANN401 -- whatever the file says
    """Whether it is a field that shows nothing and holds nothing."""
    return (
        isinstance(annotation, pikepdf.Dictionary)
        and annotation.get("/Subtype") == pikepdf.Name.Widget
        and not str(annotation.get("/V", ""))
    )
