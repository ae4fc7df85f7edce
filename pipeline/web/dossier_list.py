"""The first page: forms and their dossiers, filtered and paged."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from pipeline.services.list_order import Order
from pipeline.services.listing import Wanted
from pipeline.services.permissions import list_visible
from pipeline.web.visits import Seeing

router = APIRouter(include_in_schema=False)


@router.get("/")
def show_list(visit: Seeing, q: Annotated[str, Query(max_length=200)] = "", page: int = 1) -> Response:
    """One page of the forms that the visitor sees."""
    found = list_visible(visit.visitor, Wanted(words=q.split()), visit.ledger, order=Order.RECEIVED, page=page)
    return visit.page("dossiers.html", found=found, q=q)
