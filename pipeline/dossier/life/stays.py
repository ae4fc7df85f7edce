"""Where somebody was and under whom, over a period: the place and the tuteur of each time, as papers print them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from pipeline.core.french import long_date
from pipeline.core.models import Data, get
from pipeline.core.terms import Terms
from pipeline.documents.printable import address, full_name

_DAY = dt.timedelta(days=1)


def places_of(terms: Terms, first: dt.date, last: dt.date) -> list[str]:
    """The address of the stage; where it changed « 5 rue Basse (jusqu’au 9 juin 2025) », then the next."""
    return list(_dated(terms, first, last, _place))


def tuteurs_of(terms: Terms, first: dt.date, last: dt.date) -> list[str]:
    """The tuteur with what that one does; where it became another, each with the days."""
    return list(_dated(terms, first, last, _tuteur))


def _dated(terms: Terms, first: dt.date, last: dt.date, said: Callable[[Data], str]) -> Iterator[str]:
    found: list[tuple[dt.date, str]] = []
    for span in terms.spans():
        if span.since <= last and span.until >= first:
            words = said(span.data)
            if not found or found[-1][1] != words:
                found.append((max(span.since, first), words))
    ends: list[dt.date | None] = [since - _DAY for since, _ in found[1:]]
    for at, ((since, words), until) in enumerate(zip(found, [*ends, None], strict=True)):
        if len(found) == 1:
            yield words
        elif at == 0 and until:
            yield f"{words} (jusqu’au {long_date(until)})"
        elif until:
            yield f"{words} (du {long_date(since)} au {long_date(until)})"
        else:
            yield f"{words} (à partir du {long_date(since)})"


def _place(data: Data) -> str:
    return str(address(data, "organisme.lieu_stage") or address(data, "organisme.adresse") or "")


def _tuteur(data: Data) -> str:
    tuteur = get(data, "tuteur") or {}
    return ", ".join(str(one) for one in (full_name(tuteur, civility=True), tuteur.get("fonction")) if one)
