"""Figures of the attestations of a dossier: its days as they were, and what each paper says of them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from pipeline.core.done_days import Presence, bounds, presence_from
from pipeline.core.errors import NotAllowed
from pipeline.core.law import STUDENTS, WITH_EMPLOYER, as_date, cents
from pipeline.core.life import FactKind, Paper, PaperKind
from pipeline.core.models import get
from pipeline.core.monthly_pay import paid_by_month
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.stays import places_of, tuteurs_of

Figures = Mapping[str, Any]
EMPLOYER, PAYER, STAGIAIRE, HOST = "employeur", "financeur", "stagiaire", "tuteur"
WHOLE = ""  # the key of a paper on the whole internship


@dataclass(frozen=True)
class Course:
    """The internship of a dossier as it went; ``first`` and ``last`` are its days by the terms in force."""

    life: Life
    presence: Presence
    first: dt.date
    last: dt.date

    def period(self, key: str) -> tuple[dt.date, dt.date]:
        """First and last day that a paper of a key speaks of: of a month, or of the whole."""
        if key == WHOLE:
            return self.first, self.last
        first, last = bounds(key)
        return max(first, self.first), min(last, self.last)

    def is_over(self, key: str, today: dt.date) -> bool:
        """Whether all of it is past: before, nothing effective is printed."""
        return today > self.period(key)[1]

    @cached_property
    def due_pay(self) -> Decimal | None:
        """Euros due for the hours of presence by the terms of their days; ``None`` where none is granted."""
        hours = {one.day: one.planned if one.present is None else one.present for one in self.presence.days}
        planned = {one.day: one.planned for one in self.presence.days}
        session = self.life.programme.session
        if not paid_by_month(self.life.terms, session, planned):
            return None
        return cents(sum(paid_by_month(self.life.terms, session, hours).values(), Decimal()))

    @property
    def paid(self) -> Decimal | None:
        """Euros paid in all, as persons said: of the whole, else of every month; ``None`` while one is not said."""
        facts = self.life.facts
        whole = facts.last(FactKind.PAID, WHOLE)
        months = {one.key: one for one in facts.of(FactKind.PAID) if one.key != WHOLE}
        if whole is not None and all(one.number < whole.number for one in months.values()):
            return Decimal(whole.body["montant"])
        wanted = [month for month in self.presence.months if self.presence.month(month).present]
        if not months or not all(month in months for month in wanted):
            return None
        return sum((Decimal(one.body["montant"]) for one in months.values()), Decimal())


def course_of(life: Life) -> Course:
    """The internship as it went; raises NotAllowed where its convention names no days."""
    planned = life.terms.days(life.programme.session)
    named = planned or life.terms.until(dt.date.min).days(life.programme.session)
    if named is None or named.is_assumed:
        raise NotAllowed(
            f"Les jours de présence du dossier {life.dossier.number} ne sont pas nommés dans la convention : rien ne "
            "peut en être attesté ici. Faites remplir à la main l’attestation de la liasse."
        )
    hours = planned.hours if planned else {}
    student = get(life.data, "stagiaire.regime") in STUDENTS
    begins, ends = (as_date(get(life.data, f"stage.date_{end}")) for end in ("debut", "fin"))
    first, last = begins or named.first, ends or named.last
    if hours:
        first, last = min(first, *hours), max(last, *hours)
    return Course(life, presence_from(hours, life.facts, leave_counts=student), first, last)


def recipients(life: Life) -> tuple[str, ...]:
    """To whom presence is attested, by régime: whoever sent or pays, else the stagiaire alone."""
    regime, payer = get(life.data, "stagiaire.regime"), get(life.data, "employeur.financeur")
    others = [EMPLOYER] if regime in WITH_EMPLOYER else []
    if payer and regime not in STUDENTS:
        others.append(PAYER)
    return tuple(others) or (STAGIAIRE,)


def owed_to_others(life: Life) -> bool:
    """Whether somebody else than the stagiaire gets its attestations unasked: each month, and at the end."""
    return recipients(life) != (STAGIAIRE,)


def lists_end_attestation(life: Life) -> bool:
    """Whether a paper of the host is asked at the end: of students (D124-9), else where the formation lists it."""
    return get(life.data, "stagiaire.regime") in STUDENTS or end_title(life) is not None


def end_title(life: Life) -> str | None:
    """The title of the attestation that the formation lists, in its own words (« Annexe 2 – … »)."""
    pieces = life.programme.formation.pieces()
    return next((piece.title for piece in pieces if str(piece.template).endswith("/attestation.docx")), None)


def figures_of(course: Course, kind: PaperKind, key: str) -> Figures | None:
    """What a paper says in figures; ``None`` while a day of it is not known, or what was paid is not said."""
    part = course.presence.between(*course.period(key))
    if not part.is_known:
        return None
    told = {
        "periode": [day.isoformat() for day in course.period(key)],
        "prevu": str(part.planned),
        "heures": str(part.counted),
        "presence": str(part.present),
        "jours": part.attended,
        "absences": [[one.day.isoformat(), str(one.missed), str(one.excused)] for one in part.absences],
    }
    told |= _moved(course, key)
    if kind is PaperKind.END:
        if course.due_pay is None:
            return told | {"verse": None, "destinataires": [HOST]}
        if course.paid is None:
            return None
        return told | {"verse": str(course.paid), "du": str(course.due_pay), "destinataires": [HOST]}
    return told | {"destinataires": list(recipients(course.life))}


def _moved(course: Course, key: str) -> dict[str, list[str]]:
    """The places and the tuteurs of a period, where there was more than one."""
    terms, (first, last) = course.life.terms, course.period(key)
    found = {"lieux": places_of(terms, first, last), "tuteurs": tuteurs_of(terms, first, last)}
    return {name: told for name, told in found.items() if len(told) > 1}


def says(paper: Paper, figures: Figures) -> bool:
    """Whether a paper says these figures."""
    return all(paper.body.get(name) == value for name, value in figures.items())


def stale(course: Course) -> Iterator[Paper]:
    """The attestations that count and say what is no longer so, or what is no longer sure."""
    for kind in (PaperKind.PRESENCE, PaperKind.COMPLETION, PaperKind.END):
        for paper in course.life.counting(kind):
            figures = figures_of(course, kind, paper.key)
            if figures is None or not says(paper, figures):
                yield paper


def halfway(course: Course) -> dt.date | None:
    """The day on which half of the planned hours are done; ``None`` where no day is planned."""
    done, half = Decimal(), course.presence.planned / 2
    for one in course.presence.days:
        done += one.planned
        if done >= half:
            return one.day
    return None


def pay_to_tell(course: Course) -> bool:
    """Whether a gratification is agreed and nobody said yet what was paid."""
    return course.due_pay is not None and course.paid is None


def attest_command(course: Course, kind: PaperKind, key: str) -> str:
    """The whole command that issues a paper: it confirms the days and the gratification that nobody spoke of."""
    option = f"--month {key}" if key else "--completion" if kind is PaperKind.COMPLETION else "--end"
    words = [f"liasse attest {course.life.dossier.number} {option}"]
    if course.presence.between(*course.period(key)).unknown:
        words.append("--present-as-planned")
    if option == "--end" and lists_end_attestation(course.life) and pay_to_tell(course):
        words.append("--paid-as-agreed")
    return f"{' '.join(words)} --by NOM"
