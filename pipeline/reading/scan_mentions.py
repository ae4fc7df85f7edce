"""Answers of a scan as the vote takes them: what each engine saw in a slot, its place, and why it may not be so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import PERSON_NAMES, Dictionary, FieldKind
from pipeline.core.paper_kinds import PaperForm, paper_of
from pipeline.forms.layouts import Placeholder
from pipeline.reading.alignment import Compiled
from pipeline.reading.alignment.harvest import Mention
from pipeline.reading.ocr import accents, code_cells, penmanship, scan_reading, scanned_slots, scanned_zones
from pipeline.reading.tokens import Source

_SURE_ADDRESS = 0.75  # confidence of tesseract: below, both engines were seen to take the same l for an i
_CUT_ADDRESS = re.compile(r"[^\W_]\s*\n\s*[^\W_]")  # both engines lose a pale dot at the end of a line


@dataclass(frozen=True)
class Seen:
    """A layout read on a scan: its slots, the doubt that holds all of them back, that of each answer's surroundings.

    ``paper``: it is one of our papers of an open dossier, which people fill by hand.
    """

    scan: scan_reading.Scan
    reading: scanned_slots.ScanReading
    dictionary: Dictionary
    held_back: Doubt | None
    remarks: Mapping[str, Doubt]
    paper: bool

    @classmethod
    def of(
        cls,
        scan: scan_reading.Scan,
        reading: scanned_slots.ScanReading,
        compiled: Compiled,
        dictionary: Dictionary,
        remarks: Mapping[str, Doubt],
    ) -> Seen:
        """What was read with a layout."""
        paper = paper_of(compiled.layout.id) is not PaperForm.FORMULAIRE
        pen = penmanship.by_hand(reading.texts.values()) if paper else None
        return cls(scan, reading, dictionary, next(iter(reading.reasons), pen), remarks, paper)

    @property
    def by_hand(self) -> bool:
        """Whether it is doubted for the hand that wrote it only: then what is empty is empty."""
        return self.paper and self.held_back is not None and self.held_back.code is Reason.HANDWRITTEN


def scanned_mentions(seen: Seen, compiled: Compiled, engine: Source) -> Iterator[Mention]:
    """What one engine saw in each slot; the ink of the boxes belongs to neither, and both say the same of it."""
    for zone in compiled.zones:
        placeholder = zone.placeholder
        if not placeholder.ignored:
            yield _ticked(seen, placeholder) if placeholder.option is not None else _text(seen, placeholder, engine)


def _ticked(seen: Seen, placeholder: Placeholder) -> Mention:
    tick = seen.reading.ticks.get(placeholder.path, {}).get(placeholder.option or "")
    if tick is None:
        return Mention(placeholder, ticked=False, sure=False, doubt=seen.held_back)
    return Mention(placeholder, "", tick.ticked, tick.page, tick.box, doubt=tick.doubt or seen.held_back)


def _text(seen: Seen, placeholder: Placeholder, engine: Source) -> Mention:
    text = seen.reading.texts.get(placeholder.name)
    if text is None:
        return Mention(placeholder, sure=False, doubt=seen.held_back)
    if seen.dictionary.kind(placeholder.path) is FieldKind.CODE:
        words, doubt = _coded(seen, placeholder, text)
    else:
        read = text.rapid if engine is Source.RAPIDOCR else text.tesseract
        words = _mended(placeholder, read, seen.dictionary)
        doubt = _doubt(seen, placeholder, text, words)
    box = seen.scan.page(text.page).image.as_received(text.box)
    return Mention(placeholder, words, None, text.page, box, sure=text.sure and not text.cut, doubt=doubt)


def _doubt(seen: Seen, placeholder: Placeholder, text: scanned_zones.ZoneText, words: str) -> Doubt | None:
    """Why an answer in words may not be what was written."""
    empty = seen.by_hand and not (text.inked or text.rapid)
    doubt = (None if empty else seen.held_back) or text.doubt or seen.remarks.get(placeholder.name)
    doubt = doubt or (penmanship.unsure(text) if seen.paper else None)
    return doubt or _unreadable(placeholder, text, words, seen.dictionary)


def _coded(seen: Seen, placeholder: Placeholder, text: scanned_zones.ZoneText) -> tuple[str, Doubt | None]:
    """One box of a feuille d’émargement: its code, or what its ink may be; an empty one is empty, whoever wrote."""
    ink = seen.reading.inks.get(placeholder.name, code_cells.Ink.SIGNED)
    read = {text.rapid.strip().upper(), text.tesseract.strip().upper()}
    code = next(iter(read)) if len(read) == 1 else ""
    if ink is code_cells.Ink.DASH:
        return code_cells.DASH, None
    if ink is code_cells.Ink.NONE:
        return "", None if seen.by_hand else seen.held_back
    if ink is code_cells.Ink.TRACE:
        return "", Doubt(Reason.ILLEGIBLE, "il y a une trace dans la case : rien, ou une signature ?")
    if code in seen.dictionary.fields[placeholder.path].choices:
        return code, seen.held_back or text.doubt
    return code_cells.INKED, Doubt(Reason.HANDWRITTEN, "il y a un trait dans la case : une signature ?")


def _mended(placeholder: Placeholder, words: str, dictionary: Dictionary) -> str:
    """The words without what engines bend, as the kind of their field allows."""
    kind, nature = dictionary.kind(placeholder.path), dictionary.nature(placeholder.path)
    return mended(words, date=kind is FieldKind.DATE, address=kind is FieldKind.EMAIL, name=nature in PERSON_NAMES)


def _unreadable(
    placeholder: Placeholder, text: scanned_zones.ZoneText, words: str, dictionary: Dictionary
) -> Doubt | None:
    """What the engines cannot tell of one answer, however well they agree."""
    address = dictionary.kind(placeholder.path) is FieldKind.EMAIL
    if text.inked and not words:
        return Doubt(Reason.ILLEGIBLE, "il y a une écriture que l’on n’a pas pu lire")
    if text.torn and address and _CUT_ADDRESS.search(words):
        why = "l’adresse est coupée en fin de ligne, un point ou un tiret a pu s’y perdre"
        return Doubt(Reason.ILLEGIBLE, why)
    if address and words and text.tesseract_confidence < _SURE_ADDRESS:
        return Doubt(Reason.ILLEGIBLE, "l’adresse n’est pas lue sûrement (un l pour un i, un point perdu)")
    if accents.is_hatted(words) and text.rapid_confidence <= scan_reading.HATLESS:  # names stand in any answer
        why = f"un accent de « {words[:60]} » ne se voit pas bien sur l’image (tréma ou circonflexe)"
        return Doubt(Reason.ACCENT, why)
    return None


_FIRST = re.compile(r"(?<![^\W_])[lI|!îïi]er(?=\s+[^\W\d_]{3,9}\.?\s+\d)")  # « 1er mai 2001 »
_ELIDED = re.compile(r"(?<![^\W_])I(?=['’][^\W\d_])")  # « I’école »
_LOW_ACCENT = re.compile(r"(?<=[A-ZÀ-Þ])[à-öø-þ](?=[A-ZÀ-Þ])")  # « ZAïDI »
_ROUND_AT = re.compile(r"[ \t]+(?=[@.])|(?<=[@.])[ \t]+")
_EDGES = "|¦[]{}"  # what the side of a field or of a cell is read as


def mended(text: str, *, date: bool = False, address: bool = False, name: bool = False) -> str:
    """The text without what engines are known to add or to bend, where only one thing can have been meant.

    The first of the month is never « ler », nor is « I’ » a word; an e-mail address has no space round its @; no name
    begins with « ll », nor has a small letter between capitals; a cell's border is no bracket.
    """
    text = _ELIDED.sub("l", re.sub(r"[’']{2}", "’", text))
    text = _LOW_ACCENT.sub(lambda found: found[0].upper(), text)
    if text.count("[") != text.count("]") or "|" in text or "{" in text:
        text = "\n".join(line.strip(_EDGES + " ") for line in text.split("\n"))
    if date:
        text = _FIRST.sub("1er", text)
    if address and "@" in text:
        text = _ROUND_AT.sub("", text)
    return re.sub(r"(?<![^\W_])ll(?=[^\W\d_])", "Il", text) if name else text
