"""Nasty input 30: one page as scanners, telephones, fax machines and coffee leave it."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import paper_form as paper
import pytest
from paper_form import Grey
from PIL import Image
from school import accepted, outcome

from pipeline.core.errors import FormRejected
from pipeline.core.models import Reading

pytestmark = pytest.mark.sampled(2)

Read = Callable[..., Reading]
TRUTH = {
    "stagiaire.nom": "GARÇON-LEFÈVRE",
    "stagiaire.prenom": "Zoé",
    "stagiaire.date_naissance": "2006-05-17",
    "stagiaire.telephone": "+33664015794",
    "organisme.raison_sociale": "Atelier du Moulin neuf",
    "organisme.siret": "71358255900066",
    "organisme.courriel": "contact@moulin.example.org",
    "stage.sujet": "Suivi des commandes et des stocks",
    "stage.obligatoire": False,
}
SCALE = 200 / 72


def page(**answers: str) -> Grey:
    """The form, clean, at 200 dpi."""
    typed = {path: answer for _, path, answer in paper.ROWS} | {k.replace("__", "."): v for k, v in answers.items()}
    return paper.picture(paper.form(typed, ticked="non"))


def centre(path: str) -> tuple[int, int]:
    """The middle of what is written in a zone, in pixels."""
    x0, top, _, bottom = paper.SLOTS[path][1]
    return round((x0 + 55) * SCALE), round((top + bottom) / 2 * SCALE)


def wrong(reading: Reading) -> dict[str, object]:
    """What was accepted and is not the truth."""
    seen = accepted(reading)
    return {path: value for path, value in seen.items() if path in TRUTH and value != TRUTH[path]}


@pytest.mark.parametrize(("angle", "least"), [(1.0, 6), pytest.param(5.0, 5, marks=pytest.mark.long)])
def test_n30_askew(read_image: Read, angle: float, least: int) -> None:
    """30. A page askew by one degree or five: read all the same."""
    reading = read_image(paper.scanned(page(), angle=angle))

    assert (wrong(reading), len(accepted(reading)) >= least) == ({}, True)


@pytest.mark.long
def test_n30_upside_down(read_image: Read) -> None:
    """30. A page fed head down: read all the same."""
    reading = read_image(paper.scanned(np.ascontiguousarray(page()[::-1, ::-1])))

    assert (wrong(reading), len(accepted(reading)) >= 6) == ({}, True)


@pytest.mark.long
def test_n30_photograph_in_a_shadow(read_image: Read) -> None:
    """30. A photograph at an angle, half in a shadow: what is accepted is right."""
    reading = read_image(paper.photographed(page()))

    assert (wrong(reading), len(accepted(reading)) >= 4) == ({}, True)


@pytest.mark.long
def test_n30_fax(read_image: Read) -> None:
    """30. Black and white at 100 dpi: field by field, or ILLISIBLE for the whole."""
    small = cv2.resize(page(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    made = io.BytesIO()
    Image.fromarray(small).point(lambda grey: 255 * (grey > 140), "1").save(made, "PDF", resolution=100)

    try:
        reading = read_image(made.getvalue())
    except FormRejected as refused:
        assert refused.reason == "ILLISIBLE"  # noqa: PT017 -- one of two outcomes
    else:
        assert wrong(reading) == {}


def test_n30_coffee_on_one_answer(read_image: Read) -> None:
    """30. A stain over the telephone: that answer only is doubted."""
    stained = page()
    spot = np.full_like(stained, 255)
    cv2.ellipse(spot, centre("stagiaire.telephone"), (190, 34), 0, 0, 360, (70,), -1)
    reading = read_image(paper.scanned(np.minimum(stained, cv2.GaussianBlur(spot, (0, 0), 3))))

    assert wrong(reading) == {}
    assert outcome(reading, "stagiaire.telephone")[1] is not None
    assert len(accepted(reading)) >= 5


@pytest.mark.long
def test_n30_stamp_over_the_siret(read_image: Read) -> None:
    """30. A stamp across the SIRET: doubted, or right; never another number."""
    stamped = page()
    x, y = centre("organisme.siret")
    cv2.ellipse(stamped, (x + 40, y), (150, 60), -12, 0, 360, (90,), 6)
    cv2.putText(stamped, "ATELIER", (x - 70, y + 14), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (110,), 5)
    reading = read_image(paper.scanned(stamped))

    assert wrong(reading) == {}
    assert outcome(reading, "organisme.siret")[1] is not None


@pytest.mark.parametrize(
    ("number", "phone"),
    [("388 171 807 00013", "07 81 38 17 83"), ("100 010 018 00101", "01 80 10 08 01")],
)
def test_n30_digits_that_look_alike(read_image: Read, number: str, phone: str) -> None:
    """30. 3 and 8, 1 and 7, 0 and O: what is accepted was written so."""
    reading = read_image(paper.scanned(page(organisme__siret=number, stagiaire__telephone=phone), blur=1.0))
    seen = accepted(reading)

    assert seen.get("organisme.siret", number.replace(" ", "")) == number.replace(" ", "")
    assert seen.get("stagiaire.telephone", f"+33{phone[1:].replace(' ', '')}") == f"+33{phone[1:].replace(' ', '')}"
