"""What a batch tells of each file given: a table with counts that add up, or JSON lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click
from rich.text import Text

from pipeline.cli.screens import console, listed_table
from pipeline.core.french import counted
from pipeline.core.text import json_text
from pipeline.reports.account import STATES
from pipeline.runs.batch_files import GivenFile

_LEFT, _TWIN = "non pris", "en double"


def say_files(files: Sequence[GivenFile], *, as_json: bool) -> None:
    """Each file with its dossier, whose it is, its end and why; then how many ended how."""
    if as_json:
        for one in files:
            click.echo(json_text(_facts(one)))
    elif files:
        rows = [(*_whose(one), Text(_end(one)), Text(_why(one))) for one in files]
        console().print(listed_table(rows, "Fichier", "Dossier", "Id", "Stagiaire", "Résultat", "À savoir"))
        counts = Counter(map(_end, files))
        ends = [*STATES.values(), _TWIN, _LEFT]
        told = ", ".join(counted(counts[end], end) for end in ends if counts[end])
        click.echo(f"{counted(len(files), 'fichier')} : {told}")


def _whose(one: GivenFile) -> tuple[Text, str, str, Text]:
    entry = one.entry
    if entry is None:
        return Text(one.name), "—", "—", Text("—")
    return Text(one.name), entry.number or "—", entry.form.id, Text(entry.stagiaire or "—")


def _end(one: GivenFile) -> str:
    return _LEFT if one.entry is None else _TWIN if one.twin else STATES[one.entry.state]


def _why(one: GivenFile) -> str:
    """Why it was left, what it is a double of, or what is told of its form: the first line, how many others."""
    if one.entry is None:
        return one.left
    first, *others = one.entry.detail.splitlines() or [""]
    told = f"{first} (et {counted(len(others), 'autre')})" if others else first
    return f"le même que {one.twin}, {STATES[one.entry.state]}" if one.twin else told


def _facts(one: GivenFile) -> dict[str, Any]:
    entry = one.entry
    return {
        "fichier": one.name,
        "id": entry.form.id if entry else None,
        "numero": entry.number if entry else None,
        "stagiaire": entry.stagiaire if entry else None,
        "etat": entry.state.value if entry else None,
        "motif": entry.detail if entry else one.left,
        "double_de": one.twin or None,
    }
