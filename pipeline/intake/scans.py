"""Scans and photographs of other schools' forms: two engines read the pages, the layout says where to look."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.errors import FormRejected
from pipeline.fields import Dictionary
from pipeline.intake.alignment import Compiled, slot_zones, template_tokens
from pipeline.intake.alignment.harvest import Mention, put_together
from pipeline.intake.alignment.recognition import ACCEPTED, MARGIN
from pipeline.intake.decision import Summary, decide
from pipeline.intake.labels.reader import read_labels
from pipeline.intake.ocr import ILLEGIBLE, require
from pipeline.intake.schools import SchoolReading
from pipeline.intake.tokens import Source
from pipeline.layouts import Placeholder
from pipeline.models import FieldReading, Kind

if TYPE_CHECKING:  # these need the extra `ocr`
    from pipeline.intake.ocr.reading import ScanReading
    from pipeline.intake.ocr.scan import Scan
    from pipeline.intake.ocr.zones import ZoneText

_START = re.compile(r"^[\W\d]+")  # a bullet, a number, spaces
_CUT_ADDRESS = re.compile(r"[^\W_]\s*\n\s*[^\W_]")  # both engines lose a pale dot at the end of a line


def read_scanned_form(
    data: bytes, layouts: Sequence[Compiled], dictionary: Dictionary, received_on: dt.date, *, photo: bool
) -> SchoolReading:
    """Read page images with the layout they follow.

    Raises FormRejected: OCR_ABSENT without the extra `ocr`, ILLISIBLE for what no layout fits.
    """
    require()
    from pipeline.intake.ocr.pages import pdf_images, photo_image  # noqa: PLC0415 -- only where the extra is installed
    from pipeline.intake.ocr.scan import read_scan  # noqa: PLC0415

    pages = (photo_image(data),) if photo else pdf_images(data)
    scan = read_scan(pages, leaders=any(compiled.layout.leaders for compiled in layouts))
    compiled, reading = _recognised(scan, layouts)
    labelled = read_labels(scan.rapid, dictionary, compiled.layout.synonyms)
    aligned, second = (
        put_together(list(_mentions(scan, reading, compiled, engine)), dictionary, engine.value)
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
    kind = Kind.IMAGE if photo else Kind.PDF_SCAN
    return SchoolReading(kind, compiled.layout.id, tuple(lists_apart(field) for field in fields))


def lists_apart(field: FieldReading) -> FieldReading:
    """On an image, lines that begin like items of a list and were joined to the one above are shown to a person."""
    if field.doubt or not isinstance(field.value, list):
        return field
    begun = sum(_START.sub("", line)[:1].isupper() for line in field.raw.split("\n"))
    if begun <= len(field.value):
        return field
    return replace(field, doubt=f"{ILLEGIBLE} : {begun} lignes pour {len(field.value)} réponses, à séparer")


def _recognised(scan: Scan, layouts: Sequence[Compiled]) -> tuple[Compiled, ScanReading]:
    """The layout whose printed words are on the pages, with its slots read."""
    from pipeline.intake.ocr.reading import read_slots  # noqa: PLC0415
    from pipeline.intake.ocr.registration import register  # noqa: PLC0415

    shares = sorted(
        ((register(template_tokens(compiled), scan.rapid).found, index) for index, compiled in enumerate(layouts)),
        reverse=True,
    )
    if not shares or shares[0][0] < ACCEPTED or (len(shares) > 1 and shares[1][0] > shares[0][0] - MARGIN):
        raise FormRejected(
            ILLEGIBLE,
            "Ce document est une image (scan ou photo) que l’on ne reconnaît pas : elle est floue ou incomplète, ou "
            "ce n’est pas un formulaire connu ici. Renvoyez le formulaire rempli à l’ordinateur, en PDF ou en Word ; "
            "à défaut, un scan droit et net, à 200 ou 300 points par pouce.",
        )
    compiled = layouts[shares[0][1]]
    return compiled, read_slots(scan, template_tokens(compiled), slot_zones(compiled))


def _mentions(scan: Scan, reading: ScanReading, compiled: Compiled, engine: Source) -> Iterator[Mention]:
    """What one engine saw in each slot; the ink of the boxes belongs to neither, and both say the same of it."""
    held_back = next(iter(reading.reasons), None)
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
        words = text.rapid if engine is Source.RAPIDOCR else text.tesseract
        box = scan.page(text.page).image.as_received(text.box)
        doubt = held_back or _unreadable(placeholder, text, words)
        yield Mention(placeholder, words, None, text.page, box, sure=text.sure and not text.cut, doubt=doubt)


def _unreadable(placeholder: Placeholder, text: ZoneText, words: str) -> str | None:
    """What the engines cannot tell of one answer, however well they agree."""
    if text.inked and not words:
        return f"{ILLEGIBLE} : il y a une écriture que l’on n’a pas pu lire"
    if placeholder.path.endswith("courriel") and _CUT_ADDRESS.search(words):
        return f"{ILLEGIBLE} : l’adresse est coupée en fin de ligne, un point ou un tiret a pu s’y perdre"
    return None
