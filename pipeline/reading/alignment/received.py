"""Input document, opened once: its tokens, its form fields, and what kind of pages it has."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from pipeline.reading.alignment.atoms import atoms_of
from pipeline.reading.gates import open_pdf
from pipeline.reading.sequences import grouped
from pipeline.reading.streams.docx import docx_stream
from pipeline.reading.streams.pdf import PageNote, read_pages
from pipeline.reading.tokens import Source, Stream
from pipeline.reading.widgets import Widget, free_texts, widget_tokens, widgets


@dataclass(frozen=True)
class Received:
    """Input document: ``source`` says how it is read; ``stream`` holds words, boxes and values of fields in place.

    ``fields`` are the form fields of a PDF, ``pages`` a note on each of its pages; a DOCX has neither.
    """

    source: Source
    stream: Stream
    fields: tuple[Widget, ...] = ()
    pages: tuple[PageNote, ...] = ()

    @property
    def printed(self) -> bool:
        """Whether lines may have been broken by a printer."""
        return self.source is not Source.DOCX

    @cached_property
    def words(self) -> Counter[str]:
        """Every word and number, without case nor accents, and how often it stands there."""
        return Counter(atom.key for atom in atoms_of(self.stream, leaders=True) if atom.wordy)

    @cached_property
    def scanned(self) -> tuple[int, ...]:
        """The pages (from 1) whose words are a picture."""
        return tuple(page.number for page in self.pages if page.image)

    @cached_property
    def covered(self) -> tuple[int, ...]:
        """The pages (from 1) whose words lie on a picture as large as the page."""
        return tuple(page.number for page in self.pages if page.covered)


def receive(data: bytes) -> Received:
    """The form opened, by its content; raises FormRejected when the gate refuses it or it cannot be walked."""
    if zipfile.is_zipfile(io.BytesIO(data)) and not data.startswith(b"%PDF"):
        return Received(Source.DOCX, docx_stream(data))
    reader = open_pdf(data)
    fields = tuple(widgets(reader))
    laid = [*(token for widget in fields for token in widget_tokens(widget)), *free_texts(reader)]
    stream, pages = read_pages(data, grouped((token.page or 1, token) for token in laid))
    return Received(Source.ACROFORM if fields else Source.PDF, stream, fields, pages)
