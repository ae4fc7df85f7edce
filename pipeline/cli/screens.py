"""Tables of the terminal, in French, drawn by rich; and the same facts as JSON for other programs."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, assert_never

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from pipeline.cli.telling import held, released
from pipeline.core.french import counted, counted_all, written_day
from pipeline.core.models import packet_number
from pipeline.core.outcomes import Closed, Delivered, Divided, Drafted, Failed, Outcome, ToComplete, Waiting
from pipeline.core.text import visible, visible_line
from pipeline.dossier import endings
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import PacketState
from pipeline.maintenance.recovering import Item
from pipeline.reports.account import STATES
from pipeline.services import dossier_cases
from pipeline.services.listing import Page

_NARROWEST, _WIDE, _SPARE = 132, 100, frozenset({"Id", "Formulaire", "Fichier", "Reçu le", "Début"})
_WHOSE, _FILE, _NOBODY = "Stagiaire", frozenset({"Formulaire", "Fichier"}), "—"
_SHORT = frozenset({"Dossier", "Id", "Résultat", "État", "Reçu le", "Début"})
# What they are told is a list, one line each; the last two were told so before they were over.
_ASKED = frozenset({State.DRAFT, State.WAITING, State.TO_COMPLETE, State.SUPERSEDED, State.DISCARDED})
_PACKETS = {
    PacketState.INTENDED: "prévue",
    PacketState.DRAFT: "projet, à ne pas signer",
    PacketState.CURRENT: "à signer",
    PacketState.FETCHED: "retirée",
    PacketState.SIGNED: "signée",
    PacketState.SUPERSEDED: "remplacée",
    PacketState.SIGNED_SUPERSEDED: "signée, puis remplacée",
    PacketState.PURGED: "purgée",
}


class _Screen(Console):
    """A terminal on which nothing that is shown acts, wherever it came from: a name, a value, an error.

    Its lines end where French lets them.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """What is drawn, with « \ufffd » for controls, escapes and changes of direction."""
        if isinstance(renderable, str):
            renderable = self.render_str(renderable, highlight=False)
        if isinstance(renderable, Text):
            renderable = renderable.copy()
            renderable.plain = held(renderable.plain)
        for part in super().render(renderable, options):
            yield part if part.control else Segment(visible(released(part.text)), part.style)


def console() -> Console:
    """The terminal, or a plain wide page when the output goes elsewhere."""
    plain = Console()
    width = None if plain.is_terminal else max(_NARROWEST, int(os.environ.get("COLUMNS", "0")))
    return _Screen(width=width, highlight=False)


def report_table(reports: Sequence[endings.Report]) -> Table:
    """One line a form: its id, its file, whose it is, the result and what to know."""
    rows = map(_report_row, reports)
    return listed_table(rows, "Dossier", "Id", "Formulaire", "Stagiaire", "Résultat", "À savoir")


def status_table(page: Page) -> Table:
    """One line for each form of a page: where it has got, when its internship begins, what to know."""
    rows = (
        (
            entry.number or "—",
            entry.form.id,
            Text(visible_line(entry.form.name)),
            Text(entry.stagiaire or "—"),
            f"{entry.form.received_on:%d/%m/%Y}",
            short_day(page.outlines[entry.form.sha256].start) if entry.form.sha256 in page.outlines else "—",
            page.signing.get(entry.form.sha256) or STATES[entry.state],
            Text(first(entry.detail.splitlines() if entry.state in _ASKED else [entry.detail])),
        )
        for entry in page.forms
    )
    return listed_table(rows, "Dossier", "Id", "Formulaire", "Stagiaire", "Reçu le", "Début", "État", "À savoir")


def short_day(day: dt.date | None) -> str:
    """« 07/04/2025 », or a dash."""
    return f"{day:%d/%m/%Y}" if day else "—"


def page_summary(page: Page) -> str:
    """The lines under a list that does not show everything: how many there are, and the other pages; else nothing."""
    total = sum(page.counts.values())
    if total <= len(page.forms):
        return ""
    counts = ", ".join(f"{word} : {page.counts[state]}" for state, word in STATES.items() if page.counts.get(state))
    told = f"{counted(len(page.forms), 'formulaire')} sur {total} ({counts})"
    if page.found != total:
        told = f"{counted(page.found, 'formulaire')} sur {total}"
    others = (
        f" : page {page.number} sur {page.pages}, --page N pour une autre, --all pour tout" if page.pages > 1 else ""
    )
    return f"{told}{others}."


def dossier_screen(view: dossier_cases.DossierView) -> Iterator[RenderableType]:
    """A dossier: its state, its forms, their packets, then what was moved."""
    yield Text(
        f"dossier {view.dossier.number} · {view.state.value} · ouvert le {view.dossier.opened_on:%d/%m/%Y}", "bold"
    )
    yield status_table(Page(view.forms, {}, {}, view.outlines, len(view.forms)))
    for line in view.packets:
        taken = f", par {line.locked_by} le {written_day(line.locked_at)}" if line.locked_at else ""
        holed = ", émise incomplète" if line.incomplete else ""
        said = f"{_PACKETS[line.state]}{taken}{holed}"
        yield Text(f"liasse {packet_number(line.id)} du {written_day(line.day)} : {said}  outbox/{line.folder}")
    for move in view.moves:
        left, joined = (view.numbers[one] for one in (move.left, move.joined))
        reason = f" : {move.reason}" if move.reason else ""
        yield Text(f"{move.sha256[:8]} déplacé : {left} → {joined}, par {move.by} le {written_day(move.at)}{reason}")


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
        name: [one.as_json() for one in value]
        if name == "problems"
        else str(value)
        if isinstance(value, Path)
        else value
        for name, value in vars(report.outcome).items()
    }
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
    order = ("délivré", "projet", "en attente", "à compléter", "versé", "séparé", "écarté", "remplacé", "en panne")
    said = counted_all(Counter(_outcome_cells(report.outcome)[0] for report in reports), order)
    return f"{counted(len(reports), 'formulaire')} : {said}" if reports else "Aucun formulaire."


def _outcome_cells(outcome: Outcome) -> tuple[str, str, str]:  # noqa: PLR0911 -- one line for each outcome
    match outcome:
        case Delivered():
            note = " (déjà là)" if outcome.already else ""
            return "délivré", "green", f"{outcome.told}{note}"
        case Drafted(missing=missing):
            return "projet", "magenta", first(missing)
        case Waiting(reasons=reasons):
            return "en attente", "yellow", first(reasons)
        case ToComplete(problems=problems):
            return "à compléter", "red", first([problem.message for problem in problems])
        case Divided(parts=parts):
            return "séparé", "cyan", f"{len(parts)} formulaires dans ce fichier"
        case Closed(how=how, told=told):
            return how, "dim", told
        case Failed(error=error):
            return "en panne", "bold red", error
    assert_never(outcome)


def first(told: Sequence[str]) -> str:
    """The first of what is told, and how many others there are."""
    more = f" (et {len(told) - 1} autre{'s' if len(told) > 2 else ''})" if told[1:] else ""
    return f"{told[0]}{more}" if told else ""


def _report_row(report: endings.Report) -> Sequence[str | Text]:
    state, style, detail = _outcome_cells(report.outcome)
    place = ""  # cut in pieces, nobody could copy it: « fetch » and « status --todo » say it
    if isinstance(report.outcome, Delivered | Drafted | ToComplete) and console().width >= _WIDE:
        place = str(report.outcome.folder)
    return (
        report.number or "—",
        report.form.id or "—",
        Text(visible_line(report.form.name)),
        Text(report.stagiaire or "—"),
        Text(state, style),
        Text("\n".join(part for part in (detail, place, report.note) if part)),
    )


def listed_table(rows: Iterable[Sequence[str | Text]], *columns: str) -> Table:
    """A list; on a narrow terminal only the columns that say whose form it is, where it has got, and why.

    There a form of nobody known bears the name of its file.
    """
    narrow = console().width < _WIDE
    kept = [at for at, column in enumerate(columns) if not (narrow and column in _SPARE)]
    whose = columns.index(_WHOSE)
    file = next(at for at, column in enumerate(columns) if column in _FILE)
    listed = new_table(*(columns[at] for at in kept))
    for row in rows:
        nobody = narrow and str(row[whose]) == _NOBODY
        listed.add_row(*(row[file if nobody and at == whose else at] for at in kept))
    return listed


def recovered_table(found: Iterable[Item]) -> Table:
    """One line for each thing that ``liasse recover`` took up, or could not."""
    table = new_table("Quoi", "D’où", "Devenu", "Remarque")
    for one in found:
        table.add_row(one.what, one.source, one.became.value, Text(one.said))
    return table


def say(parts: Iterable[RenderableType]) -> None:
    """Show each; a line that must stay whole, a command to copy, goes on beyond the edge and is not cut."""
    screen = console()
    for part in parts:
        screen.print(part, crop=False, soft_wrap=isinstance(part, Text) and bool(part.no_wrap))


def command_line(command: str) -> Text:
    """A command to copy, on a line of its own."""
    return whole_line(f"    {command}", "bold")


def whole_line(text: str, style: str = "") -> Text:
    """What is copied as it stands, a path or a command: it is not cut into lines."""
    return Text(text, style, no_wrap=True, overflow="ignore")


def new_table(*columns: str) -> Table:
    """A table without lines; what is short stays on one line."""
    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        drawn.add_column(column, overflow="fold", no_wrap=column in _SHORT)
    return drawn
