"""PDF annotations over answers: typed notes, strokes and stamps. None may be lost unseen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.boxes import gaps, inside, middle
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.models import Box
from pipeline.reading.alignment.harvest import Mention
from pipeline.reading.tokens import Token

_COVERED = 0.25  # the share of a box, by width, that a stroke must cross to be taken for a deletion
_ASIDE, _BELOW = 60.0, 12.0  # points from an answer, on its line or under it, within which a text speaks of it
_LEVEL = 0.01  # of the distance between middles: between boxes that a note touches, the one on its line


def annotated(seen: Sequence[Mention], notes: Sequence[Token]) -> list[Mention]:
    """The same mentions, with a doubt on those that a stroke crosses, and on the nearest one beside each text."""
    marked = list(seen)
    for note in notes:
        for place, doubt in _told(note, seen):
            marked[place] = replace(marked[place], doubt=marked[place].doubt or doubt)
    return marked


def apart(seen: Sequence[Mention], notes: Sequence[Token]) -> tuple[Token, ...]:
    """The notes that no mention tells: they stand by themselves on a page, or where there is no answer."""
    return tuple(note for note in notes if not any(True for _ in _told(note, seen)))


def _told(note: Token, seen: Sequence[Mention]) -> Iterator[tuple[int, Doubt]]:
    here = [
        (place, mention, mention.box)
        for place, mention in enumerate(seen)
        if mention.page == note.page and mention.box is not None
    ]
    if note.text:
        why = note.doubt or Doubt(Reason.STRAY_TEXT, f"un texte a été ajouté : « {note.text[:120]} »")
        beside = (one for one in here if _speaks_of(note.spot, one[2]))
        near = min(beside, key=lambda one: _distance(note.spot, one[2]), default=None)
        if near:
            yield near[0], why
        return
    for place, mention, box in here:
        if (mention.text or mention.ticked) and _crosses(note.spot, box):
            yield place, Doubt(Reason.CROSSED_OUT, "un trait, un dessin ou un tampon recouvre cette case")
        elif inside(middle(note.spot), box):
            yield place, Doubt(Reason.STRAY_TEXT, "un trait est dessiné à la main dans cette case")


def _speaks_of(text: Box, box: Box) -> bool:
    across, down = gaps(text, box)
    return across <= _ASIDE and down <= _BELOW


def _crosses(stroke: Box, box: Box) -> bool:
    width = min(box[2], stroke[2]) - max(box[0], stroke[0])
    return min(box[3], stroke[3]) >= max(box[1], stroke[1]) and width >= _COVERED * (box[2] - box[0])


def _distance(one: Box, two: Box) -> float:
    return sum(gaps(one, two)) + abs(middle(one)[1] - middle(two)[1]) * _LEVEL * 2
