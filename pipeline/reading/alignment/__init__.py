"""Template-based parser, reader 1: a filled form aligned with the annotated blank of its layout.

``receive`` opens a form, ``recognise_layout`` says which layout it follows, ``read_layout`` gives a candidate for
each of its slots. Layouts are compiled by ``pipeline.blanks``.
"""

from pipeline.reading.alignment.compiled_layout import (
    Compiled,
    Trust,
    slot_zones,
    template_tokens,
)
from pipeline.reading.alignment.layout_reader import LayoutReading, read_layout
from pipeline.reading.alignment.received import Received, receive
from pipeline.reading.alignment.recognition import Match, Recognition, recognise_layout

__all__ = [
    "Compiled",
    "LayoutReading",
    "Match",
    "Received",
    "Recognition",
    "Trust",
    "read_layout",
    "receive",
    "recognise_layout",
    "slot_zones",
    "template_tokens",
]
