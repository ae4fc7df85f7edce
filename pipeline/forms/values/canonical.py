"""Normaliser of field values: what was written, to a canonical value or to why a person must look.

Canonical values are those of ``formulaire.schema.json``: ISO dates, hours and euros as numbers, phones in E.164,
SIRET without separators, names as written (NFC). What is not sure is never guessed: it is a doubt, in French.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable

from pipeline.core.fields import Field, FieldKind, Nature
from pipeline.core.folding import fold
from pipeline.forms.values.answers import answer_of
from pipeline.forms.values.contacts import parse_email, parse_phone
from pipeline.forms.values.figures import (
    Parsed,
    excerpt,
    parse_date,
    parse_day_hours,
    parse_euros,
    parse_hours,
    parse_whole,
    unreadable,
)
from pipeline.forms.values.place import Place

__all__ = ["Parsed", "clean", "parse"]

_SEPARATORS = re.compile(r"[\s.\-–/]+")
_POSTCODE = re.compile(r"(?:F-?\s?)?(\d{2})\s?(\d{3})", re.IGNORECASE)
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}  # signs of a font, not letters
)
_LINED = (FieldKind.TEXT, FieldKind.EMAIL)  # whose line ends are looked at
_COUNTED = (FieldKind.HOURS, FieldKind.EUROS, FieldKind.WHOLE)
_ALONE = (FieldKind.SIRET, FieldKind.NIR, FieldKind.PHONE, FieldKind.POSTCODE, FieldKind.DATE)
_FOREIGN = frozenset({"etranger", "organisme etranger", "a l'etranger"})


def clean(text: str, *, lines: bool = False) -> str:
    """Composed characters (NFC), ligatures as letters, no control or direction character, single spaces.

    Line breaks are kept if ``lines``.
    """
    joined = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LIGATURES)
    kept = "".join(char for char in joined if _keep(char))
    rows = [" ".join(row.split()) for row in unicodedata.normalize("NFC", kept).split("\n")]
    return "\n".join(rows).strip("\n") if lines else " ".join(row for row in rows if row)


def _keep(char: str) -> bool:
    """Soft hyphens, direction marks and lone surrogates print nothing and can only deceive."""
    return char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")


def parse(field: Field, text: str, received_on: dt.date, *, month_first: bool = False) -> Parsed:
    """The canonical value of one written answer, ``None`` if it is empty; a doubt when a person must look.

    ``month_first`` is for forms that ask for dates in that order. Tick boxes are not read here. The value that goes
    with a doubt is a proposal, or ``None`` without one.
    """
    whole = clean(text, lines=True)
    if field.kind is FieldKind.EUROS and fold(whole).strip(" .") in ("neant", "sans objet"):
        return Parsed(0)
    answer = answer_of(whole, Place.of(field))
    if not answer.words or answer.void:
        return Parsed(None, answer.doubt)
    words = answer.words if field.kind in _LINED else clean(answer.words)
    if several := _several_lines(field, answer.words, words):
        return several if answer.doubt is None else Parsed(words, answer.doubt)
    parsed = _by_kind(field, words, received_on, month_first=month_first)
    doubt = parsed.doubt or answer.doubt or _unreadable_sign(words)
    return Parsed(parsed.value, doubt, parsed.contradicts)


def _several_lines(field: Field, lines: str, words: str) -> Parsed | None:
    """The doubt of an answer of several lines where a line break would make one word or one number of two."""
    if field.kind is FieldKind.LINE and "\n" in lines:
        why = f"« {excerpt(words)} » est écrit sur plusieurs lignes là où une seule réponse est attendue"
        return Parsed(words, why)
    if field.kind in _ALONE and sum(any(char.isalnum() for char in line) for line in lines.split("\n")) > 1:
        return unreadable(words, "est écrit sur plusieurs lignes là où un seul est attendu")
    if field.kind in _COUNTED and len(re.findall(r"(?:^|\n)\D*\d", lines)) > 1:
        return unreadable(words, "a plusieurs nombres, un par ligne, là où un seul est attendu")
    return None


def _unreadable_sign(words: str) -> str | None:
    strange = any(unicodedata.category(char) in ("Co", "Cn") or char == "\ufffd" for char in words)
    return f"« {excerpt(words)} » contient un caractère illisible" if strange else None


def _by_kind(field: Field, words: str, received_on: dt.date, *, month_first: bool) -> Parsed:
    if field.kind is FieldKind.DATE:
        return parse_date(words, received_on, birth=field.nature is Nature.BIRTH, month_first=month_first)
    if field.kind is FieldKind.HOURS:
        return parse_hours(words, per=field.unit)
    if field.kind is FieldKind.WHOLE:
        return parse_whole(words, months=field.unit == "mois")
    return _PLAIN[field.kind](words) if field.kind in _PLAIN else _text(field, words)


def _text(field: Field, words: str) -> Parsed:
    if field.kind is FieldKind.POSTCODE:
        if fold(words) in _FOREIGN:
            return Parsed(None)
        code = _POSTCODE.fullmatch(words)
        return Parsed(code[1] + code[2] if code else words)
    if field.nature is Nature.ACTIVITY_CODE:
        return Parsed(re.sub(r"[\s.]", "", words).upper())
    if field.kind is FieldKind.LIST:
        return Parsed(re.sub(r"^[-–—•*▪·]\s*", "", words))
    return Parsed(words)


def _identifier(words: str) -> Parsed:
    """Digits without their separators; a wrong count or key is for the rules to say. A foreign body has none."""
    if fold(words) in _FOREIGN:
        return Parsed(None)
    bare = re.sub(r"^(?:n°|no)?\s*(?:siret|siren)?\s*(?:n°)?\s*:?\s*", "", words, flags=re.IGNORECASE)
    return Parsed(_SEPARATORS.sub("", bare).upper())


_PLAIN: dict[FieldKind, Callable[[str], Parsed]] = {
    FieldKind.CALENDAR: parse_day_hours,
    FieldKind.EUROS: parse_euros,
    FieldKind.PHONE: parse_phone,
    FieldKind.EMAIL: parse_email,
    FieldKind.SIRET: _identifier,
    FieldKind.NIR: _identifier,
}
