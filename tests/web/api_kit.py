"""The API asked as other software does: a workspace whose samples were walked, and programs with tokens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import people
import walking
from httpx2 import Response
from starlette.testclient import TestClient
from web_kit import HERE, Site, site_of

from pipeline.core.visitors import Right
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.store import Ledger
from pipeline.runs.context_loader import ContextLoader
from pipeline.services.passes import issue_token

SAMPLES = Path(__file__).parents[1] / "samples"
WAITS, DELIVERED, WRONG = "3-cnam-attente.pdf", "4-essms-salariee.pdf", "7-essms-erreurs.pdf"
ALL = frozenset(Right)
V1 = "/api/v1"


@dataclass
class Program:
    """Software that has a token."""

    client: TestClient

    def get(self, path: str, **options: Any) -> Response:
        """A GET below ``/api/v1``, or of a whole address."""
        return self.client.get(whole(path), **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Response:
        """A POST of JSON."""
        return self.client.post(whole(path), json={} if body is None else body, **options)

    def deposit(self, name: str, data: bytes, **headers: str) -> Response:
        """A form sent as multipart/form-data."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"{V1}/forms", files={"file": (name, data)}, headers=told)

    def form(self, name: str) -> dict[str, Any]:
        """The form whose file has that name, as it is now."""
        for dossier in self.get("/dossiers?limit=200").json()["dossiers"]:
            for one in self.get(dossier["links"]["self"]).json()["forms"]:
                found: dict[str, Any] = self.get(one["links"]["self"]).json()
                if found["name"] == name:
                    return found
        raise AssertionError(name)

    def etag(self, form: dict[str, Any]) -> dict[str, str]:
        """The header that says that a form was seen as it is."""
        return {"If-Match": self.get(form["links"]["self"]).headers["etag"]}


def whole(path: str) -> str:
    """An address of the API."""
    return path if path.startswith("/api/") else f"{V1}{path}"


def program(site: Site, *rights: Right, formations: tuple[str, ...] = ()) -> Program:
    """A program whose token has these rights; all of them without any."""
    secret = issue_token(
        site.ledger, site.workspace, "ENT de l’école", rights or ALL, formations=formations, days=10, by="essai"
    )
    headers = {"Authorization": f"Bearer {secret}"}
    return Program(TestClient(site.app, base_url=HERE, follow_redirects=False, headers=headers))


def live(workspace: Workspace) -> None:
    """Have three samples walked: one waits for its accord, one is delivered, one is sent back."""
    with Ledger.open(workspace) as ledger:
        context = ContextLoader(workspace, ledger, lambda: people.TODAY).context()
        paths = [Path(shutil.copy(SAMPLES / name, workspace.inbox)) for name in (WAITS, DELIVERED, WRONG)]
        assert len(list(walking.run(paths, context))) == 3


@contextmanager
def lived_site(lived: Path, place: Path, **web: Any) -> Iterator[Site]:
    """The application of a copy of a workspace that was lived in."""
    shutil.copytree(lived, place, symlinks=True)
    with site_of(Workspace.at(place), **web) as site:
        yield site


def context_of(site: Site) -> Context:
    """What the application works with."""
    context: Context = site.app.state.house.context()
    return context
