"""What a ``[[regles]]`` line may set: TOML values turned into the types that a control's parameters announce."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.models import Severity

Texts = tuple[str, ...]
Themes = Mapping[str, tuple[str, ...]]

SEVERITIES = {
    "bloquante": Severity.BLOCKING,
    "avertissement": Severity.WARNING,
    "information": Severity.INFO,
}


def convert(value: Any, kind: Any, place: str) -> Any:  # noqa: ANN401 -- TOML values into annotated types
    """The value in the type of a parameter; raises ConfigError starting with ``place`` if it is another."""
    try:
        return _CONVERTERS[kind](value)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{place} = {value!r} is wrong: {error}. Mend it in this [[regles]] block.") from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("a text is expected")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number is expected")
    return value


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise TypeError("a number is expected")
    return Decimal(str(value))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false is expected")
    return value


def _day(value: object) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise TypeError("a date such as 2025-04-07 is expected")
    return value


def _texts(value: object) -> Texts:
    if not isinstance(value, list) or not value:
        raise TypeError("a list of texts is expected")
    return tuple(_text(item) for item in value)


def _themes(value: object) -> Themes:
    if not isinstance(value, Mapping) or not value:
        raise TypeError("a table of lists of texts is expected")
    return {name: _texts(words) for name, words in value.items()}


def _severity(value: object) -> Severity:
    if not isinstance(value, str) or value not in SEVERITIES:
        raise ValueError(f"one of {', '.join(SEVERITIES)} is expected")
    return SEVERITIES[value]


_CONVERTERS: dict[Any, Callable[[object], Any]] = {
    str: _text,
    str | None: _text,
    int: _whole,
    Decimal: _decimal,
    bool: _flag,
    dt.date: _day,
    Texts: _texts,
    Themes: _themes,
    Severity: _severity,
    Severity | None: _severity,
}
