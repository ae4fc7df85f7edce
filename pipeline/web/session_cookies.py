"""Session cookie: the token of a session in the browser, out of reach of scripts and of other sites."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

_PLAIN, _SECURE = "liasse", "__Host-liasse"  # the second is taken by browsers over https only


def cookie_token(request: Request, *, secure: bool) -> str:
    """The token that a browser brings; empty for none."""
    return request.cookies.get(_SECURE if secure else _PLAIN, "")


def set_cookie(headers: MutableHeaders, token: str, *, secure: bool, seconds: float) -> None:
    """Have the browser keep a token, or with an empty one forget it."""
    carrier = Response()
    carrier.set_cookie(
        _SECURE if secure else _PLAIN,
        token,
        max_age=int(seconds) if token else 0,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    headers.append("set-cookie", carrier.headers["set-cookie"])
