"""Answers inside a sentence: « du … au … soit … heures à raison de … par semaine », « Fait à …, le … »."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.reading.labels.items import Atom

DATE = (
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s+)?"
    r"(?:\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*(?:\d{4}|\d{2})|\d{1,2}(?:er)?\s+[^\W\d_]{3,9}\.?\s+\d{4})"
)
NUMBER = r"\d{1,3}(?:[ .\u00a0\u202f]\d{3})*(?:[.,]\d{1,2})?"
_HOURS = rf"{NUMBER}\s*(?:h(?:eures?)?\b\s*(?:\d{{2}})?)?"
_STAGE = (
    rf"\bdu\s+(?P<stage__date_debut>{DATE})\s*,?\s*(?:inclus\s+)?au\s+(?P<stage__date_fin>{DATE})",
    rf"\b(?:soit|total(?:e|isant)?\s+de)\s+(?P<stage__duree_heures>{_HOURS})\s*(?:heures?|de\s+présence|\()",
    rf"\braison\s+de\s+(?P<stage__heures_hebdo>{_HOURS})\s*(?:par|/)\s*semaine",
    rf"\braison\s+de\s+(?P<stage__heures_jour>{_HOURS})\s*(?:par|/)\s*jour",
)
_SIGNED = (
    r"^(?:fait\s+)?à\s*:?\s+(?P<signatures__lieu>[^\d:]{2,60}?)\s*,?\s+"
    rf"le\s*:?\s+(?P<signatures__stagiaire_le>{DATE})\s*\.?$"
)
_SENTENCES = (
    *((re.compile(pattern, re.IGNORECASE), "stage") for pattern in _STAGE),
    (re.compile(_SIGNED, re.IGNORECASE), ""),
)


def sentences_in(atoms: Sequence[Atom], section: str | None) -> Iterator[tuple[str, tuple[Atom, ...]]]:
    """Path and words of each answer that a known turn of phrase holds, if the section is not another one."""
    kept = [atom for atom in atoms if not atom.leader]
    text, places = "", []
    for atom in kept:
        text += " " if text else ""
        places.append((len(text), len(text) + len(atom.text)))
        text += atom.text
    for pattern, wanted in _SENTENCES:
        if wanted and section and section.split(".")[0] != wanted:
            continue
        matches = list(pattern.finditer(text))
        if len(matches) != 1:
            continue
        for name in pattern.groupindex:
            start, end = matches[0].span(name)
            inside = tuple(
                atom for atom, (left, right) in zip(kept, places, strict=True) if left < end and right > start
            )
            if inside:
                yield name.replace("__", "."), inside
