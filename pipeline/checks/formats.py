"""Format checkers for jsonschema. Values are canonical: the reader has written them so.

``heures``, ``euros`` and ``siret-pays`` have no check: the first two are numbers, the last is the free identifier
of an organisme abroad.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from jsonschema import FormatChecker
from stdnum import luhn
from stdnum.fr import nir

from pipeline.core.law import as_date

_LA_POSTE = "356000000"
_LA_POSTE_HEAD_OFFICE = "35600000000048"  # the only one of its SIRET that follows the common key
_FRENCH_PREFIXES = (33, 262, 508, 590, 594, 596)
_NATIONAL_DIGITS = 9


def is_siret(value: str) -> bool:
    """Fourteen digits with the Luhn key; at La Poste, digits that add up to a multiple of five.

    The SIREN inside must carry its own key, La Poste included.
    """
    if not re.fullmatch(r"[0-9]{14}", value) or not is_siren(value[:9]):
        return False
    postal = value.startswith(_LA_POSTE) and value != _LA_POSTE_HEAD_OFFICE and sum(map(int, value)) % 5 == 0
    return postal or bool(luhn.is_valid(value))


def is_siren(value: str) -> bool:
    """Nine digits with the Luhn key: the company, without its establishment."""
    return re.fullmatch(r"[0-9]{9}", value) is not None and luhn.is_valid(value)


def is_rna(value: str) -> bool:
    """The number of an association in the national register: W and nine figures. Many have no SIRET."""
    return re.fullmatch(r"W[0-9A-Z][0-9]{8}", value) is not None


def is_nir(value: str) -> bool:
    """Fifteen characters whose two last are the key of the others, Corsica included, or thirteen without a key."""
    return re.fullmatch(r"[1-478]\d{4}(?:\d{2}|2[AB])\d{6}", value) is not None or bool(nir.is_valid(value))


def is_phone(value: str) -> bool:
    """A number in E.164 that can be dialled: in France and overseas nine digits, elsewhere of a possible length.

    Ranges kept for fiction or not yet given out are accepted: a plan of numbers changes more often than liasse.
    """
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return False
    if number.country_code in _FRENCH_PREFIXES:
        digits = 6 if number.country_code == 508 else _NATIONAL_DIGITS
        return len(str(number.national_number)) in (digits, _NATIONAL_DIGITS)
    return bool(phonenumbers.is_possible_number(number))


def is_email(value: str) -> bool:
    """An address as people have them: one @, a real domain, no accent before the @; the network is not asked."""
    try:
        validate_email(value, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def is_postcode(value: str) -> bool:
    """Five digits from 01000 to 98999."""
    return re.fullmatch(r"[0-9]{5}", value) is not None and "01000" <= value <= "98999"


def format_checker() -> FormatChecker:
    """A checker that knows our formats and no other; values that are not texts are left to ``type``."""
    checker = FormatChecker(formats=())
    for name, check in FORMATS.items():
        checker.checks(name)(_texts_only(check))
    return checker


def _texts_only(check: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or check(value)


FORMATS: dict[str, Callable[[str], bool]] = {
    "siret": is_siret,
    "nir": is_nir,
    "telephone": is_phone,
    "courriel": is_email,
    "code-postal": is_postcode,
    "date": lambda value: as_date(value) is not None,
}
