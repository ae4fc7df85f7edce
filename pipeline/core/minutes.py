"""Hours of presence in whole minutes: forms keep « 7 h 20 » as 7.3333, and eighty such days must make 586 h 40.

Hours are ``Decimal``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

Day = TypeVar("Day", bound=Hashable)
_DECIMALS = Decimal("0.01")  # of a minute: more than four decimals of an hour leave of a whole one


def settled(hours: Decimal) -> Decimal:
    """The whole minutes that these hours are to four decimals (7.3333 is 7 h 20); others as they are."""
    minutes = hours * 60
    nearest = minutes.to_integral_value()
    return nearest / 60 if abs(minutes - nearest) <= _DECIMALS else hours


def to_the_minute(hours: Decimal) -> Decimal:
    """The nearest whole minutes."""
    return (hours * 60).to_integral_value() / 60


def sum_of(hours: Iterable[Decimal]) -> Decimal:
    """Their sum, without what thirds of an hour leave at the twenty-eighth digit."""
    return settled(sum(hours, Decimal()))


def spread(hours: Mapping[Day, Decimal], total: Decimal) -> dict[Day, Decimal]:
    """The hours of each day in whole minutes, making the total to the minute; empty if a day would have none left.

    Whole minutes are given to, or taken from, days that lie evenly among the others.
    """
    minutes = {day: int((found * 60).to_integral_value()) for day, found in hours.items()}
    gap = int((total * 60).to_integral_value()) - sum(minutes.values())
    count = len(minutes)
    shared = {
        day: found + gap * (at + 1) // count - gap * at // count for at, (day, found) in enumerate(minutes.items())
    }
    return {day: Decimal(found) / 60 for day, found in shared.items()} if min(shared.values(), default=0) > 0 else {}
