"""Bundles: a received file that holds several, an archive or forms scanned or merged in one PDF, and its parts.

A part is a form of its own: it is cut out in the jail, and read as if it had come alone.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.core.errors import FormRejected
from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox import cutting, gates, opening
from pipeline.sandbox.archives import MOST_FILES, extracted, shown

PARTS, PAGES, RANK, NAME = "parts", "pages", "rank", "name"  # words of the child's answer


class Part(NamedTuple):
    """One of the files in a file: some pages of a PDF (from 1), or one file of an archive by its rank and name."""

    pages: tuple[int, ...] = ()
    rank: int = 0
    name: str = ""

    @property
    def key(self) -> str:
        """What tells it from the other parts of its file."""
        return "-".join(map(str, self.pages)) or f"n{self.rank}"

    def named_in(self, whole: str) -> str:
        """What it is called: « pages 1 à 4 de lot.pdf », « lot.zip : fiche.pdf »."""
        if self.name:
            return f"{whole} : {self.name}"
        first, last = self.pages[0], self.pages[-1]
        return f"page {first} de {whole}" if first == last else f"pages {first} à {last} de {whole}"


class Bundle(FormRejected):
    """Signal that a file holds several, which are to be received each for itself; to who only reads, a refusal."""

    def __init__(self, parts: Sequence[Part]) -> None:
        told = refused(Refusal.BUNDLE, count=len(parts))
        super().__init__(told.reason, told.message)
        self.parts = tuple(parts)


def pages_as_json(groups: Iterable[Sequence[int]]) -> dict[str, Any]:
    """A child's answer: the pages of each form of a PDF."""
    return {PARTS: [{PAGES: list(group)} for group in groups]}


def files_as_json(files: Iterable[tuple[int, str]]) -> dict[str, Any]:
    """A child's answer: the files of an archive, each by its rank and name."""
    return {PARTS: [{RANK: rank, NAME: name} for rank, name in files]}


def believed(answer: Any) -> Bundle:  # noqa: ANN401 -- JSON of a child, which may have been taken over
    """The bundle of a child's answer; raises FormRejected for what cannot be one."""
    try:
        parts = [_part(one) for one in answer[PARTS]]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise refused(Refusal.STOPPED) from error
    pages = [page for part in parts for page in part.pages]
    apart = all(1 <= page <= gates.MAX_PAGES for page in pages) and len(set(pages)) == len(pages)
    if not apart or not 1 <= len(parts) <= MOST_FILES or not all(one.name or one.pages for one in parts):
        raise refused(Refusal.STOPPED)
    return Bundle(parts)


def _part(one: Mapping[str, Any]) -> Part:
    if NAME in one:
        return Part(rank=int(one[RANK]), name=shown(str(one[NAME])))
    return Part(tuple(int(page) for page in one[PAGES]))


def part_of(data: bytes, part: Part) -> str:
    """The bytes of a part, base64; in the jailed child."""
    try:
        made = extracted(data, part.rank) if part.name else cutting.cut(opening.opened(data), part.pages)
    except ValueError as error:
        raise refused(Refusal.SEVERAL) from error
    return base64.b64encode(made).decode("ascii")
