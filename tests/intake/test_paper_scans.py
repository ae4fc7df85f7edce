"""Papers printed, scanned, and filled by hand: what is read is right, and what is not sure is a doubt."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import own_scans
import paper_kit
import people
import pytest
from PIL import Image, ImageDraw

from pipeline.core.fields import Dictionary
from pipeline.core.models import Form, Reading
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.workspace import Workspace
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.paper.strips import place
from pipeline.reading import reader
from pipeline.reading.known_forms import KnownForms
from pipeline.reports.truth import agrees

pytestmark = pytest.mark.sampled(4)

Read = Callable[[Sequence[Image.Image]], Reading]
SHEET = "emargement.jours"
PLANNED = (6, 13, 15, 20, 22, 27)  # Tuesdays and Thursdays of May 2025, less the 1st, 8th and 29th


@pytest.fixture
def read(given_out: KnownForms, tmp_path: Path) -> Read:
    """Pages to a reading, as for a received scan."""

    def run(pages: Sequence[Image.Image]) -> Reading:
        chance = np.random.default_rng(7)
        data = own_scans.pdf_of([own_scans.scanned(page, "droit", chance) for page in pages], "droit")
        path = tmp_path / "recu"
        path.write_bytes(data)
        form = Form(hashlib.sha256(data).hexdigest(), path, "papier.pdf", people.TODAY)
        return reader.read(form, given_out)

    return run


# The plan of an evaluation and of a questionnaire is the same in every formation, but for its name.
TYPED = [
    (people.COORDINATION, PaperForm.MODIFICATION),
    (people.CNAM, PaperForm.EMARGEMENT),
    (people.CNAM, PaperForm.EVALUATION),
    (people.COORDINATION, PaperForm.QUESTIONNAIRE),
    pytest.param(people.CNAM, PaperForm.MODIFICATION, marks=pytest.mark.long),
    pytest.param(people.COORDINATION, PaperForm.EMARGEMENT, marks=pytest.mark.long),
]
ONE_FORMATION = [people.COORDINATION, pytest.param(people.CNAM, marks=pytest.mark.long)]


@pytest.mark.parametrize(("code", "paper"), TYPED)
def test_a_scan_of_a_typed_paper_is_read(
    read: Read, workspace: Workspace, dictionary: Dictionary, *, code: str, paper: PaperForm
) -> None:
    """No value without a doubt is wrong, none is lost, and nine in ten need nobody's look."""
    blank = paper_kit.paper_plan(workspace, dictionary, code, paper)
    data = paper_kit.answers(code, paper)

    reading = read(own_scans.pages_of(draw_pdf(blank, data)))

    wanted = paper_kit.asked_of(blank, data)
    kinds = {cell.field.path: cell.field.kind for cell in blank.cells()}
    sure = {one.path: one.value for one in reading.fields if one.doubt is None}
    assert reading.layout == blank.layout
    assert {
        path: (value, wanted.get(path))
        for path, value in sure.items()
        if not agrees(kinds[path], wanted.get(path), value)
    } == {}
    assert sum(path in sure for path in wanted) >= 0.9 * len(wanted)


def scribbled(page: Image.Image, box: Sequence[float], chance: np.random.Generator) -> None:
    """An initial signed in a box of the sheet."""
    x0, top, x1, bottom = (value * own_scans.DPI / 72 for value in box)
    steps = np.linspace(0, 1, 40)
    xs = x0 + (x1 - x0) * (0.2 + 0.5 * steps)
    ys = (top + bottom) / 2 + 0.4 * (bottom - top) * np.sin(chance.uniform(9, 14) * steps) * (1.1 - steps)
    ImageDraw.Draw(page).line(
        [*zip(xs.tolist(), ys.tolist(), strict=True)], fill=(30, 30, 110), width=3, joint="curve"
    )


@pytest.mark.parametrize("code", ONE_FORMATION)
def test_a_sheet_signed_by_hand_is_shown_to_a_person(
    read: Read, workspace: Workspace, dictionary: Dictionary, *, code: str
) -> None:
    """Ink is « signé ? », an empty half-day is asked, and the days without stage need nobody."""
    blank = paper_kit.paper_plan(workspace, dictionary, code, PaperForm.EMARGEMENT)
    days = paper_kit.sheet_of_may()
    for n in PLANNED:
        days[f"j{n:02d}"] = {"prevues": 7}
    data = paper_kit.answers(code, PaperForm.EMARGEMENT, emargement={"mois": "mai 2025", "jours": days})
    (page,) = own_scans.pages_of(draw_pdf(blank, data))
    chance = np.random.default_rng(3)
    empty = {f"{SHEET}.j15.apres_midi", f"{SHEET}.j27.matin"}
    signed = {f"{SHEET}.j{n:02d}.{half}" for n in PLANNED for half in ("matin", "apres_midi")} - empty
    for zone in place(blank).zones:
        if zone.path in signed:
            scribbled(page, zone.box, chance)

    reading = read([page])

    found = {one.path: one for one in reading.fields}
    assert {found[path].value for path in signed} <= {"S", "P", "A", "J", "M", "C", "F", None}
    assert [path for path in sorted(signed) if found[path].doubt is None] == []
    assert sum(found[path].value == "S" for path in signed) >= 0.7 * len(signed)
    assert all(found[path].box for path in signed)
    assert {path: str(found[path].doubt).partition(" : ")[0] for path in empty} == dict.fromkeys(empty, "CHAMP_VIDE")
    away = [f"{SHEET}.j{n:02d}.{half}" for n in range(1, 32) if n not in PLANNED for half in ("matin", "apres_midi")]
    wrong = {path: found[path].value for path in away if found[path].value not in ("–", "F")}
    assert wrong == {}
    assert sum(found[path].doubt is None for path in away) >= 0.9 * len(away)
    assert found["emargement.mois"].value == "mai 2025"


@pytest.mark.parametrize("code", ONE_FORMATION)
def test_a_demande_filled_by_hand_is_all_to_be_looked_at(
    read: Read, workspace: Workspace, dictionary: Dictionary, *, code: str
) -> None:
    """The empty paper, its answers written by a pen: whatever is proposed, nothing of it is taken for sure."""
    blank = paper_kit.paper_plan(workspace, dictionary, code, PaperForm.MODIFICATION)
    data = paper_kit.answers(code, PaperForm.MODIFICATION)
    pages = own_scans.written_by_hand(blank, data)

    reading = read(pages)

    wanted = paper_kit.asked_of(blank, data)
    kinds = {cell.field.path: cell.field.kind for cell in blank.cells()}
    assert reading.layout == blank.layout
    assert {
        one.path: (one.value, wanted.get(one.path))
        for one in reading.fields
        if one.doubt is None and not agrees(kinds[one.path], wanted.get(one.path), one.value)
    } == {}
    assert sum(one.doubt is not None for one in reading.fields if one.path in wanted) >= 10
