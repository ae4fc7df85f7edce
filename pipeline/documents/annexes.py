"""Lists of pieces that papers print: bound with a paper, signed before it, handed out apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.core.units import Handing, Piece, Unit
from pipeline.documents.printable import Hidden

_WHEN = {Handing.DURING: "pendant le stage", Handing.END: "à la fin du stage"}


def listings(pieces: Sequence[Piece], units: Sequence[Unit]) -> list[dict[str, Any]]:
    """For each piece of a packet, in order, the lists that it may print.

    ``pieces`` are those of its signing unit, ``pieces_jointes`` the same without itself, ``pieces_precedentes`` those
    of the units signed before, ``pieces_remises`` what is handed out apart, with when. What goes to the employer is
    in none: nobody signs that they have read it.
    """
    numbered = list(enumerate(pieces, 1))
    order = {unit.code: at for at, unit in enumerate(units)}
    handed = [
        one | {"quand": _WHEN[piece.handing]}
        for _, piece, one in _lines(numbered)
        if piece.unit is None and piece.handing and piece.handing is not Handing.EMPLOYER
    ]
    return [_lists(number, piece, numbered, order) | {"pieces_remises": handed} for number, piece in numbered]


def _lists(
    number: int, piece: Piece, pieces: Sequence[tuple[int, Piece]], order: dict[str, int]
) -> dict[str, list[dict[str, Any]]]:
    at = order[piece.unit] if piece.unit else len(order)
    with_it = [line for line in _lines(pieces) if line[1].unit == piece.unit and piece.unit]
    return {
        "pieces": [told for _, _, told in with_it],
        "pieces_jointes": [told for other, _, told in with_it if other != number],
        "pieces_precedentes": [told for _, one, told in _lines(pieces) if one.unit and order[one.unit] < at],
    }


def _lines(pieces: Iterable[tuple[int, Piece]]) -> list[tuple[int, Piece, dict[str, Any]]]:
    return [
        (number, piece, {"numero": number, "titre": piece.title, "code": Hidden(piece.code)})
        for number, piece in pieces
    ]
