"""What a reader saw, before anything is decided: for one place of a layout."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.doubts import Doubt
from pipeline.core.models import Box
from pipeline.reading.tokens import Token


@dataclass(frozen=True)
class Candidate:
    """Candidate value of one placeholder: its text, or the option ticked, with where and how sure.

    ``path`` is the placeholder's (« stagiaire.nom », « tuteur.nom_prenom »). ``text`` is ``""`` for a place seen
    empty; the lines of a longer answer are separated by line breaks. ``option`` is the code of the box ticked, for
    a path answered by boxes. ``box`` is in points from the top left of ``page`` (from 1); a DOCX has neither.
    ``sure``: the printed words around were found again and nothing unexplained stands beside. ``certain``: its name
    or its exact place says what it is, so that it is what its writer typed. ``apart``: all that was changed of the
    form is in one place, far from there. ``source`` is « docx », « acroform », « pdf-text », « ocr:… ». ``items`` are
    the lines of a list that has a place for each, ``seen`` its tokens’ ids, ``tokens`` the words and boxes
    themselves, of a place of a printed layout.
    """

    path: str
    text: str
    option: str | None
    page: int | None
    box: Box | None
    method: str
    sure: bool
    confidence: float
    doubt: Doubt | None
    source: str
    certain: bool = False
    apart: bool = False
    items: tuple[str, ...] = ()
    seen: frozenset[int] = frozenset()
    tokens: tuple[Token, ...] = ()
