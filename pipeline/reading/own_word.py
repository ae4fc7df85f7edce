"""Word adapter of our own form: its content controls read by tag, in an own walk of the XML.

python-docx is no help here: it does not see content controls around words, cells and rows, nor tracked insertions.
What was deleted is left out, what was inserted is read, and whatever was written beside the controls is a doubt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import WEEKDAYS, Field, FieldKind
from pipeline.core.folding import fold
from pipeline.forms.blank import NOTE, Blank, Cell, Slot, placeholder
from pipeline.forms.paper.placement import special_days, weeks_of
from pipeline.forms.paper.strips import TITLE, advice_of, logo_of, session_of
from pipeline.reading.candidates import TICKED, Answer
from pipeline.reading.canonical import PROMPTS
from pipeline.reading.gates import open_docx
from pipeline.reading.recognise import modified, parse_xml, require_boxes
from pipeline.reading.sequences import grouped
from pipeline.reading.streams.ooxml import LEFT_OUT, REFERENCES, VALUE, Notes, W, checkbox_state, is_on, note_texts

_SIGNATURE = "Signature"


def printed_pieces(blank: Blank) -> frozenset[str]:
    """The blank's own texts, folded (no case, no accents): what is not one of them was added by somebody."""
    return frozenset(fold(piece) for piece in _printed(blank))


def _printed(blank: Blank) -> Iterator[str]:
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
    require_boxes([slot.name for slot in slots if slot.name not in by_tag])
    fields = {cell.field.path: cell.field for cell in blank.cells()}
    beside = _attach(strays, slots, blank)
    return tuple(_answer(slot, fields[slot.path], by_tag[slot.name], beside.get(slot.name)) for slot in slots)


def _answer(slot: Slot, field: Field, controls: list[Control], beside: Doubt | None) -> Answer:
    doubt = next((control.doubt for control in controls if control.doubt), None)
    if slot.option is not None:
        states = {_ticked(control) for control in controls}
        doubt = doubt or next((reason for control in controls if (reason := _contradiction(control))), None)
        texts = [TICKED if state else "" for state in states]
    else:
        texts = list(dict.fromkeys(_typed_text(control, field) for control in controls))
    if len(texts) > 1:
        doubt = doubt or Doubt(Reason.TWICE, "la case existe deux fois, avec deux réponses")
    return Answer(slot, next((text for text in texts if text), ""), METHOD, doubt=doubt or beside)


def _typed_text(control: Control, field: Field) -> str:
    """The text of a control, nothing if it is the prompt that stands there until something is written."""
    written = fold(control.text)
    if control.prompt or written == fold(placeholder(field)) or written.startswith(PROMPTS):
        return ""
    return control.text


def _ticked(control: Control) -> bool:
    return control.checked if control.checked is not None else control.text.strip() in _ON


def _contradiction(control: Control) -> Doubt | None:
    glyph = control.text.strip()
    if control.checked is None:
        return (
            Doubt(Reason.AMBIGUOUS_TICK, f"la case à cocher contient « {glyph[:40]} »")
            if glyph and glyph not in _ON | _OFF
            else None
        )
    if glyph not in (_OFF if control.checked else _ON):
        return None
    return Doubt(Reason.HIDDEN)


def _attach(strays: list[Stray], slots: tuple[Slot, ...], blank: Blank) -> Mapping[str, Doubt]:
    """Slot name to the doubt about what was written after it, outside every control, and is not the blank's own."""
    known = printed_pieces(blank)
    names = {slot.name for slot in slots}
    doubts: dict[str, Doubt] = {}
    for stray in strays:
        if stray.note or fold(stray.text) not in known:
            name = stray.after if stray.after in names else slots[0].name
            why = f"un texte a été ajouté à côté des cases : « {stray.text.strip()[:120]} »"
            doubts.setdefault(name, Doubt(Reason.STRAY_TEXT, why))
    return doubts


_PRINTED = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}
# Boxes drawn with the Wingdings fonts: code point to what it shows.
_SYMBOLS = {"F0FE": "☑", "F0FD": "☒", "F052": "☑", "F078": "☒", "F0A8": "☐", "F06F": "☐", "F0A3": "☐"}


@dataclass(frozen=True)
class Control:
    """One content control. ``checked`` is ``None`` unless it is a check box; ``prompt``: it shows its placeholder."""

    tag: str
    text: str
    checked: bool | None
    prompt: bool
    doubt: Doubt | None


@dataclass(frozen=True)
class Stray:
    """A text outside every control, after the one tagged ``after``; ``note``: a comment or a footnote."""

    text: str
    after: str | None
    note: bool = False


def walk(document: etree._Element, notes: Notes) -> tuple[list[Control], list[Stray]]:
    """Every tagged control of the document and every paragraph's text outside them, in document order.

    ``notes`` are its comments, footnotes and endnotes.
    """
    walker = _Walker(notes)
    walker.visit(document)
    walker.flush()
    return walker.controls, walker.strays


class _Walker:
    """Document walker: what has been met so far; ``after`` is the tag of the last control."""

    def __init__(self, notes: Notes) -> None:
        self.controls: list[Control] = []
        self.strays: list[Stray] = []
        self._notes = notes
        self._after: str | None = None
        self._text: list[str] = []

    def visit(self, node: etree._Element) -> None:
        """Look at a node and what it holds; elements that print nothing are passed over."""
        if node.tag in LEFT_OUT:
            return
        if node.tag == f"{W}sdt" and (tag := _property(node, "tag")):
            self.flush()
            self._control(node, tag)
            return
        self._text.append(_own_text(node))
        if node.tag in REFERENCES:
            self._note(node)
        for child in node:
            self.visit(child)
        if node.tag in (f"{W}p", f"{W}tc"):
            self.flush()

    def flush(self) -> None:
        """Close the piece of text outside controls that was being read."""
        text = "".join(self._text)
        self._text.clear()
        if text.strip():
            self.strays.append(Stray(text, self._after))

    def _control(self, node: etree._Element, tag: str) -> None:
        content = node.find(f"{W}sdtContent")
        pieces = list(_pieces(content)) if content is not None else []
        self._after = tag
        self.controls.append(
            Control(
                tag=tag,
                text="".join(piece.text for piece in pieces if not piece.struck).strip("\n"),
                checked=checkbox_state(node),
                prompt=node.find(f"{W}sdtPr/{W}showingPlcHdr") is not None,
                doubt=_doubt(pieces),
            )
        )
        for reference in node.iter(*REFERENCES):
            self._note(reference)

    def _note(self, reference: etree._Element) -> None:
        text = self._notes.get((REFERENCES[str(reference.tag)], reference.get(f"{W}id") or ""), "")
        if text.strip():
            self.strays.append(Stray(text, self._after, note=True))


@dataclass(frozen=True)
class _Piece:
    text: str
    struck: bool = False
    hidden: bool = False


def _pieces(content: etree._Element) -> Iterator[_Piece]:
    """The text of a control, run by run; a new paragraph, row or line is a line break."""
    for index, child in enumerate(content):
        if child.tag in (f"{W}p", f"{W}tr") and index:
            yield _Piece("\n")
        yield from _inside(child)


def _inside(node: etree._Element, *, struck: bool = False, hidden: bool = False) -> Iterator[_Piece]:
    if node.tag in LEFT_OUT:
        return
    text = _own_text(node)
    if text:
        yield _Piece(text, struck, hidden)
    if node.tag == f"{W}r":
        struck, hidden = _has(node, "strike") or _has(node, "dstrike"), _has(node, "vanish")
    paragraphs = 0
    for child in node:
        if child.tag == f"{W}p":
            if paragraphs:
                yield _Piece("\n")
            paragraphs += 1
        yield from _inside(child, struck=struck, hidden=hidden)


def _own_text(node: etree._Element) -> str:
    """What the element itself prints, apart from what it holds."""
    if node.tag == f"{W}t":
        return node.text or ""
    if node.tag == f"{W}sym":
        return _SYMBOLS.get((node.get(f"{W}char") or "").upper(), "\ufffd")
    return _PRINTED.get(str(node.tag), "")


def _doubt(pieces: list[_Piece]) -> Doubt | None:
    struck = "".join(piece.text for piece in pieces if piece.struck).strip()
    if struck:
        return Doubt(Reason.CROSSED_OUT, f"« {struck[:60]} » est barré")
    hidden = "".join(piece.text for piece in pieces if piece.hidden).strip()
    return Doubt(Reason.HIDDEN, f"« {hidden[:60]} » est un texte masqué") if hidden else None


def _property(node: etree._Element, name: str) -> str | None:
    found = node.find(f"{W}sdtPr/{W}{name}")
    return found.get(VALUE) if found is not None else None


def _has(run: etree._Element, name: str) -> bool:
    properties = run.find(f"{W}rPr")
    return properties is not None and is_on(properties, name)
