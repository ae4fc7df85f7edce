"""Rules about the gratification: due or not, not under the minimum, not over it in public law, the year's ceiling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from pipeline.checks.case import Case, Finding, Findings, NotApplicable, known
from pipeline.checks.formats import is_siret
from pipeline.checks.registry import legal
from pipeline.core.french import euros, hours, long_date, siret
from pipeline.core.grammar import capital
from pipeline.core.gratification import Gratification, gratification
from pipeline.core.law import CONTINUING, STUDENTS, cents, is_abroad, is_host_abroad
from pipeline.core.minutes import to_the_minute
from pipeline.core.models import Severity, Who

_GRANT = "Ajoutez gratification.prevue=oui à la demande"
_GRANTED, _AMOUNT, _UNIT = "gratification.prevue", "gratification.montant", "gratification.unite"
_SOURCE = "C. éduc., L124-6 et D124-8"
_ADD = "Ajoutez l’année à etablissement/commun/droit.toml (bloc [[plafonds]])"


@legal("L-04", "Gratification due et suffisante", Severity.BLOCKING, _SOURCE, regimes=STUDENTS)
def enough(case: Case) -> Findings:
    """Strictly above 308 hours, at least 15 % of the plafond horaire an hour; an amount comes with its unit.

    While the ceiling of its year is not published, an amount is held to the newest that is: it does not go down.
    The hours are those that follow one another, or of one teaching year (L124-6; where only this keeps a long stage
    from being due: L-31). An organisme whose seat and whose place of stage are abroad owes none: a person looks.
    """
    pay = gratification(case.law, case.data, case.days)
    doubted = any(entry.path.startswith("gratification.") for entry in case.reading.doubts)
    if case.presence is None or _GRANTED in case.shape.missing or doubted:
        raise NotApplicable
    yield from _incomplete(case)
    if case.get(_GRANTED) is False:
        yield from _not_granted(case, pay)
    if pay.agreed is not None and not pay.agreed.exact:
        yield case.finding(
            _UNIT,
            f"le montant n’est pas horaire{_uneven(case)} ; il a été rapporté à {_base(case, pay)} (D124-6), "
            f"soit {euros(pay.hourly or pay.agreed.hourly)} de l’heure. Vérifiez avec l’organisme.",
            Severity.WARNING,
            Who.SCOLARITE,
        )
    yield from _from_the_first_hour(case, pay)
    if pay.due and pay.agreed is not None and pay.least is not None:
        floor = pay.agreed.floor(pay.least)
        if pay.agreed.amount < floor:
            yield case.finding(
                _AMOUNT,
                f"{euros(pay.agreed.amount)} pour {_base(case, pay)}, au-dessous du minimum "
                f"de {euros(floor)}{_of_before(pay)}. {capital(_why(case, pay))} "
                f"{_advised(case, 'Relevez le montant', 'Relevez-le : gratification.montant=MONTANT')}.",
            )


@legal(
    "L-31",
    "Gratification d’un stage de plus de deux mois, tenue pour non due",
    Severity.BLOCKING,
    _SOURCE,
    overridable=True,
    regimes=STUDENTS,
)
def held_not_due(case: Case) -> Findings:
    """Above 308 hours in all, in no run and no teaching year: less than the minimum waits for a person.

    That its weeks do not follow one another, or are of two teaching years, is our reading of L124-6.
    """
    pay, whole = gratification(case.law, case.data, case.days), known(case.presence)
    exempt = case.formation.code in case.law.exempt or is_host_abroad(case.data)
    if exempt or pay.due or whole <= case.law.threshold or _GRANTED in case.shape.missing:
        raise NotApplicable
    if pay.least is None or pay.counted is None:  # L-07 says so
        return
    if pay.agreed is not None and pay.agreed.amount >= pay.agreed.floor(pay.least):
        return
    limit, granted = hours(case.law.threshold), euros(pay.agreed.amount) if pay.agreed else "aucune"
    yield case.finding(
        _GRANTED,
        f"{granted}, pour un stage de {hours(whole)} (plus de {limit}) ; elle est tenue pour non due : ses semaines "
        f"ne font {limit} ni à la suite, ni la même année d’enseignement (au plus {hours(pay.counted)}). Vérifiez "
        f"avec l’organisme ({euros(pay.least)} de l’heure au moins, si elle l’est), puis faites corriger ou levez "
        "cette règle.",
        who=Who.SCOLARITE,
        waits=True,
    )


@legal("L-05", "Gratification plafonnée en droit public", Severity.BLOCKING, "C. éduc., D124-8", regimes=STUDENTS)
def not_too_much(case: Case) -> Findings:
    """An organisme of public law may not grant more than the legal rate.

    While the rate of its year is not published, it is held to the newest that is.
    """
    pay = gratification(case.law, case.data, case.days)
    if case.get("organisme.droit_public") is not True or pay.agreed is None or pay.least is None:
        raise NotApplicable
    ceiling = pay.agreed.floor(pay.least)
    if pay.agreed.amount > ceiling:
        yield case.finding(
            _AMOUNT,
            f"{euros(pay.agreed.amount)} pour {_base(case, pay)}, or un organisme de droit public "
            f"ne peut dépasser {euros(ceiling)} ({euros(pay.least)} de l’heure{_cap_of_before(pay)}). "
            "Ramenez le montant à ce taux.",
        )


@legal(
    "L-06", "Gratification en formation continue", Severity.WARNING, "C. éduc., L124-1 (champ)", regimes=CONTINUING
)
def unexpected(case: Case) -> Findings:
    """Outside formation initiale no gratification is due: an amount is verified by a person, and printed."""
    if case.get(_GRANTED) is True or case.number(_AMOUNT):
        yield case.finding(
            _GRANTED,
            "une gratification est indiquée, or aucune n’est due pour ce statut (formation continue). La convention "
            "l’imprime comme un versement facultatif : vérifiez le statut et ce que l’organisme veut verser.",
            who=Who.SCOLARITE,
        )


@legal("L-28", "Montant écrit, montant imprimé", Severity.BLOCKING, "C. éduc., D124-4 (8°)")
def amount_as_answered(case: Case) -> Findings:
    """No amount read is left out of the papers: it goes with « oui » and, outside formation initiale, has its unit.

    For a student L-04 asks for the amount and the unit.
    """
    amount = case.number(_AMOUNT)
    if case.get(_GRANTED) is False and amount:
        yield case.finding(
            _AMOUNT,
            f"{euros(amount)} sont écrits, or « Non » est coché à « Une gratification est-elle prévue ? ». "
            f"{_advised(case, 'Cochez « Oui », ou effacez le montant', _GRANT)}.",
        )
    elif amount and case.get(_GRANTED) is None and not (case.is_doubted(_GRANTED) or _GRANTED in case.shape.missing):
        yield case.finding(
            _GRANTED,
            f"{euros(amount)} sont écrits, et rien n’est coché : le montant ne serait pas imprimé. "
            f"{_advised(case, 'Cochez « Oui », ou effacez le montant', _GRANT)}.",
        )
    elif case.regime in CONTINUING:
        yield from _incomplete(case)


@legal("L-07", "Plafond de la sécurité sociale connu", Severity.WARNING, _SOURCE, regimes=STUDENTS)
def ceiling_known(case: Case) -> Findings:
    """The table of ceilings has the year of the stage; a stage across two years with two minimums is a remark."""
    pay = gratification(case.law, case.data, case.days)
    if pay.year is None or not (pay.due or pay.agreed):
        raise NotApplicable
    years = {day.year for day in (case.start, case.end) if day is not None}
    others = {case.law.ceilings[year].hourly for year in years if year in case.law.ceilings}
    if pay.ceiling is None:
        yield Finding(
            _AMOUNT,
            f"Gratification : le plafond horaire de {pay.year} n’est pas encore connu ; {_held_to(pay)} "
            f"{_ADD} dès que l’arrêté est publié ; d’ici là, vérifiez le montant à la main.",
            who=Who.SCOLARITE,
        )
    elif len(years) > 1 and others != {pay.ceiling}:
        yield Finding(
            _AMOUNT,
            "Gratification : le stage va d’une année à l’autre et le plafond change ; le minimum est celui de "
            f"{pay.year} ({euros(pay.minimum or pay.ceiling)} de l’heure). "
            "Vérifiez avec l’organisme s’il le réévalue.",
            Severity.INFO,
            Who.SCOLARITE,
        )


def _advised(case: Case, on_form: str, by_avenant: str) -> str:
    """What to do: on the form, or in the words of « liasse amend » where an avenant is held against the rule."""
    return by_avenant if case.since else on_form


def _from_the_first_hour(case: Case, pay: Gratification) -> Findings:
    """An avenant after which it is due: what was done before is paid too (L124-6, « pour chaque heure »)."""
    rates = case.since.rates if case.since else ()
    if not pay.due or pay.least is None or case.get(_GRANTED) is False:
        return
    for day, rate in rates[:-1]:
        if cents(rate) < pay.least:
            yield case.finding(
                _AMOUNT,
                f"{euros(cents(rate))} de l’heure {_until(rates, day)}, or elle est due dès la première heure, à "
                f"{euros(pay.least)} au moins. {capital(_why(case, pay))} Demandez-la du premier jour : "
                "gratification.montant=MONTANT --from PREMIER-JOUR --motive correction.",
            )


def _until(rates: Sequence[tuple[dt.date, Decimal]], day: dt.date) -> str:
    after = next(since for since, _ in rates if since > day)
    return f"avant le {long_date(after)}"


def _of_before(pay: Gratification) -> str:
    """What is said of a minimum that is the one of a year before."""
    if pay.minimum is not None:
        return ""
    return f", celui de {pay.held_to} : le minimum de {pay.year} n’est pas encore connu, il ne sera pas plus bas"


def _cap_of_before(pay: Gratification) -> str:
    return "" if pay.minimum is not None else f", taux de {pay.held_to} : celui de {pay.year} n’est pas encore connu"


def _held_to(pay: Gratification) -> str:
    if pay.least is None:
        return "le minimum n’a pas été vérifié."
    return f"le montant a été comparé au minimum de {pay.held_to}, {euros(pay.least)} de l’heure, le dernier connu."


def _incomplete(case: Case) -> Findings:
    amount = case.number(_AMOUNT)
    if case.get(_GRANTED) is True and not amount and not case.is_doubted(_AMOUNT):
        yield case.finding(_AMOUNT, "la gratification est prévue, son montant manque. Écrivez-le.")
    elif case.get(_GRANTED) is not False and amount and case.get(_UNIT) is None and not case.is_doubted(_UNIT):
        yield case.finding(_UNIT, "le montant est-il par heure, jour, mois, ou pour tout le stage ? Cochez une case.")


def _not_granted(case: Case, pay: Gratification) -> Findings:
    """« Non » where it is due, or where a long stage abroad is held not to owe it: a person should know."""
    if pay.due:
        yield case.finding(_GRANTED, f"« Non », or elle est due : {_why(case, pay)} Cochez « Oui » et le montant.")
        return
    if is_host_abroad(case.data) and case.presence is not None and case.presence > case.law.threshold:
        why = "l’organisme est à l’étranger"
        if is_siret(number := case.text("organisme.siret")):
            why += f", bien que le formulaire lui donne le SIRET français {siret(number)} : voyez quel établissement "
            why += "accueille le stage"
        yield case.finding(
            _GRANTED,
            f"« Non », pour un stage de {hours(case.presence)} (plus de {hours(case.law.threshold)}) ; elle est "
            f"tenue pour non due : {why}. Vérifiez.",
            Severity.WARNING,
            Who.SCOLARITE,
        )


def _uneven(case: Case) -> str:
    return ", et les jours n’ont pas tous 7 h" if case.get(_UNIT) == "jour" and case.days else ""


def _why(case: Case, pay: Gratification) -> str:
    whole, counted, limit = case.presence, pay.counted, hours(case.law.threshold)
    years = case.days.by_year.values() if case.days and not case.days.is_assumed else ()
    if years and counted is not None and max(years) <= case.law.threshold:
        reason = f"le stage compte {hours(counted)} à la suite, plus de {limit}, même sur deux années d’enseignement"
    elif counted is None or whole is None or counted == whole:
        reason = f"le stage dure {hours(whole or case.law.threshold)}, plus de {limit}"
    else:
        reason = f"le stage compte {hours(counted)} à la suite, ou la même année d’enseignement, plus de {limit}"
    if is_abroad(case.data):
        reason += " (le siège de l’organisme est en France)"
    if pay.minimum is None or pay.minimum_total is None:
        return f"{reason}."
    return (
        f"{reason}, le minimum de {pay.year} est de {euros(pay.minimum)} de l’heure "
        f"(soit {euros(pay.minimum_total)} pour le stage)."
    )


def _base(case: Case, pay: Gratification) -> str:
    """« 154 h », « un jour de 7 h de présence »: what the amount written on the form pays."""
    if pay.agreed is None:
        return ""
    found = hours(to_the_minute(pay.agreed.hours))
    return f"un jour de {found} de présence" if case.get(_UNIT) == "jour" else found
