"""The server: uvicorn around the application, on loopback unless told, with our log alone."""

from __future__ import annotations

from pathlib import Path

import uvicorn

from pipeline.core.settings import Settings
from pipeline.core.workspace import Workspace
from pipeline.web.application import create_app


def serve(workspace: Workspace, settings: Settings, *, host: str, port: int, uds: Path | None = None) -> None:
    """Answer until stopped; raises ConfigError, HouseError as the ledger does."""
    config = uvicorn.Config(
        create_app(workspace, settings),
        host=host,
        port=port,
        uds=str(uds) if uds else None,
        proxy_headers=False,  # the gate looks at the socket's own peer
        server_header=False,
        date_header=True,
        access_log=False,
        log_config=None,
    )
    uvicorn.Server(config).run()
