"""Rules that settings alone decide, asked before any form is: what would block every form of a status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from pipeline.checks.case import Case, NotApplicable
from pipeline.checks.phrasing import and_list
from pipeline.checks.registry import LooksAt, check_rules, formation_rules
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation
from pipeline.core.law import REFUSED, STUDENTS
from pipeline.core.models import JSON, Kind, Reading, Severity
from pipeline.core.programme import Programme
from pipeline.core.units import Piece

_REGIME = "stagiaire.regime"
# D124-4: who signs a student's convention, by where their name is.
_PARTIES = {
    "stagiaire": "le stagiaire",
    "organisme": "l’organisme d’accueil",
    "tuteur": "le tuteur",
    "referent": "l’enseignant référent",
    "etablissement": "l’établissement",
}


def admitted(formation: Formation, dictionary: Dictionary) -> tuple[str, ...]:
    """The statuses that a formation takes: those of the schema, but the ones that its rules or the law refuse."""
    listed = [set(line["statuts"]) for line in formation.rules if line["controle"] == "statuts_admis"]
    offered = dictionary.fields[_REGIME].choices
    return tuple(one for one in offered if one not in REFUSED and all(one in statuses for statuses in listed))


def faults_of_settings(programme: Programme) -> Iterator[str]:
    """What settings make wrong for every form of a status, in French; nothing of rules that cannot be followed."""
    formation, dictionary = programme.formation, programme.dictionary
    if check_rules(formation, dictionary):
        return
    said: dict[str, list[str]] = {}
    for regime in admitted(formation, dictionary):
        for told in _blocking(programme, regime):
            said.setdefault(told, []).append(dictionary.fields[_REGIME].choices[regime])
        if regime in STUDENTS:
            yield from _unsigned(formation, regime)
    for told, statuses in said.items():
        every = and_list(f"« {one} »" for one in statuses)
        yield f"formation.toml, {told} Chaque formulaire de ce statut serait bloqué : {every}."


def _blocking(programme: Programme, regime: str) -> Iterator[str]:
    """What each rule that looks at settings only finds wrong for this status, where it blocks."""
    formation, day = programme.formation, programme.session.start or dt.date(programme.session.begins, 9, 1)
    data: Mapping[str, JSON] = {"stagiaire": {"regime": regime}, "formation": {"code": formation.code}}
    reading = Reading("0" * 64, Kind.ACROFORM, None, formation.code, programme.session.annee, ())
    case = Case(
        data, reading, programme.dictionary, formation, programme.session, programme.law, today=day, received_on=day
    )
    for rule in formation_rules(formation, programme.dictionary):
        if rule.looks_at not in (LooksAt.SETTINGS, LooksAt.STATUS) or (rule.regimes and regime not in rule.regimes):
            continue
        try:
            found = tuple(rule.check(case))
        except NotApplicable:
            continue
        for one in found:
            if (one.severity or rule.severity) is Severity.BLOCKING:
                yield f"règle {rule.id} : {one.message}"


def _unsigned(formation: Formation, regime: str) -> Iterator[str]:
    """Who must sign a student's convention and signs none of its papers (D124-4), whatever the rules ask."""
    papers = [piece for piece in formation.pieces() if piece.belongs_to(regime) and piece.signataires]
    if not papers:
        return
    paper = max(papers, key=lambda piece: len(_parties(formation, piece, regime)))
    absent = [name for root, name in _PARTIES.items() if root not in _parties(formation, paper, regime)]
    if absent:
        yield (
            f"formation.toml, document {paper.code} : la convention d’un étudiant est aussi signée par "
            f"{and_list(absent)} (code de l’éducation, D124-4). Ajoutez qui manque à [[signataires]], aux "
            "« signataires » du document, et à la règle des signataires."
        )


def _parties(formation: Formation, piece: Piece, regime: str) -> set[str]:
    signing = [party for party in formation.signataires(regime) if party.role in piece.signataires]
    return {party.person.partition(".")[0] for party in signing} & _PARTIES.keys()
