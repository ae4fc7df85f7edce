"""Fields of Word's mailing: an instruction is read by its grammar, and a place gets what its name says, or none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import conventions
import docx
import people
import pytest
import template_kit
from docx.document import Document

from pipeline.core.fields import Dictionary
from pipeline.core.programme import Programme
from pipeline.documents.filling.foreign_places import MergeField, merge_field
from pipeline.teaching import convert_convention
from pipeline.teaching.convention_draft import Converted

Convert = Callable[[Document], Converted]


@pytest.fixture
def converted(tmp_path: Path, dictionary: Dictionary) -> Convert:
    """What becomes of a convention."""

    def convert(document: Document) -> Converted:
        file = tmp_path / "convention.docx"
        file.write_bytes(conventions.saved(document))
        return convert_convention(file, dictionary)

    return convert


def _typed(*lines: tuple[str, str]) -> Document:
    """A convention of lines: words, then a place."""
    document = docx.Document()
    for words, place in lines:
        document.add_paragraph(words).add_run(place)
    return document


@pytest.mark.parametrize(
    ("instruction", "meant"),
    [
        (" MERGEFIELD Nom_tuteur ", MergeField("Nom_tuteur")),
        (' MERGEFIELD "Date fin" \\* MERGEFORMAT ', MergeField("Date fin")),
        ("MERGEFIELD Nom\\* Upper", MergeField("Nom")),
        ('MERGEFIELD Service \\b ", service " \\f " (1)"', MergeField("Service", ", service ", " (1)")),
        ('MERGEFIELD "dit \\"Jo\\"" \\m', MergeField('dit "Jo"')),
        ('mergefield \\* MERGEFORMAT "Date fin"', MergeField("Date fin")),
        ("MERGEFIELD Date fin \\@ dd/MM/yyyy", MergeField("Date fin")),
        ("MERGEFIELD “Date fin”", MergeField("Date fin")),
        ('MERGEFIELD "Date fin', MergeField("Date fin")),
        ('IF "MERGEFIELD x" = "" "a" "b"', None),
        ("MERGEFIELDS Nom", None),
        ('MERGEFIELD ""', None),
        ("", None),
    ],
)
def test_an_instruction_is_read_whole(instruction: str, meant: MergeField | None) -> None:
    """Quotes, switches and their words, quotes in quotes, a field of another kind."""
    assert merge_field(instruction) == meant


@pytest.mark.parametrize("simple", [True, False], ids=["simple", "runs"])
def test_a_name_of_several_words_is_a_name(converted: Convert, *, simple: bool) -> None:
    """What follows the first space of a quoted name counts, however the field is written."""
    document = docx.Document()
    for words, name in (("Représenté par ", "Nom signataire"), ("", "Nom tuteur"), ("au ", "Date fin")):
        code = f' MERGEFIELD "{name}" \\* MERGEFORMAT '
        pieces = (code,) if simple else (code[:9], code[9:17], code[17:])
        template_kit.word_field(document.add_paragraph(words), *pieces, shown=f"«{name}»", simple=simple)
    done = converted(document)

    assert [one.written for one in done.places] == ["«Nom signataire»", "«Nom tuteur»", "«Date fin»"]
    assert [one.expression for one in done.places] == [
        "{{ organisme.signataire.nom_prenom }}",
        "{{ tuteur.nom_prenom }}",
        "{{ stage.date_fin }}",
    ]


def test_the_words_of_a_field_around_its_value_are_kept(
    converted: Convert, programme: Callable[[str], Programme]
) -> None:
    """What Word prints before and after a value that is there is printed, and with no value it is not."""
    document = docx.Document()
    line = document.add_paragraph("Organisme d’accueil : ")
    template_kit.word_field(line, ' MERGEFIELD Service \\b "service " \\f " (France)" ', shown="«Service»")
    template_kit.word_field(line, ' MERGEFIELD SIRET \\b ", n° " ', shown="«SIRET»")
    done = converted(document)

    assert [one.expression for one in done.places] == [
        "{% if organisme.service %}service {{ organisme.service }} (France){% endif %}",
        ", n° {{ organisme.siret }}",
    ]
    assert template_kit.tried(done.path, programme(people.CNAM))[0].faults == ()


def test_a_field_that_calculates_stays_and_is_told(converted: Convert, programme: Callable[[str], Programme]) -> None:
    """« IF { MERGEFIELD … } »: nothing in it is replaced; it is listed; the check names the field that is left."""
    document = docx.Document()
    line = document.add_paragraph("Le stagiaire, ")
    template_kit.word_field(line, " IF ", "{ MERGEFIELD Sexe }", ' = "F" "née" "né" ', shown="né")
    line.add_run(" le ")
    template_kit.merge_field(line, "Date_naissance")
    done = converted(document)

    assert [one.expression for one in done.places] == [None, "{{ stagiaire.date_naissance }}"]
    assert done.left[0].written == '{ IF «Sexe» = "F" "née" "né" }'
    assert "MERGEFIELD Sexe" in docx.Document(str(done.path)).paragraphs[0]._p.xml
    (fault,) = template_kit.tried(done.path, programme(people.CNAM))[0].faults
    assert "MERGEFIELD Sexe" in fault


@pytest.mark.parametrize("simple", [True, False], ids=["simple", "runs"])
@pytest.mark.parametrize("code", ['MERGEFIELD "Mot de la fin"', 'MERGEFIELD Nom_stagiaire \\b "{{ x }}"'])
def test_a_field_that_is_not_understood_stays_a_field(
    converted: Convert, programme: Callable[[str], Programme], code: str, *, simple: bool
) -> None:
    """It is in the draft as it was, with its switches, and no name is printed as a text: the check tells it."""
    document = docx.Document()
    line = document.add_paragraph("Ensuite, ")
    template_kit.word_field(line, code, shown="«essai»", simple=simple)
    line.add_run(" et voilà.")
    done = converted(document)

    assert [one.expression for one in done.places] == [None]
    made = docx.Document(str(done.path)).paragraphs[0]
    assert made._p.xml == line._p.xml
    (fault,) = template_kit.tried(done.path, programme(people.CNAM))[0].faults[:1]
    assert "MERGEFIELD" in fault


@pytest.mark.parametrize("lost", [1, 3], ids=["shows", "says"])
def test_a_field_without_end_hides_no_other(converted: Convert, lost: int) -> None:
    """A file that lost the end of a field, or all after its instruction: the places after it are found."""
    document = docx.Document()
    broken = document.add_paragraph("Page ")
    template_kit.word_field(broken, " PAGE ", shown="1")
    for run in broken.runs[-lost:]:
        broken._p.remove(run._r)
    template_kit.merge_field(document.add_paragraph("Nom du stagiaire : "), "Nom_stagiaire")
    document.add_paragraph("Prénom du stagiaire : «Prenom_stagiaire»")

    assert [one.expression for one in converted(document).places] == [
        "{{ stagiaire.nom }}",
        "{{ stagiaire.prenom }}",
    ]


@pytest.mark.parametrize(
    ("words", "name", "field"),
    [
        ("Lieu du stage : ", "Lieu_du_stage", "organisme.lieu_stage"),
        ("Fait à Quimper, le ", "Date_du_jour", "convention.date"),
        ("Représenté par : ", "Nom_signataire", "organisme.signataire.nom_prenom"),
        (", à ", "Temps_plein_ou_partiel", "stage.temps"),
        ("fixée à 4,50 € par ", "Unité_gratification", "gratification.unite"),
        ("sont possibles : ", "Congés", "stage.conges_modalites"),
        ("N° d’étudiant : ", "N°_étudiant", "stagiaire.numero"),
        ("", "LOGO", "etablissement.logo"),
    ],
)
def test_a_name_says_its_field(converted: Convert, words: str, name: str, field: str) -> None:
    """Names that a scolarité gives, each sure: nothing to look at."""
    (one,) = converted(_typed((words, f"«{name}»"))).places

    assert one.expression is not None
    assert re.search(r"[a-z_]+(?:\.[a-z_]+)+", one.expression)[0] == field  # type: ignore[index]
    assert one.sure


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Date de début du stage : ", "Telephone"),
        ("Lieu du stage : ", "Date_visite"),
        ("Courriel du tuteur : ", "Nom_de_plume"),
        ("Montant de la gratification : ", "Courriel_RH"),
        ("Durée du stage : ", "Duree_semaines"),
        ("Fait à ", "Lieu"),
        ("Logo : ", "LOGO_ENTREPRISE"),
    ],
)
def test_a_name_and_its_label_that_disagree_propose_nothing(converted: Convert, words: str, name: str) -> None:
    """A name that says one nature beside a label of another: left as it was, and told."""
    (one,) = converted(_typed((words, f"«{name}»"))).places

    assert one.expression is None


@pytest.mark.parametrize(("words", "name"), [("Sujet du stage : ", "Montant"), ("Nom du tuteur : ", "Tel")])
def test_a_name_beside_the_label_of_another_field_is_to_be_looked_at(
    converted: Convert, words: str, name: str
) -> None:
    """The name says a field by itself, the label says another: proposed, and marked."""
    (one,) = converted(_typed((words, f"«{name}»"))).places

    assert one.expression is not None
    assert not one.sure


def test_what_only_the_words_around_say_is_to_be_looked_at(converted: Convert) -> None:
    """A name that says nothing, beside a label that does: proposed, and marked."""
    done = converted(_typed(("Sujet du stage : ", "«Champ12»"), ("Sujet du stage : ", "«Sujet»")))

    assert [(one.expression, one.sure) for one in done.places] == [
        ("{{ stage.sujet }}", False),
        ("{{ stage.sujet }}", True),
    ]
    assert [one.written for one in done.doubtful] == ["«Champ12»"]


def test_in_a_sentence_a_list_is_said_in_the_line_and_one_full_stop_printed(
    converted: Convert, programme: Callable[[str], Programme]
) -> None:
    """What people end with a full stop has it once; a list in the middle of a sentence does not break it."""
    document = docx.Document()
    document.add_paragraph(
        "Compétences : «Compétences». Encadrement : «Encadrement». Activités confiées : «Activités»"
    )
    document.add_paragraph("Nationalité : «Nationalité»/ Né le «Date_naissance».")
    done = converted(document)

    assert [one.expression for one in done.places] == [
        '{{ stage.competences | join(", ") | point }}',
        "{{ stage.modalites_encadrement | point }}",
        "{{ stage.activites | lignes }}",
        '{{ stagiaire.nationalite or "—" }}',
        "{{ stagiaire.date_naissance }}",
    ]
    made = [paragraph.text for paragraph in docx.Document(str(done.path)).paragraphs]
    assert "point }} Encadrement" in made[0]
    assert made[1].endswith("{{ stagiaire.date_naissance }}.")
    assert template_kit.tried(done.path, programme(people.CNAM))[0].faults == ()


def test_the_clauses_that_apply_are_a_field(converted: Convert) -> None:
    """A line of dots at the end of a long sentence: the words that tell are far behind the small ones."""
    words = "Il est soumis aux clauses du règlement intérieur qui lui sont applicables : "
    (one,) = converted(_typed((words, "____________________"))).places

    assert one.expression == '{{ organisme.reglement_interieur or "—" }}'
