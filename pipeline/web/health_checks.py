"""Health checks and metrics: /healthz says that the process answers, /readyz that it can work, /metrics how much."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from pipeline.core.errors import HouseError
from pipeline.runs.open_house import OpenHouse
from pipeline.web.peers import is_near
from pipeline.web.tallies import Tallies, by_label, metric
from pipeline.web.troubles import Trouble
from pipeline.web.visits import house_of

router = APIRouter(include_in_schema=False)


@router.api_route("/healthz", methods=["GET", "HEAD"])
def is_alive() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.api_route("/readyz", methods=["GET", "HEAD"])
def is_ready(request: Request) -> PlainTextResponse:
    """The ledger answers, and templates and settings can be used; else 503: « liasse doctor » says why."""
    house = house_of(request)
    try:
        house.context()
        house.ledger.entries.counts()
    except HouseError:
        return PlainTextResponse("not ready\n", 503)
    return PlainTextResponse("ready\n")


@router.get("/metrics")
def tell_metrics(request: Request) -> PlainTextResponse:
    """Counts for Prometheus, to this machine alone: a reverse proxy forwards nothing here."""
    if not is_near(request.scope):
        raise Trouble(404)
    tallies: Tallies = request.app.state.tallies
    lines = chain(tallies.lines(), _of_ledger(house_of(request)))
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def _of_ledger(house: OpenHouse) -> Iterator[str]:
    forms = {state.value: count for state, count in house.ledger.entries.counts().items()}
    yield from metric("liasse_forms", "gauge", "Forms in each state.", by_label("state", forms))
    yield from metric("liasse_queue", "gauge", "Forms to be walked.", [("", len(house.ledger.entries.in_queue()))])
