"""What is to be done today: due things of the visitor's formations, alarms, and attestations issued together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from pipeline.core.visitors import Right
from pipeline.services.due_today import MOST, DueToday, due_today_of, issue_chosen
from pipeline.web.visits import Correcting, Seeing, Visit

router = APIRouter(include_in_schema=False)
_BOXES = 150  # of one form
_SHOWN = 300  # lines of one table


@router.get("/a-faire")
def show_due(visit: Seeing) -> Response:
    """All that is due today, the visitor's own first."""
    return _drawn(visit, told=visit.outcome())


@router.post("/a-faire/emettre")
def issue_due(visit: Correcting, d: Annotated[list[str] | None, Form(max_length=_BOXES)] = None) -> Response:
    """Issue the attestations that are chosen, each as it is due and known."""
    told, refused = issue_chosen(visit.context, visit.visitor, _today(visit), d or [])
    return _drawn(visit, told=told, refused=refused) if refused else visit.go("/a-faire", told)


def _today(visit: Visit) -> DueToday:
    return due_today_of(visit.context, visit.visitor, visit.request.app.state.due_board)


def _drawn(visit: Visit, *, told: Sequence[str] = (), refused: Sequence[str] = ()) -> Response:
    return visit.page(
        "due.html",
        due=_today(visit),
        told=told,
        refused=refused,
        may_issue=visit.visitor.may(Right.CORRECT),
        most=MOST,
        boxes=_BOXES,
        shown=_SHOWN,
    )
