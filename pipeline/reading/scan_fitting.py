"""Scan fitting: which layouts lie on the pages of a scan, and what is said of pages on which none does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pipeline.core.refusals import Refusal, refused
from pipeline.reading.alignment import Compiled, template_tokens
from pipeline.reading.alignment.atoms import MARKED
from pipeline.reading.alignment.received import MIN_WORDS
from pipeline.reading.alignment.recognition import ACCEPTED, MARGIN
from pipeline.reading.digital import FormsTogether
from pipeline.reading.known_forms import OwnBlanks
from pipeline.reading.ocr import flow, registration, scan_reading
from pipeline.reading.tokens import Stream

_CLEAR, _MOST_CLEAR = 0.85, 0.6  # confidence of a word that is clear, and the share of them on pages that are
_PERHAPS = 0.3  # share of a layout's printed words from which an unknown scan is perhaps that form, read badly


def body_of(compiled: Compiled) -> Stream:
    """The printed words, without those at the foot of our own form: they are too pale for a page to be read by."""
    printed = template_tokens(compiled)
    feet = {token.page: token.spot[1] for token in printed if MARKED.fullmatch(token.text)}
    return tuple(token for token in printed if token.spot[1] < feet.get(token.page, math.inf))


def laid(scan: scan_reading.Scan, layouts: Sequence[Compiled]) -> list[registration.Registration]:
    """How each layout lies on the pages, by its printed words."""
    pages = [page.image for page in scan.pages]
    places = []
    for compiled in layouts:
        place = registration.register(body_of(compiled), scan.rapid)
        if compiled.printed is not None:
            place = flow.by_order(compiled.printed, scan.rapid, place, pages)
        places.append(place)
    return places


def best_of(places: Sequence[registration.Registration]) -> int | None:
    """The rank of the layout whose printed words are on the pages; ``None`` where none surely is."""
    shares = sorted(((place.found, index) for index, place in enumerate(places)), reverse=True)
    if not shares or shares[0][0] < ACCEPTED or (len(shares) > 1 and shares[1][0] > shares[0][0] - MARGIN):
        return None
    return shares[0][1]


def refuse_the_damaged(
    scan: scan_reading.Scan, places: Sequence[registration.Registration], *, marks: bool, photo: bool
) -> None:
    """Raise FormRejected for pages that no layout fits because they were not read well, or lost their words."""
    if marks:
        shares = places[0].by_page
        lost = places[0].missing_pages
        if lost and max(shares.values()) >= ACCEPTED:
            if len(scan.pages) < len(shares):
                raise refused(Refusal.MISSING_PAGE, page=lost[0], count=len(scan.pages))
            raise refused(Refusal.EMPTIED, where=_pages(lost))
    words = [token for token in scan.rapid if token.text.strip()]
    clear = sum(token.confidence >= _CLEAR for token in words)
    ours = marks or any(place.found >= _PERHAPS for place in places)
    if ours or clear < MIN_WORDS or clear < _MOST_CLEAR * len(words):
        what = "Cette image" if photo else "Ce PDF, lu comme une image,"
        raise refused(Refusal.ILLEGIBLE, what=what, words=clear)


def _pages(numbers: Sequence[int]) -> str:
    """« de la page 2 », « des pages 2, 3 et 4 »."""
    if len(numbers) == 1:
        return f" de la page {numbers[0]}"
    return f" des pages {', '.join(map(str, numbers[:-1]))} et {numbers[-1]}"


def marked(scan: scan_reading.Scan, blanks: OwnBlanks) -> tuple[Compiled, ...]:
    """The form of ours whose mark is on the pages; none where none has one.

    Raises FormsTogether for forms that follow each other; FormRejected (PLUSIEURS_FORMULAIRES) for marks of two, or
    more pages than the form has, that do not.
    """
    seen = [page.mark for page in scan.pages if page.mark]
    known = [blanks.of(mark) for mark in blanks.editions if str(mark) in seen]
    if len(known) > 1 or (known and len(seen) > len({place.page for place in known[0].zones})):
        if groups := _groups(scan, {str(mark): blanks.of(mark) for mark in blanks.editions if str(mark) in seen}):
            raise FormsTogether(groups)
        raise refused(Refusal.SEVERAL)
    return tuple(known)


def _groups(scan: scan_reading.Scan, known: Mapping[str, Compiled]) -> tuple[tuple[int, ...], ...]:
    """The pages of each form in a scan, if they follow each other whole; nothing where they do not."""
    left, groups = list(scan.pages), []
    while left:
        mark = next((page.mark for page in left if page.mark in known), None)
        if mark is None:
            return ()
        compiled = known[mark]
        count = len({place.page for place in compiled.zones})
        chunk, left = left[:count], left[count:]
        numbers = tuple(page.number for page in chunk)
        words = tuple(word for word in scan.rapid if word.page in numbers)
        alike = all(page.mark in (None, mark) for page in chunk)
        if len(chunk) < count or not alike or registration.register(body_of(compiled), words).found < ACCEPTED:
            return ()
        groups.append(numbers)
    return tuple(groups)
