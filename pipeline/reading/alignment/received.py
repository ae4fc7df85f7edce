"""Input document, opened once: its tokens, its form fields, its marks, and what kind of pages it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pypdf
import pypdfium2
from pypdfium2 import raw

from pipeline.core.paper_kinds import PaperForm
from pipeline.core.refusals import Refusal, refused
from pipeline.core.sequences import grouped
from pipeline.forms.editions import Mark
from pipeline.reading.alignment.atoms import MARKED, atoms_of, words_of
from pipeline.reading.notes import notes_of
from pipeline.reading.page_prints import page_prints
from pipeline.reading.streams.docx import control_tags, package_stream
from pipeline.reading.streams.odt import odt_stream
from pipeline.reading.streams.odt_parts import odt_keywords
from pipeline.reading.streams.pdf import PageNote, read_pages
from pipeline.reading.streams.word_package import Package, keywords_in, package_of
from pipeline.reading.tokens import Source, Stream, TokenKind
from pipeline.reading.widgets import Widget, has_orphans, keywords_of, widget_tokens, widgets
from pipeline.sandbox.flattening import flattened
from pipeline.sandbox.gates import open_docx, open_odt, open_pdf
from pipeline.sandbox.sniff import Container, container_of

MIN_WORDS = 20  # fewer words than this on all the pages: a scan, whose text is a picture, if there is one
_DRAWN, _LARGE = (
    30,
    0.2,
)  # strokes and pieces of text, or share of the page, from which a wordless page shows something


@dataclass(frozen=True)
class Received:
    """Input document: ``source`` says how it is read; ``stream`` holds words, boxes and values of fields in place.

    ``fields`` are the form fields of a PDF, ``notes`` its annotations and ``prints`` the fingerprints of its pages,
    ``tags`` those of a Word form's controls; a ``portfolio`` is a PDF that is a cover for other files. Pages (from 1)
    that are ``left_out`` are not read; ``by_columns``, pages that are set in columns are read one column after the
    other. The pages of a PDF are walked when they are first asked for.
    """

    source: Source
    data: bytes = field(repr=False)
    fields: tuple[Widget, ...] = ()
    notes: Stream = ()
    keywords: str = ""
    portfolio: bool = False
    prints: tuple[str, ...] = ()
    left_out: frozenset[int] = frozenset()
    by_columns: bool = False
    parts: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def printed(self) -> bool:
        """Whether lines may have been broken by a printer."""
        return not self.source.flowing

    @cached_property
    def stream(self) -> Stream:
        """Its tokens in reading order; raises FormRejected when its pages cannot be walked."""
        if self.source is Source.ODT:
            return odt_stream(self.parts)
        if self.source is Source.DOCX:
            return package_stream(self._package)
        return tuple(token for token in self._walked[0] if token.page not in self.left_out)

    @cached_property
    def pages(self) -> tuple[PageNote, ...]:
        """A note on each page; none of a DOCX."""
        walked = () if self.source.flowing else self._walked[1]
        return tuple(page for page in walked if page.number not in self.left_out)

    @cached_property
    def _walked(self) -> tuple[Stream, tuple[PageNote, ...]]:
        laid = [*(token for widget in self.fields for token in widget_tokens(widget)), *self.notes]
        return read_pages(self.data, grouped((token.page or 1, token) for token in laid), by_columns=self.by_columns)

    @cached_property
    def in_columns(self) -> Received:
        """The same document read by columns: what a layout that is set in columns is aligned with."""
        return self if self.by_columns or self.source.flowing else replace(self, by_columns=True)

    @cached_property
    def page_texts(self) -> tuple[str, ...]:
        """The text of each page of a PDF as it is printed, without its fields; quicker than walking the pages."""
        with pypdfium2.PdfDocument(self.data) as pdf:
            return tuple(
                page.get_textpage().get_text_range()
                for number, page in enumerate(pdf, start=1)
                if number not in self.left_out
            )

    @cached_property
    def few_words(self) -> bool:
        """Whether next to no page has a text, nor a field."""
        return self.printed and not self.fields and sum(len(text.split()) for text in self.page_texts) < MIN_WORDS

    @cached_property
    def scanned_only(self) -> bool:
        """Whether next to no page has a text, and something is seen: a scan, letters drawn or without a name."""
        return self.few_words and self._shows_more

    @cached_property
    def _shows_more(self) -> bool:
        with pypdfium2.PdfDocument(self.data) as pdf:
            return any(_shows(page) for page in pdf)

    @cached_property
    def marks(self) -> frozenset[Mark]:
        """The marks of our own blanks in it: at the foot of its pages, else among its keywords, which nobody sees."""
        words = (
            [token.text for token in self.stream if token.kind is not TokenKind.ASIDE]
            if self.source.flowing
            else self.page_texts
        )
        return marks_in(" ".join(words)) or marks_in(self.keywords)

    @cached_property
    def printed_words(self) -> Counter[str]:
        """Every word and number printed on its pages, without case nor accents, and how often it stands there."""
        return Counter(word for text in self.page_texts for word in words_of(MARKED.sub(" ", text)))

    @cached_property
    def words(self) -> Counter[str]:
        """The same of all that stands on it, answers too."""
        return Counter(atom.key for atom in atoms_of(self.stream, leaders=True) if atom.wordy)

    @cached_property
    def tags(self) -> frozenset[str]:
        """The tags of the controls of a Word document, those that hold nothing too."""
        return control_tags(self._package) if self.source is Source.DOCX else frozenset()

    @cached_property
    def _package(self) -> Package:
        return package_of(self.parts)

    @cached_property
    def scanned(self) -> tuple[int, ...]:
        """The pages (from 1) whose words are a picture."""
        return tuple(page.number for page in self.pages if page.image)

    @cached_property
    def covered(self) -> tuple[int, ...]:
        """The pages (from 1) whose words lie on a picture as large as the page."""
        return tuple(page.number for page in self.pages if page.covered)


def without(received: Received, pages: Collection[int]) -> Received:
    """The same document, some of its pages (from 1) left out; it is not walked again."""
    rest = replace(
        received,
        fields=tuple(one for one in received.fields if one.page not in pages),
        notes=tuple(one for one in received.notes if one.page not in pages),
        left_out=frozenset(pages),
    )
    if "_walked" in vars(received):
        vars(rest)["_walked"] = received._walked  # noqa: SLF001 -- the same walk, of another of its kind
    return rest


def _shows(page: pypdfium2.PdfPage) -> bool:
    """Whether a page has a picture, a large drawing, or many strokes or letters."""
    drawn = list(page.get_objects(max_depth=5))
    large = _LARGE * page.get_width() * page.get_height()
    return len(drawn) >= _DRAWN or any(
        one.type == raw.FPDF_PAGEOBJ_IMAGE or (one.type != raw.FPDF_PAGEOBJ_TEXT and _surface(one) >= large)
        for one in drawn
    )


def _surface(drawn: pypdfium2.PdfObject) -> float:
    left, bottom, right, top = drawn.get_bounds()
    return float((right - left) * (top - bottom))


def marks_in(text: str) -> frozenset[Mark]:
    """The marks that stand in a text."""
    return frozenset(_mark(*match.groups()) for match in MARKED.finditer(text))


def receive(data: bytes) -> Received:
    """The form opened, by its content; raises FormRejected for another kind of file, or at the gate."""
    container = container_of(data)
    if container is Container.ARCHIVE:
        raise refused(Refusal.UNKNOWN_TYPE)
    if container is Container.ODT:
        parts = open_odt(data)
        return Received(Source.ODT, data, keywords=odt_keywords(parts), parts=parts)
    if container is Container.DOCX:
        parts = open_docx(data)
        return Received(Source.DOCX, data, keywords=keywords_in(parts), parts=parts)
    reader = open_pdf(data)
    if has_orphans(reader) and (printed := flattened(data)):
        return _received(printed, open_pdf(printed))
    return _received(data, reader)


def as_printed(received: Received) -> Received:
    """A PDF with fields as its pages show them; itself if it cannot be written so."""
    printed = flattened(received.data)
    return _received(printed, open_pdf(printed)) if printed else received


def _received(data: bytes, reader: pypdf.PdfReader) -> Received:
    fields, keywords = tuple(widgets(reader)), keywords_of(reader)
    return Received(
        Source.ACROFORM if fields else Source.PDF,
        data,
        fields,
        tuple(notes_of(reader)),
        keywords,
        portfolio="/Collection" in reader.root_object,
        prints=page_prints(reader) if fields and marks_in(keywords) else (),  # of our blanks alone are they known
    )


def _mark(formation: str, session: str, paper: str | None, version: str) -> Mark:
    return Mark(formation, session, version, PaperForm(paper) if paper else PaperForm.FORMULAIRE)
