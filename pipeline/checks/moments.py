"""Night, Sunday and public holidays in the words of a form: what is said to happen, and what is denied.

What is said not to happen (« aucun dimanche », « ni la nuit ») is not found; what cannot be told apart is: a person
looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.core.folding import fold
from pipeline.core.half_days import span_of

NIGHT, SUNDAY, HOLIDAY = "la nuit", "le dimanche", "un jour férié"
_WORDS = {
    NIGHT: re.compile(r"\b(?:nuits?|nuitees?|nocturnes?|minuit)\b"),
    SUNDAY: re.compile(r"\b(?:dimanches?|dominica\w*|week-?\s?ends?|fins? de semaine)\b"),
    HOLIDAY: re.compile(r"\bferies?\b"),
}
_NAMED = re.compile(
    r"\b(?:1er mai|1er janvier|8 mai|14 juillet|15 aout|1er novembre|11 novembre|25 decembre|noel|paques|ascension|"
    r"pentecote|toussaint|assomption|jour de l'an)\b"
)
_SPANS = re.compile(r"(?:de\s*)?\d{1,2}\s*(?:h|:)\s*\d{0,2}\s*(?:-|–|—|a|/|jusqu'a)\s*\d{1,2}\s*(?:h|:)\s*\d{0,2}")
_NOT = re.compile(r"\b(?:aucune?s?|pas|ni|sans|jamais|non|excluse?s?|neant|nulle?s?)\b")
_BREAKS = re.compile(r"[.;:\n]|\bmais\b")
_BUT = re.compile(
    r"\b(?:sauf|hormis|hors|excepte)\b"
)  # turns what is said round: « tous les jours sauf le dimanche »
_EVENING, _MORNING = Decimal(22), Decimal(6)  # C. trav., L3163-1: night for a minor; an adult's is no shorter


def moments_of(text: str, *, prose: bool = False) -> list[str]:
    """Which of night, Sunday and holidays a text says will happen, in this order; spans of hours count.

    ``prose``: words about something else, in which a feast by its name (« Noël ») is no day of presence.
    """
    found: set[str] = set()
    for clause in _BREAKS.split(fold(text)):
        for part in _said(clause):
            found |= {moment for moment, words in _WORDS.items() if words.search(part)}
            found |= {HOLIDAY} if _NAMED.search(part) and not prose else set()
            found |= {NIGHT} if any(is_night(span) for span in _SPANS.findall(part)) else set()
    return [moment for moment in (NIGHT, SUNDAY, HOLIDAY) if moment in found]


def _said(clause: str) -> Iterator[str]:
    """The parts of a clause that say what will happen: those between commas that deny nothing.

    A denial goes on to a part that adds to its list (« pas de nuit, de dimanche »); « sauf » turns it round.
    """
    denied = True
    for turned, side in enumerate(_BUT.split(clause)):
        before, denied = denied, False
        for part in filter(str.strip, side.split(",")):
            goes_on = re.match(r"\s*(?:ni|de|d'|ou|le|la|les|jours?)\b", part) and not re.search(r"\bun|\d", part)
            denied = bool(_NOT.search(part)) or bool(denied and goes_on)
            if not (denied or (turned and not before)):
                yield part


def is_night(words: str) -> bool:
    """Whether a span of hours (« 20h-23h ») is partly at night; ``False`` for other words."""
    span = span_of(words)
    if span is None:
        return False
    return span.ends <= span.begins or span.begins < _MORNING or span.ends > _EVENING


def denies(text: str) -> bool:
    """Whether a text says that something does not happen."""
    return bool(_NOT.search(fold(text)))


def around(text: str, moment: str) -> str:
    """The words around the first place of a text that speaks of a moment."""
    plain = " ".join(text.split())
    match = _WORDS[moment].search(fold(plain))
    at = match.start() if match else 0
    return short(plain[max(at - 40, 0) : at + 40].strip())


def short(text: str) -> str:
    """The text on one line, cut at a hundred signs."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 100 else f"{plain[:99]}…"
