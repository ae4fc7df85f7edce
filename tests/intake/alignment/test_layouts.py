"""Layouts: what their folder must hold, which form is whose, and what the lint refuses or warns of."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from word_blank import Blank

from pipeline.blanks.compiling import compile_layout, for_printing
from pipeline.blanks.lint import lint
from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary
from pipeline.core.workspace import Workspace
from pipeline.forms.layouts import Layout, Placeholder, load_layout, load_layouts, parse_placeholder
from pipeline.reading.alignment import receive, recognise_layout
from pipeline.reading.streams.docx import docx_stream
from pipeline.sandbox.gates import open_docx

Make = Callable[..., Layout]


def in_french(said: str) -> str:
    """What the lint says, to the scolarité that a French page sends there: no English word is in it."""
    assert not re.search(r"\b(?:the|there|is|not|and|form|field|blank|placeholder)\b(?!\.)", said), said
    return said


def refusals(layout: Layout, dictionary: Dictionary) -> str:
    """Everything that the lint refuses, in one text."""
    return in_french("\n".join(finding.message for finding in lint(layout, dictionary) if finding.refuses))


def warnings(layout: Layout, dictionary: Dictionary) -> str:
    """Everything that it warns of."""
    return in_french("\n".join(finding.message for finding in lint(layout, dictionary) if not finding.refuses))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" stagiaire.nom ", Placeholder("stagiaire.nom")),
        ("stage.obligatoire = Oui", Placeholder("stage.obligatoire", "oui")),
        ("gratification.modalite=chèque", Placeholder("gratification.modalite", "cheque")),
        ("stage.presence_exceptionnelle = non", Placeholder("stage.presence_exceptionnelle", "non")),
        ("tuteur.nom_prenom", Placeholder("tuteur.nom_prenom")),
        ("organisme.adresse", Placeholder("organisme.adresse")),
        ("stage.activites.2", Placeholder("stage.activites", item=2)),
        ("ignorer", Placeholder("ignorer")),
    ],
)
def test_placeholders(dictionary: Dictionary, text: str, expected: Placeholder) -> None:
    """A path, an option by code or French name, a combined field, a line of a list, a place nobody needs."""
    assert parse_placeholder(text, dictionary) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stagiaire.nmo", "n’est pas un champ"),
        ("stagiaire.siret", "Serait-ce organisme.siret"),
        ("stage.obligatoire = peut-être", "pas de tel choix"),
        ("stagiaire.date_naissance = oui", "ne se coche pas"),
    ],
)
def test_wrong_placeholders(dictionary: Dictionary, text: str, said: str) -> None:
    """What the schema does not know is refused, with what it knows."""
    with pytest.raises(ConfigError, match=said):
        parse_placeholder(text, dictionary)


def test_layout_folder(make_layout: Make, table: Blank, tmp_path: Path) -> None:
    """The folder gives the id and the formation; the settings give the rest."""
    layout = make_layout(table.docx(), 'titre = "Fiche"\ndates = "mois-jour"\npointilles = true')

    assert (layout.id, layout.formations, layout.title) == (
        "coordination-essms/fiche",
        ("coordination-essms",),
        "Fiche",
    )
    assert (layout.version, layout.month_first, layout.leaders) == ("2025-09", True, True)
    assert layout.folder.is_relative_to(tmp_path)


@pytest.mark.parametrize(
    ("settings", "said"), [("version = ", "n’est pas du TOML"), ('titre = "x"', "n’a pas de version")]
)
def test_bad_settings(make_layout: Make, table: Blank, settings: str, said: str) -> None:
    """A broken layout.toml is refused with the place and the mend."""
    folder = make_layout(table.docx()).folder
    (folder / "layout.toml").write_text(settings, encoding="utf-8")

    with pytest.raises(ConfigError, match=said):
        load_layout(folder)


def test_blank_missing_or_twice(make_layout: Make, table: Blank) -> None:
    """A layout has one blank, not two nor none."""
    folder = make_layout(table.docx()).folder
    shutil.copy(folder / "formulaire.docx", folder / "formulaire.pdf")
    with pytest.raises(ConfigError, match="deux formulaires vierges"):
        load_layout(folder)

    (folder / "formulaire.pdf").unlink()
    (folder / "formulaire.docx").unlink()
    with pytest.raises(ConfigError, match="aucun formulaire vierge"):
        load_layout(folder)


def test_loading_a_workspace(own_workspace: Workspace, dictionary: Dictionary, table: Blank) -> None:
    """Layouts of commun/ name the formations they serve; without, the workspace does not load."""
    before = len(load_layouts(own_workspace, dictionary))
    folder = own_workspace.templates / "commun" / "formulaires" / "fiche"
    folder.mkdir(parents=True)
    (folder / "formulaire.docx").write_bytes(table.docx())
    (folder / "layout.toml").write_text('version = "1"\nformations = ["a", "b"]', encoding="utf-8")

    loaded = {layout.id: layout.formations for layout in load_layouts(own_workspace, dictionary)}
    assert (len(loaded), loaded["commun/fiche"]) == (before + 1, ("a", "b"))

    (folder / "layout.toml").write_text('version = "1"', encoding="utf-8")
    with pytest.raises(ConfigError, match="formations"):
        load_layouts(own_workspace, dictionary)


def test_sound_layout(make_layout: Make, table: Blank, dictionary: Dictionary) -> None:
    """A good layout has no refusal; required fields it does not ask for are one warning."""
    layout = make_layout(table.docx())

    assert refusals(layout, dictionary) == ""
    assert "stage.sujet" in warnings(layout, dictionary)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["Nom", "{{ stagiaire.nmo }}"], "n’est pas un champ"),
        (["Nom", "{{ stagiaire.prenom }} {{ stagiaire.numero }}"], "rien ne sépare"),
        (["Nom", "{{ stage.obligatoire = oui }} oui"], "y est 2 fois"),
        (["Nom", "{{ stage.obligatoire }}"], "s’écrit et se coche"),
        (["Nom", "{{ stagiaire.numero"], "ouvre ou ferme seul"),
    ],
)
def test_refused_rows(make_layout: Make, table: Blank, dictionary: Dictionary, row: list[str], said: str) -> None:
    """Each thing that cannot be read safely is refused by name."""
    table.rows.append(row)

    assert said in refusals(make_layout(table.docx()), dictionary)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["Ville", "{{ stagiaire.adresse.voie }}, {{ stagiaire.adresse.ville }}"], "rien qu’un signe de ponctuation"),
        (["Nom", "{{ stagiaire.nom }}"], "y est 2 fois"),
        (
            ["Stage", "{{ stage.teletravail = oui }} ☐ oui {{ stage.teletravail = non }} non"],
            "une case à cocher reste",
        ),
        (["Stage", "{{ stage.teletravail = oui }} en télétravail"], "n’a qu’une case"),
    ],
)
def test_warned_rows(make_layout: Make, table: Blank, dictionary: Dictionary, row: list[str], said: str) -> None:
    """What can be read, with more doubts than needed, is a warning."""
    table.rows.append(row)
    layout = make_layout(table.docx())

    assert (said in warnings(layout, dictionary), refusals(layout, dictionary)) == (True, "")


def test_too_few_words(make_layout: Make, dictionary: Dictionary) -> None:
    """A blank that is nearly empty could be anybody's."""
    small = Blank([["Nom", "{{ stagiaire.nom }}"]])
    assert "mots imprimés" not in refusals(make_layout(small.docx()), dictionary)

    bare = make_layout(small.docx(introduction=""), name="nue")
    assert ": 1 mots imprimés" in refusals(bare, dictionary)


def test_two_editions(make_layout: Make, table: Blank, answers: dict[str, str], dictionary: Dictionary) -> None:
    """Of two editions of a form, the one that fits exactly is chosen; the lint says that they are alike."""
    old = make_layout(table.docx(), name="ancienne")
    table.rows[2][0] = "Raison sociale"
    new = make_layout(table.docx(), name="nouvelle")
    editions = [compile_layout(layout, dictionary) for layout in (old, new)]

    match = recognise_layout(receive(table.fill(**answers).docx()), editions).match

    assert match is not None
    assert match.compiled.layout.id == "coordination-essms/nouvelle"
    alike = [finding.message for finding in lint(old, dictionary, others=editions)]
    assert any("de ses mots sont ceux de coordination-essms/nouvelle" in message for message in alike)


def test_edition_between_two_is_nobody_s(
    make_layout: Make, table: Blank, answers: dict[str, str], dictionary: Dictionary
) -> None:
    """A form that fits neither of two like editions exactly is not taken for one of them."""
    old = compile_layout(make_layout(table.docx(), name="ancienne"), dictionary)
    table.rows[2][0] = "Raison sociale"
    new = compile_layout(make_layout(table.docx(), name="nouvelle"), dictionary)
    table.rows[2][0] = "Dénomination"

    found = recognise_layout(receive(table.fill(**answers).docx()), [old, new])

    assert (found.match, len(found.matches)) == (None, 2)


def test_another_form_is_unknown(make_layout: Make, table: Blank, dictionary: Dictionary) -> None:
    """A form with other words is not ours."""
    compiled = compile_layout(make_layout(table.docx()), dictionary)
    other = Blank([["Bulletin d’inscription à la cantine", "Camille"]])

    assert recognise_layout(receive(other.docx()), [compiled]).match is None


def test_what_is_printed_for_the_places(make_layout: Make, table: Blank, dictionary: Dictionary) -> None:
    """The blank to be printed has short numbers and empty boxes in place of the placeholders."""
    layout = make_layout(table.docx())
    made = for_printing(layout)
    assert made is not None

    words = [token.text for token in docx_stream(open_docx(made)) if token.text]

    assert words[words.index("Nom") : words.index("Né(e)")] == ["Nom", "{{1}}", "Prénom", "{{2}}"]
    assert words.count("☐") == 2
    assert not any("stagiaire" in word for word in words)
    assert compile_layout(layout, dictionary).zones == ()
