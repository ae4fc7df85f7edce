"""Use case of the due list: what is to be done for all dossiers, on a day or by the end of a week."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, MutableMapping, Sequence
from dataclasses import dataclass

from pipeline.core.errors import FormationIll
from pipeline.core.sequences import grouped
from pipeline.core.visitors import Visitor
from pipeline.dossier.context import Context
from pipeline.dossier.life.due import Due, DueKind, due_of
from pipeline.dossier.life.holding import lives_of
from pipeline.services.permissions import within_reach

_WEEK = 7


@dataclass(frozen=True)
class DueLine:
    """One thing to do, with the id of its dossier and whose it is."""

    dossier: str
    stagiaire: str
    due: Due


@dataclass(frozen=True)
class Dues:
    """What is due, as ``due_list`` gives it; ``ill``: formations whose dossiers are not in."""

    lines: tuple[DueLine, ...] = ()
    ill: tuple[FormationIll, ...] = ()


def due_list(
    context: Context, day: dt.date, ill: MutableMapping[str, FormationIll] | None = None
) -> tuple[DueLine, ...]:
    """What is due on a day, the most pressing kinds in their order, then the oldest; ``ill`` as ``lives_of`` has it.

    Raises FormationIll.
    """
    order = list(DueKind)
    found = [
        DueLine(life.dossier.id, life.entry.stagiaire or "", due)
        for life in lives_of(context, ill)
        for due in due_of(life, day)
    ]
    return tuple(sorted(found, key=lambda one: (order.index(one.due.kind), one.due.since, one.due.dossier)))


def due_within(context: Context, visitor: Visitor, day: dt.date, formation: str = "") -> Dues:
    """What is due on a day of the dossiers that a visitor reaches, or of a formation among them; raises Forbidden."""
    reached = within_reach(visitor, context.ledger)
    among = {one for one, codes in reached.items() if not formation or formation in codes}
    if not among:
        return Dues()
    ill: dict[str, FormationIll] = {}
    lines = tuple(one for one in due_list(context, day, ill) if one.dossier in among)
    theirs = {code for one in among for code in reached[one] if not formation or code == formation}
    return Dues(lines, tuple({error.code: error for code, error in sorted(ill.items()) if code in theirs}.values()))


@dataclass(frozen=True)
class Task:
    """What one command does for one dossier: ``what`` names each thing that is due and ends with it."""

    number: str
    stagiaire: str
    kind: DueKind
    since: dt.date
    what: str
    command: str


def tasks(lines: Sequence[DueLine]) -> tuple[Task, ...]:
    """The lines with each command once, under the most pressing kind of what it does; in their order."""
    found = grouped(((one.due.dossier, one.due.command), one) for one in lines)
    return tuple(
        Task(
            number,
            together[0].stagiaire,
            together[0].due.kind,
            min(one.due.since for one in together),
            " ; ".join(dict.fromkeys(one.due.what for one in together)),
            command,
        )
        for (number, command), together in found.items()
    )


def due_today(context: Context, numbers: Collection[str]) -> tuple[Task, ...]:
    """What is due today of the dossiers of these numbers; nothing of a formation that is ill: its forms say so."""
    lines = due_list(context, context.today, {})
    return tasks([one for one in lines if one.due.dossier in numbers])


def week_end(day: dt.date) -> dt.date:
    """The Sunday of a day's week."""
    return day + dt.timedelta(days=_WEEK - day.isoweekday())


def summary(lines: Sequence[DueLine]) -> str:
    """« 12 attestations à émettre, 3 bilans à mi-parcours, 5 évaluations manquantes »."""
    counts = Counter(one.due.kind for one in lines)
    return ", ".join(_counted(counts[kind], kind) for kind in DueKind if counts[kind]) or "Rien n’est dû."


def _counted(count: int, kind: DueKind) -> str:
    return f"{count} {named(kind, count)}"


def named(kind: DueKind, count: int) -> str:
    """The kind in the words of the list, of one or of several."""
    return _PLURALS.get(kind, kind.value) if count > 1 else kind.value


_PLURALS = {
    DueKind.ATTESTATION: "attestations à émettre",
    DueKind.CERTIFICATE: "certificats de réalisation à émettre",
    DueKind.END: "attestations de fin de stage à émettre",
    DueKind.MEETING: "invitations à la réunion des référents",
    DueKind.MID_TERM: "bilans à mi-parcours",
    DueKind.EVALUATION: "évaluations manquantes",
    DueKind.QUESTIONNAIRE: "questionnaires manquants",
    DueKind.JUDGEMENT: "avis attendus sur une modification",
    DueKind.AVENANT: "avenants à faire signer",
    DueKind.SIGNATURE: "conventions sans toutes leurs signatures",
    DueKind.CLOSING: "dossiers à clore",
}
