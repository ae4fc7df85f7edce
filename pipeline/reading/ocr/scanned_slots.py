"""Slot extraction from a scan: texts by both engines, ticks by their ink, and what may not be trusted.

Nothing is decided here: the readings go to the vote, with the reasons that hold whole pages back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.core.boxes import inside
from pipeline.core.doubts import Doubt, Reason
from pipeline.core.folding import folded_letters
from pipeline.core.models import Box
from pipeline.core.sequences import grouped
from pipeline.reading.ocr.code_cells import Ink, ink_of
from pipeline.reading.ocr.exact_places import exact_places
from pipeline.reading.ocr.exact_zones import read_exact_zones
from pipeline.reading.ocr.flow import Flows
from pipeline.reading.ocr.registration import HOPELESS, Registration, register
from pipeline.reading.ocr.scan_reading import Scan, ScannedPage
from pipeline.reading.ocr.scanned_ticks import Places, TickState, read_ticks
from pipeline.reading.ocr.scanned_zones import (
    SURE,
    ZoneText,
    free_words,
    page_reason,
    read_zones,
    scan_zone,
    where,
)
from pipeline.reading.tokens import Stream


@dataclass(frozen=True)
class ScanReading:
    """One layout read on one scan.

    ``texts`` by path, ``ticks`` by path and option; ``strays`` are words that belong to no slot and no label;
    ``reasons`` hold whole pages back (ILLISIBLE, MANUSCRIT, PAGE_MANQUANTE); ``words`` are RapidOCR's, in the order
    of the layout where all of it is read in order. ``inks`` is what stands in the slots to sign in.
    """

    place: Registration
    texts: dict[str, ZoneText]
    ticks: dict[str, dict[str, TickState]]
    strays: Stream
    reasons: tuple[Doubt, ...]
    words: Stream
    inks: Mapping[str, Ink] = field(default_factory=dict)


def read_slots(
    scan: Scan,
    literals: Stream,
    slots: Mapping[str, tuple[int, Box]],
    place: Registration | None = None,
    flows: Flows | None = None,
) -> ScanReading:
    """The slots of one layout: ``slots`` are named « stagiaire.nom » or « stage.obligatoire = oui ».

    ``place`` is where the layout lies, if that is known already; ``flows`` what was read in order, not by zones.
    """
    place = place or register(literals, scan.rapid)
    ordered = flows.texts(scan, place) if flows else {}
    questions = _questions(slots)
    zones: Places = {name: zone for name, zone in slots.items() if "=" not in name and name not in ordered}
    texts = read_zones(scan, place, zones) | ordered
    ticks = read_ticks(scan, place, questions, literals)
    strays = _strays(scan, place, zones, flows)
    words = flows.words if flows and not zones else scan.rapid
    return ScanReading(place, texts, ticks, strays, _reasons(scan, scan.pages, place, texts), words)


def read_exact_slots(
    scan: Scan,
    literals: Stream,
    slots: Mapping[str, tuple[int, Box]],
    place: Registration,
    signed: Collection[str] = (),
) -> ScanReading:
    """The slots of a layout whose ``slots`` are the exact rectangles drawn on its pages.

    Those of ``signed`` are to sign in: the hand that did says nothing of the others.
    """
    exact = exact_places(place, marked=any(page.mark for page in scan.pages))
    texts = read_exact_zones(scan, exact, {name: zone for name, zone in slots.items() if "=" not in name})
    ticks = read_ticks(scan, exact, _questions(slots), literals)
    pages = [scan.page(number) for number, _ in exact.sheets.values()]
    taken = [moved for page, box in (*slots.values(), *_boxes(literals)) if (moved := exact.moved(page, box))]
    judged = {name: text for name, text in texts.items() if name not in signed}
    reasons = _reasons(scan, pages, exact, judged)
    places = ((name, exact.moved(*slots[name])) for name in signed)
    inks = {name: ink_of(scan.page(place[0]), place[1]) for name, place in places if place}
    return ScanReading(exact, texts, ticks, _outside(scan.rapid, taken), reasons, scan.rapid, inks)


def _questions(slots: Mapping[str, tuple[int, Box]]) -> dict[str, dict[str, tuple[int, Box]]]:
    """The boxes to tick, by path and option."""
    parted = ((*name.partition("="), zone) for name, zone in slots.items())
    return {
        path: dict(boxes)
        for path, boxes in grouped(
            (path.strip(), (option.strip(), zone)) for path, sign, option, zone in parted if sign
        ).items()
    }


def _boxes(literals: Stream) -> Iterator[tuple[int, Box]]:
    return ((token.page, token.box) for token in literals if token.page and token.box)


def _outside(words: Stream, taken: Sequence[tuple[int, Box]]) -> Stream:
    """What was surely read, and stands neither in a slot nor where a word of the blank is printed."""
    return tuple(
        word
        for word in words
        if word.confidence >= SURE
        and len(folded_letters(word.text)) > 1
        and not any(word.page == page and inside(word.middle, box, (box[3] - box[1]) / 2) for page, box in taken)
    )


def _strays(scan: Scan, place: Registration, zones: Places, flows: Flows | None) -> Stream:
    """Words of RapidOCR in no zone and matched to nothing: a row that was added, a note in the margin."""
    taken = [part for page, box in zones.values() for part in scan_zone(scan, place, page, box)]
    in_order = flows.in_order if flows else frozenset()
    apart = tuple(
        word
        for word in free_words(scan.rapid, place)
        if where(word) not in in_order
        and word.confidence >= SURE
        and len(folded_letters(word.text)) > 1
        and not any(word.page == page and inside(word.middle, box) for page, box in taken)
    )
    strangers = flows.rapid.strangers() if flows else ()
    return (*apart, *(word for word in strangers if word.confidence >= SURE and len(folded_letters(word.text)) > 1))


def _reasons(
    scan: Scan, pages: Sequence[ScannedPage], place: Registration, texts: Mapping[str, ZoneText]
) -> tuple[Doubt, ...]:
    found = [page_reason(page, scan.rapid, texts) for page in pages]
    if place.found < HOPELESS:
        why = (
            f"{place.found:.0%} seulement des intitulés du formulaire sont reconnus sur l’image "
            "(image floue, page coupée, ou autre formulaire)."
        )
        found.append(Doubt(Reason.ILLEGIBLE, why))
    found += [
        Doubt(Reason.MISSING_PAGE, f"la page {page} du formulaire n’a pas été retrouvée dans le scan.")
        for page in place.missing_pages
    ]
    return tuple(reason for reason in found if reason)
