"""The bilan of a cohort for a visitor: of their formations, and of nothing else."""

from __future__ import annotations

from dataclasses import replace

from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.reports.account import Bilan
from pipeline.reports.summary import summarise
from pipeline.reports.workbook import bilan_xlsx
from pipeline.services.permissions import Forbidden, require


def bilan_for(context: Context, visitor: Visitor, formation: str = "") -> Bilan:
    """Where the forms are that a visitor sees, all or those of one formation; raises Forbidden."""
    require(visitor, Right.SEE)
    if visitor.dossier:
        raise Forbidden("Ce lien ouvre un dossier, et pas le bilan.")
    bilan = summarise(context)
    if visitor.formations is None and not formation:
        return bilan
    lines = tuple(one for one in bilan.lines if _is_seen(one.formation, visitor, formation))
    ids = {one.id for one in lines}
    return replace(bilan, lines=lines, notes=tuple(one for one in bilan.notes if one.id in ids), left=())


def workbook_for(context: Context, visitor: Visitor, formation: str = "") -> bytes:
    """``bilan.xlsx`` of the same; raises Forbidden."""
    require(visitor, Right.FETCH)
    return bilan_xlsx(bilan_for(context, visitor, formation))


def _is_seen(code: str, visitor: Visitor, formation: str) -> bool:
    return visitor.reaches({code or None}) and formation in {"", code}
