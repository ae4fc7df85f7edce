"""What a batch tells of each file given: a table with counts that add up, or JSON lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.text import Text

from pipeline.cli.screens import console, listed_table
from pipeline.cli.telling import tell
from pipeline.core.french import counted, counted_all
from pipeline.core.text import json_text
from pipeline.reports.account import STATES, Bilan
from pipeline.runs.batch_files import GivenFile

_LEFT, _TWIN = "non pris", "en double"


def say_files(files: Sequence[GivenFile], bilan: Bilan, *, as_json: bool) -> None:
    """Each file with its dossier, whose it is, its end, why, and whom to write to; then how many ended how."""
    people = {line.id: line.people for line in bilan.lines}
    if as_json:
        for one in files:
            click.echo(json_text(_facts(one, people)))
    elif files:
        rows = [(*_whose(one), Text(_end(one)), Text(_why(one, people))) for one in files]
        console().print(listed_table(rows, "Fichier", "Dossier", "Id", "Stagiaire", "Résultat", "À savoir"))
        counts = Counter(map(_end, files))
        ends = [*STATES.values(), _TWIN, _LEFT]
        told = counted_all(counts, ends)
        tell(f"{counted(len(files), 'fichier')} : {told}")


def _whose(one: GivenFile) -> tuple[Text, str, str, Text]:
    entry = one.entry
    if entry is None:
        return Text(one.name), "—", "—", Text("—")
    return Text(one.name), entry.number or "—", entry.form.id, Text(entry.stagiaire or "—")


def _end(one: GivenFile) -> str:
    return _LEFT if one.entry is None else _TWIN if one.twin else STATES[one.entry.state]


def _why(one: GivenFile, people: Mapping[str, str]) -> str:
    """Why it was left, what it is a double of, or what is told of its form, and whom to write to."""
    if one.entry is None:
        return one.left
    first, *others = one.entry.detail.splitlines() or [""]
    told = f"{first} (et {counted(len(others), 'autre')})" if others else first
    if one.twin:
        return f"le même que {one.twin}, {STATES[one.entry.state]}"
    return "\n".join(filter(None, (told, people.get(one.entry.form.id))))


def _facts(one: GivenFile, people: Mapping[str, str]) -> dict[str, Any]:
    entry = one.entry
    return {
        "fichier": one.name,
        "id": entry.form.id if entry else None,
        "numero": entry.number if entry else None,
        "stagiaire": entry.stagiaire if entry else None,
        "etat": entry.state.value if entry else None,
        "motif": entry.detail if entry else one.left,
        "double_de": one.twin or None,
        "a_joindre": people.get(entry.form.id, "").splitlines() if entry else [],
    }
