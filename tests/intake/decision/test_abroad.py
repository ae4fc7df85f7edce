"""Answers of somebody abroad: what France writes otherwise is no doubt there, and stays one in France."""

from __future__ import annotations

import pytest

from pipeline.core.doubts import Doubt, Reason
from pipeline.core.fields import Dictionary
from pipeline.core.models import FieldReading
from pipeline.reading.decision.abroad import as_abroad

COUNTRY = "organisme.adresse.pays"


def read(path: str, value: str, doubt: Reason | None = Reason.INVALID) -> FieldReading:
    """A value as typed, doubted for its form unless another reason, or none, is said."""
    return FieldReading(path, value, value, "gabarit", 0.5, doubt=Doubt(doubt, "n’a pas la clé") if doubt else None)


def doubted(dictionary: Dictionary, entry: FieldReading, country: FieldReading | None) -> bool:
    """Whether an answer still has a doubt beside that country."""
    readings = {one.path: one for one in (entry, country) if one}
    return as_abroad(readings, dictionary)[entry.path].doubt is not None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("organisme.siret", "IE6388047V"),
        ("organisme.telephone", "01 708 9600"),
        ("tuteur.telephone", "(01) 708 9600"),
        ("organisme.adresse.code_postal", "D02 X285"),
    ],
)
def test_a_number_of_another_country_is_no_doubt_there(dictionary: Dictionary, path: str, value: str) -> None:
    """By the country of the host, also for its tuteur; in France, or without a country, the doubt stays."""
    assert not doubted(dictionary, read(path, value), read(COUNTRY, "Irlande", None))
    assert doubted(dictionary, read(path, value), read(COUNTRY, "La Réunion", None))
    assert doubted(dictionary, read(path, value), None)
    assert doubted(dictionary, read(path, value), read(COUNTRY, "Irlande"))  # the country is not sure itself


@pytest.mark.parametrize(
    "entry",
    [
        read("organisme.siret", "IE6388047V", Reason.DIVERGENT),  # two readings: not a matter of form
        read("organisme.telephone", "voir ci-dessous"),  # no number at all
        read("organisme.courriel", "contact"),  # written alike in every country
        read("employeur.siret", "IE6388047V"),  # of somebody else, whose country is not said
    ],
)
def test_other_doubts_stay(dictionary: Dictionary, entry: FieldReading) -> None:
    """Only the form of a number, and only of whoever is abroad."""
    assert doubted(dictionary, entry, read(COUNTRY, "Irlande", None))
