"""Rules about the procedure: the right form, the conditions of the diploma, the accord, the delays, the order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pipeline.checks.case import CALENDAR, Case, Finding, Findings, NotApplicable, known
from pipeline.checks.phrasing import and_list
from pipeline.checks.registry import LooksAt, control, legal
from pipeline.core.days import Days
from pipeline.core.french import long_date
from pipeline.core.immersion import immersion_phase
from pipeline.core.models import Severity, Who, get

_START = "stage.date_debut"
_TICKED = {"favorable": "favorable", "defavorable": "défavorable"}
_DECISION, _ACCORD_DATE = "accord_pedagogique.decision", "accord_pedagogique.date"


@control("Formulaire de cette formation", once=True)
def formation_reconnue(case: Case) -> Findings:
    """The form that came in is this formation’s; a form without a mark is taken at its word."""
    found = known(case.reading.formation)
    if found != case.formation.code:
        yield Finding(
            None,
            f"Formulaire : c’est celui de « {found} », pas de « {case.formation.title} ». Utilisez le bon modèle.",
            who=Who.STAGIAIRE,
        )


@control("Expérience, ou stage obligatoire")
def experience_ou_stage(case: Case, *, champ: str, mois: int) -> Findings:
    """Under ``mois`` months of experience at ``champ``, the stage is compulsory for the diploma.

    With that experience it is not: « obligatoire » beside it is a contradiction, which is asked about.
    """
    months = case.number(champ)
    if months is None or case.get("stage.obligatoire") is None:
        raise NotApplicable
    if months < mois and case.get("stage.obligatoire") is not True:
        yield case.finding(
            "stage.obligatoire",
            f"« Non », or avec {months} mois d’expérience (moins de {mois}) le stage est "
            "une condition du diplôme. Cochez « Oui », ou vérifiez l’expérience.",
        )
    elif months >= mois and case.get("stage.obligatoire") is True:
        yield case.finding(
            "stage.obligatoire",
            f"« Oui », or {months} mois d’expérience sont déclarés : à partir de {mois} mois, le stage n’est plus "
            "une condition du diplôme. Corrigez l’une des deux réponses ; si le stage vous est demandé malgré cette "
            "expérience, dites-le à la scolarité.",
            Severity.BLOCKING,
        )


@control("Phase d’immersion")
def immersion(case: Case, *, jours_min: int, jours_max: int) -> Findings:
    """The contract has a first phase of ``jours_min`` to ``jours_max`` calendar days, the stage is as long.

    Its length is the formation’s setting ``stage.phase_immersion_jours``; as the contract prints it, to a day of
    presence, it keeps within these bounds too. Its days of presence, at the rhythm of the whole stage, make a phase
    of ``jours_min`` days at least: absences may not empty it.
    """
    days = case.formation.settings["stage"].get("phase_immersion_jours", 0)
    if not jours_min <= days <= jours_max:
        yield Finding(
            None,
            f"Réglages : phase_immersion_jours = {days}, de {jours_min} à {jours_max} sont attendus. "
            "Corrigez la formation.",
            who=Who.SCOLARITE,
        )
        return
    start, end = known(case.start), known(case.end)
    if (end - start).days + 1 < days:
        yield Finding(
            "stage.date_fin", f"Dates du stage : plus courtes que l’immersion de {days} jours. Vérifiez-les."
        )
    elif case.days is not None and not case.days.is_assumed:
        yield from _immersion_as_printed(case, case.days, days, (jours_min, jours_max))


def _immersion_as_printed(case: Case, present: Days, days: int, bounds: tuple[int, int]) -> Findings:
    start, last = immersion_phase(days, present.first, present)
    length = (last - start).days + 1
    found = [day for day in present.hours if start <= day <= last]
    a_week = Decimal(present.count) / len(present.by_week)
    phase = f"du {long_date(start)} au {long_date(last)}"
    path = CALENDAR if present.is_calendar else "stage.interruptions"
    if len(found) * 7 < a_week * bounds[0]:
        count = f"{len(found)} jour{'s' if len(found) > 1 else ''} de présence" if found else "aucune présence"
        yield case.finding(
            path,
            f"{count} pendant la phase d’immersion, {phase}. Déplacez l’absence, "
            "ou voyez avec la scolarité quand se fait cette phase.",
        )
    elif not bounds[0] <= length <= bounds[1]:
        yield case.finding(
            path,
            f"avec ces jours de présence, la phase d’immersion va {phase}, soit {length} jours ; de {bounds[0]} à "
            f"{bounds[1]} sont attendus. Ajoutez un jour vers le {long_date(start + dt.timedelta(days=days - 1))}, "
            "ou voyez avec la scolarité quand finit cette phase.",
        )


@control("Accord pédagogique", once=True)
def accord_favorable(case: Case) -> Findings:
    """A favourable accord, dated on or before the edition. Without one the form waits for the responsable.

    An unfavourable accord stops the form. Applies when the formation requires an accord.
    """
    if not case.formation.accord_required:
        raise NotApplicable
    decision, day = case.get(_DECISION), case.date(_ACCORD_DATE)
    asked = case.formation.settings["accord"].get("par") or "le responsable pédagogique"
    if decision == "defavorable":
        reason = case.text("accord_pedagogique.motif")
        why = f" (motif : {reason})" if reason else ""
        yield Finding(
            _DECISION,
            f"Accord pédagogique : défavorable{why}. La convention n’est pas établie ; voyez avec {asked}.",
            who=Who.STAGIAIRE,
        )
    elif decision != "favorable":
        yield Finding(
            _DECISION,
            f"Accord pédagogique : {asked} doit se prononcer avant l’édition de la convention{_proposed(case)}.",
            waits=True,
        )
    elif day is None:
        yield Finding(
            _ACCORD_DATE,
            f"Accord pédagogique : favorable, mais sa date manque. {asked[0].upper()}{asked[1:]} l’indique.",
            waits=True,
        )
    elif day > case.today:
        yield Finding(
            _ACCORD_DATE,
            f"Accord pédagogique : daté du {long_date(day)}, après l’édition ({long_date(case.today)}). Corrigez.",
            waits=True,
        )


def _proposed(case: Case) -> str:
    """What is ticked on the form, where the formation does not take it for the accord."""
    said = _TICKED.get(str(get(case.reading.values, _DECISION)))
    return f" ; le formulaire dit « {said} », à confirmer" if said else ""


@control("Délai avant le début du stage", once=True)
def delai_avant_debut(case: Case, *, jours: int, jours_ouvres: bool = False) -> Findings:
    """The convention is edited at least ``jours`` days before the start.

    Calendar days, or with ``jours_ouvres`` Monday to Friday without public holidays.
    """
    start = known(case.start)
    left = _open_days(case, start) if jours_ouvres else (start - case.today).days
    if left < jours:
        kind = "jours ouvrés" if jours_ouvres else "jours"
        yield case.finding(
            _START,
            f"{long_date(start)}, soit {max(left, 0)} {kind} après l’édition de la "
            f"convention ({long_date(case.today)}) ; il en faut {jours} au moins (formulaire reçu le "
            f"{long_date(case.received_on)}). "
            "Reportez le début, ou demandez une dérogation à la scolarité.",
        )


@control("Ordre des étapes", once=True)
def ordre_des_etapes(case: Case) -> Findings:
    """The form is signed, then the accord is given, then the convention is edited."""
    accord = known(case.date(_ACCORD_DATE))
    late = [
        f"{case.label(path)} ({long_date(day)})"
        for path in ("signatures.stagiaire_le", "signatures.tuteur_le")
        if (day := case.date(path)) is not None and day > accord
    ]
    if late:
        yield Finding(
            _ACCORD_DATE,
            f"Accord pédagogique : daté du {long_date(accord)}, avant {and_list(late)}. "
            "Le formulaire se signe d’abord ; vérifiez ces dates.",
        )


@control("Stage trouvé avant la formation", once=True)
def recu_avant_formation(case: Case) -> Findings:
    """The form came in before the first day of the session (its window of stage, or its first day in the centre)."""
    days = (*case.session.settings.get("jours_formation", ()), case.session.start)
    first = known(min((day for day in days if day), default=None))
    if case.received_on >= first:
        yield Finding(
            None,
            f"Formulaire : reçu le {long_date(case.received_on)}, après le début de la session ({long_date(first)}).",
            who=Who.SCOLARITE,
        )


@control("Rappel", LooksAt.NOTHING, once=True)
def rappel(case: Case, *, texte: str) -> Findings:  # noqa: ARG001 -- the same words for everyone
    """A sentence of the formation, repeated on every control sheet: nothing is verified."""
    yield Finding(None, texte, Severity.INFO, Who.SCOLARITE)


@legal(
    "L-18",
    "Signatures possibles avant le début",
    Severity.BLOCKING,
    "C. éduc., L124-1 ; pratique constante",
    once=True,
)
def time_to_sign(case: Case) -> Findings:
    """A convention edited on the first day of the stage or later cannot be signed before it.

    The dates of the signatures themselves are verified when the signed packet comes back.
    """
    if case.start is None or case.start <= case.received_on:
        raise NotApplicable
    if case.today >= case.start:
        yield case.finding(
            _START,
            f"{long_date(case.start)}, or la convention est éditée le {long_date(case.today)} et "
            "doit être signée de tous avant le début. Reportez le début du stage.",
        )


@legal("L-21", "Début du stage à venir", Severity.BLOCKING, "C. éduc., L124-1 ; pratique constante", once=True)
def starts_later(case: Case) -> Findings:
    """The stage begins after the day on which the form is received."""
    start = known(case.start)
    if start <= case.received_on:
        yield case.finding(
            _START,
            f"{long_date(start)}, or le formulaire a été reçu le {long_date(case.received_on)}. "
            "Un stage ne commence pas avant sa convention : reportez les dates.",
        )


def _open_days(case: Case, start: dt.date) -> int:
    days = (case.today + dt.timedelta(days=n) for n in range(1, max((start - case.today).days, 0) + 1))
    return sum(1 for day in days if day.isoweekday() <= 5 and not case.place.holiday(day))
