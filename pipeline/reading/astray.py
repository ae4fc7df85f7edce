"""Detection of overflowing text: what is not, or not wholly, in one box, and the boxes near it that say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.models import Box
from pipeline.forms.blank import NOTE
from pipeline.forms.paper.placement import Placement, Role, Zone
from pipeline.reading.boxes import gaps, inside
from pipeline.reading.printed_marks import Glyph, line_text, lines_of, squeeze
from pipeline.reading.sequences import grouped, runs

_WORD_GAP = 0.6  # of the type's size: letters farther apart belong to different answers
_NEIGHBOUR = 9.0  # points: the widest gap between two boxes side by side
_TOUCH = 0.3  # points


def share_out(left: Iterable[Glyph], zones: Sequence[Zone]) -> tuple[dict[str, list[Glyph]], list[Glyph]]:
    """The letters that are in each slot's box, by slot name, and those in none."""
    held: dict[str, list[Glyph]] = defaultdict(list)
    strays: list[Glyph] = []
    for glyph in left:
        zone = next((zone for zone in zones if inside(glyph.centre, zone.box, 0.5)), None)
        if zone is not None:
            held[zone.slot.name].append(glyph)
        elif glyph.text.strip():
            strays.append(glyph)
    return held, strays


def spilled_text(held: dict[str, list[Glyph]], strays: Sequence[Glyph], zones: Sequence[Zone]) -> dict[str, Doubt]:
    """Slot name to doubt, where one line of writing runs over several boxes or a letter touches two."""
    owners = [(glyph, zone.slot.name) for zone in zones if zone.lines for glyph in held[zone.slot.name]]
    owners = [(glyph, name) for glyph, name in owners if glyph.text.strip()]
    doubts: dict[str, Doubt] = {}
    for run in _runs([*owners, *((glyph, "") for glyph in strays)]):
        names = {name for _, name in run}
        if len(names) > 1:
            words = line_text([glyph for glyph, _ in run])
            doubt = Doubt(Reason.SPILLED, f"le texte sort de la case : « {words} »")
            doubts.update(dict.fromkeys(names - {""}, doubt))
    touched = (name for zone in zones if zone.lines for name in _touched(zone, held, zones))
    return dict.fromkeys(touched, Doubt(Reason.SPILLED, "le texte passe d’une case à l’autre")) | doubts


def _runs(owners: Sequence[tuple[Glyph, str]]) -> Iterator[list[tuple[Glyph, str]]]:
    """Letters that follow each other on a line, no farther apart than two words."""
    for line in grouped((round(owner[0].base), owner) for owner in owners).values():
        yield from runs(
            sorted(line, key=lambda owner: owner[0].x0),
            lambda run, owner: owner[0].x0 - run[-1][0].x1 <= _WORD_GAP * owner[0].size,
        )


def _touched(zone: Zone, held: dict[str, list[Glyph]], zones: Sequence[Zone]) -> Iterator[str]:
    near = [
        other for other in zones if other.lines and other is not zone and max(gaps(zone.box, other.box)) < _NEIGHBOUR
    ]
    for other in near:
        if any(_touches(glyph, other.box) for glyph in held[zone.slot.name] if glyph.text.strip()):
            yield from {name for name in (zone.slot.name, other.slot.name) if held[name]}


def _touches(glyph: Glyph, box: Box) -> bool:
    across = min(glyph.x1, box[2]) - max(glyph.x0, box[0])
    down = min(glyph.base, box[3]) - max(glyph.base - 0.65 * glyph.size, box[1])
    return across > _TOUCH and down > _TOUCH


def stray_text(strays: Sequence[Glyph], zones: Sequence[Zone], page: int, placement: Placement) -> dict[str, Doubt]:
    """Slot name to doubt, for text in no box: the nearest one tells it.

    The places to sign are free to write in, and the flags of a form sent back are ours.
    """
    frames = [frame for frame in placement.frames if frame.page == page]
    free = [frame.box for frame in frames if frame.role is Role.SIGN]
    flags = [
        (frame.box[2] - 45, frame.box[1] - 4, frame.box[2], frame.box[1] + 5)
        for frame in frames
        if frame.role in (Role.CELL, Role.OFFICE)
    ]
    words: dict[str, list[Glyph]] = defaultdict(list)
    flagged: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in strays:
        flag = next((number for number, box in enumerate(flags) if inside(glyph.centre, box)), None)
        if flag is not None:
            flagged[flag].append(glyph)
        elif zones and not any(inside(glyph.centre, box) for box in free):
            words[_nearest(glyph, zones).slot.name].append(glyph)
    for glyphs in flagged.values():
        if squeeze("".join(map(line_text, lines_of(glyphs)))) != squeeze(NOTE):
            words[_nearest(glyphs[0], zones).slot.name].extend(glyphs)
    texts = {name: " ".join(map(line_text, lines_of(glyphs))) for name, glyphs in words.items()}
    return {
        name: Doubt(Reason.STRAY_TEXT, f"du texte dépasse de la case ou est écrit à côté : « {text} »")
        for name, text in texts.items()
    }


def _nearest(glyph: Glyph, zones: Sequence[Zone]) -> Zone:
    spot = (*glyph.centre, *glyph.centre)
    return min(zones, key=lambda zone: sum(gap * gap for gap in gaps(zone.box, spot)))
