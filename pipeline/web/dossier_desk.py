"""Pages of one dossier: its form beside its values, what is doubtful settled by the keyboard, findings, story."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from pipeline.core.errors import InvalidRequest, NotFound, RequestRefused
from pipeline.core.models import FORMATION
from pipeline.core.visitors import Right
from pipeline.dossier.index_rows import counting
from pipeline.ledger.claims import JobState
from pipeline.ledger.entries import Entry
from pipeline.services.approvals import confirm, override, seen_now
from pipeline.services.desk import desk_of
from pipeline.services.handling import discard, reopen, retry
from pipeline.services.page_views import form_images, image_of
from pipeline.services.permissions import Reached
from pipeline.services.story import story_of
from pipeline.services.trying import try_value
from pipeline.web.onlookers import Presence
from pipeline.web.page_pictures import picture
from pipeline.web.troubles import trouble_of
from pipeline.web.visits import Correcting, Seeing, Visit

router = APIRouter(include_in_schema=False)
_Since = Annotated[int, Form(ge=-1)]
_Value = Annotated[str, Form(max_length=20_000)]
_Path = Annotated[str, Form(max_length=200)]
_Reason = Annotated[str, Form(max_length=2_000)]
_Chosen = Annotated[str, Query(alias="f", max_length=64)]


@router.get("/dossiers/{number}")
def show_dossier(visit: Seeing, number: str, f: _Chosen = "") -> Response:
    """The dossier at the form that counts, or at another of its forms."""
    return draw_dossier(visit, visit.reach(Right.SEE, number), f)


@router.get("/dossiers/{number}/bureau")
def show_desk(visit: Seeing, number: str, f: _Chosen = "") -> Response:
    """What is to be checked, and what follows from it: the part of the page that changes."""
    return draw_dossier(visit, visit.reach(Right.SEE, number), f, part=True)


@router.get("/dossiers/{number}/suite")
def show_progress(visit: Seeing, number: str, f: _Chosen = "", vu: int = 0) -> Response:
    """Whether the form is being walked, whether somebody else decided since, who else looks at it now."""
    reached = visit.reach(Right.SEE, number)
    entry = chosen(reached, f)
    others = presence_of(visit).others(reached.id, visit.visitor)
    seen = visit.ledger.seen(entry.form)
    busy = is_busy(visit, entry)
    changed = seen.decision != vu
    answer = visit.page(
        "progress.html", reached=reached, entry=entry, busy=busy, changed=changed, others=others, since=vu
    )
    if not busy and "x-attend" in visit.request.headers:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.get("/dossiers/{number}/pages/{page}.png")
def show_page(visit: Seeing, number: str, page: int, f: _Chosen = "") -> Response:
    """One page of a form, as it was received."""
    entry = chosen(visit.reach(Right.SEE, number), f)
    image = image_of(form_images(visit.context, entry.form), page)
    return picture(visit, image.file)


@router.post("/dossiers/{number}/verifier")
def try_field(visit: Correcting, number: str, champ: _Path = "", valeur: _Value = "", f: _Chosen = "") -> Response:
    """What the rules would say of a value; nothing is kept."""
    entry = chosen(visit.reach(Right.CORRECT, number), f)
    return visit.page("tried.html", tried=try_value(visit.context, entry, champ, valeur))


@router.post("/dossiers/{number}/confirmer")
def confirm_field(
    visit: Correcting,
    *,
    number: str,
    champ: _Path = "",
    vu: _Since = -1,
    valeur: _Value = "",
    geste: Annotated[str, Form(max_length=20)] = "",
    f: _Chosen = "",
) -> Response:
    """Settle one field: the value that was typed; or with « illisible », that nothing can be read there."""
    reached = visit.reach(Right.CORRECT, number)
    entry = chosen(reached, f)
    text = "" if geste == "illisible" else valeur.strip().replace("\r\n", "\n").replace("\n", "\\n")
    try:
        if not text and geste != "illisible":
            raise InvalidRequest("Rien n’est noté : écrivez la valeur juste, ou dites qu’elle est illisible.")
        confirm(
            visit.context,
            entry.form.sha256,
            [f"{champ}={text}"],
            by=visit.visitor.name,
            seen=seen_now(entry, visit.context, vu),
        )
    except RequestRefused as refused:
        return draw_dossier(visit, reached, f, refused=refused, typed=(champ, valeur), part=_is_part(visit))
    return _gone_on(visit, number, f, done=champ)


@router.post("/dossiers/{number}/formation")
def say_formation(visit: Correcting, number: str, code: _Path = "", vu: _Since = -1, f: _Chosen = "") -> Response:
    """Say of which formation a form is that does not tell it."""
    reached = visit.reach(Right.CORRECT, number)
    entry = chosen(reached, f)
    try:
        confirm(
            visit.context,
            entry.form.sha256,
            [f"{FORMATION}={code}"],
            by=visit.visitor.name,
            seen=seen_now(entry, visit.context, vu),
        )
    except RequestRefused as refused:
        return draw_dossier(visit, reached, f, refused=refused, part=_is_part(visit))
    return _gone_on(visit, number, f)


@router.post("/dossiers/{number}/lever")
def lift_rule(
    visit: Correcting, *, number: str, regle: _Path = "", vu: _Since = -1, motif: _Reason = "", f: _Chosen = ""
) -> Response:
    """Lift a rule that blocks, with the reason."""
    reached = visit.reach(Right.CORRECT, number)
    entry = chosen(reached, f)
    try:
        override(
            visit.context,
            entry.form.sha256,
            regle,
            by=visit.visitor.name,
            reason=motif,
            seen=seen_now(entry, visit.context, vu),
        )
    except RequestRefused as refused:
        return draw_dossier(visit, reached, f, refused=refused, typed=(regle, motif), part=_is_part(visit))
    return _gone_on(visit, number, f)


@router.post("/dossiers/{number}/gestes/{act}")
def handle(visit: Correcting, number: str, act: str, motif: _Reason = "", f: _Chosen = "") -> Response:
    """Have a form walked again, put it away with a reason, or take it up again."""
    reached = visit.reach(Right.CORRECT, number)
    entry = chosen(reached, f)
    acts = {
        "reessayer": lambda: retry(visit.context, entry.form.sha256, by=visit.visitor.name),
        "renvoyer": lambda: retry(visit.context, entry.form.sha256, by=visit.visitor.name, letter=True),
        "ecarter": lambda: discard(visit.context, entry.form.sha256, by=visit.visitor.name, reason=motif),
        "reprendre": lambda: reopen(visit.context, entry.form.sha256, by=visit.visitor.name),
    }
    if act not in acts:
        raise NotFound("Rien n’est fait : ce geste n’existe pas.")
    try:
        acts[act]()
    except RequestRefused as refused:
        return draw_dossier(visit, reached, f, refused=refused, part=_is_part(visit))
    return _gone_on(visit, number, f)


def draw_dossier(
    visit: Visit,
    reached: Reached,
    word: str = "",
    *,
    refused: RequestRefused | None = None,
    typed: tuple[str, str] = ("", ""),
    part: bool = False,
    done: str = "",
    told: str = "",
) -> Response:
    """The page of a dossier, or the part that changes; ``refused``: why nothing was done, with what was ``typed``."""
    entry = chosen(reached, word)
    desk = desk_of(visit.context, entry)
    presence_of(visit).note(reached.id, visit.visitor)
    return visit.page(
        "desk.html" if part else "dossier.html",
        status=trouble_of(refused).status if refused else 200,
        reached=reached,
        desk=desk,
        story=story_of(visit.context, reached, entry),
        f=word,
        busy=is_busy(visit, entry),
        others=presence_of(visit).others(reached.id, visit.visitor),
        refused=str(refused) if refused else "",
        typed=typed,
        done=done,
        told=told,
    )


def chosen(reached: Reached, word: str) -> Entry:
    """The form of a dossier that is looked at: the one whose id begins so, else the one that counts."""
    if not word:
        return counting(reached.forms)
    found = [one for one in reached.forms if one.form.sha256.startswith(word)]
    if len(found) != 1:
        raise NotFound(f"Aucun formulaire « {word[:12]} » dans ce dossier.")
    return found[0]


def is_busy(visit: Visit, entry: Entry) -> bool:
    """Whether a worker has the form in hand, or will soon."""
    job = visit.ledger.jobs.state_of(entry.form.sha256)
    return job is not None and job[0] in {JobState.READY, JobState.CLAIMED}


def presence_of(visit: Visit) -> Presence:
    """Who looks at which dossier now."""
    found: Presence = visit.request.app.state.presence
    return found


def _is_part(visit: Visit) -> bool:
    return "hx-request" in visit.request.headers


def _gone_on(visit: Visit, number: str, word: str, *, done: str = "") -> Response:
    if _is_part(visit):
        return draw_dossier(visit, visit.reach(Right.CORRECT, number), word, part=True, done=done)
    return visit.go(f"/dossiers/{number}{'?f=' + word if word else ''}")
