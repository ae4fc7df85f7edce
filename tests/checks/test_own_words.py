"""Words of forms as data: a school adds its own, which are read; a slip is named with file, table, key and line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.blanks.layout_cache import open_layouts
from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary, FieldKind, Nature
from pipeline.core.words import LOCAL, PRODUCT, Lexicon
from pipeline.core.workspace import Workspace
from pipeline.forms.values.answers import is_empty
from pipeline.forms.values.choices import option_words
from pipeline.forms.wording import faults_of_words
from pipeline.maintenance.formations import inspect
from pipeline.reading.labels.sections import heading_of
from pipeline.reading.labels.vocabulary import label_words, vocabulary_of

pytestmark = pytest.mark.sampled(4)


@pytest.fixture
def school(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace whose words may be spoilt."""
    for folder in ("templates", "schemas"):
        shutil.copytree(workspace.root / folder, tmp_path / folder)
    return Workspace.at(tmp_path)


def with_words(school: Workspace, text: str) -> Dictionary:
    """The fields and words of a school that wrote this in its own file."""
    (school.schemas / LOCAL).write_text(text, encoding="utf-8")
    return Dictionary.load(school)


def test_the_words_that_come_with_liasse_have_no_fault(workspace: Workspace) -> None:
    """Every path, section, pattern and label of libelles.toml."""
    assert list(faults_of_words(Dictionary.load(workspace))) == []


def test_a_school_adds_its_own_words(school: Workspace) -> None:
    """A label, a heading, an empty answer and a cue of its own are known beside those of liasse."""
    vocabulary = vocabulary_of(
        with_words(
            school,
            '[libelles]\n"organisme.raison_sociale" = ["Maison partenaire"]\n'
            '[titres]\n"maison partenaire" = "organisme"\n[mots]\nvide = ["pas encore su"]\n'
            '[[tournures]]\nchamp = "stage.sujet"\nmaniere = "phrase"\nmots = ["chantier retenu"]\n',
        )
    )

    assert vocabulary.find(label_words("Maison partenaire :"), "organisme") == "organisme.raison_sociale"
    assert vocabulary.find(label_words("Raison sociale"), "organisme") == "organisme.raison_sociale"
    assert heading_of("3. MAISON PARTENAIRE", vocabulary) == "organisme"
    assert is_empty("Pas encore su", vocabulary.dictionary.lexicon)
    assert is_empty("néant", vocabulary.dictionary.lexicon)
    assert any(
        cue.pattern.search("le chantier retenu est") and cue.target == "stage.sujet" for cue in vocabulary.cues
    )


def test_a_workspace_of_the_release_before_has_the_words_of_liasse(school: Workspace) -> None:
    """Without a libelles.toml of its own, it reads as it read."""
    ours = Dictionary.load(school).lexicon.tables
    (school.schemas / PRODUCT).unlink()

    assert Dictionary.load(school).lexicon.tables == ours == Lexicon().tables


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[libelles]\n\n"organisme.nom" = ["Nom"]\n', "line 3, [libelles] organisme.nom: this is no field"),
        ('[libelles]\n".surnom" = ["Surnom"]\n', "line 2, [libelles] .surnom: this is no field"),
        ('[libelles]\n"organisme.ape" = ["APE", " – "]\n', "line 2, [libelles] organisme.ape: a label is empty"),
        ('[libelles]\n"organisme.ape" = "APE"\n', "line 2, [libelles] organisme.ape: a list of words is expected"),
        (
            '[libelles]\n"organisme.activite" = ["Code NAF"]\n',
            "line 2, [libelles] organisme.activite: « Code NAF » already asks for organisme.ape, in the same section",
        ),
        ('[libelle]\n"organisme.ape" = ["APE"]\n', "line 2, [libelle] organisme.ape: there is no such table"),
        ('[mots]\nvides = ["rien"]\n', "line 2, [mots] vides: there is no such table"),
        ('[titres]\n"le site" = "site"\n', "line 2, [titres] le site: 'site' is no section"),
        ('[parties]\nsite = ["site"]\n', "line 2, [parties] site: this is no section"),
        ('[roles]\ntuteur = ["maitre("]\n', "line 2, [roles] tuteur: « maitre( » is no regular expression"),
        (
            '# les nôtres\n[[tournures]]\nchamp = "stage.sujet"\nmaniere = "phrase"\nmots = ["sujet("]\n',
            "line 2, [tournures] 1: « sujet( » is no regular expression",
        ),
        (
            '[[tournures]]\nchamp = "stage.sujets"\nmaniere = "phrases"\nmots = ["sujet"]\n',
            "line 1, [tournures] 1: maniere = 'phrases' is not known",
        ),
        ('[tournures]\nmots = ["x"]\n', "line 2, [tournures] mots: write [[tournures]], with two brackets"),
        ("version = 2\n", "line 1, version: there is no such table"),
        ("# les nôtres\nmots = 3\n", "line 2, mots: write [mots], with one bracket"),
        ('[[mots]]\nvide = ["rien"]\n', "line 1, [mots] 1: write [mots], with one bracket"),
        ('tournures = ["x"]\n', "line 1, [tournures] 1: write [[tournures]], with two brackets"),
        ('[libelles]\norganisme.ape = ["APE"]\n', "line 2, [libelles] organisme: write the whole key in quotes"),
        ("[parties]\ntuteur = []\n", "line 2, [parties] tuteur: the list is empty"),
        ("[titres]\nsite = 3\n", "line 2, [titres] site: a section is expected"),
        (
            '[[tournures]]\nchamp = "stage.sujet"\nmaniere = "phrase"\nmot = ["sujet"]\n',
            "line 1, [tournures] 1: mot is no key of a turn of phrase. Known: champ, maniere, partie, mots",
        ),
        (
            '[[tournures]]\nchamp = "stage.sujet"\nmaniere = "phrase"\n',
            "line 1, [tournures] 1: mots is missing",
        ),
        (
            '[[tournures]]\nchamp = 3\nmaniere = "phrase"\nmots = ["sujet"]\n',
            "line 1, [tournures] 1: champ must be a text in quotes",
        ),
        (
            '[civilites]\nDr = ["docteur"]\n',
            "line 2, [civilites] Dr: this is no option of the forms. Known: M., Mme, Mx",
        ),
    ],
)
def test_a_slip_in_the_words_of_a_school_is_named(school: Workspace, text: str, said: str) -> None:
    """``liasse check`` says file, line, table and key; no form is read until it is mended."""
    dictionary = with_words(school, text)

    first = next(inspect(school))  # the words are looked at before any formation
    assert any(f"schemas/{LOCAL}, {said}" in fault for fault in first.faults)
    with pytest.raises(ConfigError, match=LOCAL):
        open_layouts(school, dictionary)


def test_words_that_are_no_toml_are_named(school: Workspace) -> None:
    """The line that the parser stumbled on."""
    with_words(school, '[libelles]\n"organisme.ape" = ["APE"\n')

    (only,) = inspect(school)
    assert "libelles-locaux.toml is not valid TOML" in only.faults[0]


def test_a_file_of_liasse_that_lost_a_table_is_named(school: Workspace) -> None:
    """In place of ours stands one that was cut: every table and list that is gone is named."""
    path = school.schemas / PRODUCT
    text = path.read_text(encoding="utf-8")
    path.write_text(text.partition("# Pays qui peuvent")[0], encoding="utf-8")

    with pytest.raises(ConfigError, match=r"libelles\.toml: \[civilites\] is missing(?s:.*)\[mots\] pays is missing"):
        _ = Dictionary.load(school).lexicon.tables


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("x-nature", "ville", "organisme.ape: x-nature 'ville' is not known. Known: nom, prenom"),
        ("x-unite", "an", "organisme.ape: x-unite 'an' is not known. Known: semaine, jour, mois"),
        ("x-mots", {"virement": ["banque"]}, "organisme.ape: x-mots 'virement' is not known"),
    ],
)
def test_a_slip_in_what_the_schema_says_of_a_field_is_named(
    school: Workspace, key: str, value: object, said: str
) -> None:
    """``liasse check`` names the field, the key and what is known."""
    path = school.schemas / "formulaire.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["organisme"]["properties"]["ape"][key] = value
    path.write_text(json.dumps(schema), encoding="utf-8")

    (only,) = inspect(school)
    assert said in only.faults[0]


def test_the_schema_says_what_an_answer_is(dictionary: Dictionary) -> None:
    """Natures, units and other words for options are asked of the field, or of several written together."""
    assert dictionary.nature("tuteur.nom") is Nature.SURNAME
    assert dictionary.nature("tuteur.nom_prenom") is Nature.FULL_NAME
    assert dictionary.nature("organisme.lieu_stage") is Nature.ADDRESS
    assert dictionary.nature("organisme") is None
    assert dictionary.kind("organisme.adresse.code_postal") is FieldKind.POSTCODE
    assert dictionary.fields["stage.heures_hebdo"].unit == "semaine"
    assert option_words(dictionary.fields["gratification.modalite"])["cheque bancaire"] == "cheque"
    assert option_words(dictionary.fields["tuteur.civilite"])["madame"] == "Mme"
