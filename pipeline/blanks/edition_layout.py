"""Our own blank as a layout: an edition compiled from its exact places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.sequences import grouped
from pipeline.forms.edition_slots import slots_of
from pipeline.forms.editions import Edition, WordToken
from pipeline.forms.layouts import Layout, Placeholder
from pipeline.forms.paper.placement import PAGE_HEIGHT, PAGE_WIDTH
from pipeline.reading.alignment.atoms import MARKED
from pipeline.reading.alignment.compiled_layout import Compiled, Trust
from pipeline.reading.alignment.margins import margin_key
from pipeline.reading.alignment.template import Template, template_of
from pipeline.reading.streams.order import lines_of
from pipeline.reading.tokens import Source, Stream, Token, TokenKind


def compile_edition(edition: Edition, dictionary: Dictionary) -> Compiled:
    """The edition ready for reading; a slot whose field or option the schema has no more is read over."""
    settings = {
        "version": edition.version,
        "titre": edition.title,
        "formation": edition.formation,
        "session": edition.session,
    }
    layout = Layout(edition.mark.layout, Path(), Path("formulaire.pdf"), settings)
    slots, dictionary = slots_of(edition, dictionary), dictionary.on(edition.paper)
    return Compiled(
        layout,
        partial(_word, edition, slots),  # no lambda: what reads is sent to the clean process of the jail
        partial(_printed, edition, slots),
        names={_pdf_name(slot, one, dictionary): one for slot, one in slots.items()},
        controls=slots,
        trust=Trust.EXACT,
        free=edition.free,
        _word_print=partial(_word_print, edition, slots),
        prints=edition.prints,
    )


def _word(edition: Edition, slots: Mapping[str, Placeholder]) -> Template:
    return _template(_document_stream(edition.document), slots)


def _printed(edition: Edition, slots: Mapping[str, Placeholder]) -> Template:
    return _template(_paper_stream(edition), slots)


def _pdf_name(slot: str, placeholder: Placeholder, dictionary: Dictionary) -> str:
    """The AcroForm name of a slot: its own field, or its button in the group of its question."""
    if placeholder.option is None or dictionary.fields[placeholder.path].kind is FieldKind.DAYS:
        return slot.replace(".", "/")
    return f"{slot.partition('=')[0].replace('.', '/')}={placeholder.option}"


def _word_print(edition: Edition, slots: Mapping[str, Placeholder]) -> Template:
    """The Word form without its foot, which each printed page repeats."""
    foot = next(at for at, token in enumerate(edition.document) if MARKED.fullmatch(token.text))
    template = _template(_document_stream(edition.document[:foot]), slots)
    return replace(template, everywhere=frozenset({margin_key("Page 1/1")}))


def _document_stream(document: Sequence[WordToken]) -> Stream:
    return tuple(
        Token(TokenKind(kind), f"{{{{ {slot} }}}}" if slot and kind == TokenKind.WORD else text, name=slot)
        for kind, text, slot in document
    )


def _paper_stream(edition: Edition) -> Stream:
    """The printed words and the places of slots, page by page, in lines."""
    tokens = [Token(TokenKind.WORD, word.text, word.page, word.box) for word in edition.words]
    tokens += (
        Token(
            TokenKind.WORD if place.lines else TokenKind.TICK,
            f"{{{{ {place.slot} }}}}",
            place.page,
            place.box,
            Source.ACROFORM,
            name=place.slot,
        )
        for place in edition.places
    )
    return tuple(
        token
        for page, held in sorted(grouped((token.page or 0, token) for token in tokens).items())
        for token in (
            Token(TokenKind.PAGE, page=page, box=(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT)),
            *(one for line in lines_of(held) for one in (*line.words, Token(TokenKind.PARAGRAPH, page=page))),
        )
    )


def _template(stream: Stream, slots: Mapping[str, Placeholder]) -> Template:
    boxes = {
        index: slots[token.name]
        for index, token in enumerate(stream)
        if token.kind is TokenKind.TICK and token.name is not None and token.name in slots
    }
    return template_of(stream, lambda text: slots[text.strip()], leaders=False, boxes=boxes, margins=False)
