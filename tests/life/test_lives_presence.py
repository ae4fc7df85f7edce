"""Hours, days and gratification of invented lives: each figure was computed by hand, in the comment above it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import people
import pytest
from presence_kit import A, C, Lives, M, P, changed, day, planned, was

from pipeline.core.french import duration
from pipeline.core.life import FactKind, PaperKind
from pipeline.dossier.life.course import Course, figures_of, owed_to_others, recipients
from pipeline.dossier.life.due import asks_completion

FC, FI = people.COORDINATION, people.CNAM
SHEET = FactKind.SHEET


@pytest.fixture
def lives(workspace: Any, dictionary: Any, law: Any) -> Lives:
    """Makes lives of both formations."""
    return Lives(workspace, dictionary, law)


def tally(course: Course, key: str) -> tuple[str, str, int]:
    """Hours that count, hours planned, days of presence, of a month or of the whole."""
    part = course.presence.between(*course.period(key))
    return str(part.counted), str(part.planned), part.attended


# The salariée of the samples is there on Tuesdays and Thursdays, 7 h: in April 8, 10, 15, 17, 22, 24, 29 = 7 days;
# in May 6, 13, 15, 20, 22, 27 (the 1st, 8th and 29th are public holidays) = 6; in June 3, 5, 10, 12, 17, 19, 24 = 7.
# The student is there from Monday 7 April to Monday 4 August, Monday to Friday, 7 h: April 5 + 5 + 4 (21 April is
# Easter Monday) + 3 = 17 days; May 22 weekdays less the 1st, 8th, 29th = 19; June 21 less Whit Monday = 20; July 23
# less the 14th = 22; August 1 and 4 = 2. 80 days, 560 h.


def test_1_nothing_missed(lives: Lives) -> None:
    """A salariée, April as planned: 7 × 7 = 49 h; the whole 20 × 7 = 140 h."""
    data = people.coordination()
    course = lives.course(data, FC, told=planned(data, lives, FC))

    assert tally(course, "2025-04") == ("49", "49", 7)
    assert tally(course, "") == ("140", "140", 20)


def test_2_half_a_day_of_sickness(lives: Lives) -> None:
    """15 April, there in the morning only: 49 − 3,5 = 45 h 30, still seven days of presence."""
    data = people.coordination()
    course = lives.course(data, FC, told=planned(data, lives, FC, but=[was(day(4, 15), P, M, "3.5")]))

    assert tally(course, "2025-04") == ("45.5", "49", 7)


def test_3_hours_of_one_day_told(lives: Lives) -> None:
    """10 April, 5 h of 7: 49 − 2 = 47 h."""
    data = people.coordination()
    course = lives.course(data, FC, told=planned(data, lives, FC, but=[was(day(4, 10), P, P, "5")]))

    assert tally(course, "2025-04") == ("47", "49", 7)


def test_4_sickness_over_a_public_holiday(lives: Lives) -> None:
    """A student, sick from Thursday 17 to Tuesday 22 April: 17, 18 and 22 were planned, Easter Monday was not.

    119 − 3 × 7 = 98 h, 14 days.
    """
    data = people.cnam()
    sick = [was(one, M, M, "0") for one in (day(4, 17), day(4, 18), day(4, 22))]
    course = lives.course(data, FI, told=planned(data, lives, FI, but=sick))

    assert tally(course, "2025-04") == ("98", "119", 14)


def test_5_leave_of_a_student_counts_and_is_not_paid(lives: Lives) -> None:
    """Two days of leave in June (L124-18): 560 h count, 546 h were there: 546 × 4,35 = 2 375,10 €."""
    data = people.cnam()
    leave = [was(one, C, C, "0") for one in (day(6, 12), day(6, 13))]
    course = lives.course(data, FI, told=planned(data, lives, FI, but=leave))

    assert tally(course, "2025-06") == ("140", "140", 18)
    assert tally(course, "") == ("560", "560", 78)
    assert course.presence.present == Decimal(546)
    assert course.due_pay == Decimal("2375.10")


def test_6_leave_in_continuing_training_is_an_absence(lives: Lives) -> None:
    """The same in formation continue, on 10 April: 49 − 7 = 42 h."""
    data = people.coordination()
    course = lives.course(data, FC, told=planned(data, lives, FC, but=[was(day(4, 10), C, C, "0")]))

    assert tally(course, "2025-04") == ("42", "49", 6)


def test_7_half_a_day_of_leave_half_of_sickness(lives: Lives) -> None:
    """A student, 10 April: leave in the morning, sick after: 3 h 30 count, none is paid: 119 − 3,5 = 115 h 30."""
    data = people.cnam()
    course = lives.course(data, FI, told=planned(data, lives, FI, but=[was(day(4, 10), C, M, "0")]))

    assert tally(course, "2025-04") == ("115.5", "119", 16)
    assert course.presence.present == Decimal(553)


def test_8_a_start_in_mid_month(lives: Lives) -> None:
    """From Wednesday 16 April: 16, 17, 18, 22 to 25, 28, 29, 30 = 10 days, 70 h; the period begins on the 16th."""
    data = people.cnam(stage__date_debut="2025-04-16")
    course = lives.course(data, FI, told=planned(data, lives, FI))

    assert tally(course, "2025-04") == ("70", "70", 10)
    assert course.period("2025-04") == (day(4, 16), day(4, 30))


def test_9_an_amount_by_the_hour(lives: Lives) -> None:
    """4,35 € an hour, half a day missed: 556,5 × 4,35 = 2 420,775, hence 2 420,78 €."""
    data = people.cnam()
    course = lives.course(data, FI, told=planned(data, lives, FI, but=[was(day(5, 2), P, A, "3.5")]))

    assert course.due_pay == Decimal("2420.78")


def test_10_an_amount_by_the_month(lives: Lives) -> None:
    """669,90 € for 154 h is 4,35 € an hour; two days missed: 546 × 4,35 = 2 375,10 €."""
    data = people.cnam(gratification__montant=669.90, gratification__unite="mois")
    missed = [was(one, A, A, "0") for one in (day(5, 2), day(5, 5))]
    course = lives.course(data, FI, told=planned(data, lives, FI, but=missed))

    assert course.due_pay == Decimal("2375.10")


def test_11_an_amount_for_the_whole(lives: Lives) -> None:
    """2 436 € for 560 h; a day missed: 2 436 × 553 / 560 = 2 405,55 €."""
    data = people.cnam(gratification__montant=2436, gratification__unite="total")
    course = lives.course(data, FI, told=planned(data, lives, FI, but=[was(day(7, 15), A, A, "0")]))

    assert course.due_pay == Decimal("2405.55")


def test_12_a_smoothed_amount(lives: Lives) -> None:
    """Smoothed over five months, the whole is what the hours make: 553 × 4,35 = 2 405,55 €."""
    data = people.cnam(gratification__base="lisse")
    course = lives.course(data, FI, told=planned(data, lives, FI, but=[was(day(7, 15), A, A, "0")]))

    assert course.due_pay == Decimal("2405.55")


def test_13_an_amount_that_changes_in_mid_month(lives: Lives) -> None:
    """4,50 € from 15 May: before, 119 h + 8 days (2, 5, 6, 7, 9, 12, 13, 14 May) × 7 = 175 h × 4,35 = 761,25 €.

    After, 385 h × 4,50 = 1 732,50 €. Together 2 493,75 €.
    """
    data = people.cnam()
    raised = changed(1, day(5, 15), gratification__montant=4.50)
    course = lives.course(data, FI, told=planned(data, lives, FI), avenants=[raised])

    assert course.due_pay == Decimal("2493.75")


def test_14_an_end_before_term(lives: Lives) -> None:
    """Ended on Friday 30 May by an avenant: 119 + 133 = 252 h = 36 days = 1 month and 14 days; 1 096,20 €."""
    data = people.cnam()
    ended = changed(1, day(5, 30), stage__date_fin="2025-05-30")
    course = lives.course(data, FI, told=planned(data, lives, FI), avenants=[ended])

    assert tally(course, "") == ("252", "252", 36)
    assert duration(course.presence.counted).replace("\u00a0", " ") == "1 mois et 14 jours"
    assert course.due_pay == Decimal("1096.20")
    assert (course.is_over("", day(5, 30)), course.is_over("", day(5, 31))) == (False, True)


def test_15_an_end_on_the_first_day(lives: Lives) -> None:
    """Ended on Monday 7 April, the first day, at noon: 3 h 30 of 7; 3,5 × 4,35 = 15,225, hence 15,23 €."""
    data = people.cnam()
    ended = changed(1, day(4, 7), stage__date_fin="2025-04-07")
    told = planned(data, lives, FI, but=[was(day(4, 7), P, A, "3.5")])
    course = lives.course(data, FI, told=told, avenants=[ended])

    assert tally(course, "") == ("3.5", "7", 1)
    assert course.due_pay == Decimal("15.23")


def test_16_an_interruption_over_two_holidays(lives: Lives) -> None:
    """Interrupted from 28 April to 9 May: 28, 29, 30 April, 2, 5, 6, 7, 9 May are lost: 560 − 8 × 7 = 504 h."""
    data = people.cnam()
    pause = changed(1, day(4, 28), stage__interruptions=[{"debut": "2025-04-28", "fin": "2025-05-09"}])
    course = lives.course(data, FI, told=planned(data, lives, FI), avenants=[pause])

    assert tally(course, "2025-04") == ("98", "98", 14)
    assert tally(course, "2025-05") == ("98", "98", 14)
    assert tally(course, "") == ("504", "504", 72)


def test_17_alsace(lives: Lives) -> None:
    """In Strasbourg Good Friday, 18 April, is a public holiday: 16 days in April, 112 h."""
    place = {"voie": "1 quai des Bateliers", "code_postal": "67000", "ville": "Strasbourg", "pays": "France"}
    data = people.cnam(organisme__lieu_stage=place)
    course = lives.course(data, FI, told=planned(data, lives, FI))

    assert tally(course, "2025-04") == ("112", "112", 16)


def test_18_reunion(lives: Lives) -> None:
    """At Saint-Denis Friday 20 December 2024 is a public holiday: of 15 weekdays from the 2nd, 14 × 7 = 98 h."""
    place = {"voie": "1 rue de Paris", "code_postal": "97400", "ville": "Saint-Denis", "pays": "France"}
    data = people.cnam(
        organisme__lieu_stage=place,
        stage__date_debut="2024-12-02",
        stage__date_fin="2024-12-20",
        stage__duree_heures=98,
    )
    course = lives.course(data, FI, told=planned(data, lives, FI))

    assert tally(course, "2024-12") == ("98", "98", 14)


def test_19_seven_hours_twenty(lives: Lives) -> None:
    """7 h 20 a day from 28 April to 30 April; half of the 29th missed: 7 h 20 + 3 h 40 + 7 h 20 = 18 h 20."""
    data = people.cnam(
        stage__semaine=dict.fromkeys(("lundi", "mardi", "mercredi", "jeudi", "vendredi"), 7.3333),
        stage__date_debut="2025-04-28",
        stage__date_fin="2025-04-30",
        stage__duree_heures=22,
    )
    half = (FactKind.PRESENCE, "2025-04-29", {"matin": "P", "apres_midi": "A", "heures": "3.6667"})
    course = lives.course(data, FI, told=planned(data, lives, FI, but=[half]))

    assert (course.presence.counted * 60, course.presence.planned) == (Decimal(1100), Decimal(22))


@pytest.mark.parametrize(
    ("regime", "payer", "to", "others", "certificate"),
    [
        ("FPC_SALARIE_EMPLOYEUR", "OPCO Santé", ("employeur", "financeur"), True, True),
        ("FPC_SALARIE_EMPLOYEUR", None, ("employeur",), True, True),
        ("AGENT_PUBLIC", None, ("employeur",), True, True),
        ("FPC_DEMANDEUR_EMPLOI", "France Travail", ("financeur",), True, True),
        ("FPC_DEMANDEUR_EMPLOI", None, ("stagiaire",), False, True),
        ("FPC_SALARIE_INDIVIDUEL", None, ("stagiaire",), False, True),
        ("FPC_AUTOFINANCE", None, ("stagiaire",), False, False),
    ],
)
def test_20_whom_presence_is_attested_to(
    lives: Lives, regime: str, payer: str | None, to: tuple[str, ...], *, others: bool, certificate: bool
) -> None:
    """Each régime of formation continue has its recipients; whoever pays alone asks for no certificat."""
    life = lives.life(people.coordination(stagiaire__regime=regime, employeur__financeur=payer), code=FC)

    assert (recipients(life), owed_to_others(life), asks_completion(life)) == (to, others, certificate)


def test_21_a_day_that_an_avenant_moves_is_to_be_confirmed_again(lives: Lives) -> None:
    """13 May becomes 14 May after May was confirmed as planned: 42 h planned still, 35 h known, the 14th unknown."""
    data = people.coordination()
    days = [dict(one) for one in data["stage"]["calendrier"]]
    moved = [{**one, "date": "2025-05-14"} if one["date"] == "2025-05-13" else one for one in days]
    avenant = changed(1, day(5, 6), stage__calendrier=moved)
    told = planned(data, lives, FC)
    course = lives.course(data, FC, told=told, avenants=[avenant])

    assert tally(course, "2025-05") == ("35", "42", 5)
    assert course.presence.unknown == (day(5, 14),)
    assert course.presence.clashes == ()
    assert figures_of(course, PaperKind.PRESENCE, "2025-05") is None
    confirmed = lives.course(data, FC, told=[*told, was(day(5, 14), P, P, "7")], avenants=[avenant])
    assert tally(confirmed, "2025-05") == ("42", "42", 6)


def sheet(*, signed: bool = True, **days: str) -> tuple[FactKind, str, dict[str, Any]]:
    """April's sheet, as it was read: hours by day (``d08="7"``)."""
    lines = {
        f"2025-04-{name[1:]}": {"matin": "P" if hours != "0" else "A", "apres_midi": "P" if hours == "7" else "A",
                                "heures": hours}
        for name, hours in days.items()
    }  # fmt: skip
    return SHEET, "2025-04", {"jours": lines, "signe_stagiaire": True, "signe_tuteur": signed}


WHOLE = {"d08": "7", "d10": "7", "d15": "3.5", "d17": "7", "d22": "7", "d24": "0", "d29": "7"}


def test_22_a_signed_sheet_says_its_month(lives: Lives) -> None:
    """5 × 7 + 3,5 + 0 = 38 h 30 of 49; not signed by the tuteur it says nothing."""
    data = people.coordination()

    assert tally(lives.course(data, FC, told=[sheet(**WHOLE)]), "2025-04") == ("38.5", "49", 6)
    unsigned = lives.course(data, FC, told=[sheet(signed=False, **WHOLE)])
    assert len(unsigned.presence.month("2025-04").unknown) == 7


def test_23_a_sheet_against_a_word(lives: Lives) -> None:
    """The 24th was told present, then the sheet says absent: nobody knows, until it is told again: 38 h 30 + 7."""
    data = people.coordination()
    before = was(day(4, 24), P, P, "7")
    course = lives.course(data, FC, told=[before, sheet(**WHOLE)])

    assert [one.day for one in course.presence.clashes] == [day(4, 24)]
    assert figures_of(course, PaperKind.PRESENCE, "2025-04") is None
    settled = lives.course(data, FC, told=[before, sheet(**WHOLE), before])
    assert settled.presence.clashes == ()
    assert tally(settled, "2025-04") == ("45.5", "49", 7)


def test_24_nothing_is_assumed(lives: Lives) -> None:
    """Without a word nor a sheet no hour is attested, however many are planned."""
    course = lives.course(people.coordination(), FC)

    assert tally(course, "") == ("0", "140", 0)
    assert len(course.presence.unknown) == 20
    assert [figures_of(course, kind, "") for kind in (PaperKind.PRESENCE, PaperKind.COMPLETION, PaperKind.END)] == [
        None
    ] * 3


def test_25_what_was_paid_is_what_persons_say(lives: Lives) -> None:
    """Months once all five are told: 500 + 600 + 600 + 700 + 36 = 2 436 €; a later word on the whole holds."""
    data = people.cnam()
    told = planned(data, lives, FI)
    paid = [
        (FactKind.PAID, f"2025-0{4 + at}", {"montant": one}) for at, one in enumerate(("500", "600", "600", "700"))
    ]
    last = (FactKind.PAID, "2025-08", {"montant": "36"})
    whole = (FactKind.PAID, "", {"montant": "2400.00"})

    assert lives.course(data, FI, told=[*told, *paid]).paid is None
    assert lives.course(data, FI, told=[*told, *paid, last]).paid == Decimal(2436)
    assert lives.course(data, FI, told=[*told, *paid, last, whole]).paid == Decimal(2400)
    assert lives.course(data, FI, told=[*told, whole, *paid]).paid is None
    figures = figures_of(lives.course(data, FI, told=[*told, whole]), PaperKind.END, "")
    assert figures is not None
    assert (figures["verse"], figures["du"], figures["heures"]) == ("2400.00", "2436.00", "560")


def test_26_presence_where_none_is_planned(lives: Lives) -> None:
    """A Wednesday told present, or eight hours on a day of seven: a change of the convention, not a presence."""
    data = people.coordination()
    course = lives.course(data, FC, told=[was(day(4, 9), P, P, "7"), was(day(4, 10), P, P, "8")])

    assert [one.day for one in course.presence.clashes] == [day(4, 9), day(4, 10)]
