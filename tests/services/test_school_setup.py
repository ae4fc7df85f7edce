"""The school's settings: what is asked again, of whom, and what is copied in; nothing is walked here."""

from __future__ import annotations

from pathlib import Path

import people
import pytest

from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.services.school_setup import Question, questions

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture
def bare(own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose school has given nothing yet."""
    monkeypatch.delenv(SCHOOL)
    return own_workspace


def write(workspace: Workspace, text: str, formation: str = "") -> None:
    """Settings as somebody writes them by hand."""
    path = workspace.root / "etablissement" / formation / "etablissement.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def asked(workspace: Workspace, key: str, formation: str | None = None) -> list[Question]:
    """The questions on one setting."""
    return [one for one in questions(workspace, formation) if one.key == key]


def test_a_value_that_does_not_suit_is_asked_again_where_it_stands(bare: Workspace) -> None:
    """A SIRET with a wrong key, an optional UAI: asked of the school, or of the formation that says it."""
    write(bare, '[etablissement]\nsiret = "12345678200011"\nuai = "029"\n')
    (siret,) = asked(bare, "etablissement.siret")
    (uai,) = asked(bare, "etablissement.uai")
    assert (siret.formation, "quatorze chiffres" in siret.fault, bool(uai.needed)) == (None, True, True)

    write(bare, '[etablissement]\nsiret = "12345678200010"\nuai = "0290000X"\n')
    assert asked(bare, "etablissement.siret") == asked(bare, "etablissement.uai") == []

    write(bare, '[etablissement]\nsiret = "12345678200011"\n', people.CNAM)
    assert [one.formation for one in asked(bare, "etablissement.siret")] == [people.CNAM]


def test_a_wrong_value_of_a_formation_toml_is_asked_of_that_formation(bare: Workspace) -> None:
    """It is not carried over: giving it once for the school would not help, since formation.toml holds over it."""
    path = bare.templates / people.COORDINATION / "formation.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("[referent]", '[etablissement]\nsiret = "12345678200011"\n\n[referent]'), encoding="utf-8"
    )

    assert [(one.formation, bool(one.fault)) for one in asked(bare, "etablissement.siret")] == [
        (None, False),  # the other formation has none
        (people.COORDINATION, True),
    ]
