"""Settings that would block every form of a status are told by « check », before any form comes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from checks_bench import Bench

from pipeline.checks.settled import admitted, faults_of_settings
from pipeline.core.models import Severity
from pipeline.core.programme import Programme

LAW_PARTIES = ("stagiaire", "organisme", "tuteur", "referent", "etablissement")


def changed(form: Bench, change: Callable[[dict[str, Any]], None]) -> Bench:
    """The form in a formation with other settings."""
    settings = copy.deepcopy(dict(form.formation.settings))
    change(settings)
    return replace(form, formation=replace(form.formation, settings=settings))


def faults(form: Bench) -> list[str]:
    """What is told of its formation."""
    return list(faults_of_settings(Programme(form.dictionary, form.law, form.formation, form.session)))


def without(role: str) -> Callable[[dict[str, Any]], None]:
    """Nobody has that role any more."""

    def change(settings: dict[str, Any]) -> None:
        settings["signataires"] = [one for one in settings["signataires"] if one["role"] != role]

    return change


def cut(role: str) -> Callable[[dict[str, Any]], None]:
    """Nobody has that role, and neither a document nor a rule asks for it."""

    def change(settings: dict[str, Any]) -> None:
        without(role)(settings)
        for table in (*settings["documents"], *settings["regles"]):
            for key, value in table.items():
                if isinstance(value, list) and role in value:
                    table[key] = [one for one in value if one != role]

    return change


@pytest.mark.parametrize("name", ["coord", "student"])
def test_the_formations_that_come_with_liasse_block_nobody(name: str, request: pytest.FixtureRequest) -> None:
    """No setting of ours is a fault, and no alternant is admitted."""
    form: Bench = request.getfixturevalue(name)
    assert faults(form) == []
    assert "ALTERNANT" not in admitted(form.formation, form.dictionary)


@pytest.mark.parametrize("role", LAW_PARTIES)
def test_a_signatory_that_the_rule_asks_for_is_told(coord: Bench, role: str) -> None:
    """What blocks a form of that status is what « check » says, word for word."""
    form = changed(coord, without(role))
    told = faults(form)
    assert told, role
    student = form.having({"stagiaire.regime": "FI_ETUDIANT"})
    blocked = [one for one in student.problems("S2-07") if one.severity is Severity.BLOCKING]
    assert blocked
    assert any(blocked[0].message in one and "règle S2-07" in one for one in told)


@pytest.mark.parametrize("role", LAW_PARTIES)
@pytest.mark.parametrize("name", ["coord", "student"])
def test_a_rule_cut_below_the_law_is_told(name: str, role: str, request: pytest.FixtureRequest) -> None:
    """Cut everywhere, no rule blocks: D124-4 asks for five signatures all the same."""
    form = changed(request.getfixturevalue(name), cut(role))
    (told,) = [one for one in faults(form) if "D124-4" in one]
    assert "est aussi signée par" in told


def test_a_paper_that_a_rule_asks_for_is_told(coord: Bench) -> None:
    """Rules on the pieces of the packet look at settings only, too."""

    def change(settings: dict[str, Any]) -> None:
        settings["documents"] = [one for one in settings["documents"] if one["code"] != "annexe-3"]

    assert any("annexe-3" in one for one in faults(changed(coord, change)))


def test_a_status_that_is_not_admitted_is_not_asked(coord: Bench) -> None:
    """A formation of salariés has no convention of students to be signed by five."""

    def change(settings: dict[str, Any]) -> None:
        cut("tuteur")(settings)
        line = {"id": "R-90", "controle": "statuts_admis", "statuts": ["FPC_AUTOFINANCE"], "gravite": "bloquante"}
        settings["regles"].append(line | {"source": "Règlement"})

    assert not any("D124-4" in one for one in faults(changed(coord, change)))
