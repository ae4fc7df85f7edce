"""Tables of the terminal, in French, drawn by rich; and the same facts as JSON for other programs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, assert_never

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.core.outcomes import Delivered, Failed, Outcome, ToComplete, Waiting
from pipeline.dossier import endings
from pipeline.ledger.entries import Entry
from pipeline.reports.account import STATES
from pipeline.services import dossier_cases
from pipeline.services.listing import Page

_NARROWEST = 132


def console() -> Console:
    """The terminal, or a plain wide page when the output goes elsewhere."""
    plain = Console()
    width = None if plain.is_terminal else max(_NARROWEST, int(os.environ.get("COLUMNS", "0")))
    return Console(width=width, highlight=False)


def report_table(reports: Sequence[endings.Report]) -> Table:
    """One line a form: its id, its file, whose it is, the result and what to know."""
    table = _table("Dossier", "Id", "Formulaire", "Stagiaire", "Résultat", "À savoir")
    for report in reports:
        state, style, detail = _outcome_cells(report.outcome)
        table.add_row(
            report.number or "—",
            report.form.id or "—",
            _plain(report.form.name),
            _plain(report.stagiaire or "—"),
            Text(state, style),
            _plain("\n".join(part for part in (detail, report.note) if part)),
        )
    return table


def status_table(entries: Sequence[Entry]) -> Table:
    """One line for each form the ledger knows."""
    table = _table("Dossier", "Id", "Formulaire", "Stagiaire", "Reçu le", "État", "À savoir")
    for entry in entries:
        table.add_row(
            entry.number or "—",
            entry.form.id,
            _plain(entry.form.name),
            _plain(entry.stagiaire or "—"),
            f"{entry.form.received_on:%d/%m/%Y}",
            STATES[entry.state],
            _plain(entry.detail),
        )
    return table


def page_summary(page: Page) -> str:
    """The line under a list that does not show everything: how many forms there are in each state; else nothing."""
    total = sum(page.counts.values())
    if total <= len(page.forms):
        return ""
    counts = ", ".join(f"{page.counts[state]} {word}" for state, word in STATES.items() if page.counts.get(state))
    return f"{len(page.forms)} sur {total} formulaires ({counts}) : liasse status --all les montre tous.\n"


def dossier_screen(view: dossier_cases.DossierView) -> Iterator[RenderableType]:
    """A dossier: its number and state, its forms, their packets, where its forms were before."""
    opened = f"ouvert le {view.dossier.opened_on:%d/%m/%Y}"
    yield Text(f"dossier {view.dossier.number} · {view.state.value} · {opened} · {view.dossier.id[:12]}", "bold")
    yield status_table(view.forms)
    for line in view.packets:
        taken = f", par {line.locked_by} le {line.locked_at[:10]}" if line.locked_at else ""
        yield Text(f"liasse {line.id[:8]} du {line.day} : {line.state.value}{taken}  outbox/{line.folder}")
    for move in view.moves:
        yield Text(f"{move.sha256[:8]} déplacé par {move.by} le {move.at[:10]} {move.reason}".rstrip())


def dossier_json(view: dossier_cases.DossierView) -> dict[str, Any]:
    """A dossier, for ``--json``."""
    return {
        "numero": view.dossier.number,
        "dossier": view.dossier.id,
        "etat": view.state.value,
        "ouvert_le": view.dossier.opened_on,
        "formulaires": [entry_json(entry) for entry in view.forms],
        "liasses": [{**asdict(line), "state": line.state.value} for line in view.packets],
        "deplacements": [asdict(move) for move in view.moves],
    }


def report_json(report: endings.Report) -> dict[str, Any]:
    """One form's end, for ``--json``."""
    facts = {
        name: str(value) if isinstance(value, Path) else value
        for name, value in vars(report.outcome).items()
        if name != "problems"
    }
    if isinstance(report.outcome, ToComplete):
        facts["problems"] = [problem.as_json() for problem in report.outcome.problems]
    return {
        "id": report.form.id,
        "numero": report.number or None,
        "formulaire": report.form.name,
        "formation": report.formation,
        "outcome": type(report.outcome).__name__.lower(),
        "note": report.note,
        **facts,
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """One form of the ledger, for ``--json``."""
    return {
        "id": entry.form.id,
        "numero": entry.number or None,
        "sha256": entry.form.sha256,
        "formulaire": entry.form.name,
        "recu_le": entry.form.received_on.isoformat(),
        "etat": entry.state.value,
        "formation": entry.formation,
        "stagiaire": entry.stagiaire,
        "detail": entry.detail,
        "dossier": str(entry.folder) if entry.folder else None,
        "paquet": entry.packet,
        "version": entry.version,
        "remplace": entry.replaces[:8] if entry.replaces else None,
    }


def summary(reports: Sequence[endings.Report]) -> str:
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
        table.add_column(column, overflow="fold", no_wrap=column in {"Dossier", "Id", "Résultat", "État", "Reçu le"})
    return table


def _plain(text: str) -> Text:
    return Text(text)
