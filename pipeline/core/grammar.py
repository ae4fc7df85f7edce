"""French grammar for printed texts: no-break spaces, agreement, counts, weekdays, ends of sentences."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import NBSP, long_date, number

_PLURAL_FROM = 2  # « 1,5 jour », « 2 jours »
_BEFORE = re.compile(r"(?<=\S) (?=[:;!?»%€](?:\s|$|[.,)…]))")
_AFTER = re.compile(r"(«|\bn°|\bM\.|\bMme|\bart\.|(?<!\S)p\.|(?<=\d) h|\b[LDR]\.(?= \d)) (?=\S)")
_UNIT = re.compile(r"(?<=\d) (?=(?:h|min|jours?|mois|semaines?|heures?)\b)")
_CUT = {"e": 0, "ne": 0, "le": 0, "se": 1, "que": 1, "trice": 4}  # letters that a feminine ending takes the place of
_BOTH = re.compile(rf"(\w+)\(({'|'.join(_CUT)})\)")
_CLOSED = (".", "!", "?", "…")


def nobreak(text: str) -> str:
    """The same text with no-break spaces where French wants them: before « : », within « », after « n° »."""
    if " " not in text:
        return text
    return _UNIT.sub(NBSP, _AFTER.sub(rf"\1{NBSP}", _BEFORE.sub(NBSP, text)))


def full_date(day: dt.date) -> str:
    """« mardi 15 avril 2025 »."""
    return f"{WEEKDAYS[day.weekday()]}{NBSP}{long_date(day)}"


def count(amount: Decimal, noun: str, plural: str | None = None) -> str:
    """« 1 jour », « 20 jours »; ``plural`` where it is not the noun with an s."""
    many = abs(amount) >= _PLURAL_FROM
    return f"{number(amount)}{NBSP}{(plural or f'{noun}s') if many else noun}"


def agree(word: str, civility: str | None, feminine: str | None = None) -> str:
    """The word for that civilité: « né », « née », and « né(e) » when it is unknown or neither.

    ``feminine`` where it is not the masculine with an e; the masculine then stands for the unknown too.
    """
    if civility == "M.":
        return word
    if civility == "Mme":
        return feminine or f"{word}e"
    return word if feminine else f"{word}(e)"


def gendered(text: str, civility: str | None) -> str:
    """A text written for both, « Demandeur(se) », for that civilité; as it is when that is unknown or neither."""
    if civility not in ("M.", "Mme"):
        return text
    return _BOTH.sub(
        lambda found: found[1] if civility == "M." else found[1][: -_CUT[found[2]] or None] + found[2], text
    )


def capital(text: str) -> str:
    """With its first letter in upper case."""
    return text[:1].upper() + text[1:]


def closed(text: str) -> str:
    """As a sentence that ends: with a full stop, unless it has its own mark."""
    text = text.rstrip()
    return text if text.endswith(_CLOSED) else f"{text.rstrip(' ,;:' + NBSP)}."
