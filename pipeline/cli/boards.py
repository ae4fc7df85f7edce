"""Tables for those who teach and measure: layouts, what a copy reads as, and the scoreboard of an evaluation."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.cli.screens import new_table
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.reports.scoreboard import Score
from pipeline.services.form_view import HIDDEN, proposed_lines
from pipeline.teaching import Listed, Tried


def layout_table(layouts: Sequence[Listed]) -> Table:
    """One line for each layout the workspace knows."""
    table = new_table("Formulaire", "Titre", "Formations", "Version", "État", "Lu en", "Champs")
    for one in layouts:
        formations = ", ".join(one.layout.formations) or "à dire"
        state = Text("en service" if one.in_use else "brouillon", "green" if one.in_use else "yellow")
        table.add_row(
            one.layout.id,
            Text(one.layout.title),
            formations,
            one.layout.version,
            state,
            ", ".join(one.channels),
            str(one.fields),
        )
    return table


def trial(tried: Tried, dictionary: Dictionary) -> Iterator[RenderableType]:
    """One copy: the layout recognised, each value with its doubt, and where its pages were drawn."""
    reading = tried.reading
    if reading is None:
        yield Text.assemble((tried.path.name, "bold"), f"  {tried.refusal}")
        return
    known = reading.layout or "formulaire inconnu : tout est à vérifier"
    doubts = sum(not entry.combined for entry in reading.doubts)
    yield Text.assemble((tried.path.name, "bold"), f"  {known} · {doubts} doute(s) · {tried.seconds:.1f} s")
    table = new_table("Champ", "Valeur", "À vérifier")
    for entry in reading.fields:
        if entry.value is not None or entry.doubt:
            secret = dictionary.kind(entry.path) is FieldKind.NIR
            shown = HIDDEN if secret else " ; ".join(proposed_lines(entry, dictionary))
            table.add_row(entry.path, Text(shown), Text(str(entry.doubt or ""), "yellow"))
    yield table
    for picture in tried.pictures:
        yield Text(f"image : {picture}")


def score_table(scores: Sequence[Score]) -> Table:
    """One line for each layout and channel of an evaluation; rates in %, the bound at 95 %."""
    columns = (
        "Forms",
        "Fields",
        "Recall",
        "Wrong",
        "≤ 95 %",
        "Typed",
        "Doubts",
        "Lost",
        "Refused",
        "Straight",
        "s/form",
    )
    table = new_table("Layout", "Channel")
    for column in columns:
        table.add_column(column, justify="right")
    for score in scores:
        wrong = len(score.wrong)
        table.add_row(
            score.layout,
            score.channel,
            str(score.forms),
            str(score.present),
            _percent(score.recall),
            Text(f"{wrong} ({_percent(score.rate)})", "red" if wrong else ""),
            _percent(score.bound),
            Text(str(score.wrong_typed), "bold red" if score.wrong_typed else ""),
            str(score.doubts),
            str(score.lost),
            str(score.refused),
            str(score.straight),
            f"{statistics.median(score.seconds):.2f}",
        )
    return table


def _percent(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.1%}"
