"""Forms walked by tests as a command would: taken in, or taken up again after a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.journey import Report
from pipeline.models import Form
from pipeline.runs import once
from pipeline.understanding import Desk


def run(paths: Iterable[Path], desk: Desk) -> Iterator[Report]:
    """Take in and walk these files."""
    return once.run(paths, desk)


def resume(form: Form, desk: Desk) -> Report:
    """Walk a form on, as a decision does."""
    desk.ledger.take_up(form, desk.today)
    return once.go_on(desk.ledger.entry(form.sha256), desk)
