"""Numbers of dossiers: a school year and a counter of the workspace, unique over all formations, never reused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.core.formation import school_year
from pipeline.core.models import Data, get
from pipeline.ledger.database import change, row


@dataclass(frozen=True)
class Dossier:
    """One internship: its id, its number (« 2025-014 »), the day of its first form."""

    id: str
    number: str
    opened_on: dt.date


def open_dossier(connection: sa.Connection, sha256: str, day: dt.date, year: int | None = None) -> Dossier:
    """A new dossier for a form received that day; ``year`` is that of its session, where it is known."""
    number = _next_number(connection, school_year(day) if year is None else year)
    dossier = _insert_dossier(connection, sha256, number, day)
    change(connection, "UPDATE form SET dossier = :d WHERE sha256 = :s", d=dossier.id, s=sha256)
    return dossier


def _insert_dossier(connection: sa.Connection, sha256: str, number: str, day: dt.date) -> Dossier:
    """The dossier of that number that a form opens, with its number; one that is there already stays as it is."""
    dossier = Dossier(hashlib.sha256(f"{number} {sha256}".encode()).hexdigest()[:32], number, day)
    change(
        connection,
        "INSERT INTO dossier (id, number, opened_on) VALUES (:id, :number, :day) ON CONFLICT DO NOTHING",
        id=dossier.id,
        number=number,
        day=day.isoformat(),
    )
    _give_number(connection, dossier.id, number)
    return dossier


def session_year(data: Data) -> int | None:
    """The year in which the session that a form names begins; ``None`` where it names none."""
    annee = str(get(data, "formation.annee") or "")[:4]
    return int(annee) if annee.isdigit() else None


def open_own(connection: sa.Connection, sha256: str) -> str:
    """A new dossier for a form that leaves another one, numbered as if it had just been read; its id."""
    sql = "SELECT received_on, body FROM form LEFT JOIN record ON record.sha256 = form.sha256 WHERE form.sha256 = :s"
    day, body = row(connection, sql, s=sha256) or ("", None)
    return open_dossier(connection, sha256, dt.date.fromisoformat(day), session_year(json.loads(body or "{}"))).id


def number_by_session(connection: sa.Connection, sha256: str, dossier: str, data: Data) -> None:
    """Number a dossier by the session that its form names, if that is not the year of its receipt.

    Only before anything was made or said of it: its only form was just received. The first number stays its own too.
    """
    year = session_year(data)
    fresh = row(
        connection,
        "SELECT 1 FROM form WHERE sha256 = :s AND state = 'recu' AND NOT EXISTS (SELECT 1 FROM form AS other "
        "WHERE other.dossier = :d AND other.sha256 <> :s) AND NOT EXISTS (SELECT 1 FROM membership "
        "WHERE joined_dossier = :d AND left_dossier <> :d)",
        s=sha256,
        d=dossier,
    )
    if not fresh or year is None or number_of(connection, dossier).startswith(f"{year}-"):
        return
    number = _next_number(connection, year)
    _give_number(connection, dossier, number)
    change(connection, "UPDATE dossier SET number = :n WHERE id = :d", n=number, d=dossier)


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


def number_of(connection: sa.Connection, dossier: str) -> str:
    """The number of a dossier now."""
    found = row(connection, "SELECT number FROM dossier WHERE id = :d", d=dossier)
    return str(found[0]) if found else ""


def raise_counter(connection: sa.Connection, number: str) -> bool:
    """Never give a number again that a paper bears: the counter of its year goes up to it; whether it had to."""
    year, _, count = number.partition("-")
    raised = change(
        connection,
        "INSERT INTO numbering (year, last) VALUES (:year, :count) "
        "ON CONFLICT (year) DO UPDATE SET last = excluded.last WHERE numbering.last < excluded.last",
        year=year,
        count=int(count),
    )
    return raised > 0


def reopen_dossier(connection: sa.Connection, sha256: str, number: str, day: dt.date) -> str:
    """Put a form into the dossier whose number its paper bears, opened again where it is lost.

    A form that is of a dossier stays there: what is in the way is answered, or nothing.
    """
    home = row(connection, "SELECT dossier FROM dossier_number WHERE number = :n", n=number)
    mine = (row(connection, "SELECT dossier FROM form WHERE sha256 = :s", s=sha256) or (None,))[0]
    if home is None and mine is None:
        mine = _insert_dossier(connection, sha256, number, day).id
    elif home is None:
        _give_number(connection, str(mine), number)
    elif mine is None:
        mine = home[0]
    change(connection, "UPDATE form SET dossier = :d WHERE sha256 = :s", d=mine, s=sha256)
    bears = home is None or home[0] == mine
    return "" if bears else f"le numéro {number} est celui d’un autre dossier"
