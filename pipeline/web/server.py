"""The server: uvicorn around the application, on loopback unless told, with our log alone."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from pipeline.core.errors import HouseError
from pipeline.core.settings import Settings
from pipeline.core.workspace import Workspace
from pipeline.runs.logs import open_log
from pipeline.runs.open_house import OpenHouse, watched
from pipeline.runs.worker_loop import Stop
from pipeline.web.application import create_app
from pipeline.web.webhook_loop import webhooks_told

_BACKLOG = 256
_PATIENCE = 30  # seconds that answers are given to end on a stop
_SOCKET = 0o660  # the reverse proxy is of our group


class _Server(uvicorn.Server):
    """uvicorn's server, which also ends for a signal that came before it listened to any."""

    def __init__(self, config: uvicorn.Config, stop: Stop) -> None:
        super().__init__(config)
        self._stop = stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Within, signals are heard; one that ``stop`` has heard by then counts too."""
        with super().capture_signals():
            self.should_exit = self.should_exit or self._stop.asked
            yield


def listening(host: str, port: int, uds: Path | None = None) -> socket.socket:
    """The socket to answer on; raises HouseError where that address cannot be had."""
    try:
        if uds is None:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            return socket.create_server((host, port), family=family, backlog=_BACKLOG)
        uds.unlink(missing_ok=True)
        made = socket.socket(socket.AF_UNIX)
        made.bind(str(uds))
        os.chmod(uds, _SOCKET)  # noqa: PTH101 -- of the socket that was just bound
        made.listen(_BACKLOG)
    except OSError as error:
        where = uds or f"{host}, port {port}"
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise HouseError(
            f"nothing can be served at {where}: {why}. Name another (--host, --port, --uds), or stop what is there."
        ) from error
    return made


def serve(
    workspace: Workspace,
    settings: Settings,
    place: socket.socket,
    *,
    day: dt.date | None,
    jobs: int,
    begun: Callable[[OpenHouse], None],
) -> None:
    """Answer until stopped; with ``jobs``, forms are taken in and walked too. ``begun`` is called before the first.

    Raises ConfigError, and HouseError as the ledger does.
    """
    stop = Stop()
    stop.listen()  # what uvicorn hears it hands on, once it has ended well
    app = create_app(workspace, settings, day=day)
    config = uvicorn.Config(
        app,
        proxy_headers=False,  # the gate looks at the socket's own peer
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=_PATIENCE,
    )
    with (
        app.opened(workspace, settings.web, day) as house,
        watched(house, jobs, open_log(), day),
        webhooks_told(house, settings, open_log()),
    ):
        begun(house)
        _Server(config, stop).run(sockets=[place])
