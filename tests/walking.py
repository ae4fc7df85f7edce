"""Forms walked by tests as a command would: filled, taken in, or taken up again after a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import people
from forms_filler import fill_acroform

from pipeline.core.formation import load_formation
from pipeline.core.models import Form
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts
from pipeline.runs import once


def filled(context: Context, data: dict[str, Any], code: str = people.COORDINATION) -> bytes:
    """The fillable form of a formation with these values."""
    formation = load_formation(context.workspace, code)
    blank = plan_blank(context.dictionary, formation, formation.session("2024-2025"))
    return fill_acroform(draw_pdf(blank), blank, slot_texts(blank, data))


def sent(context: Context, name: str, data: dict[str, Any], code: str = people.COORDINATION) -> Report:
    """Such a form, dropped and walked."""
    path = context.workspace.inbox / name
    path.write_bytes(filled(context, data, code))
    (report,) = run([path], context)
    return report


def run(paths: Iterable[Path], context: Context) -> Iterator[Report]:
    """Take in and walk these files."""
    return once.run(paths, context)


def resume(form: Form, context: Context) -> Report:
    """Walk a form on, as a decision does."""
    context.ledger.take_up(form, context.today)
    return once.go_on(context.ledger.entries.get(form.sha256), context)
