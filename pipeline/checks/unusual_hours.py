"""The rule that shows night, Sunday and holiday work to a person (L-26), from words, half-days and calendar."""

from __future__ import annotations

from pipeline.checks.case import EXCEPTIONAL, Case, Findings
from pipeline.checks.moments import around, denies, is_night, moments_of, short
from pipeline.checks.phrasing import and_list, day_names
from pipeline.checks.registry import legal
from pipeline.core.half_days import half_days
from pipeline.core.law import WITHOUT_CONTRACT
from pipeline.core.models import Severity, Who

_PROSE = ("stage.sujet", "stage.objectifs", "stage.activites", "stage.projet_collectif")


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
            f"« {short(case.text(EXCEPTIONAL))} », soit une présence {and_list(said)}. La convention l’imprime : "
            "vérifiez que l’organisme y est autorisé et que le repos est gardé.",
            who=Who.SCOLARITE,
        )
    elif case.text(EXCEPTIONAL) and not said and not denies(case.text(EXCEPTIONAL)):
        yield case.finding(
            EXCEPTIONAL,
            f"« {short(case.text(EXCEPTIONAL))} » : lisez cette réponse : aucune présence la nuit, le "
            "dimanche ou un jour férié n’y a été comprise.",
            Severity.INFO,
            Who.SCOLARITE,
        )
    for path in _PROSE:
        found = moments_of(case.text(path), prose=True)
        if found:
            yield case.finding(
                path,
                f"il y est question de présence {and_list(found)} (« {around(case.text(path), found[0])} »)"
                f"{'' if said else f', rien à « {case.label(EXCEPTIONAL)} »'}. Demandez ce qui est prévu.",
                who=Who.SCOLARITE,
            )
    for path, _, words in half_days(case.data):
        if is_night(words):
            yield case.finding(path, f"« {short(words)} » : une partie est la nuit. Vérifiez.", who=Who.SCOLARITE)
    yield from _of_calendar(case)


def _of_calendar(case: Case) -> Findings:
    days, text = case.days.exceptional if case.days else {}, case.text(EXCEPTIONAL)
    if not days:
        return
    planned = f"le calendrier prévoit {day_names(days)} (dimanche ou jour férié)"
    if text and not moments_of(text):
        yield case.finding(
            EXCEPTIONAL,
            f"« {short(text)} », or {planned}. Écrivez-le, ou déplacez ces jours.",
            Severity.BLOCKING,
        )
    elif not text:
        yield case.finding(
            EXCEPTIONAL,
            f"rien n’est écrit, or {planned}. La convention dira ces jours : vérifiez qu’ils sont voulus.",
        )
