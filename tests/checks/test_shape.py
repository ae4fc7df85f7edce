"""The schema in French: what is missing, what is wrong, what is doubtful; formats on each side of their rule."""

from __future__ import annotations

import pytest
from checks_bench import Bench

from pipeline.checks.formats import is_email, is_nir, is_phone, is_postcode, is_siret
from pipeline.core.doubts import MEANINGS, Reason
from pipeline.core.fields import WEEKDAYS
from pipeline.core.models import Refused, Severity, Who

UNASKED = "stage.semaine"  # of a form of before, such as those on the bench


@pytest.mark.parametrize(
    ("siret", "expected"),
    [
        ("73282932000074", True),
        ("19753471200017", True),
        ("35600000000048", True),  # La Poste, head office: the common key
        ("35600000009075", True),  # La Poste, an office: its digits add up to 35
        ("35600000009076", False),
        ("73282932000079", False),
        ("7328293200007", False),
        ("732829320000740", False),
        ("MONACOCONFO001", False),
    ],
)
def test_siret_keys(siret: str, expected: bool) -> None:  # noqa: FBT001 -- a table
    """Luhn, and the exception of La Poste."""
    assert is_siret(siret) is expected


@pytest.mark.parametrize(
    ("nir", "expected"),
    [
        ("295109912611193", True),
        ("253072A07300443", True),
        ("253072B07300470", True),
        ("157016748214562", True),
        ("295109912611199", False),
    ],
)
def test_nir_keys(nir: str, expected: bool) -> None:  # noqa: FBT001 -- a table
    """The key of two digits, Corsica included."""
    assert is_nir(nir) is expected


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+33612345678", True),
        ("+33639981234", True),  # the range kept for fiction
        ("+262692123456", True),
        ("+590690123456", True),
        ("+3225551234", True),
        ("+3361234567", False),
        ("+336123456789", False),
        ("+26269212345", False),
        ("0612345678", False),  # canonical values are E.164: the reader writes them so
        ("+32", False),
    ],
)
def test_phone_numbers(phone: str, expected: bool) -> None:  # noqa: FBT001 -- a table
    """France, overseas and abroad; a digit too few or too many is seen."""
    assert is_phone(phone) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ines@example.org", True),
        ("a.b+c@sous.example.org", True),
        ("ines@example", False),
        ("ines..b@example.org", False),
        ("ines example.org", False),
        ("inès@example.org", False),
    ],
)
def test_email_addresses(address: str, expected: bool) -> None:  # noqa: FBT001 -- a table
    """One @, a domain with a dot, no accent before the @."""
    assert is_email(address) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("01000", True), ("98999", True), ("20167", True), ("00999", False), ("99000", False), ("2900", False)],
)
def test_postcodes(code: str, expected: bool) -> None:  # noqa: FBT001 -- a table
    """Five digits from 01000 to 98999."""
    assert is_postcode(code) is expected


def test_a_missing_answer_is_named_as_on_the_form(coord: Bench) -> None:
    """The message says where: section, group and box."""
    (problem,) = coord.having({"stagiaire.adresse.ville": None}).problems("F-01")
    assert problem.message == "Stagiaire, Adresse personnelle, Ville : la réponse manque. Complétez cette case."
    assert problem.who is Who.STAGIAIRE


def test_a_missing_choice_recalls_the_boxes(coord: Bench) -> None:
    """Nothing ticked, or two boxes: the choices are recalled."""
    (problem,) = coord.having({"stage.quotite": None}).problems("F-01")
    assert "(Temps plein / Temps partiel)" in problem.message


def test_the_formation_adds_required_answers(coord: Bench, cnam: Bench) -> None:
    """The calendar is required by one formation's settings, not by the other's."""
    assert [p.field for p in coord.having({"stage.calendrier": None}).problems("F-01")] == ["stage.calendrier"]
    assert [p.field for p in cnam.having({"stage.calendrier": None}).problems("F-01")] == [UNASKED]


def test_a_missing_mention_of_the_law_is_l02_for_a_student_only(student: Bench, cnam: Bench) -> None:
    """The skills are the third mention of D124-4: L-02 in formation initiale, F-01 otherwise."""
    (problem,) = student.having({"stage.competences": None}).problems("L-02")
    assert "(3° de l’article D124-4 du Code de l’éducation)" in problem.message
    assert [p.field for p in student.having({"stage.competences": None}).problems("F-01")] == [UNASKED]
    found = [p.field for p in cnam.having({"stage.competences": None}).problems("F-01")]
    assert found == ["stage.competences", UNASKED]


def test_a_form_that_did_not_ask_for_the_week_is_not_sent_back(cnam: Bench) -> None:
    """Nothing is said where the days are known otherwise, a warning to the scolarité where they are not."""
    (problem,) = cnam.problems("F-01")
    assert (problem.field, problem.severity, problem.who) == (UNASKED, Severity.WARNING, Who.SCOLARITE)
    assert "ce formulaire ne posait pas la question" in problem.message
    days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi"]
    assert cnam.having({"stage.jours_semaine": days}).problems("F-01") == ()


def test_the_week_is_required_of_who_was_asked(cnam: Bench) -> None:
    """On the form of today an empty week is an answer that is missing."""
    (problem,) = cnam.having({UNASKED: None}).problems("F-01")
    assert (problem.field, problem.severity, problem.who) == (UNASKED, Severity.BLOCKING, Who.STAGIAIRE)
    assert "Écrivez les heures de chaque jour" in problem.message
    assert cnam.having({UNASKED: dict.fromkeys(WEEKDAYS[:5], 7)}).problems("F-01") == ()


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("organisme.siret", "7328293200007", "13 chiffres au lieu de 14"),
        ("organisme.siret", "73282932000079", "clé de contrôle"),
        ("stagiaire.telephone", "+3361234567", "dix chiffres"),
        ("stagiaire.courriel", "maelle@", "« maelle@ »"),
        ("organisme.adresse.code_postal", "2920", "cinq chiffres"),
        ("stage.date_fin", "2025-06-31", "« 2025-06-31 »"),
        ("stagiaire.regime", "ETUDIANT", "Étudiant(e) en formation initiale /"),
        ("organisme.ape", "XX", "exemple : 88.99B"),
        ("stage.duree_heures", 9000, "maximum de 5 000"),
        ("organisme.effectif", -1, "minimum de 0"),
        ("stage.duree_heures", "beaucoup", "« beaucoup »"),
        ("stagiaire.nom", "LE G0FF", "« LE G0FF »"),
        ("stagiaire.prenom", "Maëlle 🎓", "ne s’imprime pas"),
        ("stage.sujet", "{{ secret }}", "réservé aux modèles"),
    ],
)
def test_a_wrong_value_is_quoted_with_what_to_do(coord: Bench, path: str, value: object, said: str) -> None:
    """L-19 says where, quotes what was read and says what is expected."""
    said_of_it = [p for p in coord.having({path: value}).problems("L-19") if p.field == path]
    assert said_of_it
    assert said_of_it[0].severity.value == "blocking"
    assert said in said_of_it[0].message.replace("\u00a0", " ")
    assert said_of_it[0].message.startswith(coord.dictionary.label(path))


def test_a_siren_is_a_warning_that_asks_for_the_establishment(coord: Bench) -> None:
    """Nine good digits name the company: the packet is not stopped, five digits are asked."""
    form = coord.having({"organisme.siret": "732829320"})
    assert form.severities("L-19") == ["warning"]
    assert "SIREN" in form.problems("L-19")[0].message


@pytest.mark.parametrize("section", ["organisme", "employeur"])
def test_nobody_abroad_is_asked_for_what_only_france_has(coord: Bench, section: str) -> None:
    """A SIRET and a postcode are required in France; in another country neither, of the host or the employer."""
    absent = {f"{section}.siret": None, f"{section}.adresse.code_postal": None}
    asked = {problem.field for problem in coord.having(absent).problems("F-01")}
    away = coord.having(absent | {f"{section}.adresse.pays": "Irlande"})

    assert set(absent) <= asked
    assert not set(absent) & {problem.field for problem in away.problems("F-01")}


@pytest.mark.parametrize(("section", "number"), [("organisme", "IE6388047V"), ("employeur", "CHE123456789")])
def test_a_number_of_another_country_is_an_answer(coord: Bench, section: str, number: str) -> None:
    """The register of the country is an answer where the address is there, and only there."""
    assert coord.having({f"{section}.siret": number, f"{section}.adresse.pays": "Irlande"}).severities("L-19") == []
    assert coord.having({f"{section}.siret": number}).severities("L-19") == ["blocking"]


def test_a_telephone_abroad_may_be_a_local_one(coord: Bench) -> None:
    """As people write it there: a remark, and the number is printed so; in France it is asked again."""
    local = {"organisme.telephone": "01 708 9600"}
    assert coord.having(local | {"organisme.adresse.pays": "Irlande"}).severities("L-19") == ["warning"]
    assert coord.having(local).severities("L-19") == ["blocking"]


def test_an_association_without_a_siret_gives_its_own_number(coord: Bench) -> None:
    """W and nine figures are an answer: the scolarité is told, the packet is made."""
    assert coord.having({"organisme.siret": "W291234567"}).severities("L-19") == ["warning"]


def test_a_host_abroad_has_a_free_identifier(coord: Bench) -> None:
    """A Belgian number and postcode pass when the country is written, not otherwise."""
    belgian = {"organisme.siret": "BE0403170701", "organisme.adresse.code_postal": "B-1000"}
    assert coord.having(belgian | {"organisme.adresse.pays": "Belgique"}).severities("L-19") == []
    assert coord.having(belgian).severities("L-19") == ["blocking", "blocking"]


def test_a_line_of_the_calendar_is_named_by_its_number(coord: Bench) -> None:
    """A date that does not exist in the second line is said to stand there."""
    lines = [{"date": "2025-04-07", "heures": 7}, {"date": "2025-02-30", "heures": 7}]
    (problem,) = coord.having({"stage.calendrier": lines}).problems("L-19")
    assert "Calendrier des jours de stage, ligne 2 : « 2025-02-30 »" in problem.message
    assert problem.field == "stage.calendrier"


def test_the_nir_is_never_quoted(coord: Bench) -> None:
    """A wrong key is a warning and a doubt is blocking; neither message holds the number."""
    wrong = coord.having({"stagiaire.nir": "295109912611199"})
    doubted = coord.doubting("stagiaire.nir", "2 95 10 99 126 111 99", "295109912611199 est barré")
    assert wrong.severities("L-19") == ["warning"]
    assert doubted.severities("L-19") == ["blocking"]
    for form in (wrong, doubted):
        assert not any(char.isdigit() for p in form.problems("L-19") for char in p.message.replace("page 2", ""))


def test_a_doubt_is_quoted_and_is_not_also_missing(coord: Bench) -> None:
    """The reader saw « O6 12 » and is not sure: one blocking problem, with what was read, where and why."""
    form = coord.doubting("stagiaire.telephone", "O6 12 34 56 7", "il manque un chiffre")
    (problem,) = form.problems("L-19")
    assert form.problems("F-01") == ()
    assert "« O6 12 34 56 7 »" in problem.message
    assert "(page 2)" in problem.message
    assert "il manque un chiffre" in problem.message


def test_only_the_school_is_told_the_code_of_a_doubt(coord: Bench) -> None:
    """Who is asked to write again reads a sentence; the school may look the code up."""
    for code in (Reason.INVALID, Reason.CROSSED_OUT):
        (problem,) = coord.doubting("stagiaire.telephone", "O6", "il manque un chiffre", code).problems("L-19")
        assert (code.value in problem.message) is (MEANINGS[code].who is Who.SCOLARITE)


@pytest.mark.parametrize("code", Reason)
def test_the_sender_is_asked_only_what_the_school_cannot_settle(coord: Bench, code: Reason) -> None:
    """Each doubt is for the school, waits and is not asked; or it is for who answers there, and goes back."""
    form = coord.doubting("organisme.telephone", "O2 98", "", code)
    refused, (problem,) = form.outcome(), form.problems("L-19")
    assert isinstance(refused, Refused)
    ours = MEANINGS[code].who is Who.SCOLARITE
    assert (problem.who, problem.waits) == ((Who.SCOLARITE, True) if ours else (Who.ORGANISME, False))
    assert (problem in refused.asked) is not ours
    assert problem.as_json()["who"] == problem.who.value


@pytest.mark.parametrize(
    ("born", "expected"), [("2011-04-08", 1), ("2011-04-07", 0), ("1944-04-08", 0), ("1944-04-07", 1)]
)
def test_an_age_that_cannot_be_is_asked_about(coord: Bench, born: str, expected: int) -> None:
    """From 14 to 80 years on the first day; the day of the birthday counts."""
    assert len(coord.having({"stagiaire.date_naissance": born}).problems("L-19")) == expected


def test_the_end_does_not_come_before_the_start(coord: Bench) -> None:
    """The same day passes, the day before does not."""
    assert coord.having({"stage.date_fin": "2025-04-07"}).severities("L-19") == []
    assert coord.having({"stage.date_fin": "2025-04-06"}).severities("L-19") == ["blocking"]


@pytest.mark.parametrize(
    ("year", "expected"), [(2030, []), (2031, ["blocking"]), (2019, ["blocking"]), (9999, ["blocking"])]
)
def test_a_year_far_away_is_a_slip(coord: Bench, year: int, expected: list[str]) -> None:
    """Checked in 2025: five years around are plausible, the year 9999 is not and makes no rule walk for ever."""
    answers = {"stage.date_debut": f"{min(year, 2025)}-04-07", "stage.date_fin": f"{max(year, 2025)}-07-03"}
    assert coord.having(answers).severities("L-19") == expected


def test_a_torn_line_of_the_calendar_is_one_problem(coord: Bench) -> None:
    """A day without its hours is asked for once, at the calendar."""
    lines = [*coord.reading.values["stage"]["calendrier"][:-1], {}]
    (problem,) = coord.having({"stage.calendrier": lines}).problems("L-19")
    assert problem.field == "stage.calendrier"
    assert "ligne 20 : incomplète" in problem.message
