"""Homoglyph detector: values with letters of another alphabet, which look like ours and are not.

Word files are looked at run by run (``streams``); here every value is, whatever the kind of file that gave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.core.doubts import Doubt
from pipeline.core.models import JSON, FieldReading
from pipeline.reading.streams.odd_letters import odd_letters


def with_look_alikes(readings: Mapping[str, FieldReading]) -> dict[str, FieldReading]:
    """The same readings; a value that is not sure to be the letters it shows has the doubt that says so."""
    checked = dict(readings)
    for path, entry in readings.items():
        if entry.doubt is None and (doubt := _doubt(entry)):
            checked[path] = replace(entry, doubt=doubt, confidence=0.5)
    return checked


def _doubt(entry: FieldReading) -> Doubt | None:
    words = (word for text in (*_texts(entry.value), entry.raw) for word in text.split())
    return next((doubt for word in words if (doubt := odd_letters(word))), None)


def _texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
