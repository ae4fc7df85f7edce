"""The rule that shows night, Sunday and holiday work to a person (L-26), from words, half-days and calendar."""

from __future__ import annotations

from decimal import Decimal

from pipeline.checks.case import EXCEPTIONAL, Case, Findings
from pipeline.checks.phrasing import and_list, day_name, day_names
from pipeline.checks.registry import legal
from pipeline.core.days import Days
from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import hours
from pipeline.core.half_days import half_days
from pipeline.core.law import WITHOUT_CONTRACT
from pipeline.core.models import Severity, Who
from pipeline.core.moments import (
    HOLIDAY,
    SUNDAY,
    around,
    days_said,
    denies,
    has_undated_night,
    is_night,
    moments_of,
    night_hours,
    short,
    stays_of,
)

_BREAK = Decimal(2)
_PROSE = ("stage.sujet", "stage.objectifs", "stage.activites", "stage.projet_collectif")


@legal(
    "L-26",
    "Nuit, dimanche et jours fériés",
    Severity.WARNING,
    "C. éduc., D124-4 (6°) et L124-14 ; C. trav., L3132-3 et L6343-4",
)
def unusual_hours(case: Case) -> Findings:
    """Night, Sunday and holidays found in words, half-days or calendar are shown to a person, for every régime.

    Words and days that contradict each other are asked about: days that the words deny, a day that the words name
    and that is none of the days, a night on no day that one can tell, hours that the day does not
    have. Blocked elsewhere for a minor (L-09) and for whoever has no contract (L-11).
    """
    said = moments_of(case.text(EXCEPTIONAL))
    if said and case.regime not in WITHOUT_CONTRACT:
        yield case.finding(
            EXCEPTIONAL,
            f"« {short(case.text(EXCEPTIONAL))} », soit une présence {and_list(said)}. La convention l’imprime : "
            "vérifiez que l’organisme y est autorisé et que le repos est gardé.",
            who=Who.SCOLARITE,
        )
    elif case.text(EXCEPTIONAL) and not said and not denies(case.text(EXCEPTIONAL)):
        yield case.finding(
            EXCEPTIONAL,
            f"« {short(case.text(EXCEPTIONAL))} » : lisez cette réponse : aucune présence la nuit, le "
            "dimanche ou un jour férié n’y a été comprise.",
            Severity.INFO,
            Who.SCOLARITE,
        )
    for path in _PROSE:
        found = moments_of(case.text(path), prose=True)
        if found:
            yield case.finding(
                path,
                f"il y est question de présence {and_list(found)} (« {around(case.text(path), found[0])} »)"
                f"{'' if said else f', rien à « {case.label(EXCEPTIONAL)} »'}. Demandez ce qui est prévu.",
                who=Who.SCOLARITE,
            )
    for path, _, words in half_days(case.data):
        if is_night(words):
            yield case.finding(path, f"« {short(words)} » : une partie est la nuit. Vérifiez.", who=Who.SCOLARITE)
    yield from _of_calendar(case)
    if case.regime not in WITHOUT_CONTRACT:
        yield from _promised(case, said)


def _of_calendar(case: Case) -> Findings:
    days, text = case.days.exceptional if case.days else {}, case.text(EXCEPTIONAL)
    if not days:
        return
    planned = f"le calendrier prévoit {day_names(days)} (dimanche ou jour férié)"
    if text and not moments_of(text):
        yield case.finding(
            EXCEPTIONAL,
            f"« {short(text)} », or {planned}. Écrivez-le, ou déplacez ces jours.",
            Severity.BLOCKING,
        )
    elif not text:
        yield case.finding(
            EXCEPTIONAL,
            f"rien n’est écrit, or {planned}. La convention dira ces jours : vérifiez qu’ils sont voulus.",
        )


def _promised(case: Case, said: list[str]) -> Findings:
    """Days, Sundays or holidays that the words promise and the days of presence do not have."""
    days = case.days
    if days is None or days.is_assumed:
        return
    text = short(case.text(EXCEPTIONAL))
    absent = [day for day in days_said(case.text(EXCEPTIONAL), days.first, days.last) if day not in days.hours]
    kinds = {SUNDAY if name == WEEKDAYS[-1] else HOLIDAY for name in days.exceptional.values()}
    kinds |= {HOLIDAY} if days.place.abroad else set()  # whose holidays are not known here
    missing = [moment for moment in (SUNDAY, HOLIDAY) if moment in said and moment not in kinds]
    if absent:
        yield case.finding(
            EXCEPTIONAL,
            f"« {text} », or les jours de présence n’ont pas {day_names(absent)}. {_add(case)}, ou corrigez cette "
            "réponse.",
            Severity.BLOCKING,
        )
    elif missing:
        yield case.finding(
            EXCEPTIONAL,
            f"« {text} », or aucun jour de présence ne tombe {and_list(missing)}. {_add(case)}, avec leurs heures, "
            "ou corrigez cette réponse.",
            Severity.BLOCKING,
        )
    yield from _nights(case, days, text)


def _nights(case: Case, days: Days, text: str) -> Findings:
    """Nights longer than any day, or on days that one cannot tell; hours that the day they are said of has not."""
    longest = max(night_hours(case.text(EXCEPTIONAL)), default=None)
    if longest is not None and longest > max(days.hours.values()):
        yield case.finding(
            EXCEPTIONAL,
            f"« {text} », soit {hours(longest)}, or aucun jour de présence n’en compte autant. {_add(case)}, avec "
            "leurs heures, ou corrigez cette réponse.",
            Severity.BLOCKING,
        )
    elif has_undated_night(case.text(EXCEPTIONAL), {WEEKDAYS[day.weekday()] for day in days.hours}) and not any(
        is_night(words) for _, _, words in half_days(case.data)
    ):
        yield case.finding(
            EXCEPTIONAL,
            f"« {text} » : rien ne dit quels jours de présence sont la nuit. Écrivez à quelles dates, ou corrigez "
            "cette réponse.",
            Severity.BLOCKING,
        )
    else:
        yield from _longer_than_the_day(case, days)


def _longer_than_the_day(case: Case, days: Days) -> Findings:
    """Hours written beside a date that its day of presence does not have, a break of two hours aside.

    More than an adult may do in a day is L-10's.
    """
    stays = stays_of(case.text(EXCEPTIONAL), days.first, days.last)
    for stay in (one for one in stays if one.hours <= case.law.adults.hours_a_day):
        short_days = [day for day in stay.days if day in days.hours and stay.hours > days.hours[day] + _BREAK]
        if short_days:
            yield case.finding(
                EXCEPTIONAL,
                f"« {short(case.text(EXCEPTIONAL))} », soit {hours(stay.hours)}, or la présence le "
                f"{day_name(short_days[0])} est de {hours(days.hours[short_days[0]])}. Écrivez les heures de ce jour "
                f"à « {case.label(case.named_path)} », ou corrigez cette réponse.",
                Severity.BLOCKING,
            )


def _add(case: Case) -> str:
    return f"Ajoutez les jours voulus à « {case.label(case.named_path)} »"
