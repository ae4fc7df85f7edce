"""What the scolarité sees on the terminal: tables in French, drawn by rich."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import assert_never

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.core.outcomes import Delivered, Failed, Outcome, ToComplete, Waiting
from pipeline.dossier.journey import Report
from pipeline.ledger.store import Entry
from pipeline.reports.account import STATES

_NARROWEST = 120


def console() -> Console:
    """The terminal, or a plain wide page when the output goes elsewhere."""
    plain = Console()
    width = None if plain.is_terminal else max(_NARROWEST, int(os.environ.get("COLUMNS", "0")))
    return Console(width=width, highlight=False)


def report_table(reports: Sequence[Report]) -> Table:
    """One line a form: its id, its file, whose it is, the result and what to know."""
    table = _table("Id", "Formulaire", "Stagiaire", "Résultat", "À savoir")
    for report in reports:
        state, style, detail = _outcome_cells(report.outcome)
        table.add_row(
            report.form.id or "—",
            _plain(report.form.name),
            _plain(report.stagiaire or "—"),
            Text(state, style),
            _plain("\n".join(part for part in (detail, report.note) if part)),
        )
    return table


def status_table(entries: Sequence[Entry]) -> Table:
    """One line for each form the ledger knows."""
    table = _table("Id", "Formulaire", "Stagiaire", "Reçu le", "État", "À savoir")
    for entry in entries:
        table.add_row(
            entry.form.id,
            _plain(entry.form.name),
            _plain(entry.stagiaire or "—"),
            f"{entry.form.received_on:%d/%m/%Y}",
            STATES[entry.state],
            _plain(entry.detail),
        )
    return table


def summary(reports: Sequence[Report]) -> str:
    """« 8 formulaires : 5 délivrés, 1 en attente, 2 à compléter »."""
    counts = {
        "délivré": sum(isinstance(report.outcome, Delivered) for report in reports),
        "en attente": sum(isinstance(report.outcome, Waiting) for report in reports),
        "à compléter": sum(isinstance(report.outcome, ToComplete) for report in reports),
        "en panne": sum(isinstance(report.outcome, Failed) for report in reports),
    }
    counts = {name: count for name, count in counts.items() if count}
    said = ", ".join(
        f"{count} {name}{'s' if name == 'délivré' and count > 1 else ''}" for name, count in counts.items()
    )
    return f"{len(reports)} formulaire{'s' if len(reports) > 1 else ''} : {said}" if reports else "Aucun formulaire."


def _outcome_cells(outcome: Outcome) -> tuple[str, str, str]:
    match outcome:
        case Delivered():
            note = " (déjà là)" if outcome.already else ""
            told = f"{outcome.pages} pages, {outcome.signatures} signatures, {_warnings(outcome.warnings)}{note}"
            return "délivré", "green", f"{told}\n{outcome.folder}"
        case Waiting(reasons=reasons):
            return "en attente", "yellow", " ".join(reasons)
        case ToComplete(folder=folder, problems=problems):
            number = len(problems)
            first = problems[0].message if problems else ""
            more = f" (et {number - 1} autre{'s' if number > 2 else ''})" if number > 1 else ""
            return "à compléter", "red", f"{first}{more}\n{folder}"
        case Failed(error=error):
            return "en panne", "bold red", error
    assert_never(outcome)


def _warnings(count: int) -> str:
    return f"{count} avertissement{'s' if count > 1 else ''}" if count else "aucun avertissement"


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in {"Id", "Résultat", "État", "Reçu le"})
    return table


def _plain(text: str) -> Text:
    return Text(text)
