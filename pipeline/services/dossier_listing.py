"""Use case of listing dossiers: those that fit, in an order, one stretch after another, for a visitor.

A dossier's state is derived, and stored nowhere: it is told of those that are walked. So no more than some thousands
are looked at for one answer, which may hold fewer than were asked for, and says where to go on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.folding import folded_letters
from pipeline.core.models import Data, get
from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.state import DossierState, Facts, state_of
from pipeline.ledger.dossier_pages import Key, Placed
from pipeline.ledger.entries import Entry
from pipeline.ledger.members import Outline
from pipeline.ledger.packet_store import PacketLine
from pipeline.ledger.store import Ledger
from pipeline.services.lookup import leading
from pipeline.services.permissions import Forbidden, require

_AT_ONCE, _LOOKED_AT = 500, 5_000  # dossiers


@dataclass(frozen=True)
class Sought:
    """Which dossiers are listed: those that fit every filter that is given.

    ``words`` are in the number, the name, the file's name, the organisme or its SIRET; ``changed_since`` is a moment
    (UTC), ``before`` the day before which the internship begins.
    """

    words: Sequence[str] = ()
    states: Collection[str] = ()
    formation: str = ""
    session: str = ""
    changed_since: str = ""
    before: dt.date | None = None


@dataclass(frozen=True)
class Summary:
    """One dossier as it is listed: ``lead`` is its form that counts, ``changed`` when one of them last changed."""

    placed: Placed
    state: DossierState
    forms: Sequence[Entry]
    packets: Sequence[PacketLine]
    lead: Entry
    outline: Outline | None


@dataclass(frozen=True)
class Stretch:
    """Some dossiers, and the place after which to go on; ``None`` at the end."""

    dossiers: Sequence[Summary]
    place: Key | None


def list_dossiers(
    visitor: Visitor,
    sought: Sought,
    ledger: Ledger,
    today: dt.date,
    *,
    order: str,
    backward: bool,
    after: Key,
    most: int,
) -> Stretch:
    """The dossiers that a visitor sees, after a place in an order of ``dossier_pages.ORDERS``; raises Forbidden."""
    require(visitor, Right.SEE)
    if visitor.dossier:
        raise Forbidden("Ce lien ouvre un dossier, et pas la liste.")
    found: list[Summary] = []
    formations = _formations(visitor, sought)
    for looked in range(0, _LOOKED_AT, _AT_ONCE):
        placed = ledger.dossier_pages.after(
            after,
            order,
            backward=backward,
            most=min(_AT_ONCE, most + 1 if looked == 0 else _AT_ONCE),
            formations=formations,
        )
        for one in _fitting(placed, visitor, sought, ledger, today):
            if len(found) == most:
                return Stretch(found, found[-1].placed.key)
            found.append(one)
        if not placed:
            return Stretch(found, None)
        after = placed[-1].key
    return Stretch(found, after)


def _formations(visitor: Visitor, sought: Sought) -> Collection[str] | None:
    if not sought.formation:
        return visitor.formations
    return {sought.formation} if visitor.formations is None else visitor.formations & {sought.formation}


def _fitting(
    placed: Sequence[Placed], visitor: Visitor, sought: Sought, ledger: Ledger, today: dt.date
) -> Iterator[Summary]:
    by_dossier = ledger.entries.of_dossiers([one.dossier.id for one in placed])
    hashes = [form.form.sha256 for forms in by_dossier.values() for form in forms]
    packets, outlines = ledger.dossier_pages.packets(hashes), ledger.members.outlines(hashes)
    closed = ledger.dossier_pages.closed([one.dossier.id for one in placed])
    records = ledger.readings.records(hashes) if any(word.isdigit() for word in sought.words) else {}
    for one in placed:
        forms = by_dossier.get(one.dossier.id, ())
        if not forms or not visitor.reaches({form.formation for form in forms}, one.dossier.id):
            continue
        lines = [line for form in forms for line in packets.get(form.form.sha256, ())]
        summary = _summary(one, forms, lines, outlines, today=today, closed=one.dossier.id in closed)
        if _fits(summary, sought, records):
            yield summary


def _summary(
    placed: Placed,
    forms: Sequence[Entry],
    lines: Sequence[PacketLine],
    outlines: Mapping[str, Outline],
    *,
    today: dt.date,
    closed: bool,
) -> Summary:
    lead = leading(forms)
    outline = outlines.get(lead.form.sha256)
    start, end = (outline.start, outline.end) if outline else (None, None)
    return Summary(placed, state_of(Facts(forms, lines, start, end, closed), today), forms, lines, lead, outline)


def _fits(one: Summary, sought: Sought, records: Mapping[str, Data]) -> bool:
    outline = one.outline
    if sought.states and one.state not in sought.states:
        return False
    if sought.session and (outline is None or outline.year != sought.session):
        return False
    if sought.changed_since and one.placed.changed < sought.changed_since:
        return False
    if sought.before and (outline is None or outline.start is None or outline.start >= sought.before):
        return False
    return not sought.words or _is_named(one, sought.words, records)


def _is_named(one: Summary, words: Sequence[str], records: Mapping[str, Data]) -> bool:
    told = [one.placed.dossier.number, one.outline.host if one.outline else ""]
    for form in one.forms:
        siret = get(records.get(form.form.sha256, {}), "organisme.siret")
        told += [form.stagiaire or "", form.form.name, str(siret or "")]
    text = folded_letters(" ".join(told))
    wanted = [folded_letters(word) for word in words]
    return all(wanted) and all(word in text for word in wanted)
