"""Parser of other schools’ scanned forms: two engines read the pages, the layout says where to look."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from pipeline.core.boxes import gaps, union
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import PERSON_NAMES, Dictionary, FieldKind
from pipeline.core.models import Box, FieldReading, Kind
from pipeline.core.paper_kinds import PaperForm, paper_of
from pipeline.core.remarks import Remark
from pipeline.forms.layouts import Placeholder
from pipeline.reading.alignment import Compiled, slot_zones, template_tokens
from pipeline.reading.alignment.harvest import Mention, put_together
from pipeline.reading.decision.ballots import Summary
from pipeline.reading.decision.decide import decide
from pipeline.reading.digital import draft
from pipeline.reading.exchange import FormReading
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.labels.label_reader import read_labels
from pipeline.reading.ocr import (
    accents,
    code_cells,
    flow,
    page_images,
    penmanship,
    registration,
    require,
    scan_reading,
    scanned_slots,
    scanned_zones,
)
from pipeline.reading.scan_fitting import best_of, body_of, laid, marked, refuse_the_damaged
from pipeline.reading.tokens import Source

_SURE_ADDRESS = 0.75  # confidence of tesseract: below, both engines were seen to take the same l for an i
_ASIDE = 12.0  # heights of a line between an answer and what is written beside it
_START = re.compile(r"^[\W\d]+")  # a bullet, a number, spaces
_CUT_ADDRESS = re.compile(r"[^\W_]\s*\n\s*[^\W_]")  # both engines lose a pale dot at the end of a line


class Held(NamedTuple):
    """Why a whole page is doubted, if it is; where an answer stands on it."""

    doubt: Doubt | None
    box: Box


def read_scanned_form(data: bytes, known_forms: KnownForms, received_on: dt.date, *, photo: bool) -> FormReading:
    """Read page images with the layout they follow; a form that no layout fits gives a draft, all in doubt.

    Raises FormRejected: OCR_ABSENT without the extra `ocr`, ILLISIBLE for pages of which too little is understood,
    FORMULAIRE_INCONNU for what is clear and no form.
    """
    require()
    layouts = known_forms.layouts
    pages = tuple(page_images.photo_images(data)) if photo else page_images.pdf_images(data)
    blanks = known_forms.own
    scan = scan_reading.read_scan(
        pages, leaders=any(compiled.layout.leaders for compiled in layouts), marks=tuple(map(str, blanks.editions))
    )
    kind = Kind.IMAGE if photo else Kind.PDF_SCAN
    marks = marked(scan, blanks)
    candidates = marks or (*blanks.given_out(), *layouts)
    places = laid(scan, candidates)
    best = best_of(places)
    if best is None:
        refuse_the_damaged(scan, places, marks=bool(marks), photo=photo)
        return FormReading(kind, None, draft(scan.rapid, known_forms.dictionary, received_on, digital=False))
    compiled = candidates[best]
    dictionary = known_forms.fields_of(compiled.layout.id)
    reading = _read_with(scan, compiled, places[best], dictionary)
    own = compiled.ours
    labelled = {} if own else read_labels(reading.words, dictionary, compiled.layout.synonyms)
    aligned, second = (
        put_together(list(_mentions(scan, reading, compiled, engine, dictionary)), dictionary, engine)
        for engine in (Source.RAPIDOCR, Source.TESSERACT)
    )
    fields = decide(
        aligned,
        labelled,
        summary=Summary(match=reading.place.found, extras=len(reading.strays)),
        dictionary=dictionary,
        received_on=received_on,
        digital=False,
        second=second,
        month_first=compiled.layout.month_first,
    )
    fields = fields if own else tuple(lists_apart(field) for field in fields)
    return FormReading(kind, compiled.layout.id, fields, _strays(reading))


def _strays(reading: scanned_slots.ScanReading) -> tuple[Remark, ...]:
    """The words that stand in no box, line by line."""
    lines = scanned_zones.lines_of_words(reading.strays)
    found = (
        Remark(" ".join(word.text for word in line), page=line[0].page, box=union([word.spot for word in line]))
        for line in lines
    )
    return tuple({one.text: one for one in found}.values())


def _remarked(reading: scanned_slots.ScanReading) -> Iterator[tuple[str, Doubt]]:
    """Slot to the doubt of what is written right beside its answer, in no box and no label of the form."""
    for line in scanned_zones.lines_of_words(reading.strays):
        box = union([word.spot for word in line])
        here = [
            (max(across / _ASIDE, down), name)
            for name, text in reading.texts.items()
            if box and text.page == line[0].page and (across := gaps(box, text.box)[0]) <= _ASIDE * (box[3] - box[1])
            if (down := gaps(box, text.box)[1]) <= box[3] - box[1]
        ]
        if here:
            words = " ".join(word.text for word in line)
            yield min(here)[1], Doubt(Reason.STRAY_TEXT, f"un texte est écrit à côté de la case : « {words[:120]} »")


def lists_apart(field: FieldReading) -> FieldReading:
    """On an image, lines that begin like items of a list and were joined to the one above are shown to a person."""
    if field.doubt or not isinstance(field.value, list):
        return field
    begun = sum(_START.sub("", line)[:1].isupper() for line in field.raw.split("\n"))
    if begun <= len(field.value):
        return field
    why = f"{begun} lignes pour {len(field.value)} réponses, à séparer"
    return replace(field, doubt=Doubt(Reason.ILLEGIBLE, why))


def _read_with(
    scan: scan_reading.Scan, compiled: Compiled, place: registration.Registration, dictionary: Dictionary
) -> scanned_slots.ScanReading:
    """The slots of the layout read where they lie."""
    if compiled.ours:
        coded = frozenset(
            one.placeholder.name for one in compiled.zones if dictionary.kind(one.placeholder.path) is FieldKind.CODE
        )
        return scanned_slots.read_exact_slots(scan, body_of(compiled), slot_zones(compiled), place, coded)
    flows = flow.read_flows(compiled, scan, place, dictionary)
    return scanned_slots.read_slots(scan, template_tokens(compiled), slot_zones(compiled), place, flows)


def _mentions(
    scan: scan_reading.Scan,
    reading: scanned_slots.ScanReading,
    compiled: Compiled,
    engine: Source,
    dictionary: Dictionary,
) -> Iterator[Mention]:
    """What one engine saw in each slot; the ink of the boxes belongs to neither, and both say the same of it."""
    held_back = next(iter(reading.reasons), None)
    paper = paper_of(compiled.layout.id) is not PaperForm.FORMULAIRE
    pen = penmanship.by_hand(reading.texts.values()) if paper else None
    held_back = held_back or pen
    remarks = dict(_remarked(reading))
    for zone in compiled.zones:
        placeholder = zone.placeholder
        if placeholder.ignored:
            continue
        if placeholder.option is not None:
            tick = reading.ticks.get(placeholder.path, {}).get(placeholder.option)
            if tick is None:
                yield Mention(placeholder, ticked=False, sure=False, doubt=held_back)
            else:
                yield Mention(placeholder, "", tick.ticked, tick.page, tick.box, doubt=tick.doubt or held_back)
            continue
        text = reading.texts.get(placeholder.name)
        if text is None:
            yield Mention(placeholder, sure=False, doubt=held_back)
            continue
        if dictionary.kind(placeholder.path) is FieldKind.CODE:
            ink = reading.inks.get(placeholder.name, code_cells.Ink.SIGNED)
            held = Held(held_back, scan.page(text.page).image.as_received(text.box))
            yield _coded(placeholder, text, ink, dictionary, held)
            continue
        words = _mended(placeholder, text.rapid if engine is Source.RAPIDOCR else text.tesseract, dictionary)
        box = scan.page(text.page).image.as_received(text.box)
        blank = paper and held_back and held_back.code is Reason.HANDWRITTEN and not (text.inked or text.rapid)
        doubt = (None if blank else held_back) or text.doubt or remarks.get(placeholder.name)
        doubt = doubt or (penmanship.unsure(text) if paper else None)
        doubt = doubt or _unreadable(placeholder, text, words, dictionary)
        yield Mention(placeholder, words, None, text.page, box, sure=text.sure and not text.cut, doubt=doubt)


def _coded(
    placeholder: Placeholder, text: scanned_zones.ZoneText, ink: code_cells.Ink, dictionary: Dictionary, held: Held
) -> Mention:
    """One box of a feuille d’émargement: its code, or what its ink may be; an empty one is empty, whoever wrote."""
    words = code_cells.INKED
    doubt: Doubt | None = Doubt(Reason.HANDWRITTEN, "il y a un trait dans la case : une signature ?")
    seen = {text.rapid.strip().upper(), text.tesseract.strip().upper()}
    code = next(iter(seen)) if len(seen) == 1 else ""
    if ink is code_cells.Ink.DASH:
        words, doubt = code_cells.DASH, None
    elif ink is code_cells.Ink.NONE:
        words, doubt = "", None if held.doubt and held.doubt.code is Reason.HANDWRITTEN else held.doubt
    elif ink is code_cells.Ink.TRACE:
        words, doubt = "", Doubt(Reason.ILLEGIBLE, "il y a une trace dans la case : rien, ou une signature ?")
    elif code in dictionary.fields[placeholder.path].choices:
        words, doubt = code, held.doubt or text.doubt
    return Mention(placeholder, words, None, text.page, held.box, sure=text.sure and not text.cut, doubt=doubt)


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
