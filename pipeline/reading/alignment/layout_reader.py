"""Parser of a form with a layout: what stands in each slot, and how well the form fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary
from pipeline.core.refusals import Refusal, refused
from pipeline.core.remarks import Remark
from pipeline.reading.alignment.annotations import annotated, apart
from pipeline.reading.alignment.asides import remarks_of
from pipeline.reading.alignment.by_control import Controlled, controlled
from pipeline.reading.alignment.by_place import Placed, placed
from pipeline.reading.alignment.columns import split_columns
from pipeline.reading.alignment.compiled_layout import Compiled, Trust
from pipeline.reading.alignment.gathering import gathered
from pipeline.reading.alignment.guards import drawn_over, guard
from pipeline.reading.alignment.harvest import Mention, aligned_with, mentions, put_together
from pipeline.reading.alignment.in_cells import InCells, with_title
from pipeline.reading.alignment.named import all_in_place, named_mentions, names_share, unmapped
from pipeline.reading.alignment.received import Received
from pipeline.reading.alignment.surroundings import ABSENT, Context, only_flags, without_flags
from pipeline.reading.alignment.template import Template, holds_two
from pipeline.reading.candidates import Candidate
from pipeline.reading.tokens import NOTE, Source, Token

_IN_PLACE = 0.9  # share of the words of our own print that must be where it has them


@dataclass(frozen=True)
class LayoutReading:
    """Result of reader 1: ``candidates`` by placeholder path; ``share`` of the fixed words found, 0 to 1.

    ``missing`` are the fixed words not found again, ``unexplained`` the tokens that stand in no slot, ``notes`` the
    comments, footnotes and annotations added; ``absent_pages`` the pages of the blank (from 1) nothing of which was
    found. ``names`` is the share of the AcroForm map's names present, 1 for anything but a PDF form; ``source`` is
    what was read of the file: the words of a PDF whose fields are not the form's. ``told``: what stands in no slot is
    already a doubt of the answer beside, if there is one; ``apart`` is what stands beside none. ``remarks`` are those
    of pages, which are of no answer.
    """

    candidates: Mapping[str, Candidate]
    share: float
    missing: tuple[str, ...] = ()
    unexplained: tuple[Token, ...] = ()
    notes: tuple[Token, ...] = ()
    absent_pages: tuple[int, ...] = ()
    names: float = 1.0
    source: Source = Source.PDF
    told: bool = False
    remarks: tuple[Remark, ...] = ()
    apart: tuple[Token, ...] = ()

    @property
    def modified(self) -> bool:
        """Whether fixed words are missing: another edition, or a page that was not sent."""
        return bool(self.missing) or self.names < 1.0


def template_for(received: Received, compiled: Compiled) -> Template:
    """The template that a file of this kind is aligned with."""
    return (compiled.word if received.source.flowing else compiled.printed) or compiled.template


def laid_out(received: Received, compiled: Compiled) -> Received:
    """The form read as its layout is set: by columns, where the blank prints in columns."""
    return received.in_columns if compiled.printed is not None and compiled.printed.columned else received


def fit(received: Received, compiled: Compiled) -> Context:
    """The alignment of a form with its layout: with a blank of ours, by its controls or its places if it has them."""
    exact = _exact_fit(received, compiled) if compiled.trust is Trust.EXACT else None
    return exact or aligned_with(template_for(received, compiled), received.stream)


def read_layout(
    received: Received, compiled: Compiled, dictionary: Dictionary, context: Context | None = None
) -> LayoutReading:
    """The form read with that layout; ``context`` is their alignment if it was made already.

    The places of our own blanks are exact: its answers are told by their names, or by where they stand; what can be
    told by neither, and the forms of schools, by the order of their words. Raises FormRejected: ILLISIBLE when every
    page is a picture (that is for the reader of scans), PLUSIEURS_FORMULAIRES when the form, or a page of it, stands
    twice in the file.
    """
    named = _by_name(received, compiled)
    if named and compiled.ours and _untouched(received, compiled):
        seen = slot_mentions(received, compiled, dictionary, None)
        return LayoutReading(
            put_together(seen, dictionary, Source.ACROFORM),
            share=1.0,
            source=Source.ACROFORM,
            told=True,
            apart=apart(seen, received.notes),
        )
    if received.pages and len(received.scanned) == len(received.pages):
        raise refused(Refusal.ILLEGIBLE, what="Ce PDF, dont les pages sont des images,", words=0)
    context = context or fit(received, compiled)
    if holds_two(context.stream, context.template):
        raise refused(Refusal.SEVERAL)
    absent = _absent_pages(context)
    if absent and compiled.ours and not named:  # a blank of ours has answers on each page
        raise refused(Refusal.MISSING_PAGE, page=absent[0], count=len(received.pages))
    seen = [_on_page(mention, context) for mention in slot_mentions(received, compiled, dictionary, context)]
    source = received.source if named or received.source is not Source.ACROFORM else Source.PDF
    told = compiled.trust is Trust.EXACT and (named or isinstance(context, Placed | Controlled | InCells))
    added = _added(received, compiled, context, named=named) if told else ()
    return LayoutReading(
        candidates=put_together(seen, dictionary, source, compiled.trust),
        share=context.share,
        missing=tuple(context.template.items[index].atom.text for index in sorted(context.lost)),
        unexplained=tuple(_unexplained(received, compiled, context, named=named)),
        notes=tuple(_notes(received, context)),
        absent_pages=absent,
        names=names_share(received.fields, compiled.names) if named else 1.0,
        source=source,
        remarks=remarks_of(context),
        told=told,
        apart=apart(seen, added),
    )


def slot_mentions(
    received: Received, compiled: Compiled, dictionary: Dictionary, context: Context | None
) -> list[Mention]:
    """What stands in each slot; without a ``context``, of a fillable form whose pages are the blank's."""
    if context is not None and not _by_name(received, compiled):
        return _by_words(received, compiled, dictionary, context)
    seen = list(named_mentions(received.fields, compiled, context, dictionary))
    if isinstance(context, Placed):
        seen = _under_drawings(seen, context, received, compiled)
    return annotated(seen, _added(received, compiled, context, named=True))


def _added(received: Received, compiled: Compiled, context: Context | None, *, named: bool) -> tuple[Token, ...]:
    """What was laid over a form or written on its pages, told by the answer beside if there is one."""
    if named:
        remarks = _remarks(received, compiled, context) if context and compiled.trust is Trust.EXACT else ()
        return (*received.notes, *remarks)
    if isinstance(context, Placed):
        return received.notes
    return gathered(without_flags(context.unexplained)) if isinstance(context, InCells) else ()


def _by_name(received: Received, compiled: Compiled) -> bool:
    """Whether the form still has fields of its own, which say by their names what they hold."""
    return received.source is Source.ACROFORM and names_share(received.fields, compiled.names) > 0


def _remarks(received: Received, compiled: Compiled, context: Context) -> tuple[Token, ...]:
    """What was written on the pages of a fillable form of ours, or in a field that is not the form's."""
    others = {widget.name for widget in unmapped(received.fields, compiled.names)}
    held = [atom for fallen in context.aligned.fallen.values() for atom in fallen]
    held += [context.aligned.pairs[slot] for slot in context.template.slots if slot in context.aligned.pairs]
    over = (context.stream[index] for index in sorted({context.atoms[atom].token for atom in held}))
    typed_over = (token for token in over if token.ticked is not False)  # where a field is, and not in it
    loose = [token for token in (*context.unexplained, *typed_over) if token.name is None]
    return gathered([*loose, *(token for token in context.stream if token.name in others)])


def _by_words(received: Received, compiled: Compiled, dictionary: Dictionary, context: Context) -> list[Mention]:
    """What stands in each slot, told by the words and places of the form."""
    if received.printed and not isinstance(context, Placed | InCells):
        context = split_columns(context)
    found = mentions(context, dictionary, printed=received.printed)
    seen = [_under_picture(mention, received) for mention in found]
    return annotated(seen, _added(received, compiled, context, named=False))


def _under_drawings(seen: list[Mention], context: Placed, received: Received, compiled: Compiled) -> list[Mention]:
    """The same; an answer over which somebody drew is a doubt."""
    places = drawn_over(context, received.pages, compiled.free)
    told = {context.template.items[slot].placeholder: doubt for slot, doubt in places.items()}
    return [
        replace(mention, doubt=mention.doubt or told.get(mention.placeholder)) if told else mention
        for mention in seen
    ]


def _untouched(received: Received, compiled: Compiled) -> bool:
    """Whether the pages are the blank's to the last stroke, and hold its fields alone, each in its place.

    Two programs look: one says that the instructions are the same, another that the words are.
    """
    if not compiled.prints or received.prints != compiled.prints or received.left_out or received.notes:
        return False
    if names_share(received.fields, compiled.names) < 1.0 or unmapped(received.fields, compiled.names):
        return False
    if compiled.printed is None or not all_in_place(received.fields, compiled):
        return False
    blank = Counter(compiled.printed.words)
    return blank <= received.printed_words and only_flags(received.printed_words - blank)


def _exact_fit(received: Received, compiled: Compiled) -> Context | None:
    """By its controls, by its places, or as its Word form prints; ``None`` where it has none of the three."""
    if received.source.flowing:
        return controlled(compiled.word, received.stream, received.tags) if compiled.word else None
    context = placed(compiled.printed, received.stream) if compiled.printed else None
    cut = context is not None and len(received.pages) < len(context.page_shares)
    if context is not None and (context.share_found if cut else context.share) >= _IN_PLACE:
        return replace(context, doubts=guard(context, received.pages, compiled.free))
    if compiled.word_print is None:
        return None
    return with_title(aligned_with(compiled.word_print, without_flags(received.stream, "gras")))


def _under_picture(mention: Mention, received: Received) -> Mention:
    """Words that lie on a picture of the page were perhaps put there by a scanner that guessed them."""
    if mention.page in received.covered:
        doubt = Doubt(Reason.DIVERGENT, "ce texte est la couche cachée d’une page numérisée")
        return replace(mention, doubt=mention.doubt or doubt)
    return mention


def _on_page(mention: Mention, context: Context) -> Mention:
    """A place on a page that was not sent is not an empty answer."""
    absent = _absent_pages(context)
    if not absent or mention.text or mention.ticked:
        return mention
    items = context.template.items
    pages = {
        context.template.token(slot).page
        for slot in context.template.slots
        if items[slot].placeholder == mention.placeholder
    }
    lost = sorted(page for page in pages if page in absent)
    if not lost:
        return mention
    doubt = Doubt(Reason.MISSING_PAGE, f"la page {lost[0]} du formulaire n’est pas dans le fichier")
    return replace(mention, doubt=mention.doubt or doubt)


def _unexplained(received: Received, compiled: Compiled, context: Context, *, named: bool) -> Iterator[Token]:
    strangers = sorted({context.atoms[index].token for index in context.strangers})
    others = {widget.name for widget in unmapped(received.fields, compiled.names)} if named else set()
    yield from (token for index in strangers if (token := context.stream[index]).name is None or not named)
    yield from (token for token in context.stream if token.name in others)


def _notes(received: Received, context: Context) -> Iterator[Token]:
    known = {token.text for token in context.template.stream if token.name == NOTE}
    yield from (token for token in received.stream if token.name == NOTE and token.text not in known)


def _absent_pages(context: Context) -> tuple[int, ...]:
    """The pages of the printed blank of which next to no word was found."""
    return tuple(page for page, share in context.page_shares.items() if share < ABSENT)
