"""Dossiers: listed, searched, one by its number or id, its journal."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import Path, Query
from starlette.responses import Response

from pipeline.core.visitors import Right
from pipeline.dossier.state import DossierState
from pipeline.ledger.dossier_pages import ORDERS
from pipeline.services.dossier_cases import show_dossier
from pipeline.services.dossier_listing import Sought, list_dossiers
from pipeline.web.api import dossier_answers, dossier_shapes, form_answers, form_shapes
from pipeline.web.api.api_doors import Doors, told
from pipeline.web.api.cursors import LONGEST, cursor_of, links, place_of
from pipeline.web.visits import Seeing

doors = Doors("dossiers")
Word = Annotated[
    str,
    Path(
        alias="id",
        pattern=r"^([0-9]{4}-[0-9]{3,8}|[0-9a-f]{32})$",
        description="The dossier's number, or its id; a number that was given once stays good.",
        examples=["2025-014"],
    ),
]
Sort = Literal["number", "-number", "opened", "-opened", "changed", "-changed"]
_LINK = {200: {"headers": {"Link": {"description": "rel=next, rel=first (RFC 8288).", "schema": {"type": "string"}}}}}


@doors.show("/dossiers", dossier_shapes.DossierList, responses=_LINK)
def get_dossiers(  # noqa: PLR0917 -- a parameter for each of the query
    visit: Seeing,
    q: Annotated[str, Query(max_length=200, description="Words of number, name, file, organisme or its SIRET.")] = "",
    state: Annotated[list[DossierState] | None, Query(description="Several: one of them.")] = None,
    formation: Annotated[str, Query(max_length=100, examples=["coordination-essms"])] = "",
    session: Annotated[str, Query(max_length=20, examples=["2024-2025"])] = "",
    changed_since: Annotated[
        dt.datetime | None, Query(description="A form of it changed at this moment or later; with its zone.")
    ] = None,
    starts_before: Annotated[dt.date | None, Query(description="The internship begins before that day.")] = None,
    sort: Annotated[Sort, Query(description="« - »: the last first.")] = "number",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str, Query(max_length=LONGEST, description="`next` of the page before.")] = "",
) -> Response:
    """The dossiers that you reach, in pages. Follow `next` (or `Link`) until it is null: a page may be short."""
    order, backward = sort.removeprefix("-"), sort.startswith("-")
    found = list_dossiers(
        visit.visitor,
        Sought(
            words=q.split(),
            states=state or (),
            formation=formation,
            session=session,
            changed_since=_moment(changed_since),
            before=starts_before,
        ),
        visit.ledger,
        visit.context.today,
        order=order,
        backward=backward,
        after=place_of(order, cursor, len(ORDERS[order])),
        most=limit,
    )
    following = cursor_of(order, found.place) if found.place else None
    body = dossier_shapes.DossierList(
        dossiers=[dossier_answers.listed(one) for one in found.dossiers], next=following
    )
    return told(visit.request, body, headers=links(visit.request, following))


@doors.show("/dossiers/{id}", dossier_shapes.Dossier)
def get_dossier(visit: Seeing, word: Word) -> Response:
    """One internship: its forms, packets, and where its forms were before."""
    reached = visit.reach(Right.SEE, word)
    view = show_dossier(visit.context, reached.id)
    changed = visit.ledger.dossier_pages.changed_at(reached.id)
    return told(visit.request, dossier_answers.dossier(view, changed))


@doors.show("/dossiers/{id}/journal", form_shapes.Journal)
def get_dossier_journal(visit: Seeing, word: Word) -> Response:
    """Who did what to the forms of a dossier, the oldest line first."""
    reached = visit.reach(Right.SEE, word)
    lines = [line for one in reached.forms for line in visit.ledger.journal(one.form.sha256)]
    ordered = sorted(lines, key=lambda one: one.number)
    return told(visit.request, form_shapes.Journal(lines=[form_answers.event(one) for one in ordered]))


def _moment(said: dt.datetime | None) -> str:
    """A moment as the ledger writes it; one without a zone is taken for UTC."""
    if said is None:
        return ""
    zoned = said if said.tzinfo else said.replace(tzinfo=dt.UTC)
    try:
        return zoned.astimezone(dt.UTC).isoformat(timespec="seconds")
    except OverflowError:
        return zoned.isoformat(timespec="seconds")
