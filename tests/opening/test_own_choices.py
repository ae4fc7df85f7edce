"""Choices of a formation's own: its sectors and types are on its blank, in its checks and papers, only there."""

from __future__ import annotations

import json
from pathlib import Path

import people
import pytest
from click.testing import CliRunner
from forms_filler import fill_acroform

from pipeline.cli.main import cli
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.prefill import slot_texts

pytestmark = pytest.mark.sampled(2)

ROOT = Path(__file__).parents[2]

OWN = '\n[formulaire.choix]\n"organisme.secteur" = { industrie = "Industrie", commerce = "Commerce de détail" }\n'


@pytest.fixture
def industrial(own_workspace: Workspace) -> Workspace:
    """A workspace whose licence is of industry; the other formation stays as it is."""
    path = own_workspace.templates / people.CNAM / "formation.toml"
    text = path.read_text(encoding="utf-8").replace('secteurs = ["insertion"]', 'secteurs = ["industrie"]')
    path.write_text(text.replace("\n[accord]\n", f"{OWN}\n[accord]\n"), encoding="utf-8")
    return own_workspace


def blank_of(workspace: Workspace, code: str) -> tuple[str, ...]:
    """The sectors that the blank of a formation offers."""
    formation = load_formation(workspace, code)
    plan = plan_blank(Dictionary.load(workspace), formation, formation.session("2024-2025"))
    return tuple(str(slot.option) for slot in plan.slots() if slot.path == "organisme.secteur")


def test_a_formation_offers_its_own(industrial: Workspace) -> None:
    """Its blank has its sectors, the other's those of all; without any, nothing of the fields changes."""
    assert blank_of(industrial, people.CNAM) == ("industrie", "commerce")
    assert blank_of(industrial, people.COORDINATION) == ("insertion", "social", "medico-social", "sanitaire", "autre")
    ours = Dictionary.load(Workspace.at(ROOT))
    assert ours.of(load_formation(Workspace.at(ROOT), people.CNAM).settings) is ours


def test_it_is_read_checked_and_printed(industrial: Workspace, tmp_path: Path) -> None:
    """A form of it delivers with its words; the sector of another formation is none of its answers."""
    formation = load_formation(industrial, people.CNAM)
    plan = plan_blank(Dictionary.load(industrial), formation, formation.session("2024-2025"))
    file = tmp_path / "rempli.pdf"
    file.write_bytes(
        fill_acroform(draw_pdf(plan), plan, slot_texts(plan, people.cnam(organisme__secteur="industrie")))
    )

    told = CliRunner().invoke(cli, ["run", "--today", "2025-03-17", "--workspace", str(industrial.root), str(file)])

    assert told.exit_code == 0, told.output
    read = CliRunner().invoke(cli, ["read", "--json", "--workspace", str(industrial.root), str(file)])
    values = {one["path"]: one["value"] for one in json.loads(read.output)["fields"]}
    assert values["organisme.secteur"] == "industrie"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('secteurs = ["industrie"]', 'secteurs = ["insertion"]', "ne propose pas « insertion »"),
        ('industrie = "Industrie"', 'autre = "Divers"', "une autre formation"),
        ('"organisme.secteur" = {', '"stagiaire.nom" = {', "formation.schema.json"),
    ],
)
def test_what_does_not_agree_is_told(industrial: Workspace, before: str, after: str, said: str) -> None:
    """A rule that waits for a sector nobody can tick, two words for one value, a field that has no choices."""
    path = industrial.templates / people.CNAM / "formation.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")

    told = CliRunner().invoke(cli, ["check", "--workspace", str(industrial.root)])

    assert told.exit_code == 3
    assert said in told.output
