"""Night, Sunday and public holidays: what the words, the half-days and the calendar of a form say of them (L-26).

Words are looked for in the answer that asks for them, and in those where people write them too. What is said not to
happen (« aucun dimanche », « ni la nuit ») is not found; what cannot be told apart is: a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.case import Case, Findings
from pipeline.checks.phrasing import and_list, day_names
from pipeline.checks.registry import legal
from pipeline.core.folding import fold
from pipeline.core.law import WITHOUT_CONTRACT
from pipeline.core.models import Severity, Who
from pipeline.core.timetable import half_days, span_of

EXCEPTIONAL = "stage.presence_exceptionnelle"
NIGHT, SUNDAY, HOLIDAY = "la nuit", "le dimanche", "un jour férié"
_PROSE = ("stage.sujet", "stage.objectifs", "stage.activites", "stage.projet_collectif")
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


@legal(
    "L-26",
    "Nuit, dimanche et jours fériés",
    Severity.WARNING,
    "C. éduc., D124-4 (6°) et L124-14 ; C. trav., L3132-3 et L6343-4",
)
def unusual_hours(case: Case) -> Findings:
    """Night, Sunday and holidays found in words, half-days or calendar are shown to a person, for every régime.

    Blocked elsewhere for a minor (L-09) and for whoever has no contract of employment (L-11).
    """
    said = moments_of(case.text(EXCEPTIONAL))
    if said and case.regime not in WITHOUT_CONTRACT:
        yield case.finding(
            EXCEPTIONAL,
            f"« {_short(case.text(EXCEPTIONAL))} », soit une présence {and_list(said)}. La convention l’imprime : "
            "vérifiez que l’organisme y est autorisé et que le repos est gardé.",
            who=Who.SCOLARITE,
        )
    elif case.text(EXCEPTIONAL) and not said and not _NOT.search(fold(case.text(EXCEPTIONAL))):
        yield case.finding(
            EXCEPTIONAL,
            f"« {_short(case.text(EXCEPTIONAL))} » : lisez cette réponse, elle ne dit clairement ni nuit, ni "
            "dimanche, ni jour férié.",
            Severity.INFO,
            Who.SCOLARITE,
        )
    for path in _PROSE:
        found = moments_of(case.text(path), prose=True)
        if found:
            yield case.finding(
                path,
                f"il y est question de présence {and_list(found)} (« {_around(case.text(path), found[0])} »)"
                f"{'' if said else f', rien à « {case.label(EXCEPTIONAL)} »'}. Demandez ce qui est prévu.",
                who=Who.SCOLARITE,
            )
    for path, _, words in half_days(case.data):
        if _is_night(words):
            yield case.finding(path, f"« {_short(words)} » : une partie est la nuit. Vérifiez.", who=Who.SCOLARITE)
    yield from _of_calendar(case)


def moments_of(text: str, *, prose: bool = False) -> list[str]:
    """Which of night, Sunday and holidays a text says will happen, in this order; spans of hours count.

    ``prose``: words about something else, in which a feast by its name (« Noël ») is no day of presence.
    """
    found: set[str] = set()
    for clause in _BREAKS.split(fold(text)):
        for part in _said(clause):
            found |= {moment for moment, words in _WORDS.items() if words.search(part)}
            found |= {HOLIDAY} if _NAMED.search(part) and not prose else set()
            found |= {NIGHT} if any(_is_night(span) for span in _SPANS.findall(part)) else set()
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


def _is_night(words: str) -> bool:
    span = span_of(words)
    if span is None:
        return False
    return span.ends <= span.begins or span.begins < _MORNING or span.ends > _EVENING


def _of_calendar(case: Case) -> Findings:
    days, text = case.days.exceptional if case.days else {}, case.text(EXCEPTIONAL)
    if not days:
        return
    planned = f"le calendrier prévoit {day_names(days)} (dimanche ou jour férié)"
    if text and not moments_of(text):
        yield case.finding(
            EXCEPTIONAL,
            f"« {_short(text)} », or {planned}. Écrivez-le, ou déplacez ces jours.",
            Severity.BLOCKING,
        )
    elif not text:
        yield case.finding(
            EXCEPTIONAL,
            f"rien n’est écrit, or {planned}. La convention dira ces jours : vérifiez qu’ils sont voulus.",
        )


def _around(text: str, moment: str) -> str:
    """The words around the first place of a text that speaks of a moment."""
    plain = " ".join(text.split())
    match = _WORDS[moment].search(fold(plain))
    at = match.start() if match else 0
    return _short(plain[max(at - 40, 0) : at + 40].strip())


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 100 else f"{plain[:99]}…"
