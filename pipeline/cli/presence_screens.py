"""Screens of presence, attestations and the due list; and the same facts as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.cli import screens, todo_screen
from pipeline.core.done_days import Mark
from pipeline.core.french import counted, hours, short_date
from pipeline.core.grammar import capital
from pipeline.dossier.life import due as dues
from pipeline.dossier.life.issuing import Issued
from pipeline.services import due_list
from pipeline.services.attending import Noted
from pipeline.services.due_list import DueLine

_MARKS = {
    Mark.PRESENT: "présence",
    Mark.ABSENT: "absence",
    Mark.JUSTIFIED: "absence justifiée",
    Mark.SICK: "maladie",
    Mark.LEAVE: "congé",
    Mark.HOLIDAY: "férié",
    Mark.NONE: "rien",
}
PAPERS = frozenset(dues.PAPER_OF)


def issued_line(one: Issued) -> str:
    """« attestation-de-presence-2025-04, version 2 : outbox/… »."""
    again = " (déjà émise, rien n’a changé)" if one.already else ""
    return f"{one.paper.name}, version {one.paper.version}{again} : {one.place}"


def presence_screen(noted: Noted) -> Iterator[Table | str]:
    """What is known of each month, then the days that were told or missed."""
    months = Table("Mois", "Prévu", "Présence", "À confirmer")
    for month in noted.presence.months:
        part = noted.presence.month(month)
        left = counted(len(part.unknown), "jour") if part.unknown else "—"
        months.add_row(month, hours(part.planned), hours(part.present), left)
    yield months
    shown = {one.day: one for one in (*noted.presence.absences, *noted.told)}
    if shown:
        days = Table("Jour", "Prévu", "Présence", "Matin", "Après-midi", "Dit par")
        for _, one in sorted(shown.items()):
            done = hours(one.present) if one.present is not None else "—"
            days.add_row(
                short_date(one.day), hours(one.planned), done, _half(one.morning), _half(one.afternoon), one.source
            )
        yield days
    yield from (f"À trancher, le {short_date(one.day)} : {one.why}." for one in noted.presence.clashes)


def _half(mark: Mark | None) -> str:
    return _MARKS[mark] if mark else "—"


def due_screen(lines: Sequence[DueLine]) -> Iterator[RenderableType]:
    """What is to be done, kind by kind: whose it is, since when, what, and the command alone on its line."""
    tasks = due_list.tasks(lines)
    counts, shown = Counter(one.kind for one in tasks), None
    for one in tasks:
        if one.kind is not shown:
            yield todo_screen.title(capital(due_list.named(one.kind, counts[one.kind])), counts[one.kind])
        shown = one.kind
        yield Text(f"{one.number}  {one.stagiaire}, depuis le {short_date(one.since)}", "bold")
        yield todo_screen.inside(one.what)
        yield screens.command_line(one.command)
        yield Text("")


def due_json(one: DueLine) -> dict[str, Any]:
    """One thing to do, for another program."""
    due = one.due
    return {
        "dossier": due.dossier,
        "quoi": due.kind.value,
        "cle": due.key,
        "depuis": due.since.isoformat(),
        "texte": due.what,
        "commande": due.command,
        "pret": due.ready,
    }
