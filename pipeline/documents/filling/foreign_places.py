"""Places of other mail-merge systems, as a Word file has them: what ``check`` tells of and ``convert`` replaces.

A field of Word is an instruction: words, quoted where they hold a space, and switches (« * MERGEFORMAT »). It is
written in one element, or over any number of runs; a field may stand in the instruction of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

BRACKETS = re.compile(r"(?<![\w\]])\[([^\W\d][\w’' ./-]{0,60})\]")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KIND = f"{_W}fldCharType"
_PIECES = re.compile(r'["“”„]((?:\\.|[^"“”„\\])*)["“”„]?|\\([^\s"“”„])|([^\s"“”„\\]+)')
_ESCAPED = re.compile(r"\\(.)")
_WORDED = frozenset("*@#bf")  # switches that a word follows, of those that a merge field may have


@dataclass(frozen=True)
class MergeField:
    """What a merge field asks for: its name, and the words printed before and after a value that is there."""

    name: str
    before: str = ""
    after: str = ""


def merge_field(instruction: str) -> MergeField | None:
    """The merge field that an instruction of Word is; ``None`` for any other field, and for one without a name."""
    pieces = [(quoted or word, switch) for quoted, switch, word in _PIECES.findall(instruction)]
    if not pieces or pieces[0][0].upper() != "MERGEFIELD":
        return None
    name: list[str] = []
    said: dict[str, str] = {}
    waiting = ""  # the switch whose word comes next
    named = True  # no switch was met: what is read is the name, of several words even without quotes
    for text, switch in pieces[1:]:
        if switch:
            waiting, named = (switch if switch in _WORDED else ""), False
        elif waiting:
            said.setdefault(waiting, _ESCAPED.sub(r"\1", text))
            waiting = ""
        elif named or not name:
            name.append(_ESCAPED.sub(r"\1", text).strip())
    whole = " ".join(filter(None, name))
    return MergeField(whole, said.get("b", ""), said.get("f", "")) if whole else None


@dataclass
class WordField:
    """One field: where it begins and ends, its instruction, the fields in it and every text between its ends."""

    first: etree._Element
    last: etree._Element | None = None
    instruction: str = ""
    inner: list[WordField] = field(default_factory=list)
    texts: list[etree._Element] = field(default_factory=list)
    shows: bool = False  # what is read is what it prints, its instruction has ended

    @property
    def merge(self) -> MergeField | None:
        """What it asks for, if it is a merge field."""
        return merge_field(self.instruction)

    @property
    def calculates(self) -> bool:
        """Whether its instruction holds merge fields: an IF, a QUOTE, an INCLUDEPICTURE."""
        return any(one.merge or one.calculates for one in self.inner)

    @property
    def said(self) -> str:
        """Its instruction as a person reads it, « IF «Civilité» = "Mme" … »."""
        return " ".join(self.instruction.split())


def word_fields(root: etree._Element) -> list[WordField]:
    """The fields of a part in order, but those that stand in the instruction of another: these are in that one."""
    found: list[WordField] = []
    open_: list[WordField] = []
    for node in root.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}fldSimple", f"{_W}t"):
        if node.tag == f"{_W}t":
            for one in open_:
                one.texts.append(node)
        elif node.tag == f"{_W}fldSimple":
            made = WordField(node, node, node.get(f"{_W}instr", ""), texts=list(node.iter(f"{_W}t")))
            _placed(made, open_, found)
            _tell(made, open_)
        elif node.tag == f"{_W}instrText":
            if open_ and not open_[-1].shows:
                open_[-1].instruction += node.text or ""
        else:
            _turn(node, open_, found)
    for one in open_:  # never ended: what stands after it is not in it
        found += one.inner
        one.inner, one.texts = [], []
    return found


def merge_fields(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Each merge field of a part, those in other fields too: where it begins, and its name."""
    waiting = word_fields(root)[::-1]
    while waiting:
        one = waiting.pop()
        waiting += one.inner[::-1]
        if one.merge:
            yield one.first, one.merge.name


def _turn(char: etree._Element, open_: list[WordField], found: list[WordField]) -> None:
    """What a sign of a field does: it begins, its instruction ends, it ends."""
    run, kind = char.getparent(), char.get(_KIND)
    if kind == "begin" and run is not None:
        made = WordField(run)
        _placed(made, open_, found)
        open_.append(made)
    elif kind == "separate" and open_:
        open_[-1].shows = True
    elif kind == "end" and open_:
        ended = open_.pop()
        ended.last = run
        _tell(ended, open_)


def _placed(made: WordField, open_: list[WordField], found: list[WordField]) -> None:
    around = next((one for one in reversed(open_) if not one.shows), None)
    (found if around is None else around.inner).append(made)


def _tell(ended: WordField, open_: list[WordField]) -> None:
    """Write in the instruction around what stands there, as a person reads it."""
    if open_ and not open_[-1].shows:
        open_[-1].instruction += f" «{ended.merge.name}» " if ended.merge else f" {{ {ended.said} }} "
