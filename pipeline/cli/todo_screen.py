"""Terminal screen of what is to be done: one block a form with the command to copy, packets to sign as one list."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from pipeline.cli.screens import command_line, first, new_table, short_day
from pipeline.core.french import counted
from pipeline.ledger.entries import Entry, State
from pipeline.reports.account import STATES, Line
from pipeline.reports.todo import is_command
from pipeline.services.arrivals import MANY, Inbox


def parts(lines: Sequence[Line], waiting: Inbox, *, due: int, more: bool = False) -> Iterator[RenderableType]:
    """What lies in the inbox, what is to be decided, the letters, the packets to sign, what is due; then how many.

    ``due`` is how many things internships ask for today; ``more``: something else was shown that waits.
    """
    yield from inbox_lines(waiting)
    yield from _late([line for line in lines if line.alarms])
    count, lines = len(lines), [line for line in lines if line.todo]
    yield from _acted_on(lines)
    yield from due_lines(due)
    if count or not (due or more):
        yield Text(f"{counted(count, 'dossier')} à traiter." if count else _nothing(waiting))


def _acted_on(lines: Sequence[Line]) -> Iterator[RenderableType]:
    """What is to be decided, the letters to send, the packets to sign."""
    to_sign = [line for line in lines if line.state is State.DELIVERED]
    letters = [line for line in lines if line.state is State.TO_COMPLETE]
    decided = [line for line in lines if line not in to_sign and line not in letters]
    for words, group in (("À décider ou à vérifier", decided), ("Lettres à envoyer", letters)):
        if group:
            yield title(words, len(group))
            for line in group:
                yield from _block(line)
    if letters[1:]:
        yield Text("Quand toutes ces lettres sont parties :")
        yield command_line(f"liasse fetch {' '.join(line.id for line in letters)} --by NOM")
        yield Text("")
    if to_sign:
        yield title("Liasses à faire signer", len(to_sign))
        yield from _to_sign(to_sign)


def inbox_lines(waiting: Inbox) -> Iterator[RenderableType]:
    """How many files wait in the inbox, and the command that takes them; nothing where none does."""
    if waiting.files:
        verb = "attendent" if waiting.files > 1 else "attend"
        yield Text(f"Dans inbox/, {counted(waiting.files, 'fichier')} {verb} d’être pris :")
        yield command_line("liasse batch" if waiting.files > MANY else "liasse run")


def late_lines(late: Sequence[Entry]) -> Iterator[RenderableType]:
    """How many internships begin without all signatures, and the command that names who is missing."""
    if late:
        yield Text(f"ALARME : signatures qui manquent, stage tout proche ou commencé ({len(late)}) :", "bold red")
        yield command_line("liasse status --todo")


def due_lines(count: int) -> Iterator[RenderableType]:
    """How many things internships ask for, and the command that names each; nothing where none does."""
    if count:
        yield Text(f"Stages : {count} choses sont dues :" if count > 1 else "Stages : 1 chose est due :")
        yield command_line("liasse due")


def then() -> Iterator[RenderableType]:
    """What to look at once forms were walked: what is left to do."""
    yield Text("\nCe qui reste à faire :")
    yield command_line("liasse status --todo")


def sheet_then(form: str, pdf: Path) -> Iterator[RenderableType]:
    """What to do with a review sheet, and the command that reads it back."""
    yield Text("\nDans le PDF : corrigez, cochez « vérifié », écrivez votre nom, enregistrez ; puis :")
    yield command_line(f"liasse confirm {form} --sheet {shlex.quote(str(pdf))}")


def step_lines(todo: str) -> Iterator[RenderableType]:
    """The lines of a next step, its commands whole."""
    for text in todo.splitlines():
        yield command_line(text) if is_command(text) else inside(text)


def _nothing(waiting: Inbox) -> str:
    return "Aucun dossier n’attend." if waiting.files or waiting.left else "Rien n’attend."


def title(words: str, count: int) -> Text:
    """The heading of one kind of things to do, with how many there are."""
    return Text(f"{words} ({count})\n", "bold underline")


def _block(line: Line) -> Iterator[RenderableType]:
    name = f"{line.name} {line.first_name}".strip()
    begins = f", début le {short_day(line.start)}" if line.start else ""
    yield Text(f"{line.dossier or '—'}  {name or line.file}", "bold")
    yield inside(f"{STATES[line.state]}{begins}{f', {line.file}' if name and line.file else ''}")
    if line.reasons:
        yield inside(first([one.message for one in line.reasons]))
    yield from step_lines(line.todo)
    for contact in line.people.splitlines():
        yield inside(contact)
    yield Text("")


def _late(late: Sequence[Line]) -> Iterator[RenderableType]:
    """The internships that begin without all signatures: who is missing, and the command that notes it."""
    if late:
        yield title("ALARME : signatures qui manquent", len(late))
    for line in late:
        yield Text(f"{line.dossier or '—'}  {f'{line.name} {line.first_name}'.strip() or line.file}", "bold")
        for one in line.alarms:
            yield inside(Text(one.says, "red"))
            yield command_line(one.command)
        yield Text("")


def _to_sign(lines: Sequence[Line]) -> Iterator[RenderableType]:
    """Whose they are, by the day when they begin; the command for the first of them, and the one for all."""
    table = new_table("Dossier", "Id", "Stagiaire", "Début")
    for line in lines:
        table.add_row(
            line.dossier or "—", line.id, Text(f"{line.name} {line.first_name}".strip()), short_day(line.start)
        )
    yield table
    one, every = (
        f"liasse fetch {lines[0].id} --by NOM --to a-signer",
        "liasse fetch --all-ready --by NOM --to a-signer",
    )
    yield Text("\nRelire controle.pdf, puis prendre :")
    yield command_line(one)
    if lines[1:]:
        yield Text(f"ou les {len(lines)} à la fois :")
        yield command_line(every)
    yield Text("")


def inside(text: str | Text) -> Padding:
    """Words below a head, all their lines as far in."""
    return Padding(Text(text) if isinstance(text, str) else text, (0, 0, 0, 2))
