"""AcroForm adapter of our own form: the fields of the fillable PDF read by name, as it was sent.

A field that is missing, or one more that holds text, means that somebody changed the form: it is refused rather
than half read. What a field holds must be what it shows: a difference is a doubt (VALEUR_CACHEE).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pypdf

from pipeline.core.doubts import Doubt, Reason
from pipeline.forms.blank import Blank, Slot
from pipeline.reading.candidates import TICKED, Answer
from pipeline.reading.gates import open_pdf
from pipeline.reading.notes import attach_notes
from pipeline.reading.recognise import modified, require_boxes
from pipeline.reading.sequences import grouped
from pipeline.reading.widgets import Widget, hidden_doubt, widgets

METHOD = "acroform"


def has_fields(reader: pypdf.PdfReader, blank: Blank) -> bool:
    """Whether any field of the form is still there; a flattened or printed copy has none."""
    expected = {slot.pdf_name for slot in blank.slots()} | {_group(slot) for slot in blank.slots()}
    return any(widget.name in expected for widget in widgets(reader))


def read_acroform(data: bytes, blank: Blank) -> tuple[Answer, ...]:
    """One answer a slot of the plan, in form order, with its page and box.

    Raises FormRejected: VERSION_MODIFIEE when fields are missing, or a field that is not ours holds an answer;
    TEXTE_NON_RATTACHE when text was added where there is no field.
    """
    reader = open_pdf(data)
    found = grouped((widget.name, widget) for widget in widgets(reader))
    slots = tuple(blank.slots())
    _check_names(found, slots)
    answers = tuple(_answer(slot, found) for slot in slots)
    return attach_notes(reader, answers)


def _group(slot: Slot) -> str:
    return slot.path.replace(".", "/")


def _own(slot: Slot, found: Mapping[str, Sequence[Widget]]) -> tuple[Widget, ...]:
    """The widgets of one slot: its own field, or its button in the group of its path."""
    if slot.pdf_name in found:
        return tuple(found[slot.pdf_name])
    if slot.option is None:
        return ()
    return tuple(widget for widget in found.get(_group(slot), ()) if widget.state == slot.option)


def _check_names(found: Mapping[str, Sequence[Widget]], slots: Sequence[Slot]) -> None:
    require_boxes([slot.name for slot in slots if not _own(slot, found)])
    ours = {slot.pdf_name for slot in slots} | {_group(slot) for slot in slots}
    for name, fields in found.items():
        if name not in ours and any(field.on or (field.kind != "Btn" and field.text.strip()) for field in fields):
            raise modified(f"il y a une case de plus, page {fields[0].page}")


def _answer(slot: Slot, found: Mapping[str, Sequence[Widget]]) -> Answer:
    own = _own(slot, found)
    first = own[0]
    if slot.option is not None:
        ticked = any(_holds(widget, slot) for widget in own)
        shows = any(widget.on for widget in own)
        doubt = None if ticked == shows else Doubt(Reason.HIDDEN)
        return Answer(slot, TICKED if ticked or shows else "", METHOD, first.page, first.box, doubt)
    texts = list(dict.fromkeys(widget.text for widget in own))
    return Answer(slot, texts[0], METHOD, first.page, first.box, next(_doubts(own, texts), None))


def _holds(widget: Widget, slot: Slot) -> bool:
    """A group's value is the option; a lone box's is whatever its state when ticked is called (/Yes, /Oui, /On)."""
    if widget.name == slot.pdf_name:
        return widget.text not in ("", "Off")
    return widget.text == slot.option


def _doubts(own: Sequence[Widget], texts: Sequence[str]) -> Iterator[Doubt]:
    if len(texts) > 1:
        yield Doubt(Reason.TWICE, "la case existe deux fois, avec deux réponses")
    for widget in own:
        if hidden := hidden_doubt(widget):
            yield hidden
