"""Sign-in: a password held against its account, sessions begun and ended, with nothing told to who guesses."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.errors import InvalidRequest, NotAllowed
from pipeline.core.folding import fold
from pipeline.core.settings import Web
from pipeline.core.visitors import Visitor, rights_of
from pipeline.ledger.account_book import Account
from pipeline.ledger.store import Ledger
from pipeline.services.secret_words import hashed, holds, key_of, new_token, require_strong

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


def sign_in(ledger: Ledger, typed: str, password: str, *, peer: str) -> Opened:
    """Begin a session for who knows the password of a login; raises NotLetIn, in the same words for every cause.

    Attempts are counted before the password is looked at: many at once count as many.
    """
    login = login_of(typed)
    _count(ledger, login, peer)
    account = ledger.accounts.named(login)
    known = holds(account.password if account else "", password)
    if account is None or not known or not account.enabled:
        raise NotLetIn(WRONG)
    ledger.attempts.succeed(login, peer)
    return _opened(ledger, account)


def let_in(ledger: Ledger, login: str) -> Opened | None:
    """Begin a session for whom the reverse proxy knows; ``None`` for who has no account here."""
    account = ledger.accounts.named(login)
    return _opened(ledger, account) if account and account.enabled else None


def current(ledger: Ledger, token: str, settings: Web, *, goes_on: bool = True) -> Visitor | None:
    """Whose session a browser's token is; ``None`` for one that is over. ``goes_on``: it ends later by this."""
    account = ledger.accounts.session(
        key_of(token), idle=settings.inactivite, longest=settings.session, goes_on=goes_on
    )
    return _visitor(account) if account else None


def sign_out(ledger: Ledger, token: str) -> None:
    """End the session of a token."""
    ledger.accounts.close_session(key_of(token))


def change_password(ledger: Ledger, visitor: Visitor, old: str, new: str, again: str, *, peer: str) -> Opened:
    """Give one's own account another password: every session of it ends, and a new one begins.

    Raises NotLetIn where the old one is not right, InvalidRequest where the new one does not suit.
    """
    account = ledger.accounts.named(visitor.actor)
    if account is None or not account.password:
        raise NotAllowed(
            "Ce compte n’a pas de mot de passe dans liasse. Que faire : changez-le là où vous vous connectez."
        )
    _count(ledger, account.login, peer)
    if not holds(account.password, old):
        raise NotLetIn("Rien n’est changé : le mot de passe actuel n’est pas celui-là.")
    ledger.attempts.succeed(account.login, peer)
    if new != again:
        raise InvalidRequest("Rien n’est changé : les deux nouveaux mots de passe diffèrent. Que faire : réessayez.")
    if new == old:
        raise InvalidRequest("Rien n’est changé : c’est le mot de passe actuel. Que faire : choisissez-en un autre.")
    require_strong(new, account.login, account.name)
    ledger.accounts.set_password(account, hashed(new), by=account.login)
    opened = let_in(ledger, account.login)
    if opened is None:
        raise NotLetIn(WRONG)
    return opened


def _count(ledger: Ledger, login: str, peer: str) -> None:
    wait = ledger.attempts.begin(login, peer)
    if wait:
        minutes = max(1, round(wait / 60))
        raise NotLetIn(f"Trop d’essais. Que faire : attendez {minutes} min, puis réessayez.")


def _visitor(account: Account) -> Visitor:
    return Visitor(
        account.login,
        account.name,
        rights_of(account.roles),
        account.formations,
        account=account.id,
        renews=account.renews,
    )


def _opened(ledger: Ledger, account: Account) -> Opened:
    token = new_token()
    ledger.accounts.open_session(account, key_of(token))
    return Opened(_visitor(account), token)
