"""The eye on one received PDF: what holds its fields, and the answers read from its pages, against their picture."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from typing import Self

from pipeline.reading.alignment.received import Received
from pipeline.reading.candidates import Candidate
from pipeline.reading.seen.eyesight import Eyesight, Look
from pipeline.reading.seen.fields import held_fields
from pipeline.reading.seen.prints import held_answers
from pipeline.reading.seen.sheets import Sheets
from pipeline.reading.tokens import Source


class Eye:
    """What is seen of a file, page by page, each rendered when an answer on it is first asked for.

    ``look`` reads the crops that only OCR can tell; without it PicturesWanted is raised for the first one.
    """

    def __init__(self, data: bytes, look: Look | None) -> None:
        self._data, self._sight, self._open = data, Eyesight(look), ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def _sheets(self) -> Sheets:
        return self._open.enter_context(Sheets(self._data))

    def fields_of(self, received: Received) -> Received:
        """The same document, with a doubt on each of its form fields that does not show what it holds."""
        if not received.fields:
            return received
        held = held_fields(received.fields, self._sheets, self._sight, alone=bool(received.marks))
        return replace(received, fields=held)

    def answers(self, found: Mapping[str, Candidate], source: Source) -> Mapping[str, Candidate]:
        """The same answers, with a doubt on each that its page does not show; of a print alone."""
        return held_answers(found, self._sheets, self._sight) if source is Source.PDF else found
