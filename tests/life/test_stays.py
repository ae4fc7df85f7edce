"""Attestations of a stage that moved, or whose tuteur became another: both are printed, each with its days."""

from __future__ import annotations

from typing import Any

import people
import pytest
from amend_kit import day, plain, with_avenant
from presence_kit import Lives, planned

from pipeline.core.life import PaperKind
from pipeline.dossier.life.course import course_of, figures_of
from pipeline.dossier.life.stays import places_of, tuteurs_of

FC = people.COORDINATION
MOVED = ("organisme.lieu_stage.voie=9 rue Haute",)
TUTOR = ("tuteur.civilite=M.", "tuteur.nom=ROSSI", "tuteur.prenom=Ugo", "tuteur.fonction=Chef de service")


@pytest.fixture
def lives(workspace: Any, dictionary: Any, law: Any) -> Lives:
    """Makes lives of both formations."""
    return Lives(workspace, dictionary, law)


def test_a_place_and_a_tuteur_that_changed_have_their_days(lives: Lives) -> None:
    """From 10 June elsewhere, under another: of the whole both, of April the first, of what follows the last."""
    life = lives.life(people.coordination(), code=FC)
    life = with_avenant(life, *MOVED, *TUTOR, since=day(6, 10))

    both = [plain(one) for one in places_of(life.terms, day(4, 8), day(6, 24))]
    assert both == [
        "5 rue Basse, 29200 Brest (jusqu’au 9 juin 2025)",
        "9 rue Haute, 29200 Brest (à partir du 10 juin 2025)",
    ]
    assert places_of(life.terms, day(4, 8), day(4, 30)) == ["5 rue Basse, 29200 Brest"]
    assert places_of(life.terms, day(6, 10), day(6, 24)) == ["9 rue Haute, 29200 Brest"]
    before, after = (plain(one) for one in tuteurs_of(life.terms, day(6, 1), day(6, 24)))
    assert before.endswith("(jusqu’au 9 juin 2025)")
    assert after == "M. Ugo ROSSI, Chef de service (à partir du 10 juin 2025)"


def test_what_moved_within_its_period_is_part_of_what_a_paper_says(lives: Lives) -> None:
    """An attestation that gave one place is no longer true: of June, not of April."""
    data = people.coordination()
    life = lives.life(data, code=FC, told=planned(data, lives, FC))
    course = course_of(with_avenant(life, *MOVED, since=day(6, 10), today=day(6, 9)))

    june, april = (figures_of(course, PaperKind.PRESENCE, month) for month in ("2025-06", "2025-04"))

    assert june is not None
    assert april is not None
    assert [len(june["lieux"]), "lieux" in april, "tuteurs" in june] == [2, False, False]
