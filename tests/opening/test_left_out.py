"""What a blank leaves out: fields, whole groups, the statuses that are not admitted and their employer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import people
import pytest
from click.testing import CliRunner
from forms_filler import fill_acroform

from pipeline.checks.settled import faults_of_omissions
from pipeline.cli.main import cli
from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import Blank, plan_blank
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts

ROOT = Path(__file__).parents[2]
WORKSPACE = Workspace.at(ROOT)
STUDENTS_ONLY = """
[[regles]]
id = "R-90"
controle = "statuts_admis"
statuts = ["FI_ETUDIANT"]
gravite = "bloquante"
source = "Règlement"
"""


def with_form(code: str = people.CNAM, *, statuses: tuple[str, ...] = (), **form: Any) -> Formation:
    """A formation of ours with other keys in ``[formulaire]``, that admits these statuses only."""
    formation = load_formation(WORKSPACE, code)
    line = {"id": "R-90", "controle": "statuts_admis", "statuts": list(statuses), "gravite": "bloquante"}
    rules = [*formation.rules, *([line | {"source": "Règlement"}] if statuses else [])]
    settings = {**formation.settings, "regles": rules, "formulaire": {**formation.settings["formulaire"], **form}}
    return replace(formation, settings=settings)


def plan(formation: Formation, workspace: Workspace = WORKSPACE) -> Blank:
    """Its blank."""
    return plan_blank(Dictionary.load(workspace), formation, formation.session("2024-2025"))


def asked(formation: Formation) -> set[str]:
    """The fields that its blank asks for."""
    return {cell.field.path for cell in plan(formation).cells()}


def faults(formation: Formation) -> list[str]:
    """What ``check`` says of what it leaves out."""
    return list(faults_of_omissions(formation, Dictionary.load(WORKSPACE).of(formation.settings)))


def groups() -> Iterator[str]:
    """Every group of the schema of which some field is on the blank."""
    dictionary = Dictionary.load(WORKSPACE)
    on_it = asked(load_formation(WORKSPACE, people.CNAM))
    yield from (one for one in dictionary.titles if any(path.startswith(f"{one}.") for path in on_it))


@pytest.mark.parametrize("name", list(groups()))
def test_a_group_is_left_out_or_told(name: str) -> None:
    """Named whole, it leaves the blank with all its fields; where somebody must answer there, it is a fault."""
    formation = with_form(sans=[name], avec=[], requis=[])
    assert not any(path.startswith(f"{name}.") for path in asked(formation))
    dictionary = Dictionary.load(WORKSPACE)
    due = {path for path, field in dictionary.fields.items() if path.startswith(f"{name}.") and field.required}
    told = faults(formation)
    assert bool(due) is any("ne peut pas être ôté" in one for one in told), (told, due)
    assert due or all("n’a aucun effet" in one for one in told)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"sans": ["stagiaire.nom"]}, "chaque formulaire serait renvoyé pour stagiaire.nom"),
        ({"sans": ["organisme.ape"], "avec": []}, "n’a aucun effet"),
        ({"sans": ["stage.avantages"], "requis": ["stage.avantages"]}, "est aussi dans avec ou requis"),
    ],
)
def test_what_cannot_be_left_out_is_told(form: dict[str, Any], said: str) -> None:
    """Asked of all, never asked, or asked and left out at once."""
    (told,) = faults(with_form(**form))
    assert said in told


def test_a_formation_of_students_asks_for_no_employer() -> None:
    """No other status to tick, no employer to name; one that admits salariés has both."""
    students = with_form(statuses=("FI_ETUDIANT",))
    offered = [slot.option for slot in plan(students).slots() if slot.path == "stagiaire.regime"]
    assert offered == ["FI_ETUDIANT"]
    assert not any(path.startswith("employeur.") for path in asked(students))
    assert not any(block.path.startswith("employeur") for block in plan(students).blocks)
    assert faults(with_form(statuses=("FI_ETUDIANT",), sans=["employeur"], avec=[], requis=[])) == []
    both = with_form(statuses=("FI_ETUDIANT", "FPC_SALARIE_EMPLOYEUR"))
    assert "employeur.raison_sociale" in asked(both)
    assert "ALTERNANT" not in {slot.option for slot in plan(both).slots()}


def test_its_form_is_read(own_workspace: Workspace, tmp_path: Path) -> None:
    """The blank of students only comes back filled: the one status is read, and nothing is missing of an employer."""
    path = own_workspace.templates / people.CNAM / "formation.toml"
    path.write_text(path.read_text(encoding="utf-8") + STUDENTS_ONLY, encoding="utf-8")
    blank = plan(load_formation(own_workspace, people.CNAM), own_workspace)
    file = tmp_path / "rempli.pdf"
    answers = slot_texts(blank, people.cnam(stagiaire__regime="FI_ETUDIANT"))
    file.write_bytes(fill_acroform(draw_pdf(blank), blank, answers))
    done = CliRunner().invoke(cli, ["read", "--json", "--workspace", str(own_workspace.root), str(file)])
    read = json.loads(done.output)
    assert read["record"]["stagiaire"]["regime"] == "FI_ETUDIANT"
    assert not any((one["field"] or "").startswith("employeur") for one in read["problems"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('sans = ["Employeur"]', "un groupe, comme « employeur »"),
        ('avec = ["employeur"]', "un champ, comme « stage.sujet »"),
    ],
)
def test_a_name_that_is_none_is_told_in_french(own_workspace: Workspace, line: str, said: str) -> None:
    """No regular expression: what is meant, with an example."""
    path = own_workspace.templates / people.CNAM / "formation.toml"
    text = path.read_text(encoding="utf-8")
    key = line.split(maxsplit=1)[0]
    (before,) = [one for one in text.splitlines() if one.startswith(f"{key} = ")]
    path.write_text(text.replace(before, line), encoding="utf-8")
    with pytest.raises(ConfigError) as refusal:
        load_formation(own_workspace, people.CNAM)
    assert said in str(refusal.value)
    assert "[a-z" not in str(refusal.value)
