"""Parser of other schools’ scanned forms: two engines read the pages, the layout says where to look."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.core.boxes import gaps, union
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.models import FieldReading, Kind
from pipeline.core.remarks import Remark
from pipeline.reading.alignment import Compiled, slot_zones, template_tokens
from pipeline.reading.alignment.harvest import put_together
from pipeline.reading.decision.ballots import Summary
from pipeline.reading.decision.decide import decide
from pipeline.reading.digital import draft
from pipeline.reading.exchange import FormReading
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.labels.label_reader import read_labels
from pipeline.reading.ocr import (
    flow,
    page_images,
    registration,
    require,
    scan_reading,
    scanned_slots,
    scanned_zones,
)
from pipeline.reading.scan_fitting import best_of, body_of, laid, marked, refuse_the_damaged
from pipeline.reading.scan_mentions import Seen, scanned_mentions
from pipeline.reading.tokens import Source

_ASIDE = 12.0  # heights of a line between an answer and what is written beside it
_START = re.compile(r"^[\W\d]+")  # a bullet, a number, spaces


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
    seen = Seen.of(scan, reading, compiled, dictionary, dict(_remarked(reading)))
    aligned, second = (
        put_together(list(scanned_mentions(seen, compiled, engine)), dictionary, engine)
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
