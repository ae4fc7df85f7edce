"""What the reader sees in each slot of a blank of ours, before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.blanks.drawn_blank import edition_of
from pipeline.blanks.edition_layout import compile_edition
from pipeline.core.doubts import Doubt
from pipeline.core.fields import Dictionary
from pipeline.core.models import Box
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, Slot
from pipeline.reading.alignment import Compiled, receive
from pipeline.reading.alignment.layout_reader import fit, slot_mentions

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """The text of one slot (``x`` for a box that is ticked), where it stands, and its doubt."""

    slot: Slot
    text: str
    page: int | None
    box: Box | None
    doubt: Doubt | None
    sure: bool


def answers_of(data: bytes, blank: Blank) -> tuple[Answer, ...]:
    """One answer for each slot of the blank, in form order."""
    compiled, received = compiled_of(blank.mark, blank), receive(data)
    seen = slot_mentions(received, compiled, dictionary(), fit(received, compiled))
    by_name = {mention.placeholder: mention for mention in seen}
    slots = {slot: compiled.controls[slot.name] for slot in blank.slots()}
    return tuple(
        Answer(
            slot,
            "x" if one.ticked else one.text,
            one.page,
            one.box,
            one.doubt,
            one.sure,
        )
        for slot, placeholder in slots.items()
        if (one := by_name.get(placeholder))
    )


@cache
def dictionary() -> Dictionary:
    """The fields of the schema."""
    return Dictionary.load(Workspace(ROOT))


_COMPILED: dict[str, Compiled] = {}


def compiled_of(mark: str, blank: Blank) -> Compiled:
    """The blank as a layout, made once."""
    if mark not in _COMPILED:
        _COMPILED[mark] = compile_edition(edition_of(blank), dictionary())
    return _COMPILED[mark]
