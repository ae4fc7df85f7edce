"""Values that are known by their shape in running text: dates, hours, amounts, keys, telephones, towns, names."""

from __future__ import annotations

import re

from pipeline.core.fields import Field, FieldKind
from pipeline.reading.labels.cues import CIVILITY
from pipeline.reading.labels.sentences import DATE, NUMBER

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
IDENTIFIERS = (".numero", ".contrat", ".ville", ".lieu")  # what only stands right after its cue
_PATHS = {".ville": _TOWN, ".lieu": _TOWN, ".lieu_naissance": _TOWN, ".numero": _IDENTIFIER, ".contrat": _IDENTIFIER}


def shape_of(field: Field) -> re.Pattern[str] | None:
    """The shape of the answers to a field; ``None`` for one that any words may answer."""
    last = f".{field.path.rpartition('.')[2]}"
    return _PATHS.get(last) or _KINDS.get(field.kind)


def town_at(text: str, start: int) -> tuple[int, int] | None:
    """Where the town that begins at a place of a text, after « à » or a comma at most, starts and ends."""
    lead = re.compile(r"[\s,–-]*(?:à\s+)?").match(text, start)
    found = _TOWN.match(text, lead.end() if lead else start)
    return found.span() if found else None
