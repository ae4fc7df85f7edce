"""Alignment by name: the fields of a PDF form by the map of its layout, the controls of a Word form by their tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.folding import fold
from pipeline.forms.layouts import Placeholder, options_of
from pipeline.reading.alignment.align import Aligned, align
from pipeline.reading.alignment.atoms import Atom, atoms_of, with_line_ends
from pipeline.reading.alignment.compiled_layout import Compiled, Trust, placeholder_of
from pipeline.reading.alignment.harvest import Mention
from pipeline.reading.alignment.slot_values import kind_of, listed
from pipeline.reading.alignment.surroundings import Context, without_flags
from pipeline.reading.alignment.template import Template
from pipeline.reading.sequences import grouped, runs
from pipeline.reading.tokens import Stream
from pipeline.reading.widgets import Widget, hidden_doubt, widget_on


def named_mentions(
    fields: Sequence[Widget], compiled: Compiled, context: Context | None, dictionary: Dictionary
) -> Iterator[Mention]:
    """What each mapped field holds; it is sure when the words printed around the field are the blank's.

    Without a ``context`` the pages were found to be the blank's. A field of the map that the file has no more is a
    place seen empty, and not sure.
    """
    safe = {
        item.placeholder.name: not context.changed_beside(index)
        for index in (context.template.slots if context else ())
        if context and (item := context.template.items[index]).placeholder
    }
    missing = dict.fromkeys(one for one in compiled.names.values() if not one.ignored)
    for widget in fields:
        placeholder = placeholder_of(widget, compiled.names)
        if placeholder is None or placeholder.ignored:
            continue
        missing.pop(placeholder, None)
        sure = context is None or safe.get(placeholder.name, False)
        seen = _mention(widget, placeholder, dictionary)
        yield replace(seen, page=widget.page, box=widget.box, sure=sure, certain=compiled.trust is Trust.EXACT)
    yield from (Mention(placeholder, ticked=False, sure=False) for placeholder in missing)


def unmapped(fields: Sequence[Widget], names: Mapping[str, Placeholder]) -> tuple[Widget, ...]:
    """The fields that hold something and that the map does not name."""
    return tuple(
        widget
        for widget in fields
        if placeholder_of(widget, names) is None
        and (widget_on(widget) if widget.kind == "Btn" else bool(widget.text.strip()))
    )


def names_share(fields: Sequence[Widget], names: Mapping[str, Placeholder]) -> float:
    """The share of the map's names that the file has."""
    present = {widget.name for widget in fields} | {f"{widget.name}={widget.state}" for widget in fields}
    return sum(name in present for name in names) / len(names) if names else 0.0


def _mention(widget: Widget, placeholder: Placeholder, dictionary: Dictionary) -> Mention:
    doubt = hidden_doubt(widget)
    if widget.kind != "Btn":
        text = re.sub(r"\r\n?", "\n", widget.text).strip()
        if kind_of(placeholder.path, dictionary) is FieldKind.LIST and placeholder.item is None:
            text = listed(text)
        return Mention(placeholder, text, doubt=doubt)
    ticked = widget_on(widget)
    if placeholder.option is None:
        option = _option(widget.state, placeholder.path, dictionary)
        if option is None:
            why = (
                Doubt(Reason.AMBIGUOUS_TICK, f"la case « {widget.state} » n’a pas de sens connu") if ticked else None
            )
            return Mention(replace(placeholder, option=""), ticked=False, doubt=doubt or why)
        placeholder = replace(placeholder, option=option)
    return Mention(placeholder, ticked=ticked, doubt=doubt)


def _option(state: str, path: str, dictionary: Dictionary) -> str | None:
    """The option whose code or French name is the state of a button (« Oui », « FI_ETUDIANT »)."""
    options = options_of(path, dictionary).items()
    return next((code for code, label in options if fold(state) in (fold(code), fold(label))), None)


class Controlled(Context):
    """Alignment context of a Word form whose controls say which slot they are."""

    def certain(self, slot: int) -> bool:
        """It was in its control."""
        return slot in self.columns

    def safe(self, slot: int) -> bool:
        """Whether the label of the slot is there."""
        return not self.changed_beside(slot)

    def changed_beside(self, slot: int) -> bool:
        """Whether a word of the slot's own label is missing: those since the slot before, or as far as the next."""
        items = self.template.items
        for side in (-1, 1) if items[slot].is_box else (-1,):
            index = slot + side
            while 0 <= index < len(items) and items[index].placeholder is None:
                if index in self.lost:
                    return True
                index += side
        return False


def controlled(template: Template, stream: Stream, tags: frozenset[str]) -> Context:
    """A Word form laid on its template by the ``tags`` of the controls that it still has.

    What has lost its control is aligned by order with the words around it. What was written beside the controls is
    a doubt of the slot before.
    """
    atoms = atoms_of(stream, leaders=template.leaders)
    slots = {name: slot for slot in template.slots if (name := template.token(slot).name) in tags and name}
    mine = [slots.get(stream[atom.token].name or "") for atom in atoms]
    loose = [index for index, slot in enumerate(mine) if slot is None]
    named = frozenset(slots.values())
    rest = [index for index in range(len(template.items)) if index not in named]
    aligned = _in_step(template, atoms, loose) if len(named) == len(template.slots) else None
    if aligned is None:
        aligned = _renumbered(align([template.items[i] for i in rest], [atoms[i] for i in loose]), rest, loose)
    doubts: dict[int, Doubt] = {}
    for slot, held in grouped((slot, index) for index, slot in enumerate(mine) if slot is not None).items():
        first, *others = runs(held, lambda run, index: all(not atoms[i].wordy for i in range(run[-1] + 1, index)))
        if any(_said(atoms, first) != _said(atoms, other) for other in others):
            doubts[slot] = Doubt(Reason.TWICE, "la case existe deux fois, avec deux réponses")
        aligned.position[slot] = first[0]
        if template.items[slot].is_box:
            aligned.pairs[slot] = first[0]
        else:
            aligned.fallen[slot] = with_line_ends(atoms, first)
    context = Controlled(template, stream, atoms, aligned, named)
    return replace(context, doubts=doubts | dict(_beside(context, mine)))


def _in_step(template: Template, atoms: Sequence[Atom], loose: Sequence[int]) -> Aligned | None:
    """The alignment of a form on which nothing was written outside its controls; ``None`` for any other."""
    fixed = [index for index, item in enumerate(template.items) if item.literal]
    words = [index for index in loose if atoms[index].wordy]
    if [template.items[index].atom.key for index in fixed] != [atoms[index].key for index in words]:
        return None
    pairs = dict(zip(fixed, words, strict=True))
    return Aligned(pairs, {}, dict(pairs), [])


def _said(atoms: Sequence[Atom], held: Sequence[int]) -> list[str]:
    return [atoms[index].text for index in held]


def _beside(context: Context, mine: Sequence[int | None]) -> Iterator[tuple[int, Doubt]]:
    """Slot to the doubt of what was written after it, outside every control."""
    ours = {id(token) for token in without_flags(context.unexplained)}
    last = context.template.slots[0]
    held: dict[int, dict[int, str]] = {}
    for index, slot in enumerate(mine):
        last = last if slot is None else slot
        token = context.stream[context.atoms[index].token]
        if index in context.strangers and id(token) in ours:
            held.setdefault(last, {})[id(token)] = token.text
    for slot, words in held.items():
        why = f"un texte a été ajouté à côté des cases : « {' '.join(words.values())[:120]} »"
        yield slot, Doubt(Reason.STRAY_TEXT, why)


def _renumbered(aligned: Aligned, items: Sequence[int], atoms: Sequence[int]) -> Aligned:
    """The alignment of parts of a template and of a form, in the numbers of the whole."""
    places = [*atoms, atoms[-1] + 1 if atoms else 0]
    return Aligned(
        {items[item]: atoms[atom] for item, atom in aligned.pairs.items()},
        {items[slot]: [atoms[atom] for atom in fallen] for slot, fallen in aligned.fallen.items()},
        {items[item]: places[atom] for item, atom in aligned.position.items()},
        [atoms[atom] for atom in aligned.extra],
    )
