"""What tests share: the real workspace, the real schemas and templates, and records of invented people."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import people
import pytest
from hypothesis import settings

from pipeline.blanks.edition_store import keep_papers
from pipeline.blanks.layout_cache import open_forms
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.law import Law
from pipeline.core.models import Kind, Reading, Record
from pipeline.core.programme import Programme
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.store import Ledger
from pipeline.reading.known_forms import KnownForms
from pipeline.storage.turns import sole

ROOT = Path(__file__).parent.parent
settings.register_profile("any machine", deadline=None)  # an elapsed time is no verdict
settings.load_profile("any machine")
# Every workspace of the tests is that of the invented school, unless a test takes this away.
os.environ[SCHOOL] = str(ROOT / "tests" / "samples" / "etablissement")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the cases of a test that is « sampled », one in that many is short; ``make long`` runs the others.

    Each time the next place of its group: else one of two formations, say, would never be among them.
    """
    seen: Counter[str] = Counter()
    for item in items:
        mark = item.get_closest_marker("sampled")
        if mark and "[" in item.nodeid and not item.get_closest_marker("long"):
            test = item.nodeid.partition("[")[0]
            group, place = divmod(seen[test], mark.args[0])
            if place != group % mark.args[0]:
                item.add_marker(pytest.mark.long)
            seen[test] += 1


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    """The workspace of the repository: the formations that schools really get."""
    return Workspace.at(ROOT)


@pytest.fixture(scope="session")
def dictionary(workspace: Workspace) -> Dictionary:
    """The dictionary of fields."""
    return Dictionary.load(workspace)


@pytest.fixture(scope="session")
def law(workspace: Workspace) -> Law:
    """The figures of the law."""
    return Law.load(workspace)


@pytest.fixture
def own_workspace(tmp_path: Path) -> Workspace:
    """A workspace of one's own, with copies of the templates and schemas, an empty inbox and an empty outbox."""
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("inbox", "outbox"):
        (tmp_path / name).mkdir()
    return Workspace.at(tmp_path)


@pytest.fixture(scope="session")
def given_out(workspace: Workspace, dictionary: Dictionary, tmp_path_factory: pytest.TempPathFactory) -> KnownForms:
    """Every form that the workspace of the repository recognises, papers too, drawn once for all workers."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "donnes"
    place.mkdir(exist_ok=True)
    with sole(place):
        for name in ("templates", "schemas"):
            if not (place / name).exists():
                (place / name).symlink_to(workspace.root / name)
        shared = Workspace(place)
        shared.memory.mkdir(exist_ok=True)
        keep_papers(shared, dictionary)
        return open_forms(shared, dictionary)


@pytest.fixture
def context(own_workspace: Workspace, dictionary: Dictionary, law: Law, given_out: KnownForms) -> Iterator[Context]:
    """A desk in a workspace of one's own, on the day of the samples."""
    with Ledger.open(own_workspace) as ledger:
        yield Context(own_workspace, dictionary, law, ledger, people.TODAY, given_out)


@pytest.fixture(scope="session")
def programme(workspace: Workspace, dictionary: Dictionary, law: Law) -> Callable[[str], Programme]:
    """The house of a formation, in the session of the samples."""

    def open_programme(code: str) -> Programme:
        formation = load_formation(workspace, code)
        return Programme(dictionary, law, formation, formation.session("2024-2025"))

    return open_programme


@pytest.fixture(scope="session")
def checked() -> Callable[[str, dict[str, Any]], Record]:
    """A record as if it had passed the checks, for what comes after them."""

    def make(code: str, data: dict[str, Any]) -> Record:
        whole = {**data, "formation": {"code": code, "annee": "2024-2025"}}
        reading = Reading("ab" * 32, Kind.ACROFORM, f"{code}/2024-2025", code, "2024-2025", ())
        return Record(whole, (), reading)

    return make
