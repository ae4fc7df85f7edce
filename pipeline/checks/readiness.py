"""Rule F-05 and its part of L-02: what is missing before anybody can sign; until then the packet is a projet.

A party without a name, a signatory who cannot be reached, a mention that only the school can give, a piece whose PDF
is not there. What the form itself must say is asked of its sender by F-01 and L-02.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.case import Case, Finding, Findings
from pipeline.checks.phrasing import and_list
from pipeline.checks.registry import Rule
from pipeline.checks.setting_formats import fault_of
from pipeline.core.formation import Formation
from pipeline.core.law import STUDENTS, is_minor
from pipeline.core.models import Severity, Who, get
from pipeline.core.school import LOGO, SETTINGS, STUDENT_MENTIONS, Setting

_LOGO = "Logo de l’établissement"


def missing_of(formation: Formation) -> Iterator[str]:
    """What the packets of a formation cannot be signed without, one French sentence each, names of settings in it."""
    for setting, fault in faulty_settings(formation):
        if fault or (setting.needed and not formation.asks(setting.key)):
            yield f"{setting.label} ({setting.key}){f' : {fault}' if fault else ''}"
    for piece in formation.pieces():
        if piece.pdf in formation.absent:
            yield f"{piece.title} : {formation.unfit.get(piece.pdf, f'le PDF manque ({piece.pdf})')}"
    if LOGO in formation.unfit:
        yield f"{_LOGO} : {formation.unfit[LOGO]}"


def faulty_settings(formation: Formation) -> Iterator[tuple[Setting, str]]:
    """The settings that are empty, optional ones too, and with what is wrong in French those that do not suit."""
    for setting in SETTINGS:
        value = get(formation.settings, setting.key)
        if value in (None, ""):
            yield setting, ""
        elif fault := fault_of(setting, value):
            yield setting, fault


def unmet_mentions(case: Case) -> Findings:
    """The mentions of D124-4 that the school's settings give and nobody has given yet."""
    for setting in _empty(case):
        if setting.mention:
            yield _missing(case, setting, f", mention obligatoire ({setting.mention} de l’article D124-4)")


def ready_to_sign(case: Case) -> Findings:
    """Parties and signatories are named and can be reached, the settings are well written, each piece is there."""
    for setting in _empty(case):
        if setting.needed and not (setting.mention and case.regime in STUDENTS):  # L-02 tells those
            yield _missing(case, setting)
    yield from _ill_written(case)
    yield from _absent_pieces(case)
    yield from _unnamed(case)


READY_TO_SIGN = Rule(
    "F-05",
    "Parties, signataires et pièces de la liasse",
    f"{STUDENT_MENTIONS} ; réglages de l’établissement",
    Severity.DRAFT,
    overridable=False,
    check=ready_to_sign,
)


def _empty(case: Case) -> Iterator[Setting]:
    """The settings that are empty, but for what a school's own form says of its référent."""
    yield from (one for one in case.formation.empty_settings() if not case.text(one.key))


def _missing(case: Case, setting: Setting, why: str = "") -> Finding:
    return _ours(case, setting, f"{setting.label} ({setting.key}) manque{why}")


def _ill_written(case: Case) -> Findings:
    for setting, fault in faulty_settings(case.formation):
        if fault:
            yield _ours(case, setting, f"{setting.label} ({setting.key}), {fault}")


def _absent_pieces(case: Case) -> Findings:
    for piece in case.pieces:
        if piece.pdf in case.formation.absent:
            why = case.formation.unfit.get(piece.pdf, "son PDF manque")
            yield _draft(f"{piece.title}, {why} : liasse setup {case.formation.code} --referentiel FICHIER")
    if LOGO in case.formation.unfit:
        yield _draft(f"{_LOGO}, {case.formation.unfit[LOGO]} : liasse setup --logo FICHIER")


def _unnamed(case: Case) -> Findings:
    """Signatories whom the form names: a family and a given name, and an e-mail."""
    roles = {role for piece in case.pieces for role in piece.signataires}
    minor = is_minor(case.data, case.today, case.law.majority)
    for party in case.formation.signataires(case.regime or "", minor=minor):
        path = party.person
        title = party.title
        if party.role == "stagiaire" and minor:
            path, title = "stagiaire.representant_legal", f"{title}, par son représentant légal"
        if party.role not in roles or path.split(".")[0] in ("etablissement", "referent"):
            continue
        absent = list(_absent_answers(case, path))
        if absent:
            yield Finding(
                path if path in case.dictionary.titles else None,
                f"{title} : {and_list(absent)} à donner, sans quoi cette personne ne peut pas signer.",
                Severity.DRAFT,
                Who.SCOLARITE,
            )


def _absent_answers(case: Case, path: str) -> Iterator[str]:
    for name, said in (("nom", "nom"), ("prenom", "prénom"), ("courriel", "courriel")):
        if not case.text(f"{path}.{name}"):
            yield said


def _ours(case: Case, setting: Setting, message: str) -> Finding:
    return _draft(f"{message} : {case.formation.asked_by(setting)}")


def _draft(message: str) -> Finding:
    return Finding(None, message, Severity.DRAFT, Who.SCOLARITE)
