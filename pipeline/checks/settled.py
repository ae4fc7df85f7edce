"""Rules that settings alone decide, asked before any form is: what would block every form of a status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from pipeline.checks.case import Case, NotApplicable
from pipeline.checks.phrasing import and_list
from pipeline.checks.registry import LooksAt, check_rules, formation_rules
from pipeline.core.fields import ALWAYS, Dictionary, Field
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
    return tuple(one for one in dictionary.fields[_REGIME].choices if one not in REFUSED and formation.takes(one))


def faults_of_settings(programme: Programme) -> Iterator[str]:
    """What settings make wrong for every form of a status, in French; nothing of rules that cannot be followed."""
    formation, dictionary = programme.formation, programme.dictionary
    if check_rules(formation, dictionary):
        return
    length = formation.length
    if length.least and length.most and length.least > length.most:
        yield "formation.toml, [stage] : heures_min est plus grand que heures_max. Corrigez l’un des deux."
    said: dict[str, list[str]] = {}
    for regime in admitted(formation, dictionary):
        for told in _blocking(programme, regime):
            said.setdefault(told, []).append(dictionary.fields[_REGIME].choices[regime])
        if regime in STUDENTS:
            yield from _unsigned(formation, regime)
    for told, statuses in said.items():
        every = and_list(f"« {one} »" for one in statuses)
        yield f"formation.toml, {told} Chaque formulaire de ce statut serait bloqué : {every}."


def faults_of_omissions(formation: Formation, dictionary: Dictionary) -> Iterator[str]:
    """What ``[formulaire] sans`` leaves out to no effect, or that every form of a status must answer, in French."""
    form = formation.settings["formulaire"]
    kept = {*form.get("avec", ()), *form.get("requis", ())}
    for name in form.get("sans", ()):
        fields = [one for path, one in dictionary.fields.items() if path == name or path.startswith(f"{name}.")]
        both = [one.path for one in fields if one.path in kept]
        due = [one.path for one in fields if _due(one, formation, dictionary)]
        said = f"formation.toml, [formulaire] sans : {name} "
        if both:
            yield f"{said}est aussi dans avec ou requis ({', '.join(both)}). Ôtez-le de l’un des deux."
        elif due:
            yield (
                f"{said}ne peut pas être ôté : chaque formulaire serait renvoyé pour {', '.join(due)}. Ne s’ôte que "
                "ce qui est facultatif, ou que demande un statut que la formation n’admet pas."
            )
        elif fields and all(one.on_form != ALWAYS for one in fields):
            yield f"{said}n’a aucun effet : le formulaire ne le demande que par avec. Ôtez-le."


def _due(field: Field, formation: Formation, dictionary: Dictionary) -> bool:
    """Whether the answer is asked of everybody, or of a status that the formation admits."""
    return any(field.required_for(regime) for regime in admitted(formation, dictionary))


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
