"""Forms as JSON and as screens: what ``read``, ``status`` and ``show`` print."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.core.decisions import Decisions
from pipeline.core.errors import ConfigError, FormRejected
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.identity import differences
from pipeline.core.law import Law
from pipeline.core.models import (
    Form,
    Problem,
    Reading,
    Record,
    Refused,
    Severity,
    Verdict,
    rejected,
)
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context, check, open_programme, understand, without_formation
from pipeline.dossier.journey import Report
from pipeline.dossier.layout_cache import open_layouts
from pipeline.dossier.versions import history_of, hold
from pipeline.ledger.store import Entry
from pipeline.reading.crops import crop_doubts
from pipeline.reading.reader import read
from pipeline.services.confirmation import doubtful

_MARKS = {
    Severity.BLOCKING: ("bloquant", "red"),
    Severity.WARNING: ("attention", "yellow"),
    Severity.INFO: ("info", "cyan"),
}


def reading_json(file: Path, workspace: Workspace, today: dt.date) -> dict[str, Any]:
    """The contract of ``liasse read --json``: what the reader stands behind, every field, every problem."""
    data = file.read_bytes()
    form = Form(hashlib.sha256(data).hexdigest(), file, file.name, today)
    dictionary = Dictionary.load(workspace)
    try:
        reading = read(form, workspace=workspace, dictionary=dictionary, layouts=open_layouts(workspace, dictionary))
    except FormRejected as rejection:
        return {
            "form": {"sha256": form.sha256, "kind": None, "layout": None},
            "formation": None,
            "record": {},
            "fields": [],
            "problems": [rejected(rejection.reason, rejection.message).as_json()],
        }
    return {
        "form": {"sha256": form.sha256, "kind": reading.kind.value, "layout": reading.layout},
        "formation": reading.formation,
        "record": reading.values,
        "fields": [entry.as_json() for entry in reading.fields],
        "problems": [problem.as_json() for problem in _problems(reading, workspace, dictionary, today)],
    }


def _problems(reading: Reading, workspace: Workspace, dictionary: Dictionary, today: dt.date) -> Iterator[Problem]:
    unplaced = without_formation(reading, workspace)
    if unplaced:
        yield unplaced
        return
    programme = open_programme(reading, workspace, dictionary, Law.load(workspace))
    checked = check(reading, programme, Decisions(), received_on=today, today=today)
    for verdict in checked.verdicts:
        yield from verdict.problems


def report_json(report: Report) -> dict[str, Any]:
    """One form's end, for ``--json``."""
    outcome = report.outcome
    facts = {
        name: str(value) if isinstance(value, Path) else value
        for name, value in vars(outcome).items()
        if name != "problems"
    }
    if hasattr(outcome, "problems"):
        facts["problems"] = [problem.as_json() for problem in outcome.problems]
    return {
        "id": report.form.id,
        "formulaire": report.form.name,
        "formation": report.formation,
        "outcome": type(outcome).__name__.lower(),
        "note": report.note,
        **facts,
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """One form of the ledger, for ``--json``."""
    return {
        "id": entry.form.id,
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


def form_screens(entry: Entry, context: Context) -> Iterator[RenderableType]:
    """The parts of ``liasse show``: state, decisions, problems, doubts with their pictures, every value's place."""
    yield _head(entry)
    decisions = context.ledger.decisions(entry.form)
    yield from _decision_lines(decisions)
    try:
        reading = understand(entry.form, decisions, context)
    except FormRejected as rejection:
        yield Text(f"{rejection.reason} : {rejection.message}", "red")
        return
    unplaced = without_formation(reading, context.workspace)
    if unplaced:
        yield Text(unplaced.message, "yellow")
    else:
        checked = _checked(entry, reading, decisions, context)
        yield from _problem_lines(checked)
        yield from _version_lines(entry, checked, decisions, context)
    yield from _doubt_lines(entry, reading, context)
    yield _value_table(reading, context.dictionary)


def require_overridable(entry: Entry, rule: str, context: Context) -> None:
    """Raise ConfigError unless that rule blocks this form and its formation lets a person lift it."""
    decisions = context.ledger.decisions(entry.form)
    checked = _checked(entry, understand(entry.form, decisions, context), decisions, context)
    spoken = [problem for verdict in checked.verdicts if verdict.rule == rule for problem in verdict.problems]
    held = hold(history_of(entry, checked.data, context.ledger), decisions)
    spoken += [held] if held and held.rule == rule else []
    if not any(problem.severity is Severity.BLOCKING for problem in spoken):
        raise ConfigError(
            f"{rule} does not block {entry.form.id}: nothing to lift. 'liasse show {entry.form.id}' lists what does."
        )
    if not any(problem.overridable for problem in spoken):
        raise ConfigError(
            f"{rule} cannot be lifted: the law or the formation makes it firm. "
            "Send the form back, or set derogeable = true in formation.toml if the formation allows it."
        )


def _checked(entry: Entry, reading: Reading, decisions: Decisions, context: Context) -> Record | Refused:
    programme = open_programme(reading, context.workspace, context.dictionary, context.law)
    checked = check(reading, programme, decisions, received_on=entry.form.received_on, today=context.today)
    return context.roll.judge(checked, entry.form.sha256, decisions, ledger=context.ledger, law=context.law)


def _head(entry: Entry) -> Text:
    lines = [
        f"{entry.form.id} · {entry.form.name}",
        f"reçu le {entry.form.received_on:%d/%m/%Y} · {entry.state.value} · {entry.formation or 'sans formation'}",
    ]
    if entry.folder:
        lines.append(f"dossier : outbox/{entry.folder}")
    return Text("\n".join(lines))


def _decision_lines(decisions: Decisions) -> Iterator[Text]:
    if decisions.accord:
        accord = decisions.accord
        yield Text(f"accord pédagogique {accord['decision']}, {accord['par']}, le {accord['date']}")
    for lifted in decisions.overrides:
        yield Text(f"{lifted.rule} levée par {lifted.by} le {lifted.on:%d/%m/%Y} : {lifted.reason}")
    for settled in decisions.confirmations:
        change = (
            "•••"
            if settled.field.endswith(".nir")
            else f"{_quoted_value(settled.before)} → {_quoted_value(settled.after)}"
        )
        yield Text(f"{settled.field} confirmé par {settled.by} le {settled.on:%d/%m/%Y} : {change}")


def _quoted_value(value: Any) -> str:  # noqa: ANN401 -- JSON
    return "rien" if value is None else f"« {_short(value)} »"


def _doubt_lines(entry: Entry, reading: Reading, context: Context) -> Iterator[Text]:
    """Each doubt: the field to confirm, why, what each reader saw, and the picture of the place."""
    doubts = tuple(doubtful(reading))
    pictures = crop_doubts(entry.form, doubts, context.workspace)
    if doubts:
        many = "s" if len(doubts) > 1 else ""
        yield Text(
            f"{len(doubts)} doute{many} à lever : liasse confirm {entry.form.id} CHAMP=VALEUR --by NOM", "bold"
        )
    for doubt in doubts:
        secret = context.dictionary.fields[doubt.path].kind is FieldKind.NIR
        code, _, why = (doubt.doubt or "").partition(" : ")
        seen = (
            "•••" if secret else " | ".join(f"« {text.strip()} »" for text in doubt.raw.split(" ≠ ") if text.strip())
        )
        proposed = "" if doubt.value is None or secret else f", proposé : {_quoted_value(doubt.value)}"
        place = f" (page {doubt.page})" if doubt.page else ""
        picture = f"\n      image : {pictures[doubt.path]}" if doubt.path in pictures else ""
        head = f"{place}  {code} : {'à vérifier' if secret else why}\n"
        yield Text.assemble((f"  {doubt.path}", "yellow"), head, f"      lu : {seen or 'rien'}{proposed}", picture)


def _version_lines(
    entry: Entry, checked: Record | Refused, decisions: Decisions, context: Context
) -> Iterator[RenderableType]:
    """What a new version changes of the one before, field by field."""
    past = history_of(entry, checked.data, context.ledger)
    held = hold(past, decisions)
    if held:
        yield Text.assemble(("décision ", "yellow"), f" {held.rule}  {held.message}")
    before = context.ledger.readings.record(entry.replaces) if entry.replaces else past.last and past.last.data
    if not before:
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("Ce qui a changé", "Avant", "Après"):
        table.add_column(column, overflow="fold")
    for one in differences(before, checked.data, context.dictionary):
        secret = context.dictionary.fields[one.field].kind is FieldKind.NIR
        shown = ("•••", "•••") if secret else (_quoted_value(one.before), _quoted_value(one.after))
        table.add_row(Text(one.label), Text(shown[0]), Text(shown[1]))
    yield table


def _problem_lines(checked: Record | Refused) -> Iterator[Text]:
    for verdict in checked.verdicts:
        for problem in verdict.problems:
            word, style = _mark(verdict, problem.severity)
            yield Text.assemble((f"{word:<9}", style), f" {problem.rule}  {problem.message}")


def _mark(verdict: Verdict, severity: Severity) -> tuple[str, str]:
    return ("levé", "green") if verdict.lifted else _MARKS[severity]


def _value_table(reading: Reading, dictionary: Dictionary) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("Champ", "Valeur", "Lu", "Où", "Confiance"):
        table.add_column(column, overflow="fold")
    for entry in reading.fields:
        if entry.combined or (entry.value is None and entry.doubt is None):
            continue
        secret = dictionary.fields[entry.path].kind is FieldKind.NIR
        shown = "•••" if secret else entry.doubt or _short(entry.value)
        place = f"p. {entry.page}" if entry.page else entry.method
        table.add_row(
            Text(dictionary.label(entry.path)),
            Text(shown, "yellow" if entry.doubt else ""),
            Text("•••" if secret else entry.raw[:60]),
            place,
            f"{entry.confidence:.2f}",
        )
    return table


def _short(value: Any) -> str:  # noqa: ANN401 -- JSON
    if isinstance(value, list):
        return f"{len(value)} éléments"
    return {True: "oui", False: "non"}.get(value, str(value)) if isinstance(value, bool) else str(value)
