"""What a reader saw, before anything is decided: for one place of a layout, or in one slot of our own form."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.models import Box
from pipeline.forms.blank import Slot


@dataclass(frozen=True)
class Candidate:
    """Candidate value of one placeholder: its text, or the option ticked, with where and how sure.

    ``path`` is the placeholder's (« stagiaire.nom », « tuteur.nom_prenom »). ``text`` is ``""`` for a place seen
    empty; the lines of a longer answer are separated by line breaks. ``option`` is the code of the box ticked, for
    a path answered by boxes. ``box`` is in points from the top left of ``page`` (from 1); a DOCX has neither.
    ``sure``: the printed words around were found again and nothing unexplained stands beside. ``doubt`` starts
    with a reason code, then says why in French. ``source`` is « docx », « acroform », « pdf-text », « ocr:… ».
    ``parted``: each line had its own place on the form, as an item of a list, or a day (« 2025-04-07 : 7 »).
    """

    path: str
    text: str
    option: str | None
    page: int | None
    box: Box | None
    method: str
    sure: bool
    confidence: float
    doubt: str | None
    source: str
    parted: bool = False


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
