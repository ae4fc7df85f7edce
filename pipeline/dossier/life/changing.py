"""A change of a convention: what is asked, what follows from it, why it cannot be, the terms as it leaves them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.amendable import CORRECTION, Amendable, elsewhere
from pipeline.core.days import days_of
from pipeline.core.done_days import presence_from
from pipeline.core.errors import InvalidRequest, NotAllowed
from pipeline.core.french import long_date
from pipeline.core.law import as_date, as_number
from pipeline.core.life import Fact, FactKind
from pipeline.core.models import JSON, Data, get
from pipeline.core.terms import Avenant, Change, Terms, plain_number
from pipeline.core.timetable import lines
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.moving import require_whole_place

_CALENDAR, _BREAKS, _EXTRA = "stage.calendrier", "stage.interruptions", "stage.exceptions"
_START, _END, _TOTAL = "stage.date_debut", "stage.date_fin", "stage.duree_heures"
_KEYS = {_CALENDAR: "date", _EXTRA: "date", _BREAKS: "debut"}  # what names a line
_NAMES = ("nom", "prenom")
_NAMED = 4  # days that one message names


@dataclass(frozen=True)
class Request:
    """A change that somebody asks for, before it is judged: the same from the command line and from a form read.

    ``form`` is the hash of the form by which it was asked; nothing by the command line.
    """

    effect_on: dt.date
    changes: Sequence[Change]
    motive: str
    reason: str
    asked_by: str
    asked_on: dt.date
    form: str = ""

    def body(self) -> dict[str, JSON]:
        """What is kept of it."""
        changes = [{"champ": one.field, "avant": one.before, "apres": one.after} for one in self.changes]
        return {
            "effet": self.effect_on.isoformat(),
            "changements": changes,
            "motif": self.motive,
            "raison": self.reason,
            "demande_par": self.asked_by,
            "demande_le": self.asked_on.isoformat(),
            "formulaire": self.form,
        }

    @classmethod
    def of(cls, fact: Fact) -> Request:
        """One that was kept."""
        body = fact.body
        return cls(
            dt.date.fromisoformat(body["effet"]),
            tuple(Change(one["champ"], one["avant"], one["apres"]) for one in body["changements"]),
            body["motif"],
            body.get("raison", ""),
            body.get("demande_par", ""),
            as_date(body.get("demande_le")) or fact.day,
            body.get("formulaire", ""),
        )


def request_of(life: Life, wanted: Mapping[str, JSON], amendable: Amendable, **said: JSON) -> Request:
    """What is asked, whole: ``wanted`` are the new values by field, the rest follows from them; ``said`` the others.

    A new last day takes the calendar's later days away, a new calendar moves the last day, and the total is that of
    the days; what somebody writes holds. Raises InvalidRequest, NotAllowed: see ``require_possible``.
    """
    now = life.terms.current
    _require_fields(life, wanted, amendable)
    changes = tuple(Change(path, get(now, path), value) for path, value in wanted.items() if value != get(now, path))
    others = _named_anew(changes)
    same = [path for path in wanted if path not in {one.field for one in changes} and _group(path) not in others]
    if same:
        raise InvalidRequest(f"{same[0]} a déjà cette valeur dans la convention en vigueur : rien ne changerait.")
    if not wanted:
        raise InvalidRequest("Rien n’est demandé : donnez au moins un champ, par exemple stage.date_fin=24/06/2025.")
    effect_on = said["effect_on"]
    if said["motive"] != CORRECTION:
        changes = (*changes, *_of_another(now, others, wanted))
    require_whole_place(Avenant(0, effect_on, changes).applied_to(now), wanted)
    changes = (*changes, *_following(life, changes, effect_on))
    return Request(changes=changes, **{**said, "motive": said["motive"] or amendable.motive_of(wanted)})


def _named_anew(changes: Sequence[Change]) -> set[str]:
    """The persons whose name becomes another."""
    return {_group(one.field) for one in changes if one.field.rpartition(".")[2] in _NAMES}


def _group(path: str) -> str:
    return path.rpartition(".")[0]


def _of_another(now: Data, persons: set[str], wanted: Mapping[str, JSON]) -> Iterator[Change]:
    """What is known of somebody is not true of who comes after: it is given anew, or asked for by the rules."""
    for person in sorted(persons):
        for name, value in (get(now, person) or {}).items():
            path = f"{person}.{name}"
            if path not in wanted and value is not None and not isinstance(value, Mapping):
                yield Change(path, value, None)


def amended(life: Life, number: int, request: Request) -> Terms:
    """The terms once a request is accepted."""
    others = [one for one in life.terms.avenants if one.number != number]
    own = Avenant(number, request.effect_on, request.changes)
    return Terms(life.terms.convention, tuple(sorted((*others, own), key=lambda one: one.number)))


def require_possible(life: Life, number: int, request: Request, today: dt.date) -> None:
    """Raise InvalidRequest or NotAllowed where a change contradicts the convention, or days that are done.

    The day of effect lies within the stage, what changes is still as it was when it was asked, and no day before
    today becomes another unless it is a correction; one that is known to be an absence may.
    """
    if life.facts.closed:
        raise NotAllowed(
            f"Le dossier {life.dossier.number} est clos : rien n’y change plus. « liasse close "
            f"{life.dossier.number} --reopen --by NOM » le rouvre."
        )
    gone = [one.field for one in request.changes if one.before != get(life.terms.current, one.field)]
    if gone:
        raise NotAllowed(
            f"{gone[0]} n’est plus ce qu’il était quand ce changement fut demandé : un autre avenant l’a changé "
            "depuis. Refusez cette demande, et demandez le changement d’après la convention en vigueur."
        )
    after = amended(life, number, request)
    _require_within(life, after, request.effect_on)
    _require_covered(request)
    if request.motive != CORRECTION:
        _require_past_kept(life, after, today)


def _require_fields(life: Life, wanted: Mapping[str, JSON], amendable: Amendable) -> None:
    for path in wanted:
        if amendable.article(path) is None:
            raise NotAllowed(f"{path} : {elsewhere(path, life.dossier.number)}.")


def _require_within(life: Life, after: Terms, effect_on: dt.date) -> None:
    first = min(filter(None, (_day(terms, _START) for terms in (life.terms, after))), default=None)
    last = max(filter(None, (_last(terms, life) for terms in (life.terms, after))), default=None)
    if first and effect_on < first:
        raise InvalidRequest(
            f"--from {effect_on.isoformat()} : avant le début du stage ({long_date(first)}). Un avenant prend effet "
            "pendant le stage."
        )
    if last and effect_on > last + dt.timedelta(days=1):
        raise InvalidRequest(
            f"--from {effect_on.isoformat()} : après la fin du stage ({long_date(last)}). Un avenant prend effet "
            "pendant le stage ; pour le prolonger, donnez aussi stage.date_fin."
        )


def _require_covered(request: Request) -> None:
    """The days that are named change from the day of effect on: before it the terms of then hold."""
    by_day = any(one.field == _CALENDAR for one in request.changes)  # its last day follows from its lines
    for one in request.changes:
        named = [day for day in _named_days(one) if day < request.effect_on and not (by_day and one.field == _END)]
        if named:
            raise InvalidRequest(
                f"{one.field} : le {long_date(min(named))} est avant la date d’effet "
                f"({long_date(request.effect_on)}), rien n’y changerait. Avancez --from, ou retirez ce jour."
            )


def _named_days(change: Change) -> Iterator[dt.date]:
    """The days that a change names and that become others; the first one after a last day."""
    if change.field == _END and (end := as_date(change.after)):
        yield end + dt.timedelta(days=1)
    key = _KEYS.get(change.field)
    if key is None:
        return
    old, new = (
        {str(line.get(key)): line for line in value or () if line.get(key)} for value in (change.before, change.after)
    )
    for name in sorted({*old, *new}):
        day = as_date(name)
        if day is not None and old.get(name) != new.get(name):
            yield day


def _last(terms: Terms, life: Life) -> dt.date | None:
    """The last day that the terms name, or the one of the convention, whichever is later."""
    named = [day for day in (as_date(get(terms.convention, _END)), _day(terms, _END)) if day]
    days = terms.days(life.programme.session)
    return max([*named, *([days.last] if days else [])], default=None)


def _day(terms: Terms, path: str) -> dt.date | None:
    return as_date(get(terms.current, path))


def _require_past_kept(life: Life, after: Terms, today: dt.date) -> None:
    session = life.programme.session
    then, now = life.terms.days(session), after.days(session)
    if then is None:
        return
    hours, new = then.hours, now.hours if now else {}
    absent = {one.day for one in presence_from(hours, life.facts, leave_counts=True).days if one.present == 0}
    changed = [
        day
        for day in sorted({*hours, *new})
        if day < today and hours.get(day) != new.get(day) and not (day in absent and day not in new)
    ]
    if changed:
        named = ", ".join(long_date(day) for day in changed[:_NAMED]) + (", …" if changed[_NAMED:] else "")
        raise NotAllowed(
            f"{named} : passé, et tenu pour fait d’après la convention en vigueur. Un avenant change les jours à "
            f"venir (--from {today.isoformat()} ou après). Si le stagiaire était absent, notez d’abord l’absence ; "
            "si le calendrier était faux, ajoutez --motive correction."
        )


def _following(life: Life, asked: Sequence[Change], effect_on: dt.date) -> Iterator[Change]:
    """What follows from what is asked, field by field."""
    fields = {one.field for one in asked}
    known = list(asked)
    for path, value in _of_days(life, asked, effect_on):
        change = Change(path, get(life.terms.current, path), value)
        if path not in fields and change.before != change.after:
            known.append(change)
            yield change
    if _TOTAL in fields:
        return
    number = max((one.number for one in life.terms.avenants), default=0) + 1
    after = Terms(life.terms.convention, (*life.terms.avenants, Avenant(number, effect_on, known)))
    session = life.programme.session
    before, days = life.terms.days(session), after.days(session)
    total = days.total if days else Decimal()
    if before is None or (days is not None and days.is_assumed) or before.total == total:
        return
    if as_number(get(life.terms.current, _TOTAL)) != total:
        yield Change(_TOTAL, get(life.terms.current, _TOTAL), plain_number(total))


def _of_days(life: Life, asked: Sequence[Change], effect_on: dt.date) -> Iterator[tuple[str, JSON]]:
    """The calendar that a new last day or an interruption leaves, and the dates that a new calendar has."""
    data = Avenant(0, effect_on, asked).applied_to(life.terms.current)
    fields = {one.field for one in asked}
    end = as_date(get(data, _END)) if _END in fields else None
    if end is not None:
        for path, day in ((_BREAKS, "debut"), (_EXTRA, "date")):
            if get(data, path):
                yield path, [line for line in lines(data, path) if str(line.get(day)) <= end.isoformat()] or None
    if not get(data, _CALENDAR):
        return
    kept = _left(data, end, fields, effect_on)
    if kept != get(data, _CALENDAR):
        yield _CALENDAR, kept
    if kept and fields & {_CALENDAR, _BREAKS}:
        days = days_of({"stage": {"calendrier": kept}})
        if days is not None:
            yield _START, days.first.isoformat()
            yield _END, days.last.isoformat()


def _left(data: Data, end: dt.date | None, fields: set[str], effect_on: dt.date) -> list[JSON]:
    """The lines of the calendar until the last day, without those of an interruption that was asked."""
    closed = [(str(line.get("debut")), str(line.get("fin"))) for line in lines(data, _BREAKS)]
    kept = []
    for line in get(data, _CALENDAR):
        day = str(line.get("date"))
        away = _BREAKS in fields and day >= effect_on.isoformat() and any(one <= day <= last for one, last in closed)
        if not away and (end is None or _CALENDAR in fields or day <= end.isoformat()):
            kept.append(line)
    return kept


def asked_of(life: Life) -> Iterator[Fact]:
    """The changes that were asked, in the order of their numbers."""
    yield from sorted(life.facts.of(FactKind.ASKED), key=lambda one: int(one.key))


def judged(life: Life, key: str) -> Fact | None:
    """The word on a change; ``None`` while it waits."""
    return life.facts.last(FactKind.JUDGED, key)


def next_number(life: Life) -> int:
    """The number of the next change that is asked."""
    return max((int(one.key) for one in life.facts.of(FactKind.ASKED)), default=0) + 1


def judge_command(number: str, key: str) -> str:
    """The command that notes the référent's word on a change, or takes up an avenant that was left on its way."""
    return f"liasse amend {number} --accept {key} --by NOM"
