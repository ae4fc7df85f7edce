"""Impact report: what would change, in French, as JSON, and for the control sheet of a regenerated packet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.identity import Comparison, Difference, Rewording
from pipeline.core.models import JSON, packet_number
from pipeline.regeneration.impact import Impact, PieceChange, RuleChange
from pipeline.regeneration.word_diff import BODY, Change

LINES = 8  # of one piece, on the terminal
_ON_PAPER = 12  # of one piece, on the control sheet
_LONG = 200  # characters of one side of a change
_HIDDEN = "•••"


def lines(impact: Impact, dictionary: Dictionary) -> Iterator[str]:
    """One packet: whose, then what would change, indented."""
    entry = impact.entry
    packet = packet_number(impact.packet.id)
    yield f"{entry.form.id}  {entry.stagiaire or '—'}  {entry.formation or '—'}  liasse {packet}"
    if impact.unknown:
        yield f"  ne peut pas être comparée : {impact.unknown}"
    yield from (f"  ne serait plus délivrée : {hurdle}" for hurdle in impact.hurdles)
    for piece in impact.pieces:
        yield from _piece_lines(piece)
    yield from (f"  valeur {one.label} : {_change(*_values(one, dictionary))}" for one in impact.values)
    yield from (f"  {other}" for other in impact.others)
    yield from (f"  {_rule(rule)}" for rule in impact.rules)


def summary(impacts: Sequence[Impact]) -> str:
    """The last line: « 12 liasses en cours : 3 changeraient, 9 resteraient les mêmes. », or with more."""
    if not impacts:
        return "Aucune liasse en cours."
    changed = [one for one in impacts if one.changed]
    blocked, unknown = sum(bool(one.hurdles) for one in changed), sum(bool(one.unknown) for one in impacts)
    same = len(impacts) - len(changed) - unknown
    no_more = f" (dont {_many(blocked, 'ne serait plus délivrée', 'ne seraient plus délivrées')})" if blocked else ""
    parts = (
        (len(changed), f"{_many(len(changed), 'changerait', 'changeraient')}{no_more}"),
        (same, _many(same, "resterait la même", "resteraient les mêmes")),
        (unknown, _many(unknown, "ne peut pas être comparée", "ne peuvent pas être comparées")),
    )
    told = (said for count, said in parts if count)
    return f"{_many(len(impacts), 'liasse', 'liasses')} en cours : {', '.join(told)}."


def as_json(impact: Impact, dictionary: Dictionary) -> dict[str, Any]:
    """One packet, for ``--json``."""
    return {
        "id": impact.entry.form.id,
        "stagiaire": impact.entry.stagiaire,
        "formation": impact.entry.formation,
        "paquet": impact.packet.id,
        "incomparable": impact.unknown or None,
        "bloque": list(impact.hurdles),
        "pieces": [
            {
                "code": piece.code,
                "titre": piece.title,
                "dit": piece.said or None,
                "mots": [
                    {"ou": one.part, "avant": one.before, "apres": one.after, "autour": [one.lead, one.tail]}
                    for one in piece.words
                ],
            }
            for piece in impact.pieces
        ],
        "valeurs": [
            dict(zip(("champ", "avant", "apres"), (one.field, *_values(one, dictionary)), strict=True))
            for one in impact.values
        ],
        "autres": list(impact.others),
        "regles": [{"regle": one.rule, "avant": one.before, "apres": one.after} for one in impact.rules],
    }


def comparison(impact: Impact) -> Comparison:
    """What the control sheet of a regenerated packet says of the one that it replaces."""
    words = [
        line
        for piece in impact.pieces
        for line in (
            *(Rewording(_where(piece, one), *_sides(one)) for one in piece.words[:_ON_PAPER]),
            *_more(piece),
            *([Rewording(piece.title, "", piece.said)] if piece.said else []),
        )
    ]
    words += [Rewording("Signataires et pièces", "", other) for other in impact.others]
    words += [
        Rewording(f"Règle {one.rule}", _short(one.before or ""), _short(one.after or "")) for one in impact.rules
    ]
    return Comparison(
        impact.entry.form.id,
        impact.packet.day,
        impact.values,
        packet=packet_number(impact.packet.id),
        words=tuple(words),
    )


def _more(piece: PieceChange) -> Iterator[Rewording]:
    left = len(piece.words) - _ON_PAPER
    if left > 0:
        yield Rewording(piece.title, "", f"et {_many(left, 'autre passage', 'autres passages')}")


def _where(piece: PieceChange, change: Change) -> str:
    return piece.title if change.part == BODY else f"{piece.title}, {change.part}"


def _sides(change: Change) -> tuple[str, str]:
    """Both sides with the words around, so that a comma alone says where it stands."""
    return tuple(  # type: ignore[return-value] # two
        " ".join(part for part in (change.lead, _short(side), change.tail) if part)
        for side in (change.before, change.after)
    )


def _piece_lines(piece: PieceChange) -> Iterator[str]:
    count = f" ({_many(len(piece.words), 'passage', 'passages')})" if piece.words else ""
    yield f"  {piece.title}{count}{f' : {piece.said}' if piece.said else ''}"
    for change in piece.words[:LINES]:
        lead, tail = (f"… {change.lead} " if change.lead else ""), (f" {change.tail} …" if change.tail else "")
        part = "" if change.part == BODY else f"{change.part} : "
        yield f"    {part}{lead}{_change(change.before, change.after)}{tail}"
    left = len(piece.words) - LINES
    if left > 0:
        yield f"    et {_many(left, 'autre passage', 'autres passages')}"


def _change(before: JSON, after: JSON) -> str:
    """« avant » → « après », or what was added or removed."""
    old, new = (_short("" if one is None else str(one)) for one in (before, after))
    if not old:
        return f"[ajouté : « {new} »]"
    return f"[« {old} » → « {new} »]" if new else f"[retiré : « {old} »]"


def _rule(change: RuleChange) -> str:
    before, after = (_short(said or "") for said in (change.before, change.after))
    if before and after:
        return f"règle {change.rule} : [« {before} » → « {after} »]"
    return f"règle {change.rule} dit à présent : {after}" if after else f"règle {change.rule} ne dit plus : {before}"


def _values(difference: Difference, dictionary: Dictionary) -> tuple[JSON, JSON]:
    if dictionary.fields[difference.field].kind is FieldKind.NIR:
        return _HIDDEN, _HIDDEN
    return difference.before, difference.after


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1].rstrip()}…"


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {several if count > 1 else one}"
