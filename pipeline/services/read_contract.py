"""Contract of ``liasse read --json``: what the reader stands behind, each field and problem; nothing is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.decisions import Decisions
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.law import Law
from pipeline.core.models import Form, Problem, Reading
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.refusals import rejected
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import check, programme_for, without_formation
from pipeline.dossier.paper_filing import held_alone
from pipeline.reading.reader import read


def read_file(file: Path, workspace: Workspace, today: dt.date) -> dict[str, Any]:
    """The contract of ``liasse read --json``: what the reader stands behind, every field, every problem."""
    form = Form(hashlib.sha256(file.read_bytes()).hexdigest(), file, file.name, today)
    dictionary = Dictionary.load(workspace)
    try:
        reading = read(form, open_forms(workspace, dictionary))
    except FormRejected as rejection:
        return _contract(form, None, (rejected(rejection.reason, rejection.message),))
    unplaced = without_formation(reading, workspace)
    if unplaced:
        return _contract(form, reading, (unplaced,))
    if reading.paper is not PaperForm.FORMULAIRE:
        return _contract(form, reading, held_alone(reading, Decisions(), dictionary, form.id).problems)
    programme = programme_for(reading, workspace, dictionary, Law.load(workspace))
    checked = check(reading, programme, Decisions(), received_on=today, today=today)
    return _contract(form, reading, tuple(problem for one in checked.verdicts for problem in one.problems))


def _contract(form: Form, reading: Reading | None, problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "form": {
            "sha256": form.sha256,
            "kind": reading.kind.value if reading else None,
            "layout": reading.layout if reading else None,
        },
        "formation": reading.formation if reading else None,
        "record": reading.values if reading else {},
        "fields": [entry.as_json() for entry in reading.fields] + [one.as_json() for one in reading.remarks]
        if reading
        else [],
        "problems": [problem.as_json() for problem in problems],
    }
