"""Raw answer of a slot: what an adapter finds in a file, and where it stood."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.models import Box
from pipeline.forms.blank import Slot

TICKED = "x"


@dataclass(frozen=True)
class Answer:
    """The raw text of one slot; for a tick box, ``x`` if ticked and nothing if not.

    ``box`` is (x0, top, x1, bottom) in points from the top left of ``page`` (from 1); a DOCX has neither.
    """

    slot: Slot
    text: str
    method: str
    page: int | None = None
    box: Box | None = None
    doubt: str | None = None
