"""The application: FastAPI with its pages and its API, behind the gate, in the lifespan of one open workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from pipeline import __version__
from pipeline.core.settings import Settings, Web
from pipeline.core.workspace import Workspace
from pipeline.runs.logs import Logger, open_log
from pipeline.runs.open_house import OpenHouse, open_house
from pipeline.services.due_board import DueBoard
from pipeline.services.waiting_today import WaitingCounts
from pipeline.web import (
    accord_pages,
    change_pages,
    cohort_pages,
    common_pages,
    deposit_pages,
    dossier_desk,
    dossier_list,
    due_pages,
    health_checks,
    life_pages,
    login_pages,
    packet_pages,
    presence_pages,
    session_pages,
    signature_pages,
)
from pipeline.web.api import document
from pipeline.web.gate import Gate
from pipeline.web.onlookers import Presence
from pipeline.web.page_templates import STATIC
from pipeline.web.tallies import Tallies
from pipeline.web.told_once import Outcomes
from pipeline.web.troubles import tell_troubles
from pipeline.web.visits import require_token

ROUTERS = (
    login_pages.router,
    dossier_list.router,
    deposit_pages.router,
    dossier_desk.router,
    accord_pages.router,
    packet_pages.router,
    life_pages.router,
    signature_pages.router,
    change_pages.router,
    presence_pages.router,
    due_pages.router,
    cohort_pages.router,
    session_pages.router,
    common_pages.router,
    health_checks.router,
    document.routes,
    *document.DOORS,
)
_TAKE_FILES = (deposit_pages.router, signature_pages.router)
_SMALL = 1_000_000  # bytes of a request that brings no file
_SILENT = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


class Application(FastAPI):
    """FastAPI behind the gate: nothing that it answers, or goes wrong with, passes beside."""

    def __init__(self, settings: Web, log: Logger, **options: Any) -> None:  # noqa: ANN401 -- FastAPI's own
        super().__init__(**options)
        self.state.tallies = Tallies()
        self.state.presence = Presence()
        self.state.outcomes = Outcomes()
        self.state.waiting = WaitingCounts()
        self._gate = partial(Gate, settings=settings, log=log, tallies=self.state.tallies)
        self._gate(self)  # settings that cannot be followed are told now

    def build_middleware_stack(self) -> ASGIApp:
        """FastAPI's, within the gate."""
        return self._gate(super().build_middleware_stack())

    @contextmanager
    def opened(self, workspace: Workspace, settings: Web, day: dt.date | None) -> Iterator[OpenHouse]:
        """Within, it has a workspace to answer from; raises HouseError, LedgerBehind, as the ledger does."""
        with open_house(workspace, lambda: day or dt.date.today()) as house:  # noqa: DTZ011 -- the day here
            house.ledger.accounts.sweep(idle=settings.inactivite, longest=settings.session)
            house.context()
            self.state.house = house
            self.state.due_board = DueBoard()
            try:
                yield house
            finally:
                self.state.due_board.stop()


def create_app(workspace: Workspace, settings: Settings, *, day: dt.date | None = None) -> Application:
    """The application of a workspace; it opens the ledger when it is started. ``day``: as on that day.

    What a request brings is bounded before it is read: a router that takes files is included with its own
    ``max_body_size``. Raises
    ConfigError for settings that cannot be followed.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        assert isinstance(app, Application)  # noqa: S101 -- the one that is made below
        with app.opened(workspace, settings.web, day):
            yield

    app = Application(
        settings.web,
        open_log(),
        title="liasse",
        version=__version__,
        telemetry=_SILENT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        dependencies=[Depends(require_token)],
        max_body_size=_SMALL,
        redirect_slashes=False,
    )
    app.state.settings = settings
    for router in ROUTERS:
        app.include_router(router, max_body_size=settings.web.depot if router in _TAKE_FILES else None)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    tell_troubles(app)
    return app
