"""XML rewriting of a Word convention: each place of another system becomes a marked text, and keeps its name.

Merge fields of Word's mailing, «X», ${x}, {X}, [X], %X%, <<X>>: what they are called says what they are for.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

from pipeline.documents.filling.foreign_places import BRACKETS, MergeField, WordField, word_fields
from pipeline.documents.filling.tag_texts import tagged_paragraphs
from pipeline.reading.streams.ooxml import W
from pipeline.teaching.answer_marks import MARK, SPACE

KEYS = ("liasse-nom", "liasse-avant", "liasse-apres", "liasse-reste")
_PLACES = re.compile(
    r"\$\{\s*([^{}]+?)\s*\}|\{\{?\s*([^{}%#]+?)\s*\}?\}|«([^\s«»]+)»|<<\s*([^<>]+?)\s*>>"
    rf"|{BRACKETS.pattern}|(?<!\w)%([^\W\d]\w+)%|##(\w+)##"
)


@dataclass(frozen=True)
class Named:
    """What the other system says of a place: its name, the words printed around a value that is there.

    ``kept``: the instruction of a field that calculates, which stays in the draft as it is.
    """

    name: str
    before: str = ""
    after: str = ""
    kept: str = ""


def mark_foreign(root: etree._Element) -> Mapping[etree._Element, Sequence[etree._Element]]:
    """Mark every place of another system; ``named_in`` tells afterwards what each was called.

    Returns the marked text of each field of Word to what it took the place of, for ``put_back``.
    """
    kept: set[etree._Element] = set()
    taken: dict[etree._Element, Sequence[etree._Element]] = {}
    for field in word_fields(root):
        if not any(around is root for around in field.first.iterancestors()):
            continue  # it stood in what another one showed
        if field.calculates or (field.merge and _apart(field)):
            kept.update(field.texts)
            field.first.addprevious(_place(field.first, "", "", kept=f"{{ {field.said} }}"))
        elif field.merge:
            made = _mark_field(field, field.merge)
            taken[made] = _take_out(field)
    for tagged in tagged_paragraphs(root, _PLACES):
        if not _in_place(tagged, kept):
            name = next(group for group in tagged.tag.groups() if group)
            tagged.replace(partial(_place, name=name, written=tagged.tag[0]))
    return taken


def put_back(text: etree._Element, taken: Sequence[etree._Element]) -> None:
    """Put a field back where a marked text took its place."""
    run = next(text.iterancestors(f"{W}r"))
    for node in taken:
        run.addprevious(node)
    _remove(run)


def named_in(node: etree._Element) -> Named | None:
    """What the other system says of the place of that text, if it had a name; asked once."""
    said = [str(node.attrib.pop(key, "")) for key in KEYS]
    return Named(*said) if any(said) else None


def _in_place(tagged: Any, kept: Collection[etree._Element]) -> bool:  # noqa: ANN401 -- a Tagged
    """Whether the words are those of a place that was marked already, or of a field that stays."""
    at = 0
    for text in tagged.texts:
        end = at + len(text.text or "")
        if at <= tagged.tag.start() < end:
            return text.get(MARK) is not None or text in kept
        at = end
    return False


def _apart(field: WordField) -> bool:
    """Whether a field begins and ends in two places, so that it cannot be taken out whole."""
    return field.last is None or field.last.getparent() is not field.first.getparent()


def _mark_field(field: WordField, merge: MergeField) -> etree._Element:
    """The text that stands for a field before it, as one place that looks like what it shows."""
    shown = next((run for text in field.texts for run in text.iterancestors(f"{W}r")), field.first)
    made = _place(shown, merge.name, f"«{merge.name}»", before=merge.before, after=merge.after)
    field.first.addprevious(made)
    return next(made.iter(f"{W}t"))


def _take_out(field: WordField) -> Sequence[etree._Element]:
    """The runs of a field, from its beginning to its end, no longer in their paragraph."""
    within = [field.first]
    while within[-1] is not field.last and (following := within[-1].getnext()) is not None:
        within.append(following)
    runs = [node for node in within if node.tag in (f"{W}r", f"{W}fldSimple")]
    for node in runs:
        _remove(node)
    return runs


def _place(
    run: etree._Element, name: str, written: str, *, before: str = "", after: str = "", kept: str = ""
) -> etree._Element:
    """A run that looks like this one, and holds a marked text of that name, as it was written."""
    made = etree.Element(f"{W}r")
    properties = run.find(f"{W}rPr")
    if properties is not None:
        made.append(copy.deepcopy(properties))
    text = etree.SubElement(made, f"{W}t")
    text.text = written
    text.set(SPACE, "preserve")
    text.set(MARK, "1")
    for key, said in zip(KEYS, (name, before, after, kept), strict=True):
        if said:
            text.set(key, said)
    return made


def _remove(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
