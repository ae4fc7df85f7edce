"""Leader stripper: the dots, underscores and dashes to write on, off the edges of an answer and of its lines.

A full stop that is the answer’s own is kept: « S.A. », « etc. », the end of a sentence.
"""

from __future__ import annotations

import re

from pipeline.core.fields import FieldKind, Nature
from pipeline.core.folding import fold
from pipeline.forms.values.place import Place

MARKS = "._…‥․⋯·"  # what leaders are made of
_ONLY = re.compile(rf"[\s{MARKS}*/\-–—]*")
_LEFT = re.compile(rf"(?:[\s{MARKS}]|[-–—]{{2,}})+")
_LEFT_OF_ITEM = re.compile(r"(?:[\s._…‥․⋯]|·{2,}|[-–—]{2,})+")  # one middle dot or one dash begins an item
_RIGHT = re.compile(rf"(?:[\s{MARKS}]|(?<=[\s{MARKS}\-–—])[-–—]|[-–—](?=[-–—]))+$")
_RIMS = f" \t\u00a0{MARKS}-–—"
_DASH = re.compile(r"[-–—•▪]\s*(?=[^\W\d_])")
_INSIDE = re.compile(r"(?<=[^\s._…·])\s*(?:_{3,}|…{2,}|\.{4,}|(?:[.·]\s){3,}[.·]?|·{3,})\s*(?=[^\s._…·])")
_INITIALS = re.compile(r"(?:^|[\s(«'’/-])(?:[^\W\d_]\.[\s-]?)+[^\W\d_]$")
_INITIAL = re.compile(r"(?:^|[\s-])[A-ZÀ-ÖØ-Þ]$")
_LAST_WORD = re.compile(r"[^\W_]+$")
_DOT_WORD = re.compile(r"\.(?:NET|COM|ORG|FR)\b")
_CENTS = re.compile(r"\.\d{1,2}(?![\d.,])")  # « .50 » may be fifty, or half a euro


def is_leaders(text: str) -> bool:
    """Whether nothing is written but what is printed to write on."""
    return _ONLY.fullmatch(text) is not None


def without_leaders(text: str, place: Place) -> str:
    """The answer as its writer wrote it: lines of leaders left out, none at the ends of the others.

    The place says whether sentences are expected, which end with a full stop. Leaders between two words of one line
    part them as a line end does.
    """
    if place.kind is FieldKind.EMAIL:
        return _of_address(text)
    rows = [row.strip() for row in _INSIDE.sub("\n", text).splitlines()]
    bare = (_bare(row, place) for row in rows if not is_leaders(row))
    return "\n".join(row for row in bare if row)


def _of_address(text: str) -> str:
    """An address may be cut after a full stop of its own: only at the edges of it all is one a leader."""
    rows = (re.sub(rf"^[\s{MARKS}]{{2,}}|[\s{MARKS}]{{2,}}$", "", row.strip()) for row in text.splitlines())
    return "\n".join(row for row in rows if not is_leaders(row)).strip(f"{MARKS} \n")


def _bare(row: str, place: Place) -> str:
    first = _start(row, place)
    kept = row[first:]
    if place.kind is FieldKind.LINE and place.nature is not Nature.CODE:
        kept = _DASH.sub("", kept, count=1) if _DASH.match(kept) else kept
    right = _RIGHT.search(kept, max(0, len(kept.rstrip(_RIMS)) - 1))
    if right is None:
        return kept
    body, tail = kept[: right.start()], right[0].strip()
    glued = bool(body) and place.wordy and right[0][0] in ".…‥․"
    return f"{body}." if glued and _takes_dot(body, place, alone=tail == "." and not first) else body


def _start(row: str, place: Place) -> int:
    """Where the answer begins, behind its leaders: a full stop may be its own (« .NET »)."""
    listed = place.kind in (FieldKind.TEXT, FieldKind.LIST)
    left = (_LEFT_OF_ITEM if listed else _LEFT).match(row)
    if left is None:
        return 0
    at = left.end() - 1
    own = _DOT_WORD.match(row, at) or (place.kind is FieldKind.EUROS and _CENTS.match(row, at))
    return at if own and left[0].count(".") == 1 else left.end()


def _takes_dot(body: str, place: Place, *, alone: bool) -> bool:
    """Whether the full stop behind a text is its own; ``alone``: it is all that stands there."""
    if alone and place.prose:
        return True
    if _INITIALS.search(body) or (place.named and _INITIAL.search(body)):
        return True
    word = _LAST_WORD.search(body)
    return word is not None and fold(word[0]) in place.lexicon.folded["abreviations"]
