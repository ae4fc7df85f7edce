"""Permission checks: may this visitor do this on this dossier? The one place that answers; every door asks here.

What a visitor may not see is answered as what is not there: the same words for a foreign dossier and for none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.errors import NotAllowed, NotFound
from pipeline.core.visitors import Right, Visitor
from pipeline.ledger.entries import Entry
from pipeline.ledger.store import Ledger
from pipeline.services.lookup import leading

_SHORTEST = 8  # characters of an id


class Forbidden(NotAllowed):
    """The visitor sees it, and has not the right to do that."""


@dataclass(frozen=True)
class Reached:
    """A dossier that a visitor may do something on: its id, its number, its forms, the one that counts."""

    id: str
    number: str
    forms: Sequence[Entry]
    entry: Entry


def require(visitor: Visitor, right: Right) -> None:
    """Raise Forbidden where a visitor has not a right anywhere."""
    if not visitor.may(right):
        raise Forbidden(
            "Votre compte ne permet pas de le faire. Que faire : demandez-le à qui administre les comptes."
        )


def reach(visitor: Visitor, right: Right, word: str, ledger: Ledger) -> Reached:
    """The dossier of that number (or id, or of the form of that id), for a visitor who may do that on it.

    Raises NotFound where there is none for this visitor, Forbidden where the visitor may see it and no more.
    """
    forms = _forms_of(word.strip().lower(), ledger)
    visible = bool(forms) and visitor.may(Right.SEE)
    if not visible or not visitor.reaches({one.formation for one in forms}, forms[0].dossier):
        raise NotFound(f"Aucun dossier « {word[:40]} ».")
    require(visitor, right)
    return Reached(forms[0].dossier, forms[0].number, forms, leading(forms))


def within_reach(visitor: Visitor, ledger: Ledger) -> Mapping[str, frozenset[str | None]]:
    """The formations of each dossier that is there for this visitor, by its id; raises Forbidden."""
    require(visitor, Right.SEE)
    found: dict[str, set[str | None]] = {}
    for one in ledger.entries.all():
        found.setdefault(one.dossier, set()).add(one.formation)
    return {dossier: frozenset(codes) for dossier, codes in found.items() if visitor.reaches(codes, dossier)}


def _forms_of(word: str, ledger: Ledger) -> Sequence[Entry]:
    if len(word) < _SHORTEST:
        return ()
    dossiers = ledger.dossiers.named(word) or tuple({one.dossier for one in ledger.entries.starting(word)})
    return ledger.entries.of_dossier(dossiers[0]) if len(dossiers) == 1 else ()
