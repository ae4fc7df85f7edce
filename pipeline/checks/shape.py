"""Rules F-01, F-03, L-01, L-02 and L-19: answers that are missing, wrong or doubtful, and the law's mentions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from pipeline.checks.case import WEEK, Case, Finding, Findings, NotApplicable
from pipeline.checks.messages import missing_message, quote
from pipeline.checks.readiness import unmet_mentions
from pipeline.checks.registry import Rule, legal
from pipeline.core.folding import fold
from pipeline.core.law import REFUSED, STUDENTS, as_date
from pipeline.core.models import Severity, Who
from pipeline.core.remarks import STRAY_RULE

_REGIME = "stagiaire.regime"
_PAYMENT = "gratification.modalite"
_AGES = range(14, 81)
_PAYER = "employeur.financeur"
_ONESELF = re.compile(r"\bcpf\b|compte personnel|auto ?-?financ|\b(?:moi|elle|lui)[- ]meme\b|personnel|neant|aucun")


def required_answers(case: Case) -> Findings:
    """Every required answer is there, except the régime (L-01) and the mentions of the law (L-02)."""
    for path in case.shape.missing:
        if path == WEEK and not _was_asked(case, path):
            yield from _unasked_week(case)
        elif path != _REGIME and not _is_mention(case, path):
            yield Finding(path, _missing(case, path))


def _was_asked(case: Case, path: str) -> bool:
    """Whether the form has a place for it; an older blank, or a school’s, may not."""
    return case.reading.layout is None or any(entry.path == path for entry in case.reading.fields)


def _missing(case: Case, path: str) -> str:
    return missing_message(path, case.dictionary, asked=_was_asked(case, path))


def _unasked_week(case: Case) -> Findings:
    """A form that does not ask for the week may say the days otherwise; it is not sent back for that."""
    if case.days is None or case.days.is_assumed:
        yield case.finding(
            WEEK,
            "ce formulaire ne posait pas la question, et ne dit les jours de présence d’aucune autre manière : les "
            "documents sont établis sans calendrier. Demandez ces jours au stagiaire.",
            Severity.WARNING,
            Who.SCOLARITE,
        )


REQUIRED_ANSWERS = Rule(
    "F-01",
    "Réponses obligatoires du formulaire",
    "formulaire préalable",
    Severity.BLOCKING,
    overridable=False,
    check=required_answers,
)


def stray_text(case: Case) -> Findings:
    """Nothing was written or drawn on the pages away from any answer: beside one, it is a doubt of that answer."""
    remarks = case.reading.strays
    if not remarks and not case.reading.layout:
        raise NotApplicable
    for note in remarks:
        if note.doubt is None:
            yield Finding(None, note.text, Severity.INFO, Who.SCOLARITE)
    for page in (one for one in case.reading.remarks if one.is_page):
        yield Finding(
            None,
            f"La page {page.page} n’est pas du formulaire (« {page.text} »). Elle est gardée à part, en PDF, et "
            "« show » dit où. Si c’est une pièce de la liasse, joignez-la par « join » ; si elle change une réponse, "
            "corrigez-la par « confirm » ; puis levez cette règle.",
            who=Who.SCOLARITE,
            waits=True,
        )
    if strays := [one for one in case.reading.remarks if not one.is_page]:
        quoted = ", ".join(f"« {one.text} »{f' (page {one.page})' if one.page else ''}" for one in strays[:5])
        yield Finding(
            None,
            f"Du texte que le formulaire n’explique pas : {quoted}. Relisez le formulaire reçu : si ce texte change "
            "une réponse, corrigez-la par « confirm » ; sinon, levez cette règle.",
            who=Who.SCOLARITE,
            waits=True,
        )


STRAY_TEXT = Rule(
    STRAY_RULE,
    "Texte hors des cases",
    "formulaire préalable",
    Severity.BLOCKING,
    overridable=True,
    check=stray_text,
    once=True,
)


@legal("L-01", "Statut du stagiaire déclaré", Severity.BLOCKING, "C. éduc., L124-1 ; C. trav., L6342-1 s.")
def regime_declared(case: Case) -> Findings:
    """The régime is never guessed: it decides the law that applies and who signs. An alternant has no convention.

    Who pays for themselves and names a financeur is looked at: the papers would be sent to it.
    """
    if _REGIME in case.shape.missing:
        yield Finding(_REGIME, _missing(case, _REGIME))
    elif case.regime in REFUSED:
        yield case.finding(
            _REGIME,
            "un alternant est salarié, son contrat (apprentissage ou professionnalisation) "
            "tient lieu de cadre et une convention de stage ne peut pas être établie. "
            "Si la case a été cochée par erreur, corrigez le statut ; sinon, voyez la scolarité.",
        )
    elif case.regime == "FPC_AUTOFINANCE" and case.text(_PAYER) and not _ONESELF.search(fold(case.text(_PAYER))):
        yield case.finding(
            _PAYER,
            f"{quote(case.text(_PAYER))}, or le statut coché est la formation autofinancée. Vérifiez qui paie, et le "
            "statut.",
            Severity.WARNING,
            Who.SCOLARITE,
        )


@legal("L-02", "Mentions obligatoires de la convention", Severity.BLOCKING, "C. éduc., D124-4", regimes=STUDENTS)
def mandatory_mentions(case: Case) -> Findings:
    """Each mention of D124-4 is provided: by the form, or by the school's settings, without which it is a projet.

    A gratification comes with the way it is paid (8°).
    """
    for path in case.shape.missing:
        if _is_mention(case, path):
            yield _mention(case, path, case.dictionary.fields[path].mention)
    granted = case.get("gratification.prevue") is True
    if granted and case.get(_PAYMENT) is None and not case.is_doubted(_PAYMENT):
        yield _mention(case, _PAYMENT, "8°")
    yield from unmet_mentions(case)


def _mention(case: Case, path: str, number: str | None) -> Finding:
    return Finding(
        path,
        f"{_missing(case, path)} Mention obligatoire de la convention "
        f"({number} de l’article D124-4 du Code de l’éducation).",
    )


@legal("L-19", "Réponses lisibles et exactes", Severity.BLOCKING, "schéma du formulaire")
def well_formed(case: Case) -> Findings:
    """SIRET, telephone numbers, postcodes, e-mails, dates and choices are right, and nothing read is doubtful."""
    yield from case.shape.wrong
    yield from _dates(case)
    yield from _age(case)


def _is_mention(case: Case, path: str) -> bool:
    return case.regime in STUDENTS and case.dictionary.fields[path].mention is not None


def _dates(case: Case) -> Findings:
    for path, day in _days_of_stage(case):
        if not case.is_near(day):
            yield case.finding(path, f"l’année {day.year} n’est pas vraisemblable. Corrigez la date.")
    if case.start and case.end and case.end < case.start:
        yield case.finding(
            "stage.date_fin",
            f"le {case.end:%d/%m/%Y} vient avant le début ({case.start:%d/%m/%Y}). Corrigez l’une des deux dates.",
        )
    for path in ("signatures.stagiaire_le", "signatures.tuteur_le"):
        signed = case.date(path)
        if signed and signed > case.today:
            yield case.finding(
                path, f"le {signed:%d/%m/%Y} n’est pas encore passé. Corrigez la date.", Severity.WARNING
            )


def _days_of_stage(case: Case) -> Iterator[tuple[str, dt.date]]:
    lines = case.get("stage.calendrier")
    listed = [line.get("date") for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    written = [("stage.date_debut", case.get("stage.date_debut")), ("stage.date_fin", case.get("stage.date_fin"))]
    for path, value in (*written, *(("stage.calendrier", value) for value in listed)):
        day = as_date(value)
        if day is not None:
            yield path, day


def _age(case: Case) -> Findings:
    if case.age is not None and case.age not in _AGES:
        yield case.finding(
            "stagiaire.date_naissance",
            f"elle donnerait {case.age} ans au début du stage. Corrigez la date de naissance.",
            who=Who.STAGIAIRE,
        )
