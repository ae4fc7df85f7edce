"""Tags in the XML of Word: one tag is often cut into several runs; found whole, and replaced where it stands."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _T, _R = f"{_W}p", f"{_W}t", f"{_W}r"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True)
class Tagged:
    """One tag of a paragraph: the match, and the texts that it is written in."""

    paragraph: Any
    tag: re.Match[str]
    texts: tuple[Any, ...]

    def replace(self, make: Callable[[Any], Any] | None) -> None:
        """Take the tag out, and put in its place the run that ``make`` makes of the one it was in, if any."""
        at, start, end = 0, self.tag.start(), self.tag.end()
        placed = make is None
        for text in self.texts:
            old = text.text or ""
            left, right = max(start - at, 0), min(end - at, len(old))
            at += len(old)
            if left >= right:
                continue
            text.text = old[:left]
            text.set(_SPACE, "preserve")
            rest = old[right:]
            run = next(text.iterancestors(_R))
            if rest:
                run.addnext(_after(run, text, rest))
            if not placed and make is not None:
                run.addnext(make(run))
                placed = True


def tagged_paragraphs(root: Any, pattern: re.Pattern[str]) -> Iterator[Tagged]:  # noqa: ANN401 -- an lxml element
    """Each tag of that pattern, the last of a paragraph first, so that those before it stay where they are."""
    for paragraph in list(root.iter(_P)):
        texts = tuple(node for node in paragraph.iter(_T) if next(node.iterancestors(_P)) is paragraph)
        whole = "".join(node.text or "" for node in texts)
        for tag in reversed(list(pattern.finditer(whole))):
            yield Tagged(paragraph, tag, texts)


def _after(run: Any, text: Any, rest: str) -> Any:  # noqa: ANN401 -- lxml elements
    """A run like this one that holds the words after the tag, and what follows its text."""
    other = copy.deepcopy(run)
    index = list(run.iter()).index(text)
    kept = list(other.iter())[index]
    for child in [*kept.itersiblings(preceding=True)]:
        if child.tag != f"{_W}rPr":
            other.remove(child)
    for sibling in list(text.itersiblings()):
        run.remove(sibling)
    kept.text = rest
    kept.set(_SPACE, "preserve")
    return other
