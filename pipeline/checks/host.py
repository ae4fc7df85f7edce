"""Rules about the organisme d’accueil: one structure, its sector, how many it hosts, abroad, the insurance."""

from __future__ import annotations

import re

from pipeline.checks.case import Case, Findings, NotApplicable, known
from pipeline.checks.messages import quote
from pipeline.checks.parameters import Texts
from pipeline.checks.phrasing import and_list
from pipeline.checks.registry import control, legal
from pipeline.core.folding import fold
from pipeline.core.french import long_date, siret
from pipeline.core.law import CONTINUING, STUDENTS, country_of, is_abroad
from pipeline.core.models import Severity, Who
from pipeline.core.units import COUNTRY_SHEET

_SIRET = "organisme.siret"
_SEPARATORS = re.compile(r"[\s.\u00a0\u202f-]")


@control("Une seule structure d’accueil")
def structure_unique(case: Case) -> Findings:
    """The whole stage takes place in one structure: one SIRET stands on the form."""
    numbers = {
        number
        for entry in case.reading.fields
        if entry.path == _SIRET
        for number in re.findall(r"\d{14}", _SEPARATORS.sub("", f"{entry.raw}|{entry.value}"))
    }
    written = known(numbers or None)
    if len(written) > 1:
        yield case.finding(
            _SIRET,
            f"plusieurs établissements sont indiqués ({and_list(siret(number) for number in sorted(written))}), "
            "or le stage se fait dans une seule structure. Gardez celle qui accueille.",
        )


@legal(
    "L-33", "Structure d’accueil distincte de l’établissement", Severity.WARNING, "C. éduc., L124-1 et D124-4 (champ)"
)
def host_is_not_the_school(case: Case) -> Findings:
    """The organisme d’accueil is another party than the school: one SIRET for both is shown to a person."""
    school = case.formation.settings["etablissement"].get("siret")
    if known(case.text(_SIRET) or None) == known(school or None):
        yield case.finding(
            _SIRET,
            "c’est celui de l’établissement de formation : la structure d’accueil et l’établissement seraient une "
            "seule partie, qui signerait deux fois. Vérifiez qui accueille le stage, et qui signe pour chacun.",
            who=Who.SCOLARITE,
        )


@control("Secteur de l’organisme")
def secteur_parmi(case: Case, *, secteurs: Texts) -> Findings:
    """The organisme’s sector is one of ``secteurs`` (values of the schema)."""
    path = "organisme.secteur"
    found = known(case.get(path))
    if found not in secteurs:
        choices = case.dictionary.fields[path].choices
        yield case.finding(
            path,
            f"{quote(choices.get(str(found), found))} n’est pas dans le domaine de la formation "
            f"({and_list(f'« {choices.get(name, name)} »' for name in secteurs)}). "
            "Corrigez la case, ou expliquez à la scolarité en quoi l’organisme en relève.",
        )


@legal(
    "L-12",
    "Nombre de stagiaires par tuteur et par organisme",
    Severity.WARNING,
    "C. éduc., L124-8, L124-10 et R124-10",
    regimes=STUDENTS | CONTINUING,
)
def not_too_many(case: Case) -> Findings:
    """With this one, at most three stagiaires by tuteur, and 15 % of the staff (three under twenty) in the organisme.

    The numbers are those declared: others already there. A remark outside formation initiale.
    """
    severity = None if case.regime in STUDENTS else Severity.INFO
    limits = case.law.hosting
    tutor, host = "tuteur.stagiaires_en_cours", "organisme.stagiaires_en_cours"
    by_tutor, by_host, staff = case.number(tutor), case.number(host), case.number("organisme.effectif")
    if by_tutor is None and (by_host is None or staff is None):
        raise NotApplicable
    if by_tutor is not None and by_tutor + 1 > limits.by_tutor:
        yield case.finding(
            tutor,
            f"avec celui-ci, {by_tutor + 1} stagiaires pour {limits.by_tutor} au plus. Désignez un autre tuteur.",
            severity,
        )
    if by_host is not None and staff is not None and by_host + 1 > limits.quota(int(staff)):
        yield case.finding(
            host,
            f"avec celui-ci, {by_host + 1} stagiaires pour {limits.quota(int(staff))} au plus "
            f"dans un organisme de {staff} personnes. Vérifiez auprès de l’organisme.",
            severity,
        )


@legal("L-16", "Assurance pendant tout le stage", Severity.WARNING, "C. éduc., D124-4 (9°)", regimes=STUDENTS)
def insured_throughout(case: Case) -> Findings:
    """The civil liability insurance runs until the last day of the stage, or is to be renewed before it ends.

    One that ends before the first day covers nothing of what the convention says is covered: it blocks.
    """
    path = "assurance_rc.expire_le"
    until, end = known(case.date(path)), known(case.end)
    if case.start is not None and until < case.start:
        yield case.finding(
            path,
            f"{long_date(until)}, avant le début du stage ({long_date(case.start)}). Renouvelez l’assurance, et "
            "écrivez la date de la nouvelle attestation.",
            Severity.BLOCKING,
        )
    elif until < end:
        yield case.finding(
            path,
            f"{long_date(until)}, avant la fin du stage ({long_date(end)}). Renouvelez l’assurance, et remettez la "
            "nouvelle attestation à la scolarité avant cette date.",
        )


@legal("L-17", "Stage à l’étranger", Severity.BLOCKING, "C. éduc., L124-20", regimes=STUDENTS)
def abroad(case: Case) -> Findings:
    """A stage outside France comes with a sheet on the rights there: it waits until the scolarité has joined it.

    A sheet that was joined for another country is not the one that is due.
    """
    if not is_abroad(case.data):
        raise NotApplicable
    path = "organisme.lieu_stage.pays" if case.get("organisme.lieu_stage.pays") else "organisme.adresse.pays"
    country, sheet = country_of(case.data), case.decisions.file_for(COUNTRY_SHEET)
    if sheet is not None and fold(sheet.country) == fold(country):
        joined = (
            f"jointe par {sheet.by} le {long_date(sheet.on)} ({sheet.pages} page{'s' if sheet.pages > 1 else ''})"
        )
        yield case.finding(path, f"{quote(country)}. Fiche d’information {joined}.", Severity.INFO, Who.SCOLARITE)
        return
    other = f" La fiche jointe est celle d’un autre pays ({quote(sheet.country)})." if sheet else ""
    yield case.finding(
        path,
        f"{quote(country)}.{other} La fiche d’information sur les droits et devoirs du stagiaire dans ce pays est "
        f"annexée à la convention : joignez-la (liasse join DOSSIER FICHIER.pdf --as {COUNTRY_SHEET} --by NOM).",
        who=Who.SCOLARITE,
        waits=True,
    )
