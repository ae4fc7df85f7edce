"""A paper of a dossier's life is issued once, whatever happens between the ledger and the outbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from life_kit import attestation, delivered

from pipeline.core.errors import ChangedMeanwhile
from pipeline.core.life import FactKind, Paper, PaperState, Told
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import life_of
from pipeline.dossier.life.issuing import REPLACED, issue

pytestmark = pytest.mark.sampled(2)

HERE = Path(__file__).parent
_ISSUE = """
import datetime as dt, sys
from life_kit import attestation
from pathlib import Path
from pipeline.core.workspace import Workspace
from pipeline.dossier.life.holding import life_of
from pipeline.dossier.life.issuing import issue
from pipeline.runs.context_loader import open_context

with open_context(Workspace.at(Path(sys.argv[1])), dt.date(2025, 7, 4)) as context:
    issue(context, life_of(context, sys.argv[2]), attestation("140"))
"""


def test_the_same_is_issued_once(context: Context) -> None:
    """Asked again it is the same paper; with other figures a new version, and the one before says so."""
    life = delivered(context)

    first = issue(context, life, attestation("140"))
    again = issue(context, life_of(context, life.dossier.id), attestation("140"))
    other = issue(context, life_of(context, life.dossier.id), attestation("133"))

    assert (again.already, again.paper) == (True, first.paper)
    assert (other.paper.version, other.paper.replaces) == (2, first.paper.id)
    assert [one.state for one in context.ledger.life.papers(life.dossier.id)] == [
        PaperState.SUPERSEDED,
        PaperState.CURRENT,
    ]
    assert (first.place / REPLACED).is_file()
    assert not (other.place / REPLACED).exists()
    told = json.loads((other.place / "manifest.json").read_bytes())
    assert (told["papier"], told["remplace"]) == ("attestation-de-stage", first.paper.id)


def test_back_to_the_figures_before_is_a_version_too(context: Context) -> None:
    """What was replaced does not count again by itself: the third paper says what the first did."""
    life = delivered(context)
    for hours in ("140", "133", "140"):
        issue(context, life_of(context, life.dossier.id), attestation(hours))

    assert [one.version for one in context.ledger.life.papers(life.dossier.id)] == [1, 2, 3]


def test_whoever_looked_before_a_fact_was_told_issues_nothing(context: Context) -> None:
    """A paper rests on what its author saw."""
    life = delivered(context)
    told = [Told(FactKind.MID_TERM, "", {"comment": "au téléphone"})]
    assert context.ledger.life.tell(life.dossier.id, told, by="F. GARÇON", day=context.today, seen=0)

    with pytest.raises(ChangedMeanwhile):
        issue(context, life, attestation("140"))

    assert context.ledger.life.papers(life.dossier.id) == ()
    assert not context.ledger.life.tell(life.dossier.id, told, by="F. GARÇON", day=context.today, seen=0)


def test_two_at_once_leave_one_paper(context: Context) -> None:
    """While one is made another is issued on a newer fact: the first comes to nothing, with its folder and mails."""
    life = delivered(context)

    def meanwhile(paper: Paper) -> Mapping[str, bytes]:
        told = [Told(FactKind.MID_TERM, "", {"comment": "au téléphone"})]
        assert context.ledger.life.tell(life.dossier.id, told, by="F. GARÇON", day=context.today, seen=0)
        issue(context, life_of(context, life.dossier.id), attestation("133"))
        return {f"{paper.name}.eml": b"To: formation@example.org"}

    with pytest.raises(ChangedMeanwhile):
        issue(context, life, replace(attestation("140"), drafts=meanwhile))

    (paper,) = context.ledger.life.papers(life.dossier.id)
    assert (paper.version, paper.body["heures"]) == (1, "133")
    places = {one.name for one in (context.workspace.outbox / paper.folder).parent.iterdir()}
    assert len(places) == 2  # the packet and the paper
    assert not list(context.workspace.mail.glob("*.eml"))


def test_what_was_intended_and_says_something_else_is_cancelled(context: Context) -> None:
    """Killed before it was published, then corrected: the version is taken by what counts."""
    life = delivered(context)
    wanted = issue(context, life, attestation("140")).paper
    lost = replace(wanted, key="2025-04", folder=Path("coordination-essms/2024-2025/X"))
    intended = context.ledger.life.intend(replace(lost, body={"basis": "one"}), seen=0)
    corrected = context.ledger.life.intend(replace(lost, body={"basis": "other"}), seen=0)

    assert intended is not None
    assert corrected is not None
    assert (intended.version, corrected.version) == (1, 1)
    assert context.ledger.life.intended() == (corrected,)


@pytest.mark.parametrize(
    "point", ["paper-intended", "paper-published", pytest.param("paper-settled", marks=pytest.mark.long)]
)
def test_killed_anywhere_it_is_there_once(context: Context, point: str) -> None:
    """Killed at each named point of an issue, then asked again: one version, one folder, whole."""
    life = delivered(context)
    root, dossier = str(context.workspace.root), life.dossier.id
    script = [sys.executable, "-c", _ISSUE, root, dossier]
    told = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    died = subprocess.run(script, env={**told, "LIASSE_DIE_AT": f"{point}:1"}, check=False)
    subprocess.run(script, env=told, check=True)

    assert died.returncode == -signal.SIGKILL
    (paper,) = context.ledger.life.papers(dossier)
    assert (paper.version, paper.state) == (1, PaperState.CURRENT)
    place = context.workspace.outbox / paper.folder
    told_files = json.loads((place / "manifest.json").read_bytes())["fichiers"]
    assert {one["nom"] for one in told_files} | {"manifest.json"} == {one.name for one in place.iterdir()}
    assert len(list(place.parent.iterdir())) == 2  # the packet and the paper
