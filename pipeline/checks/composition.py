"""Rules decided by the formation itself: the pieces of its packet, who signs them, its settings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from pipeline.checks.case import Case, Finding, Findings, NotApplicable, known
from pipeline.checks.messages import quote
from pipeline.checks.parameters import Texts, Themes
from pipeline.checks.phrasing import and_list
from pipeline.checks.registry import LooksAt, Rule, control, legal
from pipeline.core.folding import fold
from pipeline.core.french import hours, long_date
from pipeline.core.law import STUDENTS
from pipeline.core.models import Severity, Who
from pipeline.core.school import Setting, SettingKind
from pipeline.core.units import Piece


def _pieces(case: Case) -> tuple[Piece, ...]:
    """The pieces of the packet; which they are is not known of a form that says no status, or not surely."""
    known(case.regime)
    return case.pieces


@control("Statut admis dans la formation")
def statuts_admis(case: Case, *, statuts: Texts) -> Findings:
    """The status that was ticked is one that the formation takes: it has no convention for another."""
    path = "stagiaire.regime"
    regime = known(case.regime)
    if regime not in statuts:
        choices = case.dictionary.fields[path].choices
        yield case.finding(
            path,
            f"{quote(choices.get(regime, regime))} n’est pas un statut de cette formation "
            f"({and_list(f'« {choices.get(name, name)} »' for name in statuts)}). Corrigez la case ; si c’est bien "
            "votre statut, voyez la scolarité.",
        )


@control("Âge admis dans la formation")
def age_admis(case: Case, *, minimum: int = 0, maximum: int = 150) -> Findings:
    """The age on the first day of the stage is within what the formation takes, in whole years."""
    age = known(case.age)
    if not minimum <= age <= maximum:
        limits = f"de {minimum} ans au moins" if age < minimum else f"de {maximum} ans au plus"
        yield case.finding(
            "stagiaire.date_naissance",
            f"elle donne {age} ans au premier jour du stage, or la formation demande un stagiaire {limits}. Vérifiez "
            "les deux dates ; si elles sont justes, voyez la scolarité.",
        )


@control("Documents du dossier", LooksAt.SETTINGS)
def pieces_presentes(case: Case, *, documents: Texts) -> Findings:
    """The packet of this status holds every one of these documents."""
    absent = [code for code in documents if code not in {piece.code for piece in _pieces(case)}]
    if absent:
        yield _ours(f"Dossier : il manque {and_list(absent)}. Ajoutez-les à [[documents]].")


@control("Annexes dans l’ordre", LooksAt.SETTINGS)
def annexes_dans_l_ordre(case: Case, *, documents: Texts) -> Findings:
    """The packet of this status holds these documents, in this order."""
    found = [piece.code for piece in _pieces(case) if piece.code in documents]
    if found != list(documents):
        order = f"annexes attendues {and_list(documents)}, trouvées {and_list(found) or 'aucune'}"
        yield _ours(f"Dossier : {order}. Corrigez [[documents]].")


@control("Titres des annexes", LooksAt.SETTINGS)
def titres_des_pieces(case: Case, *, titres: Themes) -> Findings:
    """The title of each document holds all its usual names: ``titres`` maps a document to them."""
    for piece in _pieces(case):
        absent = [name for name in titres.get(piece.code, ()) if fold(name) not in fold(piece.title)]
        if absent:
            yield _ours(f"Dossier : le titre « {piece.title} » ne dit pas aussi « {and_list(absent)} ».")


@control("Signataires d’un document", LooksAt.SETTINGS)
def signataires_du_document(case: Case, *, document: str, roles: Texts) -> Findings:
    """The document is signed at least by these roles."""
    found = known(next((piece for piece in _pieces(case) if piece.code == document), None))
    parties = {party.role for party in case.formation.signataires(case.regime or "")}
    absent = [role for role in roles if role not in parties & set(found.signataires)]
    if absent:
        yield _ours(f"{found.title} : il manque la signature de {and_list(absent)}.")


@control("Modèle relu pour la session", LooksAt.SETTINGS)
def version_du_modele(case: Case, *, modifie_le: dt.date) -> Findings:
    """A template last changed before the session’s year is to be read again."""
    if modifie_le < dt.date(int(case.session.annee[:4]), 9, 1):
        change = f"modifiée le {long_date(modifie_le)}, avant la session {case.session.annee}"
        yield _ours(f"Commande de stage : {change}. Relisez-la, puis changez « modifie_le » dans la formation.")


@control("Réglages facultatifs de l’établissement", LooksAt.SETTINGS)
def reglages_complets(case: Case) -> Findings:
    """No optional setting is empty: an empty one is left out of the papers. Those that are needed: rule F-05."""
    empty = [
        one.label for one in case.formation.empty_settings() if not one.needed and not _shown_elsewhere(case, one)
    ]
    if empty:
        yield Finding(
            None,
            f"Réglages facultatifs sans valeur, absents des documents : {and_list(empty)}. Pour les donner : "
            "liasse setup",
            who=Who.SCOLARITE,
        )


def _shown_elsewhere(case: Case, setting: Setting) -> bool:
    """Whether nobody misses it: a civilité, or what the form says."""
    return setting.kind is SettingKind.CIVILITY or bool(case.text(setting.key))


def joined_pieces(case: Case) -> Findings:
    """Every file that a person joins to the packet, whatever the other rules say, has been joined."""
    for piece in case.pieces:
        if piece.joined and piece.only_if_rule is None and case.decisions.file_for(piece.code) is None:
            text = (
                f"Pièce à joindre : « {piece.title} » (liasse join DOSSIER FICHIER.pdf --as {piece.code} --by NOM)."
            )
            yield replace(_ours(text), waits=True)


JOINED_PIECES = Rule(
    "F-04",
    "Fichiers joints",
    "[[documents]] de la formation",
    Severity.BLOCKING,
    overridable=False,
    check=joined_pieces,
)


@legal(
    "L-14",
    "Volume de la formation",
    Severity.WARNING,
    "C. éduc., L124-3 et D124-2",
    regimes=STUDENTS,
    looks_at=LooksAt.SETTINGS,
)
def enough_teaching(case: Case) -> Findings:
    """The cursus has at least 200 hours a year; not decided while the formation does not say its volume."""
    volume = case.formation.settings.get("volume_horaire")
    if isinstance(volume, str) or volume is None:  # L-02 asks for it
        raise NotApplicable
    total = Decimal(str(volume))
    if total < case.law.least_volume:
        yield _ours(
            f"Formation : {hours(total)} par an, {hours(case.law.least_volume)} au moins sont demandées "
            "pour un stage d’étudiant. Vérifiez le volume ou le statut."
        )


def _ours(message: str) -> Finding:
    return Finding(None, message, who=Who.SCOLARITE)
