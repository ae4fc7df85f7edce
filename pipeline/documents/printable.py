"""Value types for templates: dates, hours, amounts, choices, addresses, printed as French papers write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from pipeline.core import french
from pipeline.core.errors import TemplateError
from pipeline.core.fields import LINED, Field, FieldKind, Nature
from pipeline.core.formation import TO_COMPLETE
from pipeline.core.models import JSON, Data, get


class Hours(Decimal):
    """A number of hours, printed « 7 h 30 »; compares as a number."""


class Euros(Decimal):
    """An amount in euros, printed « 4,35 € »; compares as a number."""


class Year(int):
    """A year of the calendar: prints « 2025 », never « 2 025 », and stays one when years are added."""

    def __add__(self, other: int) -> Self:
        """So many years later."""
        return type(self)(int(self) + other)

    def __sub__(self, other: int) -> Self:
        """So many years before."""
        return type(self)(int(self) - other)


class Choice(str):
    """A value of a closed list: compares by its code, prints its French label."""

    __slots__ = ("label",)

    def __new__(cls, code: str, label: str) -> Self:
        """Make the code, with the label beside it."""
        choice = super().__new__(cls, code)
        choice.label = label
        return choice

    label: str


class Phone(str):
    """A telephone number: prints as the French write it, and knows its number in E.164."""

    __slots__ = ("e164",)

    def __new__(cls, e164: str) -> Self:
        """Make the printed number, with the other beside it."""
        number = super().__new__(cls, french.phone(e164))
        number.e164 = e164
        return number

    e164: str


class Hidden(str):
    """Text for the machine, such as a colour: it is in the document, not on the paper."""

    __slots__ = ()


@dataclass(frozen=True)
class Picture:
    """A picture, put where a template has a place for it: it has no text."""

    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Address:
    """A postal address, printed on one line; its parts can be printed alone."""

    voie: str | None
    complement: str | None
    code_postal: str | None
    ville: str | None
    pays: str | None

    def __str__(self) -> str:
        town = " ".join(part for part in (self.code_postal, self.ville) if part)
        country = self.pays if self.pays and self.pays.casefold() != "france" else None
        return ", ".join(part for part in (self.voie, self.complement, town, country) if part)


def show(value: Any) -> str:  # noqa: ANN401 -- whatever a template prints
    """The French writing of one value; raises TemplateError for what has none: nothing, a list, a group of fields."""
    if value is None:
        raise TemplateError(NO_VALUE)
    if isinstance(value, bool):
        return "oui" if value else "non"
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TemplateError(_BARE.get(type(value), _UNWRITABLE))


NO_VALUE = 'un champ sans valeur est imprimé : écrivez {{ … or "—" }}, ou entourez-le de {% if … %}'
_BARE: dict[type, str] = {
    list: 'une liste est imprimée telle quelle : écrivez {{ … | lignes }}, {{ … | join(", ") }} ou une boucle',
    dict: "un groupe de champs est imprimé tel quel : nommez l’un d’eux",
}
_UNWRITABLE = "ce qui est imprimé n’est pas un texte : nommez une valeur"
_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Choice, lambda value: value.label),
    (str, str),
    (Address, str),
    (dt.date, french.long_date),
    (Year, lambda value: str(int(value))),
    (Hours, french.hours),
    (Euros, french.euros),
    (Decimal, french.number),
    (int, lambda value: french.number(Decimal(value))),
    (float, lambda value: french.number(Decimal(str(value)))),
)


def lines(value: Any) -> str:  # noqa: ANN401 -- whatever a template prints
    """Each entry of a list on a line of its own; any other value as it is printed."""
    return "\n".join(map(show, value)) if isinstance(value, list | tuple) else show(value)


def printable(field: Field, value: JSON) -> Any:  # noqa: ANN401 -- one type for each kind of field
    """The value of one field of the record, as templates get it."""
    if value is None:
        return None
    if field.kind is FieldKind.CHOICE:
        return Choice(value, field.choices[value])
    if field.kind in LINED:
        return [{name: _part(part) for name, part in line.items()} for line in value]
    if field.kind is FieldKind.WEEK:
        return {day: Hours(str(hours)) for day, hours in value.items()}
    if field.nature is Nature.ACTIVITY_CODE:
        return french.activity_code(value)
    make = _MAKERS.get(field.kind)
    return make(value) if make else value


def _part(value: JSON) -> dt.date | Hours:
    """A date or hours, in a line of dates."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else Hours(str(value))


_MAKERS: dict[FieldKind, Any] = {
    FieldKind.DATE: dt.date.fromisoformat,
    FieldKind.HOURS: lambda value: Hours(str(value)),
    FieldKind.EUROS: lambda value: Euros(str(value)),
    FieldKind.PHONE: Phone,
    FieldKind.SIRET: french.siret,
}


def address(data: Data, path: str) -> Address | None:
    """The address at that path of the record, or ``None`` if nothing of it was given."""
    value = get(data, path)
    if not value or not value.get("voie"):
        return None
    return Address(*(value.get(key) for key in ("voie", "complement", "code_postal", "ville", "pays")))


def full_name(person: Data, *, civility: bool = False) -> str | None:
    """« Maëlle LE GOFF », with « Mme » before it if asked; ``None`` without a name."""
    if not person.get("nom"):
        return None
    parts = (person.get("civilite") if civility else None, person.get("prenom"), person["nom"])
    words = [part for part in parts if part]
    return TO_COMPLETE if person["nom"] == TO_COMPLETE else " ".join(words)


def paragraphs(value: Any) -> list[str]:  # noqa: ANN401 -- whatever a template goes through
    """The entries of a list, or the lines of a text: each is printed in a paragraph of its own."""
    return lines(value).split("\n")
