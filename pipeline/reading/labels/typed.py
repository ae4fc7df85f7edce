"""Typed-value patterns in running text: dates, hours, amounts, keys, telephones, towns, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pipeline.core.fields import Field, FieldKind, Nature
from pipeline.reading.labels.cues import CIVILITY
from pipeline.reading.labels.items import Atom
from pipeline.reading.labels.passages import Passage
from pipeline.reading.labels.vocabulary import Vocabulary

DATE = (
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s+)?"
    r"(?:\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*(?:\d{4}|\d{2})|\d{1,2}(?:er)?\s+[^\W\d_]{3,9}\.?\s+\d{4})"
)
NUMBER = r"\d{1,3}(?:[ .\u00a0\u202f]\d{3})*(?:[.,]\d{1,2})?"
_DURATION = rf"{NUMBER}\s*(?:h(?:eures?)?\b\s*(?:\d{{2}})?)?"
_STAGE = (
    rf"\bdu\s+(?P<stage__date_debut>{DATE})\s*,?\s*(?:inclus\s+)?au\s+(?P<stage__date_fin>{DATE})",
    rf"\b(?:soit|total(?:e|isant)?\s+de)\s+(?P<stage__duree_heures>{_DURATION})\s*(?:heures?|de\s+présence|\()",
    rf"\braison\s+de\s+(?P<stage__heures_hebdo>{_DURATION})\s*(?:par|/)\s*semaine",
    rf"\braison\s+de\s+(?P<stage__heures_jour>{_DURATION})\s*(?:par|/)\s*jour",
)
_SIGNING = (
    r"^(?:fait\s+)?à\s*:?\s+(?P<signatures__lieu>[^\d:]{2,60}?)\s*,?\s+"
    rf"le\s*:?\s+(?P<signatures__stagiaire_le>{DATE})\s*\.?$"
)
_SENTENCES = (
    *((re.compile(pattern, re.IGNORECASE), "stage") for pattern in _STAGE),
    (re.compile(_SIGNING, re.IGNORECASE), ""),
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


_UPPER = r"A-ZÀ-ÖØ-ÞŒ"
_CAPITAL = rf"(?:[dDlL]['’])?[{_UPPER}][^\W\d_]*(?:[-'’][^\W\d_]+)*"
_SMALL = r"(?:de|du|des|la|le|van|von|der|den|da|do|dos|di|el|ben|bin|ould)"
PERSON = re.compile(rf"(?:{CIVILITY}\s+)?{_CAPITAL}(?:\s+(?:{_SMALL}\s+)*{_CAPITAL}){{1,5}}")
TITLED = re.compile(rf"(?<!\w){CIVILITY}\s+{_CAPITAL}(?:\s+(?:{_SMALL}\s+)*{_CAPITAL}){{0,5}}")
_TOWN = re.compile(
    rf"{_CAPITAL}(?:[ -](?:{_CAPITAL}|(?:sur|sous|en|le|la|les|lès|de|du|des|aux?)(?=[ -](?:{_CAPITAL}|[dl]['’]))|"
    r"cedex|\d{1,2}(?:er|e|ème)?(?!\d)))*(?:\s\([^\W\d_][^()\d]*\))?"
)
_COUNT = rf"(?<![\d/.,])(?:\d{{4}}|{NUMBER})"
_HOURS = re.compile(
    rf"{_COUNT}\s*(?:(?:h|heures?)\b\s*(?:\d{{2}}\b)?|h\d{{2}}\b)|"
    rf"{_COUNT}(?![\d/]|[.,]\d|\s*(?:mois|semaines?|jours?|ans?|%|€|euros?))"
)
_EUROS = re.compile(
    rf"(?:{NUMBER})\s*(?:€|euros?|eur)(?:\s*(?:nets?|bruts?))?"
    r"(?:\s*(?:/|par|de l['’])\s*(?:heure|mois|jour|h\b|j\b))?",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"(?=[A-Z]*[-\s]?\d)[A-Z0-9][A-Z0-9./-]*(?:\s[A-Z0-9./-]*\d[A-Z0-9./-]*)*", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(?<![\d/])(?:(?:\+|00)\d{1,3}[\s.]?(?:\(0\))?[\s.]?\d|0\d)(?:[\s.-]?\d{2}){4}(?![\d/])")
SIRET = re.compile(r"(?<!\d)\d{3}[\s.]?\d{3}[\s.]?\d{3}[\s.]?\d{3}[\s.]?\d{2}(?!\d)")
NIR = re.compile(r"(?<!\d)[12]\s?\d{2}\s?\d{2}\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}\s?\d{2}(?!\d)")
POSTCODE = re.compile(r"(?<![\d/])\d{5}(?![\d/])")
_KINDS = {
    FieldKind.DATE: re.compile(DATE, re.IGNORECASE),
    FieldKind.HOURS: _HOURS,
    FieldKind.EUROS: _EUROS,
    FieldKind.EMAIL: EMAIL,
    FieldKind.PHONE: PHONE,
    FieldKind.SIRET: SIRET,
    FieldKind.NIR: NIR,
    FieldKind.POSTCODE: POSTCODE,
}
RANGE = re.compile(
    rf"\bdu\s+(?P<start>{DATE}|\d{{1,2}}(?:er)?(?:\s+[^\W\d_]{{3,9}}\.?)?)\s*,?\s*(?:inclus\s+)?(?:jusqu['’])?au\s+(?P<end>{DATE})",
    re.IGNORECASE,
)
SIGNED = re.compile(
    rf"\bfait\s+(?:en\s+[^,:]{{2,40}}?\s*,?\s+)?(?:à\s*:?\s+(?P<town>[^\d:,]{{2,60}}?)\s*,?\s+)?le\s*:?\s+(?P<day>{DATE})",
    re.IGNORECASE,
)
WEEKLY = re.compile(rf"({_COUNT}\s*(?:heures?|h)\s*(?:\d{{2}})?)[^\d.;,]{{0,25}}?(?:par|/)\s*semaine", re.IGNORECASE)
DAILY = re.compile(rf"({_COUNT}\s*(?:heures?|h)\s*(?:\d{{2}})?)[^\d.;,]{{0,25}}?(?:par|/)\s*jour", re.IGNORECASE)
PRESENT = re.compile(rf"({_COUNT}\s*(?:heures?|h))\s+(?:de\s+présence|au\s+total|de\s+stage)", re.IGNORECASE)
IDENTIFIERS = (Nature.CODE, Nature.PLACE)  # what only stands right after its cue
_NATURES = {Nature.PLACE: _TOWN, Nature.CODE: _IDENTIFIER}


def shape_of(field: Field) -> re.Pattern[str] | None:
    """The shape of the answers to a field; ``None`` for one that any words may answer."""
    return (field.nature and _NATURES.get(field.nature)) or _KINDS.get(field.kind)


def town_at(text: str, start: int) -> tuple[int, int] | None:
    """Where the town that begins at a place of a text, after « à » or a comma at most, starts and ends."""
    lead = re.compile(r"[\s,–-]*(?:à\s+)?").match(text, start)
    found = _TOWN.match(text, lead.end() if lead else start)
    return found.span() if found else None


_SEEN = 250  # letters before a range of dates that say what it is of
_ABOUT_STAGE = re.compile(r"stage|periode|deroul|dates?\b|accueil|presence")
_FAX = re.compile(r"(?:fax|telecopie)[\s.:]*$")
_FULL_DATE = re.compile(r"\d{4}|[/.\-]\s*\d{2}\s*$")
_LONE_HOURS = ((WEEKLY, "stage.heures_hebdo"), (DAILY, "stage.heures_jour"), (PRESENT, "stage.duree_heures"))
_OWN = ((SIRET, ".siret"), (EMAIL, ".courriel"), (PHONE, ".telephone"))


def lone_values(
    passage: Passage, party: Callable[[int], str | None], vocabulary: Vocabulary
) -> Iterator[tuple[str, int, int, str]]:
    """Path, place and words of each such value; ``party`` tells whom the words at a place are about."""
    yield from _dates(passage)
    for pattern, path in _LONE_HOURS:
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
            path = vocabulary.path_of(party(start), tail)
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
