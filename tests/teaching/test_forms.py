"""Teaching a form: what is proposed is right or left out, a draft reads nothing that counts, copies are drawn."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import people
import pytest
from docx import Document
from PIL import Image
from test_cli import liasse

from pipeline.core.errors import ConfigError, NotAllowed
from pipeline.core.fields import Dictionary
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.forms.layouts import PLACEHOLDER, load_layout, load_layouts
from pipeline.reading.streams.docx import docx_stream
from pipeline.sandbox.gates import open_docx
from pipeline.teaching import DRAFT_SETTINGS, add_form, lint_forms, list_forms, try_forms
from pipeline.teaching.draft import map_fields
from pipeline.teaching.word_annotation import annotate_docx

LAYOUTS = Path(__file__).parent.parent / "layouts"
_SHORT = re.compile(r"\s+")


@pytest.fixture(autouse=True)
def of_this_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts are the school's: each workspace has a school of its own here."""
    monkeypatch.delenv(SCHOOL)


def placeholders(docx: bytes) -> set[str]:
    """What stands between braces in a Word file."""
    found = (PLACEHOLDER.fullmatch(token.text) for token in docx_stream(open_docx(docx)))
    return {_SHORT.sub(" ", match[1]).strip() for match in found if match}


@pytest.mark.parametrize(("layout", "least"), [("tableau", 0.9), ("colonnes", 0.85), ("pointilles", 0.9)])
def test_a_blank_is_annotated_where_its_labels_are_understood(
    dictionary: Dictionary, layout: str, least: float
) -> None:
    """Dots, empty cells, content controls, legacy fields, boxes: most are proposed, hardly any wrongly."""
    truth = placeholders((LAYOUTS / layout / "formulaire.docx").read_bytes())
    proposed = placeholders(annotate_docx((LAYOUTS / layout / "vierge.docx").read_bytes(), dictionary).data)

    assert len(proposed & truth) >= least * len(truth)
    assert len(proposed - truth) <= 1


def test_the_places_are_those_of_the_labels(dictionary: Dictionary) -> None:
    """A small form of every kind of place: each answer goes where its label is, and what nobody knows is left."""
    document = Document()
    document.add_heading("Le stagiaire", level=2)
    document.add_paragraph("Nom : ..................Prénom : ……………………")
    document.add_paragraph("Date de naissance : __/__/____")
    document.add_heading("Organisme d’accueil", level=2)
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(1, 0).text = "Raison sociale", "Pointure de vos bottes"
    document.add_paragraph("Télétravail : ☐ Oui ☐ Non")
    made = io.BytesIO()
    document.save(made)

    annotated = annotate_docx(made.getvalue(), dictionary)
    lines = [paragraph.text for paragraph in Document(io.BytesIO(annotated.data)).paragraphs]
    cells = [cell.text for row in Document(io.BytesIO(annotated.data)).tables[0].rows for cell in row.cells]

    assert "Nom : {{ stagiaire.nom }} Prénom : {{ stagiaire.prenom }}" in lines
    assert "Date de naissance : {{ stagiaire.date_naissance }}" in lines
    assert "Télétravail : {{ stage.teletravail = oui }} Oui {{ stage.teletravail = non }} Non" in lines
    assert cells == ["Raison sociale", "{{ organisme.raison_sociale }}", "Pointure de vos bottes", ""]
    assert annotated.leaders
    assert [proposal.near.split()[-1] for proposal in annotated.proposals if proposal.placeholder is None] == [
        "bottes"
    ]


def test_the_places_of_a_two_column_form_are_told_apart(dictionary: Dictionary) -> None:
    """A surname beside a given name, objectives and leave by their one word; a line does not run into the next."""
    document = Document()
    document.add_paragraph("Nature : ☐ Association\t☐ Administration de l’État")
    for title, labels in (
        ("L’organisme d’accueil", ("Nom du signataire", "Prénom du signataire")),
        ("Le stage", ("Objectifs", "Congés")),
        ("Le tuteur", ("Nom et prénom du tuteur",)),
    ):
        document.add_heading(title, level=2)
        table = document.add_table(rows=0, cols=2)
        for label in labels:
            table.add_row().cells[0].text = label
    made = io.BytesIO()
    document.save(made)

    proposals = annotate_docx(made.getvalue(), dictionary).proposals

    assert [proposal.placeholder for proposal in proposals if not proposal.box] == [
        *("organisme.signataire.nom", "organisme.signataire.prenom"),
        *("stage.objectifs", "stage.conges_modalites", "tuteur.nom_prenom"),
    ]
    assert [proposal.near for proposal in proposals if proposal.box] == ["Association", "Administration de l’État"]
    assert proposals[2].near.endswith("État L’organisme d’accueil Nom du signataire")


def test_the_rest_of_the_document_is_kept(dictionary: Dictionary) -> None:
    """Styles, images and headers are the school's own, byte for byte."""
    data = (LAYOUTS / "tableau" / "vierge.docx").read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(io.BytesIO(annotate_docx(data, dictionary).data)) as after,
    ):
        assert after.namelist() == before.namelist()
        changed = [name for name in before.namelist() if before.read(name) != after.read(name)]

    assert changed == ["word/document.xml"]


def test_the_fields_of_a_pdf_are_mapped_by_what_is_printed_beside(dictionary: Dictionary) -> None:
    """« Texte12 » says nothing: the words around and the tooltip do. No field is mapped wrongly."""
    proposals = map_fields((LAYOUTS / "champs" / "vierge.pdf").read_bytes(), dictionary)
    mapped = {name: proposal.placeholder for name, proposal in proposals if proposal.placeholder is not None}
    truth = load_layout(LAYOUTS / "champs").acroform

    assert {name: (text, truth.get(name)) for name, text in mapped.items() if truth.get(name) != text} == {}
    assert len(mapped) >= 0.8 * len(truth)


def test_a_draft_is_not_in_use_until_its_settings_are_renamed(
    own_workspace: Workspace, dictionary: Dictionary
) -> None:
    """A wrong guess would be a wrong value that both readers agree on: a person puts the layout in use."""
    blank = LAYOUTS / "tableau" / "vierge.docx"
    draft = add_form(
        blank, workspace=own_workspace, dictionary=dictionary, formation="coordination-essms", name="Tableau été"
    )

    assert draft.folder.name == "tableau-ete"
    assert load_layouts(own_workspace, dictionary) == ()
    ((layout, findings),) = lint_forms(["tableau-ete"], workspace=own_workspace, dictionary=dictionary)
    assert [finding.message for finding in findings if finding.refuses] == []
    assert any("version n’est pas dite" in finding.message for finding in findings)
    (listed,) = list_forms(own_workspace, dictionary)
    assert (listed.in_use, listed.layout.formations, listed.channels[0]) == (False, ("coordination-essms",), "docx")
    assert listed.fields >= 40

    (draft.folder / DRAFT_SETTINGS).rename(draft.folder / "layout.toml")
    (used,) = load_layouts(own_workspace, dictionary)
    assert used.id == layout.id == "coordination-essms/tableau-ete"


def test_a_draft_is_tried_on_filled_copies_with_pictures(
    own_workspace: Workspace, dictionary: Dictionary, tmp_path: Path
) -> None:
    """What would be read of a Word copy and of a print; the print's pages are drawn, an empty file is refused."""
    blank = LAYOUTS / "tableau" / "vierge.docx"
    add_form(blank, workspace=own_workspace, dictionary=dictionary, formation=None, name="tableau")
    copies, place = tmp_path / "copies", tmp_path / "essai"
    copies.mkdir()
    for name in ("00.docx", "00.pdf"):
        shutil.copy(LAYOUTS / "tableau" / name, copies)
    (copies / "vide.pdf").write_bytes(b"")

    word, printed, empty = try_forms(
        copies, workspace=own_workspace, dictionary=dictionary, today=people.TODAY, to=place
    )

    assert word.reading is not None
    assert printed.reading is not None
    assert word.reading.layout == printed.reading.layout == "commun/tableau"
    values = {entry.path: entry.value for entry in printed.reading.fields}
    assert values["tuteur.nom_prenom"] == "BENAÏSSA Inès"
    assert word.pictures == ()
    assert [path.name for path in printed.pictures] == ["00.pdf-p1.png"]
    with Image.open(printed.pictures[0]) as picture:
        assert picture.width > picture.height * 0.9  # the page, and the list beside it
    assert (empty.reading, empty.refusal.split(" : ")[0]) == (None, "FICHIER_VIDE")


@pytest.mark.parametrize(
    ("name", "data", "formation", "said"),
    [
        ("a.odt", b"x", None, "enregistrez-le d’abord ainsi"),
        ("vierge.docx", None, "inconnue", "n’est pas une formation"),
        ("plat.pdf", None, None, "no form field"),
        ("...docx", None, None, "--name"),
    ],
)
def test_what_cannot_be_a_layout_is_refused(
    own_workspace: Workspace,
    dictionary: Dictionary,
    tmp_path: Path,
    *,
    name: str,
    data: bytes | None,
    formation: str | None,
    said: str,
) -> None:
    """Another kind of file, an unknown formation, a PDF without fields: said before anything is written."""
    path = tmp_path / name
    source = LAYOUTS / "tableau" / ("00.pdf" if name.endswith(".pdf") else "vierge.docx")
    path.write_bytes(source.read_bytes() if data is None else data)

    before = sorted(own_workspace.root.rglob("*"))

    with pytest.raises(ConfigError, match=said):
        add_form(path, workspace=own_workspace, dictionary=dictionary, formation=formation, name=None)
    assert sorted(own_workspace.root.rglob("*")) == before


@pytest.mark.parametrize("filled", ["tableau/01.docx", "pointilles/00.docx", "champs/02.pdf"])
def test_a_form_that_somebody_filled_is_refused(
    own_workspace: Workspace, dictionary: Dictionary, filled: str
) -> None:
    """Word or PDF: its name would stay in a layout. Nothing is written, no answer repeated; a person may insist."""
    before = sorted(own_workspace.root.rglob("*"))
    with pytest.raises(NotAllowed, match="est rempli") as told:
        add_form(LAYOUTS / filled, workspace=own_workspace, dictionary=dictionary, formation=None, name="fiche")
    assert sorted(own_workspace.root.rglob("*")) == before
    assert "Nom" in str(told.value)

    draft = add_form(
        LAYOUTS / filled,
        workspace=own_workspace,
        dictionary=dictionary,
        formation=None,
        name="fiche",
        is_blank=True,
    )
    assert draft.folder == own_workspace.school / "commun" / "formulaires" / "fiche"
    assert {path.stat().st_mode & 0o077 for path in (draft.folder, *draft.folder.iterdir())} == {0}


def test_the_commands_add_lint_and_list(own_workspace: Workspace) -> None:
    """As a secretary types them: what was proposed, what is left, and exit code 3 for a layout that is not safe."""
    added = liasse("forms", "add", LAYOUTS / "champs" / "vierge.pdf", "--name", "champs", workspace=own_workspace)
    assert added.returncode == 0, added.stderr
    assert "{{ organisme.siret }}" in added.stdout
    assert "à compléter" in added.stdout
    again = liasse("forms", "add", LAYOUTS / "champs" / "vierge.pdf", "--name", "champs", workspace=own_workspace)
    assert again.returncode == 3
    assert "existe déjà" in again.stderr

    settings = own_workspace.school / "commun" / "formulaires" / "champs" / DRAFT_SETTINGS
    settings.write_text(settings.read_text().replace('"organisme.siret"', '"organisme.sirett"'))
    lint = liasse("forms", "lint", workspace=own_workspace)
    assert lint.returncode == 3
    assert "organisme.sirett" in lint.stdout

    listed = liasse("forms", "list", workspace=own_workspace)
    assert listed.returncode == 0
    assert "brouillon" in listed.stdout
