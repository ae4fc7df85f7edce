"""Killed while an avenant is accepted, then asked again: one word, one avenant, whole; the attestation again once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import people
import pytest
from amend_kit import BY, REFERENT, WHY, at, begun, day, files, papers_of

from pipeline.core.done_days import Mark, body_of
from pipeline.core.life import FactKind, PaperKind, Told
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.life.issuing import REPLACED, issue
from pipeline.dossier.life.makers import MAKERS
from pipeline.services.amends import ask_change

# Where it dies: the word, the avenant, then the attestation that is issued again.
POINTS = (
    "told:1",
    *(f"paper-{step}:{paper}" for paper in (1, 2) for step in ("intended", "published", "settled")),
)
ROUNDS = 100
_SHORT = (2, 5)  # the avenant is published; the attestation that is issued again is


def prepared(context: Context) -> Life:
    """April attested; a change of April asked, which makes it untrue."""
    life, desk = begun(context), at(context, day(5, 20))
    assert life.days is not None
    told = [
        Told(FactKind.PRESENCE, one.isoformat(), body_of(Mark.PRESENT, Mark.PRESENT, hours, as_planned=True))
        for one, hours in life.days.hours.items()
        if one < desk.today
    ]
    assert context.ledger.life.tell(life.dossier.id, told, by=BY, day=desk.today, seen=0)
    life = life_of(context, life.dossier.id)
    order = MAKERS[PaperKind.PRESENCE](desk, life, "2025-04")
    assert order is not None
    issue(desk, life, order)
    words = ("stage.calendrier-=2025-04-29", "stage.calendrier+=2025-06-11=7")
    said = {"effect_on": day(4, 29), "reason": WHY, "by": BY, "motive_code": "correction"}
    ask_change(desk, life.dossier.number, words, **said)
    return life


def accept(context: Context, life: Life, die: str = "") -> int:
    """``liasse amend DOSSIER --accept 1``, killed at a point where one is named; its exit code."""
    root = str(context.workspace.root)
    command = [sys.executable, "-m", "pipeline", "amend", life.dossier.number, "--accept", "1"]
    command += ["--by", REFERENT[people.COORDINATION], "--workspace", root, "--today", "2025-05-20"]
    told = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LIASSE_DIE_AT": die}
    return subprocess.run(command, env=told, check=False, capture_output=True).returncode


def require_once(context: Context, life: Life) -> None:
    """One word, one avenant, the attestation in its second version; their folders whole, and no other."""
    now = life_of(context, life.dossier.id)
    assert len([one for one in now.facts.told if one.kind is FactKind.JUDGED]) == 1
    assert papers_of(context, life) == [
        ("attestation-de-presence-2025-04", 1, "remplacee"),
        ("avenant-1", 1, "en-cours"),
        ("attestation-de-presence-2025-04", 2, "en-cours"),
    ]
    for paper in now.papers:
        place = context.workspace.outbox / paper.folder
        listed = {one["nom"] for one in json.loads((place / "manifest.json").read_bytes())["fichiers"]}
        assert files(place) - {REPLACED} == listed | {"manifest.json"}
    folders = {paper.folder.name for paper in now.papers} | {now.packet.folder.name}
    assert files((context.workspace.outbox / now.packet.folder).parent) == folders


@pytest.mark.parametrize(
    "number", [pytest.param(one, marks=[pytest.mark.long] * (one not in _SHORT)) for one in range(ROUNDS)]
)
def test_killed_anywhere_the_avenant_is_there_once(context: Context, number: int) -> None:
    """Killed at each named point of its acceptance in turn, a hundred times in all, then accepted again."""
    life = prepared(context)

    died = accept(context, life, POINTS[number % len(POINTS)])
    done = accept(context, life)

    assert (died, done) == (-signal.SIGKILL, 0)
    require_once(context, life)
