"""Candidate extraction from an alignment: the answers of text slots, and the boxes ticked of each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.core.doubts import Doubt, Reason, corrector
from pipeline.core.fields import LINED, Dictionary, Field, FieldKind, Nature
from pipeline.core.models import Box
from pipeline.core.sequences import grouped
from pipeline.forms.layouts import Placeholder
from pipeline.forms.values.choices import option_label
from pipeline.forms.values.figures import excerpt
from pipeline.forms.values.lines import OF_DAY, dated_lines
from pipeline.reading.alignment.align import align, is_cross
from pipeline.reading.alignment.asides import doubts_beside
from pipeline.reading.alignment.atoms import Atom, Mark, atoms_of
from pipeline.reading.alignment.columns import right_edge
from pipeline.reading.alignment.compiled_layout import Trust
from pipeline.reading.alignment.extent import slots_apart
from pipeline.reading.alignment.margins import idle_tokens
from pipeline.reading.alignment.page_breaks import across_pages
from pipeline.reading.alignment.side_labels import aside_tokens, gathered_labels
from pipeline.reading.alignment.slot_values import kind_of, lone_leader, place_of, slot_text
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.alignment.template import Template, in_order
from pipeline.reading.candidates import Candidate
from pipeline.reading.tokens import NOTE, Source, Stream, Token, TokenKind

METHOD = "gabarit"
SURE, UNSURE = 0.99, 0.6
_CELL_MARGIN = 5.0  # points: Word leaves 5.4 between the border of a cell and its text, whatever its size


@dataclass(frozen=True)
class Mention:
    """Raw value of one slot, before the slots of one question are put together."""

    placeholder: Placeholder
    text: str = ""
    ticked: bool | None = None
    page: int | None = None
    box: Box | None = None
    sure: bool = True
    doubt: Doubt | None = None
    certain: bool = False
    apart: bool = False
    tokens: tuple[Token, ...] = ()


def aligned_with(template: Template, stream: Stream) -> Context:
    """The alignment of a filled form's stream with a template, its pages in order, rows cut by them put together."""

    def context(pages: Stream) -> Context:
        whole = gathered_labels(pages, template.asides)
        idle = idle_tokens(whole, template.everywhere, template.once) | aside_tokens(whole, template.asides)
        atoms = atoms_of(whole, leaders=template.leaders, idle=idle)
        return Context(template, whole, atoms, align(template.items, atoms))

    return across_pages(context(in_order(stream, template)), context)


def mentions(context: Context, dictionary: Dictionary, *, printed: bool) -> Iterator[Mention]:
    """Every slot of the template, in order, with what fell into it."""
    beside = dict(_noted(context)) | doubts_beside(context) | dict(context.doubts)
    apart = slots_apart(context)
    for slot in context.template.slots:
        placeholder = context.template.items[slot].placeholder
        if placeholder is None or placeholder.ignored:
            continue
        seen = (
            _text(context, slot, placeholder, dictionary, printed=printed)
            if placeholder.option is None
            else _box(context, slot, placeholder)
        )
        page, box = context.zone(slot) or (seen.page, seen.box)
        doubt, certain = seen.doubt or beside.get(slot), context.certain(slot)
        yield replace(seen, page=page, box=box, doubt=doubt, certain=certain, apart=slot in apart)


def _text(context: Context, slot: int, placeholder: Placeholder, dictionary: Dictionary, *, printed: bool) -> Mention:
    atoms = [context.atoms[index] for index in context.aligned.fallen.get(slot, ())]
    kind = kind_of(placeholder.path, dictionary)
    several = kind is FieldKind.LIST and placeholder.item is None
    border = _border(context, slot, several=several) if atoms else None
    text, doubt = slot_text(atoms, context.stream, kind, border, printed=printed, alone=context.certain(slot))
    words = [atom for atom in atoms if atom.mark is Mark.WORD]
    doubt = doubt or _afloat(context, slot, words) or _ticked_within(atoms, kind)
    sentence = kind in (FieldKind.TEXT, FieldKind.LIST) or dictionary.nature(placeholder.path) is Nature.PHRASE
    doubt = doubt or (lone_leader(words, context.stream) if printed and sentence else None)
    page, box = place_of(words, context.stream) if words else (None, None)
    tokens = tuple(context.stream[index] for index in dict.fromkeys(atom.token for atom in words))
    return Mention(placeholder, text, None, page, box, sure=context.safe(slot), doubt=doubt, tokens=tokens)


def _afloat(context: Context, slot: int, words: Sequence[Atom]) -> Doubt | None:
    """Words of a text box or a frame among those of an answer that the blank does not have in one."""
    afloat = [context.stream[atom.token].text for atom in words if context.stream[atom.token].floating]
    if not afloat or (len(afloat) == len(words) and context.template.token(slot).floating):
        return None
    return Doubt(Reason.STRAY_TEXT, f"un cadre a été posé sur la réponse : « {excerpt(' '.join(afloat))} »")


def _ticked_within(atoms: Sequence[Atom], kind: FieldKind) -> Doubt | None:
    """A box or a tick among the words of an answer; at the head of a line of a list it is a bullet."""
    for index, atom in enumerate(atoms):
        first = index == 0 or atoms[index - 1].mark is Mark.LINE
        if atom.mark is Mark.TICK and not (first and kind in (FieldKind.LIST, FieldKind.TEXT)):
            return Doubt(Reason.STRAY_TEXT, f"un signe est écrit avec la réponse : « {atom.text} »")
    return None


def _border(context: Context, slot: int, *, several: bool) -> float | None:
    """How far right an answer could be written: its cell's edge, or the farthest word of the page."""
    zone = context.zone(slot)
    if zone is not None:  # programs break the lines of a field where they like: only in a list they are its writer's
        return zone[1][2] if several else 0.0
    here = context.aligned.position.get(slot, 0)
    for index in range(min(here, len(context.atoms)) - 1, -1, -1):
        atom = context.atoms[index]
        if atom.mark is Mark.CELL:
            box = context.stream[atom.token].box
            return box[2] - _CELL_MARGIN if box else None
        if atom.mark is Mark.ROW:
            break
    if not context.atoms:
        return None
    token = context.atoms[min(here, len(context.atoms) - 1)].token
    return right_edge(context.stream, token, columned=context.template.columned)


def _box(context: Context, slot: int, placeholder: Placeholder) -> Mention:
    found = context.aligned.pairs.get(slot)
    label_doubt = _label_doubt(context, slot)
    if found is None:
        return Mention(placeholder, ticked=False, sure=False, doubt=label_doubt)
    token = context.stream[context.atoms[found].token]
    ticked = token.ticked if token.kind is TokenKind.TICK else True
    doubt = token.doubt or label_doubt
    crossed = is_cross(context.atoms[found].text)  # « (x) » is one word with the brackets of the blank
    if doubt is None and (ticked is None or (token.kind is not TokenKind.TICK and not crossed)):
        written = (
            f"la case à cocher contient « {token.text[:40]} »" if ticked else "on ne voit pas si elle est cochée"
        )
        doubt = Doubt(Reason.AMBIGUOUS_TICK, written)
    if doubt is None and ticked and _asked_beside(context, placeholder.path):
        doubt = Doubt(Reason.STRAY_TEXT, "« ? » est écrit à côté de la case cochée")
    sure = context.safe(slot)
    return Mention(placeholder, "", ticked, token.page, token.box, sure=sure, doubt=doubt, tokens=(token,))


def _asked_beside(context: Context, path: str) -> bool:
    """Whether a question mark that is not of the blank stands in a row of the boxes of a question."""
    asked = [index for index in context.aligned.extra if context.atoms[index].key == "?"]
    if not asked:
        return False
    items, pairs = context.template.items, context.aligned.pairs
    mine = [slot for slot in context.template.slots if (one := items[slot].placeholder) and one.path == path]
    rows = {context.rows[pairs[slot]] for slot in mine if slot in pairs}
    return any(context.rows[index] in rows for index in asked)


def _label_doubt(context: Context, slot: int) -> Doubt | None:
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
                return Doubt(Reason.CROSSED_OUT, f"« {filled.text} » est barré")
            why = f"« {filled.text} » est {filled.emphasis}, au lieu d’une case cochée"
            return Doubt(Reason.AMBIGUOUS_TICK, why)
    return None


def _noted(context: Context) -> Iterator[tuple[int, Doubt]]:
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
        doubt = token.doubt or Doubt(Reason.STRAY_TEXT, "une note a été ajoutée")
        yield (before[-1] if before else slots[0]), doubt


def put_together(
    seen: Sequence[Mention], dictionary: Dictionary, source: Source, trust: Trust = Trust.PRINT
) -> dict[str, Candidate]:
    """One candidate a path: boxes of one question, lines of one list, a place repeated.

    Of a layout of which the lint warns, a question without a tick is not sure to be left blank.
    """
    if trust is Trust.ORDER:
        ticked = {mention.placeholder.path for mention in seen if mention.ticked}
        seen = [
            replace(one, sure=one.sure and (one.placeholder.option is None or one.placeholder.path in ticked))
            for one in seen
        ]
    groups = grouped((mention.placeholder.path, mention) for mention in seen)
    return {path: _candidate(path, group, dictionary, source.value) for path, group in groups.items()}


def _candidate(path: str, group: Sequence[Mention], dictionary: Dictionary, source: str) -> Candidate:
    if any(mention.placeholder.option is not None for mention in group):
        return _choice(path, group, dictionary, source)
    if any(mention.placeholder.is_piece for mention in group):
        field = dictionary.fields[path]
        lines = tuple(_lines(group, field) if field.kind in LINED else _parts(group))
        return replace(_made(path, group, source, "\n".join(lines)), items=lines)
    texts = list(dict.fromkeys(mention.text for mention in group if mention.text))
    doubt = Doubt(Reason.TWICE) if len(texts) > 1 else None
    return _made(path, group, source, texts[0] if texts else "", doubt=doubt)


def _parts(group: Sequence[Mention]) -> Iterator[str]:
    """One line an item of a list, a day of a calendar or of a week that holds something (« 07/04/2025 : 7 »)."""
    for mention in sorted(group, key=lambda mention: (mention.placeholder.item or 0, str(mention.placeholder.day))):
        text, day = " ".join(mention.text.split()), mention.placeholder.day
        name = f"{day:%d/%m/%Y}" if day else mention.placeholder.part
        if text:
            yield f"{name}{OF_DAY}{text}" if name else text


def _lines(group: Sequence[Mention], field: Field) -> Iterator[str]:
    """One line of dates each, in order of their numbers."""
    first, second = field.parts
    lines = sorted(grouped((mention.placeholder.item or 0, mention) for mention in group).items())
    return dated_lines(((_said(line, first), _said(line, second)) for _, line in lines), field.kind)


def _said(line: Sequence[Mention], part: str) -> str:
    """What stands in one box of a line, on one line; in all of them, where they are several."""
    texts = (" ".join(mention.text.split()) for mention in line if mention.placeholder.part == part)
    return " / ".join(dict.fromkeys(filter(None, texts)))


def _choice(path: str, group: Sequence[Mention], dictionary: Dictionary, source: str) -> Candidate:
    ticked = [mention for mention in group if mention.ticked]
    options = list(dict.fromkeys(mention.placeholder.option or "" for mention in ticked))
    field = dictionary.fields.get(path)
    if field is not None and field.kind is FieldKind.DAYS:
        return _made(path, group, source, "\n".join(options))
    if len(options) > 1:
        why = f"plusieurs cases sont cochées : {', '.join(f'« {option_label(field, code)} »' for code in options)}"
        doubt = Doubt(Reason.AMBIGUOUS_TICK, why, corrector(digital=Source(source).digital))
        return _made(path, group, source, "", doubt=doubt)
    chosen = next(iter(options), None)
    shown = ticked or group
    return _made(path, group, source, option_label(field, chosen or ""), option=chosen, shown=shown[0])


def _made(
    path: str,
    group: Sequence[Mention],
    source: str,
    text: str,
    *,
    option: str | None = None,
    doubt: Doubt | None = None,
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
        certain=all(mention.certain for mention in group),
        apart=all(mention.apart for mention in group),
        tokens=tuple(token for mention in group for token in mention.tokens),
    )
