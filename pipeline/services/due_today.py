"""Use case: what is due today of the dossiers that a visitor sees, and what of it they issue together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.core.errors import FormationIll, RequestRefused
from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.dossier.life.due import PAPER_OF, Due, DueKind
from pipeline.services.attesting import Attested, attest_due
from pipeline.services.due_board import DueBoard, DueRow, is_for
from pipeline.services.permissions import Forbidden, reach, require

MOST = 20  # papers issued at once: each takes its seconds


@dataclass(frozen=True)
class DueItem:
    """One thing that is due: of which dossier, whose; ``choice`` names it in a form, where it can be issued now."""

    dossier: str
    number: str
    stagiaire: str
    kind: DueKind
    since: dt.date
    what: str
    mine: bool
    choice: str = ""


@dataclass(frozen=True)
class DueToday:
    """What is due, the most pressing kinds first; ``alarms``: number, name and words of signatures that are missing.

    ``whole`` is false while all dossiers are still being looked at; ``ill``: formations that cannot be followed, of
    whose dossiers nothing is said here.
    """

    items: tuple[DueItem, ...]
    alarms: tuple[tuple[str, str, str], ...]
    whole: bool
    ill: tuple[FormationIll, ...] = ()

    @property
    def mine(self) -> tuple[DueItem, ...]:
        """What is the visitor's to do."""
        return tuple(one for one in self.items if one.mine)

    @property
    def others(self) -> tuple[DueItem, ...]:
        """What somebody else has to do."""
        return tuple(one for one in self.items if not one.mine)

    @property
    def ready(self) -> int:
        """How many can be issued now."""
        return sum(1 for one in self.items if one.choice)


def due_today_of(context: Context, visitor: Visitor, board: DueBoard) -> DueToday:
    """What is due today, of the dossiers that a visitor sees. Raises Forbidden."""
    require(visitor, Right.SEE)
    if visitor.dossier:
        raise Forbidden("Ce lien ouvre un dossier, et pas la liste.")
    known = board.known(context)
    rows = sorted(known.of(visitor), key=lambda one: one.number)
    order = list(DueKind)
    items = sorted(_items(visitor, rows), key=lambda one: (order.index(one.kind), one.since, one.number))
    alarms = tuple((row.number, row.stagiaire, said) for row in rows for said in row.alarms)
    return DueToday(tuple(items), alarms, known.whole, known.ill_of(visitor))


def issue_chosen(
    context: Context, visitor: Visitor, due: DueToday, chosen: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Issue what is chosen among what is due and known: lines of what was done, then of what was refused.

    No more than ``MOST`` at once. What is not due any more, or not for this visitor to see, is not issued.
    Raises Forbidden.
    """
    require(visitor, Right.CORRECT)
    wanted = [one for one in due.items if one.choice and one.choice in set(chosen)]
    if not wanted:
        return [], ["Rien n’est émis : aucune ligne n’est choisie, ou ce qui l’était n’est plus à émettre."]
    dues = []
    refused = []
    if len(wanted) > MOST:
        left = len(wanted) - MOST
        refused.append(f"{left} ne sont pas encore émises : {MOST} à la fois. Que faire : choisissez-les maintenant.")
    for one in wanted[:MOST]:
        try:
            reached = reach(visitor, Right.CORRECT, one.number, context.ledger)
        except RequestRefused as error:
            refused.append(str(error))
            continue
        key = one.choice.partition("/")[2].partition("/")[2]
        dues.append((reached.id, Due(one.number, one.kind, key, one.since, one.what, "", ready=True)))
    told = []
    for done in attest_due(context, dues, by=visitor.name):
        if isinstance(done, Attested):
            told += [f"{done.number} : {paper.paper.name}, version {paper.paper.version}." for paper in done.issued]
            told += [f"{done.number} : {remark}" for remark in done.remarks]
        else:
            refused.append(str(done))
    return told, refused


def _items(visitor: Visitor, rows: Iterable[DueRow]) -> Iterable[DueItem]:
    for row in rows:
        for due in row.dues:
            if due.kind is DueKind.SIGNATURE and row.alarms:
                continue  # told above all, as an alarm
            choice = f"{row.number}/{due.kind.name}/{due.key}" if due.ready and due.kind in PAPER_OF else ""
            yield DueItem(
                row.id, row.number, row.stagiaire, due.kind, due.since, due.what, is_for(visitor, due), choice
            )
