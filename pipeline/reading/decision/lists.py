"""A list written in one box, taken apart: bullets, numbers, semicolons or one item a line. Text in, items out."""

from __future__ import annotations

import re

from pipeline.reading.canonical import clean, is_empty

_SIGNS = r"[-–—•●▪◦‣∙·*►→➢✓\uf0b7\uf0a7\uf0d8]"
_BULLET = re.compile(rf"^\s*(?:{_SIGNS}\s*(?=\S)|\(?(?:\d{{1,2}}|[a-hA-H])[.)]\s+|\d{{1,2}}\s?°\s*)")
_INLINE_SIGN = re.compile(r"\s+(?:[•●▪◦‣∙►→➢\uf0b7\uf0a7\uf0d8]\s*|[-–—]\s+(?=[A-ZÀ-Ý«]))")
_GLUED = re.compile(r"(?<=[a-zà-ÿ.)])[-–—•]\s+(?=[A-ZÀ-Ý«])")
_INLINE_NUMBER = re.compile(r"(?:^|[\s;,])\(?(\d{1,2})[.)]\s+(?=\S)")


def split_list(text: str) -> tuple[str, ...]:
    """The items of a list as written, without their bullets or numbers.

    With bullets, a line without one carries on the item above (a printed line was wrapped). Without bullets, a line
    that starts with a small letter carries on; any other line is an item. One line is cut at « ; » or at its own
    bullets and numbers, never at commas.
    """
    lines = [line for line in clean(text, lines=True).split("\n") if line.strip()]
    if len(lines) == 1 and (parts := _numbered(lines[0])):
        lines = parts
    bulleted = [bool(_BULLET.match(line)) for line in lines]
    items: list[str] = []
    for line, marked in zip(lines, bulleted, strict=True):
        bare = _BULLET.sub("", line, count=1).strip()
        carries_on = not marked if any(bulleted) else bare[:1].islower() or bare[:1] in "(),;.»"
        if items and carries_on:
            items[-1] = _joined(items[-1], bare)
        else:
            items.append(bare)
    parts = [part for item in items for part in _on_one_line(item, first_marked=any(bulleted))]
    tidy = (part.strip(" ;").strip() for part in parts)
    return tuple(part for part in tidy if part and not is_empty(part))


def _joined(above: str, below: str) -> str:
    """A word cut after its hyphen keeps it and closes up; other words keep their space."""
    return above + below if re.search(r"[^\W\d_]-$", above) and below[:1].isalpha() else f"{above} {below}"


def _on_one_line(item: str, *, first_marked: bool) -> list[str]:
    if first_marked:
        item = _GLUED.sub(lambda match: f" {match[0]}", item)
        cut = _INLINE_SIGN.split(item)
        if len(cut) > 1:
            return [piece for part in cut for piece in part.split(";")]
    return item.split(";")


def _numbered(line: str) -> list[str]:
    """A line cut at « 1) … 2) … 3) … »; nothing if the numbers do not follow each other from 1."""
    starts = list(_INLINE_NUMBER.finditer(line))
    if len(starts) < 2 or [int(match[1]) for match in starts] != list(range(1, len(starts) + 1)):
        return []
    ends = [*(match.start() for match in starts[1:]), len(line)]
    return [line[match.end() : end] for match, end in zip(starts, ends, strict=True)]
