"""Template-based parser, reader 1: a filled form aligned with the annotated blank of its layout.

``receive`` opens a form, ``compile_layout`` makes a layout ready, ``recognise_layout`` says which one a form follows,
``read_layout`` gives a candidate for each of its slots; ``lint`` says what in a layout cannot be read safely.
"""

from pipeline.reading.alignment.compiled_layout import (
    Compiled,
    Trust,
    compile_layout,
    for_printing,
    slot_zones,
    template_tokens,
)
from pipeline.reading.alignment.edition_layout import compile_edition, edition_of
from pipeline.reading.alignment.layout_reader import LayoutReading, Match, Recognition, read_layout, recognise_layout
from pipeline.reading.alignment.lint import lint, unsafe_places
from pipeline.reading.alignment.received import Received, receive

__all__ = [
    "Compiled",
    "LayoutReading",
    "Match",
    "Received",
    "Recognition",
    "Trust",
    "compile_edition",
    "compile_layout",
    "edition_of",
    "for_printing",
    "lint",
    "read_layout",
    "receive",
    "recognise_layout",
    "slot_zones",
    "template_tokens",
    "unsafe_places",
]
