"""Valid forms of invented people, one a public, on the bench; the workspace is the repository itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import people
import pytest
from checks_bench import Bench, coordination, licence, reading_of

from pipeline.core.fields import WEEKDAYS, Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.law import Law
from pipeline.core.models import put
from pipeline.core.workspace import Workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    """The workspace of the repository itself: its templates and schemas."""
    return Workspace.at(ROOT)


@pytest.fixture(scope="session")
def law(workspace: Workspace) -> Law:
    """The figures of the law."""
    return Law.load(workspace)


@pytest.fixture(scope="session")
def bench(workspace: Workspace, law: Law) -> Callable[..., Bench]:
    """Put answers on the bench: ``bench("coordination-essms", data, today)``."""
    dictionary = Dictionary.load(workspace)

    def put_on(code: str, data: Mapping[str, Any], today: dt.date, annee: str | None = None) -> Bench:
        formation = load_formation(workspace, code)
        session = formation.session(annee)
        return Bench(dictionary, formation, session, law, reading_of(data, formation, session), today, today)

    return put_on


@pytest.fixture
def coord(bench: Callable[..., Bench]) -> Bench:
    """A valid form of the coordination training, received and checked on 20 March 2025."""
    return bench("coordination-essms", coordination(), dt.date(2025, 3, 20))


@pytest.fixture
def cnam(bench: Callable[..., Bench]) -> Bench:
    """A valid form of the licence in formation continue, received and checked on 15 January 2026."""
    return bench("cnam-lp-insertion", licence(), dt.date(2026, 1, 15), "2025-2026")


@pytest.fixture
def student(bench: Callable[..., Bench]) -> Bench:
    """A valid form of the licence in formation initiale, 4,50 € an hour in 2026."""
    return bench("cnam-lp-insertion", licence("FI_ETUDIANT"), dt.date(2026, 1, 15), "2025-2026")


@pytest.fixture
def sample(bench: Callable[..., Bench]) -> Bench:
    """Sample 1: a student of the Cnam, eighty days from 7 April to 4 August 2025."""
    data = people.cnam(
        stage__jours_semaine=list(WEEKDAYS[:5]), stage__heures_jour=7
    )  # as the blank of before asked it
    del data["stage"]["semaine"]
    return bench("cnam-lp-insertion", data, people.TODAY, "2024-2025")


@pytest.fixture
def salaried(bench: Callable[..., Bench]) -> Bench:
    """Sample 4 in Strasbourg: twenty Tuesdays and Thursdays, one of them moved to the Vendredi saint."""
    lines = people.days(dt.date(2025, 4, 8), (2, 4), 20)
    lines = sorted([*lines[:-1], {"date": "2025-04-18", "heures": 7}], key=lambda line: str(line["date"]))
    last = str(lines[-1]["date"])
    data = people.coordination(
        organisme__lieu_stage__code_postal="67000", stage__calendrier=lines, stage__date_fin=last
    )
    return bench("coordination-essms", data, people.TODAY, "2024-2025")


@pytest.fixture
def jobless(coord: Bench) -> Bench:
    """The coordination form of a jobseeker: no employer."""
    data: dict[str, Any] = {}
    for entry in coord.reading.fields:
        if not entry.path.startswith("employeur."):
            put(data, entry.path, entry.value)
    put(data, "stagiaire.regime", "FPC_DEMANDEUR_EMPLOI")
    return replace(coord, reading=reading_of(data, coord.formation, coord.session))


@pytest.fixture
def copy_of(workspace: Workspace, tmp_path: Path) -> Callable[[str], Path]:
    """Copy one file of the workspace where a test may spoil it."""

    def copied(name: str) -> Path:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((workspace.root / name).read_bytes())
        return target

    return copied
