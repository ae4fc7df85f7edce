"""The gratification of one internship: what the law asks and what the form grants, over its days (L124-6, D124-8).

Hours and euros are ``Decimal``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from pipeline.core.agreed import Agreed, agreed, presence_hours
from pipeline.core.days import Days
from pipeline.core.law import CENT, STUDENTS, Law, as_date, cents, is_host_abroad
from pipeline.core.models import Data, get


@dataclass(frozen=True)
class Gratification:
    """The legal computation for one record; ``None`` where the record or the table of ceilings does not say.

    ``year`` is the year of the ceiling, ``ceiling`` the plafond horaire, ``minimum`` 15 % of it, both in euros an
    hour; ``held_to`` is the newest year up to that one whose ceiling is known, ``least`` its minimum: what an amount
    is held to while the year's own is not published. ``hourly``, ``total`` and ``monthly`` are what the form grants:
    an hour, over the whole stage, and in each month (by year and month: for its hours of presence, or even parts),
    which make the total to the cent.
    ``counted`` are the hours held against the threshold of two months: the most that follow one another, or that
    are of one teaching year.
    """

    due: bool
    counted: Decimal | None
    year: int | None
    ceiling: Decimal | None
    minimum: Decimal | None
    minimum_total: Decimal | None
    agreed: Agreed | None
    hourly: Decimal | None
    total: Decimal | None
    held_to: int | None = None
    least: Decimal | None = None
    monthly: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)


def gratification(law: Law, data: Data, days: Days | None) -> Gratification:
    """What the law asks and what the form grants (L124-6, D124-8); asks nothing for formation continue.

    Hours are those of ``days``; where these are not known, those that the form declares.
    """
    hours, year = presence_hours(data, days), _year(law, data)
    counted = hours_counted(data, days)
    ceiling = law.ceilings.get(year) if year else None
    minimum = cents(ceiling.hourly * law.rate) if ceiling else None
    held_to = max((known for known in law.ceilings if year and known <= year), default=None)
    granted = agreed(data, days)
    total = cents(granted.hourly * hours) if granted and hours is not None else None
    return Gratification(
        due=_due(law, data, counted),
        counted=counted,
        year=year,
        ceiling=ceiling.hourly if ceiling else None,
        minimum=minimum,
        minimum_total=cents(minimum * hours) if minimum is not None and hours is not None else None,
        agreed=granted,
        hourly=cents(granted.hourly) if granted else None,
        total=total,
        held_to=held_to,
        least=cents(law.ceilings[held_to].hourly * law.rate) if held_to else None,
        monthly=_by_month(total, days, even=get(data, "gratification.base") == "lisse") if total and days else {},
    )


def hours_counted(data: Data, days: Days | None) -> Decimal | None:
    """The hours that L124-6 holds against two months: in a row, or of one teaching year in a row or not.

    A stage of which only the total is known counts as a whole.
    """
    if days is None or days.is_assumed:
        return presence_hours(data, days)
    return max(days.longest_run, *days.by_year.values())


def _due(law: Law, data: Data, hours: Decimal | None) -> bool:
    return (
        get(data, "stagiaire.regime") in STUDENTS
        and get(data, "formation.code") not in law.exempt
        and not is_host_abroad(data)
        and hours is not None
        and hours > law.threshold
    )


def _year(law: Law, data: Data) -> int | None:
    day = as_date(get(data, f"stage.date_{law.ceiling_year}"))
    return day.year if day else None


def _by_month(total: Decimal, days: Days, *, even: bool) -> dict[tuple[int, int], Decimal]:
    """The total shared among the months with presence, to the cent."""
    return shared_among(total, {month: Decimal(1) if even else hours for month, hours in days.by_month.items()})


def shared_among(total: Decimal, shares: Mapping[tuple[int, int], Decimal]) -> dict[tuple[int, int], Decimal]:
    """Euros shared among months in proportion, to the cent.

    A cent that rounding takes too much or leaves is of the months that were rounded furthest, the last of them first:
    none is under its share by a whole cent.
    """
    due = {month: total * share / sum(shares.values()) for month, share in shares.items()}
    paid = {month: share.quantize(CENT, ROUND_DOWN) for month, share in due.items()}
    left = int((total - sum(paid.values())) / CENT)
    for month in sorted(due, key=lambda month: (due[month] - paid[month], month), reverse=True)[:left]:
        paid[month] += CENT
    return paid
