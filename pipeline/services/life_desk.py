"""Read model of the page of a dossier's life: the life as it stands, and all that its forms offer to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.amendable import Amendable
from pipeline.core.done_days import DoneDay, Presence, month_of
from pipeline.core.errors import NotAllowed
from pipeline.core.fields import Dictionary
from pipeline.core.life import Fact, FactKind
from pipeline.core.models import get
from pipeline.documents.provenance import display
from pipeline.dossier.context import Context
from pipeline.dossier.life import meetings
from pipeline.dossier.life.course import course_of
from pipeline.dossier.life.due import Due, due_of
from pipeline.dossier.life.holding import Life, life_of
from pipeline.services.amends import Shown, asked_change
from pipeline.services.day_words import word_of
from pipeline.services.dossier_changes import Standing
from pipeline.services.dossier_life import LifeView, view_of
from pipeline.services.paper_handing import FiledPaper, filed_papers
from pipeline.services.permissions import Reached


@dataclass(frozen=True)
class FieldLine:
    """A field that an avenant may change: as it is typed, its French name, what it says now."""

    path: str
    label: str
    now: str


@dataclass(frozen=True)
class DayLine:
    """A day of a month: ``code`` is what it was, as people type it, empty while nobody said; ``clash`` why not."""

    day: DoneDay
    code: str
    clash: str = ""


@dataclass(frozen=True)
class LifeDesk:
    """All that the page shows: ``seen`` is what whoever acts looked at; ``months`` are empty without named days."""

    life: Life
    view: LifeView
    seen: int
    papers: tuple[FiledPaper, ...]
    dues: tuple[Due, ...]
    fields: tuple[FieldLine, ...]
    motives: Mapping[str, str]
    months: tuple[str, ...]
    unnamed: str
    waiting: tuple[tuple[Standing, Shown], ...]
    mid_terms: tuple[Fact, ...]
    presence: Presence | None
    to_invite: tuple[str, ...]
    meeting: meetings.Meeting | None

    def month(self, wanted: str) -> str:
        """The month that is shown: the one wanted, else the first with a day that nobody told, else the last."""
        if wanted in self.months:
            return wanted
        unknown = self.presence.unknown if self.presence else ()
        return month_of(unknown[0]) if unknown else self.months[-1] if self.months else ""

    def days(self, month: str) -> tuple[DayLine, ...]:
        """The planned days of a month, with what they were."""
        if self.presence is None or not month:
            return ()
        part = self.presence.month(month)
        clashes = {one.day: one.why for one in part.clashes}
        return tuple(DayLine(one, word_of(one), clashes.get(one.day, "")) for one in part.days)


def life_desk(context: Context, reached: Reached) -> LifeDesk | None:
    """The life of a dossier as its page shows it; ``None`` before it has a packet that can be signed.

    Raises FormationIll where its formation, or what they share, cannot be followed.
    """
    try:
        life = life_of(context, reached.id)
    except NotAllowed:
        return None
    view = view_of(life, context)
    presence, unnamed = _presence(life)
    amendable = Amendable.load(context.workspace)
    asked = {int(one.key): one for one in life.facts.of(FactKind.ASKED)}
    meeting = meetings.meeting_of(life.programme.session)
    return LifeDesk(
        life=life,
        view=view,
        seen=life.facts.seen,
        papers=filed_papers(context, view.papers),
        dues=due_of(life, context.today),
        fields=tuple(_fields(life, amendable)),
        motives=amendable.motives,
        months=presence.months if presence else (),
        unnamed=unnamed,
        waiting=tuple((one, asked_change(context, life, asked[one.number])) for one in view.changes if one.command),
        mid_terms=tuple(life.facts.of(FactKind.MID_TERM)),
        presence=presence,
        to_invite=tuple(meetings.to_invite(life, meeting)) if meeting else (),
        meeting=meeting,
    )


def _presence(life: Life) -> tuple[Presence | None, str]:
    try:
        return course_of(life).presence, ""
    except NotAllowed as unnamed:
        return None, str(unnamed)


def _fields(life: Life, amendable: Amendable) -> Sequence[FieldLine]:
    dictionary, now = life.programme.dictionary, life.terms.current
    paths = [path for path in dictionary.fields if amendable.article(path) is not None]
    return [FieldLine(path, ", ".join(dictionary.titles_to(path)), _now(dictionary, path, now)) for path in paths]


def _now(dictionary: Dictionary, path: str, data: Mapping[str, Any]) -> str:
    value = get(data, path)
    return "" if value in (None, [], {}) else display(dictionary.fields[path], value)
