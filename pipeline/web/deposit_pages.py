"""Deposit of forms: dropped on the page or chosen; each is told at once, and what became of it in its place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile
from starlette.responses import Response

from pipeline.ledger.entries import State
from pipeline.services.deposits import Deposited, deposit, followed
from pipeline.web.troubles import Trouble
from pipeline.web.visits import Depositing

router = APIRouter(include_in_schema=False)
_MOST = 300  # forms followed at once


@router.post("/depots")
def take_files(visit: Depositing, fichier: Annotated[list[UploadFile], File()]) -> Response:
    """Take forms in: each is durable when this answers. For the page's own script, the list alone."""
    taken = [one for file in fichier for one in deposit(visit.context, visit.visitor, file.filename or "", file.file)]
    if "x-depot" in visit.request.headers:
        return visit.page("deposited.html", taken=taken, whole=False)
    return visit.page("deposits.html", taken=taken, hashes=_hashes(taken), whole=False)


@router.get("/depots/suivi")
def follow_files(visit: Depositing, f: Annotated[list[str] | None, Query(max_length=_MOST)] = None) -> Response:
    """What became of forms that were deposited, as a page; for htmx the list alone, asked again while one is read."""
    hashes = f or []
    if any(len(one) != 64 for one in hashes):
        raise Trouble(422)
    entries = followed(visit.context, visit.visitor, hashes)
    known = {one.form.sha256 for one in entries}
    busy = any(one.state is State.RECEIVED for one in entries)
    taken = [Deposited(one.form.name, one) for one in entries]
    taken += [Deposited("un fichier", elsewhere=True) for one in hashes if one not in known]
    template = "deposited.html" if "hx-request" in visit.request.headers else "deposits.html"
    return visit.page(template, taken=taken, whole=True, busy=busy, hashes=hashes)


def _hashes(taken: list[Deposited]) -> list[str]:
    return list(dict.fromkeys(one.entry.form.sha256 for one in taken if one.entry))
