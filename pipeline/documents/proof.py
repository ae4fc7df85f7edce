"""Text check of PDFs: every value that was filled in must be found in the text of its PDF."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from pipeline.core.errors import TemplateError
from pipeline.core.timing import step
from pipeline.documents.opened import Opened

# Spaces and hyphens: lines are broken at them, and a PDF does not tell the two kinds of hyphen apart.
_LOOSE = re.compile(r"[\s\u00ad\u200b\u2060\ufffe\x02\x00\-\u2010\u2011]+")
_SPACES = re.compile(r"[ \t\n\-\u2010]+")  # where a line may end, and so a page
_SHORTEST_PIECE = 4  # that proves something wherever it stands on its page
_NEAR = 600  # letters at the end of a page and at the beginning of the next, feet and heads among them


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
            f"{template} : {len(lost)} valeur(s) ne sont pas entières sur le papier ({quoted}). Cherchez "
            "dans le modèle une zone de texte ou une case trop petite ; liasse check dit laquelle."
        )


def missing_values(printed: Iterable[str], pages: Iterable[str]) -> list[str]:
    """The values that the pages do not hold. A value may be cut where a page ends, never inside one."""
    texts = [_squeeze(page) for page in pages]
    whole = "".join(texts)
    return [value for value in dict.fromkeys(printed) if not _held(value, whole, texts)]


def _held(printed: str, whole: str, texts: list[str]) -> bool:
    value = _squeeze(printed)
    if not value or value in whole:
        return True
    *lengths, _ = (len(_squeeze(word)) for word in _SPACES.split(printed))
    words = tuple(itertools.accumulate(lengths))
    return any(_continued(value, words, first, second) for first, second in itertools.pairwise(texts))


def _continued(value: str, words: tuple[int, ...], first: str, second: str) -> bool:
    """Whether some beginning of the value stands on one page and all the rest on the next.

    A short piece is believed where a word of the value ends (``words``) and a page may: « Jean » and « ROUX ».
    """
    anywhere = range(_SHORTEST_PIECE, len(value) - _SHORTEST_PIECE)
    end, beginning = first[-_NEAR:], second[:_NEAR]
    return any(value[:cut] in first and value[cut:] in second for cut in anywhere) or any(
        value[:cut] in end and value[cut:] in beginning for cut in words
    )


def _squeeze(text: str) -> str:
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text))
