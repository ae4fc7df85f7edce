"""Gratification of an internship over its terms: what each month is paid, for the hours that were really there.

An amount that an avenant changes holds from its day on. Hours and euros are ``Decimal`` (L124-6, D124-8).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

from pipeline.core.agreed import agreed
from pipeline.core.days import days_of
from pipeline.core.formation import Session
from pipeline.core.gratification import shared_among
from pipeline.core.law import CENT, as_number, cents
from pipeline.core.models import get
from pipeline.core.terms import Span, Terms

Month = tuple[int, int]
_WRITTEN = ("gratification.prevue", "gratification.montant", "gratification.unite")


def paid_by_month(terms: Terms, session: Session | None, hours: Mapping[dt.date, Decimal]) -> dict[Month, Decimal]:
    """Euros of each month, by year and month, to the cent; empty where no gratification is granted.

    ``hours`` of every day of the internship: done where it is over, planned where it is to come. Each is paid at the
    rate of the terms of its day. A month is paid as the terms that hold on its last day say, and no later avenant
    changes it: for its hours, or, where it is smoothed (``lisse``), an even part of what is due and not yet paid, as
    that is known at its end. The last month settles, under nought where more was paid than came to be due: the sum
    of all is what is due for all hours, rounded once.
    """
    due = _due(_rates(terms, session), hours)
    if not any(due.values()):
        return {}
    paid: dict[Month, Decimal] = {}
    for span in terms.spans():
        months = [month for month in due if span.since <= _last_day(month) <= span.until]
        if get(span.data, "gratification.base") == "lisse":
            for month in months:
                paid[month] = _even_part(_known(month, terms, session, hours), month, paid)
        elif months:
            known = _known(months[-1], terms, session, hours)
            rest = {month: amount for month, amount in known.items() if month >= months[0]}
            shared = shared_among(cents(sum(rest.values(), Decimal())), rest) if any(rest.values()) else {}
            paid |= {month: shared.get(month, Decimal()) for month in months}
    paid[max(due)] += cents(sum(due.values(), Decimal())) - sum(paid.values(), Decimal())
    return paid


def hourly_rates(terms: Terms, session: Session | None) -> list[tuple[dt.date, Decimal]]:
    """Euros an hour, not rounded, from each day on which terms begin to hold; nought where none is granted.

    Terms under which nobody is there are left out.
    """
    days = terms.days(session)
    hours = days.hours if days else {}
    return [
        (span.since, rate)
        for span, rate in _rates(terms, session)
        if any(span.since <= day <= span.until for day in hours)
    ]


def _rates(terms: Terms, session: Session | None) -> list[tuple[Span, Decimal]]:
    """Euros an hour by span; an empty list where none grants any.

    An amount for the whole stage is so much an hour of what was planned when it was written; one that an avenant
    writes is what the whole comes to, less what was due before.
    """
    found: list[tuple[Span, Decimal]] = []
    before: list[object] = []
    for span in terms.spans():
        written = [get(span.data, path) for path in _WRITTEN]
        whole = written[2] == "total"
        if whole and written == before:
            rate = found[-1][1]
        elif whole and found:
            rate = _of_the_rest(terms, session, span, found)
        else:
            granted = agreed(span.data, days_of(span.data, session))
            rate = granted.hourly if granted else Decimal()
        found.append((span, rate))
        before = written
    return found if any(rate for _, rate in found) else []


def _of_the_rest(terms: Terms, session: Session | None, span: Span, before: list[tuple[Span, Decimal]]) -> Decimal:
    amount = as_number(get(span.data, "gratification.montant"))
    planned = terms.until(span.since).days(session)
    if not amount or planned is None or get(span.data, "gratification.prevue") is False:
        return Decimal()
    past = {day: hours for day, hours in planned.hours.items() if day < span.since}
    rest = planned.total - sum(past.values(), Decimal())
    left = amount - sum(_due(before, past).values(), Decimal())
    return max(left, Decimal()) / rest if rest else Decimal()


def _due(rates: list[tuple[Span, Decimal]], hours: Mapping[dt.date, Decimal]) -> dict[Month, Decimal]:
    """Euros by month, not rounded."""
    due: dict[Month, Decimal] = {}
    for day, done in sorted(hours.items()):
        rate = next((rate for span, rate in reversed(rates) if span.since <= day), Decimal())
        month = (day.year, day.month)
        due[month] = due.get(month, Decimal()) + rate * done
    return due


def _known(
    month: Month, terms: Terms, session: Session | None, hours: Mapping[dt.date, Decimal]
) -> dict[Month, Decimal]:
    """Euros by month, not rounded, as they are known at the end of a month: hours done till then, planned after."""
    if not any((day.year, day.month) > month for day in hours):
        return _due(_rates(terms, session), hours)
    end = _last_day(month)
    known = terms.until(end)
    planned = known.days(session)
    best = {day: one for day, one in (planned.hours if planned else hours).items() if day > end}
    return _due(_rates(known, session), best | {day: one for day, one in hours.items() if day <= end})


def _even_part(known: Mapping[Month, Decimal], month: Month, paid: Mapping[Month, Decimal]) -> Decimal:
    left = sum(one >= month for one in known)
    return ((cents(sum(known.values(), Decimal())) - sum(paid.values(), Decimal())) / left).quantize(CENT, ROUND_DOWN)


def _last_day(month: Month) -> dt.date:
    year, number = month
    after = dt.date(year + 1, 1, 1) if number == 12 else dt.date(year, number + 1, 1)
    return after - dt.timedelta(days=1)
