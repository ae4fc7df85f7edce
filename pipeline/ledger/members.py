"""Cohort members, kept with their lookup keys: who shares a person, an e-mail, a SIRET, a tuteur, a host, a référent.

A form asks for those who share a key with it, however many others there are. Personal data, purged with the form.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from pipeline.core.law import as_date
from pipeline.core.member import LONGEST_WAIT, TRAINEE, Key, KeyKind, Member, Period, member_from
from pipeline.ledger.database import Database, change, change_many, row, rows, rows_among
from pipeline.ledger.entries import OVERTAKEN, PRINTED

_LAST = "~"  # sorts after every arrival: a form that is not kept comes after all others
_COUNTS = f"form.state NOT IN {OVERTAKEN}"
_REPLACED = (
    "EXISTS (SELECT 1 FROM form AS later JOIN member AS newer ON newer.sha256 = later.sha256 "
    "WHERE later.dossier = form.dossier AND newer.arrival > member.arrival "
    f"AND later.state NOT IN {OVERTAKEN})"
)
_PRINTED = (
    "EXISTS (SELECT 1 FROM packet WHERE packet.sha256 = form.sha256 "
    f"AND packet.state IN {PRINTED}) AND NOT EXISTS (SELECT 1 FROM decision "
    "WHERE decision.sha256 = form.sha256 AND decision.kind = 'override' AND decision.rule = :overlap)"
)
_FROM = "FROM member JOIN form ON form.sha256 = member.sha256"
_SELECT = f"SELECT member.sha256, member.arrival, member.body, form.dossier, {_PRINTED}, {_REPLACED} {_FROM}"
_BY_KEY = (
    f"SELECT member.sha256 FROM member_key JOIN member ON member.sha256 = member_key.sha256 "
    f"JOIN form ON form.sha256 = member.sha256 WHERE key = :key AND member.sha256 <> :mine AND {_COUNTS}"
)
_BEFORE = f"AND member_key.arrival < :arrival AND NOT {_REPLACED}"
_NAMES = (
    "WITH RECURSIVE names (detail) AS (SELECT min(detail) FROM member_key WHERE key = :key UNION ALL "
    "SELECT (SELECT min(detail) FROM member_key WHERE key = :key AND detail > names.detail) FROM names "
    "WHERE names.detail IS NOT NULL) SELECT detail FROM names WHERE detail IS NOT NULL"
)


class Neighbours(NamedTuple):
    """The members that share a key with one, in order of arrival: those before it, those after it."""

    before: tuple[Member, ...]
    after: tuple[Member, ...]


class Outline(NamedTuple):
    """What is listed of a form: its school year, where the internship is, its first and last day, SIRETs it gives."""

    year: str
    host: str
    start: dt.date | None
    end: dt.date | None
    sirets: tuple[str, ...] = ()


class Members:
    """The members of one ledger. A form for which somebody lifted the rule ``overlap`` is not told as printed."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def everybody(self, overlap: str) -> tuple[Member, ...]:
        """The forms whose values are kept, in order of arrival; not those put away, replaced or erased."""
        with self._db.read() as connection:
            return tuple(
                _member(one)
                for one in rows(connection, f"{_SELECT} WHERE {_COUNTS} ORDER BY member.arrival", overlap=overlap)
            )

    def outlines(self, forms: Collection[str]) -> dict[str, Outline]:
        """What is listed of these forms, by hash; nothing of one whose values are not kept."""
        with self._db.read() as connection:
            found = rows_among(connection, "SELECT sha256, body FROM member WHERE sha256 IN :several", forms)
        return {str(sha256): _outline(json.loads(str(body))) for sha256, body in found}

    def neighbours(self, member: Member, *, most: int, overlap: str) -> Neighbours:
        """Who shares a key with a member; of those who share an e-mail, the first ``most`` of each camp.

        Of a tuteur, an organisme, a référent: who is there at the same time, in whole weeks; of a tuteur also who was
        there before, as far back as the délai de carence may reach.
        """
        with self._db.read() as connection:
            found = row(connection, "SELECT arrival FROM member WHERE sha256 = :s", s=member.sha256)
            arrival = str(found[0]) if found else _LAST
            asked = {"mine": member.sha256, "arrival": arrival}
            near = {sha256 for key in member.keys for sha256 in _sharing(connection, key, member, asked, most)}
            sql = f"{_SELECT} WHERE member.sha256 IN :several"
            near_rows = rows_among(connection, sql, near, overlap=overlap)
        members = [(str(one[1]), _member(one)) for one in sorted(near_rows, key=lambda one: str(one[1]))]
        before = tuple(one for at, one in members if at < arrival)
        return Neighbours(before, tuple(one for at, one in members if at >= arrival))


def _outline(said: Mapping[str, Any]) -> Outline:
    start, end = (as_date(day) for day in said["period"] or (None, None))
    return Outline(said["year"], said["host"], start, end, tuple(one[1] for one in said["named"]))


def keep_member(connection: sa.Connection, member: Member) -> None:
    """Keep a member and its keys, in the transaction that keeps its values."""
    found = row(connection, "SELECT received_on, received_at FROM form WHERE sha256 = :s", s=member.sha256)
    day, at = found or ("", 0.0)
    arrival = f"{day} {at:020.6f} {member.sha256}"
    forget_member(connection, member.sha256)
    change(
        connection,
        "INSERT INTO member (sha256, arrival, body) VALUES (:s, :arrival, :body)",
        s=member.sha256,
        arrival=arrival,
        body=member.as_json(),
    )
    period = member.period.in_weeks() if member.period else None
    change_many(
        connection,
        "INSERT INTO member_key (key, detail, arrival, sha256, begins, ends, staff) "
        "VALUES (:key, :detail, :arrival, :s, :begins, :ends, :staff)",
        [
            {
                "key": _text(key),
                "detail": key.detail,
                "arrival": arrival,
                "s": member.sha256,
                "begins": period.start.isoformat() if period else None,
                "ends": period.end.isoformat() if period else None,
                "staff": member.staff,
            }
            for key in sorted(member.keys)
        ],
    )


def forget_member(connection: sa.Connection, sha256: str) -> None:
    """Remove a member and its keys."""
    for table in ("member_key", "member"):
        change(connection, f"DELETE FROM {table} WHERE sha256 = :s", s=sha256)


def _text(key: Key) -> str:
    return f"{key.kind.value} {key.value}"


def _sharing(
    connection: sa.Connection, key: Key, member: Member, asked: Mapping[str, str], most: int
) -> Iterator[str]:
    asked = {"key": _text(key), **asked}
    match key.kind:
        case KeyKind.PERSON:
            yield from _hashes(connection, _BY_KEY, asked)
        case KeyKind.EMAIL:
            yield from _holders(connection, key, member, asked, most)
        case KeyKind.SIRET:
            yield from _otherwise_named(connection, key, asked)
        case KeyKind.CROWD if member.period:
            weeks = member.period.in_weeks()
            reach = Period(weeks.start - LONGEST_WAIT, weeks.end) if key.value == member.tutor_key else weeks
            yield from _beside(connection, member, reach, asked)


def _holders(
    connection: sa.Connection, key: Key, member: Member, asked: Mapping[str, str], most: int
) -> Iterator[str]:
    """The first holders of an e-mail in the other camps; among stagiaires, those who bear another name."""
    asked = {**asked, "camp": key.detail, "person": member.who.name or "", "most": most}  # type: ignore[dict-item]
    for others in ("detail < :camp", "detail > :camp"):
        camps = rows(connection, f"SELECT DISTINCT detail FROM member_key WHERE key = :key AND {others}", **asked)
        for (camp,) in camps:
            sql = f"{_BY_KEY} AND member_key.detail = :other {_BEFORE} ORDER BY member_key.arrival LIMIT :most"
            yield from _hashes(connection, sql, {**asked, "other": camp})
    if key.detail == TRAINEE:
        stranger = "AND member_key.detail = :camp AND coalesce(form.person, '') <> :person"
        yield from _hashes(
            connection, f"{_BY_KEY} {stranger} {_BEFORE} ORDER BY member_key.arrival LIMIT :most", asked
        )


def _otherwise_named(connection: sa.Connection, key: Key, asked: Mapping[str, str]) -> Iterator[str]:
    """Of each other name that a SIRET is given, the first form that gives it."""
    for (name,) in rows(connection, _NAMES, key=asked["key"]):
        if name != key.detail:
            sql = f"{_BY_KEY} AND member_key.detail = :name {_BEFORE} ORDER BY member_key.arrival LIMIT 1"
            yield from _hashes(connection, sql, {**asked, "name": name})


def _beside(connection: sa.Connection, member: Member, weeks: Period, asked: Mapping[str, str]) -> Iterator[str]:
    """Who is there in the same weeks; and of a host whose staff this form does not give, who gives the largest."""
    span = {"begins": weeks.start.isoformat(), "ends": weeks.end.isoformat()}
    sql = f"{_BY_KEY} AND begins <= :ends AND ends >= :begins {_BEFORE}"
    yield from _hashes(connection, sql, {**asked, **span})
    if member.staff is None:
        largest = f"{_BY_KEY} AND staff IS NOT NULL {_BEFORE} ORDER BY staff DESC LIMIT 1"
        yield from _hashes(connection, largest, asked)


def _hashes(connection: sa.Connection, sql: str, asked: Mapping[str, str]) -> Iterator[str]:
    return (sha256 for (sha256,) in rows(connection, sql, **asked))


def _member(found: tuple[object, ...]) -> Member:
    sha256, _, body, dossier, printed, replaced = found
    return member_from(
        str(sha256), str(body), dossier=str(dossier or ""), printed=bool(printed), replaced=bool(replaced)
    )
