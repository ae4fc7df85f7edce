"""Editions of our own blank: each issue that was given out, as a file that says what is printed where.

Students send in January what they downloaded in September: a form is read by the edition it was filled on, whatever
the blank has become since. An edition is known by its mark, « liasse/<formation>/<session>/<version> ».
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.core.errors import ConfigError
from pipeline.core.models import Box
from pipeline.core.paper_kinds import PaperForm
from pipeline.forms.blank import MARK

_MEND = "Put it back from a backup; if it is given out today, delete it instead, and it is drawn again."


class Mark(NamedTuple):
    """What is printed at the foot of each page: formation, session (« 2024-2025 »), paper, version of the plan.

    The formulaire does not say that it is one: it was there before the other papers.
    """

    formation: str
    session: str
    version: str
    paper: PaperForm = PaperForm.FORMULAIRE

    @property
    def layout(self) -> str:
        """The id of its layout: « formation/session », and « /paper » of a paper."""
        return "/".join((self.formation, self.session, *self._own))

    @property
    def stem(self) -> str:
        """The name of its file, in the folder of its formation."""
        return "-".join((self.session, *self._own, self.version))

    @property
    def _own(self) -> tuple[str, ...]:
        return () if self.paper is PaperForm.FORMULAIRE else (self.paper.value,)

    def __str__(self) -> str:
        return f"{MARK}/{self.layout}/{self.version}"


def mark_of_stem(formation: str, stem: str) -> Mark:
    """The mark that the place and the name of a file say."""
    head, _, version = stem.rpartition("-")
    session, _, last = head.rpartition("-")
    if last in set(PaperForm):
        return Mark(formation, session, version, PaperForm(last))
    return Mark(formation, head, version)


class Word(NamedTuple):
    """One printed word, its box in points from the top left of ``page`` (from 1)."""

    page: int
    box: Box
    text: str


class Place(NamedTuple):
    """Where one slot is answered on the PDF form: a box of ``lines`` lines to write in, or (no lines) to tick."""

    page: int
    box: Box
    lines: int
    slot: str


class WordToken(NamedTuple):
    """Token of the Word form: its kind (a ``TokenKind``), its text, and the slot whose control it stands in."""

    kind: str
    text: str
    slot: str | None


@dataclass(frozen=True)
class Edition:
    """One issue of our blank, in both its dresses.

    ``words`` and ``places`` are those of the PDF form, ``free`` its boxes where anybody may write (to sign);
    ``document`` is the Word form in reading order. ``title`` is the form's name, for people. ``prints`` are the
    fingerprints of its pages, none of an edition that was kept before they were taken.
    """

    formation: str
    session: str
    version: str
    title: str
    words: tuple[Word, ...]
    places: tuple[Place, ...]
    free: tuple[tuple[int, Box], ...]
    document: tuple[WordToken, ...]
    prints: tuple[str, ...] = ()
    paper: PaperForm = PaperForm.FORMULAIRE

    @property
    def mark(self) -> Mark:
        """What it is known by."""
        return Mark(self.formation, self.session, self.version, self.paper)

    def as_json(self) -> str:
        """The text of its file; the same edition gives the same text."""
        data = opening(self.mark) | {name: value for name, value in asdict(self).items() if name != "paper"}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("],[", "],\n[") + "\n"


def opening(mark: Mark) -> dict[str, str]:
    """What the file of an edition says first: its mark, the paper only of what is none of the formulaires."""
    names = {"formation": mark.formation, "session": mark.session, "version": mark.version}
    return names if mark.paper is PaperForm.FORMULAIRE else {**names, "paper": mark.paper.value}


def load_edition(path: Path) -> Edition:
    """The edition of a file; raises ConfigError, naming it, when it is not one, or not the one that it is named."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        edition = Edition(
            formation=str(data["formation"]),
            session=str(data["session"]),
            version=str(data["version"]),
            title=str(data["title"]),
            words=tuple(Word(page, _box(*box), text) for page, box, text in data["words"]),
            places=tuple(Place(page, _box(*box), lines, slot) for page, box, lines, slot in data["places"]),
            free=tuple((page, _box(*box)) for page, box in data["free"]),
            document=tuple(WordToken(*token) for token in data["document"]),
            prints=tuple(str(one) for one in data.get("prints", ())),
            paper=PaperForm(data.get("paper", PaperForm.FORMULAIRE)),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} is no edition of a blank ({error!r}). {_MEND}") from error
    if path.stem != edition.mark.stem:
        raise ConfigError(f"{path} holds another edition, {edition.mark}. {_MEND}")
    return edition


def _box(x0: float, top: float, x1: float, bottom: float) -> Box:
    return (float(x0), float(top), float(x1), float(bottom))
