"""Candidate extraction from an alignment: the answers of text slots, and the boxes ticked of each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.models import Box
from pipeline.forms.layouts import Placeholder
from pipeline.reading.alignment.align import align
from pipeline.reading.alignment.atoms import NOTE, Mark, atoms_of
from pipeline.reading.alignment.margins import idle_tokens
from pipeline.reading.alignment.slot_values import kind_of, listed, place_of, slot_text
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.alignment.template import Template, in_order
from pipeline.reading.candidates import Candidate
from pipeline.reading.sequences import grouped
from pipeline.reading.tokens import Stream, TokenKind

METHOD = "gabarit"
SURE, UNSURE = 0.99, 0.6
_AMBIGUOUS = "CASE_AMBIGUE : "


@dataclass(frozen=True)
class Mention:
    """Raw value of one slot, before the slots of one question are put together."""

    placeholder: Placeholder
    text: str = ""
    ticked: bool | None = None
    page: int | None = None
    box: Box | None = None
    sure: bool = True
    doubt: str | None = None


def aligned_with(template: Template, stream: Stream) -> Context:
    """The alignment of a filled form's stream with a template."""
    stream = in_order(stream, template)
    idle = idle_tokens(stream, template.everywhere, template.once)
    atoms = atoms_of(stream, leaders=template.leaders, idle=idle)
    return Context(template, stream, atoms, align(template.items, atoms))


def mentions(context: Context, dictionary: Dictionary, *, printed: bool) -> Iterator[Mention]:
    """Every slot of the template, in order, with what fell into it."""
    beside = dict(_noted(context))
    for slot in context.template.slots:
        placeholder = context.template.items[slot].placeholder
        if placeholder is None or placeholder.ignored:
            continue
        seen = (
            _text(context, slot, placeholder, dictionary, printed=printed)
            if placeholder.option is None
            else _box(context, slot, placeholder)
        )
        yield replace(seen, doubt=seen.doubt or beside.get(slot))


def _text(context: Context, slot: int, placeholder: Placeholder, dictionary: Dictionary, *, printed: bool) -> Mention:
    atoms = [context.atoms[index] for index in context.aligned.fallen.get(slot, ())]
    kind = kind_of(placeholder.path, dictionary)
    text, doubt = slot_text(atoms, context.stream, kind, _border(context, slot), printed=printed)
    words = [atom for atom in atoms if atom.mark is Mark.WORD]
    page, box = place_of(words, context.stream) if words else (None, None)
    text = listed(text) if kind is FieldKind.LIST else text
    return Mention(placeholder, text, None, page, box, sure=context.safe(slot), doubt=doubt)


def _border(context: Context, slot: int) -> float | None:
    """How far right an answer could be written: its cell's edge, or the farthest word of the page."""
    here = context.aligned.position.get(slot, 0)
    for index in range(min(here, len(context.atoms)) - 1, -1, -1):
        atom = context.atoms[index]
        if atom.mark is Mark.CELL:
            box = context.stream[atom.token].box
            return box[2] - 5.0 if box else None
        if atom.mark is Mark.ROW:
            break
    page = context.stream[context.atoms[min(here, len(context.atoms) - 1)].token].page if context.atoms else None
    return max(
        (token.box[2] for token in context.stream if token.box and token.page == page and token.text), default=None
    )


def _box(context: Context, slot: int, placeholder: Placeholder) -> Mention:
    found = context.aligned.pairs.get(slot)
    label_doubt = _label_doubt(context, slot)
    if found is None:
        return Mention(placeholder, ticked=False, sure=False, doubt=label_doubt)
    token = context.stream[context.atoms[found].token]
    ticked = token.ticked if token.kind is TokenKind.TICK else True
    doubt = token.doubt or label_doubt
    if ticked is None and doubt is None:
        doubt = f"{_AMBIGUOUS}on ne voit pas si la case est cochée"
    return Mention(placeholder, "", ticked, token.page, token.box, sure=context.safe(slot), doubt=doubt)


def _label_doubt(context: Context, slot: int) -> str | None:
    """A choice whose words are underlined, struck or in bold where the blank's are not: perhaps meant as a tick."""
    for index in range(slot + 1, len(context.template.items)):
        item = context.template.items[index]
        if item.placeholder is not None or item.atom.mark is not Mark.WORD:
            return None
        found = context.aligned.pairs.get(index)
        if found is None:
            continue
        blank, filled = context.template.token(index), context.stream[context.atoms[found].token]
        if filled.emphasis and filled.emphasis != blank.emphasis:
            if filled.emphasis == "barré":
                return f"RATURE : « {filled.text} » est barré"
            return f"{_AMBIGUOUS}« {filled.text} » est {filled.emphasis}, au lieu d’une case cochée"
    return None


def _noted(context: Context) -> Iterator[tuple[int, str]]:
    """Slot to the note that stands beside it, unless the blank has the same note."""
    known = {token.text for token in context.template.stream if token.name == NOTE}
    slots = [slot for slot in context.template.slots if slot in context.aligned.position]
    for index, token in enumerate(context.stream):
        if token.name != NOTE or token.text in known or not slots:
            continue
        places = [(context.aligned.position[slot], slot) for slot in slots]
        before = [
            slot for at, slot in places if at >= len(context.atoms) or context.atoms[max(at - 1, 0)].token <= index
        ]
        yield (before[-1] if before else slots[0]), token.doubt or "TEXTE_NON_RATTACHE : une note a été ajoutée"


def put_together(seen: Sequence[Mention], dictionary: Dictionary, source: str) -> dict[str, Candidate]:
    """One candidate a path: boxes of one question, lines of one list, a place repeated."""
    groups = grouped((mention.placeholder.path, mention) for mention in seen)
    return {path: _candidate(path, group, dictionary, source) for path, group in groups.items()}


def _candidate(path: str, group: Sequence[Mention], dictionary: Dictionary, source: str) -> Candidate:
    if any(mention.placeholder.option is not None for mention in group):
        return _choice(path, group, dictionary, source)
    if any(mention.placeholder.item or mention.placeholder.day for mention in group):
        return replace(_made(path, group, source, "\n".join(_parts(group))), parted=True)
    texts = list(dict.fromkeys(mention.text for mention in group if mention.text))
    doubt = "DOUBLON : la réponse est écrite à deux endroits, différemment" if len(texts) > 1 else None
    return _made(path, group, source, texts[0] if texts else "", doubt=doubt)


def _parts(group: Sequence[Mention]) -> Iterator[str]:
    """One line an item of a list, or a day of a calendar that holds something (« 2025-04-07 : 7 »), in order."""
    for mention in sorted(group, key=lambda mention: (mention.placeholder.item or 0, str(mention.placeholder.day))):
        text, day = " ".join(mention.text.split()), mention.placeholder.day
        if text:
            yield f"{day.isoformat()} : {text}" if day else text


def _choice(path: str, group: Sequence[Mention], dictionary: Dictionary, source: str) -> Candidate:
    ticked = [mention for mention in group if mention.ticked]
    options = list(dict.fromkeys(mention.placeholder.option or "" for mention in ticked))
    field = dictionary.fields.get(path)
    if field is not None and field.kind is FieldKind.DAYS:
        return _made(path, group, source, "\n".join(options))
    if len(options) > 1:
        doubt = f"{_AMBIGUOUS}plusieurs cases sont cochées ({', '.join(options)})"
        return _made(path, group, source, "", doubt=doubt)
    chosen = next(iter(options), None)
    shown = ticked or group
    return _made(path, group, source, chosen or "", option=chosen, shown=shown[0])


def _made(
    path: str,
    group: Sequence[Mention],
    source: str,
    text: str,
    *,
    option: str | None = None,
    doubt: str | None = None,
    shown: Mention | None = None,
) -> Candidate:
    sure = all(mention.sure for mention in group)
    doubt = doubt or next((mention.doubt for mention in group if mention.doubt), None)
    where = shown or next((mention for mention in group if mention.box), group[0])
    return Candidate(
        path=path,
        text=text,
        option=option,
        page=where.page,
        box=where.box,
        method=METHOD,
        sure=sure and doubt is None,
        confidence=SURE if sure and doubt is None else UNSURE,
        doubt=doubt,
        source=source,
    )
