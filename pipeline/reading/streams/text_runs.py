"""Run assembly of a Word paragraph, and Word’s older form fields, which lie over many runs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree

from pipeline.core.doubts import Doubt, Reason
from pipeline.reading.streams.glyphs import (
    IN_PICTURES,
    is_tick,
    pictured,
    pictures_letters,
    pieces,
    plain_letters,
    tick_state,
)
from pipeline.reading.streams.odd_letters import odd_letters, unprinted
from pipeline.reading.streams.ooxml import VALUE, RunStyle, W, is_true
from pipeline.reading.tokens import Source, Token, TokenKind

_NARROW = 0.38  # of the size of letters: the mean width of the narrowest usual ones


class Paragraph:
    """Paragraph buffer, written run by run: a word cut over several runs is still one word."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._styles: list[RunStyle] = []

    def write(self, text: str, style: RunStyle) -> None:
        """Add a run's text; characters of fonts of pictures become the boxes they show, what prints nothing goes."""
        text = unprinted(text)
        shown = text if plain_letters(text, style.font) else [pictured(char, style.font) for char in text]
        if not style.unseen and pictures_letters(text, style.font):
            style = replace(style, unseen=IN_PICTURES)
        self._text.extend(shown)
        self._styles.extend([style] * len(text))

    def height(self, style: RunStyle) -> float:
        """The least height in points of the paragraph in a cell of that ``style``: its letters, line by line."""
        size = max((one.size for one in self._styles), default=style.size)
        lines = "".join(self._text).split("\n")
        width = style.width
        return size * sum(
            1 if width is None else max(1, math.ceil(len(one) * _NARROW * size / width)) for one in lines
        )

    def hide(self, why: str) -> None:
        """Nobody sees what was written so far."""
        self._styles = [replace(style, unseen=style.unseen or why) for style in self._styles]

    def box(self, style: RunStyle, *, on: bool) -> None:
        """Add a tick box that is no character: a legacy check box."""
        self._text.append("☒" if on else "☐")
        self._styles.append(style)

    def tokens(self, place: str) -> Iterator[Token]:
        """The words and boxes of the paragraph, which stands there; a line break inside it is a paragraph mark."""
        start = 0
        for index, char in enumerate([*self._text, "\n"]):
            if char == "\n":
                if start:
                    yield Token(TokenKind.PARAGRAPH, source=Source.DOCX, place=place)
                yield from self._line(start, index, place)
                start = index + 1

    def _line(self, start: int, end: int, place: str) -> Iterator[Token]:
        text = "".join(self._text[start:end])
        for first, last, ticked in self._cut(text, start):
            word, style = text[first:last], self._styles[start + first]
            doubt = _doubt(self._styles[start + first : start + last], word)
            if ticked is None or not is_tick(word):
                yield Token(
                    TokenKind.WORD,
                    word,
                    source=Source.DOCX,
                    name=style.name,
                    copy=style.copy,
                    doubt=doubt,
                    place=place,
                    emphasis=style.emphasis,
                    size=style.size,
                    floating=style.floating,
                )
            else:
                state, odd = _state(word, style, ticked=ticked)
                yield Token(
                    TokenKind.TICK,
                    word,
                    source=Source.DOCX,
                    ticked=state,
                    name=style.name,
                    copy=style.copy,
                    doubt=doubt or odd,
                    place=place,
                    floating=style.floating,
                )

    def _cut(self, text: str, start: int) -> Iterator[tuple[int, int, bool | None]]:
        """The pieces of a line; what is struck, or in another control, is no part of the word that it touches."""
        for first, last, ticked in pieces(text):
            styles = list(enumerate(self._styles[start + first : start + last], start=first))
            cuts = [first, *(at for (_, left), (at, right) in pairwise(styles) if _apart(left, right)), last]
            yield from ((one, other, ticked) for one, other in pairwise(cuts))


def _apart(left: RunStyle, right: RunStyle) -> bool:
    return left.struck != right.struck or (left.name, left.copy) != (right.name, right.copy)


def _state(glyph: str, style: RunStyle, *, ticked: bool) -> tuple[bool, Doubt | None]:
    """A control's own state wins over what it shows, but they must agree."""
    if style.box is None:
        return ticked, None
    shown = tick_state(glyph)
    odd = shown is not None and shown != style.box
    return style.box, Doubt(Reason.HIDDEN) if odd else None


def _doubt(styles: list[RunStyle], word: str) -> Doubt | None:
    if any(style.struck for style in styles):
        return Doubt(Reason.CROSSED_OUT, f"« {word} » est barré")
    unseen = next((style.unseen for style in styles if style.unseen), "")
    if unseen:
        return Doubt(Reason.HIDDEN, f"« {word} » {unseen}")
    if any(style.turned for style in styles) and any(char.isalnum() for char in word):
        return Doubt(Reason.HIDDEN, f"« {word} » est écrit de droite à gauche")
    if _is_uneven(styles, word):
        return Doubt(Reason.HIDDEN, f"une partie de « {word} » est en exposant ou en indice")
    return next((style.doubt for style in styles if style.doubt), None) or odd_letters(word)


def _is_uneven(styles: list[RunStyle], word: str) -> bool:
    """Whether some figures of a word stand higher or lower than its other letters; « 1er » has letters there."""
    raised = [char for style, char in zip(styles, word, strict=True) if style.raised]
    return len(raised) < len(word) and any(map(str.isdigit, raised))


_COUNTED = ("PAGE", "NUMPAGES", "SECTIONPAGES")  # their result depends on who printed: all are read as « 1 »
# What people type into, and what shows the words that stand in it: the result of any other is the program's.
_TYPED = ("", "HYPERLINK", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "TOC")
# A field that asks a person, in words or none, shows what they answered: LibreOffice makes it of a place to write in.
_ASKED = re.compile(r'\s*FILLIN(?:\s+(?:"[^"\\]*"|[^\s"\\]+))?(?:\s+\\o)?\s*', re.IGNORECASE)


@dataclass
class _Field:
    data: etree._Element | None
    instruction: str = ""
    result: bool = False

    @property
    def kind(self) -> str:
        return (self.instruction.split() or [""])[0].upper()

    @property
    def computed(self) -> Doubt | None:
        """The doubt on what the field shows, unless a person typed it."""
        if self.kind in _TYPED or _ASKED.fullmatch(self.instruction):
            return None
        return Doubt(Reason.HIDDEN, f"cette réponse est calculée par Word (champ {self.kind[:20]})")

    def setting(self, *path: str) -> etree._Element | None:
        return self.data.find("/".join(f"{W}{name}" for name in path)) if self.data is not None else None

    @property
    def name(self) -> str | None:
        found = self.setting("name")
        return found.get(VALUE) if found is not None else None


class LegacyFields:
    """Stack of the legacy fields open at this point of the walk, innermost last."""

    def __init__(self) -> None:
        self._open: list[_Field] = []

    @property
    def silent(self) -> bool:
        """Whether text met now is not to be read: an instruction, a list's result, a page number."""
        return any(not field.result or field.kind in (*_COUNTED, "FORMDROPDOWN") for field in self._open)

    @property
    def name(self) -> str | None:
        """The bookmark name of the innermost field, if it has one."""
        return self._open[-1].name if self._open else None

    @property
    def doubt(self) -> Doubt | None:
        """Why text met now may not be what was typed: the program computes it, some each time the file is opened."""
        return next((field.computed for field in self._open if field.result and field.computed), None)

    def instruct(self, text: str) -> None:
        """A piece of the instruction of the innermost field."""
        if self._open:
            self._open[-1].instruction += text

    def turn(self, mark: etree._Element, paragraph: Paragraph, style: RunStyle) -> None:
        """A field begins, shows its result, or ends; boxes and lists write theirs at the end."""
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._open.append(_Field(mark.find(f"{W}ffData")))
        elif kind == "separate" and self._open:
            self._open[-1].result = True
        elif kind == "end" and self._open:
            self._close(self._open.pop(), paragraph, style)

    @contextmanager
    def simple(self, node: etree._Element, paragraph: Paragraph) -> Iterator[None]:
        """A field written as one element, around what it shows: a check box or a list writes its state."""
        field = _Field(node.find(f"{W}ffData"), node.get(f"{W}instr") or "", result=True)
        self._open.append(field)
        yield
        if field in self._open:
            self._open.remove(field)
        self._close(field, paragraph, RunStyle())

    def _close(self, field: _Field, paragraph: Paragraph, style: RunStyle) -> None:
        style = replace(style, name=field.name or style.name)
        if field.kind == "FORMCHECKBOX":
            state = field.setting("checkBox", "checked")
            if state is None:
                state = field.setting("checkBox", "default")
            paragraph.box(replace(style, box=None), on=state is not None and is_true(state.get(VALUE)))
        elif field.kind == "FORMDROPDOWN":
            text, chosen = _item(field)
            doubt = None if chosen else Doubt(Reason.EMPTY, f"rien n’a été choisi, la liste montre « {text} »")
            paragraph.write(text, replace(style, doubt=doubt))
        elif field.kind in _COUNTED and not self.silent:
            paragraph.write("1", replace(style, doubt=field.computed))


def _item(field: _Field) -> tuple[str, bool]:
    """The text a list shows, and whether somebody chose it: without a result, Word shows the default item."""
    listed = field.setting("ddList")
    if listed is None:
        return "", False
    items = [entry.get(VALUE) or "" for entry in listed.findall(f"{W}listEntry")]
    result = listed.find(f"{W}result")
    chosen = result if result is not None else listed.find(f"{W}default")
    index = int(chosen.get(VALUE) or "0") if chosen is not None and (chosen.get(VALUE) or "0").isdigit() else 0
    return (items[index] if index < len(items) else ""), result is not None
