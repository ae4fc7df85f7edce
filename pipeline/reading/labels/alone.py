"""Values that no cue has to announce: their shape says what they are, and the sentence whose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.reading.labels.parties import of_party
from pipeline.reading.labels.passages import Passage
from pipeline.reading.labels.typed import (
    DAILY,
    EMAIL,
    NIR,
    PHONE,
    PRESENT,
    RANGE,
    SIGNED,
    SIRET,
    WEEKLY,
)
from pipeline.reading.labels.vocabulary import Vocabulary

_SEEN = 250  # letters before a range of dates that say what it is of
_ABOUT_STAGE = re.compile(r"stage|periode|deroul|dates?\b|accueil|presence")
_FAX = re.compile(r"(?:fax|telecopie)[\s.:]*$")
_FULL_DATE = re.compile(r"\d{4}|[/.\-]\s*\d{2}\s*$")
_HOURS = ((WEEKLY, "stage.heures_hebdo"), (DAILY, "stage.heures_jour"), (PRESENT, "stage.duree_heures"))
_OWN = ((SIRET, ".siret"), (EMAIL, ".courriel"), (PHONE, ".telephone"))


def alone(
    passage: Passage, party: Callable[[int], str | None], vocabulary: Vocabulary
) -> Iterator[tuple[str, int, int, str]]:
    """Path, place and words of each such value; ``party`` tells whom the words at a place are about."""
    yield from _dates(passage)
    for pattern, path in _HOURS:
        yield from ((path, *match.span(1), match[1].rstrip()) for match in pattern.finditer(passage.text))
    for match in NIR.finditer(passage.text):
        yield "stagiaire.nir", match.start(), match.end(), match[0]
    covered: list[tuple[int, int]] = []
    for pattern, tail in _OWN:
        for match in pattern.finditer(passage.text):
            start, end = match.span()
            if any(left < end and start < right for left, right in covered):
                continue
            covered.append((start, end))
            path = of_party(party(start), tail, vocabulary)
            if path and not _FAX.search(passage.plain[:start]):
                yield path, start, end, match[0]


def _dates(passage: Passage) -> Iterator[tuple[str, int, int, str]]:
    """« du … au … » of the stage, and « Fait à …, le … »."""
    for match in RANGE.finditer(passage.text):
        if _ABOUT_STAGE.search(passage.plain[max(0, match.start() - _SEEN) : match.start()]):
            first, last = match["start"], match["end"]
            yield "stage.date_debut", *match.span("start"), _with_year(first, last)
            yield "stage.date_fin", *match.span("end"), last
            break
    for match in SIGNED.finditer(passage.text):
        if match["town"]:
            yield "signatures.lieu", *match.span("town"), match["town"]
        yield "signatures.stagiaire_le", *match.span("day"), match["day"]


def _with_year(first: str, last: str) -> str:
    """« 7 avril » in « du 7 avril au 3 juillet 2025 » is of 2025; « 2 » in « du 2 au 27 mars 2026 », of March."""
    words = last.split()
    if _FULL_DATE.search(first) or len(words) < 2:
        return first
    return " ".join([first, *words[-(3 - len(first.split())) :]])
