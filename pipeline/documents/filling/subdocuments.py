"""Sub-document insertion: the body of another Word file in place of a paragraph, with its styles, lists and pictures.

Its pictures and links get relations of the document that they come into; a style that is there by name is that one.
What cannot come along (notes, comments, charts) is refused: nothing is lost in silence.
"""

from __future__ import annotations

import copy
import io
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from pipeline.core.errors import TemplateError
from pipeline.documents.filling.tag_texts import Tagged

_RELATIONS = tuple(qn(f"r:{name}") for name in ("embed", "id", "link"))
_STYLED = tuple(qn(f"w:{name}") for name in ("pStyle", "rStyle", "tblStyle"))
_LINKED = tuple(qn(f"w:{name}") for name in ("basedOn", "next", "link"))
_VAL, _NUM = qn("w:val"), qn("w:numId")
_FAR = 1000  # added to the numbers of its lists, so that they are no list of the document


def insert_document(main: Any, tagged: Tagged, data: bytes, name: str) -> None:  # noqa: ANN401 -- a python-docx part
    """Put the body of a Word file where the tag's paragraph is; raises TemplateError for what cannot be put there."""
    if "".join(node.text or "" for node in tagged.texts).strip() != tagged.tag[0]:
        raise TemplateError(f"« {tagged.tag[0]} » doit être seul dans son paragraphe")
    try:
        given = docx.Document(io.BytesIO(data))
    except Exception as error:
        raise TemplateError(f"« {name} » ne s’ouvre pas comme un document Word") from error
    styles = _styles(main, given)
    shift = _lists(main, given)
    for child in list(given.element.body):
        if child.tag == qn("w:sectPr"):
            continue
        copied = copy.deepcopy(child)
        for section in list(copied.iter(qn("w:sectPr"))):
            section.getparent().remove(section)
        for element in copied.iter():
            _settle(element, styles, shift, name)
            for key in _RELATIONS:
                if key in element.attrib:
                    element.set(key, _relation(given.part.rels[element.get(key)], main, name))
        tagged.paragraph.addprevious(copied)
    parent = tagged.paragraph.getparent()
    cell_needs_it = parent.tag == qn("w:tc") and tagged.paragraph.getnext() is None
    if cell_needs_it and tagged.paragraph.getprevious().tag == qn("w:tbl"):
        tagged.replace(None)
    else:
        parent.remove(tagged.paragraph)


def _settle(element: Any, styles: dict[str, str], shift: int, name: str) -> None:  # noqa: ANN401
    """One element that comes in: its style and its list are those of the document."""
    if element.tag in _STYLED:
        element.set(_VAL, styles.get(element.get(_VAL), element.get(_VAL)))
    elif element.tag == _NUM and element.get(_VAL, "0") != "0":
        element.set(_VAL, str(int(element.get(_VAL)) + shift))
    elif element.tag in (qn("w:footnoteReference"), qn("w:endnoteReference"), qn("w:commentReference")):
        raise TemplateError(
            f"« {name} » a des notes ou des commentaires : ôtez-les, ou collez ce texte dans le modèle"
        )


def _relation(relation: Any, main: Any, name: str) -> str:  # noqa: ANN401 -- python-docx
    if relation.is_external:
        return str(main.relate_to(relation.target_ref, relation.reltype, is_external=True))
    if relation.reltype == RELATIONSHIP_TYPE.IMAGE:
        return str(main.get_or_add_image(io.BytesIO(relation.target_part.blob))[0])
    raise TemplateError(f"« {name} » contient un objet (graphique, feuille de calcul…) : remplacez-le par son image")


def _styles(main: Any, given: Any) -> dict[str, str]:  # noqa: ANN401 -- python-docx
    """The style of the document for each style of the other: by its name, else brought along."""
    own, other = main.styles.element, given.styles.element
    by_name = {_named(style): style.get(qn("w:styleId")) for style in own.findall(qn("w:style"))}
    known = set(by_name.values())
    found: dict[str, str] = {}
    brought = []
    for style in other.findall(qn("w:style")):
        identity = style.get(qn("w:styleId"))
        found[identity] = by_name.get(_named(style), identity)
        if _named(style) not in by_name:
            while found[identity] in known:
                found[identity] += "x"
            brought.append(copy.deepcopy(style))
    for style in brought:
        style.set(qn("w:styleId"), found[style.get(qn("w:styleId"))])
        style.attrib.pop(qn("w:default"), None)
        for link in style:
            if link.tag in _LINKED:
                link.set(_VAL, found.get(link.get(_VAL), link.get(_VAL)))
        own.append(style)
    return found


def _named(style: Any) -> str:  # noqa: ANN401 -- an lxml element
    name = style.find(qn("w:name"))
    return (
        f"{style.get(qn('w:type'))} {(name.get(_VAL) if name is not None else style.get(qn('w:styleId'))).casefold()}"
    )


def _lists(main: Any, given: Any) -> int:  # noqa: ANN401 -- python-docx
    """Bring along the lists of the other document; what is added to their numbers."""
    theirs = next((r.target_part for r in given.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.NUMBERING), None)
    if theirs is None:
        return 0
    ours = next((r.target_part for r in main.rels.values() if r.reltype == RELATIONSHIP_TYPE.NUMBERING), None)
    if ours is None:
        main.relate_to(theirs, RELATIONSHIP_TYPE.NUMBERING)
        return 0
    element = ours.element
    shift = _FAR + max((int(one.get(_NUM, "0")) for one in element.findall(qn("w:num"))), default=0)
    first = next(iter(element.findall(qn("w:num"))), None)
    for one in theirs.element.findall(qn("w:abstractNum")):
        copied = copy.deepcopy(one)
        copied.set(qn("w:abstractNumId"), str(int(one.get(qn("w:abstractNumId"))) + shift))
        element.append(copied) if first is None else first.addprevious(copied)
    for one in theirs.element.findall(qn("w:num")):
        copied = copy.deepcopy(one)
        copied.set(_NUM, str(int(one.get(_NUM)) + shift))
        abstract = copied.find(qn("w:abstractNumId"))
        abstract.set(_VAL, str(int(abstract.get(_VAL)) + shift))
        element.append(copied)
    return shift
