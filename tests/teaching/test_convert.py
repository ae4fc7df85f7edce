"""A school's own convention made a template: each place with its field, the rest left and told."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import conventions
import docx
import people
import pytest
import template_kit
from click.testing import CliRunner

from pipeline.cli.main import cli
from pipeline.core.errors import ConfigError, ExitCode, LiasseError
from pipeline.core.fields import Dictionary
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.teaching import convert_convention
from pipeline.teaching.convention_draft import Converted
from pipeline.teaching.place_expressions import expression_of


@pytest.fixture
def converted(tmp_path: Path, dictionary: Dictionary) -> Callable[[bytes], Converted]:
    """What becomes of a convention."""

    def convert(data: bytes) -> Converted:
        file = tmp_path / "convention.docx"
        file.write_bytes(data)
        return convert_convention(file, dictionary)

    return convert


def fields_of(done: Converted) -> list[str | None]:
    """The field that each place prints."""
    found = [re.search(r"[a-z_]+(?:\.[a-z_]+)+", one.expression or "") for one in done.places]
    return [one[0] if one else None for one in found]


@pytest.mark.parametrize("shape", sorted(conventions.SHAPES))
def test_every_shape_of_place_gets_its_field(
    converted: Callable[[bytes], Converted], programme: Callable[[str], Programme], shape: str
) -> None:
    """Sixteen places a shape, none wrong; what is signed by hand stays; the draft passes the check as it is."""
    done = converted(conventions.SHAPES[shape]())

    assert fields_of(done)[: len(conventions.LINES)] == [field for *_, field in conventions.LINES]
    assert [one.near for one in done.left] == ([] if shape == "guillemets" else ["Fait à", ", le", "Signature :"])
    trial, runs = template_kit.tried(done.path, programme(people.CNAM))
    assert trial.faults == ()
    full = next(one for one in runs if not one.dossier.bare)
    printed = [text for _, _, text in full.printed]
    assert len(printed) == len(conventions.LINES)
    assert "7 avril 2025" in " ".join(printed).replace("\u00a0", " ")


def test_the_names_of_an_english_system_are_known(converted: Callable[[bytes], Converted]) -> None:
    """Names glued as programs do, the page header too; one that means nothing is left as it was, and told."""
    done = converted(conventions.english())

    assert [one.written for one in done.left] == ["${zzUnknown42}"]
    assert fields_of(done) == [
        *(
            "organisme.raison_sociale",
            "organisme.adresse",
            "organisme.telephone",
            "stagiaire.prenom",
            "stagiaire.nom",
        ),
        *("stagiaire.courriel", "stagiaire.date_naissance", "stage.date_debut", "stage.date_fin", "stage.sujet"),
        *("tuteur.nom_prenom", "tuteur.fonction", None, "stagiaire.prenom", "stagiaire.nom"),
    ]
    draft = docx.Document(str(done.path))
    header = draft.sections[0].header.paragraphs[0].text
    assert header == "Convention de {{ stagiaire.prenom }} {{ stagiaire.nom }}"
    assert "${zzUnknown42}" in draft.paragraphs[-1].text


def test_dots_in_prose_are_understood_by_the_words_around(converted: Callable[[bytes], Converted]) -> None:
    """A party is known by its heading, dates by « du … au … »; where and when it is signed is left to the hand."""
    done = converted(conventions.in_prose())

    assert fields_of(done) == [
        *("organisme.raison_sociale", "organisme.siret", "organisme.signataire.nom_prenom"),
        *("organisme.signataire.fonction", "stagiaire.nom", "stagiaire.prenom", "stagiaire.date_naissance"),
        *("stagiaire.courriel", "stage.sujet", "stage.date_debut", "stage.date_fin", "tuteur.nom_prenom", None, None),
    ]


def test_the_look_of_the_convention_is_kept(converted: Callable[[bytes], Converted]) -> None:
    """A field takes the letters of the place that it takes: bold stays bold, and the words around stay."""
    document = docx.Document()
    paragraph = document.add_paragraph("Le stagiaire ")
    paragraph.add_run("[NOM_STAG").bold = True
    paragraph.add_run("IAIRE]").bold = True
    paragraph.add_run(" est accueilli.")
    done = converted(conventions.saved(document))

    (made,) = docx.Document(str(done.path)).paragraphs
    assert made.text == "Le stagiaire {{ stagiaire.nom }} est accueilli."
    assert [run.bold for run in made.runs if "{{" in run.text] == [True]


def test_boxes_are_ticked_by_what_they_stand_for(converted: Callable[[bytes], Converted]) -> None:
    """A tick box beside an option prints ticked for that option alone."""
    document = docx.Document()
    document.add_paragraph("LE STAGE")
    document.add_paragraph("Temps de présence : ☐ Temps plein ☐ Temps partiel")
    done = converted(conventions.saved(document))

    assert done.places[0].expression == '{{ "☒" if stage.quotite == "plein" else "☐" }}'
    assert done.places[1].expression == '{{ "☒" if stage.quotite == "partiel" else "☐" }}'


def test_nothing_is_ever_overwritten(converted: Callable[[bytes], Converted], tmp_path: Path) -> None:
    """Neither the convention nor a draft that somebody may have corrected."""
    data = conventions.SHAPES["dollar"]()
    done = converted(data)
    draft = done.path.read_bytes()

    with pytest.raises(ConfigError, match="n’est jamais écrasé"):
        converted(data)

    assert (tmp_path / "convention.docx").read_bytes() == data
    assert done.path == tmp_path / "convention-modele.docx"
    assert done.path.read_bytes() == draft


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("convention.pdf", b"%PDF-1.7", "n’est pas un document Word"),
        ("convention.docx", b"rien", ""),
        ("convention.docx", None, "n’a aucune place à remplir"),
    ],
)
def test_what_cannot_be_converted_is_refused(
    tmp_path: Path, dictionary: Dictionary, name: str, data: bytes | None, told: str
) -> None:
    """Another kind of file, a damaged one, a text without any place: said, and nothing is written."""
    plain = docx.Document()
    plain.add_paragraph("Une convention entièrement rédigée, « Lu et approuvé ».")
    (tmp_path / name).write_bytes(conventions.saved(plain) if data is None else data)

    with pytest.raises(LiasseError, match=told or None):
        convert_convention(tmp_path / name, dictionary)

    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_every_field_has_what_prints_it_or_is_told(
    dictionary: Dictionary, programme: Callable[[str], Programme], tmp_path: Path
) -> None:
    """Whatever field a place means, what is proposed for it passes the check, in a full dossier and in a bare one."""
    proposed = [one for path in dictionary.fields if (one := expression_of(path, dictionary))]

    trial, _ = template_kit.tried(
        template_kit.write(tmp_path / "essai.docx", *proposed),
        programme(people.CNAM),
        ("FI_ETUDIANT", "FPC_AUTOFINANCE"),
    )

    assert trial.faults == ()
    assert len(dictionary.fields) - len(proposed) < 8  # calendars and the like take a table


def test_the_command_lists_what_it_did(own_workspace: Workspace, tmp_path: Path) -> None:
    """Each place, its field or that it was left; how many are left; code 1 while some are."""
    file = tmp_path / "convention-école.docx"
    file.write_bytes(conventions.english())

    done = CliRunner().invoke(cli, ["templates", "convert", str(file), "--workspace", str(own_workspace.root)])

    assert done.exit_code == ExitCode.SOME_WAIT, done.output
    assert "{{ stagiaire.prenom }}" in done.output
    assert "pas compris, laissé tel quel" in done.output
    assert "15 places, dont 1 à écrire à la main" in done.output
    assert docx.Document(io.BytesIO((tmp_path / "convention-école-modele.docx").read_bytes()))
