"""Sign-in: a password held against its account, sessions begun and ended, with nothing told to who guesses.

The password's hash is argon2id (RFC 9106), the session's token 256 random bits of which the ledger keeps the SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.core.errors import NotAllowed
from pipeline.core.folding import fold
from pipeline.core.settings import Web
from pipeline.core.visitors import Visitor, rights_of
from pipeline.ledger.account_book import Account
from pipeline.ledger.store import Ledger

_HASHER = PasswordHasher()
_AT_ONCE = threading.BoundedSemaphore(2)  # each takes 64 MiB
_NOBODY = _HASHER.hash(secrets.token_hex())  # a login that is not there takes as long as one that is
WRONG = "Identifiant ou mot de passe inconnu. Que faire : vérifiez l’un et l’autre, puis réessayez."


class NotLetIn(NotAllowed):
    """Login and password go not together, or not now."""


@dataclass(frozen=True)
class Opened:
    """A session that was begun: whose, and the token that its browser keeps."""

    visitor: Visitor
    token: str


def login_of(typed: str) -> str:
    """A login as it is kept: case and accents aside."""
    return fold(typed)[:100]


def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def key_of(token: str) -> str:
    """What the ledger keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(ledger: Ledger, typed: str, password: str, *, peer: str) -> Opened:
    """Begin a session for who knows the password of a login; raises NotLetIn, in the same words for every cause.

    Attempts are counted before the password is looked at: many at once count as many.
    """
    login = login_of(typed)
    wait = ledger.attempts.begin(login, peer)
    if wait:
        minutes = max(1, round(wait / 60))
        raise NotLetIn(f"Trop d’essais. Que faire : attendez {minutes} min, puis réessayez.")
    account = ledger.accounts.named(login)
    if not _holds(account, password) or account is None or not account.enabled:
        raise NotLetIn(WRONG)
    ledger.attempts.succeed(login, peer)
    return _opened(ledger, account)


def let_in(ledger: Ledger, login: str) -> Opened | None:
    """Begin a session for whom the reverse proxy knows; ``None`` for who has no account here."""
    account = ledger.accounts.named(login)
    return _opened(ledger, account) if account and account.enabled else None


def visitor_of(account: Account) -> Visitor:
    """Who an account lets in."""
    return Visitor(
        account.login,
        account.name,
        rights_of(account.roles),
        account.formations,
        account=account.id,
        renews=account.renews,
    )


def current(ledger: Ledger, token: str, settings: Web) -> Visitor | None:
    """Whose session a browser's token is; ``None`` for one that is over."""
    account = ledger.accounts.session(key_of(token), idle=settings.inactivite, longest=settings.session)
    return visitor_of(account) if account else None


def sign_out(ledger: Ledger, token: str) -> None:
    """End the session of a token."""
    ledger.accounts.close_session(key_of(token))


def _opened(ledger: Ledger, account: Account) -> Opened:
    token = secrets.token_urlsafe(32)
    ledger.accounts.open_session(account, key_of(token))
    return Opened(visitor_of(account), token)


def _holds(account: Account | None, password: str) -> bool:
    kept = account.password if account and account.password else _NOBODY
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept, password) and kept is not _NOBODY
        except (VerificationError, InvalidHashError):
            return False
