"""Layout primitives: texts, frames, zones to answer in, and the strips and pages they stand on.

Points, from the top left of a page; pages count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from pipeline.core.models import Box
from pipeline.forms.blank import Slot
from pipeline.forms.paper.metrics import text_width

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
MARGIN = 34.0
INNER = PAGE_WIDTH - 2 * MARGIN


class Style(StrEnum):
    """How a printed text looks; the names are those of the font's files."""

    REGULAR = "Regular"
    BOLD = "Bold"
    ITALIC = "Italic"


class Tone(StrEnum):
    """What a printed text is for; the painter knows the colours."""

    PLAIN = "plain"
    MUTED = "muted"
    TITLE = "title"
    BAND = "band"
    STAR = "star"


class Role(StrEnum):
    """What a frame is for; the painter knows its fill and border."""

    SECTION = "section"
    PART = "part"
    CELL = "cell"
    HOUSE = "house"
    FIELD = "field"
    TICK = "tick"
    LOGO = "logo"
    ADVICE = "advice"
    CLOSED = "closed"
    SPECIAL = "special"
    SIGN = "sign"


@dataclass(frozen=True)
class Text:
    """One line of printed text; ``base`` is its baseline."""

    x: float
    base: float
    text: str
    size: float
    style: Style = Style.REGULAR
    tone: Tone = Tone.PLAIN
    page: int = 0

    @property
    def box(self) -> Box:
        """The rectangle the line covers."""
        width = text_width(self.text, self.size, bold=self.style is Style.BOLD)
        return (self.x, self.base - 0.75 * self.size, self.x + width, self.base + 0.25 * self.size)


@dataclass(frozen=True)
class Frame:
    """A printed rectangle; ``path`` is the field it belongs to, if any."""

    box: Box
    role: Role
    path: str = ""
    page: int = 0


@dataclass(frozen=True)
class Zone:
    """Where one slot is answered: a box of ``lines`` lines to write in, or (no lines) a square to tick."""

    slot: Slot
    box: Box
    lines: int
    path: str
    page: int = 0


@dataclass(frozen=True)
class Strip:
    """A group of texts, frames and zones that is never cut, placed from its own corner; ``keep``: with the next."""

    height: float
    texts: tuple[Text, ...] = ()
    frames: tuple[Frame, ...] = ()
    zones: tuple[Zone, ...] = ()
    keep: bool = False

    def at(self, x: float, y: float, page: int = 0) -> Strip:
        """The same strip, its corner moved there."""
        return replace(
            self,
            texts=tuple(replace(text, page=page, x=text.x + x, base=text.base + y) for text in self.texts),
            frames=tuple(replace(frame, page=page, box=moved(frame.box, x, y)) for frame in self.frames),
            zones=tuple(replace(zone, page=page, box=moved(zone.box, x, y)) for zone in self.zones),
        )


@dataclass(frozen=True)
class Placement:
    """The whole form placed: ``pages`` of texts, frames and zones; zones in form order."""

    pages: int
    texts: tuple[Text, ...] = field(repr=False)
    frames: tuple[Frame, ...] = field(repr=False)
    zones: tuple[Zone, ...] = field(repr=False)


def moved(box: Box, x: float, y: float) -> Box:
    """The box moved to the right and down."""
    return (box[0] + x, box[1] + y, box[2] + x, box[3] + y)
