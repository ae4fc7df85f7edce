"""Word adapter of our own form: its content controls read by tag, in an own walk of the XML.

python-docx is no help here: it does not see content controls around words, cells and rows, nor tracked insertions.
What was deleted is left out, what was inserted is read, and whatever was written beside the controls is a doubt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from pipeline.core.fields import WEEKDAYS, Field, FieldKind
from pipeline.core.folding import fold
from pipeline.forms.blank import NOTE, Blank, Cell, Slot, placeholder
from pipeline.forms.paper.bodies import special_days, weeks_of
from pipeline.forms.paper.strips import TITLE, advice_of, logo_of, session_of
from pipeline.reading.canonical import PROMPTS
from pipeline.reading.controls import Control, Stray, walk
from pipeline.reading.gates import open_docx
from pipeline.reading.recognise import modified, parse_xml
from pipeline.reading.sequences import grouped
from pipeline.reading.slot_answers import TICKED, Answer
from pipeline.reading.streams.ooxml import note_texts

_SIGNATURE = "Signature"


def printed_pieces(blank: Blank) -> frozenset[str]:
    """The blank's own texts, folded (no case, no accents): what is not one of them was added by somebody."""
    return frozenset(fold(piece) for piece in _pieces(blank))


def _pieces(blank: Blank) -> Iterator[str]:
    yield from (TITLE, blank.formation.title, session_of(blank), logo_of(blank), _SIGNATURE)
    yield from advice_of(blank)
    yield from (block.title for block in blank.blocks)
    for cell in blank.cells():
        yield from _labels(cell)
        yield from (slot.label for slot in cell.slots)
        if cell.field.kind is FieldKind.CALENDAR:
            yield from _days(cell, blank)


def _labels(cell: Cell) -> Iterator[str]:
    """A label, its star, its help and the flag of a field to mend, on one line or on several."""
    label, advice = (cell.field.title, cell.star), cell.field.help
    for order in ((*label, advice, NOTE), (*label, NOTE, advice)):
        parts = [part for part in order if part]
        for start in range(len(parts)):
            yield from (" ".join(parts[start:end]) for end in range(start + 1, len(parts) + 1))


def _days(cell: Cell, blank: Blank) -> Iterator[str]:
    yield from WEEKDAYS
    words = special_days(blank)
    for monday in weeks_of(cell):
        for day in (monday + dt.timedelta(days=n) for n in range(7)):
            yield from (f"{day:%d/%m}", f"{day:%d/%m} {words.get(day, '')}")


METHOD = "docx"
_DOCUMENT = "word/document.xml"
_ON, _OFF = frozenset("☒☑✓✔✗✘xX■"), frozenset("☐□")


def read_docx(data: bytes, blank: Blank) -> tuple[Answer, ...]:
    """One answer a slot of the plan, in form order; a DOCX has neither pages nor boxes.

    Raises FormRejected: WORD_ENDOMMAGE when the document cannot be parsed, VERSION_MODIFIEE when controls
    are missing.
    """
    parts = open_docx(data)
    if _DOCUMENT not in parts:
        raise modified("il n’a pas de texte")
    controls, strays = walk(parse_xml(parts[_DOCUMENT]), note_texts(parts))
    by_tag = grouped((control.tag, control) for control in controls)
    slots = tuple(blank.slots())
    missing = [slot.name for slot in slots if slot.name not in by_tag]
    if missing:
        raise modified(f"il y manque {len(missing)} case{'s' if len(missing) > 1 else ''}, dont « {missing[0]} »")
    fields = {cell.field.path: cell.field for cell in blank.cells()}
    beside = _attach(strays, slots, blank)
    return tuple(_answer(slot, fields[slot.path], by_tag[slot.name], beside.get(slot.name)) for slot in slots)


def _answer(slot: Slot, field: Field, controls: list[Control], beside: str | None) -> Answer:
    doubt = next((control.doubt for control in controls if control.doubt), None)
    if slot.option is not None:
        states = {_ticked(control) for control in controls}
        doubt = doubt or next((reason for control in controls if (reason := _contradiction(control))), None)
        texts = [TICKED if state else "" for state in states]
    else:
        texts = list(dict.fromkeys(_typed_text(control, field) for control in controls))
    if len(texts) > 1:
        doubt = doubt or "DOUBLON : la case existe deux fois, avec deux réponses"
    return Answer(slot, next((text for text in texts if text), ""), METHOD, doubt=doubt or beside)


def _typed_text(control: Control, field: Field) -> str:
    """The text of a control, nothing if it is the prompt that stands there until something is written."""
    written = fold(control.text)
    if control.prompt or written == fold(placeholder(field)) or written.startswith(PROMPTS):
        return ""
    return control.text


def _ticked(control: Control) -> bool:
    if control.checked is not None:
        return control.checked
    return control.text.strip() in _ON


def _contradiction(control: Control) -> str | None:
    glyph = control.text.strip()
    if control.checked is None:
        return (
            f"CASE_AMBIGUE : la case à cocher contient « {glyph[:40]} »"
            if glyph and glyph not in _ON | _OFF
            else None
        )
    if glyph not in (_OFF if control.checked else _ON):
        return None
    return "VALEUR_CACHEE : la case ne montre pas ce qu’elle contient"


def _attach(strays: list[Stray], slots: tuple[Slot, ...], blank: Blank) -> Mapping[str, str]:
    """Slot name to the doubt about what was written after it, outside every control, and is not the blank's own."""
    known = printed_pieces(blank)
    names = {slot.name for slot in slots}
    doubts: dict[str, str] = {}
    for stray in strays:
        if stray.note or fold(stray.text) not in known:
            name = stray.after if stray.after in names else slots[0].name
            text = f"TEXTE_NON_RATTACHE : un texte a été ajouté à côté des cases : « {stray.text.strip()[:120]} »"
            doubts.setdefault(name, text)
    return doubts
