"""Bodies that are too large: the frame's limit answers in plain English; here it is a page or a problem, as others."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.troubles import Trouble, answer

_TOO_LARGE = 413


class LimitsTold:
    """Middleware that answers in the place of the frame's limit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, unless it is the plain answer of the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = False

        async def sending(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                refused = message["status"] == _TOO_LARGE and _is_plain(message)
            if not refused:
                await send(message)

        await self._app(scope, receive, sending)
        if refused:
            await answer(Request(scope, receive), Trouble(_TOO_LARGE))(scope, receive, send)


def _is_plain(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/plain")
