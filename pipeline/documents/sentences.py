"""Sentence lint of Word templates: what an answer of several words, or lines, does to the sentence around it.

People end an answer of theirs with a full stop, or not; a list said line by line cuts the sentence where it stands.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.core.fields import Dictionary, FieldKind, Nature
from pipeline.documents.rehearsal.written import Paragraph, paragraphs

FULL_STOP = re.compile(r"\.(?![.…\w])")
_BODY = "word/document.xml"
_PRINTED = re.compile(r"\{\{\s*(\(?\s*([a-z_.]+)[^{}]*?)\s*\}\}")
_LINES = re.compile(r"\|\s*lignes\b")
_POINT = re.compile(r"\|\s*point\b")
_LONG = 200  # characters that an answer of one line may have, from which it is a sentence


def closes(path: str, dictionary: Dictionary) -> bool:
    """Whether people answer a field with sentences, which may have a full stop of their own."""
    field = dictionary.fields.get(path)
    if field is None or field.kind in (FieldKind.TEXT, FieldKind.LIST):
        return field is not None
    free = field.kind is FieldKind.LINE and field.nature is None and (field.max_length or 0) >= _LONG
    return free or field.nature is Nature.PHRASE


def broken_sentences(template: Path, dictionary: Dictionary) -> tuple[str, ...]:
    """What a template prints badly in its sentences, each with where it is and what to write, in French.

    Raises OSError, BadZipFile, KeyError and XMLSyntaxError for what is no Word file.
    """
    with zipfile.ZipFile(template) as archive:
        body = archive.read(_BODY)
    every = (told for paragraph in paragraphs(_BODY, body) for told in _broken(paragraph, dictionary))
    return tuple(dict.fromkeys(every))


def _broken(paragraph: Paragraph, dictionary: Dictionary) -> Iterator[str]:
    for tag in _PRINTED.finditer(paragraph.words):
        after, written, path = paragraph.words[tag.end() :], tag[1], tag[2]
        if _LINES.search(written) and after.strip():
            yield (
                f"{paragraph.place} : « {path} » va à la ligne au milieu d’une phrase : écrivez "
                f'{{{{ {path} | join(", ") }}}}.'
            )
        elif FULL_STOP.match(after) and closes(path, dictionary) and not _POINT.search(written):
            yield (
                f"{paragraph.place} : la réponse à « {path} » peut finir par un point, qui serait doublé : écrivez "
                f"{{{{ {path} | point }}}}, et retirez le point qui suit."
            )
