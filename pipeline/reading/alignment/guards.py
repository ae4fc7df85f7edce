"""Overflow and stroke detection: what is not wholly in its box, or is drawn over it, on pages whose boxes are known.

A print of a fillable form shows what fitted in each box, and nothing says what did not: text at the very edge of its
box may go on behind it. Text in no box, and what crosses or touches several, is a doubt of the nearest one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.core.boxes import gaps, inside, middle
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.models import Box
from pipeline.core.sequences import grouped, runs
from pipeline.reading.alignment.by_place import Placed
from pipeline.reading.streams.order import lines_of
from pipeline.reading.streams.pdf import PageNote
from pipeline.reading.tokens import Token, TokenKind

# Shares of the type's size. Viewers leave a fifth of it between text and border; text that a program made smaller
# to fit may come nearer, and is whole.
_EDGE, _SHRUNK_EDGE, _START = 0.2, 0.05, 0.1
_ASCENT, _HEAD = 0.75, 0.1  # of the box of a word: down to its baseline, and above its capitals
_OUT = 0.03
_WORD_GAP = 0.6  # letters farther apart belong to different answers
_TOUCH = 0.03
_ROOM = 0.55  # what must be left below several lines for a next one to have had a place
_CHOSEN = 0.1  # half points: people choose whole ones (9, 10.5, 12), calculations do not
# Shares of the height of a box of one line.
_SMALL = 0.57  # smaller type was made so to fit
_NEIGHBOUR = 0.6  # the widest gap between two boxes side by side
_OWN = 0.1  # how far from the sides of a box its own border is drawn
_SEVERAL = 1.5  # a box as high has several lines
_PICTURE, _ASIDE, _LEVEL = 60.0, 60.0, 3.0  # points: the highest, and how far from the box that it may speak of
_REACH = 0.6  # of a box to tick: how far a mark may reach out of it


@dataclass(frozen=True)
class _Zone:
    """Box of one slot on the page as printed; ``high`` is the height of a box of one line on that page."""

    slot: int
    page: int
    box: Box
    ticked: bool
    high: float
    scale: float
    words: tuple[Token, ...] = ()

    @property
    def several(self) -> bool:
        """Whether it has several lines."""
        return self.box[3] - self.box[1] > _SEVERAL * self.high


def guard(context: Placed, pages: Sequence[PageNote], free: Sequence[tuple[int, Box]]) -> dict[int, Doubt]:
    """Slot to doubt, for each whose answer does not stand wholly and alone in its box.

    ``free`` are the boxes of the blank, with their pages, in which anything may be written.
    """
    zones = _zones(context)
    marks = {note.number: note.marks for note in pages}
    signed = _signed(context, free)
    strays = [
        token
        for token in context.unexplained
        if not any(token.page == page and inside(token.middle, box) for page, box in signed)
    ]
    doubts = dict(_touching(zones)) | dict(_astray(strays, zones)) | dict(_spilled(strays, zones))
    for zone in zones:
        drawn = marks.get(zone.page, ())
        found = _in_tick(zone, drawn) if zone.ticked else _in_box(zone, drawn)
        if found is not None:
            doubts.setdefault(zone.slot, found)
    return dict(_pictured(zones, pages, signed)) | doubts


def drawn_over(context: Placed, pages: Sequence[PageNote], free: Sequence[tuple[int, Box]]) -> dict[int, Doubt]:
    """Slot to doubt, for each field of a fillable form of ours over or beside which the page itself is drawn on."""
    marks = {note.number: (note.marks, note.ticked) for note in pages}
    zones = _zones(context)
    signed = _signed(context, free)
    pens = [replace(note, pictures=note.pens) for note in pages]
    doubts = dict(_pictured(zones, pens, signed, "un trait est tracé à la main")) | dict(
        _pictured(zones, pages, signed)
    )
    for zone in zones:
        drawn, ticked = marks.get(zone.page, ((), ()))
        struck = any(_strikes(mark, zone) for mark in drawn)
        if zone.ticked and (struck or _in_tick(zone, drawn) or any(inside(middle(box), zone.box) for box in ticked)):
            doubts[zone.slot] = Doubt(Reason.AMBIGUOUS_TICK, "une marque est dessinée sur la case")
        elif not zone.ticked and struck:
            doubts[zone.slot] = Doubt(Reason.CROSSED_OUT, "un trait ou un dessin passe sur la case")
    return doubts


def _signed(context: Placed, free: Sequence[tuple[int, Box]]) -> list[tuple[int, Box]]:
    return [(shift.page, shift.moved(box)) for page, box in free if (shift := context.shifts.get(page))]


def _pictured(
    zones: Sequence[_Zone],
    pages: Sequence[PageNote],
    signed: Sequence[tuple[int, Box]],
    what: str = "une image est posée",
) -> Iterator[tuple[int, Doubt]]:
    """The nearest box to each small picture or stroke beside one: it may be a remark. Signatures are none."""
    for note in pages:
        here = [zone for zone in zones if zone.page == note.number]
        for picture in note.pictures:
            if any(page == note.number and inside(middle(picture), box) for page, box in signed):
                continue
            apart = [(gaps(zone.box, picture), zone) for zone in here]
            small = (picture[3] - picture[1]) < _PICTURE
            if not small or any(max(gap) <= 0 and inside(middle(picture), zone.box) for gap, zone in apart):
                continue
            beside = [(sum(gap), zone.slot) for gap, zone in apart if gap[0] <= _ASIDE and gap[1] <= _LEVEL]
            if beside:
                yield min(beside)[1], Doubt(Reason.STRAY_TEXT, f"{what} à côté de cette réponse")


def _zones(context: Placed) -> list[_Zone]:
    places = [context.template.token(slot) for slot in context.template.slots]
    written = grouped((token.page, token.spot[3] - token.spot[1]) for token in places if token.kind is TokenKind.WORD)
    found = []
    for slot in context.template.slots:
        token = context.template.token(slot)
        shift = context.shifts.get(token.page or 0)
        if shift is not None and token.box is not None:
            held = dict.fromkeys(context.atoms[index].token for index in context.aligned.fallen.get(slot, ()))
            words = (context.stream[index] for index in held)
            found.append(
                _Zone(
                    slot,
                    shift.page,
                    shift.moved(token.box),
                    context.template.items[slot].is_box,
                    shift.scale * min(written.get(token.page, (0.0,))),
                    shift.scale,
                    tuple(word for word in words if word.kind is TokenKind.WORD),
                )
            )
    return found


def _in_box(zone: _Zone, marks: Sequence[Box]) -> Doubt | None:
    """Why an answer may be cut, hidden or crossed out."""
    if not zone.words:
        drawn = any(_strikes(mark, zone) for mark in marks)
        return (
            Doubt(Reason.AMBIGUOUS_TICK, "une marque est dessinée dans la case, où rien n’est écrit")
            if drawn
            else None
        )
    lines = lines_of(zone.words)
    size = max(word.spot[3] - word.spot[1] for word in zone.words)
    left = min(word.spot[0] for word in zone.words)
    right = max(word.spot[2] for word in zone.words)
    x0, top, x1, bottom = zone.box
    points = 2 * size / zone.scale
    chosen = abs(points - round(points)) < _CHOSEN
    edge = size * (_EDGE if chosen and size >= _SMALL * zone.high else _SHRUNK_EDGE)
    foot = max(word.spot[3] - (1 - _ASCENT) * size for word in zone.words)
    checks = (
        (
            right > x1 - edge or left < x0 + _START * size,
            "le texte touche le bord de la case : il est peut-être coupé",
        ),
        (
            foot > bottom - _OUT * size or min(word.spot[1] for word in zone.words) + _HEAD * size < top,
            "le texte touche le haut ou le bas de la case : il est peut-être coupé",
        ),
        (len(lines) > 1 and bottom - foot < _ROOM * size, "la case est pleine : la fin du texte manque peut-être"),
    )
    cut = next((why for holds, why in checks if holds), None)
    if cut is not None:
        return Doubt(Reason.CUT, cut)
    if len(lines) > 1 and not zone.several:
        return Doubt(Reason.STRAY_TEXT, "plusieurs lignes sont écrites dans une case d’une ligne")
    if any(_strikes(mark, zone) for mark in marks):
        return Doubt(Reason.CROSSED_OUT, "un trait ou un dessin passe sur la réponse")
    return None


def _strikes(mark: Box, zone: _Zone) -> bool:
    """A mark inside the box that is not the box's own border."""
    near = _OWN * zone.high
    if not inside(middle(mark), zone.box, -near / 2):
        return False
    own = all(abs(one - other) <= near for one, other in zip(mark, zone.box, strict=True))
    x0, top, x1, bottom = zone.box
    around = mark[0] < x0 - near and mark[2] > x1 + near and mark[3] > bottom and mark[1] < top
    return not own and not around


def _in_tick(zone: _Zone, marks: Sequence[Box]) -> Doubt | None:
    x0, top, x1, bottom = zone.box
    reach = _REACH * (bottom - top)
    for mark in marks:
        wide, high = mark[2] - mark[0], mark[3] - mark[1]
        beyond = mark[0] < x0 - reach or mark[2] > x1 + reach or mark[1] < top - reach or mark[3] > bottom + reach
        if beyond and max(wide, high) < 4 * (bottom - top) and inside(middle(mark), zone.box, reach / 5):
            return Doubt(Reason.AMBIGUOUS_TICK, "la marque déborde de la case")
    return None


def _touching(zones: Sequence[_Zone]) -> Iterator[tuple[int, Doubt]]:
    """Words that reach into the box beside theirs."""
    written = [zone for zone in zones if not zone.ticked]
    for zone in written:
        if not zone.words:
            continue
        near = (
            other
            for other in written
            if other is not zone
            and other.page == zone.page
            and max(gaps(zone.box, other.box)) < _NEIGHBOUR * zone.high
        )
        for other in near:
            if any(_touches(word.spot, other.box) for word in zone.words):
                doubt = Doubt(Reason.SPILLED, "le texte passe d’une case à l’autre")
                yield from ((one.slot, doubt) for one in (zone, other) if one.words)


def _touches(word: Box, box: Box) -> bool:
    size = word[3] - word[1]
    across = min(word[2], box[2]) - max(word[0], box[0])
    down = min(word[3] - (1 - _ASCENT) * size, box[3]) - max(word[1] + _HEAD * size, box[1])
    return across > _TOUCH * size and down > _TOUCH * size


def _spilled(strays: Sequence[Token], zones: Sequence[_Zone]) -> Iterator[tuple[int, Doubt]]:
    """One line of writing that runs over several boxes, or out of one."""
    owners = [(word, zone.slot) for zone in zones for word in zone.words] + [(word, -1) for word in strays]
    for line in grouped(((word.page, round(word.middle[1])), (word, slot)) for word, slot in owners).values():
        beside = runs(
            sorted(line, key=lambda owner: owner[0].spot[0]),
            lambda run, owner: (
                owner[0].spot[0] - run[-1][0].spot[2] <= _WORD_GAP * (owner[0].spot[3] - owner[0].spot[1])
            ),
        )
        for run in beside:
            slots = {slot for _, slot in run}
            if len(slots) > 1:
                words = " ".join(word.text for word, _ in run)
                doubt = Doubt(Reason.SPILLED, f"le texte sort de la case : « {words[:120]} »")
                yield from ((slot, doubt) for slot in slots if slot >= 0)


def _astray(strays: Sequence[Token], zones: Sequence[_Zone]) -> Iterator[tuple[int, Doubt]]:
    """Text in no box: the nearest one tells it."""
    near = grouped(
        (min(mine, key=lambda zone: sum(gap * gap for gap in gaps(zone.box, word.spot))).slot, word)
        for word in strays
        if (mine := [zone for zone in zones if zone.page == word.page])
    )
    for slot, words in near.items():
        text = " ".join(word.text for line in lines_of(words) for word in line.words)
        why = f"du texte dépasse de la case ou est écrit à côté : « {text[:120]} »"
        yield slot, Doubt(Reason.STRAY_TEXT, why)
