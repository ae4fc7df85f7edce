"""Small layouts made on the spot: a blank in Word or PDF, and forms filled from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from word_blank import Blank

from pipeline.blanks.compiling import compile_layout
from pipeline.core.fields import Dictionary
from pipeline.forms.layouts import Layout, load_layout
from pipeline.reading.alignment import LayoutReading, read_layout, receive, recognise_layout


@pytest.fixture
def make_layout(tmp_path: Path) -> Callable[..., Layout]:
    """Writes a layout's folder and loads it: the blank's bytes, more lines of TOML, its name."""

    def make(blank: bytes, settings: str = "", name: str = "fiche") -> Layout:
        folder = tmp_path / "templates" / "coordination-essms" / "formulaires" / name
        folder.mkdir(parents=True)
        (folder / f"formulaire.{'pdf' if blank.startswith(b'%PDF') else 'docx'}").write_bytes(blank)
        (folder / "layout.toml").write_text(f'version = "2025-09"\n{settings}', encoding="utf-8")
        return load_layout(folder)

    return make


@pytest.fixture
def read(make_layout: Callable[..., Layout], dictionary: Dictionary) -> Callable[..., LayoutReading]:
    """Reads a form with the layout of a blank: both as bytes."""

    def reading(blank: bytes, form: bytes, settings: str = "") -> LayoutReading:
        compiled = compile_layout(make_layout(blank, settings), dictionary)
        received = receive(form)
        match = recognise_layout(received, [compiled]).match
        assert match is not None
        return read_layout(received, compiled, dictionary, match.context)

    return reading


@pytest.fixture
def table() -> Blank:
    """A bordered table with the usual traps: same labels twice, boxes, a list."""
    return Blank(
        [
            ["Nom", "{{ stagiaire.nom }}", "Prénom", "{{ stagiaire.prenom }}"],
            ["Né(e) le", "{{ stagiaire.date_naissance }}", "Courriel", "{{ stagiaire.courriel }}"],
            ["Structure", "{{ organisme.raison_sociale }}", "SIRET", "{{ organisme.siret }}"],
            ["Tuteur", "{{ tuteur.nom_prenom }}", "Courriel", "{{ tuteur.courriel }}"],
            [
                "Activités",
                "{{ stage.activites }}",
                "Stage obligatoire",
                "{{ stage.obligatoire = oui }} Oui {{ stage.obligatoire = non }} Non",
            ],
        ],
        ["Fait à {{ signatures.lieu }}, le {{ signatures.stagiaire_le }}"],
    )


ANSWERS = {
    "nom": "DUPONT",
    "prenom": "Marie",
    "date_naissance": "17/03/2004",
    "raison_sociale": "Les Pieds sur Terre",
    "siret": "482 106 739 00212",
    "nom_prenom": "BENAÏSSA Inès",
    "activites": "- accueillir|- écrire",
    "obligatoire": "non",
    "lieu": "Vannes",
    "stagiaire_le": "12/01/2026",
}


@pytest.fixture
def answers() -> dict[str, str]:
    """What an invented student answers; « courriel » is left empty."""
    return dict(ANSWERS)
