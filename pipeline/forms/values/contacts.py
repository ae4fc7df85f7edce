"""Parser of telephone numbers and e-mail addresses as people write them, to E.164 and to one address."""

from __future__ import annotations

import re
from collections.abc import Sequence

import phonenumbers

from pipeline.forms.values.figures import Parsed, excerpt

_PHONE = re.compile(r"\+?[\d\s.\-–/()]+")
_LABEL = re.compile(r"^(?:tel|tél|téléphone)\s*\.?\s*:?\s*", re.IGNORECASE)
_EXTENSION = re.compile(
    r"\s*[,(/–-]*\s*\b(?:poste|extension|ext)\b\s*\.?\s*(?:n°)?\s*:?\s*\d{1,6}\s*\)?$", re.IGNORECASE
)
_OVERSEAS = ("0262", "0263", "0269", "0590", "0594", "0596", "0639", "0690", "0691", "0692", "0693", "0694", "0696")
_AT_IN_WORDS = re.compile(r"arr?obase|\[at\]|\(at\)", re.IGNORECASE)
_WHOLE = re.compile(r"[^@\s,;<>()]+@[\w-]+(?:\.[\w-]+)*\.([A-Za-z]{2,})")
_BESIDE = re.compile(rf"<?({_WHOLE.pattern})>?[\s,;:(–-]+(?:[^@]*)")
_ENDINGS = frozenset(
    {"be", "ch", "com", "de", "edu", "es", "eu", "fr", "info", "it", "lu", "net", "org", "pro", "uk"}
)


def parse_phone(words: str) -> Parsed:
    """The number in E.164, « poste 12 » left to be read on the form; what is no valid number is a doubt."""
    bare = _EXTENSION.sub("", _LABEL.sub("", words))
    plain = _PHONE.fullmatch(bare) is not None
    number = (_number(bare.replace("–", "-"), "FR") or _overseas(bare) or _new_range(bare)) if plain else None
    if number is None:
        return Parsed(words, f"« {excerpt(words)} » n’est pas un numéro de téléphone valable")
    return Parsed(number)


def _overseas(words: str) -> str | None:
    """The number of one French department overseas (0262, 0590, 0594, 0596…), if it is valid in one only."""
    found = {number for region in ("GP", "GF", "MQ", "RE", "YT") if (number := _number(words, region))}
    return found.pop() if len(found) == 1 else None


def _new_range(words: str) -> str | None:
    """Ten digits of mainland France that no operator has yet: a plan of numbers changes more often than liasse."""
    digits = re.sub(r"\D", "", words)
    return f"+33{digits[1:]}" if re.fullmatch(r"0[1-7]\d{8}", digits) and not digits.startswith(_OVERSEAS) else None


def _number(words: str, region: str) -> str | None:
    """The number that the words are for somebody in a region, in E.164; ``None`` if it is not a valid one."""
    try:
        number = phonenumbers.parse(words, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None


def joined_lines(rows: Sequence[str]) -> str:
    """The lines of one printed address end to end; kept apart where one of them is an address already."""
    return ("\n" if _line_beside(rows) else "").join(rows)


def parse_email(text: str) -> Parsed:
    """The address, its domain in lower case; ``text`` keeps its lines.

    A long address is broken at the edge of its box, wherever it falls: lines are joined, unless one of them is an
    address already. What is merely malformed is for the rules to say: the sender can mend it.
    """
    rows = [re.sub(r"^mailto:\s*", "", row.strip(), flags=re.IGNORECASE) for row in text.splitlines() if row.strip()]
    if beside := _line_beside(rows):
        return _remarked(" ".join(rows), beside)
    words = "".join(rows).rstrip(".,;:").strip("<>")
    if words.count("@") < 2 and " " in words and (address := _BESIDE.fullmatch(words)):
        return _remarked(words, address[1])
    if " " in words or _AT_IN_WORDS.search(words) or not words.isascii() or words.count("@") > 1:
        doubt = f"« {excerpt(words)} » n’est pas une adresse de courriel écrite d’un seul tenant, en lettres simples"
        return Parsed(words, doubt)
    return Parsed(_lowered(words))


def _lowered(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _remarked(words: str, address: str) -> Parsed:
    return Parsed(_lowered(address), f"« {excerpt(words)} » contient autre chose qu’une adresse de courriel")


def _line_beside(rows: Sequence[str]) -> str | None:
    """The address that is whole on its line, or at the end of one, when another line does not carry it on."""
    for number, row in enumerate(rows):
        bare = row.rstrip(".,;:") if number + 1 == len(rows) else row.rstrip(",;:")
        whole = _WHOLE.fullmatch(bare)
        if whole is None or len(rows) == 1:
            continue
        before, after = rows[:number], rows[number + 1 :]
        if (before and not _begins(before[-1])) or (after and not _ends(whole, "".join(after))):
            return whole[0]
    for end in range(2, len(rows)):  # a broken address may be whole before the last line
        whole = _WHOLE.fullmatch("".join(rows[:end]).rstrip(",;:"))
        if whole and not _ends(whole, "".join(rows[end:])):
            return whole[0]
    return None


def _begins(before: str) -> bool:
    """Whether the line above is the beginning of an address, not a word beside it."""
    return " " not in before and bool(re.search(r"[\d._-]", before)) and _WHOLE.fullmatch(before) is None


def _ends(whole: re.Match[str], after: str) -> bool:
    """Whether what follows is the end of an address whose first line only looks whole (« …@example.o », « rg »)."""
    if after.startswith((".", "-")) or whole[0].endswith("-"):
        return " " not in after
    known = whole[1].lower() in _ENDINGS
    rest = re.fullmatch(r"[\w-]*(?:\.[\w-]+)*", after)
    return not known and rest is not None and ("." in after or f"{whole[1]}{after}".lower() in _ENDINGS)
