"""A site of one's own for each test, from a workspace that was made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_kit import live, lived_site
from api_lives import at, begun
from web_kit import Site, populate, site_of

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.fields import Dictionary
from pipeline.core.workspace import Workspace

__all__ = ["at", "begun"]  # fixtures
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose forms were opened, with people who have accounts, and two dossiers."""
    place = tmp_path_factory.mktemp("compiled")
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, place / name)
    for name in ("inbox", "outbox"):
        (place / name).mkdir()
    workspace = Workspace.at(place)
    populate(workspace)
    open_forms(workspace, Dictionary.load(workspace))
    return place


@pytest.fixture
def web_workspace(compiled: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    shutil.copytree(compiled, tmp_path / "travail")
    return Workspace.at(tmp_path / "travail")


@pytest.fixture
def site(web_workspace: Workspace) -> Iterator[Site]:
    """The application of such a workspace, with people and two dossiers."""
    with site_of(web_workspace) as one:
        yield one


@pytest.fixture(scope="session")
def lived(compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace besides whose samples were walked: one waits, one is delivered, one is sent back."""
    place = tmp_path_factory.mktemp("lived") / "travail"
    shutil.copytree(compiled, place)
    live(Workspace.at(place))
    return place


@pytest.fixture
def busy(lived: Path, tmp_path: Path) -> Iterator[Site]:
    """The application of such a workspace."""
    with lived_site(lived, tmp_path / "vecu") as one:
        yield one
