"""A visit: one request of somebody known, with all that a handler needs. Handlers get it as an argument.

    @router.get("/dossiers/{number}")
    def show(visit: Seeing, number: str) -> Response:
        reached = visit.reach(Right.SEE, number)
        return visit.page("dossier.html", dossier=reached)

Handlers are ``def``, not ``async def``: they run in threads, and the ledger may wait. Every handler takes a visit, or
stands in ``gate.OPEN``: a test goes through all routes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import UploadFile

from pipeline.core.errors import ConfigError
from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.ledger.store import Ledger
from pipeline.runs.open_house import OpenHouse
from pipeline.services.permissions import Reached, reach, require
from pipeline.services.waiting_today import Waiting, WaitingCounts
from pipeline.web.page_templates import drawn
from pipeline.web.told_once import Outcomes
from pipeline.web.troubles import Trouble, shared

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD, HEADER = "jeton", "x-jeton"  # where a form, or htmx, sends its token
_FIELDS, _FILES, _PART = 200, 100, 1_000_000  # of one form that a page sends


@dataclass(frozen=True)
class Visit:
    """A request, who makes it, and the workspace."""

    request: Request
    visitor: Visitor
    house: OpenHouse

    @property
    def context(self) -> Context:
        """Templates, settings, law, day and ledger, as they are now."""
        return self.house.context()

    @property
    def ledger(self) -> Ledger:
        """The ledger, for services that need no more."""
        return self.house.ledger

    def reach(self, right: Right, word: str) -> Reached:
        """A dossier that this visitor may do that on; the look is noted. Raises NotFound, Forbidden."""
        reached = reach(self.visitor, right, word, self.ledger)
        self.ledger.looks.note(reached.entry.form.sha256, self.visitor.actor)
        return reached

    def page(self, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """A template of this room drawn; it has ``visitor``, ``token`` and ``school`` besides."""
        known = {**shared(self.request), "waiting": self.waiting, **values}
        return HTMLResponse(drawn(template, known), status)

    def waiting(self) -> Waiting | None:
        """What waits for this visitor today, for the head of a page; ``None`` where nothing can be told."""
        state = self.request.app.state
        try:
            counts: WaitingCounts = state.waiting
            return counts.of(self.context, self.visitor, self.house.index, state.due_board)
        except ConfigError:
            return None

    def go(self, path: str, told: Sequence[str] = ()) -> RedirectResponse:
        """Where the browser goes on after a change (303: by GET); there, ``outcome`` is what was ``told``."""
        if told:
            self._outcomes.keep(self._session, path.partition("?")[0], told)
        return RedirectResponse(path, 303)

    def outcome(self) -> tuple[str, ...]:
        """What was done just now by who opens this page; told once, so that a reload is quiet."""
        return self._outcomes.take(self._session, self.request.url.path)

    @property
    def _outcomes(self) -> Outcomes:
        found: Outcomes = self.request.app.state.outcomes
        return found

    @property
    def _session(self) -> str:
        """This browser's session, or the name of who came by a link."""
        found: str = self.request.scope["state"].get("session") or self.visitor.actor
        return found


def house_of(request: Request) -> OpenHouse:
    """The workspace of the application that a request came to."""
    house: OpenHouse = request.app.state.house
    return house


NEEDS: dict[Callable[[Request], Visit], Right | None] = {}  # what each dependency asks for


def need(right: Right | None) -> Callable[[Request], Visit]:
    """The dependency of a handler: a visit of somebody who has that right somewhere; ``None``: who is signed in."""

    def visit(request: Request) -> Visit:
        visitor: Visitor | None = request.scope["state"].get("visitor")
        if visitor is None:
            raise Trouble(401)
        if right is not None:
            require(visitor, right)
        return Visit(request, visitor, house_of(request))

    NEEDS[visit] = right
    return visit


Entering = Annotated[Visit, Depends(need(None))]
Seeing = Annotated[Visit, Depends(need(Right.SEE))]
Depositing = Annotated[Visit, Depends(need(Right.DEPOSIT))]
Correcting = Annotated[Visit, Depends(need(Right.CORRECT))]
Judging = Annotated[Visit, Depends(need(Right.JUDGE))]
Fetching = Annotated[Visit, Depends(need(Right.FETCH))]
Administering = Annotated[Visit, Depends(need(Right.ADMINISTER))]


def form_token(secret: str) -> str:
    """The token of the forms of a session or a link: who has not its secret cannot make it (CSRF)."""
    return hmac.new(secret.encode(), b"liasse: form", hashlib.sha256).hexdigest()


async def require_token(request: Request) -> None:
    """Raise Trouble for a change that comes without the token of its session; for every route of the application."""
    expected = request.scope["state"].get("form_token", "")
    if request.method in SAFE or not expected:
        return
    given = request.headers.get(HEADER)
    if given is None:
        form = await request.form(max_files=_FILES, max_fields=_FIELDS, max_part_size=_PART)
        field = form.get(FIELD, "")
        given = "" if isinstance(field, UploadFile) else field
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Trouble(403, "Rien n’est fait : cette page n’est plus à jour. Rouvrez-la, et réessayez.")
