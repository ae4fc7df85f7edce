"""Sites whose dossiers have a life: a packet that is laid ready without a document being made, and a day."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import life_kit
import people
import pytest
from api_kit import Program, program
from httpx2 import Response
from laid_lives import issued
from web_kit import Site, site_of

from pipeline.core.life import PaperKind
from pipeline.core.visitors import Right
from pipeline.core.workspace import Workspace
from pipeline.ledger.store import Ledger
from pipeline.runs.context_loader import ContextLoader

BY = {"by": "F. GARÇON"}
MARCH, APRIL, MAY, OCTOBER = dt.date(2025, 3, 24), dt.date(2025, 4, 2), dt.date(2025, 5, 20), dt.date(2025, 10, 1)
ASKED: dict[str, Any] = {
    "values": [
        {"field": "stage.calendrier", "how": "-=", "value": "2025-05-27"},
        {"field": "stage.calendrier", "how": "+=", "value": "2025-06-11=7"},
    ],
    "effect_on": "2025-05-21",
    "reason": "demande de la structure",
}


@dataclass
class Lived:
    """A site, the address of the dossier of the coordination mission, and a program that may do all."""

    site: Site
    dossier: str
    other: str
    paper: str
    asked: Program

    @property
    def home(self) -> str:
        """The address of the dossier."""
        return f"/dossiers/{self.dossier}"

    def life(self) -> dict[str, Any]:
        """Its life as it is told now."""
        found: dict[str, Any] = self.asked.get(f"{self.home}/life").json()
        return found

    def seen(self) -> dict[str, str]:
        """The header that says that its life was seen as it is."""
        return {"If-Match": self.asked.get(f"{self.home}/life").headers["etag"]}

    def post(self, what: str, body: dict[str, Any], **options: Any) -> Response:
        """A word by a named person, on what is so now."""
        headers = options.pop("headers", None) or self.seen()
        return self.asked.post(f"{self.home}/{what}", {**BY, **body}, headers=headers, **options)

    def events(self) -> list[str]:
        """The events of the journal of the dossier's form."""
        entries = self.site.ledger.entries.of_dossier(self.dossier)
        return [line.event for line in self.site.ledger.journal(entries[0].form.sha256)]

    def stranger(self, *rights: Right) -> Program:
        """A program of the other formation."""
        return program(self.site, *rights, formations=(people.CNAM,))


At = Callable[[dt.date], Lived]


@pytest.fixture(scope="session")
def begun(compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str, str]:
    """A workspace with a dossier of each formation whose packet is ready, and a paper of the first."""
    place = tmp_path_factory.mktemp("lives") / "travail"
    shutil.copytree(compiled, place)
    workspace = Workspace.at(place)
    with Ledger.open(workspace) as ledger:
        context = ContextLoader(workspace, ledger, lambda: people.TODAY).context()
        mine = life_kit.delivered(context).dossier.id
        other = life_kit.delivered(context, people.cnam(), people.CNAM).dossier.id
        paper = issued(context, mine, PaperKind.SHEET, "2025-03").id
    return place, mine, other, paper


@pytest.fixture
def at(begun: tuple[Path, str, str, str], tmp_path: Path) -> Iterator[At]:
    """Opens the application of such a workspace on a day."""
    place, mine, other, paper = begun
    with ExitStack() as open_sites:

        def opened(day: dt.date) -> Lived:
            here = tmp_path / day.isoformat()
            shutil.copytree(place, here, symlinks=True)
            site = open_sites.enter_context(site_of(Workspace.at(here), day=day))
            return Lived(site, mine, other, paper, program(site))

        yield opened
