"""Repository of dossiers: one internship each, found by number or id, and what a person moves between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.core.models import Data
from pipeline.ledger import membership
from pipeline.ledger.database import Database, row, rows
from pipeline.ledger.numbering import Dossier, number_of, open_own


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

    def choices(self, sha256: str, data: Data) -> tuple[str, ...]:
        """The numbers of the dossiers that a form could join, where it could join several: a person chooses."""
        with self._db.read() as connection:
            homes = membership.choices(connection, sha256, data)
            return tuple(sorted(number_of(connection, one) for one in homes))

    def move(self, sha256s: Collection[str], *, left: str, joined: str | None, by: str, reason: str) -> str | None:
        """Have a person put forms of one dossier into another, or with ``None`` into one of their own.

        The number of the dossier where they are now; ``None``, and nothing is done, when they are not where ``left``
        says any more.
        """
        with self._db.write() as connection:
            if any(membership.dossier_of(connection, one) != left for one in sha256s):
                return None
            if joined is None:
                joined = open_own(connection, min(sha256s))
            membership.move_forms(connection, sorted(sha256s), left, joined, by=by, reason=reason)
            return number_of(connection, joined)

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
