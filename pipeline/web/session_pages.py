"""A session as a whole: its archive as one ZIP, and the invitations to its réunion des référents."""

from __future__ import annotations

import shutil
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask
from starlette.responses import Response

from pipeline.core.errors import RequestRefused
from pipeline.services.session_desk import hand_session, invite_session, session_desk
from pipeline.web.troubles import trouble_of
from pipeline.web.visits import Correcting, Fetching, Seeing, Visit

router = APIRouter(include_in_schema=False)
_PAGE = "/promotion/session"
_Code = Annotated[str, Form(max_length=100)]
_Year = Annotated[str, Form(max_length=20)]


@router.get(_PAGE)
def show_session(
    visit: Seeing,
    formation: Annotated[str, Query(max_length=100)] = "",
    session: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """How many dossiers it has, which are not closed, and its réunion."""
    return _drawn(visit, formation, session)


@router.post(f"{_PAGE}/archive")
def take_session(visit: Fetching, formation: _Code = "", session: _Year = "") -> Response:
    """All dossiers of the session as one ZIP that stands by itself; who takes it is noted of each."""
    try:
        handed = hand_session(visit.context, visit.visitor, formation, session)
    except RequestRefused as refused:
        return _drawn(visit, formation, session, refused=refused)
    after = BackgroundTask(shutil.rmtree, handed.place.parent, ignore_errors=True)
    return FileResponse(handed.place, filename=handed.name, media_type="application/zip", background=after)


@router.post(f"{_PAGE}/invitations")
def invite_all(visit: Correcting, formation: _Code = "", session: _Year = "") -> Response:
    """Lay the invitations ready for everybody of the session who has none; nothing is sent."""
    try:
        made = invite_session(visit.context, visit.visitor, formation, session)
    except RequestRefused as refused:
        return _drawn(visit, formation, session, refused=refused)
    told = [
        f"{one.number} : {one.draft}{'' if one.addressed else ' (adresse à écrire)'}, dans outbox/courrier."
        for one in made
    ]
    here = f"{_PAGE}?{urlencode({'formation': formation, 'session': session})}"
    return visit.go(here, told or ["Tout le monde est déjà invité."])


def _drawn(visit: Visit, formation: str, session: str, *, refused: RequestRefused | None = None) -> Response:
    return visit.page(
        "session.html",
        status=trouble_of(refused).status if refused else 200,
        desk=session_desk(visit.context, visit.visitor, formation, session),
        refused=str(refused) if refused else "",
        told=() if refused else visit.outcome(),
    )
