"""Corners of the rules: forms without a calendar, sessions without dates, days on the very edge, doubts, settings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from checks_bench import Bench, calendar, twenty_days

from pipeline.checks import check_rules
from pipeline.checks.formats import is_phone
from pipeline.core.formation import Formation

CALENDAR = "stage.calendrier"
WEEK = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"]


def under(bench: Bench, **line: Any) -> Bench:
    """The same form under one rule X-01 only."""
    rule = {"id": "X-01", "gravite": "bloquante", "source": "essai", **line}
    settings = {**bench.formation.settings, "regles": [rule]}
    return bench.having(formation=Formation(bench.formation.code, bench.formation.folder, settings))


@pytest.mark.parametrize(("count", "expected"), [(1, ["blocking"]), (2, []), (5, []), (6, ["blocking"])])
def test_weekdays_stand_for_a_calendar(cnam: Bench, count: int, expected: list[str]) -> None:
    """Two to five days a week, counted on the days ticked when the form has no calendar."""
    form = under(cnam, controle="jours_par_semaine", minimum=2, maximum=5)
    assert form.having({"stage.jours_semaine": WEEK[:count]}).severities("X-01") == expected
    assert not form.verdict("X-01").applies


def test_a_week_may_have_too_few_days(cnam: Bench) -> None:
    """The message says « au moins » under the minimum."""
    form = under(cnam, controle="jours_par_semaine", minimum=2, maximum=5)
    (problem,) = form.having({CALENDAR: calendar([dt.date(2026, 3, 2)])}).problems("X-01")
    assert "1 jour de stage au lieu de 2 au moins" in problem.message


def test_hours_a_day_without_a_calendar(cnam: Bench) -> None:
    """The declared hours a day are verified alone; with neither, the rule does not apply."""
    form = under(cnam, controle="heures_par_jour_exactes", heures=7)
    assert form.severities("X-01") == []
    assert form.having({"stage.heures_jour": 6}).severities("X-01") == ["blocking"]
    assert not form.having({"stage.heures_jour": None}).verdict("X-01").applies


def test_the_last_day_of_the_stage_is_a_day_of_stage(coord: Bench) -> None:
    """A calendar may use the first and the last day."""
    lines = [*twenty_days()[:-1], {"date": "2025-07-03", "heures": 7}]
    assert coord.having({CALENDAR: lines}).severities("S2-05") == []


def test_the_piece_that_carries_the_calendar(coord: Bench) -> None:
    """S2-05: a formation without annexe 1 is to be mended."""
    (problem,) = coord.ruled("S2-05", piece="annexe-9").problems("S2-05")
    assert problem.who.value == "scolarite"


@pytest.mark.parametrize(("hours", "expected"), [(42, []), (42.5, ["blocking"])])
def test_feasibility_counts_monday_to_saturday_of_the_period(cnam: Bench, hours: float, expected: list[str]) -> None:
    """Without session dates, one week of the stage holds six days of seven hours, not seven."""
    form = under(cnam, controle="faisabilite", heures=hours, jours_max=7)
    week = {"stage.date_debut": "2026-03-02", "stage.date_fin": "2026-03-08", "stage.heures_hebdo": 49}
    assert form.having(week).severities("X-01") == expected
    assert not form.having(week | {"stage.date_fin": None}).verdict("X-01").applies
    assert not form.having(week | {"stage.heures_hebdo": None}).verdict("X-01").applies


def test_feasibility_leaves_out_holidays(cnam: Bench) -> None:
    """Friday 8 May 2026 is closed: five days are left in that week."""
    form = under(cnam, controle="faisabilite", heures=42, jours_max=7)
    week = {"stage.date_debut": "2026-05-04", "stage.date_fin": "2026-05-10", "stage.heures_hebdo": 49}
    (problem,) = form.having(week).problems("X-01")
    assert "5 jours, soit 35 h au plus" in problem.message.replace("\u00a0", " ")


def test_a_full_calendar_is_feasible_by_itself(coord: Bench) -> None:
    """S2-06 says nothing when the calendar has its hours, whatever the rhythm."""
    form = under(coord, controle="faisabilite", heures=91)
    mondays = [dt.date(2025, 4, 8) + dt.timedelta(weeks=n) for n in range(13)]
    assert form.having({CALENDAR: calendar(mondays)}).severities("X-01") == []


def test_a_doubtful_leave_clause_is_not_also_missing(student: Bench) -> None:
    """L-08 leaves a doubtful answer to L-19; a doubt elsewhere changes nothing."""
    path = "stage.conges_modalites"
    doubted = student.doubting(path, "d?ux jours", "illisible")
    assert doubted.severities("L-08") == []
    elsewhere = student.having({path: None}).doubting("stage.sujet", "?", "illisible")
    assert elsewhere.severities("L-08") == ["blocking"]


def test_a_doubtful_gratification_is_left_to_its_doubt(student: Bench) -> None:
    """L-04 is not decided while a part of the gratification is doubtful."""
    assert not student.doubting("gratification.montant", "4,S0", "chiffre douteux").verdict("L-04").applies


def test_the_quota_needs_both_numbers(student: Bench) -> None:
    """L-12 is not decided without the staff, nor without the number of stagiaires."""
    assert (
        not student.having({"organisme.stagiaires_en_cours": 40, "organisme.effectif": None}).verdict("L-12").applies
    )
    assert not student.verdict("L-12").applies


def test_saint_pierre_et_miquelon_has_six_digits() -> None:
    """The only French numbers of six digits are +508's."""
    assert is_phone("+508412345")
    assert not is_phone("+33412345")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"controle": "rappel", "texte": ""}, "a text is expected"),
        ({"controle": "rappel", "texte": 3}, "a text is expected"),
        ({"controle": "etalement", "semaines": True}, "a whole number is expected"),
        ({"controle": "etalement", "semaines": 2.5}, "a whole number is expected"),
        ({"controle": "duree_exacte", "heures": True}, "a number is expected"),
        ({"controle": "delai_avant_debut", "jours": 3, "jours_ouvres": 1}, "true or false is expected"),
        ({"controle": "version_du_modele", "modifie_le": "2024-05-21"}, "a date such as"),
        ({"controle": "version_du_modele", "modifie_le": dt.datetime(2024, 5, 21, tzinfo=dt.UTC)}, "a date such as"),
        ({"controle": "pieces_presentes", "documents": []}, "a list of texts is expected"),
        ({"controle": "pieces_presentes", "documents": "convention"}, "a list of texts is expected"),
        ({"controle": "titres_des_pieces", "titres": {}}, "a table of lists of texts is expected"),
        ({"controle": "titres_des_pieces", "titres": ["x"]}, "a table of lists of texts is expected"),
    ],
)
def test_each_type_of_parameter_is_verified(coord: Bench, line: dict[str, Any], said: str) -> None:
    """A parameter of another type is named with what is expected."""
    (fault,) = check_rules(under(coord, **line).formation)
    assert said in fault


def test_limits_are_reached_without_fault(student: Bench) -> None:
    """L-10: ten hours exactly on a day of the calendar pass, and eighteen years are an adult's."""
    assert student.having({CALENDAR: calendar([dt.date(2026, 3, 2)], 10)}).severities("L-10") == []
    assert student.having({"stagiaire.date_naissance": "2008-01-10"}).verdict("L-10").applies


def test_a_gratification_planned_or_written_is_seen(cnam: Bench) -> None:
    """L-06: a box ticked without an amount, or an amount without the box."""
    assert cnam.having({"gratification.prevue": True}).severities("L-06") == ["warning"]
    assert cnam.having({"gratification.montant": 50}).severities("L-06") == ["warning"]


def test_the_ceiling_is_asked_for_only_when_it_serves(student: Bench) -> None:
    """L-07 does not apply to a short stage without gratification."""
    short = {"stage.duree_heures": 300, "gratification.prevue": False, "gratification.montant": None}
    assert not student.having(short).verdict("L-07").applies


@pytest.mark.parametrize(("least", "expected"), [(15, []), (16, ["warning"])])
def test_the_immersion_is_not_too_short(cnam: Bench, least: int, expected: list[str]) -> None:
    """S1-12: fifteen days are enough for fifteen."""
    assert cnam.ruled("S1-12", jours_min=least).severities("S1-12") == expected
