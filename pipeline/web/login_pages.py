"""Pages of sign-in: the form, its answer, the end of a session, another password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from pipeline.core.errors import NotAllowed
from pipeline.services.signing_in import NotLetIn, change_password, sign_in, sign_out
from pipeline.web.page_templates import drawn
from pipeline.web.troubles import shared, trouble_of
from pipeline.web.visits import Entering, house_of

router = APIRouter(include_in_schema=False)


@router.get("/connexion")
def show_sign_in(request: Request, suite: str = "/") -> Response:
    """The form of sign-in."""
    return _form(request, suite=suite)


@router.post("/connexion")
def sign_in_here(
    request: Request,
    identifiant: Annotated[str, Form(max_length=200)] = "",
    mot_de_passe: Annotated[str, Form(max_length=1000)] = "",
    suite: Annotated[str, Form()] = "/",
) -> Response:
    """A session for who knows the password: a new token, whatever the browser brought."""
    house, state = house_of(request), request.scope["state"]
    try:
        opened = sign_in(house.ledger, identifiant, mot_de_passe, peer=state["peer"])
    except NotLetIn as error:
        return _form(request, suite=suite, wrong=str(error), typed=identifiant, status=403)
    if state.get("session"):
        sign_out(house.ledger, state["session"])
    settings = request.app.state.settings.web
    house.ledger.accounts.sweep(idle=settings.inactivite, longest=settings.session)
    state["new_session"] = opened.token
    return RedirectResponse(_inside(suite), 303)


@router.post("/deconnexion")
def sign_out_here(visit: Entering) -> Response:
    """The end of the session."""
    state = visit.request.scope["state"]
    sign_out(visit.ledger, state["session"])
    state["new_session"] = ""
    return visit.go("/connexion")


@router.get("/mot-de-passe")
def show_password(visit: Entering) -> Response:
    """The form by which somebody changes their password."""
    return visit.page("password.html", wrong="")


@router.post("/mot-de-passe")
def set_password(
    visit: Entering,
    actuel: Annotated[str, Form(max_length=1000)] = "",
    nouveau: Annotated[str, Form(max_length=1000)] = "",
    encore: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Another password: every session of the account ends but the one that begins now."""
    state = visit.request.scope["state"]
    try:
        opened = change_password(visit.ledger, visit.visitor, actuel, nouveau, encore, peer=state["peer"])
    except NotAllowed as error:
        return visit.page("password.html", status=trouble_of(error).status, wrong=str(error))
    state["new_session"] = opened.token
    return visit.go("/")


def _form(request: Request, *, suite: str, wrong: str = "", typed: str = "", status: int = 200) -> HTMLResponse:
    values = {**shared(request), "suite": _inside(suite), "wrong": wrong, "typed": typed}
    return HTMLResponse(drawn("sign-in.html", values), status)


def _inside(path: str) -> str:
    """A path of ours; never the address of another site."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if safe else "/"
