"""The proof that what was filled in is on the paper: every printed value is looked for in the PDF's own text."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from pipeline.documents.opened import Opened
from pipeline.errors import TemplateError
from pipeline.steps import step

# Spaces and hyphens: lines are broken at them, and a PDF does not tell the two kinds of hyphen apart.
_LOOSE = re.compile(r"[\s\u00ad\u200b\u2060\ufffe\x02\x00\-\u2010\u2011]+")
_SHORTEST_PIECE = 4


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, as the PDF says it."""
    with Opened(pdf) as opened:
        return list(opened.texts)


@step("proof")
def require_printed(printed: Iterable[str], opened: Opened, template: str) -> None:
    """Raise TemplateError, naming the template and a few values, unless the PDF holds every value filled in."""
    lost = missing_values(printed, opened.texts)
    if lost:
        quoted = ", ".join(f"« {value[:40]} »" for value in lost[:3])
        raise TemplateError(
            f"{template}: {len(lost)} value(s) filled in are not in the PDF's text ({quoted}). "
            "Look for a text box or a cell that is too small in the Word template."
        )


def missing_values(printed: Iterable[str], pages: Iterable[str]) -> list[str]:
    """The values that the pages do not hold. A value may be cut where a page ends, never inside one."""
    texts = [_squeeze(page) for page in pages]
    whole = "".join(texts)
    return [value for value in dict.fromkeys(printed) if not _held(_squeeze(value), whole, texts)]


def _held(value: str, whole: str, texts: list[str]) -> bool:
    if not value or value in whole:
        return True
    return any(_continued(value, first, second) for first, second in itertools.pairwise(texts))


def _continued(value: str, first: str, second: str) -> bool:
    """Whether some beginning of the value stands on one page and all the rest on the next."""
    return any(
        value[:cut] in first and value[cut:] in second for cut in range(_SHORTEST_PIECE, len(value) - _SHORTEST_PIECE)
    )


def _squeeze(text: str) -> str:
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text))
