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
from pipeline.reading.seen.prints import held_answers
from pipeline.reading.seen.sheets import Sheets
from pipeline.reading.seen.shown_fields import held_fields
from pipeline.reading.tokens import Source


class Eye:
    """What is seen of a document, page by page, each rendered when an answer on it is first asked for.

    ``look`` reads the crops that only OCR can tell; where it is ``None``, PicturesWanted is raised for the first one.
    """

    def __init__(self, received: Received, look: Look | None) -> None:
        self._received, self._sight, self._open = received, Eyesight(look), ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def received(self) -> Received:
        """The document, with a doubt on each of its form fields that does not show what it holds."""
        document = self._received
        if not document.fields:
            return document
        held = held_fields(document.fields, self._sheets, self._sight, alone=bool(document.marks))
        return replace(document, fields=held)

    def answers(self, found: Mapping[str, Candidate], source: Source) -> Mapping[str, Candidate]:
        """The same answers, with a doubt on each that its page does not show; of a print alone."""
        return held_answers(found, self._sheets, self._sight) if source is Source.PDF else found

    @cached_property
    def _sheets(self) -> Sheets:
        return self._open.enter_context(Sheets(self._received.data))
