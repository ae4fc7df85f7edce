"""Forms walked by tests as a command would: filled, taken in, or taken up again after a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import people
from forms_filler import fill_acroform

from pipeline.answers_text import slot_texts
from pipeline.blank import plan_blank
from pipeline.documents.blanks.blank_pdf import draw_pdf
from pipeline.formation import load_formation
from pipeline.journey import Report
from pipeline.models import Form
from pipeline.runs import once
from pipeline.understanding import Desk


def filled(desk: Desk, data: dict[str, Any]) -> bytes:
    """The fillable form of the coordination with these values."""
    formation = load_formation(desk.workspace, people.COORDINATION)
    blank = plan_blank(desk.dictionary, formation, formation.session("2024-2025"))
    return fill_acroform(draw_pdf(blank), blank, slot_texts(blank, data))


def sent(desk: Desk, name: str, data: dict[str, Any]) -> Report:
    """Such a form, dropped and walked."""
    path = desk.workspace.inbox / name
    path.write_bytes(filled(desk, data))
    (report,) = run([path], desk)
    return report


def run(paths: Iterable[Path], desk: Desk) -> Iterator[Report]:
    """Take in and walk these files."""
    return once.run(paths, desk)


def resume(form: Form, desk: Desk) -> Report:
    """Walk a form on, as a decision does."""
    desk.ledger.take_up(form, desk.today)
    return once.go_on(desk.ledger.entry(form.sha256), desk)
