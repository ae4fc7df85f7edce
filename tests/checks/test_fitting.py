"""Hours against days, first and last day, teaching year, nights and Sundays: each on both sides."""

from __future__ import annotations

import datetime as dt
import random
import re
from typing import Any

import pytest
from checks_bench import Bench, calendar, twenty_days

from pipeline.core.errors import ConfigError
from pipeline.core.formation import Formation, Session
from pipeline.core.french import MONTHS
from pipeline.core.models import Record, Refused, Who
from pipeline.core.moments import days_said, moments_of

WEEK = ["lundi", "mardi", "mercredi", "jeudi", "vendredi"]
CALENDAR, WORDS = "stage.calendrier", "stage.presence_exceptionnelle"


def said(form: Bench, rule: str = "L-20") -> list[str]:
    """What a rule says, with ordinary spaces; remarks left out."""
    problems = (p for p in form.problems(rule) if p.severity.value != "info")
    return [p.message.replace("\u00a0", " ") for p in problems]


def test_the_samples_as_they_were(sample: Bench) -> None:
    """74 days are 518 h, not 560: both figures and the two nearest mends; three days of 7 h are not 17 h 30."""
    assert said(sample) == []
    (short,) = said(sample.having({"stage.date_fin": "2025-07-25"}))
    assert "560 h déclarées, or du 7 avril 2025 au 25 juillet 2025" in short
    assert "hors 6 jours fériés) sont 74, soit 518 h (il manque 42 h)" in short
    assert "Terminez le lundi 4 août 2025 (80 jours, 560 h), ou prévoyez 37 h 51 par semaine, soit 7 h 34" in short
    days = {"stage.jours_semaine": WEEK[:3], "stage.quotite": "partiel", "stage.date_fin": "2025-10-14"}
    assert said(sample.having(days | {"stage.heures_hebdo": 21})) == []
    (other,) = said(sample.having(days | {"stage.heures_hebdo": 17.5}))
    assert "17 h 30, or les jours de présence (3 jours de 7 h) font 21 h par semaine" in other


def test_who_mends_hours_that_do_not_fit(sample: Bench) -> None:
    """The stagiaire, and nobody can lift it."""
    (problem,) = sample.having({"stage.date_fin": "2025-07-25"}).problems("L-20")
    assert (problem.severity.value, problem.who, problem.overridable) == ("blocking", Who.STAGIAIRE, False)


def test_thirty_five_hours_on_mondays(sample: Bench) -> None:
    """« 35 h, temps plein » on Mondays: the week, the total and the share of time are found, with their figures."""
    week, total, share = said(sample.having({"stage.jours_semaine": ["lundi"]}))
    assert "35 h, or les jours de présence (1 jour de 7 h) font 7 h par semaine" in week
    assert re.search(r"sont 15, soit 105 h \(il manque 455 h\)\. Cochez d’autres jours", total)
    assert "« Temps plein », or la semaine la plus remplie fait 7 h" in share


def test_a_mend_that_the_law_forbids_is_not_proposed(sample: Bench) -> None:
    """37 h 51 a week is too much for a jobseeker; a session that ends before leaves no later day either."""
    jobless = sample.having({"stagiaire.regime": "FPC_DEMANDEUR_EMPLOI", "stage.date_fin": "2025-07-25"})
    assert "37 h 51" not in said(jobless)[0]
    assert "4 août" in said(jobless)[0]
    closed = Session("2024-2025", {"date_debut": dt.date(2025, 4, 1), "date_fin": dt.date(2025, 7, 31)})
    assert "Cochez d’autres jours" in said(jobless.having(session=closed))[0]


def test_every_mend_proposed_makes_the_hours_fit(sample: Bench) -> None:
    """Sixty stages that do not fit: each last day and each number of hours proposed is accepted, once written."""
    chance = random.Random(7)  # noqa: S311 -- the same sixty each time
    ends = weeks = 0
    for _ in range(60):
        ticked = sorted(chance.sample(WEEK, chance.randrange(2, 6)), key=WEEK.index)
        hours = chance.choice([6, 7, 7.5])
        stage: dict[str, Any] = {
            "stage.jours_semaine": ticked,
            "stage.heures_jour": hours,
            "stage.heures_hebdo": hours * len(ticked),
            "stage.quotite": "partiel",
            "stage.date_fin": (dt.date(2025, 6, 2) + dt.timedelta(days=chance.randrange(150))).isoformat(),
            "stage.duree_heures": chance.randrange(20, 70) * hours,
        }
        form = sample.having(stage)
        for message in said(form):
            if end := re.search(r"erminez le \w+ (\d+)(?:er)? (\S+) (\d+) \(", message):
                day = dt.date(int(end[3]), MONTHS.index(end[2]) + 1, int(end[1]))
                assert said(form.having({"stage.date_fin": day.isoformat()})) == [], message
                ends += 1
            if week := re.search(r"révoyez (.+?) par semaine, soit (.+?) par jour", message):
                a_week, a_day = (_hours(text) for text in week.groups())
                changes = {"stage.heures_hebdo": a_week, "stage.heures_jour": a_day}
                assert said(form.having(changes)) == [], message
                weeks += 1
    assert ends > 30
    assert weeks > 15


def _hours(text: str) -> float:
    whole, _, minutes = text.partition(" h")
    return round(int(whole) + int(minutes or 0) / 60, 4)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"stage.duree_heures": 133}, ["stage.calendrier"]),
        ({"stage.heures_hebdo": 35}, ["stage.heures_hebdo"]),
        ({"stage.heures_hebdo": 10}, ["stage.heures_hebdo"]),
        ({"stage.heures_hebdo": None}, []),
        ({"stage.heures_jour": 6}, ["stage.heures_jour"]),
        ({"stage.heures_jour": None}, []),
        ({"stage.quotite": "plein"}, ["stage.quotite"]),
    ],
)
def test_a_calendar_against_what_is_declared(coord: Bench, answers: dict[str, Any], expected: list[str]) -> None:
    """Total, hours a week between the average and the fullest week, hours a day, share of time."""
    found = coord.having(answers).problems("L-20")
    assert [p.field for p in found if p.severity.value != "info"] == expected


def test_days_added_to_a_calendar_are_counted(coord: Bench) -> None:
    """Where the formation does not ask for that very total, the calendar's own is a mend too."""
    (message,) = said(coord.having({"stage.duree_heures": 154}))
    assert "les jours du calendrier font 140 h (20 jours)" in message
    assert "Ajoutez 2 jours de 7 h, ou écrivez 140 h." in message


def test_one_error_is_told_once(coord: Bench) -> None:
    """S2-01 already tells a calendar of nineteen days; lifted or not asked, L-20 tells it."""
    form = coord.having({CALENDAR: twenty_days()[:-1]})
    assert form.severities("S2-01") == ["blocking"]
    assert said(form) == []
    assert len(said(form.ruled("S2-01", derogeable=True))) == 1


@pytest.mark.parametrize(("hours", "expected"), [(89, ["warning"]), (90, []), (110, []), (111, ["warning"])], ids=str)
def test_without_days_ten_per_cent_are_allowed(cnam: Bench, hours: int, expected: list[str]) -> None:
    """Ten weeks at 10 h, days unknown: 90 to 110 hours, and it is said that no day was compared."""
    ten = {"stage.date_debut": "2026-03-02", "stage.date_fin": "2026-05-10", "stage.heures_hebdo": 10}
    found = cnam.having(ten | {"stage.duree_heures": hours, "stage.quotite": "partiel"}).severities("L-20")
    assert found == [*(["blocking"] if expected else []), "info"]


def test_interruptions_and_days_in_the_centre_are_taken_off(sample: Bench) -> None:
    """A week off is five days less, and five days later it fits again; so are the session's days in the centre."""
    off = sample.having({"stage.interruptions": [{"debut": "2025-05-12", "fin": "2025-05-16"}]})
    assert "sont 75, soit 525 h" in said(off)[0]
    assert said(off.having({"stage.date_fin": "2025-08-11"})) == []
    centre = Session("2024-2025", {"jours_formation": [dt.date(2025, 5, 12)]})
    assert "sont 79, soit 553 h" in said(sample.having(session=centre))[0]


def test_the_holidays_of_the_place_are_taken_off(sample: Bench) -> None:
    """Good Friday in Strasbourg, 20 December in La Réunion; abroad no French holiday is."""
    assert "hors 7 jours fériés) sont 79" in said(sample.having({"organisme.adresse.code_postal": "67000"}))[0]
    assert said(sample.having({"organisme.adresse.code_postal": "97400"})) == []
    assert "sont 86, soit 602 h" in said(sample.having({"organisme.adresse.pays": "Belgique"}))[0]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"stage.date_fin": "2025-06-24"}, [("stage.date_fin", "blocking")]),
        ({"stage.date_fin": "2025-06-22"}, [("stage.date_fin", "blocking")]),
        ({"stage.date_debut": "2025-04-06"}, [("stage.date_debut", "blocking")]),
        ({"stage.date_debut": "2025-04-08"}, [("stage.date_debut", "blocking")]),
    ],
)
def test_the_dates_are_those_of_the_calendar(
    coord: Bench, answers: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """L-25: a day before or after, at either end."""
    assert [(p.field, p.severity.value) for p in coord.having(answers).problems("L-25")] == expected


@pytest.mark.parametrize(
    ("start", "postcode", "expected"),
    [
        ("2025-04-06", "94110", ["blocking"]),  # Sunday
        ("2025-05-01", "94110", ["blocking"]),
        ("2025-04-18", "94110", []),
        ("2025-04-18", "67000", ["blocking"]),  # Vendredi saint
        ("2025-04-19", "94110", ["info"]),  # a Saturday on which nobody comes
    ],
)
def test_the_first_day_is_open(sample: Bench, start: str, postcode: str, expected: list[str]) -> None:
    """L-25: not a Sunday, not a holiday of the place; a day without presence is a remark."""
    form = sample.having({"stage.date_debut": start, "organisme.adresse.code_postal": postcode})
    assert form.severities("L-25") == expected


def test_a_stage_of_next_year_on_this_years_blank(sample: Bench) -> None:
    """L-27 waits for the scolarité, with the command that says the year; the right year is silent."""
    winter = {"stage.date_debut": "2025-11-03", "stage.date_fin": "2026-02-25"}
    (problem,) = sample.having(winter).problems("L-27")
    assert (problem.severity.value, problem.who, problem.waits) == ("blocking", Who.SCOLARITE, True)
    assert "formation.annee=2025-2026 --by" in problem.message
    assert sample.having(winter, session=sample.formation.session("2025-2026")).severities("L-27") == []
    assert sample.severities("L-27") == []


def test_summer_may_belong_to_either_year(sample: Bench) -> None:
    """L-27: from July on a stage may be of the session to come; in June it is not."""
    to_come = sample.formation.session("2025-2026")
    july = {"stage.date_debut": "2025-07-07", "stage.date_fin": "2025-08-29"}
    assert sample.having(july).severities("L-27") == []
    assert sample.having(july, session=to_come).severities("L-27") == []
    assert sample.having({"stage.date_debut": "2025-06-30"}, session=to_come).severities("L-27") == ["blocking"]


def test_two_teaching_years_are_said(sample: Bench) -> None:
    """L-27: a stage that goes on after 31 August is a warning for a student, a remark else, with both hours."""
    long = sample.having({"stage.date_fin": "2025-09-05"})
    (problem,) = long.problems("L-27")
    assert problem.severity.value == "warning"
    assert "(686 h en 2024-2025 et 35 h en 2025-2026)" in problem.message.replace("\u00a0", " ")
    assert "deux mois (308 h) de la gratification" in problem.message.replace("\u00a0", " ")
    assert problem.message.endswith("Voyez si l’inscription couvre la seconde.")
    assert sample.having({"stage.date_fin": "2025-08-29"}).severities("L-27") == []


@pytest.mark.parametrize(
    "regime", ["FPC_AUTOFINANCE", "FPC_SALARIE_EMPLOYEUR", "FPC_DEMANDEUR_EMPLOI", "AGENT_PUBLIC"]
)
def test_two_years_without_gratification(sample: Bench, regime: str) -> None:
    """L-27: the gratification is spoken of to students alone."""
    (problem,) = sample.having({"stage.date_fin": "2025-09-05", "stagiaire.regime": regime}).problems("L-27")
    assert problem.severity.value == "info"
    assert "six mois" in problem.message
    assert "gratification" not in problem.message


@pytest.mark.parametrize(
    ("end", "absence", "said"),
    [
        ("2026-09-25", None, "trois années d’enseignement (686 h en 2024-2025, "),
        ("2027-09-24", None, "4 années d’enseignement (686 h en 2024-2025, "),
        ("2025-09-05", ("2025-09-01", "2025-09-05"), None),  # the last day of presence is in August
        ("2026-09-25", ("2025-09-01", "2026-08-31"), "deux années d’enseignement (686 h en 2024-2025 et "),
    ],
)
def test_the_teaching_years_said_are_those_listed(
    sample: Bench, end: str, absence: tuple[str, str] | None, said: str | None
) -> None:
    """L-27 counts the years in which there are days of presence."""
    away = {"stage.interruptions": [dict(zip(("debut", "fin"), absence, strict=True))] if absence else None}
    found = sample.having({"stage.date_fin": end, **away}).problems("L-27")
    assert len(found) == (said is not None)
    for problem in found:
        assert said in problem.message.replace("\u00a0", " ")
        assert problem.message.endswith("la seconde." if said.startswith("deux") else "les suivantes.")


def test_six_months_are_counted_by_teaching_year(sample: Bench) -> None:
    """L-03: 1 001 h in one year are too long; cut by 31 August, none of the two years is."""
    days = {"stage.jours_semaine": WEEK, "stage.duree_heures": 1001}
    one = days | {"stage.date_debut": "2025-01-06", "stage.date_fin": "2025-08-29"}
    two = days | {"stage.date_debut": "2025-05-05", "stage.date_fin": "2025-12-12"}
    assert sample.having(one).severities("L-03") == ["blocking"]
    assert sample.having(two).severities("L-03") == []


@pytest.mark.parametrize(
    ("start", "end", "absent", "expected"),
    [
        ("2025-07-07", "2025-10-28", None, ["blocking"]),  # 266 h and 294 h, week after week
        ("2025-07-01", "2025-10-31", ("2025-08-04", "2025-09-12"), []),  # 161 h, then 245 h: L-31
        ("2025-04-07", "2025-08-04", ("2025-06-02", "2025-06-13"), ["blocking"]),  # 259 h, then 231 h of one year
        ("2025-07-21", "2025-09-12", None, []),  # 273 h in all
    ],
)
def test_two_months_in_a_row_or_of_one_teaching_year(
    sample: Bench, start: str, end: str, absent: tuple[str, str] | None, expected: list[str]
) -> None:
    """L-04 owes above 308 h that follow one another, or of one teaching year (L124-6); else it waits (L-31)."""
    days = {"stage.date_debut": start, "stage.date_fin": end, "gratification.prevue": False}
    closed = [dict(zip(("debut", "fin"), absent, strict=True))] if absent else None
    form = sample.having(days | {"stage.interruptions": closed, "gratification.montant": None})
    assert form.severities("L-04") == expected
    assert form.severities("L-31") == (["blocking"] if start == "2025-07-01" else [])
    across = any("à la suite, plus de 308 h, même sur deux années" in message for message in said(form, "L-04"))
    assert across is (start == "2025-07-07")


def test_a_session_that_does_not_exist_is_the_houses_error(sample: Bench) -> None:
    """Never the nearest one: the year after the last is a ConfigError; a slip and a year long past are the form's."""
    formation = sample.formation
    assert formation.session_of(dt.date(2025, 11, 3)).annee == "2025-2026"
    with pytest.raises(ConfigError, match="has no session 2026-2027"):
        formation.session_of(dt.date(2026, 9, 1))
    for day in (dt.date(2052, 4, 7), dt.date(2019, 4, 8), None):
        assert formation.session_of(day).annee == "2025-2026"
    gap = {**formation.settings, "sessions": [{"annee": "2022-2023"}, {"annee": "2024-2025"}]}
    with pytest.raises(ConfigError, match="2023-2024"):
        Formation(formation.code, formation.folder, gap).session_of(dt.date(2024, 3, 4))


SUNDAY, NIGHT, HOLIDAY = "le dimanche", "la nuit", "un jour férié"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un dimanche par mois et deux nuits", [NIGHT, SUNDAY]),
        ("un week-end sur trois", [SUNDAY]),
        ("le 8 mai et le lundi de Pâques", [HOLIDAY]),
        ("permanence de 20 h à 23 h 30", [NIGHT]),
        ("Non, sauf un dimanche par mois", [SUNDAY]),
        ("Aucune nuit ; un dimanche par mois", [SUNDAY]),
        ("jamais le dimanche mais deux nuits", [NIGHT]),
        ("aucun dimanche, aucune nuit, un jour férié", [HOLIDAY]),
        ("de 14 h à 22 h", []),
        ("Aucune", []),
        ("néant", []),
        ("ni la nuit, ni le dimanche, ni un jour férié", []),
        ("pas de nuit, de dimanche ou de jour férié", []),
        ("tous les jours sauf le dimanche", []),
        ("tous les jours sauf le dimanche, un samedi de nuit par mois", [NIGHT]),
        ("Travail le dimanche et pas la nuit", [SUNDAY]),
        ("Oui le dimanche, non la nuit", [SUNDAY]),
        ("Pas de nuit, le dimanche si besoin", [SUNDAY]),
        ("Dimanche matin (pas de nuit)", [SUNDAY]),
        ("Pas de nuit\nLe dimanche matin", [SUNDAY]),
        ("Ne travaille pas la nuit et travaille un dimanche sur deux", [SUNDAY]),
        ("Pas de nuit puis le dimanche une fois par mois", [SUNDAY]),
        ("Aucune nuit - dimanche une fois par mois", [SUNDAY]),
        ("Présence le dimanche sans supplément", [SUNDAY]),
        ("Samedis et dimanches, jamais seul", [SUNDAY]),
        ("Pas tous les dimanches", [SUNDAY]),
        ("Pas plus d’un dimanche par mois", [SUNDAY]),
        ("Aucun problème pour le dimanche", [SUNDAY]),
        ("Dimanche oui nuit non", [NIGHT, SUNDAY]),
        ("Nuit : non, dimanche : oui", [SUNDAY]),
        ("Nuit : non, dimanche : non", []),
        ("Nuit, dimanche et jours fériés : néant", []),
        ("Dimanches et jours fériés non travaillés", []),
        ("Le dimanche n’est pas travaillé", []),
        ("La nuit est exclue", []),
        ("Hors jours fériés", []),
        ("Sauf un dimanche par mois", [SUNDAY]),
        ("Aucun travail de nuit, le dimanche et les jours fériés", []),
        ("Pas de présence la nuit ni le week-end", []),
        ("Sans travail de nuit ni de dimanche", []),
        ("Les 1er et 8 mai", [HOLIDAY]),
        ("Télétravail le vendredi", []),
        ("", []),
    ],
)
def test_what_words_say_of_nights_and_sundays(text: str, expected: list[str]) -> None:
    """What will happen is found, what is denied is not."""
    assert moments_of(text) == expected


def test_a_jobseeker_has_neither_sundays_nor_nights(jobless: Bench) -> None:
    """L-11 blocks what the article printed forbids; a denial and another matter pass."""
    (problem,) = jobless.having({WORDS: "Un dimanche par mois et deux nuits"}).problems("L-11")
    assert (problem.severity.value, problem.field, problem.who) == ("blocking", WORDS, Who.STAGIAIRE)
    assert "L6343-4" in problem.message
    for text in ("deux nuits", "Travail le dimanche et pas la nuit", "Pas de nuit, le dimanche si besoin"):
        assert jobless.having({WORDS: text}).severities("L-11") == ["blocking"]
    for text in ("Aucune", "Télétravail le vendredi"):
        assert jobless.having({WORDS: text}).severities("L-11") == []


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({WORDS: "un dimanche par mois"}, ["warning"]),
        ({WORDS: "aucune"}, []),
        ({WORDS: "selon le planning"}, ["info"]),
        ({WORDS: "ni la nuit, ni le dimanche"}, ["info"]),
        ({WORDS: "Dimanche matin (pas de nuit)"}, ["warning"]),
        ({"stage.activites": ["Accompagner les maraudes de nuit", "Rendre compte du projet"]}, ["warning"]),
        ({"stage.activites": ["Préparer la fête de Noël", "Rendre compte du projet"]}, []),
        ({"stage.horaires.lundi.apres_midi": "20h-23h"}, ["warning"]),
        ({"stage.horaires.lundi.apres_midi": "14h-18h"}, []),
        ({CALENDAR: calendar([dt.date(2026, 5, 8)])}, ["warning"]),
        ({CALENDAR: calendar([dt.date(2026, 5, 10)])}, ["warning"]),
        ({CALENDAR: calendar([dt.date(2026, 5, 8)]), WORDS: "aucune"}, ["blocking"]),
        ({CALENDAR: calendar([dt.date(2026, 5, 8)]), WORDS: "le 8 mai"}, ["warning"]),
        ({CALENDAR: calendar([dt.date(2026, 5, 7)])}, []),
    ],
)
def test_nights_and_sundays_are_shown(student: Bench, answers: dict[str, Any], expected: list[str]) -> None:
    """L-26: in the answer that asks for them, in activities, half-days and the calendar."""
    assert student.having(answers).severities("L-26") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le dimanche 15 juin 2025", ["2025-06-15"]),
        ("dimanches 15 et 22 juin", ["2025-06-15", "2025-06-22"]),
        ("le 1er mai, le 8/05/25", ["2025-05-01", "2025-05-08"]),
        ("pas le 15 juin", []),
        ("sauf le 15 juin", []),
        ("non, sauf le 15 juin", ["2025-06-15"]),
        ("du 1er au 30 juin, un dimanche", []),
        ("le 31 juin", []),
        ("de 14 h à 22 h", []),
    ],
)
def test_the_days_that_words_name(text: str, expected: list[str]) -> None:
    """A date said to be one of presence, in the year of the stage; not a denial, nor the ends of a period."""
    found = days_said(text, dt.date(2025, 4, 7), dt.date(2025, 8, 4))
    assert [day.isoformat() for day in found] == expected


@pytest.mark.parametrize(
    ("text", "added", "expected"),
    [
        ("le dimanche 15 juin 2025", None, ["warning", "blocking"]),
        ("le dimanche 15 juin 2025", "2025-06-15", ["warning"]),
        ("le 8 mai", None, ["warning", "blocking"]),
        ("le 8 mai", "2025-05-08", ["warning"]),
        ("un dimanche par mois", None, ["warning", "blocking"]),
        ("un dimanche par mois", "2025-06-15", ["warning"]),
        ("aucun dimanche", None, ["info"]),
    ],
)
def test_a_day_that_is_promised_is_one_of_the_days(
    sample: Bench, text: str, added: str | None, expected: list[str]
) -> None:
    """L-26: the convention would print a Sunday that neither the calendar nor the hours have."""
    changes = [{"date": added, "heures": 7}] if added else None
    assert sample.having({WORDS: text, "stage.exceptions": changes}).severities("L-26") == expected


def test_a_calendar_has_the_sundays_that_words_promise(salaried: Bench) -> None:
    """L-26: where the form gives each day itself, « un dimanche » that is none of them is asked about."""
    form = salaried.having({WORDS: "un dimanche par mois"})
    problem = form.problems("L-26")[-1]
    assert (problem.severity.value, problem.who) == ("blocking", Who.STAGIAIRE)
    assert "aucun jour de présence ne tombe le dimanche" in problem.message


def test_a_minors_denial_is_no_presence(student: Bench) -> None:
    """L-09: « ni la nuit » is what the law asks; a night is refused."""
    minor = student.having({"stagiaire.date_naissance": "2008-02-03"})
    assert WORDS not in [p.field for p in minor.having({WORDS: "ni la nuit, ni un jour férié"}).problems("L-09")]
    assert WORDS in [p.field for p in minor.having({WORDS: "une nuit"}).problems("L-09")]


def test_full_time_on_two_days_in_strasbourg(salaried: Bench) -> None:
    """35 h « temps plein » and 3 July are found beside the Vendredi saint; once mended, the holiday is shown only."""
    spoiled = salaried.having(
        {"stage.heures_hebdo": 35, "stage.quotite": "plein", "stage.date_fin": "2025-07-03"},
    )
    assert [(p.field, p.who) for p in spoiled.problems("L-20")] == [
        ("stage.heures_hebdo", Who.STAGIAIRE),
        ("stage.quotite", Who.STAGIAIRE),
    ]
    assert spoiled.severities("L-25") == ["blocking"]
    assert isinstance(salaried.outcome(), Record)
    assert salaried.severities("S2-05") == salaried.severities("L-26") == ["warning"]
    assert salaried.having({"organisme.lieu_stage.code_postal": "29200"}).severities("L-26") == []


def test_the_whole_outcome_once_the_hours_fit(sample: Bench) -> None:
    """Sundays of a jobseeker are all that blocks; a stage of next year only waits, for the scolarité."""
    sundays = {WORDS: "Un dimanche par mois et deux nuits", "gratification.prevue": False}
    jobless = {"stagiaire.regime": "FPC_DEMANDEUR_EMPLOI", "gratification.montant": None, "gratification.unite": None}
    assert sample.having(jobless | sundays).blocking() == ["L-11"]
    winter = {"stage.date_debut": "2025-11-03", "stage.date_fin": "2026-02-25"}
    outcome = sample.having(winter).outcome()
    assert isinstance(outcome, Refused)
    assert outcome.waits
    assert [(p.rule, p.who) for p in outcome.blocking] == [("L-27", Who.SCOLARITE)]
