"""XML rewriting of a Word convention: each place of another system becomes a marked text, and keeps its name.

Merge fields of Word's mailing, «X», ${x}, {X}, [X], %X%, <<X>>: what they are called says what they are for.
"""

from __future__ import annotations

import copy
import re
from functools import partial
from typing import Any

from lxml import etree

from pipeline.documents.filling.foreign_places import BRACKETS, MERGE_FIELD
from pipeline.documents.filling.tag_texts import tagged_paragraphs
from pipeline.reading.streams.ooxml import W
from pipeline.teaching.answer_marks import MARK, SPACE

NAME = "liasse-nom"
_PLACES = re.compile(
    r"\$\{\s*([^{}]+?)\s*\}|\{\{?\s*([^{}%#]+?)\s*\}?\}|«([^\s«»]+)»|<<\s*([^<>]+?)\s*>>"
    rf"|{BRACKETS.pattern}|(?<!\w)%([^\W\d]\w+)%|##(\w+)##"
)


def mark_foreign(root: etree._Element) -> None:
    """Mark every place of another system; ``name_of`` tells afterwards what each was called."""
    for simple in list(root.iter(f"{W}fldSimple")):
        found = MERGE_FIELD.match(simple.get(f"{W}instr", ""))
        run = next(simple.iter(f"{W}r"), None)
        if found and run is not None:
            simple.addprevious(_place(run, found[1], f"«{found[1]}»"))
            _remove(simple)
    for code in list(root.iter(f"{W}instrText")):
        found = MERGE_FIELD.match(code.text or "")
        if found:
            _mark_field(next(code.iterancestors(f"{W}r")), found[1])
    for tagged in tagged_paragraphs(root, _PLACES):
        if not _in_place(tagged):
            name = next(group for group in tagged.tag.groups() if group)
            tagged.replace(partial(_place, name=name, written=tagged.tag[0]))


def name_of(node: etree._Element) -> str | None:
    """What the other system called the place of that text, if it had a name; asked once."""
    name = node.get(NAME)
    if name is not None:
        del node.attrib[NAME]
    return name


def _in_place(tagged: Any) -> bool:  # noqa: ANN401 -- a Tagged
    """Whether the words are those of a place that was marked already."""
    at = 0
    for text in tagged.texts:
        end = at + len(text.text or "")
        if at <= tagged.tag.start() < end:
            return text.get(MARK) is not None
        at = end
    return False


def _mark_field(code: etree._Element, name: str) -> None:
    """A field that Word writes in several runs, from its beginning to its end, as one place."""
    before = [code, *code.itersiblings(preceding=True)]
    begin = next((run for run in before if _char(run) == "begin"), None)
    if begin is None:
        return
    runs, shown = [begin], code
    for run in begin.itersiblings(f"{W}r"):
        runs.append(run)
        if run.find(f"{W}t") is not None:
            shown = run
        if _char(run) == "end":
            break
    begin.addprevious(_place(shown, name, f"«{name}»"))
    for run in runs:
        _remove(run)


def _char(run: etree._Element) -> str | None:
    char = run.find(f"{W}fldChar")
    return char.get(f"{W}fldCharType") if char is not None else None


def _place(run: etree._Element, name: str, written: str) -> etree._Element:
    """A run that looks like this one, and holds a marked text of that name, as it was written."""
    made = etree.Element(f"{W}r")
    properties = run.find(f"{W}rPr")
    if properties is not None:
        made.append(copy.deepcopy(properties))
    text = etree.SubElement(made, f"{W}t")
    text.text = written
    text.set(SPACE, "preserve")
    text.set(MARK, "1")
    text.set(NAME, name)
    return made


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
