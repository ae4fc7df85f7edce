"""Report model of a cohort (bilan): one line a form, what waits and until when, the cohort's findings, counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.core.addressees import Contact
from pipeline.core.models import Severity, Who
from pipeline.dossier.life.life_rules import Alarm
from pipeline.ledger.entries import State
from pipeline.storage.inbox import Left

STATES = {
    State.RECEIVED: "reçu",
    State.DELIVERED: "délivré",
    State.DRAFT: "projet",
    State.WAITING: "en attente",
    State.TO_COMPLETE: "à compléter",
    State.FAILED: "en panne",
    State.SUPERSEDED: "remplacé",
    State.QUARANTINED: "quarantaine",
    State.DISCARDED: "écarté",
    State.DIVIDED: "séparé",
    State.FILED: "versé",
    State.ERASED: "effacé",
}
WHO = {
    Who.STAGIAIRE: "stagiaire",
    Who.TUTEUR: "tuteur",
    Who.ORGANISME: "organisme",
    Who.EMPLOYEUR: "employeur",
    Who.RESPONSABLE: "responsable pédagogique",
    Who.SCOLARITE: "scolarité",
}
SEVERITIES = {
    Severity.BLOCKING: "bloquant",
    Severity.DRAFT: "projet",
    Severity.WARNING: "avertissement",
    Severity.INFO: "information",
}
UNKNOWN_HOST = "Organisme non lu"
SOON = 12  # days to a start: the delay that a convention needs (S1-23)
OPEN = frozenset({State.RECEIVED, State.DRAFT, State.WAITING, State.TO_COMPLETE, State.FAILED, State.QUARANTINED})


@dataclass(frozen=True)
class Reason:
    """Why a form has no packet: rule, French title, message, who can act (French), whether it can be lifted.

    ``field`` is the path of the answer that is wrong, if one is.
    """

    rule: str
    title: str
    message: str
    who: str
    overridable: bool = False
    field: str = ""


@dataclass(frozen=True)
class Line:
    """One form. ``start`` is the day by which its papers must be signed; pages and signatures are its packet's."""

    id: str
    state: State
    received_on: dt.date
    name: str = ""
    first_name: str = ""
    formation: str = ""
    year: str = ""
    host: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    reasons: tuple[Reason, ...] = ()
    todo: str = ""
    folder: str = ""
    packet: str = ""
    pages: int | None = None
    signatures: int | None = None
    dossier: str = ""
    file: str = ""
    contacts: tuple[Contact, ...] = ()  # whom to write to: who must act, as far as the form surely says
    alarms: tuple[Alarm, ...] = ()  # signatures that are missing when the first day comes

    @property
    def waits(self) -> bool:
        """Whether somebody must still do something."""
        return self.state in OPEN

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that stand in the way, each once."""
        return tuple(dict.fromkeys(reason.rule for reason in self.reasons if reason.rule))

    @property
    def who(self) -> tuple[str, ...]:
        """Who can act, each once."""
        return tuple(dict.fromkeys(reason.who for reason in self.reasons if reason.who))

    @property
    def people(self) -> str:
        """Whom to write to, one a line: « tuteur : Karim BENALI <karim.benali@example.org> »."""
        return "\n".join(f"{WHO[one.who]} : {one}" for one in self.contacts)


@dataclass(frozen=True)
class Note:
    """One finding of the cohort's rules, and the form that it is told to."""

    rule: str
    title: str
    severity: Severity
    id: str
    person: str
    message: str
    who: str
    source: str


@dataclass(frozen=True)
class Bilan:
    """All that the papers of a cohort say, on ``day``."""

    day: dt.date
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    left: tuple[Left, ...] = ()  # what lies in the inbox and is not taken

    @cached_property
    def due(self) -> tuple[Line, ...]:
        """What waits, the internships that begin first before the others, those without a date last."""
        waiting = [line for line in self.lines if line.waits]
        return tuple(sorted(waiting, key=lambda line: (line.start or dt.date.max, line.name, line.id)))

    @cached_property
    def delivered(self) -> tuple[Line, ...]:
        """The forms whose packet is to be signed, by formation, year and name."""
        made = [line for line in self.lines if line.state is State.DELIVERED]
        return tuple(sorted(made, key=lambda line: (line.formation, line.year, line.name, line.first_name, line.id)))

    @cached_property
    def by_state(self) -> dict[State, int]:
        """How many forms got how far, in the order of ``STATES``; only states that there are."""
        counts = Counter(line.state for line in self.lines)
        return {state: counts[state] for state in STATES if counts[state]}

    @cached_property
    def by_reason(self) -> list[tuple[str, str, int]]:
        """(rule, title, forms that it keeps), the most frequent first."""
        counts = Counter((reason.rule, reason.title) for line in self.due for reason in dict.fromkeys(_kinds(line)))
        return [
            (rule, title, count) for (rule, title), count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        ]

    @cached_property
    def by_host(self) -> list[tuple[str, int, int]]:
        """(organisme, packets delivered, forms that wait), the largest first; replaced and put away ones aside."""
        counts = Counter(
            (line.host or UNKNOWN_HOST, line.waits)
            for line in self.lines
            if line.waits or line.state is State.DELIVERED
        )
        hosts = {host for host, _ in counts}
        rows = [(host, counts[host, False], counts[host, True]) for host in hosts]
        return sorted(rows, key=lambda row: (-row[1] - row[2], row[0]))

    @cached_property
    def by_week(self) -> list[tuple[dt.date, int, int]]:
        """(Monday, packets delivered, forms that wait) by the week in which the internship begins, in order."""
        counts = Counter(
            (line.start - dt.timedelta(days=line.start.weekday()), line.waits)
            for line in self.lines
            if line.start and (line.waits or line.state is State.DELIVERED)
        )
        weeks = sorted({week for week, _ in counts})
        return [(week, counts[week, False], counts[week, True]) for week in weeks]

    @cached_property
    def by_note(self) -> list[tuple[str, str, int]]:
        """(rule, title, findings) of the cohort's rules that spoke, by number."""
        counts = Counter((note.rule, note.title) for note in self.notes)
        return [(rule, title, count) for (rule, title), count in sorted(counts.items())]


def asked_of(words: Iterable[str]) -> Iterator[Who]:
    """Who is meant by these words of ``WHO``."""
    known = {word: who for who, word in WHO.items()}
    yield from (known[word] for word in words if word in known)


def _kinds(line: Line) -> list[Reason]:
    """The reasons of a line by rule: ten wrong answers under one rule are one reason."""
    return [Reason(reason.rule, reason.title, "", "") for reason in line.reasons]
