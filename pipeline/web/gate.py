"""The gate: middleware that every request passes before its body is read.

In this order: our host, no forged identity, a change from our own page only, not too often, somebody known.
Only ``OPEN`` is for everybody. Whatever goes wrong within is answered and told in the log, without a name.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable
from functools import partial
from urllib.parse import SplitResult, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.core.errors import ConfigError
from pipeline.core.settings import Web
from pipeline.core.visitors import Visitor
from pipeline.runs.logs import Logger
from pipeline.services import passes, signing_in
from pipeline.web.paces import Paces
from pipeline.web.peers import Trust, neighbourhood, peer_of
from pipeline.web.safety_headers import set_safety
from pipeline.web.sending import TOO_BIG, Sending
from pipeline.web.session_cookies import cookie_token, set_cookie
from pipeline.web.tallies import Tallies
from pipeline.web.troubles import API, Trouble, answer, trouble_of
from pipeline.web.visits import SAFE, form_token, house_of

LINK = "/lien/"  # then the secret of a link, and what it opens: the visitor of such a path is who holds the link
OPEN = ("/connexion", "/static/", "/couleur.css", "/accessibilite", "/healthz", "/readyz", "/metrics", LINK)
_FOR_RENEWAL = ("/mot-de-passe", "/deconnexion", *OPEN)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_OWN = frozenset({"localhost", "127.0.0.1", "[::1]"})
_ELSEWHERE = "Rien n’est fait : cette demande ne vient pas d’une page de liasse. Rouvrez la page, et réessayez."
_OVER = "Ce lien ne s’ouvre pas : il a pris fin. Que faire : demandez-en un autre à la scolarité."
_FORGED = "Cette demande prétend venir d’un mandataire, et n’en vient pas."


class Gate:
    """The outermost middleware of the application."""

    def __init__(self, app: ASGIApp, *, settings: Web, log: Logger, tallies: Tallies) -> None:
        self._app, self._settings, self._log, self._tallies = app, settings, log, tallies
        self._trust = Trust.of(settings)
        self._paces = Paces(settings.cadence)
        named = _address(settings)
        self._hosts = _OWN | {one.lower() for one in (named.hostname or "", *settings.hotes) if one}
        self._origin = f"{named.scheme}://{named.netloc}" if named.netloc else ""
        self._secure = named.scheme == "https"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        request, begun = Request(scope, receive), time.perf_counter()

        def too_big(onward: Send) -> Awaitable[None]:
            return answer(request, Trouble(TOO_BIG))(scope, receive, onward)

        sending = Sending(send, partial(self._dress, scope), too_big)
        try:
            refused = await self._refused(request)
            await (refused or self._app)(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 -- nobody ever meets a traceback
            self._log.error("web", error=type(error).__name__, place=_place(error))
            if not sending.started:
                await answer(request, trouble_of(error))(scope, receive, sending)
            elif not sending.ended:
                raise ConnectionAbortedError("an answer was cut short") from None
        finally:
            seconds = time.perf_counter() - begun
            route = getattr(scope.get("route"), "path", "-")
            method = scope["method"] if scope["method"] in _METHODS else "?"
            self._tallies.note(method, route, sending.status, seconds)
            self._log.info("request", method=method, route=route, status=sending.status, ms=round(seconds * 1000))

    def _dress(self, scope: Scope, head: Message) -> None:
        """Put what protects it, and the cookie of a session that began or ended, into the head of an answer."""
        headers = MutableHeaders(scope=head)
        kept = head["status"] in {200, 304} and scope["path"].startswith("/static/")
        set_safety(headers, secure=self._secure, kept=kept)
        token = scope["state"].get("new_session")
        if token is not None:
            set_cookie(headers, token, secure=self._secure, seconds=self._settings.session)

    async def _refused(self, request: Request) -> Response | None:
        """Why this request goes no further, as its answer; ``None``: somebody may see to it."""
        try:
            self._require_our_host(request)
            self._require_no_forgery(request)
            if request.method not in SAFE and not _bearer(request):
                self._require_own_page(request)
            await run_in_threadpool(self._recognise, request)
            self._paces.require(self._who(request))
        except Trouble as trouble:
            return answer(request, trouble)
        return self._sent_elsewhere(request)

    def _require_our_host(self, request: Request) -> None:
        host = request.headers.get("host", "").lower()
        name = host if host.endswith("]") else host.rsplit(":", 1)[0]
        if name not in self._hosts:
            raise Trouble(421, "liasse ne répond pas sous ce nom. Que faire : nommez-le dans liasse.toml, [web].")

    def _require_no_forgery(self, request: Request) -> None:
        said = self._trust.identities(request.scope)
        if said and not (len(said) == 1 and self._trust.believes(peer_of(request.scope))):
            self._log.warning("forged identity", peer=peer_of(request.scope))
            raise Trouble(403, _FORGED)

    def _require_own_page(self, request: Request) -> None:
        """Raise Trouble for a change that a page of somebody else asks for (CSRF), as the browser itself says."""
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        ours = self._origin or f"http://{request.headers['host']}"
        if (site is not None and site != "same-origin") or (site is None and origin is None):
            raise Trouble(403, _ELSEWHERE)
        if origin is not None and origin.lower() not in {ours.lower(), f"http://{request.headers['host']}".lower()}:
            raise Trouble(403, _ELSEWHERE)

    def _recognise(self, request: Request) -> None:
        """Put into the request's state who makes it, and the token of the forms that they are shown."""
        house, state = house_of(request), request.scope["state"]
        state["school"] = house.school_name()
        state["peer"] = neighbourhood(self._trust.client(request.scope))
        path, secret = request.url.path, _bearer(request)
        if path.startswith("/static/"):
            return
        if secret:
            state["visitor"] = passes.token_visitor(house.ledger, secret)
            return
        if path.startswith(LINK):
            self._recognise_link(request, path.removeprefix(LINK).split("/", 1)[0])
            return
        token = cookie_token(request, secure=self._secure)
        visitor: Visitor | None = None
        if token:
            visitor = signing_in.current(house.ledger, token, self._settings, goes_on=not _by_itself(request))
        said = self._trust.identities(request.scope)
        if said:
            login = signing_in.login_of(said[0])
            if visitor is None or visitor.actor != login:
                opened = signing_in.let_in(house.ledger, login)
                visitor, token = (opened.visitor, opened.token) if opened else (None, "")
                state["new_session"] = token
        if visitor is not None:
            state["visitor"], state["session"], state["form_token"] = visitor, token, form_token(token)

    def _recognise_link(self, request: Request, secret: str) -> None:
        state = request.scope["state"]
        state["visitor"] = passes.link_visitor(house_of(request).ledger, secret)
        if state["visitor"] is not None:
            state["form_token"] = form_token(secret)

    def _who(self, request: Request) -> str:
        visitor: Visitor | None = request.scope["state"].get("visitor")
        return visitor.actor if visitor else f"peer:{request.scope['state']['peer']}"

    def _sent_elsewhere(self, request: Request) -> Response | None:
        """Where somebody unknown, or with a password to renew, goes first."""
        path, visitor = request.url.path, request.scope["state"].get("visitor")
        if visitor is None and path.startswith(LINK):
            return answer(request, Trouble(404, _OVER))
        if visitor is None and not _under(path, OPEN):
            if path.startswith(API):
                return answer(request, Trouble(401, headers={"WWW-Authenticate": "Bearer"}))
            after = f"?suite={quote(path)}" if request.method in SAFE and path != "/" else ""
            return _to(request, f"/connexion{after}")
        if visitor is not None and visitor.renews and not _under(path, _FOR_RENEWAL):
            return _to(request, "/mot-de-passe")
        return None


def _address(settings: Web) -> SplitResult:
    """How people reach us; raises ConfigError for what is no address of a whole site."""
    named = urlsplit(settings.adresse)
    whole = named.scheme in {"http", "https"} and named.hostname and named.path in {"", "/"}
    if settings.adresse and not (whole and not named.query):
        raise ConfigError(
            f'liasse.toml, [web] adresse: {settings.adresse} is none. Write "https://liasse.example.org".'
        )
    return named


def _under(path: str, places: tuple[str, ...]) -> bool:
    return any(path == one or (one.endswith("/") and path.startswith(one)) for one in places)


def _bearer(request: Request) -> str:
    """The token of a program, which has no cookie that another site could abuse; for the API alone."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and request.url.path.startswith(API) else ""


def _by_itself(request: Request) -> bool:
    """Whether an open page asks, and nobody in front of it: what it follows, and events as they come."""
    return "x-veille" in request.headers or "text/event-stream" in request.headers.get("accept", "")


def _to(request: Request, path: str) -> Response:
    if "hx-request" in Headers(scope=request.scope):  # htmx would put the page into a corner of this one
        return Response(status_code=401, headers={"HX-Redirect": path})
    return RedirectResponse(path, 303)


def _place(error: BaseException) -> str:
    """Where in our code an error was raised: file and line, and nothing of what it was about."""
    found, trace = "", error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        found = f"{name.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if "pipeline" in name or not found else found
        trace = trace.tb_next
    return found
