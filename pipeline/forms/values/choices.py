"""Choice parser: an option written out instead of ticked (« oui », « virement »), to its code."""

from __future__ import annotations

import re

from pipeline.core.fields import Field, FieldKind, Nature
from pipeline.core.folding import fold
from pipeline.forms.values.figures import Parsed

DASH = re.compile("[-‐‑–—−]{1,2}")
_LEADERS = frozenset("….·")


def parse_code(field: Field, text: str) -> Parsed:
    """A code of a table as it is typed, or the words that it stands for; nothing where only dots are."""
    plain = text.strip()
    if not plain or set(plain) <= _LEADERS:
        return Parsed(None)
    plain = "–" if DASH.fullmatch(plain) else plain
    code = next((code for code in field.choices if code == plain.upper()), None)
    return Parsed(code) if code else parse_choice(field, plain)


def option_words(field: Field) -> dict[str, str]:
    """Folded words that name an option of a field, with its code: « heure » and « h » for ``heure``."""
    words = {fold(code): code for code in field.choices}
    words |= {fold(label): code for code, label in field.choices.items()}
    words |= field.words
    if field.nature is Nature.CIVILITY:
        words |= field.lexicon.titles
    if field.kind is FieldKind.BOOLEAN:
        words |= {word: code for code in ("oui", "non") for word in field.lexicon.folded[code]}
    return words


def option_label(field: Field | None, code: str) -> str:
    """An option as forms print it: « Oui » for the ``oui`` of a question that boxes answer in place of words."""
    return (field.choices if field else {}).get(code, code.capitalize())


def parse_choice(field: Field, text: str) -> Parsed:
    """The code of the option that a text names; a doubt for other words, or for several options at once.

    A boolean gives ``True`` or ``False``, days a list in the order of the week.
    """
    if field.kind is FieldKind.DAYS:
        return _days(field, text)
    plain = re.sub(r"^(?:par|en|a|:)\s+", "", fold(text).strip(" .:;"))
    words = option_words(field)
    code = words.get(plain) or words.get(
        plain.removeprefix(f"{field.path.partition('.')[0]} ")
    )  # « stage facultatif »
    if code is None:
        return Parsed(None, f"« {text[:60]} » n’est pas une des réponses prévues")
    return coded(field, code)


def coded(field: Field, code: str) -> Parsed:
    """The value that an option's code stands for; a doubt for a code the schema does not know."""
    if field.kind is FieldKind.BOOLEAN and code in ("oui", "non"):
        return Parsed(code == "oui")
    if field.choices and code in field.choices:
        return Parsed([code] if field.kind is FieldKind.DAYS else code)
    if not field.choices and code in ("oui", "non"):  # « présence de nuit ? » answered by boxes on some forms
        return Parsed("Oui" if code == "oui" else None)
    return Parsed(None, f"« {code} » n’est pas une des réponses prévues")


def _days(field: Field, text: str) -> Parsed:
    pieces = [piece for piece in re.split(r"[\s,;/+&-]+|\bet\b", fold(text)) if piece]
    if match := re.fullmatch(r"(?:du )?(\w+) (?:au|a) (\w+)", " ".join(pieces)):
        days = list(field.choices)
        if match[1] in days and match[2] in days and days.index(match[1]) < days.index(match[2]):
            return Parsed(days[days.index(match[1]) : days.index(match[2]) + 1])
    if pieces and all(piece in field.choices for piece in pieces):
        return Parsed([day for day in field.choices if day in pieces])
    return Parsed(None, f"« {text[:60]} » ne dit pas quels jours")
