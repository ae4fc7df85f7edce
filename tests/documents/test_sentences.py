"""Sentences of a template: a full stop printed twice and a list that cuts its sentence are told, and nothing else."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
import template_kit

from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.workspace import Workspace
from pipeline.documents.sentences import broken_sentences
from pipeline.maintenance.formations import inspect


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Objectifs : {{ stage.objectifs }}.", "{{ stage.objectifs | point }}, et retirez le point"),
        ('Avantages : {{ stage.avantages or "—" }}. Suite', "{{ stage.avantages | point }}"),
        ('Ils sont : {{ (stage.activites or ["—"]) | join(", ") }}.', "peut finir par un point"),
        ("Activités : {{ stage.activites | lignes }}.", '{{ stage.activites | join(", ") }}'),
        ("Activités : {{ stage.activites | lignes }} pendant le stage", "au milieu d’une phrase"),
        ("Objectifs : {{ stage.objectifs | point }} Suite.", None),
        ("Activités : {{ stage.activites | lignes }}", None),
        ("Le stage finit le {{ stage.date_fin }}.", None),
        ("Stage de {{ stagiaire.nom }}.", None),
        ("Objectifs : {{ stage.objectifs }}…", None),
        ("Objectifs : {{ stage.objectifs }}", None),
    ],
)
def test_what_reads_badly_is_told(tmp_path: Path, dictionary: Dictionary, written: str, told: str | None) -> None:
    """Of free answers and lists alone, with the words of the paragraph and what to write."""
    found = broken_sentences(template_kit.write(tmp_path / "essai.docx", written), dictionary)

    assert len(found) == (told is not None)
    assert told is None or told in found[0]


def test_our_own_templates_read_well(workspace: Workspace, dictionary: Dictionary) -> None:
    """Every template of the product."""
    pieces = [one for code in formation_codes(workspace) for one in load_formation(workspace, code).pieces()]
    names = {piece.template for piece in pieces if piece.template}

    assert names
    assert {name: told for name in names if (told := broken_sentences(workspace.model(name), dictionary))} == {}


def test_check_tells_it_apart_from_the_faults(own_workspace: Workspace) -> None:
    """The papers are made all the same."""
    path = own_workspace.templates / "commun" / "attestation.docx"
    document = docx.Document(str(path))
    document.add_paragraph("Objectifs : {{ stage.objectifs }}.")
    document.save(str(path))

    found = next(one for one in inspect(own_workspace) if one.formation == "cnam-lp-insertion")

    assert found.faults == ()
    assert [said for said in found.wording if said.startswith("commun/attestation.docx : « Objectifs")]
