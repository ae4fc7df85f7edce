"""The gratification of a stage by the day and by the month, reckoned over its days."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from checks_bench import Bench

from pipeline.core.days import days_of
from pipeline.core.gratification import Gratification, gratification

SHORT_FRIDAY = dict.fromkeys(("lundi", "mardi", "mercredi", "jeudi"), 7.0) | {"vendredi": 3.5}
BY_DAY = {"gratification.unite": "jour", "gratification.montant": 30.45}


def uneven(sample: Bench, **answers: object) -> Bench:
    """The student of the sample, with half a day on Fridays: 560 h from 7 April to 11 August 2025."""
    week = {"stage.semaine": SHORT_FRIDAY, "stage.jours_semaine": None, "stage.heures_jour": None}
    return sample.having(week | {"stage.date_fin": "2025-08-11", "stage.heures_hebdo": 31.5} | answers)


def pay_of(form: Bench) -> Gratification:
    """What the law asks and the form grants."""
    data = form.outcome().data
    return gratification(form.law, data, days_of(data, form.session))


def test_a_day_is_seven_hours_whatever_the_days_have(sample: Bench) -> None:
    """30,45 € a day of seven hours are 4,35 € an hour, with a short Friday as without; the unevenness is said."""
    for form, hours in ((sample.having(BY_DAY), Decimal(560)), (uneven(sample, **BY_DAY), None)):
        pay = pay_of(form)
        assert pay.agreed is not None
        assert (pay.agreed.hours, pay.hourly) == (Decimal(7), Decimal("4.35"))
        assert hours is None or pay.total == hours * Decimal("4.35")
    assert sample.having(BY_DAY).severities("L-04") == []
    (problem,) = uneven(sample, **BY_DAY).problems("L-04")
    assert (problem.severity.value, "les jours n’ont pas tous 7" in problem.message) == ("warning", True)
    assert "un jour de 7 h de présence" in problem.message.replace("\u00a0", " ")


@pytest.mark.parametrize(("amount", "expected"), [(30.45, []), (30.46, ["blocking"]), (30.0, [])])
def test_a_public_host_may_pay_the_legal_rate_by_the_day(sample: Bench, amount: float, expected: list[str]) -> None:
    """L-05: the legal rate of a day of seven hours is no cent too much, and messages have no endless decimals."""
    form = uneven(sample, **BY_DAY | {"gratification.montant": amount, "organisme.droit_public": True})
    assert form.severities("L-05") == expected
    assert all("pour un jour de 7\u00a0h de présence" in one.message for one in form.problems("L-05"))


def short_of(pay: Gratification, hours: Mapping[tuple[int, int], Decimal], rate: str) -> list[tuple[int, int]]:
    """The months paid a whole cent under their hours at that rate, or more."""
    return [month for month, paid in pay.monthly.items() if hours[month] * Decimal(rate) - paid >= Decimal("0.01")]


def test_no_month_pays_for_the_rounding_of_another(sample: Bench) -> None:
    """By the hour, 4,35 €: the months make the total to the cent, each its hours, but for less than a cent."""
    form = uneven(sample)
    days = days_of(form.outcome().data, form.session)
    pay = pay_of(form)
    assert days is not None
    assert pay.total is not None
    assert sum(pay.monthly.values()) == pay.total == days.total * Decimal("4.35")
    assert any((hours * Decimal("4.35") * 100) % 1 for hours in days.by_month.values())
    assert short_of(pay, days.by_month, "4.35") == []
    whole = [month for month, hours in days.by_month.items() if not (hours * Decimal("4.35") * 100) % 1]
    assert all(pay.monthly[month] == days.by_month[month] * Decimal("4.35") for month in whole)


def test_even_months_differ_by_a_cent_at_most(sample: Bench) -> None:
    """« Lissée »: equal parts, the last months having the cents that are left."""
    pay = pay_of(sample.having({"gratification.base": "lisse"}))
    assert sum(pay.monthly.values()) == pay.total
    assert max(pay.monthly.values()) - min(pay.monthly.values()) <= Decimal("0.01")
    assert list(pay.monthly.values()) == sorted(pay.monthly.values())
