"""What the rules of the cohort say of forms laid side by side: each for, against, and at its edge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import people
import pytest
from cohort_kit import cohort, messages, record, sha, someone, told

from pipeline.checks import check_rules
from pipeline.cohort.examine import examine, judge
from pipeline.cohort.rules import RULES
from pipeline.core.decisions import Decisions, Override
from pipeline.core.formation import load_formation
from pipeline.core.law import Law
from pipeline.core.models import Kind, Reading, Record, Refused
from pipeline.core.workspace import Workspace

ELSEWHERE = {"organisme__siret": "83282932000074", "organisme__raison_sociale": "Maison neuve"}
LATER = {"stage__date_debut": "2025-09-01", "stage__date_fin": "2025-12-19"}
OTHER_PERSON = {
    "stagiaire__date_naissance": "2001-01-02",
    "stagiaire__numero": "IDF999",
    "stagiaire__telephone": "+33611111111",
    "stagiaire__courriel": "autre@example.org",
}
FPC = {"stagiaire__regime": "FPC_AUTOFINANCE"}


def test_a_form_alone_and_two_strangers_are_told_nothing(law: Law) -> None:
    """No rule of the cohort speaks without a reason."""
    assert told(law, someone(1), someone(2)) == [[], []]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({**ELSEWHERE, **LATER}, ["C-01 warning"]),
        ({**ELSEWHERE, **LATER, "formation": {"code": people.COORDINATION, "annee": "2024-2025"}}, ["C-01 info"]),
        ({**ELSEWHERE, **LATER, "formation": {"code": people.CNAM, "annee": "2025-2026"}}, []),
        (ELSEWHERE, ["C-03 blocking"]),
        ({**ELSEWHERE, "stage__date_debut": "2025-08-04", "stage__date_fin": "2025-10-01"}, ["C-03 blocking"]),
        ({**ELSEWHERE, "stage__date_debut": "2025-08-05", "stage__date_fin": "2025-10-01"}, ["C-01 warning"]),
        (LATER, ["C-01 warning"]),
        ({"tuteur__telephone": "+33611111119"}, []),
    ],
)
def test_the_same_person_twice(law: Law, changes: dict[str, Any], expected: list[str]) -> None:
    """C-01 at other dates, C-03 at the same, from the last day on; a new version of one internship is neither."""
    assert told(law, record(), record(**changes)) == [[], expected]


def test_two_calendars_without_a_common_day_do_not_clash(law: Law) -> None:
    """C-03: two days here, three days there, is two internships; one day in common is one too many."""
    here = {"stage__calendrier": [{"date": "2025-05-05", "heures": 7}, {"date": "2025-05-06", "heures": 7}]}
    there = {"stage__calendrier": [{"date": "2025-05-06", "heures": 0}, {"date": "2025-05-07", "heures": 7}]}
    both = {"stage__calendrier": [{"date": "2025-05-06", "heures": 3}]}

    assert told(law, record(**here), record(**ELSEWHERE, **there))[1] == ["C-01 warning"]
    assert told(law, record(**here), record(**ELSEWHERE, **both))[1] == ["C-03 blocking"]
    assert told(law, record(**here), record(**ELSEWHERE))[1] == ["C-03 blocking"]


def test_a_packet_made_before_this_form_was_known_counts_too(law: Law) -> None:
    """C-03: two workers at once may print the later form first; then the earlier one waits, and nothing is silent."""
    assert told(law, record(), record(**ELSEWHERE), printed=(2,))[0] == ["C-03 blocking"]
    again = record(tuteur__telephone="+33611111119")  # a new version that waits does not undo the packet of the first
    assert told(law, record(), record(**ELSEWHERE), again, printed=(1,))[1:] == [["C-03 blocking"]] * 2


def test_what_an_overlap_says(law: Law) -> None:
    """The dates, the other form, the three ways out with the commands to type."""
    (said,) = messages(law, record(), record(**ELSEWHERE))

    assert said == (
        "Stage du 07/04/2025 au 04/08/2025 : la même personne est déjà en stage à ces dates, formulaire 00000001 "
        "(du 07/04/2025 au 04/08/2025). Écartez celui qui n’aura pas lieu (liasse discard) puis reprenez l’autre "
        "(liasse retry 00000002) ; si les deux peuvent se faire, levez cette règle (liasse override 00000002 C-03). "
        "S’il s’agit du même stage, corrigé : liasse dossier join 00000002 00000001 --by NOM --reason MOTIF."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (OTHER_PERSON, "ce sont deux personnes. Ne mêlez pas leurs liasses"),
        ({**OTHER_PERSON, "stagiaire__courriel": "Elise.Lefevre@example.org"}, "sans doute une faute de frappe"),
        (
            {**OTHER_PERSON, "stagiaire__date_naissance": None, "stagiaire__numero": None},
            "rien ne dit si c’est la même personne",
        ),
    ],
)
def test_homonyms(law: Law, changes: dict[str, Any], words: str) -> None:
    """C-02: said to be two people, one with a slip of the finger, or nobody knows; the others' data is not told."""
    found = messages(law, record(**ELSEWHERE), record(**changes))

    assert [words in said for said in found] == [True]
    assert "00000001" in found[0]
    assert "24/09/2002" not in found[0]


def test_homonyms_of_another_year_or_another_name_are_nothing(law: Law) -> None:
    """C-02 is about packets that lie side by side."""
    last_year = record(annee="2023-2024", **ELSEWHERE)

    assert told(law, last_year, record(**OTHER_PERSON)) == [[], []]
    assert told(law, record(**ELSEWHERE), record(stagiaire__prenom="Elisa", **OTHER_PERSON)) == [[], []]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"stagiaire__courriel": "T1@example.org"}, ["C-04 warning"]),
        ({"stagiaire__courriel": "d1@example.org"}, ["C-04 warning"]),
        ({"stagiaire__courriel": "f.garcon@example.org"}, ["C-04 warning"]),
        ({"stagiaire__courriel": "s1@example.org"}, ["C-04 warning"]),
        ({"tuteur__courriel": "s1@example.org"}, ["C-04 warning"]),
        ({"tuteur__courriel": "f.garcon@example.org"}, ["C-04 warning"]),
        ({"tuteur__courriel": "s2@example.org"}, ["C-04 warning"]),
        ({"tuteur__courriel": "d1@example.org"}, []),
        ({"tuteur__courriel": "t1@example.org"}, []),
    ],
)
def test_one_e_mail_for_two(law: Law, changes: dict[str, Any], expected: list[str]) -> None:
    """C-04: stagiaire, organisme and school each have theirs; a tuteur may also sign for the organisme."""
    assert told(law, someone(1), someone(2, **changes))[1] == expected


def test_last_years_stagiaire_may_be_a_tuteur(law: Law) -> None:
    """C-04 looks at one year."""
    before = someone(1, formation={"code": people.CNAM, "annee": "2023-2024"})

    assert told(law, before, someone(2, tuteur__courriel="s1@example.org"))[1] == []


def test_what_a_shared_e_mail_says(law: Law) -> None:
    """The address, whose it is, and what would go wrong."""
    (said,) = messages(law, someone(1), someone(2, stagiaire__courriel="t1@example.org"))

    assert said.startswith(
        "Courriel t1@example.org (stagiaire) : c’est aussi celui du tuteur du formulaire 00000001. La demande de"
    )


def with_tutor(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Stagiaires of one tuteur."""
    same = {"tuteur__nom": "D’ALMEIDA", "organisme__siret": "81234560100007", "organisme__raison_sociale": "Dupont"}
    return [someone(number, **same, **changes) for number in range(1, count + 1)]


def test_three_stagiaires_for_a_tuteur_and_the_fourth_is_told(law: Law) -> None:
    """C-05: the last to come is one too many; forms before it are as they were."""
    assert told(law, *with_tutor(3)) == [[], [], []]
    assert told(law, *with_tutor(4)) == [[], [], [], ["C-05 warning"]]
    (said,) = messages(law, *with_tutor(4))
    assert said == (
        "Tuteur João D’ALMEIDA : avec celui-ci, 4 stagiaires en même temps pour 3 au plus (formulaires 00000001, "
        "00000002 et 00000003). Désignez un autre tuteur, ou décalez un stage."
    )


def test_only_those_at_the_same_time_count(law: Law) -> None:
    """C-05: one that ends the day before frees its place; the same day does not."""
    forms = with_tutor(4)
    forms[0]["stage"]["date_fin"] = "2025-06-09"
    forms[3]["stage"]["date_debut"] = "2025-06-10"
    assert told(law, *forms)[3] == ["L-13 warning"]

    forms[3]["stage"]["date_debut"] = "2025-06-09"
    assert told(law, *forms)[3] == ["C-05 warning"]


def test_the_busiest_moment_counts_not_the_sum(law: Law) -> None:
    """C-05: four short stages one after the other beside a long one are two at once."""
    months = [(f"2025-0{month}-01", f"2025-0{month}-28") for month in (4, 5, 6, 7)]
    forms = with_tutor(5)
    for form, (start, end) in zip(forms, [*months, ("2025-04-01", "2025-07-28")], strict=True):
        form["stage"] |= {"date_debut": start, "date_fin": end}

    assert told(law, *forms)[4] == []


def test_continuing_education_gets_a_remark(law: Law) -> None:
    """C-05 outside formation initiale is information; those people do not count for a student either."""
    assert told(law, *with_tutor(4, **FPC))[3] == ["C-05 info"]
    mixed = [*with_tutor(3, **FPC), with_tutor(4)[3]]
    assert told(law, *mixed)[3] == ["C-05 info"]


def test_a_new_version_does_not_count_twice(law: Law) -> None:
    """C-05: a form sent again is one stagiaire."""
    forms = with_tutor(3)
    again = {**forms[0], "gratification": {"prevue": False}}

    assert told(law, *forms, again) == [[], [], [], []]


def at_host(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Stagiaires of one organisme, each with a tuteur of their own."""
    same = {"organisme__siret": "81234560100007", "organisme__raison_sociale": "Dupont"}
    return [someone(number, **{**same, **changes}) for number in range(1, count + 1)]


@pytest.mark.parametrize(("staff", "limit"), [(1, 3), (19, 3), (20, 3), (21, 4), (26, 4), (27, 5), (100, 15)])
def test_the_quota_of_an_organisme(law: Law, staff: int, limit: int) -> None:
    """C-06: three under twenty, then 15 % rounded up; the one beyond is told."""
    found = told(law, *at_host(limit + 1, organisme__effectif=staff))

    assert found == [[]] * limit + [["C-06 warning"]]


def test_who_is_named_is_who_is_counted(law: Law) -> None:
    """C-06: four students beside two people in formation continue are four, and only the students are named."""
    forms = at_host(6, organisme__effectif=5)
    for adult in forms[1:3]:
        adult["stagiaire"]["regime"] = "FPC_AUTOFINANCE"
    (said,) = [text for text in messages(law, *forms) if "4 stagiaires" in text]

    assert [sha(number)[:8] in said for number in range(1, 6)] == [True, False, False, True, True]


def test_the_staff_that_another_form_declares_is_used(law: Law) -> None:
    """C-06: one form of the SIRET says the staff; with none, it is asked for."""
    forms = at_host(4, organisme__effectif=None)
    assert "l’effectif n’est pas donné. Demandez-le" in messages(law, *forms)[0]

    forms[1]["organisme"]["effectif"] = 26
    assert messages(law, *forms) == []


def test_the_week_counts_for_an_organisme(law: Law) -> None:
    """C-06: one that ends on Monday and one that begins on Friday are there in one civil week."""
    forms = at_host(4, organisme__effectif=5)
    forms[0]["stage"]["date_fin"] = "2025-06-09"
    forms[3]["stage"]["date_debut"] = "2025-06-13"
    assert told(law, *forms)[3] == ["C-06 warning"]

    forms[3]["stage"]["date_debut"] = "2025-06-16"
    assert told(law, *forms)[3] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MAISON B", []),
        ("Association Maison B", []),
        ("Maison B, pôle habitat", []),
        ("Mäison  B", []),
        ("Maison C", ["C-07 warning"]),
        ("Foyer des Lilas", ["C-07 warning"]),
    ],
)
def test_one_siret_has_one_name(law: Law, name: str, expected: list[str]) -> None:
    """C-07: a legal form, a service or an accent more is the same name."""
    other = someone(2, organisme__siret=f"{1:014d}", organisme__raison_sociale=name)

    assert told(law, someone(1), other)[1] == expected


def test_one_name_may_have_two_sirets(law: Law) -> None:
    """C-07 says nothing of the establishments of one company; it looks at the employeur's SIRET too."""
    assert told(law, someone(1), someone(2, organisme__raison_sociale="Maison B"))[1] == []
    employer = {"employeur": {"siret": f"{1:014d}", "raison_sociale": "Foyer des Lilas"}}
    assert told(law, someone(1), someone(2, **employer))[1] == ["C-07 warning"]
    assert told(law, someone(1, **employer)) == [["C-07 warning"]]
    assert "« Maison B » ailleurs sur ce formulaire" in messages(law, someone(1, **employer))[0]


def test_twenty_four_stagiaires_for_a_referent(law: Law) -> None:
    """C-08: the twenty-fifth is told; the figure is that of droit.toml."""
    found = told(law, *(someone(number) for number in range(1, 26)))

    assert found == [[]] * 24 + [["C-08 warning"]]
    stricter = replace(law, hosting=replace(law.hosting, by_referent=1))
    assert told(stricter, someone(1), someone(2))[1] == ["C-08 warning"]


def test_an_empty_record_is_told_nothing(law: Law) -> None:
    """A form of which nothing could be read stands in the cohort and meets nobody."""
    assert told(law, {}, {}, record()) == [[], [], []]


def test_a_blocking_finding_waits_for_a_named_person(law: Law) -> None:
    """The record is refused, waits for the scolarité, asks nothing of the sender; lifted, it is a record again."""
    members = cohort(record(), record(**ELSEWHERE))
    problems = examine(members, law)[sha(2)]
    reading = Reading(sha(2), Kind.ACROFORM, "x/2024-2025", people.CNAM, "2024-2025", ())
    alone = Record({}, (), reading)

    refused = judge(alone, members[1], problems, Decisions())

    assert isinstance(refused, Refused)
    assert (refused.waits, refused.asked) == (True, ())
    assert [verdict.rule for verdict in refused.verdicts] == list(RULES)
    lifted = Override("C-03", "F. GARÇON", "deux mi-temps", people.TODAY)
    printable = judge(alone, members[1], problems, Decisions(overrides=(lifted,)))
    assert isinstance(printable, Record)
    assert [verdict.lifted for verdict in printable.verdicts if verdict.lifted] == [lifted]


@pytest.mark.parametrize("number", ["C-01", "C-99", "V-02"])
def test_a_formation_cannot_take_a_number_of_the_cohort(workspace: Workspace, number: str) -> None:
    """Lifting C-03 must never lift a rule of the formation that bears the same number."""
    formation = load_formation(workspace, people.CNAM)
    first, *others = formation.rules
    settings = {**formation.settings, "regles": [{**first, "id": number}, *others]}

    (fault,) = check_rules(replace(formation, settings=settings))
    assert f"rule {number}: this number is already taken" in fault
