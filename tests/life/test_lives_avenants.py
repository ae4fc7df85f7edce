"""Hours, days and gratification of invented lives with avenants: each figure was computed by hand, in its comment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import people
import pytest
from amend_kit import day, with_avenant
from presence_kit import Lives

from pipeline.core.days import Days
from pipeline.core.models import get
from pipeline.core.monthly_pay import hourly_rates, paid_by_month
from pipeline.dossier.life.holding import Life

FC, FI = people.COORDINATION, people.CNAM
BREST = (
    "organisme.lieu_stage.voie=5 rue Basse",
    "organisme.lieu_stage.code_postal=29200",
    "organisme.lieu_stage.ville=Brest",
)
STRASBOURG = (
    "organisme.lieu_stage.voie=2 rue Neuve",
    "organisme.lieu_stage.code_postal=67000",
    "organisme.lieu_stage.ville=Strasbourg",
)
SAINT_DENIS = (
    "organisme.lieu_stage.voie=4 rue Haute",
    "organisme.lieu_stage.code_postal=97400",
    "organisme.lieu_stage.ville=Saint-Denis",
)


@pytest.fixture
def lives(workspace: Any, dictionary: Any, law: Any) -> Lives:
    """Makes lives of both formations."""
    return Lives(workspace, dictionary, law)


def days_of(life: Life) -> Days:
    """Its planned days."""
    days = life.days
    assert days is not None
    return days


def months(life: Life) -> dict[int, tuple[int, str]]:
    """Days and hours planned of each month."""
    days = days_of(life)
    return {
        month: (sum(one.month == month for one in days.hours), str(hours))
        for (_, month), hours in days.by_month.items()
    }


def paid(life: Life) -> dict[int, str]:
    """Euros of each month."""
    found = paid_by_month(life.terms, life.programme.session, days_of(life).hours)
    return {month: str(euros) for (_, month), euros in found.items()}


def total(life: Life) -> Decimal:
    """Euros in all."""
    return sum(paid_by_month(life.terms, life.programme.session, days_of(life).hours).values(), Decimal())


# The salariée is there on Tuesdays and Thursdays, 7 h: in April 8, 10, 15, 17, 22, 24, 29 = 7 days; in May 6, 13, 15,
# 20, 22, 27 (the 1st, 8th and 29th are public holidays) = 6; in June 3, 5, 10, 12, 17, 19, 24 = 7. 20 days, 140 h.
# The student is there from Monday 7 April to Monday 4 August, Monday to Friday, 7 h, 4,35 € an hour: April 17 days
# (the 21st is Easter Monday), May 19, June 20 (the 9th is Whit Monday), July 22, August 2. 80 days, 560 h, 2 436 €.


def test_1_a_day_moved(lives: Lives) -> None:
    """27 May becomes 11 June: May 5 × 7 = 35 h, June 8 × 7 = 56 h, 140 h as before; the last day stays 24 June."""
    life = lives.life(people.coordination(), code=FC)
    life = with_avenant(life, "stage.calendrier-=2025-05-27", "stage.calendrier+=2025-06-11=7", since=day(5, 21))

    assert months(life) == {4: (7, "49"), 5: (5, "35"), 6: (8, "56")}
    assert (str(days_of(life).total), get(life.data, "stage.date_fin")) == ("140", "2025-06-24")
    assert get(life.data, "stage.duree_heures") == 140


def test_2_a_day_moved_beyond_the_last(lives: Lives) -> None:
    """24 June becomes 26 June: the stage ends on the 26th, nobody has to say so."""
    life = lives.life(people.coordination(), code=FC)
    life = with_avenant(life, "stage.calendrier-=24/06/2025", "stage.calendrier+=26/06/2025 : 7 h", since=day(6, 10))

    assert (str(days_of(life).total), days_of(life).last) == ("140", day(6, 26))
    assert get(life.data, "stage.date_fin") == "2025-06-26"


def test_3_an_interruption_over_a_public_holiday(lives: Lives) -> None:
    """A student, away from Thursday 5 to Friday 13 June: 5, 6, 10, 11, 12 and 13 = 6 days; the 9th was none.

    June 20 − 6 = 14 days, 98 h, 98 × 4,35 = 426,30 €; in all 560 − 42 = 518 h, 518 × 4,35 = 2 253,30 €.
    """
    life = lives.life(people.cnam(), code=FI)
    life = with_avenant(life, "stage.interruptions+=2025-06-05..2025-06-13", since=day(6, 5), motive="suspension")

    assert months(life)[6] == (14, "98")
    assert (str(days_of(life).total), get(life.data, "stage.duree_heures")) == ("518", 518)
    assert (paid(life)[6], str(total(life))) == ("426.30", "2253.30")


def test_4_the_same_made_up_in_august(lives: Lives) -> None:
    """And until Tuesday 12 August: 5, 6, 7, 8, 11, 12 = 6 days more. August 8 days, 56 h, 243,60 €; 560 h again."""
    life = lives.life(people.cnam(), code=FI)
    words = ("stage.interruptions+=2025-06-05..2025-06-13", "stage.date_fin=12/08/2025")
    life = with_avenant(life, *words, since=day(6, 5))

    assert (months(life)[6], months(life)[8]) == ((14, "98"), (8, "56"))
    assert (str(days_of(life).total), paid(life)[8], str(total(life))) == ("560", "243.60", "2436.00")


def test_5_the_end_on_the_first_day(lives: Lives) -> None:
    """A student leaves on the evening of 7 April: one day, 7 h, 30,45 €."""
    life = lives.life(people.cnam(), code=FI)
    life = with_avenant(life, "stage.date_fin=07/04/2025", since=day(4, 8), motive="fin-anticipee")

    assert months(life) == {4: (1, "7")}
    assert paid(life) == {4: "30.45"}
    assert get(life.data, "stage.duree_heures") == 7


def test_6_the_end_before_term_of_a_calendar(lives: Lives) -> None:
    """A salariée, until 16 May: April 7 days, May 6, 13, 15 = 3. 10 days, 70 h."""
    life = lives.life(people.coordination(), code=FC)
    life = with_avenant(life, "stage.date_fin=2025-05-16", since=day(5, 16), motive="fin-anticipee")

    assert months(life) == {4: (7, "49"), 5: (3, "21")}
    assert get(life.data, "stage.duree_heures") == 70


def test_7_two_avenants(lives: Lives) -> None:
    """27 May becomes 11 June, then the end on 12 June: April 7, May 5, June 3, 5, 10, 11, 12 = 5. 17 days, 119 h."""
    life = lives.life(people.coordination(), code=FC)
    life = with_avenant(life, "stage.calendrier-=2025-05-27", "stage.calendrier+=2025-06-11=7", since=day(5, 21))
    life = with_avenant(life, "stage.date_fin=2025-06-12", since=day(6, 13), motive="fin-anticipee")

    assert months(life) == {4: (7, "49"), 5: (5, "35"), 6: (5, "35")}
    assert str(days_of(life).total) == "119"


def test_8_a_gratification_changed_in_mid_month(lives: Lives) -> None:
    """4,50 € from Wednesday 14 May on: 591,15 € in May.

    May before: 2, 5, 6, 7, 9, 12, 13 = 7 days, 49 h × 4,35 = 213,15 €; from then 12 days, 84 h × 4,50 = 378 €.
    April 119 × 4,35 = 517,65; June 140 × 4,50 = 630; July 154 × 4,50 = 693; August 14 × 4,50 = 63. In all 2 494,80 €.
    """
    life = lives.life(people.cnam(), code=FI)
    life = with_avenant(life, "gratification.montant=4,50", since=day(5, 14))

    assert paid(life) == {4: "517.65", 5: "591.15", 6: "630.00", 7: "693.00", 8: "63.00"}
    assert str(total(life)) == "2494.80"


def test_9_to_alsace_before_good_friday(lives: Lives) -> None:
    """To Strasbourg from 14 April: Friday 18 is a public holiday there. April 16 days, 112 h; 553 h in all.

    Made up by Tuesday 5 August, 560 h.
    """
    life = lives.life(people.cnam(), code=FI)
    moved = with_avenant(life, *STRASBOURG, since=day(4, 14), today=day(4, 8))
    longer = with_avenant(moved, "stage.date_fin=05/08/2025", since=day(4, 14), today=day(4, 8))

    assert (months(moved)[4], get(moved.data, "stage.duree_heures")) == ((16, "112"), 553)
    assert (months(longer)[8], str(days_of(longer).total)) == ((3, "21"), "560")
    assert days_of(moved).holidays[day(4, 18)].startswith("Vendredi saint")


def test_10_to_alsace_after_good_friday(lives: Lives) -> None:
    """To Strasbourg from 22 April: Friday 18 was worked where the stage was then. 560 h."""
    life = lives.life(people.cnam(), code=FI)
    life = with_avenant(life, *STRASBOURG, since=day(4, 22))

    assert (months(life)[4], str(days_of(life).total)) == ((17, "119"), "560")
    assert day(4, 18) not in days_of(life).holidays


def test_11_from_alsace_to_brest(lives: Lives) -> None:
    """At Strasbourg 553 h; at Brest from 14 April, the 18th is a day of presence: 17 days in April, 560 h."""
    there = {"voie": "2 rue Neuve", "code_postal": "67000", "ville": "Strasbourg", "pays": "France"}
    life = lives.life(people.cnam(organisme__lieu_stage=there, stage__duree_heures=553), code=FI)
    moved = with_avenant(life, *BREST, since=day(4, 14), today=day(4, 8))

    assert months(life)[4] == (16, "112")
    assert (months(moved)[4], get(moved.data, "stage.duree_heures")) == ((17, "119"), 560)


def test_12_to_la_reunion_over_the_abolition(lives: Lives) -> None:
    """2 to 20 December 2024, Monday to Friday: 15 days, 105 h.

    At Saint-Denis from the 16th, Friday 20 is a public holiday: 14 days, 98 h. Back from Thursday 19 on: 15 again.
    """
    dates = {"stage__date_debut": "2024-12-02", "stage__date_fin": "2024-12-20", "stage__duree_heures": 105}
    life = lives.life(people.cnam(**dates), code=FI)
    there = with_avenant(life, *SAINT_DENIS, since=day(12, 16, 2024), today=day(12, 9, 2024))
    back = with_avenant(there, *BREST, since=day(12, 19, 2024), today=day(12, 18, 2024))

    assert [(days_of(one).count, str(days_of(one).total)) for one in (life, there, back)] == [
        (15, "105"),
        (14, "98"),
        (15, "105"),
    ]


def test_13_hours_a_day_changed(lives: Lives) -> None:
    """Fridays of 6 h from 2 June on: June 6, 13, 20, 27, July 4, 11, 18, 25, 1 August: 9 h less.

    June 140 − 4 = 136 h, July 154 − 4 = 150, August 14 − 1 = 13; 551 h, 551 × 4,35 = 2 396,85 €.
    """
    life = lives.life(people.cnam(), code=FI)
    week = "stage.semaine=lundi : 7 ; mardi : 7 ; mercredi : 7 ; jeudi : 7 ; vendredi : 6"
    life = with_avenant(life, week, since=day(6, 2))

    assert [months(life)[one][1] for one in (4, 5, 6, 7, 8)] == ["119", "133", "136", "150", "13"]
    assert (get(life.data, "stage.duree_heures"), str(total(life))) == (551, "2396.85")


def test_14_one_day_of_a_week_added_and_one_taken(lives: Lives) -> None:
    """Without a calendar: Saturday 14 June 4 h more, Monday 16 June away: June 20 days, 140 − 7 + 4 = 137 h."""
    life = lives.life(people.cnam(), code=FI)
    life = with_avenant(life, "stage.calendrier+=2025-06-14=4", "stage.calendrier-=2025-06-16", since=day(6, 10))

    assert (months(life)[6], str(days_of(life).total)) == ((20, "137"), "557")


def test_15_a_prolongation_of_an_amount_for_the_whole(lives: Lives) -> None:
    """2 436 € for 560 h are 4,35 € an hour; until Friday 8 August 4 days more, 588 h: 588 × 4,35 = 2 557,80 €."""
    pay = {"prevue": True, "montant": 2436, "unite": "total", "modalite": "virement"}
    life = lives.life(people.cnam(gratification=pay), code=FI)
    life = with_avenant(life, "stage.date_fin=08/08/2025", since=day(7, 1))

    assert (str(days_of(life).total), str(total(life))) == ("588", "2557.80")


def test_16_an_amount_for_the_whole_that_changes(lives: Lives) -> None:
    """2 600 € for the whole from 1 July on: what is left is paid for July and August.

    Due before, 119 + 133 + 140 = 392 h × 4,35 = 1 705,20 €; the rest, 894,80 €, is of July 154 h and August 14 h:
    154 ÷ 168 of it is 820,2333, 14 ÷ 168 is 74,5667.
    """
    pay = {"prevue": True, "montant": 2436, "unite": "total", "modalite": "virement"}
    life = lives.life(people.cnam(gratification=pay), code=FI)
    life = with_avenant(life, "gratification.montant=2600", since=day(7, 1))

    assert paid(life) == {4: "517.65", 5: "578.55", 6: "609.00", 7: "820.23", 8: "74.57"}
    assert str(total(life)) == "2600.00"


def test_17_a_smoothed_gratification_that_ends_before_term(lives: Lives) -> None:
    """Five even months of 2 436 €: 487,20 €; ended on 30 June, which is known in June, the last month settles.

    392 h × 4,35 = 1 705,20 €, less the 974,40 € of April and May: June is paid 730,80 €.
    """
    pay = {"prevue": True, "montant": 4.35, "unite": "heure", "modalite": "virement", "base": "lisse"}
    life = lives.life(people.cnam(gratification=pay), code=FI)
    ended = with_avenant(life, "stage.date_fin=30/06/2025", since=day(6, 2), motive="fin-anticipee")

    assert set(paid(life).values()) == {"487.20"}
    assert paid(ended) == {4: "487.20", 5: "487.20", 6: "730.80"}


def test_17_bis_smoothed_from_june_on(lives: Lives) -> None:
    """April and May stay paid for their hours, 119 × 4,35 = 517,65 € and 133 × 4,35 = 578,55 €.

    2 436 − 1 096,20 = 1 339,80 €, a third of it 446,60 €.
    """
    life = lives.life(people.cnam(), code=FI)
    life = with_avenant(life, "gratification.base=lisse", since=day(6, 2))

    assert paid(life) == {4: "517.65", 5: "578.55", 6: "446.60", 7: "446.60", 8: "446.60"}


def test_17_ter_smoothed_until_june(lives: Lives) -> None:
    """Three even months of 487,20 €, then July for its hours, 154 × 4,35 = 669,90 €; August settles.

    2 436 − 3 × 487,20 − 669,90 = 304,50 €.
    """
    life = lives.life(people.cnam(gratification__base="lisse"), code=FI)
    life = with_avenant(life, "gratification.base=reel", since=day(7, 1))

    assert paid(life) == {4: "487.20", 5: "487.20", 6: "487.20", 7: "669.90", 8: "304.50"}


@pytest.mark.parametrize("cents", range(0, 60, 7))
def test_no_avenant_moves_a_cent_of_a_month_that_is_over(lives: Lives, cents: int) -> None:
    """Whatever the amount for the whole: April and May are paid before it ends on 13 June, as it was agreed then."""
    pay = {"prevue": True, "montant": 2500 + cents / 100, "unite": "total", "modalite": "virement"}
    life = lives.life(people.cnam(gratification=pay), code=FI)
    ended = with_avenant(life, "stage.date_fin=13/06/2025", since=day(6, 2), motive="fin-anticipee")

    before, after = paid(life), paid(ended)
    assert (after[4], after[5]) == (before[4], before[5])
    assert set(after) == {4, 5, 6}


def test_18_suspended_then_resumed(lives: Lives) -> None:
    """A salariée, away from 26 May until who knows when: 27 May and the seven days of June go, 12 days, 84 h.

    Back on 10 June: 10, 12, 17, 19, 24, 26 June, 1 and 3 July: May 5 × 7 = 35, June 6 × 7 = 42, July 14, 140 h.
    """
    life = lives.life(people.coordination(), code=FC)
    away = with_avenant(life, "stage.interruptions+=2025-05-26..2025-07-03", since=day(5, 26), motive="suspension")
    days = ("2025-06-10", "2025-06-12", "2025-06-17", "2025-06-19", "2025-06-24", "2025-06-26", "2025-07-01")
    words = [*(f"stage.calendrier+={one}=7" for one in days), "stage.calendrier+=2025-07-03=7"]
    back = with_avenant(
        away,
        "stage.interruptions=du 26/05/2025 au 09/06/2025",
        *words,
        since=day(5, 26),
        motive="reprise",
        today=day(5, 26),
    )

    assert (str(days_of(away).total), days_of(away).last) == ("84", day(5, 22))
    assert months(back) == {4: (7, "49"), 5: (5, "35"), 6: (6, "42"), 7: (2, "14")}
    assert get(back.data, "stage.date_fin") == "2025-07-03"


def test_19_an_earlier_avenant_that_takes_effect_later(lives: Lives) -> None:
    """4,50 € from 1 July was asked first, 4,40 € from 2 June then: what was asked last holds from June on.

    June 140 × 4,40 = 616 €, July 154 × 4,40 = 677,60 €.
    """
    life = lives.life(people.cnam(), code=FI)
    life = with_avenant(life, "gratification.montant=4,50", since=day(7, 1), today=day(5, 20))
    life = with_avenant(life, "gratification.montant=4,40", since=day(6, 2), today=day(5, 20))

    assert [str(rate) for _, rate in hourly_rates(life.terms, None)] == ["4.35", "4.4", "4.4"]
    assert (paid(life)[6], paid(life)[7]) == ("616.00", "677.60")


def test_20_a_stage_put_off(lives: Lives) -> None:
    """Before it begins: put off from 8 to 15 April, the two days of that week made up on 26 June and 1 July.

    April 15, 17, 22, 24, 29 = 5 days, May 6, June 8, July 1: 20 days, 140 h.
    """
    life = lives.life(people.coordination(), code=FC)
    words = ("stage.calendrier-=2025-04-08, 2025-04-10", "stage.calendrier+=2025-06-26=7 ; 2025-07-01=7")
    life = with_avenant(life, *words, since=day(4, 8), today=day(4, 1))

    assert months(life) == {4: (5, "35"), 5: (6, "42"), 6: (8, "56"), 7: (1, "7")}
    assert (get(life.data, "stage.date_debut"), get(life.data, "stage.date_fin")) == ("2025-04-15", "2025-07-01")
