"""What the reader makes of a blank of ours: what it sees in each slot, and what is decided of each field."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from pipeline.blanks.drawn_blank import edition_of
from pipeline.blanks.edition_layout import compile_edition
from pipeline.core.doubts import Doubt
from pipeline.core.fields import Dictionary
from pipeline.core.models import Box, FieldReading
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, Slot
from pipeline.forms.editions import Edition
from pipeline.reading.alignment import receive
from pipeline.reading.alignment.layout_reader import fit, slot_mentions
from pipeline.reading.digital import read_form
from pipeline.reading.exchange import FormReading
from pipeline.reading.known_forms import KnownForms, OwnBlanks
from pipeline.reading.seen.eye import Eye
from pipeline.reading.seen.eyesight import blind

ROOT = Path(__file__).resolve().parents[2]
RECEIVED = dt.date(2025, 3, 17)


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
    known = known_forms(blank)
    with Eye(receive(data), blind) as eye:
        received = eye.received
    compiled = known.own.of(_edition(blank).mark)
    seen = slot_mentions(received, compiled, known.dictionary, fit(received, compiled))
    by_name = {mention.placeholder: mention for mention in seen}
    return tuple(
        Answer(slot, "x" if one.ticked else one.text, one.page, one.box, one.doubt, one.sure)
        for slot in blank.slots()
        if (one := by_name.get(compiled.controls[slot.name]))
    )


def read_own(data: bytes, *blanks: Blank) -> FormReading:
    """What is decided of a form where these blanks are known, the last one being given out today."""
    return read_form(data, known_forms(*blanks), RECEIVED)


def fields_of(data: bytes, *blanks: Blank) -> dict[str, FieldReading]:
    """What is decided of each field of a form, by path."""
    return {field.path: field for field in read_own(data, *blanks).fields}


def doubted(data: bytes, *blanks: Blank) -> dict[str, str]:
    """Path to the code of its doubt, for each field in doubt."""
    return {path: field.doubt.code.value for path, field in fields_of(data, *blanks).items() if field.doubt}


def known_forms(*blanks: Blank) -> KnownForms:
    """What may be recognised where these blanks are known, the last one being given out today; made once."""
    marks = tuple(blank.mark for blank in blanks)
    if marks not in _KNOWN:
        editions = {_edition(blank).mark: partial(_edition, blank) for blank in blanks}
        ready = partial(compile_edition, dictionary=dictionary())
        _KNOWN[marks] = KnownForms(OwnBlanks(editions, ready, tuple(editions)[-1:]), (), dictionary())
    return _KNOWN[marks]


@cache
def dictionary() -> Dictionary:
    """The fields of the schema."""
    return Dictionary.load(Workspace(ROOT))


_EDITIONS: dict[str, Edition] = {}
_KNOWN: dict[tuple[str, ...], KnownForms] = {}


def _edition(blank: Blank) -> Edition:
    if blank.mark not in _EDITIONS:
        _EDITIONS[blank.mark] = edition_of(blank)
    return _EDITIONS[blank.mark]
