"""The page of one dossier."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.core.visitors import Right
from pipeline.web.visits import Seeing

router = APIRouter(include_in_schema=False)


@router.get("/dossiers/{number}")
def show_dossier(visit: Seeing, number: str) -> Response:
    """A dossier with its forms."""
    return visit.page("dossier.html", dossier=visit.reach(Right.SEE, number))
