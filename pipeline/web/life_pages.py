"""The life of a dossier on one page: signatures, papers, closing, archive; changes and days are beside."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask
from starlette.responses import Response

from pipeline.core.errors import FormationIll, InvalidRequest, RequestRefused
from pipeline.core.visitors import Right
from pipeline.dossier.index_rows import counting
from pipeline.services import closures, inviting, milestones
from pipeline.services.amends import Shown
from pipeline.services.life_desk import life_desk
from pipeline.services.paper_handing import hand_archive, hand_paper
from pipeline.services.permissions import Reached
from pipeline.web.form_words import day_of
from pipeline.web.troubles import trouble_of
from pipeline.web.visits import Correcting, Fetching, Seeing, Visit

router = APIRouter(include_in_schema=False)
Since = Annotated[int, Form(ge=-1)]
Word = Annotated[str, Form(max_length=200)]
Text = Annotated[str, Form(max_length=20_000)]
Month = Annotated[str, Query(max_length=7)]
_CODES = {  # of a day: the words of ``day_words``
    "P": "présence",
    "P/A": "matin seulement, absence l’après-midi",
    "A/P": "après-midi seulement, absence le matin",
    "A": "absence",
    "J": "absence justifiée",
    "M": "maladie",
    "C": "congé",
    "F": "férié",
    "-": "rien ce jour-là",
}
_PAPERS = {  # what a paper is worth, in words
    "prevue": "interrompu : à redemander",
    "en-cours": "en vigueur",
    "signee": "signé, en vigueur",
    "remplacee": "remplacé par une version plus récente",
    "signee-remplacee": "signé, puis remplacé par une version plus récente",
}


@router.get("/dossiers/{number}/vie")
def show_life(visit: Seeing, number: str, mois: Month = "") -> Response:
    """What is to be signed, what was asked to change, papers, presence, and what is missing before it is closed."""
    return draw_life(visit, visit.reach(Right.SEE, number), month=mois, told=visit.outcome())


@router.post("/dossiers/{number}/vie/bilan")
def note_mid_term(visit: Correcting, number: str, *, vu: Since = -1, le: Word = "", texte: Text = "") -> Response:
    """The bilan à mi-parcours: on which day, and what was said."""
    reached = visit.reach(Right.CORRECT, number)
    typed = {"le": le, "texte": texte}
    try:
        on = day_of(le, "le jour du bilan")
        new = milestones.note_mid_term(visit.context, reached.id, on=on, text=texte, by=visit.visitor.name, seen=vu)
    except RequestRefused as refused:
        return draw_life(visit, reached, part="bilan", refused=refused, typed=typed)
    return gone_on(visit, reached, ["Le bilan est noté." if new else "Ce bilan était déjà noté."])


@router.post("/dossiers/{number}/vie/invitation")
def invite_people(visit: Correcting, number: str, *, vu: Since = -1) -> Response:
    """Lay ready the invitations to the réunion des référents of this dossier."""
    reached = visit.reach(Right.CORRECT, number)
    try:
        made = inviting.invite(visit.context, reached.id, by=visit.visitor.name, seen=vu)
    except RequestRefused as refused:
        return draw_life(visit, reached, part="reunion", refused=refused)
    told = [
        f"Invitation prête dans outbox/courrier : {one.draft}{'' if one.addressed else ' (adresse à écrire)'}."
        for one in made
    ]
    return gone_on(visit, reached, told or ["Tout le monde est déjà invité."])


@router.post("/dossiers/{number}/vie/cloture")
def close_or_reopen(
    visit: Correcting, number: str, *, vu: Since = -1, geste: Word = "", motif: Text = ""
) -> Response:
    """Close a dossier, with a reason where something is missing; or open a closed one again."""
    reached = visit.reach(Right.CORRECT, number)
    try:
        said = _closed(visit, reached, geste=geste, reason=motif.strip(), seen=vu)
    except RequestRefused as refused:
        return draw_life(visit, reached, part="cloture", refused=refused, typed={"motif": motif})
    return gone_on(visit, reached, [said])


def _closed(visit: Visit, reached: Reached, *, geste: str, reason: str, seen: int) -> str:
    by = visit.visitor.name
    if geste == "rouvrir":
        closures.reopen(visit.context, reached.id, by=by, reason=reason, seen=seen)
        return "Le dossier est rouvert."
    if geste != "clore":
        raise InvalidRequest("Rien n’est fait : choisissez « clore » ou « rouvrir ».")
    done = closures.close(visit.context, reached.id, by=by, reason=reason, seen=seen)
    return done.already or f"Le dossier est clos{', incomplet' if done.missing else ''}."


@router.post("/dossiers/{number}/vie/papiers/{paper}/prendre")
def take_paper(visit: Fetching, number: str, paper: str, fichier: Word = "") -> Response:
    """A file of a paper; who takes it is noted first."""
    handed = hand_paper(visit.context, visit.visitor, visit.reach(Right.FETCH, number), paper, fichier)
    return FileResponse(handed.place, filename=handed.name)


@router.post("/dossiers/{number}/vie/archive")
def take_archive(visit: Fetching, number: str) -> Response:
    """The whole dossier as a ZIP that stands by itself; who takes it is noted first."""
    reached = visit.reach(Right.FETCH, number)
    try:
        handed = hand_archive(visit.context, visit.visitor, reached)
    except RequestRefused as refused:
        return draw_life(visit, reached, part="archive", refused=refused)
    after = BackgroundTask(shutil.rmtree, handed.place.parent, ignore_errors=True)
    return FileResponse(handed.place, filename=handed.name, media_type="application/zip", background=after)


def gone_on(visit: Visit, reached: Reached, told: Sequence[str], *, month: str = "") -> Response:
    """On to the page after something was done, which ``told`` tells there: a reload does not send it again."""
    here = f"/dossiers/{quote(reached.number)}/vie"
    return visit.go(f"{here}?{urlencode({'mois': month})}" if month else here, told)


def code_word(code: str) -> str:
    """What a day was, in words: « présence », « matin : présence, après-midi : maladie », or the hours as typed."""
    morning, _, afternoon = code.partition("/")
    if code in _CODES or morning not in _CODES or afternoon not in _CODES:
        return _CODES.get(code, code)
    return f"matin : {_CODES[morning]}, après-midi : {_CODES[afternoon]}"


def draw_life(
    visit: Visit,
    reached: Reached,
    *,
    part: str = "",
    refused: RequestRefused | None = None,
    typed: Mapping[str, Any] | None = None,
    told: Sequence[str] = (),
    trial: Shown | None = None,
    tried: str = "",
    month: str = "",
) -> Response:
    """The page; ``part`` names the form that was sent, ``typed`` what was written in it, ``refused`` why it waits."""
    desk, ill = None, ""
    try:
        desk = life_desk(visit.context, reached)
    except FormationIll as error:
        ill = error.said
    shown = desk.month(month) if desk else ""
    return visit.page(
        "life.html",
        status=trouble_of(refused).status if refused else 200,
        reached=reached,
        entry=counting(reached.forms),
        desk=desk,
        ill=ill,
        month=shown,
        days=desk.days(shown) if desk else (),
        codes=_CODES,
        code_word=code_word,
        paper_words=_PAPERS,
        today=visit.context.today,
        part=part,
        refused=str(refused) if refused else "",
        typed=typed or {},
        told=told,
        trial=trial,
        tried=tried,
    )
