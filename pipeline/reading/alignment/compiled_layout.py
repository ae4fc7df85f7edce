"""Compiled layout: a blank as Word gives it, as it prints, and the places of its slots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from pipeline.core.models import Box
from pipeline.forms.layouts import Layout, Placeholder
from pipeline.reading.alignment.slot_places import SlotPlace, slot_places
from pipeline.reading.alignment.template import Template
from pipeline.reading.tokens import Stream
from pipeline.reading.widgets import Widget


class Trust(IntEnum):
    """How far the places of a layout are to be trusted."""

    ORDER = 0  # its words come in an order; the lint warns of it, so that nothing is believed empty
    PRINT = 1  # its places were measured on a print of the blank
    EXACT = 2  # its places are those of the plan that drew it, or the fields of the very PDF that is filled


def _none() -> None:
    """No template; no lambda: what reads is sent to the clean process of the jail."""


@dataclass(frozen=True)
class Compiled:
    """Compiled layout: a form, and how its blank is laid out, each part made when it is first asked for.

    ``word`` aligns DOCX, ``printed`` aligns PDF (``None`` until the blank is printed), ``word_print`` what a word
    processor printed of a blank that is given out as a fillable PDF and as a Word form; ``zones`` are the places of
    slots on the printed pages. ``names`` is the map of AcroForm names, ``controls`` that of the tags of a Word
    form's controls. In the boxes of ``free`` anything may be written: they are to sign in. ``prints`` are the
    fingerprints of our own blank's pages, if they are known.
    """

    layout: Layout
    _word: Callable[[], Template | None]
    _printed: Callable[[], Template | None]
    names: Mapping[str, Placeholder]
    controls: Mapping[str, Placeholder] = field(default_factory=dict)
    trust: Trust = Trust.PRINT
    _word_print: Callable[[], Template | None] = _none
    free: tuple[tuple[int, Box], ...] = ()
    prints: tuple[str, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether it is a blank of ours, known by its mark, its places and names its plan’s; else a school’s."""
        return self.layout.session is not None

    @cached_property
    def word(self) -> Template | None:
        """The blank as Word gives it."""
        return self._word()

    @cached_property
    def printed(self) -> Template | None:
        """The blank as it prints."""
        return self._printed()

    @cached_property
    def word_print(self) -> Template | None:
        """The Word form as it prints, its places unknown."""
        return self._word_print()

    @cached_property
    def zones(self) -> tuple[SlotPlace, ...]:
        """The place of each slot on the printed pages."""
        return tuple(slot_places(self.printed)) if self.printed else ()

    @property
    def template(self) -> Template:
        """The template of the blank's own kind: its words are the layout's fingerprint."""
        found = self.word or self.printed
        if found is None:
            raise AssertionError("a compiled layout has at least one template")  # compile_layout makes one
        return found


def template_tokens(compiled: Compiled) -> Stream:
    """The words, boxes and borders of the printed blank with their places, without its placeholders."""
    if compiled.printed is None:
        return ()
    slots = {compiled.printed.items[index].atom.token for index in compiled.printed.slots}
    return tuple(token for index, token in enumerate(compiled.printed.stream) if index not in slots)


def slot_zones(compiled: Compiled) -> dict[str, tuple[int, Box]]:
    """Placeholder name (« stagiaire.nom », « stage.obligatoire = oui ») to page and zone; the first of repeats."""
    return {place.placeholder.name: (place.page, place.box) for place in reversed(compiled.zones)}


def placeholder_of(widget: Widget, names: Mapping[str, Placeholder]) -> Placeholder | None:
    """What a field stands for: ``name=state`` of the map first, then ``name``."""
    if widget.kind == "Btn":
        return names.get(f"{widget.name}={widget.state}") or names.get(widget.name)
    return names.get(widget.name)
