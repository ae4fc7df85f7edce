"""The cohort: progress live, what failed and why, findings among forms, and the bilan in the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from pipeline.dossier.dossier_index import Sought
from pipeline.services.cohort_view import bilan_of, progress_of, retry_failed
from pipeline.services.dossier_board import dossiers_of
from pipeline.services.ill_formations import ill_formations
from pipeline.services.session_desk import sessions_of
from pipeline.web.page_templates import drawn
from pipeline.web.visits import Correcting, Seeing, Visit

router = APIRouter(include_in_schema=False)
_LOOK = 1.0  # seconds between two looks
_LONGEST = 600  # looks of one connection: then the page asks again
_AGAIN = 5_000  # milliseconds until the browser asks again
_Word = Annotated[str, Query(max_length=100)]


@router.get("/promotion")
def show_cohort(visit: Seeing, formation: _Word = "", session: _Word = "") -> Response:
    """The cohort: how far it is; the bilan of one formation, once it is chosen."""
    seen = dossiers_of(visit.visitor, visit.ledger, visit.house.index, visit.context.today, Sought())
    only = seen.formations[0] if len(seen.formations) == 1 and not formation else formation
    bilan = bilan_of(visit.context, visit.visitor, visit.house.index, only, session) if only else None
    return visit.page(
        "cohort.html",
        progress=progress_of(visit.visitor, visit.ledger),
        seen=seen,
        formation=only,
        session=session,
        years=sessions_of(visit.context, only) if only else (),
        bilan=bilan,
        ill=ill_formations(visit.context.workspace, visit.visitor, only),
        tallest=max((made + waits for _, made, waits in bilan.by_week), default=1) if bilan else 1,
    )


@router.get("/promotion/direct")
async def stream_progress(visit: Seeing) -> Response:
    """Progress as server-sent events, one whenever something changed."""
    return StreamingResponse(_events(visit), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/promotion/reessayer")
def retry_all(visit: Correcting, formation: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Have all that failed walked again."""
    retry_failed(visit.context, visit.visitor)
    return visit.go(f"/promotion?formation={formation}" if formation.replace("-", "").isalnum() else "/promotion")


async def _events(visit: Visit) -> AsyncIterator[str]:
    """What changes, as long as something is at work; then the browser asks again in a while."""
    before = ""
    yield f"retry: {_AGAIN}\n\n"
    for _ in range(_LONGEST):
        progress = await run_in_threadpool(progress_of, visit.visitor, visit.ledger)
        told = drawn("batch.html", {"progress": progress})
        yield "".join(f"data: {line}\n" for line in told.splitlines()) + "\n" if told != before else ": \n\n"
        if not progress.queue or await visit.request.is_disconnected():
            return
        before = told
        await asyncio.sleep(_LOOK)
