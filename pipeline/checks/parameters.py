"""Rule parameters: TOML values of a ``[[regles]]`` line, converted to the types that a control announces."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import NoneType
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.models import Severity

Texts = tuple[str, ...]
Themes = Mapping[str, tuple[str, ...]]

SEVERITIES = {
    "bloquante": Severity.BLOCKING,
    "projet": Severity.DRAFT,
    "avertissement": Severity.WARNING,
    "information": Severity.INFO,
}


def convert(value: Any, kind: Any, place: str) -> Any:  # noqa: ANN401 -- TOML values into annotated types
    """The value in the type of a parameter; raises ConfigError starting with ``place`` if it is another."""
    try:
        return _CONVERTERS[kind](value)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{place} = {value!r} is wrong: {error}. Mend it in this [[regles]] block.") from error


def _plain(kind: type | tuple[type, ...], wanted: str, unlike: type = NoneType) -> Callable[[object], Any]:
    """What takes a value of that kind as it is; ``unlike`` is a type that Python counts among it."""

    def take(value: object) -> Any:  # noqa: ANN401 -- one of that kind
        if not isinstance(value, kind) or isinstance(value, unlike) or value == "":
            raise TypeError(f"{wanted} is expected")
        return value

    return take


_text = _plain(str, "a text")
_number = _plain((int, float, Decimal), "a number", bool)


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
    int: _plain(int, "a whole number", bool),
    Decimal: lambda value: Decimal(str(_number(value))),
    bool: _plain(bool, "true or false"),
    dt.date: _plain(dt.date, "a date such as 2025-04-07", dt.datetime),
    Texts: _texts,
    Themes: _themes,
    Severity: _severity,
    Severity | None: _severity,
}
