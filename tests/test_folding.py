"""What is folded to be compared: the same words, however they were typed."""

from __future__ import annotations

import pytest

from pipeline.core.folding import fold, folded_letters, folded_words, plain_signs, without_accents


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Œuvre\u00a0 d’Été ", "oeuvre d'ete"),
        ("E\u0301cole", "ecole"),
        ("l´ʼ‘`", "l''''"),
        ("Ægir ﬁn Straße", "aegir fin strasse"),
        ("№ 12", "no 12"),
        ("Saint-Étienne – 3 € ; ☐", "saint-etienne – 3 € ; ☐"),
    ],
)
def test_texts_are_folded(text: str, folded: str) -> None:
    """Case, accents, ligatures, apostrophes and spaces; no other sign."""
    assert (fold(text), fold(folded)) == (folded, folded)


def test_words_and_letters_are_folded() -> None:
    """Punctuation parts words, and nothing is left of it."""
    assert folded_words("N° d’étudiant(e)_X : 12") == ["n", "d", "etudiant", "e", "x", "12"]
    assert folded_letters("☐ Né(e) LE : œuvre") == "neeleoeuvre"


def test_accents_alone_are_taken_off() -> None:
    """Case and ligatures stay."""
    assert without_accents("Cœur ÉLÈVE") == "Cœur ELEVE"


def test_signs_alone_are_made_plain() -> None:
    """Letters stay as they are, accents composed."""
    assert plain_signs("«\u202fL’E\u0301té – fin\u00a0»") == '" L\'Été - fin "'
