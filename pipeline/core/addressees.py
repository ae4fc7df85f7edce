"""Addressees: the name and e-mail that a form gives of each person who may have to act on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.core.models import Data, get
from pipeline.core.who import INSIDE, Who

# Where each stands in the form; of an organisme whose signatory is not named, its tuteur.
_PERSONS = {
    Who.STAGIAIRE: ("stagiaire",),
    Who.TUTEUR: ("tuteur",),
    Who.ORGANISME: ("organisme.signataire", "tuteur"),
    Who.EMPLOYEUR: ("employeur.signataire", "employeur.contact", "employeur"),
}
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


@dataclass(frozen=True)
class Contact:
    """One person: the part played (« tuteur »), the name and the e-mail, empty where the form does not surely say."""

    who: Who
    name: str
    email: str

    def __str__(self) -> str:
        """« Maëlle LE GOFF <maelle@example.org> »."""
        return " ".join(filter(None, (self.name, f"<{self.email}>" if self.email else "")))


def contact_of(data: Data, who: Who) -> Contact | None:
    """Whom to write to for that part; ``None`` for the school's own people, or where neither name nor e-mail is read.

    Only what the reader stands behind is in ``data``, and what is no address is left out: nobody is written to on a
    guess.
    """
    for path in _PERSONS.get(who, ()):
        name = " ".join(filter(None, (_text(data, f"{path}.prenom"), _text(data, f"{path}.nom"))))
        email = _text(data, f"{path}.courriel")
        email = email if _EMAIL.fullmatch(email) else ""
        if name or email:
            return Contact(who, name, email)
    return None


def contacts_of(data: Data, asked: Iterable[Who]) -> tuple[Contact, ...]:
    """Whom to write to, each once, for those who are asked and are not of the school."""
    wanted = dict.fromkeys(who for who in asked if who not in INSIDE)
    return tuple(found for who in wanted if (found := contact_of(data, who)))


def _text(data: Data, path: str) -> str:
    value = get(data, path)
    return value if isinstance(value, str) else ""
