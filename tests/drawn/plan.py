"""Plan of a drawn form, as data: sections, blocks, questions, look; ``drafting`` draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

DATES = ("date_naissance", "date_debut", "date_fin", "expire_le", "stagiaire_le", "debut", "fin")
LISTS = ("stage.activites", "stage.competences")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
LEADERS = ("dots", "ellipsis", "underscores", "spaced", "underlined", "tab-dots", "tab-line")


@dataclass(frozen=True)
class Ask:
    """One question: the path of its placeholder, its label, its options if it is ticked or chosen, its place.

    ``item`` is the line of a list and ``part`` the date of a period; ``roomy`` says that an answer may take several
    lines; ``chosen`` is a drop-down; ``prompt`` is printed in the place.
    """

    path: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    item: int | None = None
    part: str = ""
    place: str = "dots"
    prompt: str = ""
    roomy: bool = False
    chosen: bool = False

    @property
    def name(self) -> str:
        """What stands between the braces, but for an option."""
        return ".".join((self.path, *([str(self.item)] if self.item else []), *([self.part] if self.part else [])))

    @property
    def last(self) -> str:
        """What is asked, without of whom."""
        return self.path.rsplit(".", 1)[-1]


@dataclass(frozen=True)
class Block:
    """Questions drawn alike: ``rows`` of them, or a ``sentence`` whose holes they are, in order."""

    kind: str
    rows: tuple[tuple[Ask, ...], ...]
    sentence: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Section:
    """A titled part of the form."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Look:
    """What a school's forms look like: typography, tick boxes, titles; ``reserved`` is a frame for its staff."""

    font: str
    size: float
    margins: float
    box: str
    box_after: bool
    options_stacked: bool
    colon: str
    labels: str
    titles: str
    nested: bool
    columns: int
    controls_kept: bool
    reserved: bool


@dataclass(frozen=True)
class Plan:
    """The whole form of one school, before it is rendered."""

    seed: int
    title: str
    school: str
    notices: tuple[str, ...]
    footer: str
    look: Look
    sections: tuple[Section, ...]

    @property
    def name(self) -> str:
        """The name of its folder."""
        return f"ecole-{self.seed:03}"

    @property
    def asks(self) -> Iterator[Ask]:
        """Every question, in the order of the form."""
        return (ask for section in self.sections for block in section.blocks for row in block.rows for ask in row)

    @property
    def leaders(self) -> bool:
        """Whether answers are written over leaders."""
        return any(ask.place in LEADERS and not ask.options for ask in self.asks)
