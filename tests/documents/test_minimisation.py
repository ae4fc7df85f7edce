"""Minimisation (RGPD, art. 5.1.c): our own form asks for nothing that no rule, document, letter or signature uses."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import people
import pytest

from pipeline.checks import all_rules
from pipeline.checks.case import Case, NotApplicable
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, Piece, load_formation
from pipeline.core.identity import identity_of, internship_of
from pipeline.core.law import Law
from pipeline.core.member import member_of
from pipeline.core.models import Kind, Reading
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import plan_blank

_SHAPE = ("F-01", "F-03")  # whether an answer is there, which uses none
_NAMES = ("civilite", "nom", "prenom")  # what a printed name is made of
_SIGNER = (*_NAMES, "fonction", "courriel", "telephone")  # what signature.json says of who signs
_TAGS = re.compile(r"<[^>]+>")
_PLACES = re.compile(r"\{[{%].*?[}%]\}")
_PATH = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")
_REGIMES = ("FI_ETUDIANT", "FPC_SALARIE_EMPLOYEUR", "FPC_DEMANDEUR_EMPLOI", "AGENT_PUBLIC")


class Watched(Mapping[str, Any]):
    """The answers of a form; every path that is looked for is noted."""

    def __init__(self, data: Mapping[str, Any], seen: set[str], prefix: str = "") -> None:
        self._data, self._seen, self._prefix = data, seen, prefix

    def __getitem__(self, key: str) -> Any:
        self._seen.add(f"{self._prefix}{key}")
        value = self._data[key]
        return Watched(value, self._seen, f"{self._prefix}{key}.") if isinstance(value, dict) else value

    def __contains__(self, key: object) -> bool:
        self._seen.add(f"{self._prefix}{key}")
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def printed_by(workspace: Workspace, template: str) -> set[str]:
    """The paths that a Word template names: whole names and addresses are their parts."""
    with zipfile.ZipFile(workspace.templates / template) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]
    named = {
        path for part in parts for place in _PLACES.findall(_TAGS.sub("", part)) for path in _PATH.findall(place)
    }
    whole = {
        f"{path.rpartition('.')[0]}.{leaf}" for path in named for leaf in _NAMES if re.search(r"identite|nom", path)
    }
    return named | whole


def looked_at(data: Mapping[str, Any], formation: Formation, dictionary: Dictionary, law: Law) -> dict[str, set[str]]:
    """Rule to the paths that it looks for in these answers, and those by which forms are told apart."""
    uses: dict[str, set[str]] = defaultdict(set)
    reading = Reading("0" * 64, Kind.ACROFORM, "x", formation.code, "2024-2025", ())
    session = formation.session("2024-2025")
    for rule in all_rules(formation, dictionary):
        if rule.id not in _SHAPE:
            watched = Watched(data, uses[rule.id])
            case = Case(watched, reading, dictionary, formation, session, law, people.TODAY, people.TODAY)
            with suppress(NotApplicable):
                list(rule.check(case))
    watched = Watched(data, uses["dossiers et cohorte"])
    identity_of(watched), internship_of(watched), member_of("0" * 64, watched)
    return uses


def uses_of(formation: Formation, workspace: Workspace, dictionary: Dictionary) -> dict[str, set[str]]:
    """What uses each path: pieces, rules, signature."""
    uses: dict[str, set[str]] = defaultdict(set)
    pieces: tuple[Piece, ...] = formation.pieces()
    for piece in pieces:
        for path in printed_by(workspace, piece.template) if piece.template else ():
            uses[path].add(piece.title)
    for party in formation.settings["signataires"]:
        for leaf in _SIGNER:
            uses[f"{party['personne']}.{leaf}"].add("signature.json")
    person = people.cnam if formation.code == people.CNAM else people.coordination
    for regime in _REGIMES:
        for birth, decision in (("1990-01-01", "favorable"), ("2008-01-01", "defavorable")):
            data = person(
                stagiaire__regime=regime, stagiaire__date_naissance=birth, accord_pedagogique__decision=decision
            )
            for rule, paths in looked_at(data, formation, dictionary, Law.load(workspace)).items():
                for path in paths:
                    uses[path].add(rule)
    return uses


@pytest.mark.parametrize("code", [people.CNAM, people.COORDINATION])
def test_each_question_of_the_form_is_used(code: str, workspace: Workspace, dictionary: Dictionary) -> None:
    """Every asked field with what uses it; one that nothing uses is no longer asked."""
    formation = load_formation(workspace, code)
    asked = [cell.field.path for cell in plan_blank(dictionary, formation, formation.session("2024-2025")).cells()]
    uses = uses_of(formation, workspace, dictionary)

    def users(path: str) -> set[str]:
        whole = path.rpartition(".")[0]
        address = uses.get(whole, set()) if f"{whole}.voie" in dictionary.fields else set()
        return uses.get(path, set()) | address

    table = {path: sorted(users(path)) for path in asked}
    assert [path for path, users in table.items() if not users] == []
    assert "stage.semaine" in table or code != people.CNAM


@pytest.mark.parametrize("path", ["stagiaire.contact_urgence", "organisme.ape", "tuteur.anciennete"])
def test_what_is_asked_no_more_can_still_be_read(path: str, workspace: Workspace, dictionary: Dictionary) -> None:
    """Old editions and schools' forms keep their place; a question that nothing uses would be found."""
    assert path in dictionary.fields
    for code in (people.CNAM, people.COORDINATION):
        assert path not in uses_of(load_formation(workspace, code), workspace, dictionary)
