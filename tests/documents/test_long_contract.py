"""The pages of a printed piece: a long calendar begins below the line that announces it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import people
import pytest

from pipeline.documents.libreoffice import convert
from pipeline.documents.proof import page_texts

LEAST = 12  # lines of a page of calendars, head and foot included
TWO_DAYS = {
    "stage__semaine": {"lundi": 7, "mardi": 7},
    "stage__quotite": "partiel",
    "stage__heures_hebdo": 14,
    "stage__date_fin": "2026-01-20",
}


@pytest.mark.parametrize("changes", [{}, TWO_DAYS, {**TWO_DAYS, "stage__modalites_encadrement": "Un point. " * 40}])
def test_a_page_of_the_contract_holds_more_than_one_line(
    filled: Callable[..., bytes], changes: dict[str, Any]
) -> None:
    """Four months or ten, after a page that is full or not: what announces the days is above some of them."""
    pages = page_texts(convert({"contrat": filled(people.CNAM, "contrat-pedagogique", **changes)})["contrat"])
    said = next(page for page in pages if "Jours de présence prévus" in " ".join(page.split()))

    assert "avril 2025 — " in " ".join(said.split())
    assert min(len([line for line in page.splitlines() if line.strip()]) for page in pages) >= LEAST
