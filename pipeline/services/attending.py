"""Use cases of presence: what a day was, as a person says it, and the attestations that follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.done_days import DoneDay, Mark, Presence, body_of, month_of, told_of
from pipeline.core.errors import ChangedMeanwhile, NotAllowed
from pipeline.core.french import hours, short_date
from pipeline.core.life import FactKind, Told
from pipeline.dossier.context import Context
from pipeline.dossier.life.attestation_words import unsigned
from pipeline.dossier.life.course import Course, course_of
from pipeline.dossier.life.holding import Life, life_of
from pipeline.dossier.life.issuing import Issued
from pipeline.dossier.life.makers import ATTESTATIONS, reissued
from pipeline.services.authors import author
from pipeline.services.day_words import DayWord, day_words
from pipeline.services.life_seen import life_as_seen
from pipeline.storage.kill_points import passing


@dataclass(frozen=True)
class Noted:
    """Presence of a dossier after somebody told some of it: the days told, how it stands, papers issued again.

    ``remarks``: what a person should know of these, in French.
    """

    number: str
    told: tuple[DoneDay, ...]
    presence: Presence
    issued: tuple[Issued, ...] = ()
    remarks: tuple[str, ...] = ()


def note_presence(context: Context, word: str, words: Sequence[str], *, by: str, seen: int | None = None) -> Noted:
    """Note what days of a dossier were; attestations that say otherwise are issued again. Nothing typed: show.

    ``seen`` is as ``life_as_seen`` has it.
    Raises NotFound, Ambiguous, ChangedMeanwhile; InvalidRequest for a word that is no day; NotAllowed for a day
    without planned presence, for more hours than planned, for presence on a day to come. Raises as ``issue``.
    """
    typed = day_words(words)
    by = author(by) if typed else ""
    life = life_as_seen(context, word, seen)
    course = course_of(life)
    if not typed:
        return Noted(life.dossier.number, (), course.presence)
    planned = {one.day: one.planned for one in course.presence.days}
    for one in typed:
        _require_possible(context, life, one, planned.get(one.day))
    bodies = {one.day.isoformat(): body_of(*_said(one, planned[one.day])) for one in typed}
    new = [
        Told(FactKind.PRESENCE, key, body)
        for key, body in bodies.items()
        if (last := life.facts.last(FactKind.PRESENCE, key)) is None or last.body != body or _is_disputed(course, key)
    ]
    life = tell_all(context, life, new, by=by)
    after = course_of(life)
    issued = tuple(reissued(context, life, ATTESTATIONS, by=by))
    told = {one.day for one in typed}
    remarks = tuple(unsigned(life, max(after.period(one.paper.key)[1] for one in issued))) if issued else ()
    now = tuple(one for one in after.presence.days if one.day in told)
    return Noted(life.dossier.number, now, after.presence, issued, remarks)


def tell_all(context: Context, life: Life, told: Sequence[Told], *, by: str) -> Life:
    """Note facts of a dossier in one transaction, and look at it again; raises ChangedMeanwhile."""
    if not told:
        return life
    if not context.ledger.life.tell(
        life.dossier.id, told, by=by, day=context.today, seen=life.facts.seen, form=life.entry.form.sha256
    ):
        raise ChangedMeanwhile(
            f"Quelqu’un vient de changer le dossier {life.dossier.number} : rien n’est noté. Recommencez."
        )
    passing("told")
    return life_of(context, life.dossier.id)


def as_planned(life: Life, part: Presence) -> Iterator[Told]:
    """What is told where a person confirms that all days that nobody spoke of were as planned.

    Raises NotAllowed where a sheet that came back says otherwise of one: that day is told alone.
    """
    sheets = {one.key: one.body.get("jours", {}) for one in life.facts.of(FactKind.SHEET)}
    for one in part.days:
        if one.present is not None:
            continue
        line = sheets.get(month_of(one.day), {}).get(one.day.isoformat())
        if line and told_of(line, one.planned).present != one.planned:
            raise NotAllowed(
                f"La feuille d’émargement dit autre chose le {short_date(one.day)} : rien n’est noté. Dites ce "
                f"jour : liasse presence {life.dossier.number} {one.day}=… --by NOM"
            )
        body = body_of(Mark.PRESENT, Mark.PRESENT, one.planned, as_planned=True)
        yield Told(FactKind.PRESENCE, one.day.isoformat(), body)


def _said(one: DayWord, planned: Decimal) -> tuple[Mark, Mark, Decimal]:
    return one.morning, one.afternoon, one.present(planned)


def _is_disputed(course: Course, key: str) -> bool:
    """Whether a sheet that came later says otherwise: saying it again settles it."""
    return any(one.day.isoformat() == key for one in course.presence.clashes)


def _require_possible(context: Context, life: Life, one: DayWord, planned: Decimal | None) -> None:
    day, number = short_date(one.day), life.dossier.number
    if planned is None:
        raise NotAllowed(
            f"Rien n’est noté : la convention du dossier {number} ne prévoit pas de présence le {day}. Si le "
            "calendrier a changé, il y faut un avenant : « liasse amend »."
        )
    present = one.present(planned)
    if present > planned:
        raise NotAllowed(
            f"Rien n’est noté : {hours(present)} le {day}, où la convention en prévoit {hours(planned)}. Des heures "
            "de plus demandent un avenant : « liasse amend »."
        )
    if one.day > context.today and present > 0:
        raise NotAllowed(f"Rien n’est noté : le {day} est à venir, personne ne peut encore dire cette présence.")
