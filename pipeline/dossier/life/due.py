"""What is due of a dossier on a day: attestations, milestones, signatures, closing. Pure, and read from no PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.core.errors import NotAllowed
from pipeline.core.law import CONTINUING, STUDENTS
from pipeline.core.life import FactKind, PaperKind
from pipeline.core.models import get
from pipeline.core.places import place_of
from pipeline.dossier.life import life_rules, meetings
from pipeline.dossier.life.attestation_words import of_month
from pipeline.dossier.life.changing import judge_command
from pipeline.dossier.life.closing import missing
from pipeline.dossier.life.course import (
    WHOLE,
    Course,
    attest_command,
    course_of,
    figures_of,
    halfway,
    lists_end_attestation,
    owed_to_others,
    pay_to_tell,
    says,
)
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.signing import of_packet, to_sign

_ALARM = 5  # working days before the first day from which a signature that is missing is told
_AROUND = dt.timedelta(days=7)  # before half of the hours: from when the bilan à mi-parcours is asked
_DAY = dt.timedelta(days=1)


class DueKind(StrEnum):
    """What there is to do, in the words of the list."""

    ATTESTATION = "attestation à émettre"
    CERTIFICATE = "certificat de réalisation à émettre"
    END = "attestation de fin de stage à émettre"
    MEETING = "invitation à la réunion des référents"
    MID_TERM = "bilan à mi-parcours"
    EVALUATION = "évaluation manquante"
    QUESTIONNAIRE = "questionnaire manquant"
    JUDGEMENT = "avis attendu sur une modification"
    AVENANT = "avenant à faire signer"
    SIGNATURE = "convention sans toutes ses signatures"
    CLOSING = "dossier à clore"


@dataclass(frozen=True)
class Due:
    """One thing to do for a dossier, since a day: ``what`` in French, and the whole command.

    ``ready``: nothing is left for a person to say, the papers can be issued as they are.
    """

    dossier: str
    kind: DueKind
    key: str
    since: dt.date
    what: str
    command: str
    ready: bool = False


_PAPERS = {
    PaperKind.PRESENCE: (DueKind.ATTESTATION, "attestation de présence"),
    PaperKind.COMPLETION: (DueKind.CERTIFICATE, "certificat de réalisation"),
    PaperKind.END: (DueKind.END, "attestation de fin de stage"),
}
PAPER_OF = {due: paper for paper, (due, _) in _PAPERS.items()}


def due_of(life: Life, today: dt.date) -> tuple[Due, ...]:
    """All that is due of a dossier on a day; nothing once it is closed."""
    if life.facts.closed:
        return ()
    try:
        course = course_of(life)
    except NotAllowed:  # its days are not named: its attestations are filled by hand
        course = None
    found = [*_signatures(life, today), *_avenants(life), *_meeting(life, today)]
    if course is not None:
        found += [*_attestations(course, today), *_mid_term(course, today)]
    found += _at_the_end(life, today)
    end = life_rules.last_day(life)
    if not found and end is not None and today > end:
        number, left = life.dossier.number, missing(life, today)
        what = f"avant de clore : {left[0]}" if left else "tout est là : à clore"
        found.append(Due(number, DueKind.CLOSING, "", end + _DAY, what, f"liasse close {number} --by NOM"))
    return tuple(found)


def _attestations(course: Course, today: dt.date) -> Iterator[Due]:
    """Papers that are not there, and those that say what is no longer so (S2-12)."""
    wanted = dict.fromkeys(_wanted(course))
    issued = [(one.kind, one.key) for one in course.life.papers if one.counts and one.kind in _PAPERS]
    for kind, key in dict.fromkeys((*wanted, *issued)):
        if not course.is_over(key, today):
            continue
        figures, paper = figures_of(course, kind, key), course.life.paper(kind, key)
        if paper is not None and figures is not None and says(paper, figures):
            continue
        if paper is not None and key != WHOLE and key not in course.presence.months:
            continue  # no day of that month is planned any more: its attestation stands for nothing, nor is it remade
        yield _paper_due(course, kind, key, known=figures is not None, again=paper is not None)


def _wanted(course: Course) -> Iterator[tuple[PaperKind, str]]:
    life = course.life
    if owed_to_others(life):
        yield from ((PaperKind.PRESENCE, month) for month in course.presence.months)
        yield PaperKind.PRESENCE, WHOLE
    if asks_completion(life):
        yield PaperKind.COMPLETION, WHOLE
    if lists_end_attestation(life):
        yield PaperKind.END, WHOLE


def asks_completion(life: Life) -> bool:
    """Whether somebody else than the person pays or sends them (C. trav., L6353-1): a certificat is issued."""
    regime = get(life.data, "stagiaire.regime")
    return regime in CONTINUING and (regime != "FPC_AUTOFINANCE" or bool(get(life.data, "employeur.financeur")))


def _paper_due(course: Course, kind: PaperKind, key: str, *, known: bool, again: bool) -> Due:
    number, (due, name) = course.life.dossier.number, _PAPERS[kind]
    part = course.presence.between(*course.period(key))
    what = f"{name} {of_month(key)}" if key else name
    if again:
        what += ", à refaire"
    command = attest_command(course, kind, key)
    if part.clashes:
        what += ", présence contradictoire"
        command = f"liasse presence {number} {part.clashes[0].day}=… --by NOM"
    else:
        what += ", présence à confirmer" if part.unknown else ""
        what += ", gratification versée à confirmer" if kind is PaperKind.END and pay_to_tell(course) else ""
    return Due(number, due, key, course.period(key)[1] + _DAY, what, command, ready=known)


def _mid_term(course: Course, today: dt.date) -> Iterator[Due]:
    life, half = course.life, halfway(course)
    asked = life.programme.formation.settings.get("suivi", {}).get("bilan_mi_parcours", False)
    if not asked or half is None or life.facts.last(FactKind.MID_TERM):
        return
    if half - _AROUND <= today <= course.last:
        command = f"liasse note {life.dossier.number} bilan --on DATE --text … --by NOM"
        yield Due(life.dossier.number, DueKind.MID_TERM, "", half - _AROUND, "bilan à mi-parcours", command)


def _meeting(life: Life, today: dt.date) -> Iterator[Due]:
    meeting = meetings.meeting_of(life.programme.session)
    if meeting is not None and meeting.is_near(today) and meetings.to_invite(life, meeting):
        number = life.dossier.number
        yield Due(
            number,
            DueKind.MEETING,
            "",
            meeting.since,
            "invitation à la réunion des référents",
            f"liasse invite {number} --by NOM",
        )


def _avenants(life: Life) -> Iterator[Due]:
    number = life.dossier.number
    for asked in life.facts.of(FactKind.ASKED):
        if life.facts.last(FactKind.JUDGED, asked.key) is None:
            what = f"avis du référent pédagogique sur la modification {asked.key}"
            yield Due(number, DueKind.JUDGEMENT, asked.key, asked.day, what, judge_command(number, asked.key))
    for one in to_sign(life):
        if one.paper is not None and one.paper.kind is PaperKind.AVENANT and one.missing:
            command = f"liasse signed {number} --piece {one.name} --on DATE --by NOM"
            what = f"{one.name} à faire signer"
            yield Due(number, DueKind.AVENANT, one.paper.key, one.paper.day, what, command)


def _signatures(life: Life, today: dt.date) -> Iterator[Due]:
    number, start = life.dossier.number, life_rules.first_day(life)
    if start is None or not any(life_rules.alarm(life, today, _ALARM)):
        return
    for one in of_packet(life):
        if one.missing:
            names = ", ".join(party.name or party.title for party in one.missing)
            what = f"{one.name} sans la signature de {names}"
            command = f"liasse signed {number} --piece {one.name} --on DATE --by NOM"
            since = life_rules.alarm_from(start, _ALARM, place_of(life.data))
            yield Due(number, DueKind.SIGNATURE, one.name, since, what, command)


def _at_the_end(life: Life, today: dt.date) -> Iterator[Due]:
    """What others fill once the internship is over: the evaluation, and a student's questionnaire (L124-4)."""
    end, number = life_rules.last_day(life), life.dossier.number
    if end is None or today <= end:
        return
    settings = life.programme.formation.settings.get("evaluation", {})
    for kind, fact, asked in (
        (DueKind.EVALUATION, FactKind.EVALUATION, bool(settings.get("document"))),
        (DueKind.QUESTIONNAIRE, FactKind.QUESTIONNAIRE, bool(settings.get("questionnaire")) and _is_student(life)),
    ):
        if asked and life.facts.last(fact) is None and life.facts.last(FactKind.RETURNED, fact.value) is None:
            yield Due(number, kind, "", end + _DAY, kind.value, f"liasse dossier show {number}")


def _is_student(life: Life) -> bool:
    return get(life.data, "stagiaire.regime") in STUDENTS
