"""Dossiers: one internship each, with a number that is said aloud, and the forms that hang on it.

A form opens a dossier when it is received. It joins another one only when person and internship are surely the same;
where they are not, or where it could join several, a person chooses. Every move is kept and can be undone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from pipeline.core.formation import school_year
from pipeline.core.identity import person_of, same_internship, same_person
from pipeline.core.models import Data, get
from pipeline.ledger.database import Database, change, row, rows
from pipeline.ledger.journal import MACHINE, append, now

_COUNTS = "form.state NOT IN ('remplace', 'ecarte', 'efface')"  # forms that are still of their dossier's story
_PRINTED = (
    "EXISTS (SELECT 1 FROM packet JOIN form AS made ON made.sha256 = packet.sha256 WHERE made.dossier = :d "
    "AND packet.state IN ('prevue', 'en-cours', 'retiree', 'signee'))"
)


@dataclass(frozen=True)
class Dossier:
    """One internship: its id, its number (« 2025-014 »), the day of its first form."""

    id: str
    number: str
    opened_on: dt.date


@dataclass(frozen=True)
class Move:
    """A form that went from one dossier to another: by whom, when (UTC), why."""

    number: int
    sha256: str
    left: str
    joined: str
    by: str
    reason: str
    at: str


class _Kin(NamedTuple):
    """A form of the same person and internship, its dossier, its values."""

    sha256: str
    dossier: str
    data: Data


class Dossiers:
    """The dossiers of one ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, dossier: str) -> Dossier:
        """One dossier by its id; raises KeyError."""
        with self._db.read() as connection:
            found = row(connection, "SELECT id, number, opened_on FROM dossier WHERE id = :d", d=dossier)
        if found is None:
            raise KeyError(dossier)
        return Dossier(found[0], found[1], dt.date.fromisoformat(found[2]))

    def named(self, word: str) -> tuple[str, ...]:
        """The dossiers whose number this is or ever was, or whose id begins so; a joined one is where it went."""
        with self._db.read() as connection:
            found = rows(
                connection,
                "SELECT dossier FROM dossier_number WHERE number = :word "
                "UNION SELECT id FROM dossier WHERE id >= :word AND id < :end",
                word=word,
                end=f"{word}g",
            )
            homes = [one for (dossier,) in found for one in _homes(connection, dossier)]
        return tuple(dict.fromkeys(homes))

    def place(self, connection: sa.Connection, sha256: str, data: Data) -> None:
        """Have a form whose values were just kept join the dossier of its internship, or leave one it is not of.

        Nothing happens where a person placed it, or where several dossiers could be meant.
        """
        mine = _dossier_of(connection, sha256)
        self._number_by_session(connection, sha256, mine, data)
        if _placed_by_hand(connection, sha256):
            return
        kin = _kin(connection, sha256, mine, data)
        homes = _homes_of(kin, mine)
        if len(homes) == 1:
            at_home = any(one.dossier == mine for one in kin)
            if not at_home and not all(_is_torn(connection, one, mine) for one in kin):
                self._join(connection, mine, homes[0])
        elif not homes and _is_stranger(connection, sha256, mine, data):
            own = _open_own(connection, sha256)
            _move(connection, [sha256], mine, own, by=MACHINE, reason="")

    def choices(self, sha256: str, data: Data) -> tuple[str, ...]:
        """The numbers of the dossiers that a form could join, where it could join several: a person chooses."""
        with self._db.read() as connection:
            mine = _dossier_of(connection, sha256)
            if _placed_by_hand(connection, sha256):
                return ()
            homes = _homes_of(_kin(connection, sha256, mine, data), mine)
            return tuple(sorted(_number_of(connection, one) for one in homes)) if len(homes) > 1 else ()

    def move(self, sha256s: Collection[str], *, left: str, joined: str | None, by: str, reason: str) -> str | None:
        """Have a person put forms of one dossier into another, or with ``None`` into one of their own.

        The number of the dossier where they are now; ``None``, and nothing is done, when they are not where ``left``
        says any more.
        """
        with self._db.write() as connection:
            if any(_dossier_of(connection, one) != left for one in sha256s):
                return None
            if joined is None:
                joined = _open_own(connection, min(sha256s))
            _move(connection, sorted(sha256s), left, joined, by=by, reason=reason)
            return _number_of(connection, joined)

    def moves(self, sha256: str) -> tuple[Move, ...]:
        """Where a form has been, the last move last."""
        with self._db.read() as connection:
            found = rows(
                connection,
                "SELECT number, sha256, left_dossier, joined_dossier, by_whom, reason, at FROM membership "
                "WHERE sha256 = :s ORDER BY number",
                s=sha256,
            )
        return tuple(Move(*one) for one in found)

    def moved_at(self, move: Move) -> tuple[Move, ...]:
        """The moves that were made together with one: the same person, moment, and dossiers."""
        with self._db.read() as connection:
            found = rows(
                connection,
                "SELECT number, sha256, left_dossier, joined_dossier, by_whom, reason, at FROM membership WHERE "
                "left_dossier = :left AND joined_dossier = :joined AND by_whom = :by AND at = :at ORDER BY number",
                left=move.left,
                joined=move.joined,
                by=move.by,
                at=move.at,
            )
        return tuple(Move(*one) for one in found)

    def _number_by_session(self, connection: sa.Connection, sha256: str, dossier: str, data: Data) -> None:
        """Number a dossier by the session that its form names, if that is not the year of its receipt.

        Only before anything was made or said of it: the form was just received. The first number stays its own too.
        """
        year = session_year(data)
        fresh = row(connection, "SELECT 1 FROM form WHERE sha256 = :s AND state = 'recu'", s=sha256)
        if not fresh or year is None or _number_of(connection, dossier).startswith(f"{year}-"):
            return
        number = _next_number(connection, year)
        _give_number(connection, dossier, number)
        change(connection, "UPDATE dossier SET number = :n WHERE id = :d", n=number, d=dossier)

    def _join(self, connection: sa.Connection, mine: str, home: str) -> None:
        """Make one dossier of two: of that with a packet, else of the older one; two that have one are left apart."""
        printed = [bool(row(connection, f"SELECT 1 WHERE {_PRINTED}", d=one)) for one in (mine, home)]
        if all(printed):
            return
        first = sorted((mine, home), key=lambda one: _arrival(connection, one))
        target = (mine if printed[0] else home) if any(printed) else first[0]
        left = home if target == mine else mine
        forms = [sha256 for (sha256,) in rows(connection, "SELECT sha256 FROM form WHERE dossier = :d", d=left)]
        _move(connection, forms, left, target, by=MACHINE, reason="")


def open_dossier(connection: sa.Connection, sha256: str, day: dt.date, year: int | None = None) -> Dossier:
    """A new dossier for a form received that day; ``year`` is that of its session, where it is known."""
    number = _next_number(connection, school_year(day) if year is None else year)
    dossier = Dossier(hashlib.sha256(f"{number} {sha256}".encode()).hexdigest()[:32], number, day)
    change(
        connection,
        "INSERT INTO dossier (id, number, opened_on) VALUES (:id, :number, :day)",
        id=dossier.id,
        number=number,
        day=day.isoformat(),
    )
    _give_number(connection, dossier.id, number)
    change(connection, "UPDATE form SET dossier = :d WHERE sha256 = :s", d=dossier.id, s=sha256)
    return dossier


def session_year(data: Data) -> int | None:
    """The year in which the session that a form names begins; ``None`` where it names none."""
    annee = str(get(data, "formation.annee") or "")[:4]
    return int(annee) if annee.isdigit() else None


def _open_own(connection: sa.Connection, sha256: str) -> str:
    """A new dossier for a form that leaves another one, numbered as if it had just been read; its id."""
    sql = "SELECT received_on, body FROM form LEFT JOIN record ON record.sha256 = form.sha256 WHERE form.sha256 = :s"
    day, body = row(connection, sql, s=sha256) or ("", None)
    return open_dossier(connection, sha256, dt.date.fromisoformat(day), session_year(json.loads(body or "{}"))).id


def _next_number(connection: sa.Connection, year: int) -> str:
    taken = row(
        connection,
        "INSERT INTO numbering (year, last) VALUES (:year, 1) "
        "ON CONFLICT (year) DO UPDATE SET last = numbering.last + 1 RETURNING last",
        year=str(year),
    )
    return f"{year}-{taken[0] if taken else 1:03d}"


def _give_number(connection: sa.Connection, dossier: str, number: str) -> None:
    change(connection, "INSERT INTO dossier_number (number, dossier) VALUES (:number, :d)", number=number, d=dossier)


def _number_of(connection: sa.Connection, dossier: str) -> str:
    found = row(connection, "SELECT number FROM dossier WHERE id = :d", d=dossier)
    return str(found[0]) if found else ""


def _dossier_of(connection: sa.Connection, sha256: str) -> str:
    found = row(connection, "SELECT dossier FROM form WHERE sha256 = :s", s=sha256)
    return str(found[0]) if found else ""


def _placed_by_hand(connection: sa.Connection, sha256: str) -> bool:
    """Whether the last move of a form was a person's."""
    sql = "SELECT by_whom FROM membership WHERE sha256 = :s ORDER BY number DESC LIMIT 1"
    found = row(connection, sql, s=sha256)
    return found is not None and found[0] != MACHINE


def _kin(connection: sa.Connection, sha256: str, mine: str, data: Data) -> list[_Kin]:
    """The other forms that are surely of the same person and internship, without those that a person took away."""
    found = rows(
        connection,
        "SELECT form.sha256, form.dossier, record.body FROM form JOIN record ON record.sha256 = form.sha256 "
        f"WHERE form.person = :person AND form.sha256 <> :s AND {_COUNTS} AND NOT EXISTS (SELECT 1 FROM membership "
        "WHERE membership.sha256 = form.sha256 AND left_dossier = :mine AND by_whom <> :machine) "
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
        "SELECT 1 FROM packet WHERE sha256 = :s AND state IN ('prevue', 'en-cours', 'retiree', 'signee')",
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


def _homes(connection: sa.Connection, dossier: str) -> list[str]:
    """The dossier itself, or where its forms are now if none is left in it."""
    if row(connection, "SELECT 1 FROM form WHERE dossier = :d LIMIT 1", d=dossier):
        return [dossier]
    found = rows(
        connection,
        "SELECT DISTINCT form.dossier FROM membership JOIN form ON form.sha256 = membership.sha256 "
        "WHERE left_dossier = :d",
        d=dossier,
    )
    return [home for (home,) in found]


def _move(
    connection: sa.Connection, sha256s: Collection[str], left: str, joined: str, *, by: str, reason: str
) -> None:
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
            at=now(),
        )
        said = f"{_number_of(connection, left)} → {_number_of(connection, joined)}"
        append(connection, "moved", sha256, said, actor=by)
