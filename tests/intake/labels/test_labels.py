"""Reading by labels alone, on streams built by hand: Word tables, dotted lines, printed pages, scans."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_streams import line, printed, table, words

from pipeline.core.fields import Dictionary
from pipeline.reading.candidates import Candidate
from pipeline.reading.labels.label_reader import read_labels
from pipeline.reading.labels.sections import heading_of
from pipeline.reading.labels.vocabulary import label_words, vocabulary_of
from pipeline.reading.tokens import Source, Stream, Token, TokenKind


def texts(
    stream: Sequence[Token], dictionary: Dictionary, extra: Mapping[str, list[str]] | None = None
) -> dict[str, str]:
    """Path to text, of what was found filled."""
    found = read_labels(tuple(stream), dictionary, extra)
    return {path: candidate.text for path, candidate in found.items() if candidate.text}


def test_a_label_takes_the_next_cell_within_its_section(dictionary: Dictionary) -> None:
    """The same words, « Nom » and « Téléphone », answer another field under each heading."""
    stream = [
        *line("1. L’ÉTUDIANT(E)"),
        *table(("Nom", "DUPONT", "Prénom", "Marie"), ("Téléphone", "06 12 34 56 78")),
        *line("2. L’organisme d’accueil"),
        *table(("Nom", "ACME"), ("Téléphone", "02 98 00 00 00")),
        *line("3. Le tuteur de stage dans l’organisme"),
        *table(("Nom", "LE GALL Yann", "Fonction", "Directeur")),
    ]

    assert texts(stream, dictionary) == {
        "stagiaire.nom": "DUPONT",
        "stagiaire.prenom": "Marie",
        "stagiaire.telephone": "06 12 34 56 78",
        "organisme.raison_sociale": "ACME",
        "organisme.telephone": "02 98 00 00 00",
        "tuteur.nom_prenom": "LE GALL Yann",
        "tuteur.fonction": "Directeur",
    }


def test_without_a_section_a_common_label_says_nothing(dictionary: Dictionary) -> None:
    """« Nom » and « Fonction » alone could be anybody’s; « Date de naissance » cannot."""
    stream = table(("Nom", "DUPONT"), ("Fonction", "Directeur"), ("Date de naissance", "17/03/2004"))
    assert texts(stream, dictionary) == {"stagiaire.date_naissance": "17/03/2004"}


def test_the_school_s_own_lines_are_not_the_student_s(dictionary: Dictionary) -> None:
    """Its name, address and telephone are printed in every convention."""
    stream = [*line("ÉTABLISSEMENT D’ENSEIGNEMENT"), *table(("Nom", "Institut"), ("Téléphone", "02 00 00 00 00"))]
    assert texts(stream, dictionary) == {}


def test_an_unknown_heading_ends_the_section_above(dictionary: Dictionary) -> None:
    """What stands under « 4. Divers » is not the tuteur’s."""
    stream = [
        *line("3. Tuteur"),
        *table(("Nom", "LE GALL Yann")),
        *line("4. Divers et annexes"),
        *table(("Nom", "X")),
    ]
    assert texts(stream, dictionary) == {"tuteur.nom_prenom": "LE GALL Yann"}


def test_dotted_lines_are_cut_at_the_next_label(dictionary: Dictionary) -> None:
    """Values typed over leaders, several on a line, one glued to the next label."""
    stream = [
        *line("LE STAGIAIRE"),
        *line("Nom : ....DUPONT.......Prénom : ...Anne Marie....."),
        *line("Né(e) le : ../../.... à : ........"),
        *line("Tél. : ..06 12 34 56 78..... Mél : ..a@example.org.."),
    ]

    assert texts(stream, dictionary) == {
        "stagiaire.nom": "DUPONT",
        "stagiaire.prenom": "Anne Marie",
        "stagiaire.telephone": "06 12 34 56 78",
        "stagiaire.courriel": "a@example.org",
    }


def test_a_blank_dotted_line_is_seen_empty(dictionary: Dictionary) -> None:
    """The label is there, its leaders too, and nothing on them."""
    found = read_labels((*line("Stagiaire"), *line("Nom : ................"), *line("Prénom : Marie")), dictionary)
    assert (found["stagiaire.nom"].text, found["stagiaire.prenom"].text) == ("", "Marie")


def test_words_before_the_dots_of_an_answer_are_no_label(dictionary: Dictionary) -> None:
    """« site internet » and « projet » are labels elsewhere: here they end what somebody wrote over leaders."""
    stream = [
        *line("LE STAGE"),
        *line("Missions : ..Mettre à jour le site internet ......"),
        *line("Objectifs pédagogiques : Acquérir une méthode de projet ......"),
    ]
    assert texts(stream, dictionary) == {
        "stage.activites": "Mettre à jour le site internet",
        "stage.objectifs": "Acquérir une méthode de projet",
    }


def test_labels_above_their_answers_in_two_columns(dictionary: Dictionary) -> None:
    """Headings side by side on a page: each column keeps its own section."""
    stream = printed(
        (50, [(40, "ÉTUDIANT"), (320, "ORGANISME D’ACCUEIL")]),
        (70, [(40, "Nom"), (320, "Raison sociale")]),
        (84, [(40, "DUPONT"), (320, "ACME")]),
        (110, [(40, "Téléphone"), (320, "Téléphone")]),
        (124, [(40, "0612345678"), (320, "0298000000")]),
    )

    assert texts(stream, dictionary) == {
        "stagiaire.nom_prenom": "DUPONT",
        "organisme.raison_sociale": "ACME",
        "stagiaire.telephone": "0612345678",
        "organisme.telephone": "0298000000",
    }


def test_an_answer_found_under_its_label_is_never_sure(dictionary: Dictionary) -> None:
    """Beside is sure, underneath is not."""
    under = printed((50, [(40, "STAGIAIRE")]), (70, [(40, "N° étudiant")]), (84, [(40, "22400817")]))
    beside = printed((50, [(40, "STAGIAIRE")]), (70, [(40, "N° étudiant"), (200, "22400817")]))
    found = [read_labels(tuple(stream), dictionary)["stagiaire.numero"] for stream in (under, beside)]
    assert [(one.text, one.sure) for one in found] == [("22400817", False), ("22400817", True)]


def test_a_wrapped_label_and_a_wrapped_answer(dictionary: Dictionary) -> None:
    """A label on two lines is one label; the lines of a cell are kept apart."""
    stream = [
        *line("5. LE STAGE"),
        *table(("Durée hebdomadaire de\nprésence", "35h"), ("Activités confiées au\nstagiaire", "- Un\n- Deux")),
    ]
    assert texts(stream, dictionary) == {"stage.heures_hebdo": "35h", "stage.activites": "- Un\n- Deux"}


@pytest.mark.parametrize("value", ["Directeur", "Responsable pédagogique", "Responsable administratif et financier"])
def test_an_answer_that_is_also_a_label_stays_an_answer(dictionary: Dictionary, value: str) -> None:
    """« Directeur » is a function here, not somebody’s label."""
    stream = [*line("Tuteur"), *table(("Nom", "LE GALL Yann", "Fonction", value))]
    assert texts(stream, dictionary)["tuteur.fonction"] == value


def options(stream: Stream, dictionary: Dictionary) -> dict[str, str | None]:
    """Path to the option ticked, for what is answered by boxes."""
    found = read_labels(stream, dictionary)
    return {path: candidate.option for path, candidate in found.items()}


def test_boxes_name_their_option_before_or_after(dictionary: Dictionary) -> None:
    """« ☒ Oui ☐ Non » and « Oui ☐ Non ☒ », in one cell or in several."""
    stream = [
        *line("LE STAGE"),
        *table(("Type de stage", "☐ Obligatoire ☒ Optionnel"), ("Télétravail", "Oui ☒ Non ☐")),
        *line("GRATIFICATION"),
        *table(("Mode de versement", "☐ chèque", "☒ virement", "☐ espèces")),
    ]

    assert options(tuple(stream), dictionary) == {
        "stage.obligatoire": "non",
        "stage.teletravail": "oui",
        "gratification.modalite": "virement",
    }


def test_boxes_without_a_label_belong_to_the_only_question_of_their_section(dictionary: Dictionary) -> None:
    """Bare « Oui Non » under GRATIFICATION; in a section with several such questions, nothing."""
    bare = [*line("GRATIFICATION"), *line("☒ Oui ☐ Non")]
    many = [*line("LE STAGE"), *line("☒ Oui ☐ Non")]
    found = [options(tuple(stream), dictionary) for stream in (bare, many)]
    assert found == [{"gratification.prevue": "oui"}, {}]


def test_two_boxes_ticked_are_a_doubt(dictionary: Dictionary) -> None:
    """CASE_AMBIGUE, and no option."""
    stream = (*line("Le stage"), *table(("Télétravail", "☒ Oui ☒ Non")))
    found = read_labels(stream, dictionary)["stage.teletravail"]
    assert (found.option, found.doubt and found.doubt.code) == (None, "CASE_AMBIGUE")


def test_a_sentence_holds_its_answers(dictionary: Dictionary) -> None:
    """« du … au … soit … à raison de … », and the place and day of signing."""
    stream = [
        *line("LE STAGE"),
        *line(
            "Le stage aura lieu du 01/02/2026 au 23 mai 2026, soit 560 h de présence, à raison de 35 h par semaine."
        ),
        *line("Fait à Quimper, le 02/01/2026"),
    ]
    found = texts(stream, dictionary)
    assert {path: text.strip(",") for path, text in found.items()} == {
        "stage.date_debut": "01/02/2026",
        "stage.date_fin": "23 mai 2026",
        "stage.duree_heures": "560 h",
        "stage.heures_hebdo": "35 h",
        "signatures.lieu": "Quimper",
        "signatures.stagiaire_le": "02/01/2026",
    }


def test_two_different_answers_to_one_label_are_a_doubt(dictionary: Dictionary) -> None:
    """Neither is preferred."""
    stream = (*line("Organisme d’accueil"), *table(("N° SIRET", "111"), ("N° SIRET", "222")))
    found = read_labels(stream, dictionary)["organisme.siret"]
    assert (found.sure, found.doubt and found.doubt.code) == (False, "LECTURES_DIVERGENTES")


def test_words_typed_into_a_form_field_are_never_labels(dictionary: Dictionary) -> None:
    """An AcroForm answer « Prénom » or « Nom : X » answers, it does not ask."""
    typed = Token(TokenKind.WORD, "Nom : X", source=Source.ACROFORM, name="Texte1")
    stream = (
        *line("Organisme d’accueil"),
        Token(TokenKind.CELL),
        *words("Activité principale"),
        Token(TokenKind.CELL),
        typed,
    )
    assert texts(stream, dictionary) == {"organisme.activite": "Nom : X"}


def test_the_timetable_is_read_both_ways_round(dictionary: Dictionary) -> None:
    """Days down or days across; an empty half day is a candidate without text."""
    down = table(("Jour", "Matin", "Après-midi"), ("Lundi", "9h-12h", "14h-17h"), ("Mardi", "", "13h-18h"))
    across = table(
        ("", "Lundi", "Mardi", "Mercredi", "Jeudi"),
        ("Matin", "9h-12h", "", "", ""),
        ("Après-midi", "14h-17h", "", "", ""),
    )
    found = read_labels(tuple(down), dictionary)
    assert {path.removeprefix("stage.horaires."): one.text for path, one in found.items()} == {
        "lundi.matin": "9h-12h",
        "lundi.apres_midi": "14h-17h",
        "mardi.matin": "",
        "mardi.apres_midi": "13h-18h",
    }
    assert texts(across, dictionary) == {
        "stage.horaires.lundi.matin": "9h-12h",
        "stage.horaires.lundi.apres_midi": "14h-17h",
    }


def test_letters_bent_by_ocr_still_make_a_label_but_never_a_sure_one(dictionary: Dictionary) -> None:
    """« N° de sècurité soclale » on a scan; the same letters in a Word file are another label."""
    rows = ((50.0, [(40.0, "STAGIAIRE")]), (70.0, [(40.0, "N° de sècurité soclale"), (260.0, "106057520833956")]))
    scan = read_labels(tuple(printed(*rows, source=Source.TESSERACT)), dictionary)
    assert scan["stagiaire.nir"].text == "106057520833956"
    assert scan["stagiaire.nir"].sure is False
    assert texts(printed(*rows), dictionary) == {}


def test_a_layout_adds_its_own_labels(dictionary: Dictionary) -> None:
    """``[libelles]`` of layout.toml."""
    stream = [*line("L’entreprise"), *table(("Patronyme commercial", "ACME"))]
    extra = {"organisme.raison_sociale": ["Patronyme commercial"]}
    assert (texts(stream, dictionary), texts(stream, dictionary, extra)) == ({}, {"organisme.raison_sociale": "ACME"})


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("1. L’ÉTUDIANT(E)", "stagiaire"),
        ("ÉTUDIANT·E", "stagiaire"),
        ("II – L’organisme d’accueil", "organisme"),
        ("3. LE TUTEUR DE STAGE DANS L’ORGANISME", "tuteur"),
        ("Encadrement du stagiaire par l’organisme d’accueil", "tuteur"),
        ("ENSEIGNANT·E RÉFÉRENT·E", "referent"),
        ("Employeur (stagiaire salarié ou agent public)", "employeur"),
        ("6. GRATIFICATION ET ASSURANCE", "gratification"),
        ("Lieu du stage", "organisme.lieu_stage"),
        ("FORMULAIRE PRÉALABLE À LA CONVENTION DE STAGE", None),
        ("Nom : DUPONT", None),
        ("12 rue du Stage", None),
    ],
)
def test_headings_name_their_section(dictionary: Dictionary, text: str, section: str | None) -> None:
    """Every word of a heading must belong in one."""
    assert heading_of(text, vocabulary_of(dictionary)) == section


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("N° de tél. :", "Numéro de téléphone"),
        ("Mél", "E-mail"),
        ("Adresse électronique", "Courriel"),
        ("Né·e le", "Né(e) le"),
        ("CP", "Code postal"),
        ("NOM *", "Nom"),
        ("L’étudiant(e)", "etudiant"),
        ("n°\u00a0SIRET", "Numero SIRET"),
    ],
)
def test_labels_are_compared_without_their_dress(one: str, other: str) -> None:
    """Accents, case, signs, « n° », « tél », « mél » and inclusive endings make no difference."""
    assert label_words(one) == label_words(other)


@given(value=st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=2, max_size=12), seed=st.integers(0, 999))
def test_the_order_of_rows_changes_no_answer(dictionary: Dictionary, value: str, seed: int) -> None:
    """Rows of a section shuffled: the same candidates."""
    rows = [("N° étudiant", f"x{value}"), ("Lieu de naissance", "Vannes"), ("Date de naissance", "17/03/2004")]
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 -- an order, not a secret
    found = [texts([*line("Stagiaire"), *table(*order)], dictionary) for order in (rows, shuffled)]
    assert found[0] == found[1]


@given(
    st.lists(
        st.sampled_from(["Nom", ":", "....", "DUPONT", "☒", "du", "01/02/2026", "Tuteur", "(", "le", "Oui", "?"]),
        max_size=25,
    )
)
def test_no_stream_breaks_the_reader(dictionary: Dictionary, pieces: list[str]) -> None:
    """Any sequence of words gives candidates whose path exists, or nothing."""
    found = read_labels((*table((" ".join(pieces), "x")), *line(" ".join(pieces))), dictionary)
    groups = {path.rpartition(".")[0] for path in dictionary.fields}
    assert [path for path in found if path not in dictionary.fields and path.rpartition(".")[0] not in groups] == []
    assert all(isinstance(candidate, Candidate) for candidate in found.values())
