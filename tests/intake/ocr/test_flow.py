"""Answers between printed words that move: sentences, leaders, columns; no engine is needed here."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from pipeline.core.fields import Dictionary
from pipeline.forms.layouts import PLACEHOLDER, parse_placeholder
from pipeline.reading.alignment.template import Template, template_of
from pipeline.reading.ocr.bands import Reading, bands_of
from pipeline.reading.ocr.flow import by_order, read_flow
from pipeline.reading.ocr.page_images import PageImage
from pipeline.reading.ocr.registration import Registration, register
from pipeline.reading.tokens import Source, Stream, Token, TokenKind

PAGES = (PageImage(1, np.full((842, 595), 255, np.uint8), 1.0, np.eye(3)),)
HEADING = "La présente convention règle les rapports entre les parties nommées ici"
SENTENCE = (
    "Le stage porte sur le sujet suivant : {{stage.sujet}} et aura lieu du {{stage.date_debut}} au {{stage.date_fin}}"
    " inclus dans le service nommé"
)
CLOSING = "Les trois parties signent en autant d’exemplaires après lecture"
LONG = "5 rue Élie-Faure bâtiment C escalier 2 troisième étage gauche"
EDGE, ADVANCE, STEP = 540.0, 6.0, 18.0


def set_out(*paragraphs: str, left: float = 50.0, edge: float = EDGE, top: float = 100.0) -> Stream:
    """Paragraphs set in lines, as a printer does: a word that does not fit goes to the next line."""
    words, y = [Token(TokenKind.PAGE, page=1, box=(0.0, 0.0, 595.0, 842.0))], top
    for paragraph in paragraphs:
        x = left
        for text in re.findall(r"\{\{[^}]*\}\}|\S+", paragraph):
            wide = ADVANCE * (4 if text.startswith("{{") else len(text))
            if x + wide > edge:
                words.append(Token(TokenKind.PARAGRAPH, page=1))
                x, y = left, y + STEP
            words.append(Token(TokenKind.WORD, text, 1, (x, y, x + wide, y + 10)))
            x += wide + 5
        words.append(Token(TokenKind.PARAGRAPH, page=1))
        y += STEP
    return tuple(words)


def template(stream: Stream, dictionary: Dictionary) -> Template:
    """The annotated blank printed like this."""
    return template_of(stream, lambda text: parse_placeholder(text, dictionary), leaders=True)


def seen(stream: Stream, **bent: str) -> Stream:
    """What an engine reads: words only, some of them bent."""
    words = (token for token in stream if token.kind is TokenKind.WORD)
    return tuple(replace(word, text=bent.get(word.text, word.text), source=Source.RAPIDOCR) for word in words)


def place_of(blank: Template, words: Stream) -> Registration:
    """Where the blank lies on the page, by words that keep their places and by their order."""
    literals = tuple(token for token in blank.stream if not PLACEHOLDER.fullmatch(token.text))
    return by_order(blank, words, register(literals, words), PAGES)


def answers(blank: Template, words: Stream, dictionary: Dictionary) -> dict[str, tuple[str, bool]]:
    """Text and sureness of each slot."""
    flow = read_flow(blank, words, place_of(blank, words), PAGES)
    assert flow is not None
    return {name: (mention.text, mention.sure) for name, mention in flow.mentions(dictionary).items()}


def prose(subject: str, start: str, end: str) -> Stream:
    """The sentence filled."""
    sentence = SENTENCE.replace("{{stage.sujet}}", subject)
    return set_out(
        HEADING, sentence.replace("{{stage.date_debut}}", start).replace("{{stage.date_fin}}", end), CLOSING
    )


def test_answers_of_a_sentence_are_found_wherever_they_moved(dictionary: Dictionary) -> None:
    """A long answer pushes the rest of the sentence to other lines; each answer is between its own words."""
    subject = "Repérage de l’isolement des personnes âgées puis accompagnement vers les services de droit commun"
    blank = template(set_out(HEADING, SENTENCE, CLOSING), dictionary)
    words = seen(prose(subject, "1er février 2026", "30/06/2026"))

    assert answers(blank, words, dictionary) == {
        "stage.sujet": (subject, True),
        "stage.date_debut": ("1er février 2026", True),
        "stage.date_fin": ("30/06/2026", True),
    }
    assert place_of(blank, words).found == 1.0


@pytest.mark.parametrize(
    ("bent", "unsure"), [("au", "date_debut date_fin"), ("inclus", "date_fin"), ("suivant", "sujet")]
)
def test_answer_beside_a_lost_word_is_not_sure(bent: str, unsure: str, dictionary: Dictionary) -> None:
    """Where an answer begins or ends is a guess once the printed word there could not be read."""
    blank = template(set_out(HEADING, SENTENCE, CLOSING), dictionary)
    words = seen(prose("Archives", "02/03/2026", "30/06/2026"), **{bent: "#~"})
    doubted = {
        name.removeprefix("stage.") for name, (_, sure) in answers(blank, words, dictionary).items() if not sure
    }

    assert doubted >= set(unsure.split())


@pytest.mark.parametrize(("subject", "sure"), [("Accueil et tri", True), ("Ce qui fut et aura été", False)])
def test_answer_that_holds_the_words_that_end_it_is_not_sure(
    dictionary: Dictionary, subject: str, *, sure: bool
) -> None:
    """« et aura » ends the subject on the form: which one does is a guess when the answer has both words too."""
    blank = template(set_out(HEADING, SENTENCE, CLOSING), dictionary)
    read = answers(blank, seen(prose(subject, "02/03/2026", "30/06/2026")), dictionary)

    assert {name: sure for name, (_, sure) in read.items()} == {
        "stage.sujet": sure,
        "stage.date_debut": True,
        "stage.date_fin": True,
    }


def test_words_added_beside_an_answer_make_it_unsure(dictionary: Dictionary) -> None:
    """A note that no printed word explains may belong to the answer."""
    blank = template(set_out("Nom : {{stagiaire.nom}} Prénom :", HEADING, CLOSING), dictionary)
    added = set_out("Nom : DUPONT Prénom :", "voir annexe jointe", HEADING, CLOSING)

    assert answers(blank, seen(added), dictionary)["stagiaire.nom"][1] is False


def test_tick_box_is_looked_for_beside_both_its_neighbours(dictionary: Dictionary) -> None:
    """Its label may have gone to the next line without it."""
    blank = template(set_out(HEADING, SENTENCE, CLOSING), dictionary)
    words = seen(prose("Une étude de plusieurs semaines", "02/03/2026", "30/06/2026"))
    place = place_of(blank, words)
    boxes = {token.text: token.box for token in blank.stream if token.box}
    x = boxes["au"][0] - 2  # type: ignore[index]
    spots = place.spots(1, x, boxes["au"][1] + 5)  # type: ignore[index]
    there = {token.text: token.box for token in words}

    assert (1, pytest.approx(there["au"][0] - 2), pytest.approx(there["au"][1] + 5)) in spots  # type: ignore[index]
    assert len(spots) == 2


def columns(*cells: tuple[str, ...]) -> Stream:
    """One row of columns side by side, each with its own lines."""
    made: list[Token] = [Token(TokenKind.PAGE, page=1, box=(0.0, 0.0, 595.0, 842.0))]
    wide = 490 / len(cells)
    for index, lines in enumerate(cells):
        left = 50 + index * wide
        made.append(Token(TokenKind.CELL, page=1, box=(left - 5, 90.0, left + wide - 5, 400.0)))
        made.extend(set_out(*lines, left=left, edge=left + wide - 10)[1:])
    return (*made, Token(TokenKind.ROW, page=1))


def test_columns_that_slip_apart_are_read_one_by_one(dictionary: Dictionary) -> None:
    """Two lines in one answer of the left column push only that column down."""
    left = ("STAGIAIRE", "Adresse complète", "{{stagiaire.adresse.voie}}", "Mobile", "{{stagiaire.telephone}}")
    right = ("ORGANISME", "Dénomination", "{{organisme.raison_sociale}}", "Standard", "{{organisme.telephone}}")
    blank = template(columns(left, right), dictionary)
    filled = columns(
        ("STAGIAIRE", "Adresse complète", LONG, "Mobile", "0612345005"),
        ("ORGANISME", "Dénomination", "Hébrard", "Standard", "0199000021"),
    )

    assert [band.reading for band in bands_of(blank)] == [Reading.COLUMNS]
    assert answers(blank, seen(filled), dictionary) == {
        "stagiaire.adresse.voie": (LONG, True),
        "stagiaire.telephone": ("0612345005", True),
        "organisme.raison_sociale": ("Hébrard", True),
        "organisme.telephone": ("0199000021", True),
    }


def test_cells_of_one_answer_are_left_to_their_zones(dictionary: Dictionary) -> None:
    """The rows of an ordinary table keep their places."""
    blank = template(columns(("Nom",), ("{{stagiaire.nom}}",), ("Prénom",), ("{{stagiaire.prenom}}",)), dictionary)

    assert [band.reading for band in bands_of(blank)] == [Reading.ZONES]
    assert read_flow(blank, seen(blank.stream), place_of(blank, seen(blank.stream)), PAGES) is None
