"""Text assembly of a slot: lines joined, leaders and prompts gone, and what makes it doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.core.boxes import union
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary, FieldKind, Nature
from pipeline.core.folding import fold
from pipeline.core.models import Box
from pipeline.core.sequences import runs
from pipeline.forms.values.answers import PROMPTS
from pipeline.forms.values.choices import DASH
from pipeline.forms.values.contacts import joined_lines
from pipeline.forms.values.figures import excerpt
from pipeline.forms.values.leaders import is_leaders
from pipeline.forms.values.lines import DATED
from pipeline.forms.values.list_items import awaits_more
from pipeline.reading.alignment.atoms import Atom, Mark, line_of
from pipeline.reading.tokens import Stream, Token

_SEVERAL = (FieldKind.TEXT, FieldKind.LIST, *DATED)
_BULLET = re.compile(r"^\s*(?:[-–—•·*▪◦‣●■□]|\d{1,2}\s?[.)°]|[a-z]\))\s+")
_LABEL = re.compile(
    r"\S\s+(?:N°|[A-ZÀ-ÖØ-Þ][^\W\d_]*)[\w'’()· -]{0,30}\s?:(?!//)\s?\S"
)  # a capital after other words
_LABEL_LINE = re.compile(r"\s*[^\W\d_][\w'’()· -]{2,30}\s?:(?!//)\s?\S")
_SMALLER = 0.85  # of the letters of another line: set otherwise, as labels are
_FEW = 2  # lines of dots that end at one place
_DOT = 0.35  # of a line's height: as wide as a dot of leaders is
_FULL = 0.5  # of the letters' size: a line that ends nearer to the border than the next word is long was broken there


@dataclass(frozen=True)
class _Row:
    text: str
    left: float | None = None
    right: float | None = None
    first: float = 0.0
    size: float | None = None  # of the tallest letters of the line, in points


def kind_of(path: str, dictionary: Dictionary) -> FieldKind:
    """How the answer of a placeholder is read; a combined address may have several lines."""
    return dictionary.kind(path) or (FieldKind.TEXT if dictionary.nature(path) is Nature.ADDRESS else FieldKind.LINE)


def slot_text(
    atoms: Sequence[Atom],
    stream: Stream,
    kind: FieldKind,
    border: float | None,
    *,
    printed: bool,
    alone: bool = False,
) -> tuple[str, Doubt | None]:
    """The answer made of these atoms, and why it may not be what was meant.

    ``printed``: lines may have been broken by the printer, ``border`` being the right edge they could reach.
    ``alone``: nothing but the answer can be among these words, whatever they look like.
    """
    doubt = _worn(atoms, stream)
    kept = [atom for atom in atoms if not stream[atom.token].struck]
    rows = [row for row in _rows(kept, stream) if row.text]
    text = _joined(rows, kind, border) if printed else "\n".join(row.text for row in rows)
    text = re.sub(r"^\s*:\s*", "", text.replace("\u00ad", "").strip().strip("\n"))
    leaders = is_leaders(text) and not (kind is FieldKind.CODE and DASH.fullmatch(text))
    if leaders or fold(text).startswith(PROMPTS):
        return "", doubt
    if doubt is None and printed and kind is FieldKind.LIST:
        doubt = _unsure_item(rows, border)
    if doubt is None and alone and printed and border and any(_torn(above, border) for above in rows[:-1]):
        doubt = None if "@" in text else Doubt(Reason.CUT, "un mot est coupé en deux lignes")
    why = None if doubt else _odd(rows, text, kind, border, printed=printed, alone=alone)
    return text, Doubt(Reason.STRAY_TEXT, why) if why else doubt


def _worn(atoms: Sequence[Atom], stream: Stream) -> Doubt | None:
    """The first doubt of the words themselves; that of a struck answer quotes all of it."""
    doubt = next((stream[atom.token].doubt for atom in atoms if stream[atom.token].doubt), None)
    if doubt is None or doubt.code is not Reason.CROSSED_OUT:
        return doubt
    struck = runs(atoms, lambda run, atom: stream[run[-1].token].struck and stream[atom.token].struck)
    whole = next(run for run in struck if stream[run[0].token].struck)
    return replace(doubt, why=f"« {excerpt(line_of(whole))} » est barré")


def _unsure_item(rows: Sequence[_Row], border: float | None) -> Doubt | None:
    """The doubt of a line that begins with a capital under a full one: another item, or the end of the one above."""
    if any(_BULLET.match(row.text) for row in rows):
        return None
    for above, row in pairwise(rows):
        told = awaits_more(above.text) or above.text.endswith((".", ";"))
        if row.text[:1].isupper() and not told and not _breaks(above, row, border, bulleted=False):
            why = f"on ne voit pas si « {excerpt(row.text, 40)} » commence une autre ligne de la liste"
            return Doubt(Reason.SPLIT, why)
    return None


def _odd(
    rows: Sequence[_Row], text: str, kind: FieldKind, border: float | None, *, printed: bool, alone: bool
) -> str | None:
    """What the writer may have added of their own: another label, or further lines where one was asked."""
    if not alone and (_LABEL.search(rows[0].text) or any(_LABEL_LINE.match(row.text) for row in rows[1:])):
        return f"la réponse contient ce qui ressemble à un autre intitulé : « {text[:80]} »"
    if kind in _SEVERAL or len(rows) < 2:
        sizes = [row.size for row in rows if row.size]
        if not alone and sizes and min(sizes) < _SMALLER * max(sizes):
            return f"des lignes de la réponse sont écrites plus petit, comme un intitulé : « {text[:80]} »"
        return None
    by_hand = any(_breaks(above, row, border, bulleted=False) for above, row in pairwise(rows))
    if by_hand if printed else not alone:
        return f"plusieurs lignes sont écrites là où une seule est attendue : « {text[:80]} »"
    return None


def lone_leader(atoms: Sequence[Atom], stream: Stream) -> Doubt | None:
    """The doubt of a sentence whose full stop is where lines of dots end: a tab may have had room for one dot."""
    if len(atoms) < _FEW or atoms[-1].key != "." or not atoms[-2].wordy:
        return None
    mine = stream[atoms[-1].token]
    dots = (token for token in stream if token.page == mine.page and token.box and token.text.endswith("..."))
    near = [token for token in dots if abs(token.spot[2] - mine.spot[2]) < _DOT * _tall(mine.box)]
    if len(near) < _FEW:
        return None
    return Doubt(Reason.STRAY_TEXT, "on ne voit pas si le dernier point est de la réponse")


def _torn(row: _Row, border: float) -> bool:
    """Whether a line is one word that fills it: the word processor cut it, where nobody can tell."""
    size = row.size or 0.0
    return " " not in row.text and row.right is not None and row.right > border - size


def _rows(atoms: Sequence[Atom], stream: Stream) -> Iterator[_Row]:
    written = (Mark.WORD, Mark.TICK)
    for run in runs(atoms, lambda run, atom: run[-1].mark in written and atom.mark in written):
        yield _row(run if run[0].mark in written else (), stream)


def _row(line: Sequence[Atom], stream: Stream) -> _Row:
    boxes = [box for atom in line if (box := stream[atom.token].box)]
    sizes = [stream[atom.token].size or _tall(stream[atom.token].box) for atom in line if atom.wordy]
    size = max(sizes, default=None)
    if not boxes:
        return _Row(line_of(line), size=size)
    return _Row(line_of(line), boxes[0][0], boxes[-1][2], boxes[0][2] - boxes[0][0], size)


def _tall(box: Box | None) -> float:
    return box[3] - box[1] if box else 0.0


def _joined(rows: Sequence[_Row], kind: FieldKind, border: float | None) -> str:
    """Printed lines put together: an e-mail without a space, a list item by item, a sentence with spaces."""
    if kind is FieldKind.EMAIL:
        return joined_lines([row.text for row in rows])
    text = ""
    bulleted = bool(rows) and _BULLET.match(rows[0].text) is not None
    for index, row in enumerate(rows):
        if not index:
            text = row.text
        elif kind in _SEVERAL and _breaks(rows[index - 1], row, border, bulleted=bulleted):
            text += f"\n{row.text}"
        elif re.search(r"\w[-\u00ad]$", text):
            text += row.text
        else:
            text += f" {row.text}"
    return text


def _breaks(above: _Row, row: _Row, border: float | None, *, bulleted: bool) -> bool:
    """Whether the writer, not the printer, began a new line."""
    if bulleted or _BULLET.match(row.text):
        return _BULLET.match(row.text) is not None
    if border is None or above.right is None:
        return True
    return above.right + row.first + _FULL * (above.size or 0.0) < border


def place_of(atoms: Sequence[Atom], stream: Stream) -> tuple[int | None, Box | None]:
    """The page of the first word of an answer, and the box around its words on that page."""
    tokens = [stream[atom.token] for atom in atoms]
    page = next((token.page for token in tokens if token.page), None)
    boxes = [
        cut_box(token, atom) for token, atom in zip(tokens, atoms, strict=True) if token.box and token.page == page
    ]
    return page, union(boxes)


def cut_box(token: Token, atom: Atom) -> Box:
    """The part of a word's box that an atom takes."""
    x0, top, x1, bottom = token.spot
    share = (x1 - x0) / max(len(token.text), 1)
    if atom.span == (0, 0):
        return (x0, top, x1, bottom)
    return (round(x0 + atom.span[0] * share, 2), top, round(x0 + atom.span[1] * share, 2), bottom)
