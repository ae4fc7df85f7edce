"""The accord pédagogique, by account or by a link: a GET shows, a POST after an explicit choice decides."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import FileResponse
from starlette.responses import Response

from pipeline.core.errors import InvalidRequest, NotFound, RequestRefused
from pipeline.core.visitors import Right
from pipeline.dossier.index_rows import counting
from pipeline.services.accord_view import accord_view, judge
from pipeline.services.invitations import Invitation, invite
from pipeline.services.passes import LONGEST_LINK, revoke_link
from pipeline.services.permissions import Reached
from pipeline.services.story import story_of
from pipeline.web.troubles import trouble_of
from pipeline.web.visits import Correcting, Judging, Visit

router = APIRouter(include_in_schema=False)
_Word = Annotated[str, Form(max_length=20)]
_Reason = Annotated[str, Form(max_length=2_000)]
_Since = Annotated[int, Form(ge=-1)]
_Name = Annotated[str, Form(max_length=200)]
_WORDS = ("favorable", "defavorable")


@router.get("/dossiers/{number}/accord")
def show_accord(visit: Judging, number: str) -> Response:
    """What is judged, for somebody with an account."""
    return _drawn(visit, visit.reach(Right.JUDGE, number), f"/dossiers/{number}/accord")


@router.post("/dossiers/{number}/accord")
def give_accord(visit: Judging, number: str, vu: _Since = -1, avis: _Word = "", motif: _Reason = "") -> Response:
    """The word of somebody with an account."""
    return _judged(
        visit, visit.reach(Right.JUDGE, number), f"/dossiers/{number}/accord", word=avis, reason=motif, since=vu
    )


@router.get("/lien/{secret}")
def show_by_link(visit: Judging, secret: str) -> Response:
    """What is judged, for who holds the link; opened as often as one likes, it decides nothing."""
    return _drawn(visit, visit.reach(Right.JUDGE, visit.visitor.dossier), f"/lien/{secret}")


@router.post("/lien/{secret}")
def give_by_link(visit: Judging, secret: str, vu: _Since = -1, avis: _Word = "", motif: _Reason = "") -> Response:
    """The word of who holds the link, under the name that it was made for."""
    return _judged(
        visit, visit.reach(Right.JUDGE, visit.visitor.dossier), f"/lien/{secret}", word=avis, reason=motif, since=vu
    )


@router.get("/dossiers/{number}/lien")
def show_links(visit: Correcting, number: str) -> Response:
    """The links to a dossier, and the form that makes one."""
    return _links(visit, visit.reach(Right.CORRECT, number))


@router.post("/dossiers/{number}/lien")
def make_link(
    visit: Correcting,
    number: str,
    nom: _Name = "",
    courriel: _Name = "",
    jours: Annotated[int, Form(ge=1, le=LONGEST_LINK)] = 14,
) -> Response:
    """A new link, told once."""
    reached = visit.reach(Right.CORRECT, number)
    base = visit.request.app.state.settings.web.adresse or str(visit.request.base_url)
    try:
        made = invite(visit.context, visit.visitor, reached, nom, email=courriel, days=jours, base=base)
    except InvalidRequest as refused:
        return _links(visit, reached, refused=refused, typed=(nom, courriel))
    return _links(visit, reached, made=made)


@router.post("/dossiers/{number}/lien/{identity}/reprendre")
def take_link_back(visit: Correcting, number: str, identity: str) -> Response:
    """The end of a link, now."""
    revoke_link(visit.ledger, visit.visitor, visit.reach(Right.CORRECT, number), identity)
    return visit.go(f"/dossiers/{number}/lien")


@router.get("/dossiers/{number}/lien/courriel.eml")
def show_draft(visit: Correcting, number: str) -> Response:
    """The draft of the mail, to be opened by a mail program."""
    reached = visit.reach(Right.CORRECT, number)
    place = visit.context.workspace.mail / f"{reached.number}-avis.eml"
    if not place.is_file():
        raise NotFound("Ce brouillon n’est plus là. Que faire : faites un autre lien.")
    return FileResponse(place, media_type="message/rfc822", filename=place.name)


def _drawn(
    visit: Visit,
    reached: Reached,
    here: str,
    *,
    refused: RequestRefused | None = None,
    typed: str = "",
) -> Response:
    return visit.page(
        "accord.html",
        status=trouble_of(refused).status if refused else 200,
        reached=reached,
        view=accord_view(visit.context, reached),
        here=here,
        refused=str(refused) if refused else "",
        typed=typed,
        told=() if refused else visit.outcome(),
    )


def _judged(visit: Visit, reached: Reached, here: str, *, word: str, reason: str, since: int) -> Response:
    try:
        if word not in _WORDS:
            raise InvalidRequest("Rien n’est noté : choisissez « favorable » ou « défavorable ».")
        done = judge(visit.context, reached, visit.visitor, word=word, reason=reason, since=since)
    except RequestRefused as refused:
        return _drawn(visit, reached, here, refused=refused, typed=reason)
    spelled = "favorable" if word == "favorable" else "défavorable"
    told = f"Votre avis {spelled} est enregistré." if not done.already else f"Rien à noter : {done.already}."
    return visit.go(here, [told])


def _links(
    visit: Visit,
    reached: Reached,
    *,
    refused: InvalidRequest | None = None,
    typed: tuple[str, str] = ("", ""),
    made: Invitation | None = None,
) -> Response:
    return visit.page(
        "links.html",
        status=trouble_of(refused).status if refused else 200,
        reached=reached,
        story=story_of(visit.context, reached, counting(reached.forms)),
        refused=str(refused) if refused else "",
        typed=typed,
        made=made,
        longest=LONGEST_LINK,
    )
