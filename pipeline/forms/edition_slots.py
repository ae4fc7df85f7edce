"""Slots of an edition of our own blank: what each one asks, by today's schema."""

from __future__ import annotations

from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.forms.editions import Edition
from pipeline.forms.layouts import IGNORED, Placeholder, parse_placeholder


def slots_of(edition: Edition, dictionary: Dictionary) -> dict[str, Placeholder]:
    """What each slot of an edition stands for; one whose field or option the schema has no more is ignored."""
    fields = dictionary.on(edition.paper)
    return {place.slot: _placeholder(place.slot, fields) for place in edition.places}


def asked_by(edition: Edition, dictionary: Dictionary) -> frozenset[str]:
    """The paths of the fields that an edition asks."""
    return frozenset(one.path for one in slots_of(edition, dictionary).values() if not one.ignored)


def _placeholder(slot: str, dictionary: Dictionary) -> Placeholder:
    try:
        return parse_placeholder(slot, dictionary)
    except ConfigError:
        return Placeholder(IGNORED)
