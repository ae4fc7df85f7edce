"""Access control, its nouns: roles, rights, and the visitor who has them, by an account, a token or a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What a person may do; a token's scopes are these words."""

    SEE = "lecture"  # lists, dossiers, packets on the screen
    DEPOSIT = "depot"  # bring forms
    CORRECT = "correction"  # confirm, correct, lift a rule, put away, tell of a dossier's life
    JUDGE = "accord"  # the accord pédagogique, an avenant
    FETCH = "retrait"  # take packets
    ADMINISTER = "administration"  # accounts, tokens, webhooks


class Role(StrEnum):
    """What a person is at the school; somebody may have several."""

    SCOLARITE = "scolarite"
    RESPONSABLE = "responsable"
    LECTURE = "lecture"
    ADMINISTRATION = "administration"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.SCOLARITE: frozenset({Right.SEE, Right.DEPOSIT, Right.CORRECT, Right.FETCH}),
    Role.RESPONSABLE: frozenset({Right.SEE, Right.JUDGE}),
    Role.LECTURE: frozenset({Right.SEE}),
    Role.ADMINISTRATION: frozenset({Right.ADMINISTER}),  # who looks after accounts need see no student
}


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """All that these roles may do."""
    return frozenset(right for role in roles for right in RIGHTS[role])


@dataclass(frozen=True)
class Visitor:
    """Who asks: the actor of the journal, the name that decisions bear, the rights, and where they hold.

    ``formations`` ``None``: all of them, and forms whose formation nobody knows yet. ``dossier``: that one alone.
    ``renews``: nothing but a new password is asked for. ``invited_by``: the actor who made the link that brings them.
    """

    actor: str
    name: str
    rights: frozenset[Right]
    formations: frozenset[str] | None = None
    dossier: str = ""
    account: str = ""
    renews: bool = False
    invited_by: str = ""

    def may(self, right: Right) -> bool:
        """Whether this visitor has a right, somewhere."""
        return right in self.rights and not self.renews

    def reaches(self, formations: Iterable[str | None], dossier: str = "") -> bool:
        """Whether something of these formations, in that dossier, is there for this visitor at all."""
        if self.dossier and dossier != self.dossier:
            return False
        return self.formations is None or self._reaches_each(frozenset(formations))

    def _reaches_each(self, formations: frozenset[str | None]) -> bool:
        known = formations - {None}
        return bool(known) and known <= (self.formations or frozenset())
