"""Health checks: /healthz says that the process answers, /readyz that it can work."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from pipeline.core.errors import HouseError
from pipeline.web.visits import house_of

router = APIRouter()


@router.get("/healthz")
def is_alive() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def is_ready(request: Request) -> PlainTextResponse:
    """The ledger answers, and templates and settings can be used; else 503, and why stands in the log."""
    house = house_of(request)
    try:
        house.context()
        house.ledger.entries.counts()
    except HouseError:
        return PlainTextResponse("not ready\n", 503)
    return PlainTextResponse("ready\n")
