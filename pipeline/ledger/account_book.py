"""Repository of accounts and their sessions. What opens a door is kept as a hash; the clock is the ledger's."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.core.visitors import Role
from pipeline.ledger import journal
from pipeline.ledger.database import Database, Row, change, row, rows

_SELECT = "SELECT id, login, name, roles, formations, password, renews, state FROM account"
_TOUCHED = 60.0  # seconds: a session that goes on is noted no more often


@dataclass(frozen=True)
class Account:
    """A person who may enter. ``password``: its hash, empty for one whom the reverse proxy alone lets in.

    ``formations`` ``None``: all. ``renews``: the password was given by somebody else, and is to be changed first.
    """

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    formations: frozenset[str] | None
    password: str = ""
    renews: bool = False
    enabled: bool = True


class AccountBook:
    """The accounts of one ledger, their sessions, and the attempts that failed."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._db, self._clock = database, clock

    def all(self) -> tuple[Account, ...]:
        """Every account, by login."""
        with self._db.read() as connection:
            return tuple(map(_account, rows(connection, f"{_SELECT} ORDER BY login")))

    def named(self, login: str) -> Account | None:
        """The account of a login."""
        with self._db.read() as connection:
            found = row(connection, f"{_SELECT} WHERE login = :login", login=login)
        return _account(found) if found else None

    def add(self, account: Account, *, by: str) -> bool:
        """Keep a new account, under an id of its own; ``False`` where its login is taken."""
        with self._db.write() as connection:
            if row(connection, "SELECT 1 FROM account WHERE login = :login", login=account.login):
                return False
            change(
                connection,
                "INSERT INTO account (id, login, name, roles, formations, password, renews, state, made_at) "
                "VALUES (:id, :login, :name, :roles, :formations, :password, :renews, 'ouvert', :at)",
                id=secrets.token_hex(8),
                login=account.login,
                name=account.name,
                roles=" ".join(sorted(account.roles)),
                formations="*" if account.formations is None else " ".join(sorted(account.formations)),
                password=account.password,
                renews=int(account.renews),
                at=journal.now(),
            )
            journal.append(connection, "account-added", detail=account.login, actor=by)
        return True

    def set_password(self, account: Account, password: str, *, by: str, renews: bool = False) -> None:
        """Keep the hash of a new password; every session of the account ends."""
        with self._db.write() as connection:
            sql = "UPDATE account SET password = :p, renews = :r WHERE id = :id"
            change(connection, sql, p=password, r=int(renews), id=account.id)
            change(connection, "DELETE FROM web_session WHERE account = :id", id=account.id)
            change(connection, "DELETE FROM failed_attempt WHERE who = :who", who=f"login:{account.login}")
            journal.append(connection, "password-changed", detail=account.login, actor=by)

    def set_enabled(self, account: Account, *, enabled: bool, by: str) -> None:
        """Let an account in again, or no more: its sessions end."""
        with self._db.write() as connection:
            change(
                connection,
                "UPDATE account SET state = :state WHERE id = :id",
                state="ouvert" if enabled else "ferme",
                id=account.id,
            )
            change(connection, "DELETE FROM web_session WHERE account = :id", id=account.id)
            event = "account-enabled" if enabled else "account-disabled"
            journal.append(connection, event, detail=account.login, actor=by)

    def open_session(self, account: Account, key: str) -> None:
        """Begin a session under the hash of its token."""
        now = self._clock()
        with self._db.write() as connection:
            change(
                connection,
                "INSERT INTO web_session (hash, account, begun, seen) VALUES (:key, :account, :now, :now)",
                key=key,
                account=account.id,
                now=now,
            )
            journal.append(connection, "session-opened", actor=account.login)

    def session(self, key: str, *, idle: float, longest: float, goes_on: bool = True) -> Account | None:
        """Whose session that is, ``None`` for one that is over, or of a closed account.

        It goes on by being asked for, unless a page asks by itself (``goes_on`` false).
        """
        now = self._clock()
        with self._db.read() as connection:
            found = row(connection, "SELECT account, begun, seen FROM web_session WHERE hash = :key", key=key)
            if found is None:
                return None
            of_account = row(connection, f"{_SELECT} WHERE id = :id", id=found[0])
        account = _account(of_account) if of_account else None
        if account is None or not account.enabled or now - found[1] > longest or now - found[2] > idle:
            self.close_session(key)
            return None
        if goes_on and now - found[2] > min(_TOUCHED, idle / 2):
            with self._db.write() as connection:
                change(connection, "UPDATE web_session SET seen = :now WHERE hash = :key", now=now, key=key)
        return account

    def close_session(self, key: str) -> None:
        """End a session."""
        with self._db.write() as connection:
            change(connection, "DELETE FROM web_session WHERE hash = :key", key=key)

    def sweep(self, *, idle: float, longest: float) -> None:
        """Forget the sessions that are over, and failures of yesterday."""
        now = self._clock()
        with self._db.write() as connection:
            sql = "DELETE FROM web_session WHERE begun < :begun OR seen < :seen"
            change(connection, sql, begun=now - longest, seen=now - idle)
            change(connection, "DELETE FROM failed_attempt WHERE last < :last", last=now - 86400)


def _account(found: Row) -> Account:
    identity, login, name, roles, formations, password, renews, state = found
    return Account(
        identity,
        login,
        name,
        frozenset(map(Role, roles.split())),
        None if formations == "*" else frozenset(formations.split()),
        password,
        bool(renews),
        state == "ouvert",
    )
