"""Words taken out of a filled Word file: the marks of its signature boxes, once it was seen where they stand."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.documents.filling.rewriting import changed, replaced

_BODY = re.compile(r"word/document\.xml")


def without_words(docx: bytes, words: Collection[str]) -> bytes:
    """The file without the texts of its body that are exactly one of these words."""
    if not words:
        return docx
    whole = re.compile(rf">(?:{'|'.join(map(re.escape, sorted(words)))})</w:t>".encode())
    return changed(docx, _BODY, lambda entry: replaced(entry, lambda xml: whole.sub(b"></w:t>", xml)))
