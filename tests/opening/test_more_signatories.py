"""Signatories that a formation adds in its file: two of a host, two guardians of a minor; and a condition on age."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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

SECOND = {"nom": "KERVELLA", "prenom": "Anne", "courriel": "anne.kervella@example.org"}
GUARDIANS = {
    "stagiaire__date_naissance": "2007-09-24",
    "stagiaire__representant_legal": {"nom": "LEFÈVRE", "prenom": "Paul", "courriel": "paul@example.org"},
    "stagiaire__second_representant_legal": {"nom": "MARTIN", "prenom": "Jeanne", "courriel": "jeanne@example.org"},
}
ADDED = """
[[signataires]]
role = "direction"
titre = "La direction du site"
personne = "organisme.second_signataire"

[[signataires]]
role = "representant"
titre = "Le second représentant légal"
personne = "stagiaire.second_representant_legal"
age = "mineur"

[[regles]]
id = "R-01"
controle = "age_admis"
minimum = 16
gravite = "bloquante"
source = "Règlement"
"""
FIELDS = [
    *(f"organisme.second_signataire.{name}" for name in ("nom", "prenom", "courriel")),
    *(f"stagiaire.second_representant_legal.{name}" for name in ("nom", "prenom", "courriel")),
]


@pytest.fixture
def school(own_workspace: Workspace) -> Workspace:
    """A workspace whose licence has them."""
    path = own_workspace.templates / people.CNAM / "formation.toml"
    text = path.read_text(encoding="utf-8").replace("avec = [", f"avec = {json.dumps(FIELDS)[:-1]}, ", 1)
    signing = 'signataires = ["stagiaire", "organisme", "tuteur", "referent", "etablissement"]'
    assert signing in text
    text = text.replace(signing, signing[:-1] + ', "direction", "representant"]')
    path.write_text(text + ADDED, encoding="utf-8")
    return own_workspace


def run(school: Workspace, place: Path, **answers: Any) -> tuple[int, str]:
    """A form of the licence filled so and worked on: the exit code, and what was said."""
    formation = load_formation(school, people.CNAM)
    plan = plan_blank(Dictionary.load(school), formation, formation.session("2024-2025"))
    place.write_bytes(fill_acroform(draw_pdf(plan), plan, slot_texts(plan, people.cnam(**answers))))
    told = CliRunner().invoke(cli, ["run", "--today", "2025-03-17", "--workspace", str(school.root), str(place)])
    return told.exit_code, told.output


def test_each_party_signs_where_it_is_due(school: Workspace, tmp_path: Path) -> None:
    """A minor: both guardians, and two persons of the host; each has their field and their address."""
    code, told = run(school, tmp_path / "mineur.pdf", organisme__second_signataire=SECOND, **GUARDIANS)
    assert code == 0, told
    signing = json.loads(next(school.outbox.rglob("signature.json")).read_text(encoding="utf-8"))
    said = json.dumps(signing, ensure_ascii=False)
    for person in ("KERVELLA", "MARTIN", "LEFÈVRE"):
        assert person in said
    assert "À COMPLÉTER" not in said


def test_of_age_no_guardian_is_asked_and_a_missing_signatory_is_told(school: Workspace, tmp_path: Path) -> None:
    """Without the host's second signatory the packet is a projet that names what lacks; no guardian is spoken of."""
    _, told = run(school, tmp_path / "majeure.pdf")
    assert "direction du site" in " ".join(told.split())
    assert "représentant" not in told


def test_an_age_that_is_not_taken_is_told(school: Workspace, tmp_path: Path) -> None:
    """Fifteen years where sixteen are the least: the date of birth is what is asked about."""
    answers = GUARDIANS | {"stagiaire__date_naissance": "2009-09-24"}
    code, told = run(school, tmp_path / "jeune.pdf", organisme__second_signataire=SECOND, **answers)
    assert code == 1, told
    shown = CliRunner().invoke(cli, ["show", "2024-001", "--workspace", str(school.root)]).output
    assert "16 ans au moins" in " ".join(shown.split())
