"""The first page: dossiers, opened on what waits for this person; searched, filtered, sorted, one page at a time."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from pipeline.dossier.dossier_index import Sort, Sought
from pipeline.dossier.state import DossierState
from pipeline.services.dossier_board import ACTORS, SOON, dossiers_of, own_turn
from pipeline.web.troubles import Trouble
from pipeline.web.visits import Seeing

router = APIRouter(include_in_schema=False)
EVERYBODY = "tous"
_SORTS = {
    Sort.START: "début du stage",
    Sort.RECEIVED: "dernier reçu",
    Sort.NAME: "nom",
    Sort.NUMBER: "numéro",
    Sort.STATE: "état",
}


@router.get("/")
def show_list(
    visit: Seeing,
    *,
    q: Annotated[str, Query(max_length=200)] = "",
    formation: Annotated[str, Query(max_length=100)] = "",
    session: Annotated[str, Query(max_length=20)] = "",
    etat: Annotated[str, Query(max_length=20)] = "",
    qui: Annotated[str, Query(max_length=20)] = "",
    debut: Annotated[str, Query(max_length=4)] = "",
    tri: Annotated[str, Query(max_length=20)] = Sort.START.value,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """One page of the dossiers that the visitor sees; without any filter, of those that wait for the visitor."""
    asked = {"q": q, "formation": formation, "session": session, "etat": etat, "qui": qui, "debut": debut}
    turn = own_turn(visit.visitor)
    opened = not any(asked.values()) and bool(turn)
    sought = Sought(
        words=q,
        formation=formation,
        session=session,
        state=etat,
        acts=turn if opened else "" if qui == EVERYBODY else qui,
        begins=int(debut) if debut.isdecimal() else None,
    )
    if tri not in set(Sort):
        raise Trouble(422)
    found = dossiers_of(
        visit.visitor, visit.ledger, visit.house.index, visit.context.today, sought, sort=Sort(tri), page=page
    )
    values = {**asked, "qui": sought.acts or EVERYBODY, "tri": tri}
    return visit.page(
        "dossiers.html",
        found=found,
        asked=values,
        opened=opened,
        waits=visit.waiting(),
        turn=turn,
        actors=ACTORS,
        states=list(DossierState),
        sorts=_SORTS,
        soon=SOON,
        everybody=EVERYBODY,
        today=visit.context.today,
        where=lambda **changed: "/?" + urlencode({**values, **changed}),
    )
