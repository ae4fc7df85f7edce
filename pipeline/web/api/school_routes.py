"""What the school has: formations with their blank forms, the bilan of its cohort; and the version that answers."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import Annotated, Literal

from fastapi import Path, Query
from starlette.background import BackgroundTask
from starlette.responses import Response

from pipeline import __version__
from pipeline.core.errors import FormationIll, HouseError, NotFound
from pipeline.core.formation import Formation, formation_codes, load_formation
from pipeline.core.visitors import Right
from pipeline.services.blank_forms import write_blanks
from pipeline.services.cohort_account import bilan_for, workbook_for
from pipeline.services.ill_formations import ill_formations
from pipeline.web.api import dossier_shapes
from pipeline.web.api.api_doors import BY_TONGUE, Doors, file_answer, ill_told, told
from pipeline.web.api.common_shapes import Health
from pipeline.web.visits import Entering, Fetching, Seeing

doors = Doors("school")
FormationCode = Annotated[str, Path(alias="code", pattern="^[a-z0-9-]{1,80}$", examples=["coordination-essms"])]
Which = Annotated[str, Query(max_length=100, description="Only of that formation.")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@doors.show("/health", Health, None)
def get_health(visit: Entering) -> Response:
    """The version that answers, whether it can work, and what you may do. Without a token: `/healthz`, `/readyz`."""
    try:
        visit.house.context()
        ready = True
    except HouseError:
        ready = False
    where = visit.visitor.formations
    body = Health(
        version=__version__,
        ready=ready,
        scopes=sorted(visit.visitor.rights),
        formations=None if where is None else sorted(where),
    )
    return told(visit.request, body)


@doors.show("/formations", dossier_shapes.Formations)
def get_formations(visit: Seeing) -> Response:
    """The formations that you reach, with their sessions."""
    found = []
    for code in formation_codes(visit.house.workspace):
        if visit.visitor.reaches({code}, visit.visitor.dossier):
            try:
                found.append(_formation(load_formation(visit.house.workspace, code)))
            except FormationIll:  # told beside the others
                continue
    problems = ill_told(visit.request, ill_formations(visit.house.workspace, visit.visitor))
    body = dossier_shapes.Formations(formations=found, problems=problems)
    return told(visit.request, body, headers=BY_TONGUE)


@doors.show(
    "/formations/{code}/blank.{kind}",
    None,
    Right.SEE,
    "invalid",
    responses={200: {"content": dict.fromkeys(_KINDS.values(), _BINARY)}},
    response_class=Response,
)
def get_blank(
    visit: Seeing,
    code: FormationCode,
    kind: Literal["pdf", "docx"],
    session: Annotated[str, Query(max_length=20, description="Of that year; the last one without.")] = "",
) -> Response:
    """The blank form that students fill, as PDF or as Word."""
    if code not in formation_codes(visit.house.workspace) or not visit.visitor.reaches({code}, visit.visitor.dossier):
        raise NotFound(f"Aucune formation « {code} ».")
    with tempfile.TemporaryDirectory() as folder:
        made = write_blanks(visit.house.workspace, code, session or None, FilePath(folder))
        place = next(one for one in made if one.suffix == f".{kind}")
        kept = _kept(place.read_bytes(), place.suffix)
    return file_answer(visit.request, kept, _KINDS[kind], place.name, after=BackgroundTask(_remove, kept))


@doors.show("/bilan", dossier_shapes.Bilan)
def get_bilan(visit: Seeing, formation: Which = "") -> Response:
    """Where the cohort is today: counts by state, what waits for whom, what only shows side by side."""
    bilan = bilan_for(visit.context, visit.visitor, formation)
    body = dossier_shapes.Bilan(
        day=bilan.day.isoformat(),
        by_state={state.value: count for state, count in bilan.by_state.items()},
        waiting=[
            dossier_shapes.Waiting(
                form=one.id,
                number=one.dossier,
                state=one.state.value,
                formation=one.formation,
                session=one.year,
                stagiaire=f"{one.name} {one.first_name}".strip(),
                organisme=one.host,
                starts=one.start.isoformat() if one.start else None,
                rules=list(one.rules),
                who=list(one.who),
                todo=one.todo,
            )
            for one in bilan.due
        ],
        notes=[
            dossier_shapes.CohortNote(
                form=one.id, rule=one.rule, title=one.title, severity=one.severity.value, message=one.message
            )
            for one in bilan.notes
        ],
        problems=ill_told(visit.request, ill_formations(visit.house.workspace, visit.visitor, formation)),
    )
    return told(visit.request, body, headers=BY_TONGUE)


@doors.show(
    "/bilan.xlsx", None, Right.FETCH, responses={200: {"content": {_SHEET: _BINARY}}}, response_class=Response
)
def get_workbook(visit: Fetching, formation: Which = "") -> Response:
    """The same as a workbook. Who took it is noted."""
    if visit.request.method == "GET":
        visit.ledger.looks.note_taken("", visit.visitor.actor, "bilan.xlsx")
    kept = _kept(workbook_for(visit.context, visit.visitor, formation), ".xlsx")
    return file_answer(visit.request, kept, _SHEET, "bilan.xlsx", after=BackgroundTask(_remove, kept))


def _formation(formation: Formation) -> dossier_shapes.Formation:
    return dossier_shapes.Formation(
        code=formation.code,
        title=formation.title,
        accord=formation.accord_required,
        sessions=[
            dossier_shapes.SessionOf(
                year=one.annee,
                starts=one.start.isoformat() if one.start else None,
                ends=one.end.isoformat() if one.end else None,
            )
            for one in formation.sessions
        ],
    )


def _kept(data: bytes, suffix: str) -> FilePath:
    with tempfile.NamedTemporaryFile(suffix=suffix, delete=False) as file:
        file.write(data)
    return FilePath(file.name)


def _remove(place: FilePath) -> None:
    place.unlink(missing_ok=True)
