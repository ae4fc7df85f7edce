"""« Six months », « de 800 à 924 »: a formation without exact hours is written, checked, and its blank says them."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.errors import ConfigError, NotAllowed
from pipeline.core.formation import load_formation
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.forms.notices import session_line
from pipeline.services.laying import lay
from pipeline.services.new_formation import given, write_formation

TODAY = dt.date(2026, 11, 30)
NBSP = "\u00a0"


@pytest.fixture
def laid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace as ``init`` lays it."""
    monkeypatch.delenv(SCHOOL)
    return lay(tmp_path / "travail").workspace


@pytest.mark.parametrize(
    ("said", "stage", "rule"),
    [
        ("896", {"duree_heures": 896}, {"controle": "duree_exacte", "heures": 896}),
        ("896 h", {"duree_heures": 896}, {"controle": "duree_exacte", "heures": 896}),
        ("22,5", {"duree_heures": 22.5}, {"controle": "duree_exacte", "heures": 22.5}),
        ("six mois", {"heures_max": 924}, {"controle": "duree_entre", "heures_max": 924}),
        ("Au plus 6 mois", {"heures_max": 924}, {"controle": "duree_entre", "heures_max": 924}),
        ("924 h au plus", {"heures_max": 924}, {"controle": "duree_entre", "heures_max": 924}),
        ("de 800 à 924", {"heures_min": 800, "heures_max": 924}, {"controle": "duree_entre", "heures_min": 800}),
        ("800-924", {"heures_min": 800, "heures_max": 924}, {"controle": "duree_entre", "heures_max": 924}),
        ("entre 800 h et 924 heures", {"heures_min": 800, "heures_max": 924}, {"controle": "duree_entre"}),
    ],
)
def test_what_the_wizard_takes(laid: Workspace, said: str, stage: dict[str, Any], rule: dict[str, Any]) -> None:
    """Each way to say it makes the keys of ``[stage]`` and a rule that asks the same; the file is valid."""
    known = given(TODAY, {"intitule": "Master d’essai", "heures": said, "regimes": "etudiant"})
    made = write_formation(laid, "m2-essai", known, TODAY)
    text = tomllib.loads((made.folder / "formation.toml").read_text(encoding="utf-8"))
    assert text["stage"] == {**stage, "heures_jour": 7}
    (line,) = [one for one in text["regles"] if one["id"] == "R-01"]
    assert rule.items() <= line.items()
    formation = load_formation(laid, "m2-essai")
    printed = session_line(formation, formation.session()).replace(NBSP, " ")
    assert printed.endswith("heures de stage")
    assert all(str(hours).replace(".", ",") in printed.replace(".", ",") for hours in stage.values()), printed


@pytest.mark.parametrize("said", ["cent", "0", "zéro mois", "0 mois", "de 924 à 800", "de 800", "au plus", ""])
def test_what_it_does_not_take(said: str) -> None:
    """No number, none above zero, the greater first."""
    with pytest.raises(NotAllowed, match="heures"):
        given(TODAY, {"heures": said})


def test_a_formation_says_one_length(own_workspace: Workspace) -> None:
    """Without any it is told in French, with the keys that may stand there."""
    path = own_workspace.templates / "cnam-lp-insertion" / "formation.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("duree_heures = 560\n", "", 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"duree_heures, heures_min, heures_max"):
        load_formation(own_workspace, "cnam-lp-insertion")
