"""The gratification written on a form, brought to hours of presence. Hours and euros are ``Decimal``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.days import Days
from pipeline.core.french import HOURS_A_DAY
from pipeline.core.law import FULL_TIME_WEEK, HOURS_A_MONTH, as_number, cents
from pipeline.core.minutes import to_the_minute
from pipeline.core.models import Data, get


@dataclass(frozen=True)
class Agreed:
    """The amount written on the form: euros for ``hours`` hours. ``exact``: no convention was needed to say so."""

    amount: Decimal
    hours: Decimal
    exact: bool

    @property
    def hourly(self) -> Decimal:
        """Euros an hour, not rounded."""
        return self.amount / self.hours

    def floor(self, minimum: Decimal) -> Decimal:
        """What ``minimum`` euros an hour make for the same hours, to the cent."""
        return cents(minimum * self.hours)


def presence_hours(data: Data, days: Days | None) -> Decimal | None:
    """Hours of presence in all: of the days that the form names, else as it declares them."""
    if days is not None and not days.is_assumed:
        return days.total
    return as_number(get(data, "stage.duree_heures"))


def agreed(data: Data, days: Days | None) -> Agreed | None:
    """The gratification written on the form, or ``None``.

    An hour is one hour, a day seven hours of presence (D124-6: exact where each day has as many), a total the whole
    stage. A month is 154 hours (22 days of 7 h, D124-6), in proportion under 35 h a week: a convention, hence not
    exact.
    """
    amount = as_number(get(data, "gratification.montant"))
    if not amount or get(data, "gratification.prevue") is False:
        return None
    hours, exact = _hours_paid(data, days)
    return Agreed(amount, hours, exact) if hours else None


def _hours_paid(data: Data, days: Days | None) -> tuple[Decimal | None, bool]:
    unit = get(data, "gratification.unite")
    known = None if days is None or days.is_assumed else days
    if unit == "heure":
        return Decimal(1), True
    if unit == "jour":
        a_day = Decimal(HOURS_A_DAY)
        found = set(known.hours.values()) if known else {as_number(get(data, "stage.heures_jour"))}
        return a_day, found == {a_day}
    if unit == "mois":
        a_week = known.weekly if known else as_number(get(data, "stage.heures_hebdo"))
        share = min(a_week or Decimal(FULL_TIME_WEEK), Decimal(FULL_TIME_WEEK)) / FULL_TIME_WEEK
        return to_the_minute(HOURS_A_MONTH * share), False
    return (presence_hours(data, days), True) if unit == "total" else (None, False)
