"""Alignment by name: the fields of a PDF form, by the map of its layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.core.boxes import inside, middle
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary
from pipeline.core.folding import fold
from pipeline.core.models import Box
from pipeline.forms.layouts import Placeholder, options_of
from pipeline.reading.alignment.compiled_layout import Compiled, Trust, placeholder_of
from pipeline.reading.alignment.harvest import Mention
from pipeline.reading.alignment.surroundings import Context
from pipeline.reading.widgets import Widget, hidden_doubt, widget_on

_MOVED = Doubt(Reason.CHANGED, "la case n’est plus à sa place sur la page")


def named_mentions(
    fields: Sequence[Widget], compiled: Compiled, context: Context | None, dictionary: Dictionary
) -> Iterator[Mention]:
    """What each mapped field holds; it is sure when it lies among the words of the blank that are printed around it.

    Without a ``context`` the pages were found to be the blank's. The names of our own blanks say what they hold;
    those of a school (« Texte12 ») mean it only where the field lies where the blank has it. A field of the map
    that the file has no more is a place seen empty, and not sure.
    """
    slots = {
        item.placeholder.name: index
        for index in (context.template.slots if context else ())
        if context and (item := context.template.items[index]).placeholder
    }
    missing = dict.fromkeys(one for one in compiled.names.values() if not one.ignored)
    for widget in fields:
        placeholder = placeholder_of(widget, compiled.names)
        if placeholder is None or placeholder.ignored:
            continue
        missing.pop(placeholder, None)
        slot = slots.get(placeholder.name)
        moved = context is not None and slot is not None and _has_moved(widget, context.zone(slot))
        sure = context is None or (slot is not None and not moved and not context.changed_beside(slot))
        told = compiled.ours or (sure and context is not None and slot is not None and context.certain(slot))
        seen = _mention(widget, placeholder, dictionary)
        if moved and compiled.trust is Trust.EXACT:
            seen = replace(seen, doubt=seen.doubt or _MOVED)
        yield replace(
            seen, page=widget.page, box=widget.box, sure=sure, certain=told and compiled.trust is Trust.EXACT
        )
    yield from (Mention(placeholder, ticked=False, sure=False) for placeholder in missing)


def _has_moved(widget: Widget, zone: tuple[int, Box] | None) -> bool:
    """Whether a field is not where the blank has it."""
    return zone is not None and (zone[0] != widget.page or not inside(middle(widget.box), zone[1]))


def all_in_place(fields: Sequence[Widget], compiled: Compiled) -> bool:
    """Whether each field of the map is where the printed blank has it."""
    if compiled.printed is None:
        return False
    blank = compiled.printed
    tokens = ((blank.items[slot].placeholder, blank.token(slot)) for slot in blank.slots)
    zones = {placeholder: (token.page or 0, token.spot) for placeholder, token in tokens if placeholder}
    mapped = ((widget, placeholder_of(widget, compiled.names)) for widget in fields)
    return not any(_has_moved(widget, zones.get(placeholder)) for widget, placeholder in mapped if placeholder)


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
