"""Settings of the school given: which holds where, a person as one block, what is told where a value does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import people
import pytest
from click.testing import CliRunner

from pipeline.cli.main import cli
from pipeline.core.errors import NotAllowed
from pipeline.core.formation import load_formation
from pipeline.core.models import get
from pipeline.core.school import read_settings, settings_file
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.services.school_carrying import carry_over
from pipeline.services.school_setup import give, questions, unheard

SIGNATORY = "etablissement.signataire"
OLD = """
[etablissement]
nom = "Ancien nom"

[etablissement.signataire]
nom = "VIEUX"
prenom = "Jean"
fonction = "Directeur"
courriel = "jean@example.org"
"""


@pytest.fixture
def bare(own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose school has given nothing yet."""
    monkeypatch.delenv(SCHOOL)
    return own_workspace


def says(workspace: Workspace, code: str, text: str) -> Path:
    """A formation.toml that says something of the school, as those of the release before did."""
    path = workspace.templates / code / "formation.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return path


def signatory(workspace: Workspace, code: str) -> dict[str, Any]:
    """Who signs for a formation, as it is printed."""
    found: dict[str, Any] = load_formation(workspace, code).settings["etablissement"]["signataire"]
    return {name: value for name, value in found.items() if value}


def give_person(workspace: Workspace, code: str | None, **values: str) -> None:
    """The signatory of the school, or of one formation."""
    for name, value in values.items():
        give(workspace, code, f"{SIGNATORY}.{name}", value)


def test_a_new_signatory_takes_the_place_of_the_one_in_formation_toml(bare: Workspace) -> None:
    """Carried over to the school's file, the old one goes when a new one is given, also at the next ``setup``."""
    for code in (people.CNAM, people.COORDINATION):
        says(bare, code, OLD)
    assert all(one.startswith("établissement : ") for one in carry_over(bare, None))
    assert signatory(bare, people.CNAM)["nom"] == signatory(bare, people.COORDINATION)["nom"] == "VIEUX"
    give_person(bare, None, nom="NEUF", prenom="Ana", courriel="ana@example.org")
    give(bare, None, "etablissement.nom", "Nouveau nom")

    assert carry_over(bare, None) == ()
    for code in (people.CNAM, people.COORDINATION):
        settings = load_formation(bare, code).settings
        assert get(settings, "etablissement.nom") == "Nouveau nom"
        assert (get(settings, f"{SIGNATORY}.nom"), get(settings, f"{SIGNATORY}.prenom")) == ("NEUF", "Ana")
    assert list(unheard(bare, ["etablissement.nom", f"{SIGNATORY}.nom"])) == []


def test_what_formations_say_otherwise_stays_theirs(bare: Workspace) -> None:
    """Two signatories: each formation keeps its own, whole; what both say alike is the school's."""
    says(bare, people.CNAM, OLD)
    says(bare, people.COORDINATION, OLD.replace("VIEUX", "LEBRAS"))
    carry_over(bare, None)

    assert read_settings(settings_file(bare)) == {"etablissement.nom": "Ancien nom"}
    assert [signatory(bare, code)["nom"] for code in (people.CNAM, people.COORDINATION)] == ["VIEUX", "LEBRAS"]
    assert len(read_settings(settings_file(bare, people.CNAM))) == 4

    give_person(bare, None, nom="NEUF")
    give_person(bare, people.CNAM, nom="")  # dropped, it does not come back
    assert carry_over(bare, None) == ()
    assert [signatory(bare, code)["nom"] for code in (people.CNAM, people.COORDINATION)] == ["NEUF", "LEBRAS"]


def test_a_value_that_does_not_hold_is_told_with_what_drops_the_other(bare: Workspace) -> None:
    """A formation that has its own keeps it; the command that is told takes it away, a person whole."""
    give_person(bare, people.CNAM, nom="VIEUX", prenom="Jean", courriel="jean@example.org")
    words = (f"--set={SIGNATORY}.prenom=Ana", f"--set={SIGNATORY}.nom=NEUF", "--set=etablissement.nom=Institut")
    done = CliRunner().invoke(cli, ["setup", *words, "--workspace", str(bare.root)])

    assert "Signataire de l’établissement : Ana NEUF\n" in done.output
    (told,) = [line for line in done.output.splitlines() if "ne vaut pas" in line]
    assert f"ne vaut pas pour {people.CNAM}, qui a le sien : « VIEUX »" in told
    assert told.endswith(f"liasse setup {people.CNAM} --set {SIGNATORY}.nom=")
    assert signatory(bare, people.COORDINATION) == {"nom": "NEUF", "prenom": "Ana"}
    assert signatory(bare, people.CNAM) == {"nom": "VIEUX", "prenom": "Jean", "courriel": "jean@example.org"}

    give(bare, people.CNAM, f"{SIGNATORY}.nom", "")

    assert read_settings(settings_file(bare, people.CNAM)) == {}
    assert signatory(bare, people.CNAM) == {"nom": "NEUF", "prenom": "Ana"}


def test_a_person_is_never_two(bare: Workspace) -> None:
    """The name of one and the address of another are not put together, whichever file is partial; a function is."""
    (bare.school / people.CNAM).mkdir(parents=True)
    settings_file(bare, people.CNAM).write_text(
        f'[{SIGNATORY}]\ncourriel = "jean@example.org"\nfonction = "Directrice du centre"\n', encoding="utf-8"
    )
    give_person(bare, None, nom="NEUF", prenom="Ana")
    assert signatory(bare, people.CNAM) == {"nom": "NEUF", "prenom": "Ana", "fonction": "Directrice du centre"}

    give_person(bare, None, courriel="ana@example.org", telephone="02 98 00 99 00")
    give_person(bare, people.CNAM, nom="ROY")
    assert signatory(bare, people.CNAM) == {
        "nom": "ROY",
        "courriel": "jean@example.org",
        "fonction": "Directrice du centre",
    }


def test_what_would_not_hold_is_refused(bare: Workspace) -> None:
    """An address for a formation that names nobody, beside the school's signatory: given, nobody would read it."""
    give_person(bare, people.CNAM, courriel="jean@example.org")  # nobody is named anywhere: it holds
    give(bare, people.CNAM, f"{SIGNATORY}.courriel", "")
    give_person(bare, None, nom="NEUF")
    with pytest.raises(NotAllowed, match=rf"--set {SIGNATORY}\.nom=NOM"):
        give_person(bare, people.CNAM, courriel="jean@example.org")

    assert read_settings(settings_file(bare, people.CNAM)) == {}


def test_what_lacks_of_a_person_is_asked_of_who_names_them(bare: Workspace) -> None:
    """The school's signatory is completed for the school, a formation's for the formation; answered, it is over."""
    give_person(bare, None, nom="NEUF", prenom="Ana", fonction="Directrice")
    give_person(bare, people.CNAM, nom="ROY", prenom="Ada", courriel="ada@example.org")

    def asked(code: str | None) -> set[tuple[str, str | None]]:
        found = {(one.key.rpartition(".")[2], one.formation) for one in questions(bare, code) if SIGNATORY in one.key}
        return found - {(name, code) for name in ("civilite", "telephone") for code in (None, people.CNAM)}

    assert asked(None) == {("courriel", None), ("fonction", people.CNAM)}
    give(bare, people.CNAM, f"{SIGNATORY}.fonction", "Directrice")
    assert asked(people.COORDINATION) == {("courriel", None)}
    give(bare, None, f"{SIGNATORY}.courriel", "ana@example.org")
    assert asked(None) == asked(people.COORDINATION) == set()
    give(bare, people.CNAM, f"{SIGNATORY}.courriel", "")
    assert asked(None) == asked(people.CNAM) == {("courriel", people.CNAM)}
