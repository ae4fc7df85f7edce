"""The rules of the law, on each side of their boundary, for those they bind and for those they do not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from checks_bench import Bench, calendar

from pipeline.core.decisions import Decisions, Joined
from pipeline.core.fields import WEEKDAYS
from pipeline.core.gratification import gratification
from pipeline.core.models import Who

CALENDAR = "stage.calendrier"


def monday(count: int) -> list[dt.date]:
    """So many days in a row from Monday 2 March 2026."""
    return [dt.date(2026, 3, 2) + dt.timedelta(days=n) for n in range(count)]


@pytest.mark.parametrize(("hours", "expected"), [(924, []), (925, ["blocking"])])
def test_six_months_at_most(student: Bench, hours: int, expected: list[str]) -> None:
    """L-03: 924 hours for a student."""
    assert student.having({"stage.duree_heures": hours}).severities("L-03") == expected


def test_six_months_are_a_remark_in_formation_continue(cnam: Bench) -> None:
    """L-03: a warning only."""
    assert cnam.having({"stage.duree_heures": 925}).severities("L-03") == ["warning"]


@pytest.mark.parametrize(("hours", "due"), [(308, False), (309, True), (308.5, True)])
def test_due_strictly_above_308_hours(student: Bench, hours: float, due: bool) -> None:  # noqa: FBT001
    """L-04: two months exactly owe nothing, an hour more owes from the first."""
    form = student.having({"stage.duree_heures": hours, "gratification.prevue": False})
    assert form.severities("L-04") == (["blocking"] if due else [])


@pytest.mark.parametrize(("amount", "expected"), [(4.49, ["blocking"]), (4.5, []), (4.35, ["blocking"]), (5, [])])
def test_the_minimum_of_2026(student: Bench, amount: float, expected: list[str]) -> None:
    """L-04: 4,50 € an hour in 2026."""
    form = student.having({"gratification.montant": amount})
    assert form.severities("L-04") == expected


def test_the_message_of_the_minimum_gives_the_figures(student: Bench) -> None:
    """What is granted, the minimum, why, and what it makes for the stage."""
    message = student.having({"gratification.montant": 4.35}).problems("L-04")[0].message.replace("\u00a0", " ")
    for said in ("4,35 € pour 1 h", "minimum de 4,50 €", "€. Le stage dure 560 h, plus de 308 h", "2 520,00 €"):
        assert said in message


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"gratification.unite": "jour", "gratification.montant": 31.5}, []),
        ({"gratification.unite": "jour", "gratification.montant": 31.49}, ["blocking"]),
        ({"gratification.unite": "mois", "gratification.montant": 693}, ["warning"]),
        ({"gratification.unite": "mois", "gratification.montant": 692.99}, ["warning", "blocking"]),
        ({"gratification.unite": "mois", "gratification.montant": 396, "stage.heures_hebdo": 20}, ["warning"]),
        ({"gratification.unite": "total", "gratification.montant": 2520}, []),
        ({"gratification.unite": "total", "gratification.montant": 2519.99}, ["blocking"]),
        ({"gratification.unite": "jour", "gratification.montant": 31.5, "stage.heures_jour": None}, ["warning"]),
        ({"gratification.unite": "jour", "gratification.montant": 31.5, "stage.heures_jour": 8}, ["warning"]),
        (
            {"gratification.unite": "jour", "gratification.montant": 31.49, "stage.heures_jour": 6},
            ["warning", "blocking"],
        ),
    ],
)
def test_other_units_are_brought_to_hours(student: Bench, answers: dict[str, object], expected: list[str]) -> None:
    """L-04: a day, a month of 154 hours, the whole stage; a conversion that is not exact is said."""
    assert student.having(answers).severities("L-04") == expected


def test_an_amount_comes_with_its_unit(student: Bench) -> None:
    """L-04: planned without an amount, or an amount without its unit."""
    assert [p.field for p in student.having({"gratification.montant": None}).problems("L-04")] == [
        "gratification.montant"
    ]
    assert [p.field for p in student.having({"gratification.unite": None}).problems("L-04")] == [
        "gratification.unite"
    ]


def test_seat_and_place_decide_whether_a_gratification_is_owed(student: Bench) -> None:
    """L-04: a French organisme owes everywhere, a foreign one in France; not one abroad, and a person looks."""
    none, away = {"gratification.prevue": False}, {"pays": "Belgique"}
    french = student.having(none | {"organisme.lieu_stage": away})
    foreign = student.having(none | {"organisme.adresse": away})
    at_home = student.having(none | {"organisme.adresse": away, "organisme.lieu_stage": {"pays": "France"}})

    assert french.severities("L-04") == ["blocking"]
    assert "le siège de l’organisme est en France" in french.problems("L-04")[0].message
    assert at_home.severities("L-04") == ["blocking"]
    (problem,) = foreign.problems("L-04")
    assert (problem.severity.value, problem.who) == ("warning", Who.SCOLARITE)
    assert "SIRET français" in problem.message
    registered = foreign.having({"organisme.siret": "0403170701"})
    assert "SIRET" not in registered.problems("L-04")[0].message
    assert foreign.having({"stage.duree_heures": 308}).severities("L-04") == []


def test_no_gratification_is_owed_by_an_exempt_formation(student: Bench) -> None:
    """L-04 does not find fault with auxiliaires médicaux."""
    none = {"gratification.prevue": False}
    law = type(student.law)(**{**vars(student.law), "exempt": frozenset({"cnam-lp-insertion"})})
    assert student.having(none, law=law).severities("L-04") == []


def test_a_stage_abroad_waits_for_the_sheet_of_its_country(student: Bench) -> None:
    """L-17: the scolarité joins it, nobody lifts the rule; another country’s sheet is none."""
    away = student.having({"organisme.lieu_stage.pays": "Belgique"})
    sheet = Joined("fiche-pays", "a" * 64, "belgique.pdf", 2, "Belgique", "F. GARÇON", away.today)
    (asked,) = away.problems("L-17")
    (joined,) = away.having(decisions=Decisions(joined=(sheet,))).problems("L-17")
    (other,) = away.having(decisions=Decisions(joined=(replace(sheet, country="Québec"),))).problems("L-17")

    assert (asked.severity.value, asked.waits, asked.overridable, asked.who) == (
        "blocking",
        True,
        False,
        Who.SCOLARITE,
    )
    assert "liasse join" in asked.message
    assert (joined.severity.value, "F. GARÇON" in joined.message, "2 pages" in joined.message) == ("info", True, True)
    assert (other.severity.value, other.waits, "« Québec »" in other.message) == ("blocking", True, True)
    assert not student.verdict("L-17").applies


@pytest.mark.parametrize(
    ("amount", "public", "expected"),
    [(4.5, True, []), (4.51, True, ["blocking"]), (5, True, ["blocking"]), (5, False, [])],
)
def test_public_law_pays_no_more_than_the_rate(
    student: Bench,
    amount: float,
    public: bool,  # noqa: FBT001 -- a table
    expected: list[str],
) -> None:
    """L-05: 5 € an hour are refused to a public hospital and allowed to an association."""
    form = student.having({"gratification.montant": amount, "organisme.droit_public": public})
    assert form.severities("L-05") == expected


def test_a_gratification_in_formation_continue_is_verified(cnam: Bench) -> None:
    """L-06: a warning, and L-04 does not apply."""
    assert cnam.severities("L-06") == []
    form = cnam.having({"gratification.prevue": True, "gratification.montant": 100})
    assert form.severities("L-06") == ["warning"]
    assert not form.verdict("L-04").applies


IN_2027 = {"stage.date_debut": "2027-02-01", "stage.date_fin": "2027-05-21"}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"gratification.montant": 3}, ["blocking"]),
        ({"gratification.montant": 4.49}, ["blocking"]),
        ({"gratification.montant": 4.5}, []),
        ({"gratification.montant": 31.49, "gratification.unite": "jour"}, ["blocking"]),
        ({"gratification.montant": 31.5, "gratification.unite": "jour"}, []),
    ],
)
def test_a_year_without_a_ceiling_is_held_to_the_last(
    student: Bench, answers: dict[str, object], expected: list[str]
) -> None:
    """L-04, L-07: the ceiling of 2027 is not known; less than that of 2026 is refused, the rest warned of."""
    form = student.having(IN_2027 | answers)
    assert form.severities("L-04") == expected
    for problem in form.problems("L-04"):
        assert "celui de 2026 : le minimum de 2027 n’est pas encore connu" in problem.message
    (warning,) = form.problems("L-07")
    assert warning.severity.value == "warning"
    assert "comparé au minimum de 2026" in warning.message
    assert "etablissement/commun/droit.toml" in warning.message


def test_a_year_before_the_table_is_held_to_none(student: Bench) -> None:
    """L-07: what was due before the first year of the table is not known; that it was not verified is said."""
    form = student.having({"stage.date_debut": "2023-02-06", "stage.date_fin": "2023-05-26"})
    assert form.severities("L-04") == []
    assert "n’a pas été vérifié" in form.problems("L-07")[0].message


@pytest.mark.parametrize(("amount", "expected"), [(4.5, []), (4.51, ["blocking"]), (20, ["blocking"])])
def test_a_public_host_is_held_to_the_last_rate(student: Bench, amount: float, expected: list[str]) -> None:
    """L-05: the rate of 2027 is not known; more than that of 2026 is asked to come down to it."""
    form = student.having(IN_2027 | {"gratification.montant": amount, "organisme.droit_public": True})
    assert form.severities("L-05") == expected
    assert all("celui de 2027 n’est pas encore connu" in problem.message for problem in form.problems("L-05"))


def test_a_stage_across_two_ceilings_is_a_remark(student: Bench) -> None:
    """L-07: 2025 and 2026 have two minimums, 2024 and 2025 have the same."""
    assert student.having({"stage.date_debut": "2025-12-01"}).severities("L-07") == ["info"]
    same = {"stage.date_debut": "2024-12-02", "stage.date_fin": "2025-03-21"}
    assert student.having(same).severities("L-07") == []


def test_leave_is_provided_for_beyond_two_months(student: Bench, cnam: Bench) -> None:
    """L-08: required at 309 hours of a student, not at 308, not in formation continue."""
    blank = {"stage.conges_modalites": None}
    assert student.having(blank | {"stage.duree_heures": 309}).severities("L-08") == ["blocking"]
    assert student.having(blank | {"stage.duree_heures": 308}).severities("L-08") == []
    assert cnam.severities("L-08") == []


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Aucun", True),
        ("Pas de congés", True),
        ("Néant.", True),
        ("Congés : aucun", True),
        ("Les congés ne sont pas prévus pendant le stage", True),
        ("Sans objet", True),
        ("0 jour", True),
        ("—", True),
        ("Deux jours par mois, sur demande écrite", False),
        ("Un jour par mois", False),
        ("Pas plus de 2 jours par mois", False),
        ("Congés non rémunérés, sur demande", False),
        ("Absences sans solde", False),
        ("Aucune absence sans l’accord du tuteur", False),
        ("Aucun congé pendant l’immersion ; deux jours ensuite", False),
        ("Selon le règlement intérieur, ni plus ni moins", False),
    ],
)
def test_leave_that_is_refused_is_no_clause(student: Bench, text: str, refused: bool) -> None:  # noqa: FBT001
    """L-08: an answer that grants nothing is asked again; a number, a condition or another way of granting is not."""
    form = student.having({"stage.conges_modalites": text})
    assert form.severities("L-08") == (["blocking"] if refused else [])
    short = form.having({"stage.duree_heures": 308})
    assert short.severities("L-08") == []


GUARDIAN = {
    "stagiaire.representant_legal.nom": "LE GOFF",
    "stagiaire.representant_legal.prenom": "Yann",
    "stagiaire.representant_legal.courriel": "yann.legoff@example.org",
}
EXCEPTIONAL = "stage.presence_exceptionnelle"
MINOR = {"stagiaire.date_naissance": "2008-09-03", **GUARDIAN}  # seventeen to the last day of the stage


@pytest.mark.parametrize(("born", "expected"), [("2008-05-08", []), ("2008-05-09", [CALENDAR])])
def test_a_minor_until_the_birthday(student: Bench, born: str, expected: list[str]) -> None:
    """L-09: on 8 May who is eighteen that day may come; who is eighteen the day after may not."""
    form = student.having({**MINOR, "stagiaire.date_naissance": born, CALENDAR: calendar([dt.date(2026, 5, 8)])})
    assert [p.field for p in form.problems("L-09")] == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"stage.heures_hebdo": 36}, ["stage.heures_hebdo"]),
        ({"stage.heures_jour": 8}, []),
        ({"stage.heures_jour": 8.5}, ["stage.heures_jour"]),
        ({"stage.presence_exceptionnelle": "une nuit"}, ["stage.presence_exceptionnelle"]),
        ({"stagiaire.representant_legal.nom": None}, ["stagiaire.representant_legal.nom"]),
        ({"stagiaire.representant_legal.telephone": None}, []),
        (
            {"stagiaire.representant_legal.courriel": None, "stagiaire.representant_legal.telephone": "+33612345679"},
            ["stagiaire.representant_legal.courriel"],
        ),
        ({"stage.jours_semaine": ["lundi", "mardi", "mercredi", "jeudi", "vendredi"]}, []),
        ({"stage.jours_semaine": ["lundi", "mardi", "jeudi", "vendredi", "samedi"]}, ["stage.jours_semaine"]),
        ({"stage.jours_semaine": ["mardi", "mercredi", "jeudi", "vendredi", "samedi"]}, []),
        ({CALENDAR: calendar(monday(5))}, []),
        ({CALENDAR: calendar(monday(5), 7.5)}, [CALENDAR]),
        ({CALENDAR: calendar([*monday(5), dt.date(2026, 3, 8)], 5)}, [CALENDAR, CALENDAR]),
        ({CALENDAR: calendar([dt.date(2026, 5, 8)])}, [CALENDAR]),
    ],
)
def test_a_minor(student: Bench, answers: dict[str, object], expected: list[str]) -> None:
    """L-09: 8 h a day, 35 h a week, two days of rest together, no holiday, a guardian who can be reached."""
    form = student.having(MINOR | answers)
    assert [p.field for p in form.problems("L-09")] == expected
    assert set(form.severities("L-09")) <= {"blocking"}
    assert not form.verdict("L-10").applies


def test_the_eighteenth_birthday(student: Bench) -> None:
    """L-09: hours are limited by the age on the first day, who signs by that of the day of edition."""
    week = {"stage.heures_hebdo": 36}
    eve = student.having(week | {"stagiaire.date_naissance": "2008-02-03"})
    day = student.having(week | {"stagiaire.date_naissance": "2008-02-02"})
    signed = day.having(GUARDIAN)
    past = student.having(week | {"stagiaire.date_naissance": "2008-01-15"})
    said = day.problems("L-09")
    assert "stage.heures_hebdo" in [p.field for p in eve.problems("L-09")]
    assert [p.field for p in said] == [
        f"stagiaire.representant_legal.{name}" for name in ("nom", "prenom", "courriel")
    ]
    assert "(15 janvier 2026), même s’il devient majeur" in said[0].message.replace("\u00a0", " ")
    assert (signed.severities("L-09"), signed.verdict("L-09").applies) == ([], True)
    assert not past.verdict("L-09").applies


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"stage.heures_jour": 10}, []),
        ({"stage.heures_jour": 10.5}, ["blocking"]),
        ({"stage.heures_hebdo": 48}, []),
        ({"stage.heures_hebdo": 48.5}, ["blocking"]),
        ({CALENDAR: calendar(monday(6))}, []),
        ({CALENDAR: calendar(monday(7), 5)}, ["blocking"]),
    ],
)
def test_an_adult_student(student: Bench, answers: dict[str, object], expected: list[str]) -> None:
    """L-10: 10 h, 48 h, six days."""
    assert student.having(answers).severities("L-10") == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"stage.heures_hebdo": 35}, []),
        ({"stage.heures_hebdo": 35.5}, ["blocking"]),
        ({"stage.heures_jour": 10.5}, ["blocking"]),
        ({CALENDAR: calendar([dt.date(2025, 4, 13)])}, ["blocking"]),
        ({CALENDAR: calendar([dt.date(2025, 5, 8)])}, ["blocking"]),
        ({CALENDAR: calendar([dt.date(2025, 4, 18)])}, []),
        ({CALENDAR: calendar([dt.date(2025, 4, 18)]), "organisme.adresse.code_postal": "67000"}, ["blocking"]),
        ({CALENDAR: calendar([dt.date(2025, 4, 12)])}, []),
    ],
)
def test_without_a_contract_of_employment(jobless: Bench, answers: dict[str, object], expected: list[str]) -> None:
    """L-11: 35 h a week, 10 h a day, no Sunday, no holiday of the place."""
    assert jobless.having(answers).severities("L-11") == expected


def test_how_many_stagiaires(student: Bench, cnam: Bench) -> None:
    """L-12: three by tuteur, this one included; 15 % of the staff rounded up; a remark in formation continue."""
    assert student.having({"tuteur.stagiaires_en_cours": 2}).severities("L-12") == []
    assert student.having({"tuteur.stagiaires_en_cours": 3}).severities("L-12") == ["warning"]
    assert cnam.having({"tuteur.stagiaires_en_cours": 3}).severities("L-12") == ["info"]
    assert student.having({"organisme.stagiaires_en_cours": 7}).severities("L-12") == []  # 15 % of 48 is 7.2: eight
    assert student.having({"organisme.stagiaires_en_cours": 8}).severities("L-12") == ["warning"]
    small = {"organisme.effectif": 19}
    assert student.having(small | {"organisme.stagiaires_en_cours": 2}).severities("L-12") == []
    assert student.having(small | {"organisme.stagiaires_en_cours": 3}).severities("L-12") == ["warning"]


@pytest.mark.parametrize(("volume", "expected"), [(200, []), (199, ["warning"]), ("", [])])
def test_the_volume_of_the_cursus(student: Bench, volume: float | str, expected: list[str]) -> None:
    """L-14: 200 hours a year; not decided while the setting is empty."""
    settings = {**student.formation.settings, "volume_horaire": volume}
    formation = type(student.formation)(student.formation.code, student.formation.folder, settings)
    form = student.having(formation=formation)
    assert form.severities("L-14") == expected
    assert form.verdict("L-14").applies is (volume != "")


@pytest.mark.parametrize("text", ["Remplacer une collègue", "Travail SAISONNIER", "Faire face au surcroît"])
def test_words_of_a_forbidden_use(coord: Bench, text: str) -> None:
    """L-15: shown to a person, with the words."""
    form = coord.having({"stage.activites": ["Suivre les projets", text]})
    assert form.severities("L-15") == ["warning"]
    assert text in form.problems("L-15")[0].message
    assert coord.severities("L-15") == []


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Remplacer la cheffe de service pendant son congé", ("blocking", True)),
        ("Assurer l’intérim du coordinateur", ("blocking", True)),
        ("Tenir un poste vacant", ("blocking", True)),
        ("Remplacement d’une éducatrice en congé maternité", ("blocking", True)),
        ("Tenir l’accueil en remplacement de l’assistante", ("blocking", True)),
        ("Remplacer le classeur papier par un tableau partagé", ("warning", False)),
        ("Remplacer le logiciel de suivi des agents", ("warning", False)),
        ("L’organisation des remplacements du personnel absent", ("warning", False)),
        ("L’accueil des travailleurs saisonniers", ("warning", False)),
    ],
)
def test_a_subject_that_stands_in_for_somebody_waits(coord: Bench, subject: str, expected: tuple[str, bool]) -> None:
    """L-15: it waits for the scolarité, who may lift it; another word of the subject is only shown."""
    (problem,) = coord.having({"stage.sujet": subject}).problems("L-15")
    assert (problem.severity.value, problem.waits) == expected
    assert problem.overridable


def test_the_host_is_not_the_school(student: Bench, coord: Bench) -> None:
    """L-33: one SIRET for both is shown to a person, in any formation."""
    for form in (student, coord):
        school = form.formation.settings["etablissement"]["siret"]
        assert form.severities("L-33") == []
        (problem,) = form.having({"organisme.siret": school}).problems("L-33")
        assert (problem.severity.value, problem.who) == ("warning", Who.SCOLARITE)
    assert not student.having({"organisme.siret": None}).verdict("L-33").applies


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2026-05-29", []),
        ("2026-05-28", ["warning"]),
        ("2026-02-02", ["warning"]),
        ("2026-02-01", ["blocking"]),
    ],
)
def test_the_insurance_lasts(student: Bench, until: str, expected: list[str]) -> None:
    """L-16: until the last day, else to be renewed; not ended before the first day."""
    assert student.having({"assurance_rc.expire_le": until}).severities("L-16") == expected


def test_the_stage_begins_after_the_form(coord: Bench) -> None:
    """L-21: received on the first day is too late, the day before is not; L-18 when the edition is too late."""

    def received(day: int) -> Bench:
        return coord.having(received_on=dt.date(2025, 4, day), today=dt.date(2025, 4, day))

    assert received(6).severities("L-21") == []
    assert received(7).severities("L-21") == ["blocking"]
    assert received(7).severities("L-18") == []
    assert coord.having(today=dt.date(2025, 4, 6)).severities("L-18") == []
    assert coord.having(today=dt.date(2025, 4, 7)).severities("L-18") == ["blocking"]


def test_amounts_are_exact_decimals(student: Bench) -> None:
    """Fifteen per cent of 30 € is 4.50 €, and 560 hours make 2 520.00 €."""
    outcome = student.outcome()
    pay = gratification(student.law, outcome.data, None)
    assert (pay.due, pay.year, pay.ceiling, pay.minimum) == (True, 2026, Decimal(30), Decimal("4.50"))
    assert (pay.minimum_total, pay.hourly, pay.total) == (Decimal("2520.00"), Decimal("4.50"), Decimal("2520.00"))


@pytest.mark.parametrize("regime", ["FPC_SALARIE_EMPLOYEUR", "FPC_SALARIE_INDIVIDUEL", "AGENT_PUBLIC", "FI_ETUDIANT"])
def test_whoever_has_a_contract_keeps_to_its_limits(sample: Bench, regime: str) -> None:
    """L-10: sixty hours a week are too many for a salarié as for a student; thirty-five are not."""
    week = {"stage.heures_jour": 10, "stage.jours_semaine": list(WEEKDAYS[:6])}
    form = sample.having({"stagiaire.regime": regime})

    assert form.severities("L-10") == []
    assert set(form.having(week).severities("L-10")) == {"blocking"}


@pytest.mark.parametrize(
    ("born", "changes", "expected"),
    [
        ("2007-04-08", {EXCEPTIONAL: "Le lundi 14 juillet 2025"}, []),
        ("2007-04-08", {EXCEPTIONAL: "une nuit"}, [EXCEPTIONAL]),
        (
            "2007-05-30",
            {"stage.presence_exceptionnelle": "Le 29 mai 2025, jour férié"},
            ["stage.presence_exceptionnelle"],
        ),
        ("2007-04-08", {"stage.heures_jour": 9}, ["stage.jours_semaine"]),
        ("2007-04-07", {"stage.heures_jour": 9}, []),
    ],
)
def test_a_minors_limits_end_with_the_minority(
    sample: Bench, born: str, changes: dict[str, object], expected: list[str]
) -> None:
    """L-09: 18 on Tuesday 8 April: Monday has the limits of a minor, 14 July not; undated words are asked about."""
    form = sample.having({"stagiaire.date_naissance": born, **GUARDIAN, **changes})
    assert [problem.field for problem in form.problems("L-09")] == expected


@pytest.mark.parametrize(
    ("regime", "payer", "expected"),
    [
        ("FPC_AUTOFINANCE", "OPCO Santé", ["warning"]),
        ("FPC_AUTOFINANCE", "Mon CPF", []),
        ("FPC_AUTOFINANCE", None, []),
        ("FPC_DEMANDEUR_EMPLOI", "France Travail", []),
    ],
)
def test_who_pays_alone_has_no_financeur(coord: Bench, regime: str, payer: str | None, expected: list[str]) -> None:
    """L-01: « autofinancée » with an OPCO is looked at."""
    form = coord.having({"stagiaire.regime": regime, "employeur.financeur": payer})
    assert form.severities("L-01") == expected


@pytest.mark.parametrize(
    ("weekly", "born", "expected"), [(13, None, []), (14, None, ["warning"]), (12, "2008-09-03", ["warning"])]
)
def test_own_work_leaves_room(coord: Bench, weekly: int, born: str | None, expected: list[str]) -> None:
    """L-30: 13 h beside 35 are 48; a minor has 35 in all. Only of a salarié whose employer is no party."""
    days = {"stage.calendrier": None, "stage.jours_semaine": None, "stage.heures_hebdo": weekly}
    young = {"stagiaire.date_naissance": born} if born else {}
    alone = coord.having({"stagiaire.regime": "FPC_SALARIE_INDIVIDUEL", **days, **young})

    assert alone.severities("L-30") == expected
    assert all(("L3162-1" in one.message) is bool(born) for one in alone.problems("L-30"))
    assert "L3162-1 pour un mineur" in alone.verdict("L-30").source
    assert not coord.having(days).verdict("L-30").applies
