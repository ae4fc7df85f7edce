"""What stands aside in an office document: drawings, inserted documents, running heads, tracked changes.

What stands in the cell or the paragraph of an answer is a doubt of that answer; elsewhere it is a remark on the page,
unless the blank has it too. A picture where one signs, or in the place of the logo, says nothing of answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.core.doubts import Doubt
from pipeline.core.folding import fold
from pipeline.core.remarks import Remark
from pipeline.reading.alignment.gathering import gathered
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.tokens import DRAWN, REVISED, Stream, Token, TokenKind

_SIGNED = ("signature", "signe", "cachet", "tampon", "visa", "logo")
_WIDEST, _HIGHEST = 260.0, 160.0  # points: a signature, a stamp or a logo; larger ones cover what is around
_SAME = 3.0  # points: programs round the size of a picture
_MOST_CHANGES = 5
_BORDERS = (TokenKind.CELL, TokenKind.ROW)


def doubts_beside(context: Context) -> dict[int, Doubt]:
    """Slot to the doubt of what stands aside in its cell or its paragraph."""
    held = _places(context)
    found: dict[int, Doubt] = {}
    for index, token in _added(context):
        start, end = _around(context.stream, index)
        for slot, places in held.items():
            if token.doubt is not None and any(start <= place < end for place in places):
                found.setdefault(slot, token.doubt)
    return found


def remarks_of(context: Context) -> tuple[Remark, ...]:
    """What stands aside and belongs to no answer: remarks on the page, and a note on tracked changes."""
    held = [place for places in _places(context).values() for place in places]
    remarks = [Remark(token.text) for token in gathered(context.running)]
    for index, token in _added(context):
        start, end = _around(context.stream, index)
        alone = not any(start <= place < end for place in held)
        if token.doubt is not None and alone and not _is_signature(context.stream[start:end], token):
            remarks.append(Remark(token.doubt.why, token.doubt))
    changes = list(dict.fromkeys(token.text for token in context.stream if _is(token, REVISED)))
    if changes:
        more = f" (et {len(changes) - _MOST_CHANGES} autres)" if len(changes) > _MOST_CHANGES else ""
        told = " ; ".join(changes[:_MOST_CHANGES])
        remarks.append(Remark(f"Modifications suivies, le texte final a été lu : {told}{more}", None))
    return tuple(remarks)


def _is(token: Token, name: str) -> bool:
    return token.kind is TokenKind.ASIDE and token.name == name


def _added(context: Context) -> Iterator[tuple[int, Token]]:
    """What stands aside and is not on the blank, with its place in the stream."""
    known = [_sides(token) for token in context.template.stream if _is(token, DRAWN)]
    for index, token in enumerate(context.stream):
        if token.kind is not TokenKind.ASIDE or token.name == REVISED:
            continue
        sides = _sides(token)
        same = next((one for one in known if token.name == DRAWN and _close(one, sides)), None)
        if same is not None:
            known.remove(same)
        else:
            yield index, token


def _sides(token: Token) -> tuple[float, ...]:
    return tuple(float(side) for side in token.text.split("x") if side.lstrip("-").isdigit())


def _close(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= _SAME for a, b in zip(one, other, strict=True))


def _is_signature(around: Stream, token: Token) -> bool:
    """Whether a picture is as small as a signature, where one signs."""
    if token.name != DRAWN or token.running:
        return False
    wide, high = (*_sides(token), 0.0, 0.0)[:2]
    words = fold(" ".join(one.text for one in around if one.kind is TokenKind.WORD))
    return wide <= _WIDEST and high <= _HIGHEST and any(word in words for word in _SIGNED)


def _around(stream: Stream, index: int) -> tuple[int, int]:
    """Where the cell of a token begins and ends, or its paragraph outside tables."""
    borders = range(index - 1, -1, -1)
    before = next((at for at in borders if stream[at].kind in _BORDERS), None)
    inside = before is not None and stream[before].kind is TokenKind.CELL
    ends = _BORDERS if inside else (*_BORDERS, TokenKind.PARAGRAPH)
    start = next((at + 1 for at in borders if stream[at].kind in ends), 0)
    return start, next((at for at in range(index + 1, len(stream)) if stream[at].kind in ends), len(stream))


def _places(context: Context) -> dict[int, list[int]]:
    """Slot to the tokens that answer it; where nothing does, the token before which it would stand."""
    found: dict[int, list[int]] = {}
    for slot in context.template.slots:
        atoms = [*context.aligned.fallen.get(slot, ())]
        atoms += [context.aligned.pairs[slot]] if slot in context.aligned.pairs else []
        if not atoms:
            here = context.aligned.position.get(slot)
            before, _ = context.neighbours(slot)
            label = context.aligned.pairs.get(before) if before is not None else None
            atoms = [at for at in (here, None if here is None else here - 1, label) if at is not None]
        found[slot] = [context.atoms[at].token for at in atoms if 0 <= at < len(context.atoms)]
    return found
