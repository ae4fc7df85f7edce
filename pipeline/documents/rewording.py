"""What an avenant changes, article by article: each place of the convention with its words before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.core.amendable import Amendable
from pipeline.core.fields import Dictionary
from pipeline.core.french import counted, hours, long_date
from pipeline.core.grammar import full_date
from pipeline.core.models import JSON, Data, get
from pipeline.core.terms import Change
from pipeline.core.timetable import lines
from pipeline.documents.nouns import Noun
from pipeline.documents.printable import Address, address, full_name, printable, show
from pipeline.documents.provenance import display

_NONE = "—"
_CALENDAR = "stage.calendrier"
_PERSONS = ("organisme.signataire", "organisme.second_signataire", "employeur.signataire", "tuteur", "referent")
_PLACE, _PAY, _BREAKS = "organisme.lieu_stage", "gratification", "stage.interruptions"
_GROUPS = {
    **dict.fromkeys(_PERSONS),
    _PLACE: "Lieu du stage",
    _PAY: "Gratification",
}
_MOST_DAYS = 12  # days that a row names one by one


def articles(
    changes: Sequence[Change],
    before: Data,
    after: Data,
    *,
    amendable: Amendable,
    template: str,
    dictionary: Dictionary,
    words: Mapping[str, Noun],
) -> list[dict[str, Any]]:
    """``place`` of each article that changes, in the convention's order, with ``lignes``: what it said, what it says.

    ``template`` is the convention's, ``words`` are the formation's; a person, an address or a gratification is one
    line.
    """
    found: dict[str, list[dict[str, str]]] = {}
    for article in amendable.articles:
        of_it = [one for one in changes if article.has(one.field)]
        rows = list(_rows(of_it, before, after, dictionary, words))
        if rows:
            found.setdefault(article.of(template), []).extend(rows)
    return [{"place": place, "lignes": rows} for place, rows in found.items()]


def _rows(
    changes: Sequence[Change], before: Data, after: Data, dictionary: Dictionary, words: Mapping[str, Noun]
) -> Iterator[dict[str, str]]:
    groups: set[str] = set()
    for one in changes:
        group = next((name for name in _GROUPS if one.field.startswith(f"{name}.")), None)
        if group is not None:
            if group not in groups:
                groups.add(group)
                own = words[group].Nom if group in words else _label(group, dictionary)
                label = _GROUPS[group] or own
                yield _row(label, _whole(group, before, dictionary), _whole(group, after, dictionary))
        elif one.field == _CALENDAR:
            yield _row("Jours de stage", *_days(one.before, one.after))
        else:
            said = (_said(one.field, value, dictionary) for value in (one.before, one.after))
            yield _row(_label(one.field, dictionary), *said)


def _label(path: str, dictionary: Dictionary) -> str:
    """How the form names it, without the part that it stands in: the article says that."""
    first, *others = dictionary.titles_to(path)
    return ", ".join(others) or first


def _row(label: str, before: str, after: str) -> dict[str, str]:
    return {"libelle": label, "ancienne": before or _NONE, "nouvelle": after or _NONE}


def _whole(group: str, data: Data, dictionary: Dictionary) -> str:
    if group == _PLACE:
        return str(_place(data) or "")
    return _pay(data, dictionary) if group == _PAY else _person(get(data, group) or {}, dictionary, group)


def _place(data: Data) -> Address | None:
    return address(data, _PLACE) or address(data, "organisme.adresse")


def _person(person: Mapping[str, JSON], dictionary: Dictionary, group: str) -> str:
    names = [name for name in ("telephone", "courriel") if person.get(name)]
    known = [full_name(person, civility=True), person.get("fonction")]
    known += [show(printable(dictionary.fields[f"{group}.{name}"], person[name])) for name in names]
    return ", ".join(str(one) for one in known if one)


def _pay(data: Data, dictionary: Dictionary) -> str:
    """« 4,50 € par heure, par virement bancaire »."""
    amount = get(data, "gratification.montant")
    if get(data, "gratification.prevue") is False or amount is None:
        return "aucune"
    words = {name: _said(f"{_PAY}.{name}", get(data, f"{_PAY}.{name}"), dictionary) for name in _OF_PAY}
    unit = get(data, "gratification.unite")
    by = " pour tout le stage" if unit == "total" else f" par {words['unite'].lower()}" if unit else ""
    rest = [words[name][:1].lower() + words[name][1:] for name in ("modalite", "base") if words[name]]
    return ", ".join([f"{words['montant']}{by}", *rest])


_OF_PAY = ("montant", "unite", "modalite", "base")


def _said(path: str, value: JSON, dictionary: Dictionary) -> str:
    if value is None:
        return ""
    if path == _BREAKS:
        return " ; ".join(_period(line) for line in value)
    return display(dictionary.fields[path], value)


def _period(line: Mapping[str, JSON]) -> str:
    first, last = (dt.date.fromisoformat(str(line[end])) for end in ("debut", "fin"))
    return f"le {long_date(first)}" if first == last else f"du {long_date(first)} au {long_date(last)}"


def _days(before: JSON, after: JSON) -> tuple[str, str]:
    """The days that are taken away or change, and those that come or what they become."""
    old, new = (_by_day(value) for value in (before, after))
    gone = {day: found for day, found in old.items() if new.get(day) != found}
    come = {day: found for day, found in new.items() if old.get(day) != found}
    return _named(gone), _named(come)


def _by_day(value: JSON) -> dict[dt.date, Decimal]:
    found = lines({"stage": {"calendrier": value}}, _CALENDAR)
    return {dt.date.fromisoformat(str(one["date"])): Decimal(str(one["heures"])) for one in found}


def _named(days: Mapping[dt.date, Decimal]) -> str:
    if not days:
        return ""
    if len(days) <= _MOST_DAYS:
        return " ; ".join(f"{full_date(day)} ({hours(found)})" for day, found in sorted(days.items()))
    total = hours(sum(days.values(), Decimal()))
    first, last = long_date(min(days)), long_date(max(days))
    return f"{counted(len(days), 'jour')}, du {first} au {last} ({total}) : voir le calendrier joint"
