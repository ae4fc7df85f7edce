"""A dossier's life, looked at: where it stands, its papers and their files, its archive; and what is due."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Path, Query
from starlette.background import BackgroundTask
from starlette.responses import Response

from pipeline.core.life import Paper
from pipeline.core.visitors import Right
from pipeline.services import due_list
from pipeline.services.archiving import archive_dossier
from pipeline.services.life_account import account_of
from pipeline.services.paper_files import file_of_paper, find_paper
from pipeline.services.permissions import Reached
from pipeline.web.api import life_answers
from pipeline.web.api import life_shapes as shapes
from pipeline.web.api.api_doors import BY_TONGUE, Doors, file_answer, ill_told, told
from pipeline.web.api.dossier_answers import file_name
from pipeline.web.api.dossier_routes import Word
from pipeline.web.api.life_ask_shapes import Day
from pipeline.web.api.packet_routes import BINARIES, TAKEN, ZIPPED
from pipeline.web.visits import Fetching, Seeing, Visit

doors = Doors("life")
PaperId = Annotated[str, Path(alias="paper", pattern="^[0-9a-f]{16}$", examples=["0a1b2c3d4e5f6071"])]


@doors.show("/dossiers/{id}/life", shapes.Life, Right.SEE, "not-allowed-now")
def get_life(visit: Seeing, word: Word) -> Response:
    """What is to be signed, what was issued and changed, presence by month, what is missing for its closing, alarms.

    409 before its packet can be signed. Its ETag is what is told and decided of it rests on (If-Match).
    """
    reached = visit.reach(Right.SEE, word)
    return told(visit.request, life_answers.life(account_of(visit.context, reached.id)))


@doors.show("/dossiers/{id}/papers/{paper}", shapes.PaperWhole)
def get_paper(visit: Seeing, word: Word, identity: PaperId) -> Response:
    """A paper of its life with its files: an avenant, an attestation; versions that were replaced too."""
    reached = visit.reach(Right.SEE, word)
    found = find_paper(visit.ledger, reached.id, identity)
    return told(visit.request, life_answers.paper(found, visit.context.workspace))


@doors.show(
    "/dossiers/{id}/papers/{paper}/files/{name:path}",
    None,
    Right.FETCH,
    "range-not-satisfiable",
    responses=BINARIES,
    response_class=Response,
)
def get_paper_file(
    visit: Fetching,
    word: Word,
    identity: PaperId,
    name: Annotated[str, Path(max_length=200, examples=["avenant-1.pdf"])],
) -> Response:
    """A file of a paper by its name, PDF or Word. ETag: its SHA-256; ranges are answered. Who took it is noted."""
    reached = visit.reach(Right.FETCH, word)
    paper = find_paper(visit.ledger, reached.id, identity)
    file = file_of_paper(paper, visit.context.workspace, name)
    _note(visit, reached, paper)
    return file_answer(visit.request, file.place, file.media, file_name(name))


@doors.show(
    "/dossiers/{id}/archive",
    None,
    Right.FETCH,
    "range-not-satisfiable",
    "not-allowed-now",
    responses=ZIPPED,
    response_class=Response,
)
def get_archive(visit: Fetching, word: Word) -> Response:
    """All of a dossier as one ZIP that stands by itself, with hashes. The same content is the same ZIP."""
    reached = visit.reach(Right.FETCH, word)
    _note(visit, reached)  # before: the journal is in it
    place = FilePath(tempfile.mkdtemp(prefix="liasse-archive-"))
    begins = visit.request.method == "GET" and "range" not in visit.request.headers
    try:
        made = archive_dossier(visit.context, reached.id, place, note=begins)
    except BaseException:
        _remove(place)
        raise
    return file_answer(
        visit.request, made.path, "application/zip", made.path.name, after=BackgroundTask(_remove, place)
    )


@doors.show("/due", shapes.DueList)
def get_due(
    visit: Seeing,
    day: Annotated[Day | None, Query(alias="on", description="As of that day; today without.")] = None,
    formation: Annotated[str, Query(max_length=100, description="Only of that formation.")] = "",
) -> Response:
    """What is to be done for the dossiers that you reach: attestations, bilans, signatures, avenants, closings."""
    when: dt.date = day or visit.context.today
    found = due_list.due_within(visit.context, visit.visitor, when, formation)
    body = shapes.DueList(
        day=when.isoformat(),
        summary=due_list.summary(found.lines),
        due=[life_answers.due_line(one) for one in found.lines],
        problems=ill_told(visit.request, found.ill),
    )
    return told(visit.request, body, headers=BY_TONGUE)


def _note(visit: Visit, reached: Reached, paper: Paper | None = None) -> None:
    if visit.request.method == "GET":
        what = f"{paper.name} {paper.id[:12]}" if paper else "archive"
        visit.ledger.looks.note(reached.entry.form.sha256, visit.visitor.actor, TAKEN, what)


def _remove(place: FilePath) -> None:
    shutil.rmtree(place, ignore_errors=True)
