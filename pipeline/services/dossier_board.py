"""Use case: the list of dossiers that a visitor sees, opened on what waits for them today."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pipeline.core.visitors import Right, Visitor
from pipeline.core.who import Who
from pipeline.dossier.dossier_index import DossierIndex, Listed, Sort, Sought
from pipeline.dossier.index_rows import MACHINE, OPERATOR, SENDER, SIGNERS
from pipeline.ledger.store import Ledger
from pipeline.services.permissions import Forbidden, require

PAGE = 25  # dossiers at once
ACTORS = {  # in the order of the list; who else there is has nothing to do
    Who.SCOLARITE.value: "scolarité",
    Who.RESPONSABLE.value: "responsable pédagogique",
    SENDER: "stagiaire ou organisme",
    SIGNERS: "signataires",
    MACHINE: "lecture en cours",
    OPERATOR: "exploitation",
}
SOON = (7, 12, 30)  # days to the first day, from which a list may choose; 12: the delay that a convention needs


def own_turn(visitor: Visitor) -> str:
    """Whose turn it is, in the words of lists, when it is this visitor's; empty for who only looks."""
    if visitor.may(Right.CORRECT):
        return Who.SCOLARITE.value
    return Who.RESPONSABLE.value if visitor.may(Right.JUDGE) else ""


def dossiers_of(
    visitor: Visitor,
    ledger: Ledger,
    index: DossierIndex,
    today: dt.date,
    sought: Sought,
    *,
    sort: Sort = Sort.START,
    page: int = 1,
) -> Listed:
    """One page of the dossiers that a visitor sees; counts are of these alone. Raises Forbidden."""
    return index.listed(ledger, today, _reached(visitor, sought), sort=sort, page=page, most=PAGE)


def all_of(visitor: Visitor, ledger: Ledger, index: DossierIndex, today: dt.date, sought: Sought) -> tuple[str, ...]:
    """The ids of all the dossiers sought that a visitor sees. Raises Forbidden."""
    return index.numbers(ledger, today, _reached(visitor, sought))


def _reached(visitor: Visitor, sought: Sought) -> Sought:
    require(visitor, Right.SEE)
    if visitor.dossier:
        raise Forbidden("Ce lien ouvre un dossier, et pas la liste.")
    return replace(sought, among=visitor.formations)
