"""Start of the reader, ahead of its first form: the clean process of the jail imports while we do other things."""

from __future__ import annotations

import importlib

import phonenumbers
import pypdfium2

from pipeline.core.late import load
from pipeline.reading import digital, inside, known_forms, scans
from pipeline.reading.seen import shapes
from pipeline.sandbox.jail import get_ready

_LATE = (
    "importlib.readers",
    "importlib.resources.readers",
    "pypdf._codecs._codecs",
    "pypdf.filters",
)  # what those import in use


def preload(known: known_forms.KnownForms | None = None) -> None:
    """What reads any form, for whoever reads many: each child then finds it there.

    So are the shapes of letters, and the editions of our own blanks that are given out today, of the forms ``known``.
    """
    get_ready(known, _load_all)


def preload_one() -> None:
    """The same for who reads one form: what any form needs; its child imports the rest where that is wanted."""
    get_ready(None, _load_first)


def _load_first(_: object) -> None:
    load(phonenumbers, inside, digital)


def _load_all(known: known_forms.KnownForms | None) -> None:
    load(phonenumbers, pypdfium2, inside, digital, scans)
    for name in _LATE:
        importlib.import_module(name)
    shapes.learn_letters()
    phonenumbers.PhoneMetadata.metadata_for_region("FR")
    for compiled in known.own.given_out() if known else ():
        _ = compiled.word, compiled.printed
