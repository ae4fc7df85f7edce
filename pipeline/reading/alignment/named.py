"""AcroForm adapter of a layout: fields read by name, with the map that ``layout.toml`` gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.folding import fold
from pipeline.forms.layouts import Placeholder, options_of
from pipeline.reading.alignment.atoms import NOTE
from pipeline.reading.alignment.compiled_layout import Compiled, placeholder_of
from pipeline.reading.alignment.harvest import Mention
from pipeline.reading.alignment.slot_values import kind_of, listed
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.widgets import Widget, hidden_doubt, widget_on


def named_mentions(
    fields: Sequence[Widget], compiled: Compiled, context: Context, dictionary: Dictionary
) -> Iterator[Mention]:
    """What each mapped field holds; it is sure when the words printed around the field are the blank's."""
    safe = {
        item.placeholder.name: not context.changed_beside(index)
        for index in context.template.slots
        if (item := context.template.items[index]).placeholder
    }
    for widget in fields:
        placeholder = placeholder_of(widget, compiled.names)
        if placeholder is None or placeholder.ignored:
            continue
        seen = _mention(widget, placeholder, dictionary)
        seen = replace(seen, doubt=seen.doubt or _note_over(widget, context))
        yield replace(seen, page=widget.page, box=widget.box, sure=safe.get(placeholder.name, False))


def _note_over(widget: Widget, context: Context) -> Doubt | None:
    """The doubt of an annotation laid over a field, or on its line."""
    notes = (token for token in context.stream if token.name == NOTE and token.page == widget.page)
    level = (note for note in notes if note.box and note.box[1] < widget.box[3] and note.box[3] > widget.box[1])
    return next((note.doubt for note in level), None)


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
        if kind_of(placeholder.path, dictionary) is FieldKind.LIST:
            text = listed(text)
        return Mention(placeholder, text, doubt=doubt)
    ticked = widget_on(widget)
    if placeholder.option is None:
        option = _option(widget.state, placeholder.path, dictionary)
        if option is None:
            unknown = Doubt(Reason.AMBIGUOUS_TICK, f"la case « {widget.state} » n’a pas de sens connu")
            return Mention(
                replace(placeholder, option=""), ticked=False, doubt=doubt or (unknown if ticked else None)
            )
        placeholder = replace(placeholder, option=option)
    return Mention(placeholder, ticked=ticked, doubt=doubt)


def _option(state: str, path: str, dictionary: Dictionary) -> str | None:
    """The option whose code or French name is the state of a button (« Oui », « FI_ETUDIANT »)."""
    options = options_of(path, dictionary).items()
    return next((code for code, label in options if fold(state) in (fold(code), fold(label))), None)
