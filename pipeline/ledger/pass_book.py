"""Repository of passes: API tokens, and links to one dossier. Kept by hash; each ends, and can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.core.visitors import Right
from pipeline.ledger import journal
from pipeline.ledger.database import Database, Row, change, row, rows

_TOKENS = "SELECT hash, label, rights, formations, '', made_by, made_at, expires_at, revoked_at FROM api_token"
_LINKS = "SELECT hash, recipient, rights, '*', dossier, made_by, made_at, expires_at, revoked_at FROM access_link"
_SHOWN = 8  # characters of a hash by which people name a pass


@dataclass(frozen=True)
class Pass:
    """A token or a link: the hash of its secret, who holds it, what it permits, where; moments are UTC, ISO.

    ``formations`` ``None``: all. ``dossier``: of a link, the one that it opens.
    """

    hash: str
    holder: str
    rights: frozenset[Right]
    formations: frozenset[str] | None
    dossier: str
    made_by: str
    made_at: str
    expires_at: str
    revoked_at: str = ""

    @property
    def id(self) -> str:
        """What it is called in lists and in the journal."""
        return self.hash[:_SHOWN]


class PassBook:
    """The passes of one ledger."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._db, self._clock = database, clock

    def now(self) -> str:
        """This moment, as passes have it."""
        return dt.datetime.fromtimestamp(self._clock(), dt.UTC).isoformat(timespec="seconds")

    def after(self, days: int) -> str:
        """The moment in so many days."""
        moment = dt.datetime.fromtimestamp(self._clock(), dt.UTC) + dt.timedelta(days=days)
        return moment.isoformat(timespec="seconds")

    def add_token(self, one: Pass) -> None:
        """Keep a new token."""
        with self._db.write() as connection:
            change(
                connection,
                "INSERT INTO api_token (hash, label, rights, formations, made_by, made_at, expires_at) "
                "VALUES (:hash, :label, :rights, :formations, :by, :at, :expires)",
                hash=one.hash,
                label=one.holder,
                rights=_words(one.rights),
                formations="*" if one.formations is None else _words(one.formations),
                by=one.made_by,
                at=one.made_at,
                expires=one.expires_at,
            )
            journal.append(connection, "token-added", detail=one.id, actor=one.made_by)

    def add_link(self, one: Pass, form: str) -> None:
        """Keep a new link to a dossier; ``form`` is the hash under which the journal has it."""
        with self._db.write() as connection:
            change(
                connection,
                "INSERT INTO access_link (hash, dossier, recipient, rights, made_by, made_at, expires_at) "
                "VALUES (:hash, :dossier, :recipient, :rights, :by, :at, :expires)",
                hash=one.hash,
                dossier=one.dossier,
                recipient=one.holder,
                rights=_words(one.rights),
                by=one.made_by,
                at=one.made_at,
                expires=one.expires_at,
            )
            journal.append(connection, "link-added", form, one.id, actor=one.made_by)

    def token(self, hashed: str) -> Pass | None:
        """The token of that hash, while it holds."""
        return self._holding(_TOKENS, hashed)

    def link(self, hashed: str) -> Pass | None:
        """The link of that hash, while it holds."""
        return self._holding(_LINKS, hashed)

    def tokens(self) -> tuple[Pass, ...]:
        """Every token that was ever made, the oldest first."""
        with self._db.read() as connection:
            return tuple(map(_pass, rows(connection, f"{_TOKENS} ORDER BY made_at, hash")))

    def links_of(self, dossier: str) -> tuple[Pass, ...]:
        """Every link that was ever made to a dossier, the oldest first."""
        with self._db.read() as connection:
            return tuple(
                map(_pass, rows(connection, f"{_LINKS} WHERE dossier = :d ORDER BY made_at, hash", d=dossier))
            )

    def revoke_token(self, one: Pass, *, by: str) -> None:
        """Have a token open nothing any more."""
        with self._db.write() as connection:
            sql = "UPDATE api_token SET revoked_at = :at WHERE hash = :hash AND revoked_at = ''"
            if change(connection, sql, at=self.now(), hash=one.hash):
                journal.append(connection, "token-revoked", detail=one.id, actor=by)

    def revoke_link(self, one: Pass, form: str, *, by: str) -> None:
        """Have a link open nothing any more."""
        with self._db.write() as connection:
            sql = "UPDATE access_link SET revoked_at = :at WHERE hash = :hash AND revoked_at = ''"
            if change(connection, sql, at=self.now(), hash=one.hash):
                journal.append(connection, "link-revoked", form, one.id, actor=by)

    def _holding(self, select: str, hashed: str) -> Pass | None:
        sql = f"{select} WHERE hash = :hash AND revoked_at = '' AND expires_at > :now"
        with self._db.read() as connection:
            found = row(connection, sql, hash=hashed, now=self.now())
        return _pass(found) if found else None


def _words(several: Iterable[str]) -> str:
    return " ".join(sorted(several))


def _pass(found: Row) -> Pass:
    hashed, holder, rights, formations, *rest = found
    where = None if formations == "*" else frozenset(formations.split())
    return Pass(hashed, holder, frozenset(map(Right, rights.split())), where, *rest)
