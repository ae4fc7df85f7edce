"""Letters of another alphabet, signing tags and line breaks are asked about, whatever the field and the file."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.core.doubts import Reason
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.models import JSON, FieldReading
from pipeline.core.text import refusal
from pipeline.forms.values.canonical import parse
from pipeline.reading.decision.look_alikes import with_look_alikes


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        ("ORАNGE", "ORАNGE"),  # Cyrillic A
        ("Οrange", "Οrange"),  # Greek O
        (["trier", "clаsser"], "trier\nclаsser"),
        ({"lundi": "9 h – 1２ h"}, "9 h – 1２ h"),
        ("73282932000074", "7328293200007４"),  # folded by the parser: only what was written shows it
    ],
)
def test_a_letter_of_another_alphabet_is_asked_about(value: JSON, raw: str) -> None:
    """In words, lists, tables of hours and figures."""
    entry = FieldReading("organisme.raison_sociale", value, raw, "acroform", 1.0)

    doubt = with_look_alikes({entry.path: entry})[entry.path].doubt

    assert doubt is not None
    assert doubt.code is Reason.HIDDEN


@pytest.mark.parametrize("value", ["Lefèvre-Œuvré", "5 µm, 3 Ω", "« l’Été » – n° 2", "Þórður Ąćę", None, 560.0, True])
def test_letters_of_europe_are_not(value: JSON) -> None:
    """Accents, signs, figures."""
    entry = FieldReading("organisme.raison_sociale", value, str(value or ""), "acroform", 1.0)

    assert with_look_alikes({entry.path: entry}) == {entry.path: entry}


@pytest.mark.parametrize(
    "text",
    [
        "[[sign1]]",
        "[[ sign1 ]]",
        "{{Sig_es_:signer1:signature}}",
        "Dupont __es_:signer1:signature",
        "<<sign here>>",
        "#signature#",
        "%sig1%",
        "{{ 7*7 }}",
        "[ [sign1]]".replace(" ", "\u200b"),
    ],
)
def test_a_signing_tag_is_refused(text: str) -> None:
    """It is told as what it is, and what to do."""
    assert "réservé" in str(refusal(text))


@pytest.mark.parametrize(
    "text", ["Dupont ]]> SARL", "à 100 % signé", "[voir l’annexe]", "les_es_poirs", "<signature>", "n° #12"]
)
def test_words_that_look_like_a_tag_are_not(text: str) -> None:
    """Brackets, signs and words that people write."""
    assert "réservé" not in str(refusal(text))


_ALONE = (FieldKind.SIRET, FieldKind.NIR, FieldKind.PHONE, FieldKind.POSTCODE, FieldKind.DATE, FieldKind.LINE)


def test_two_lines_are_asked_about_in_every_field_of_one_answer(dictionary: Dictionary) -> None:
    """Whatever makes one word, one number or one day of both."""
    asked = {path: field for path, field in dictionary.fields.items() if field.kind in _ALONE}
    assert {field.kind for field in asked.values()} == {*_ALONE}

    for path, field in asked.items():
        assert (path, parse(field, "12\n34", dt.date(2025, 3, 17)).doubt) != (path, None)
