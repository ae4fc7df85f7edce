"""The rules of the coordination training (seed 2), on each side of their boundary."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from checks_bench import Bench, calendar, coordination, twenty_days

from pipeline.core.decisions import Decisions, Joined
from pipeline.core.models import Who

CALENDAR = "stage.calendrier"


def days(first: str, count: int) -> list[dt.date]:
    """So many days in a row."""
    start = dt.date.fromisoformat(first)
    return [start + dt.timedelta(days=n) for n in range(count)]


def moved(day: str) -> list[dict[str, object]]:
    """The twenty days with the last one moved."""
    return [*twenty_days()[:-1], {"date": day, "heures": 7}]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (twenty_days(), []),
        (twenty_days()[:-1], ["blocking"]),
        ([*twenty_days(), {"date": "2025-07-02", "heures": 7}], ["blocking"]),
    ],
)
def test_exactly_140_hours_in_the_calendar(coord: Bench, lines: list[object], expected: list[str]) -> None:
    """S2-01: twenty days; nineteen or twenty-one are refused though the declared total is right."""
    assert coord.having({CALENDAR: lines}).severities("S2-01") == expected


def test_the_window_of_the_session(coord: Bench) -> None:
    """S2-02: 3 July is in, 4 July is out; 7 April is in, 6 April is out."""
    assert coord.having({CALENDAR: moved("2025-07-03")}).severities("S2-02") == []
    late = coord.having({CALENDAR: moved("2025-07-04"), "stage.date_fin": "2025-07-04"})
    assert [p.field for p in late.problems("S2-02")] == ["stage.date_fin", CALENDAR]
    assert "vendredi 4 juillet 2025" in late.problems("S2-02")[1].message.replace("\u00a0", " ")
    assert coord.having({"stage.date_debut": "2025-04-06"}).severities("S2-02") == ["blocking"]


@pytest.mark.parametrize(("count", "expected"), [(5, []), (6, ["blocking"])])
def test_five_days_a_week_at_most(coord: Bench, count: int, expected: list[str]) -> None:
    """S2-03: Monday to Friday passes, Saturday is one too many."""
    form = coord.having({CALENDAR: calendar(days("2025-05-12", count))})
    assert form.severities("S2-03") == expected
    assert all("semaine du 12 mai 2025, 6 jours" in p.message.replace("\u00a0", " ") for p in form.problems("S2-03"))


def test_a_week_is_an_iso_week(coord: Bench) -> None:
    """S2-03: Thursday to Tuesday are six days in a row over two weeks."""
    assert coord.having({CALENDAR: calendar(days("2025-05-15", 6))}).severities("S2-03") == []


@pytest.mark.parametrize(("hours", "expected"), [(7, []), (6.5, ["blocking"]), (7.5, ["blocking"])])
def test_seven_hours_a_day(coord: Bench, hours: float, expected: list[str]) -> None:
    """S2-04: 6 h 30 and 7 h 30 are refused; a person may allow them."""
    form = coord.having({CALENDAR: [*twenty_days()[:-1], {"date": "2025-07-01", "heures": hours}]})
    assert form.severities("S2-04") == expected
    assert all(p.overridable for p in form.problems("S2-04"))


def test_the_message_gives_the_hours_of_the_day(coord: Bench) -> None:
    """« 6 h 30 au lieu de 7 h »."""
    form = coord.having({CALENDAR: [*twenty_days()[:-1], {"date": "2025-07-01", "heures": 6.5}]})
    (problem,) = form.problems("S2-04")
    assert "6 h 30 au lieu de 7 h le mardi 1er juillet 2025" in problem.message.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-06-18", []),
        ("2025-05-01", ["warning"]),  # Labour Day
        ("2025-05-18", ["blocking"]),  # a Sunday
        ("2025-04-07", ["blocking"]),  # written twice
    ],
)
def test_the_days_of_the_calendar(coord: Bench, day: str, expected: list[str]) -> None:
    """S2-05: Sundays and repeated days are refused, a holiday is a warning."""
    assert coord.having({CALENDAR: moved(day)}).severities("S2-05") == expected


def test_a_day_in_the_centre_is_no_day_of_stage(coord: Bench) -> None:
    """S2-05: the session's training days are kept free."""
    session = type(coord.session)("2024-2025", {**coord.session.settings, "jours_formation": [dt.date(2025, 4, 7)]})
    assert coord.having(session=session).severities("S2-05") == ["blocking"]


def test_good_friday_is_a_holiday_in_alsace_only(coord: Bench) -> None:
    """S2-05: 18 April 2025 in Strasbourg, not in Brest."""
    form = coord.having({CALENDAR: moved("2025-04-18")})
    assert form.severities("S2-05") == []
    assert form.having({"organisme.adresse.code_postal": "67000"}).severities("S2-05") == ["warning"]


def test_one_day_a_week_cannot_make_twenty(coord: Bench) -> None:
    """S2-06: thirteen weeks at one day give 91 hours at most; two days a week are enough."""
    mondays = [dt.date(2025, 4, 8) + dt.timedelta(weeks=n) for n in range(13)]
    form = coord.having({CALENDAR: calendar(mondays)})
    (problem,) = form.problems("S2-06")
    assert "13 jours, soit 91 h au plus" in problem.message.replace("\u00a0", " ")
    assert form.severities("S2-01") == ["blocking"]
    assert coord.having({CALENDAR: None, "stage.heures_hebdo": 7}).severities("S2-06") == ["info"]
    assert coord.having({CALENDAR: None, "stage.heures_hebdo": 14}).severities("S2-06") == []


@pytest.mark.parametrize("regime", ["FPC_SALARIE_EMPLOYEUR", "AGENT_PUBLIC", "FI_ETUDIANT", "FPC_SALARIE_INDIVIDUEL"])
def test_the_convention_is_signed_by_those_of_the_status(coord: Bench, regime: str) -> None:
    """S2-07 holds for the signatories that the formation declares."""
    assert coord.having({"stagiaire.regime": regime}).severities("S2-07") == []


def test_a_formation_with_the_wrong_signatories_is_seen(coord: Bench) -> None:
    """S2-07: a convention that the employer does not sign blocks, and the scolarité mends it."""
    settings = dict(coord.formation.settings)
    settings["signataires"] = [party for party in settings["signataires"] if party["role"] != "employeur"]
    formation = type(coord.formation)(coord.formation.code, coord.formation.folder, settings)
    (problem,) = coord.having(formation=formation).problems("S2-07")
    assert problem.who.value == "scolarite"


def test_a_jobseeker_has_no_employer(jobless: Bench) -> None:
    """S2-07: three signatories; an employer on the form is asked about, a financeur is not."""
    assert jobless.severities("S2-07") == []
    assert jobless.having({"employeur.financeur": "France Travail"}).severities("S2-07") == []
    assert jobless.having({"employeur.raison_sociale": "Fondation Exemple"}).severities("S2-07") == ["blocking"]


def test_the_employer_of_a_salaried_stagiaire(coord: Bench, jobless: Bench) -> None:
    """S2-08: complete for a salarié, a warning when it is also the host, not asked of a jobseeker."""
    assert coord.severities("S2-08") == []
    assert coord.having({"employeur.siret": None}).severities("S2-08") == ["blocking"]
    assert coord.having({"employeur.siret": "73282932000074"}).severities("S2-08") == ["warning"]
    assert not jobless.verdict("S2-08").applies


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("Cheffe de service", []),
        ("COORDINATRICE de parcours", []),
        ("Directeur adjoint", []),
        ("Responsable de pôle", []),
        ("Secrétaire", ["blocking"]),
        ("Assistante de direction", ["blocking"]),
        ("Éducatrice spécialisée", ["blocking"]),
    ],
)
def test_the_tuteur_coordinates_or_manages(coord: Bench, function: str, expected: list[str]) -> None:
    """S2-13: by the words of the function; others are for a person to decide."""
    assert coord.having({"tuteur.fonction": function}).severities("S2-13") == expected


@pytest.mark.parametrize(("sector", "expected"), [("social", []), ("sanitaire", []), ("autre", ["blocking"])])
def test_the_sector_is_social_or_health(coord: Bench, sector: str, expected: list[str]) -> None:
    """S2-14: the wide sense of the order of stage."""
    assert coord.having({"organisme.secteur": sector}).severities("S2-14") == expected


def test_the_meeting_on_a_day_of_stage_is_recalled(coord: Bench) -> None:
    """S2-15: Tuesday 15 April, 14 h to 16 h."""
    assert coord.severities("S2-15") == []
    form = coord.having({CALENDAR: moved("2025-04-15")})
    assert form.severities("S2-15") == ["info"]
    assert "mardi 15 avril 2025, de 14 h 00 à 16 h 00" in form.problems("S2-15")[0].message.replace("\u00a0", " ")


def test_a_dossier_at_the_employer_supposes_one(coord: Bench, jobless: Bench) -> None:
    """S2-18: whoever has no employer ticks the place of stage; a salarié names the establishment."""
    there = {"dpp.lieu": "employeur"}
    assert coord.having(there).severities("S2-18") == []
    (problem,) = jobless.having(there).problems("S2-18")
    assert (problem.severity.value, problem.field) == ("blocking", "dpp.lieu")
    assert [p.field for p in jobless.having(there | {"stagiaire.regime": "FI_ETUDIANT"}).problems("S2-18")] == [
        "dpp.lieu"
    ]
    assert jobless.severities("S2-18") == []


def test_the_establishment_of_a_dossier_is_named_without_being_a_party(jobless: Bench) -> None:
    """S2-18 asks an individual salarié for its name, and L-24 does not have it erased: no circle."""
    there = {"stagiaire.regime": "FPC_SALARIE_INDIVIDUEL", "dpp.lieu": "employeur"}
    bare = jobless.having(there)
    named = bare.having({"employeur.raison_sociale": "Fondation Exemple", "employeur.adresse.ville": "Brest"})

    assert [(p.severity.value, p.field) for p in bare.problems("S2-18")] == [("blocking", "employeur.raison_sociale")]
    assert named.blocking() == []
    assert "employeur" not in {party.role for party in named.formation.signataires("FPC_SALARIE_INDIVIDUEL")}
    assert named.having({"dpp.lieu": "stage"}).blocking() == ["L-24"]


def test_a_letter_of_mission_is_recommended(coord: Bench, jobless: Bench) -> None:
    """S2-19: for a salarié who is not on a coordination mission and brings none."""
    away = {"stagiaire.sur_mission_coordination": False}
    assert coord.severities("S2-19") == []
    assert coord.having(away).severities("S2-19") == ["warning"]
    (problem,) = coord.having(away | {"lettre_mission.presente": True}).problems("S2-19")
    assert (problem.severity.value, "non vérifiable : aucune lettre" in problem.message) == ("info", True)
    assert jobless.having(away).severities("S2-19") == []


@pytest.mark.parametrize(
    ("on_mission", "brought", "found"),
    [
        (False, False, [("info", Who.STAGIAIRE)]),
        (False, None, [("info", Who.STAGIAIRE)]),
        (False, True, [("info", Who.SCOLARITE)]),
        (True, False, []),
    ],
)
def test_a_salarie_alone_is_handed_the_model(
    jobless: Bench, *, on_mission: bool, brought: bool | None, found: list[tuple[str, Who]]
) -> None:
    """S2-19 à titre individuel: recommended to the person, who speaks of it to an employer that is no party."""
    answers = {
        "stagiaire.regime": "FPC_SALARIE_INDIVIDUEL",
        "stagiaire.sur_mission_coordination": on_mission,
        "lettre_mission.presente": brought,
    }
    form = jobless.having(answers)
    assert [(problem.severity.value, problem.who) for problem in form.problems("S2-19")] == found
    assert not any("vous" in problem.message for problem in form.problems("S2-19"))  # the scolarité reads it too
    assert form.verdict("S2-19").applies is not on_mission


@pytest.mark.parametrize(("received", "expected"), [("2025-04-06", []), ("2025-04-07", ["info"])])
def test_the_stage_is_found_before_the_training(coord: Bench, received: str, expected: list[str]) -> None:
    """S2-21: received the day before the session begins, or on that day."""
    assert coord.having(received_on=dt.date.fromisoformat(received)).severities("S2-21") == expected


def test_six_annexes_in_order(coord: Bench) -> None:
    """S2-24: two exchanged, or one missing, and the formation is to be mended."""
    assert coord.severities("S2-24") == []
    documents = list(coord.formation.settings["documents"])
    place = next(n for n, item in enumerate(documents) if item["code"] == "annexe-2")
    documents[place], documents[place + 1] = documents[place + 1], documents[place]
    formation = type(coord.formation)(
        coord.formation.code, coord.formation.folder, {**coord.formation.settings, "documents": documents}
    )
    assert coord.having(formation=formation).severities("S2-24") == ["blocking"]


def test_the_annexes_carry_both_their_names(coord: Bench) -> None:
    """S2-25: « attestation de stage » is also « attestation de présence »."""
    assert coord.severities("S2-25") == []
    other = {"annexe-2": ["certificat de réalisation"]}
    assert coord.ruled("S2-25", titres=other).severities("S2-25") == ["info"]


@pytest.mark.parametrize(("changed", "expected"), [(dt.date(2024, 8, 31), ["info"]), (dt.date(2024, 9, 1), [])])
def test_an_old_order_of_stage_is_to_be_read_again(coord: Bench, changed: dt.date, expected: list[str]) -> None:
    """S2-26: changed before the session's year began."""
    assert coord.ruled("S2-26", modifie_le=changed).severities("S2-26") == expected


def test_the_follow_up_of_the_writing_is_in_the_packet(coord: Bench) -> None:
    """S2-17: annexe 6 carries it."""
    assert coord.severities("S2-17") == []
    assert coord.ruled("S2-17", documents=["annexe-7"]).severities("S2-17") == ["info"]


def test_the_base_calendar_is_what_it_says() -> None:
    """The valid form of these tests has twenty days and no holiday."""
    lines = coordination()["stage"]["calendrier"]
    assert len({line["date"] for line in lines}) == 20


def test_a_file_that_a_person_joins_is_waited_for(coord: Bench) -> None:
    """F-04: a piece that is always joined, whatever the rules say, waits until somebody has joined it."""
    documents = [*coord.formation.settings["documents"], {"code": "planning", "titre": "Planning", "joint": True}]
    settings = {**coord.formation.settings, "documents": documents}
    asked = coord.having(formation=replace(coord.formation, settings=settings))
    joined = Joined("planning", "a" * 64, "planning.pdf", 1, "France", "F. GARÇON", coord.today)

    (problem,) = asked.problems("F-04")
    assert (problem.waits, "--as planning" in problem.message) == (True, True)
    assert asked.having(decisions=Decisions(joined=(joined,))).severities("F-04") == []
