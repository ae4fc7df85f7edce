"""List splitter: the items of an answer, by its lines, bullets, dashes, numbers and semicolons."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce

_SIGNS = r"[-–—•●▪◦‣∙·*►→➢✓\uf0b7\uf0a7\uf0d8]"
_BULLET = re.compile(
    rf"^\s*(?:{_SIGNS}\s*(?=\S)|\(?(?:\d{{1,2}}|[a-hA-H])\s?[.)]\s+|\(?\d{{1,2}}\s?[.)](?=[A-ZÀ-Ý])"
    r"|\d{1,2}\s?°\s*(?=[^\W\d])|\d{1,2}\s?[/–-]\s*(?=[A-ZÀ-Ý])|[a-hA-H]\s?[-–]\s+(?=[A-ZÀ-Ý][^\W\d_]))"
)
_INLINE_SIGN = re.compile(r"\s*[•●▪◦‣∙►→➢✓\uf0b7\uf0a7\uf0d8]\s*|\s+[·*]\s+")
_INLINE_DASH = re.compile(r"\s+[-–—]\s+(?=[A-ZÀ-Ý«])")
_GLUED = re.compile(r"(?<=[\w.)»%])[-–—]\s+(?=[^\W_])(?!(?:et|ou|voire|puis)\b)")
_GLUED_TITLE = re.compile(r"(?<=[\w.)»%])[-–—]\s+(?=[A-ZÀ-Ý«])")
_INLINE_NUMBER = re.compile(
    r"(?:^|[\s;,.]|(?<=[a-zà-ÿ)])(?=\d))\(?(\d{1,2}|[a-hA-H])\s?(?:[.)/°]\s*(?=[^\W\d_])|[-–]\s*(?=[A-ZÀ-Ý][^\W\d_]))"
)
_CARRYING = re.compile(
    r"(?:\b(?:de|du|des|d['’]|la|le|les|l['’]|un|une|et|ou|à|au|aux|en|par|pour|sur|avec|dans|sans)|[,(:])$"
)
_MANY = 2  # dashes between words from which they part items, whatever their letters


def split_items(text: str) -> tuple[str, ...]:
    """The items of a list as written, without their bullets or numbers.

    With bullets, a line without one carries on the item above (a printed line was wrapped). Without bullets, a line
    that starts with a small letter carries on, unless the first one does too; any other line is an item. A line is
    cut at « ; » and at its own bullets and numbers, never at commas.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    lines = _numbered(reduce(_joined, lines, ""), alone=len(lines) == 1) or lines
    bulleted = any(map(_BULLET.match, lines))
    items = _items(lines, bulleted=bulleted)
    return tuple(part for item in items for piece in _on_one_line(item, bulleted=bulleted) if (part := _tidy(piece)))


def _tidy(piece: str) -> str:
    bare = piece.strip(" ;,").strip()
    return _BULLET.sub("", bare, count=1).strip()


def _items(lines: Iterable[str], *, bulleted: bool) -> list[str]:
    """Lines put together that carry each other on."""
    items: list[str] = []
    small = False
    for line in lines:
        bare = _BULLET.sub("", line, count=1).strip()
        small = bare[:1].islower() if not items else small
        carries_on = not _BULLET.match(line) if bulleted else _carries_on(items, bare, small=small)
        if items and carries_on:
            items[-1] = _joined(items[-1], bare)
        else:
            items.append(bare)
    return items


def _carries_on(items: list[str], bare: str, *, small: bool) -> bool:
    if not items or bare[:1] in "(),;.»" or awaits_more(items[-1]):
        return True
    return bare[:1].islower() and not small


def awaits_more(line: str) -> bool:
    """Whether a line cannot be the end of an item: it ends with a cut word, « de », « et », a comma."""
    end = line[-10:]
    return bool(re.search(r"[^\W\d_][-‐]$", end) or _CARRYING.search(end))


def _joined(above: str, below: str) -> str:
    """A word cut after its hyphen keeps it and closes up; other words keep their space."""
    if not above:
        return below
    return above + below if re.search(r"[^\W\d_][-‐]$", above[-2:]) and below[:1].isalpha() else f"{above} {below}"


def _on_one_line(item: str, *, bulleted: bool) -> list[str]:
    """One line cut at the signs that part it; a dash alone parts a list whose first item has one."""
    pieces = _INLINE_SIGN.split(item)
    for dashes, least in ((_GLUED_TITLE, 1), (_GLUED, _MANY), (_INLINE_DASH, 1 if bulleted else _MANY)):
        pieces = [
            part
            for piece in pieces
            for part in (dashes.split(piece) if len(dashes.findall(piece)) >= least else [piece])
        ]
    return [part for piece in pieces for part in piece.split(";")]


def _numbered(text: str, *, alone: bool) -> list[str]:
    """A text cut at « 1) … 2) … 3) … » or « A- … B- … »; nothing if these do not follow each other from the first.

    ``alone``: it was one line, of which the words before the first number are an item too.
    """
    starts = list(_INLINE_NUMBER.finditer(text))
    marks = [match[1] for match in starts]
    rows = ([str(number) for number in range(1, len(marks) + 1)], list("abcdefgh"), list("ABCDEFGH"))
    ends = [*(match.start() for match in starts[1:]), len(text)]
    head = text[: starts[0].start()].strip() if starts else ""
    if len(marks) < _MANY or not any(marks == row[: len(marks)] for row in rows) or (head and not alone):
        return []
    return [*filter(None, [head]), *(text[match.end() : end] for match, end in zip(starts, ends, strict=True))]
