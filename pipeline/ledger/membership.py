"""Record linkage in the ledger: which dossier a form is of, and its moves from one to another.

A form joins another dossier only when person and internship are surely the same; where they are not, or where it
could join several, it stays where it is and a person chooses. Moves are kept until the form is erased.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from pipeline.core.identity import person_of, same_internship, same_person
from pipeline.core.models import Data
from pipeline.ledger.database import change, row, rows
from pipeline.ledger.entries import OVERTAKEN, PRINTED
from pipeline.ledger.journal import MACHINE, append, now
from pipeline.ledger.numbering import number_by_session, number_of, open_own

_COUNTS = f"form.state NOT IN {OVERTAKEN}"


class Assignment(NamedTuple):
    """The word of a person on a file that comes in: the dossier it is of, who says so, why."""

    dossier: str
    by: str
    reason: str


class _Kin(NamedTuple):
    """A form of the same person and internship, its dossier, its values."""

    sha256: str
    dossier: str
    data: Data


def place(connection: sa.Connection, sha256: str, data: Data) -> None:
    """Have a form whose values were just kept join the dossier of its internship, or leave one it is not of.

    Nothing happens where a person placed it, or where several dossiers could be meant.
    """
    mine = dossier_of(connection, sha256)
    number_by_session(connection, sha256, mine, data)
    if _placed_by_hand(connection, sha256):
        return
    kin = _kin(connection, sha256, mine, data)
    homes = _homes_of(kin, mine)
    if len(homes) == 1:
        at_home = any(one.dossier == mine for one in kin)
        if not at_home and not all(_is_torn(connection, one, mine) for one in kin):
            _join(connection, mine, homes[0])
    elif not homes and _is_stranger(connection, sha256, mine, data):
        own = open_own(connection, sha256)
        move_forms(connection, [sha256], mine, own, by=MACHINE, reason="")


def choices(connection: sa.Connection, sha256: str, data: Data) -> list[str]:
    """The dossiers that a form could join, where it could join several; none where a person placed it."""
    mine = dossier_of(connection, sha256)
    if _placed_by_hand(connection, sha256):
        return []
    homes = _homes_of(_kin(connection, sha256, mine, data), mine)
    return homes if len(homes) > 1 else []


def _join(connection: sa.Connection, mine: str, home: str) -> None:
    """Make one dossier of two: of that with a packet, else of the older one.

    Two that have one are left apart, and so are those from which a person's word would have to be taken.
    """
    printed = [is_printed(connection, one) for one in (mine, home)]
    if all(printed):
        return
    first = sorted((mine, home), key=lambda one: _arrival(connection, one))
    target = (mine if printed[0] else home) if any(printed) else first[0]
    left = home if target == mine else mine
    forms = [sha256 for (sha256,) in rows(connection, "SELECT sha256 FROM form WHERE dossier = :d", d=left)]
    if not any(_placed_by_hand(connection, one) for one in forms):
        move_forms(connection, forms, left, target, by=MACHINE, reason="")


def is_printed(connection: sa.Connection, dossier: str) -> bool:
    """Whether a packet that counts was made of a form of a dossier."""
    found = row(
        connection,
        "SELECT 1 FROM packet JOIN form ON form.sha256 = packet.sha256 WHERE dossier = :d "
        f"AND packet.state IN {PRINTED}",
        d=dossier,
    )
    return found is not None


def move_forms(
    connection: sa.Connection, sha256s: Collection[str], left: str, joined: str, *, by: str, reason: str
) -> None:
    """Put forms of one dossier into another, and keep by whom and why."""
    moment = now()  # the same for all: they are taken back together
    for sha256 in sha256s:
        change(connection, "UPDATE form SET dossier = :d WHERE sha256 = :s", d=joined, s=sha256)
        change(
            connection,
            "INSERT INTO membership (number, sha256, left_dossier, joined_dossier, by_whom, reason, at) "
            "SELECT coalesce(max(number), 0) + 1, :s, :left, :joined, :by, :reason, :at FROM membership",
            s=sha256,
            left=left,
            joined=joined,
            by=by,
            reason=reason,
            at=moment,
        )
        note_move(connection, sha256, left, joined, by)


def assign(connection: sa.Connection, sha256: str, own: str, to: Assignment) -> None:
    """Put a form that was just received from its own dossier into that of a person's word."""
    move_forms(connection, [sha256], own, to.dossier, by=to.by, reason=to.reason)


def take_back(connection: sa.Connection, sha256s: Collection[str], left: str, joined: str, *, by: str) -> None:
    """Undo the last move of forms, from ``left`` to ``joined``: they are where they were, as they were there."""
    for sha256 in sha256s:
        change(connection, "UPDATE form SET dossier = :d WHERE sha256 = :s", d=left, s=sha256)
        change(
            connection,
            "UPDATE membership SET undone = 1 WHERE number = "
            "(SELECT max(number) FROM membership WHERE sha256 = :s AND undone = 0)",
            s=sha256,
        )
        note_move(connection, sha256, joined, left, by)


def note_move(connection: sa.Connection, sha256: str, left: str, joined: str, by: str) -> None:
    """The line of the journal for a form that went from one dossier to another."""
    numbers = (number_of(connection, one) for one in (left, joined))
    append(connection, "moved", sha256, " → ".join(numbers), actor=by)


def dossier_of(connection: sa.Connection, sha256: str) -> str:
    """The dossier that a form is of."""
    found = row(connection, "SELECT dossier FROM form WHERE sha256 = :s", s=sha256)
    return str(found[0]) if found else ""


def _placed_by_hand(connection: sa.Connection, sha256: str) -> bool:
    """Whether the last move of a form that stands was a person's."""
    sql = "SELECT by_whom FROM membership WHERE sha256 = :s AND undone = 0 ORDER BY number DESC LIMIT 1"
    found = row(connection, sql, s=sha256)
    return found is not None and found[0] != MACHINE


def _kin(connection: sa.Connection, sha256: str, mine: str, data: Data) -> list[_Kin]:
    """The other forms that are surely of the same person and internship, without those that a person took away."""
    found = rows(
        connection,
        "SELECT form.sha256, form.dossier, record.body FROM form JOIN record ON record.sha256 = form.sha256 "
        f"WHERE form.person = :person AND form.sha256 <> :s AND {_COUNTS} AND NOT EXISTS (SELECT 1 FROM membership "
        "WHERE membership.sha256 = form.sha256 AND undone = 0 AND by_whom <> :machine AND (left_dossier = :mine "
        "OR (left_dossier = joined_dossier AND joined_dossier = form.dossier))) "
        "ORDER BY form.received_on, form.received_at, form.sha256",
        person=person_of(data) or "",
        s=sha256,
        mine=mine,
        machine=MACHINE,
    )
    kin = (_Kin(other, dossier, json.loads(body)) for other, dossier, body in found)
    return [one for one in kin if is_same(data, one.data)]


def _homes_of(kin: Sequence[_Kin], mine: str) -> list[str]:
    """The dossiers of one's kin, one's own left out."""
    return [dossier for dossier in dict.fromkeys(one.dossier for one in kin) if dossier != mine]


def _is_torn(connection: sa.Connection, one: _Kin, mine: str) -> bool:
    """Whether a form could be of yet another dossier than ``mine``: it waits for a person to choose."""
    if _placed_by_hand(connection, one.sha256):
        return False
    homes = _homes_of(_kin(connection, one.sha256, one.dossier, one.data), one.dossier)
    return any(home != mine for home in homes)


def is_same(one: Data, other: Data) -> bool:
    """Whether two forms are surely of one person and speak of one internship."""
    return same_person(one, other) and same_internship(one, other)


def _is_stranger(connection: sa.Connection, sha256: str, mine: str, data: Data) -> bool:
    """Whether a form shares a dossier only with forms of another person or internship, and has no packet there.

    Not where a person put one of those there: they said that it is the same internship.
    """
    made = row(
        connection,
        f"SELECT 1 FROM packet WHERE sha256 = :s AND state IN {PRINTED}",
        s=sha256,
    )
    others = rows(
        connection,
        "SELECT form.sha256, record.body FROM form JOIN record ON record.sha256 = form.sha256 "
        f"WHERE form.dossier = :d AND form.sha256 <> :s AND {_COUNTS}",
        d=mine,
        s=sha256,
    )
    return (
        made is None
        and bool(others)
        and not any(_placed_by_hand(connection, other) or is_same(data, json.loads(body)) for other, body in others)
    )


def _arrival(connection: sa.Connection, dossier: str) -> tuple[object, ...]:
    sql = "SELECT received_on, received_at, sha256 FROM form WHERE dossier = :d ORDER BY 1, 2, 3 LIMIT 1"
    return row(connection, sql, d=dossier) or ()
