"""Terminal screen of one form: what ``liasse show`` prints, drawn by rich."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.cli.screens import command_line, new_table, whole_line
from pipeline.cli.todo_screen import inside, step_lines
from pipeline.core.decisions import Confirmation, Decisions
from pipeline.core.french import counted, written_day
from pipeline.core.identity import Difference
from pipeline.core.models import JSON, Severity
from pipeline.core.remarks import STRAY_RULE
from pipeline.core.text import visible_line
from pipeline.ledger.entries import Entry
from pipeline.reports.account import STATES, WHO
from pipeline.services.form_view import HIDDEN, DoubtView, FormView, ValueView

_MARKS = {
    Severity.BLOCKING: ("bloquant", "red"),
    Severity.DRAFT: ("projet", "magenta"),
    Severity.WARNING: ("attention", "yellow"),
    Severity.INFO: ("info", "cyan"),
}


def parts(view: FormView, *, evidence: bool = False) -> Iterator[RenderableType]:
    """State, what to do now, decisions, problems, what a new version changes, doubts with their pictures, values.

    ``evidence``: with each value what was read, where, and how sure the reader is.
    """
    yield _head(view.entry)
    if view.next_step:
        yield Text("À faire", "bold")
        yield from step_lines(view.next_step)
    for one in view.contacts:
        yield Text.assemble(("À joindre : ", "bold"), f"{WHO[one.who]}, {one}")
    yield from _decision_lines(view.decisions)
    if view.refusal:
        yield Text(view.refusal, "red")
        return
    if view.unplaced:
        yield Text(view.unplaced, "yellow")
    if view.marks and view.judged_on:
        yield Text(f"règles vérifiées au {view.judged_on:%d/%m/%Y}")
    if view.marks or view.held:
        yield _problem_table(view)
    if view.changes is not None:
        yield _change_table(view.changes)
    yield from _doubt_lines(view)
    yield _value_table(view.values, evidence=evidence)


def _head(entry: Entry) -> Text:
    place = f"\ndossier : outbox/{entry.folder}" if entry.folder else ""
    return Text(
        f"{entry.number} · {entry.form.id} · {visible_line(entry.form.name)}\n"
        f"reçu le {entry.form.received_on:%d/%m/%Y} · {STATES[entry.state]} · "
        f"{entry.formation or 'sans formation'}{place}"
    )


def _decision_lines(decisions: Decisions) -> Iterator[Text]:
    if decisions.accord:
        accord = decisions.accord
        yield Text(f"accord pédagogique {accord['decision']}, {accord['par']}, le {written_day(accord['date'])}")
    for lifted in decisions.overrides:
        yield Text(f"{lifted.rule} levée par {lifted.by} le {lifted.on:%d/%m/%Y} : {lifted.reason}")
    for file in decisions.joined:
        yield Text(f"{file.piece} jointe par {file.by} le {file.on:%d/%m/%Y} : {file.name} ({file.pages} p.)")
    yield from (_confirmed_line(settled) for settled in decisions.confirmations)


def _confirmed_line(settled: Confirmation) -> Text:
    change = f"{_quoted(settled.before)} → {_quoted(settled.after)}"
    return Text(f"{settled.field} confirmé par {settled.by} le {settled.on:%d/%m/%Y} : {change}")


def _problem_table(view: FormView) -> Table:
    """What the rules say, what stops the form first."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    if view.held:
        table.add_row(Text("décision", "yellow"), view.held.rule, Text(view.held.message))
    for mark in sorted(view.marks, key=lambda one: (one.lifted, list(_MARKS).index(one.problem.severity))):
        word, style = ("levé", "green") if mark.lifted else _MARKS[mark.problem.severity]
        table.add_row(Text(word, style), mark.problem.rule, Text(mark.problem.message))
    return table


def _change_table(changes: Sequence[Difference]) -> Table:
    table = new_table("Ce qui a changé", "Avant", "Après")
    for one in changes:
        table.add_row(Text(one.label), Text(_quoted(one.before)), Text(_quoted(one.after)))
    return table


def _doubt_lines(view: FormView) -> Iterator[RenderableType]:
    """Each doubt: the field to confirm, why, what each reader saw, where it is; then how to settle it."""
    form = view.entry.form.id
    if view.doubts:
        yield Text(f"{counted(len(view.doubts), 'doute')} à lever", "bold")
    for doubt in view.doubts:
        yield from _doubt_line(doubt)
    if view.doubts:
        yield inside("Donner la bonne valeur (un champ seul, sans « =VALEUR », reprend ce qui est proposé) :")
        fields = " ".join(
            f"{doubt.path}=VALEUR" for doubt in view.doubts
        )  # what is proposed may not be what is shown
        yield command_line(f"liasse confirm {form} {fields} --by NOM")
        if len(view.doubts) > 1 and all(doubt.proposed for doubt in view.doubts):
            yield inside("ou, si tout ce qui est proposé est juste :")
            yield command_line(f"liasse confirm {form} --as-read --by NOM")
        yield inside("ou sur une feuille à remplir :")
        yield command_line(f"liasse review {form}")
    if view.remarks:
        yield Text("Sur les pages, hors des cases, à lire une fois", "bold")
    for remark in view.remarks:
        yield from _doubt_line(remark)
    if view.remarks:
        yield command_line(f"liasse override {form} {STRAY_RULE} --by NOM --reason MOTIF")


def _doubt_line(doubt: DoubtView) -> Iterator[RenderableType]:
    place = f" (page {doubt.page})" if doubt.page else ""
    seen = HIDDEN if doubt.seen == (HIDDEN,) else " | ".join(f"« {text} »" for text in doubt.seen)
    proposed = "" if doubt.proposed is None else f", proposé : « {doubt.proposed} »"
    head = f"{place}  {doubt.code} : {doubt.why} ({WHO[doubt.who]})\n"
    yield inside(Text.assemble((doubt.path, "yellow"), head, f"lu : {seen or 'rien'}{proposed}"))
    if doubt.picture:
        yield whole_line(f"  image : {doubt.picture}")
    if doubt.file:
        yield inside("pièce reçue avec le formulaire, à part :")
        yield whole_line(f"  {doubt.file}")


def _value_table(values: Sequence[ValueView], *, evidence: bool) -> Table:
    table = new_table("Champ", "Valeur", *(("Lu", "Où", "Confiance") if evidence else ()))
    for one in values:
        shown = Text(one.doubt, "yellow") if one.doubt else Text("\n".join(one.lines))
        more = (Text(one.raw[:60]), one.place, f"{one.confidence:.2f}") if evidence else ()
        table.add_row(Text(one.label), shown, *more)
    return table


def _quoted(value: JSON) -> str:
    if value == HIDDEN:
        return HIDDEN
    return "rien" if value is None else f"« {value} »"
