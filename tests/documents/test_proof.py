"""The proof that values are on the paper, where a page ends inside one."""

from __future__ import annotations

import pytest

from pipeline.documents.proof import missing_values

FOOT, HEAD = "Convention de stage, page 1", "Liasse 1a2b3c4d"


@pytest.mark.parametrize(
    ("value", "end", "beginning"),
    [
        ("Jean ROUX", "du stage de Jean", "ROUX, né le"),
        ("Paul LE GALL", "de Paul LE", "GALL, né le"),
        ("M. Ô", "de M.", "Ô, né le"),
        ("Saint-Éloi", "à Saint-", "Éloi, le"),
        ("anticonstitutionnellement", "anticonstitu-", "tionnellement"),
    ],
)
def test_a_value_may_end_on_the_next_page(value: str, end: str, beginning: str) -> None:
    """Between two words of it, however short: the foot of a page and the head of the next stand between."""
    assert missing_values([value], [f"{end} {FOOT}", f"{HEAD} {beginning}"]) == []


@pytest.mark.parametrize("value", ["Jean ROUX", "Jean PETIT", "R Jean"])
def test_its_words_apart_are_not_it(value: str) -> None:
    """Half a value is lost, and so is one whose words stand far from where the pages meet, or the other way round."""
    pages = [f"Jean {'x' * 700} ROUX {FOOT}", f"{HEAD} {'y' * 700} ROUX Jean"]

    assert missing_values([value], pages) == [value]
