"""Commands of the web: serve, and the accounts of who enters."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import workspace_option
from pipeline.core.settings import Settings
from pipeline.core.workspace import Workspace
from pipeline.web import server


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port.")
@workspace_option
def serve(host: str, port: int, root: Path) -> None:
    """Serve the scolarité's page and the API, until stopped. Logs are JSON on standard error.

    Example: liasse serve --port 8000
    """
    workspace = Workspace.at(root)
    server.serve(workspace, Settings.load(workspace), host=host, port=port)


COMMANDS = (serve,)
