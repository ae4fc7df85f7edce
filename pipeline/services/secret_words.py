"""Secrets: passwords as argon2id (RFC 9106), random tokens of 256 bits of which only the SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.core.errors import InvalidRequest, Transient
from pipeline.core.folding import folded_letters

SHORTEST, LONGEST = 12, 200  # characters of a password
_KINDS = 6  # different characters in it
_WORDS = 4  # letters of a login or a school's name that count as guessable
_HASHER = PasswordHasher()
_AT_ONCE = threading.BoundedSemaphore(2)  # each takes 64 MiB
_PATIENCE = 5.0  # seconds that a sign-in waits for its turn
_NOBODY = _HASHER.hash(secrets.token_hex())  # a login that is not there takes as long as one that is
_PLAIN = "abcdefghijkmnpqrstuvwxyz23456789"  # of a password that is told aloud: none looks like another


def new_token() -> str:
    """A secret that nobody guesses."""
    return secrets.token_urlsafe(32)


def new_password() -> str:
    """A password to be given to somebody, and changed by them: 80 bits, in four groups."""
    return "-".join("".join(secrets.choice(_PLAIN) for _ in range(4)) for _ in range(4))


def key_of(token: str) -> str:
    """What the ledger keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def hashed(password: str) -> str:
    """What the ledger keeps of a password."""
    with _turn():
        return _HASHER.hash(_composed(password))


def holds(kept: str, password: str) -> bool:
    """Whether that is the password; it takes as long where nothing is kept."""
    with _turn():
        try:
            return _HASHER.verify(kept or _NOBODY, _composed(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


@contextmanager
def _turn() -> Iterator[None]:
    """Within, one of few that hash; raises Transient where too many wait: the pages of others go on."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Transient("too many passwords are being looked at: try again in a moment.")
    try:
        yield
    finally:
        _AT_ONCE.release()


def require_strong(password: str, *known: str) -> None:
    """Raise InvalidRequest for a password that is short, of few characters, or made of ``known`` words."""
    wanted = f"choisissez au moins {SHORTEST} caractères, par exemple quatre mots sans rapport"
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidRequest(
            f"Rien n’est changé : ce mot de passe est trop court ou trop long. Que faire : {wanted}."
        )
    if len(set(password)) < _KINDS:
        raise InvalidRequest(f"Rien n’est changé : ce mot de passe se devine. Que faire : {wanted}.")
    typed = folded_letters(password)
    words = [word for one in (*known, "liasse", "motdepasse", "password", "azerty", "qwerty", "123456")
             for word in (folded_letters(one),) if len(word) >= _WORDS]  # fmt: skip
    left = typed
    for word in words:
        left = left.replace(word, "")
    if len(left) < SHORTEST - _WORDS:
        raise InvalidRequest(f"Rien n’est changé : ce mot de passe reprend des mots connus. Que faire : {wanted}.")


def _composed(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
