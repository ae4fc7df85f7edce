"""Error handling: what went wrong as a French page, or as problem+json (RFC 9457) for a program."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pipeline.core import errors
from pipeline.services.depositing import KeyReused
from pipeline.services.permissions import Forbidden
from pipeline.web.api.problems import code_of, problem
from pipeline.web.page_templates import drawn

API = "/api/"
_TITLES = {
    400: "Demande mal formée",
    401: "Connexion nécessaire",
    403: "Accès refusé",
    404: "Rien ici",
    405: "Demande mal formée",
    409: "Rien n’est fait",
    413: "Trop gros",
    415: "Sorte de fichier refusée",
    421: "Adresse inconnue",
    422: "À corriger",
    429: "Trop de demandes",
    500: "Erreur de notre fait",
    503: "Pas en ce moment",
}
_SAID = {
    401: "Que faire : connectez-vous, puis recommencez.",
    403: "Rien n’est fait.",
    404: "Cette page n’existe pas, ou n’est pas pour vous. Que faire : revenez à la liste.",
    405: "Rien n’est fait. Que faire : revenez à la liste.",
    413: "Rien n’est reçu : c’est plus gros que permis. Que faire : déposez moins de fichiers à la fois.",
    422: "Rien n’est fait : il manque quelque chose, ou une valeur ne convient pas.",
    429: "Que faire : attendez une minute, puis réessayez.",
    500: "Rien de reçu n’est perdu. Que faire : réessayez, puis prévenez la personne qui veille sur liasse.",
    503: "Rien n’est perdu. Que faire : réessayez dans une minute.",
}
_STATUS: Mapping[type[Exception], int] = {  # the first that fits
    errors.NotFound: 404,
    Forbidden: 403,
    errors.FormationIll: 409,
    errors.InvalidRequest: 422,
    errors.FormRejected: 422,
    errors.RequestRefused: 409,
    errors.Transient: 503,
}
_CODES: Mapping[type[Exception], str] = {  # of the API, where the status alone does not say it
    KeyReused: "key-reused",
    errors.Ambiguous: "ambiguous",
    errors.ChangedMeanwhile: "changed-meanwhile",
    errors.FormationIll: "formation-ill",
}


class Trouble(Exception):
    """Why a request is not answered: HTTP status, and what to say where the status alone does not (French).

    ``code`` and ``more`` are for programs: the kind of problem, and members of its own.
    """

    def __init__(
        self,
        status: int,
        said: str = "",
        headers: Mapping[str, str] | None = None,
        *,
        code: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(status)
        self.status, self.said, self.headers = status, said, dict(headers or {})
        self.code, self.more = code or code_of(status), dict(more or {})


def answer(request: Request, trouble: Trouble) -> Response:
    """The page or the problem that tells it."""
    status = HTTPStatus(trouble.status)
    title = _TITLES.get(status, "Rien n’est fait")
    said = trouble.said or _SAID.get(status, "Rien n’est fait.")
    headers = trouble.headers
    if wants_json(request):
        return problem(request, trouble.code, status.value, said=trouble.said, headers=headers, more=trouble.more)
    values = {"title": title, "said": said, "status": status.value, "fragment": "hx-request" in request.headers}
    return HTMLResponse(drawn("trouble.html", {**shared(request), **values}), status, headers)


def shared(request: Request) -> dict[str, object]:
    """What every page needs of its request: who sees it, the token of its forms, the school's name."""
    state = request.scope.get("state", {})
    return {
        "visitor": state.get("visitor"),
        "token": state.get("form_token", ""),
        "school": state.get("school", ""),
        "waiting": None,  # pages of somebody who is signed in count it
    }


def wants_json(request: Request) -> bool:
    """Whether a program asks."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith(API) or ("json" in accepted and "html" not in accepted)


def trouble_of(error: Exception) -> Trouble:
    """What an error of ours is to who asked."""
    if isinstance(error, Trouble):
        return error
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)
    said = str(error) if isinstance(error, errors.RequestRefused | errors.FormRejected) else ""
    if isinstance(error, errors.FormationIll):
        said = error.said
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), "")
    return Trouble(status, said, {"Retry-After": "30"} if status == 503 else None, code=code)


def tell_troubles(app: FastAPI) -> None:
    """Have an application answer its errors so; the gate logs those that nobody foresaw."""

    async def known(request: Request, error: Exception) -> Response:
        return answer(request, trouble_of(error))

    async def of_http(request: Request, error: Exception) -> Response:
        if isinstance(error, RequestValidationError):
            return answer(request, Trouble(422, code="invalid-parameters", more={"faults": error.errors()}))
        status = error.status_code if isinstance(error, HTTPException) else 500
        return answer(request, Trouble(status, headers=getattr(error, "headers", None)))

    ours: tuple[type[Exception], ...] = (errors.LiasseError, Trouble, Exception)
    for kind in ours:
        app.add_exception_handler(kind, known)
    frames: tuple[type[Exception], ...] = (HTTPException, RequestValidationError)
    for frame in frames:
        app.add_exception_handler(frame, of_http)
