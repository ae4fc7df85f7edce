"""Normaliser of field values: what was written, to a canonical value or to why a person must look.

Canonical values are those of ``formulaire.schema.json``: ISO dates, hours and euros as numbers, phones in E.164,
SIRET without separators, names as written (NFC). What is not sure is never guessed: it is a doubt, in French.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable

import phonenumbers

from pipeline.core.fields import Field, FieldKind, Nature
from pipeline.core.folding import fold
from pipeline.core.words import Lexicon
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

__all__ = ["Parsed", "clean", "is_empty", "parse"]

_LEADERS = re.compile(r"^[\s._…‥·*/\-–—]*$")
_LEFT_LEADER = re.compile(r"^(?:[._…]\s?){2,}|^…")
_RIGHT_LEADER = re.compile(r"(?:\.{4,}|…{2,}|_+)[\s._…]*$")
PROMPTS = (  # what Word shows where nothing was typed, and some copy as text
    "cliquez ou appuyez ici pour",
    "cliquez ici pour",
    "click or tap here to",
    "click or tap to",
    "click here to",
    "choisissez un",
    "choose an item",
    "choose a",
    "cliquez pour ecrire",
    "jj/mm/aaaa",
    "tapez ici",
)
_AS_ABOVE = re.compile(r"idem\b.*|(?:voir|cf\.?)\s+ci[- ]dessus|ci[- ]dessus|meme adresse.*")
_SEPARATORS = re.compile(r"[\s.\-–/]+")
_PHONE = re.compile(r"\+?[\d\s.\-–/()]+")
_AT_IN_WORDS = re.compile(r"arr?obase|\[at\]|\(at\)", re.IGNORECASE)
_POSTCODE = re.compile(r"(?:F-?\s?)?(\d{2})\s?(\d{3})", re.IGNORECASE)
_FOREIGN = frozenset({"etranger", "organisme etranger", "a l'etranger"})


def clean(text: str, *, lines: bool = False) -> str:
    """Composed characters (NFC), no control or direction character, single spaces; line breaks if ``lines``."""
    kept = "".join(char for char in text.replace("\r\n", "\n").replace("\r", "\n") if _keep(char))
    rows = [" ".join(row.split()) for row in unicodedata.normalize("NFC", kept).split("\n")]
    return "\n".join(rows).strip("\n") if lines else " ".join(row for row in rows if row)


def _keep(char: str) -> bool:
    """Soft hyphens, direction marks and lone surrogates print nothing and can only deceive."""
    return char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")


def is_empty(text: str, lexicon: Lexicon) -> bool:
    """Whether nothing was answered: blanks, dots to write on, « néant », « N/A », the prompt of a control."""
    plain = fold(text)
    return bool(_LEADERS.match(text)) or plain in lexicon.folded["vide"] or plain.startswith(PROMPTS)


def parse(field: Field, text: str, received_on: dt.date, *, month_first: bool = False) -> Parsed:
    """The canonical value of one written answer, ``None`` if it is empty; a doubt when a person must look.

    ``month_first`` is for forms that ask for dates in that order. Tick boxes are not read here. The value that goes
    with a doubt is a proposal, or ``None`` without one.
    """
    lines = field.kind is FieldKind.TEXT
    if field.kind is FieldKind.EMAIL:  # a long address is broken at the edge of its box, wherever it falls
        text = "".join(row.strip() for row in text.splitlines())
    words = _RIGHT_LEADER.sub("", _LEFT_LEADER.sub("", clean(text, lines=lines))).strip()
    amount = field.kind is FieldKind.EUROS and fold(words) in ("neant", "sans objet")
    if is_empty(words, field.lexicon) and not amount:
        return Parsed(None)
    parsed = _by_kind(field, words, received_on, month_first=month_first)
    strange = next((char for char in words if unicodedata.category(char) in ("Co", "Cn") or char == "\ufffd"), None)
    if strange and parsed.doubt is None:
        return Parsed(parsed.value, f"« {excerpt(words)} » contient un caractère illisible")
    return parsed


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
        code = _POSTCODE.fullmatch(words)
        return Parsed(code[1] + code[2] if code else words)
    if field.nature is Nature.ACTIVITY_CODE:
        return Parsed(re.sub(r"[\s.]", "", words).upper())
    if field.kind is FieldKind.LIST:
        return Parsed(re.sub(r"^[-–—•*▪]\s*", "", words))
    if _AS_ABOVE.fullmatch(fold(words)):
        return unreadable(words, "renvoie à une autre case : la réponse est à écrire en entier")
    return Parsed(words)


def _identifier(words: str) -> Parsed:
    """Digits without their separators; a wrong count or key is for the rules to say. A foreign body has none."""
    if fold(words) in _FOREIGN:
        return Parsed(None)
    bare = re.sub(r"^(?:n°|no)?\s*(?:siret|siren)?\s*(?:n°)?\s*:?\s*", "", words, flags=re.IGNORECASE)
    return Parsed(_SEPARATORS.sub("", bare).upper())


def _phone(words: str) -> Parsed:
    bare = re.sub(r"^(?:tel|tél|téléphone)\s*\.?\s*:?\s*", "", words, flags=re.IGNORECASE)
    number = (_number(bare.replace("–", "-"), "FR") or _overseas(bare)) if _PHONE.fullmatch(bare) else None
    if number is None:
        return Parsed(words, f"« {excerpt(words)} » n’est pas un numéro de téléphone valable")
    return Parsed(number)


def _overseas(words: str) -> str | None:
    """The number of one French department overseas (0262, 0590, 0594, 0596…), if it is valid in one only."""
    found = {number for region in ("GP", "GF", "MQ", "RE", "YT") if (number := _number(words, region))}
    return found.pop() if len(found) == 1 else None


def _number(words: str, region: str) -> str | None:
    """The number that the words are for somebody in a region, in E.164; ``None`` if it is not a valid one."""
    try:
        number = phonenumbers.parse(words, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None


def _email(words: str) -> Parsed:
    """The domain in lower case. What is merely malformed is for the rules to say: the sender can mend it."""
    address = re.sub(r"^mailto:\s*", "", words, flags=re.IGNORECASE)
    if " " in address or _AT_IN_WORDS.search(address) or not address.isascii():
        doubt = f"« {excerpt(words)} » n’est pas une adresse de courriel écrite d’un seul tenant, en lettres simples"
        return Parsed(address, doubt)
    local, at, domain = address.rpartition("@")
    return Parsed(f"{local}{at}{domain.lower()}")


_PLAIN: dict[FieldKind, Callable[[str], Parsed]] = {
    FieldKind.CALENDAR: parse_day_hours,
    FieldKind.EUROS: parse_euros,
    FieldKind.PHONE: _phone,
    FieldKind.EMAIL: _email,
    FieldKind.SIRET: _identifier,
    FieldKind.NIR: _identifier,
}
