"""Template composition: pictures and sub-documents that a template names are put into it before it is filled.

``{{ image("tampon.png") }}``, ``{{p document("clauses.docx") }}`` name files beside the template or in ``commun/``;
``{{ etablissement.logo }}`` is the school's. What comes in is part of the template from then on: a sub-document has
fields of its own, everything is checked and proved as if it had been typed there, and no relation can be lost.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pipeline.core.errors import TemplateError
from pipeline.core.workspace import COMMON
from pipeline.documents.filling.frames import frame_of, scaled
from pipeline.documents.filling.subdocuments import insert_document
from pipeline.documents.filling.tag_texts import Tagged, tagged_paragraphs

_KEPT = 32
_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
_XML = re.compile(r"<[^>]*>")
_CALL = re.compile(r"\{\{p?\s*(image|document)\s*\(\s*(.*?)\s*\)\s*\}\}|\{\{\s*(etablissement\.logo)\s*\}\}")
_GIVEN = re.compile(r"[\"'“”‘’]([^\"'“”‘’]+)[\"'“”‘’]\s*(?:,\s*(\d{1,3}(?:[.,]\d+)?)\s*)?")
_NAME = re.compile(r"[\w-][\w .-]*\.(?:png|jpe?g|docx)", re.IGNORECASE)
_A_MM = 72 / 25.4
_LOGO_TEXT = "Logo de l’établissement"


class _Named(NamedTuple):
    """What a tag names: ``image``, ``document`` or ``logo``, its file, and a width in millimetres."""

    kind: str
    file: str
    width: float | None


def composed(template: bytes, beside: Sequence[Path], logo: bytes | None) -> bytes:
    """The template with what it names in it, sought in the folders ``beside``; the same bytes if it names nothing.

    Raises TemplateError, in French, for a file that is not there or that cannot be put there.
    """
    named = named_in(template)
    if not named:
        return template
    files = tuple((name, _file(beside, name)) for name in sorted({one.file for one in named if one.file}))
    return _composed(template, files, logo)


def nearby(template: Path) -> tuple[Path, ...]:
    """The folders beside a template that is of no workspace: its own, and commun beside that."""
    return (template.parent, template.parent.parent / COMMON)


def template_sha256(template: bytes, beside: Sequence[Path]) -> str:
    """What a template is known by, with the files that it names; raises TemplateError."""
    own = hashlib.sha256(template)
    for name in sorted({one.file for one in named_in(template) if one.file}):
        own.update(hashlib.sha256(_file(beside, name)).digest())
    return own.hexdigest()


def prints_logo(template: bytes) -> bool:
    """Whether the template has a place of its own for the school's logo."""
    return any(one.kind == "logo" for one in named_in(template))


@lru_cache(maxsize=_KEPT)
def named_in(template: bytes) -> tuple[_Named, ...]:
    """What the tags of a template name; nothing for what is no Word file. Raises TemplateError."""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            parts = [
                archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if _PARTS.fullmatch(name)
            ]
    except (zipfile.BadZipFile, zlib.error, OSError):
        return ()
    texts = [
        html.unescape(_XML.sub("", part)) for part in parts if "image" in part or "document" in part or "logo" in part
    ]
    return tuple(_named(found) for text in texts for found in _CALL.finditer(text))


def _named(found: re.Match[str]) -> _Named:
    if found[3]:
        return _Named("logo", "", None)
    given = _GIVEN.fullmatch(found[2])
    if given is None or not _NAME.fullmatch(given[1]):
        raise TemplateError(
            f"« {found[0]} » : entre les parenthèses, écrivez entre guillemets le nom d’un fichier posé à côté du "
            'modèle ou dans commun/, par exemple {{ image("tampon.png") }}'
        )
    return _Named(found[1], given[1], float(given[2].replace(",", ".")) if given[2] else None)


def _file(beside: Sequence[Path], name: str) -> bytes:
    found = next((path for place in beside if (path := place / name).is_file()), None)
    if found is None:
        places = " ni dans ".join(f"{one}/" for one in dict.fromkeys(place.name for place in beside))
        raise TemplateError(f"« {name} » n’est ni dans {places} : posez-y ce fichier")
    return found.read_bytes()


@lru_cache(maxsize=_KEPT)
def _composed(template: bytes, files: tuple[tuple[str, bytes], ...], logo: bytes | None) -> bytes:
    document = docx.Document(io.BytesIO(template))
    held = dict(files)
    main = document.part
    for part in (main, *_pages(main)):
        for tagged in tagged_paragraphs(part.element, _CALL):
            one = _named(tagged.tag)
            if one.kind == "document":
                if part is not main:
                    raise TemplateError(
                        f"« {tagged.tag[0]} » : un sous-document va dans le corps, pas dans un en-tête"
                    )
                insert_document(main, tagged, held[one.file], one.file)
            else:
                data = logo if one.kind == "logo" else held[one.file]
                tagged.replace(_picture(part, tagged, one, data) if data else None)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pages(main: Any) -> Iterator[Any]:  # noqa: ANN401 -- python-docx parts
    kinds = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    yield from (relation.target_part for relation in main.rels.values() if relation.reltype in kinds)


def _picture(part: Any, tagged: Tagged, one: _Named, data: bytes) -> Callable[[Any], Any]:  # noqa: ANN401
    """What makes the run that shows a picture, as large as its frame lets it be."""
    try:
        inline = part.new_pic_inline(io.BytesIO(data))
    except Exception as error:
        raise TemplateError(f"« {one.file or 'le logo'} » n’est pas une image PNG ou JPEG qui s’ouvre") from error
    native = inline.extent.cx, inline.extent.cy
    frame = frame_of(tagged.paragraph) if one.width is None else (one.width * _A_MM, None)
    inline.extent.cx, inline.extent.cy = size = scaled(native, frame, logo=one.kind == "logo")
    extent = inline.graphic.graphicData.pic.spPr.xfrm.find(qn("a:ext"))
    extent.set("cx", str(size[0]))
    extent.set("cy", str(size[1]))
    for side in "TBLR":
        inline.set(f"dist{side}", "0")  # LibreOffice keeps it off the words otherwise
    inline.docPr.set("descr", _LOGO_TEXT if one.kind == "logo" else one.file.rpartition(".")[0].replace("-", " "))
    return lambda _: _run_of(inline)


def _run_of(inline: Any) -> Any:  # noqa: ANN401 -- a python-docx element
    run = OxmlElement("w:r")
    drawing = OxmlElement("w:drawing")
    drawing.append(inline)
    run.append(drawing)
    return run
