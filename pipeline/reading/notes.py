"""PDF annotations that are no fields: notes, stamps, drawings and covers laid over the pages, each with its doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, StreamObject

from pipeline.core.doubts import Doubt, Reason
from pipeline.reading.appearances import resolve
from pipeline.reading.tokens import NOTE, Source, Token, TokenKind
from pipeline.reading.widgets import box_of, page_annotations, text_of

_QUIET = ("/Widget", "/Popup")  # fields; and the window of a note, whose text is the note's
_LINKS = "/Link"  # drawn by none of its own accord
_WORDS = ("/Text", "/FreeText", "/FileAttachment", "/Sound", "/Movie", "/Screen")
_TAGS = re.compile(r"<[^>]*>")


def notes_of(reader: pypdf.PdfReader) -> Iterator[Token]:
    """Each annotation of the pages as tokens: one with the words that it says or shows, one where it is drawn."""
    for number, page in enumerate(reader.pages, start=1):
        for annotation in page_annotations(page):
            kind = str(annotation.get("/Subtype"))
            if kind in _QUIET:
                continue
            looks = appearance_of(annotation)
            text = "" if kind == _LINKS and looks is None else _said(annotation, looks, page)
            whys = {
                text: f"une annotation a été ajoutée : « {text[:120]} »" if text else "",
                "": "un trait, un dessin ou un tampon a été ajouté sur la page" if _draws(kind, looks, text) else "",
            }
            for said, why in whys.items():
                if why:
                    box, doubt = box_of(annotation, page), Doubt(Reason.STRAY_TEXT, why)
                    yield Token(TokenKind.WORD, said, number, box, Source.ACROFORM, name=NOTE, doubt=doubt)


def appearance_of(annotation: DictionaryObject) -> StreamObject | None:
    """What an annotation looks like, where its file draws it."""
    looks = resolve(annotation.get("/AP"))
    normal = resolve(looks.get("/N")) if isinstance(looks, DictionaryObject) else None
    if isinstance(normal, DictionaryObject) and not isinstance(normal, StreamObject):
        normal = resolve(normal.get(str(annotation.get("/AS"))))
    return normal if isinstance(normal, StreamObject) and normal.get_data().strip() else None


def _draws(kind: str, looks: StreamObject | None, text: str) -> bool:
    """Whether a viewer draws more than words: strokes, covers, stamps; a link, a wordless note if the file does."""
    if kind in _WORDS:
        return looks is not None and not text
    return looks is not None if kind == _LINKS else True


def _said(annotation: DictionaryObject, looks: StreamObject | None, page: pypdf.PageObject) -> str:
    """Its words: what it says, else its rich text, else what its appearance shows."""
    told = text_of(annotation.get("/Contents")).strip() or _TAGS.sub(" ", text_of(annotation.get("/RC"))).strip()
    if told or looks is None:
        return " ".join(told.split())
    try:
        return " ".join(page.extract_xform_text(looks).split())  # type: ignore[arg-type]  # a decoded stream reads the same
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return ""  # an unusual appearance proves nothing
