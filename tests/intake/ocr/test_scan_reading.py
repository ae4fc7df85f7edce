"""Both engines, for real, on scans and a photograph: what was typed comes back, the rest is doubted."""

from __future__ import annotations

import cv2
import numpy as np
import paper_form as paper
import pytest

from pipeline.core.folding import plain_signs
from pipeline.reading.alignment.recognition import ACCEPTED
from pipeline.reading.decision.agreement import Likeness, likeness
from pipeline.reading.ocr.page_images import pdf_images, photo_image
from pipeline.reading.ocr.scan_reading import Scan, read_scan
from pipeline.reading.ocr.scanned_slots import ScanReading, read_slots
from pipeline.reading.tokens import Source

TYPED = {path: answer for _, path, answer in paper.ROWS}
POINTS = 200 / 72
Line = tuple[tuple[float, float], tuple[float, float]]


def reading_of(scan: Scan) -> ScanReading:
    """The slots of the test form."""
    return read_slots(scan, paper.literals(), paper.SLOTS)


def states(reading: ScanReading) -> dict[str, bool | None]:
    """The state of each box."""
    return {option: state.ticked for option, state in reading.ticks["stage.obligatoire"].items()}


def penned(*strokes: Line, width: int = 3) -> dict[str, bool | None]:
    """The boxes of an unticked form scanned after a pen drew these strokes (points)."""
    page = paper.picture(paper.filled(ticked=None))
    for start, end in strokes:
        ends = [tuple(round(value * POINTS) for value in point) for point in (start, end)]
        cv2.line(page, ends[0], ends[1], (40,), width)
    return states(reading_of(read_scan(pdf_images(paper.scanned(page)))))


def corner(option: str, right: float, down: float) -> tuple[float, float]:
    """A point (points) from the centre of a box, in half sides."""
    x0, y0, x1, y1 = paper.SLOTS[f"stage.obligatoire = {option}"][1]
    return (x0 + x1) / 2 + right * (x1 - x0) / 2, (y0 + y1) / 2 + down * (y1 - y0) / 2


@pytest.fixture(scope="module")
def scan() -> Scan:
    """The filled form, scanned askew at 200 dpi."""
    return read_scan(pdf_images(paper.scanned(paper.picture(paper.filled()), angle=1.2)))


def test_every_answer_of_a_scan_is_read(scan: Scan) -> None:
    """RapidOCR reads each typed answer in its zone, without the label beside it."""
    assert {path: plain_signs(text.rapid) for path, text in reading_of(scan).texts.items()} == TYPED


def test_both_engines_agree_on_a_clean_scan(scan: Scan) -> None:
    """What the vote accepts: nearly every answer is read alike by two engines that do not know each other."""
    alike = {
        path: plain_signs(text.rapid)
        for path, text in reading_of(scan).texts.items()
        if likeness(text.rapid, text.tesseract) in (Likeness.SAME, Likeness.SIGNS)
    }

    assert alike.items() <= TYPED.items()
    assert len(alike) >= len(TYPED) - 1


def test_printed_words_are_all_found_again(scan: Scan) -> None:
    """The layout is recognised by its own words."""
    reading = reading_of(scan)

    assert (reading.place.found >= 0.95, reading.place.missing_pages, reading.strays) == (True, (), ())


def test_tokens_say_which_engine_saw_them(scan: Scan) -> None:
    """Each word carries its source, a confidence and a box on its page."""
    assert ({token.source for token in scan.rapid}, {token.source for token in scan.tesseract}) == (
        {Source.RAPIDOCR},
        {Source.TESSERACT},
    )
    assert all(token.box and 0 <= token.confidence <= 1 for token in (*scan.rapid, *scan.tesseract))


def test_printed_cross_is_a_tick(scan: Scan) -> None:
    """A box crossed on the screen, then printed and scanned."""
    assert states(reading_of(scan)) == {"oui": False, "non": True}


@pytest.mark.long
def test_answer_pushed_down_is_followed() -> None:
    """A long answer moves the rows below; zones and boxes follow their printed neighbours."""
    reading = reading_of(read_scan(pdf_images(paper.scanned(paper.picture(paper.filled(grown=30.0))))))

    assert {path: plain_signs(text.rapid) for path, text in reading.texts.items()} == TYPED
    assert states(reading) == {"oui": False, "non": True}


@pytest.mark.parametrize("quarter", [1, *(pytest.param(one, marks=pytest.mark.long) for one in (2, 3))])
def test_turned_scan_is_set_upright(quarter: int) -> None:
    """A sheet fed sideways or head down reads as well."""
    page = np.ascontiguousarray(np.rot90(paper.picture(paper.filled()), quarter))
    read = read_scan(pdf_images(paper.scanned(page)))
    reading = reading_of(read)

    assert read.pages[0].turned == quarter
    assert plain_signs(reading.texts["organisme.siret"].rapid) == TYPED["organisme.siret"]
    assert states(reading) == {"oui": False, "non": True}


@pytest.mark.long
def test_photograph_is_flattened_and_read() -> None:
    """A sheet on a dark table, at an angle and half in the shadow."""
    reading = reading_of(read_scan((photo_image(paper.photographed(paper.picture(paper.filled()))),)))

    assert reading.place.found >= ACCEPTED
    assert plain_signs(reading.texts["stagiaire.telephone"].rapid) == TYPED["stagiaire.telephone"]
    assert states(reading) == {"oui": False, "non": True}


def test_box_leads_back_to_the_page_as_received() -> None:
    """A zone found on the straightened page is shown where it was on the sheet that came in."""
    page = np.ascontiguousarray(paper.picture(paper.filled())[::-1, ::-1])
    read = read_scan(pdf_images(paper.scanned(page, angle=0.0)))
    zone = reading_of(read).texts["stagiaire.nom"].box
    x0, y0, x1, y1 = read.pages[0].image.as_received(zone)
    left, top, right, bottom = paper.SLOTS["stagiaire.nom"][1]

    expected = (
        paper.WIDTH - right,
        paper.HEIGHT - bottom,
        paper.WIDTH - left,
        paper.HEIGHT - top,
    )
    assert (x0, y0, x1, y1) == pytest.approx(expected, abs=4.0)


def test_pen_cross_reaching_out_of_its_box_is_a_tick() -> None:
    """A hand does not stay within eight points."""
    strokes = (
        (corner("oui", -1.6, -1.5), corner("oui", 1.6, 1.5)),
        (corner("oui", -1.6, 1.5), corner("oui", 1.6, -1.5)),
    )

    assert penned(*strokes) == {"oui": True, "non": False}


@pytest.mark.long
def test_cross_beside_the_box_is_no_tick() -> None:
    """Nobody can tell what it ticks: neither box has a state."""
    strokes = (corner("oui", -3.2, -1), corner("oui", -1.6, 1)), (corner("oui", -3.2, 1), corner("oui", -1.6, -1))

    assert penned(*strokes) == {"oui": None, "non": None}


@pytest.mark.long
def test_blackened_box_has_no_state() -> None:
    """A blot may be an answer or an answer taken back."""
    assert penned((corner("oui", -1, 0), corner("oui", 1, 0)), width=24)["oui"] is None


def test_blurred_page_is_said_illegible() -> None:
    """What cannot be read is sent back with its reason rather than guessed."""
    reading = reading_of(read_scan(pdf_images(paper.scanned(paper.picture(paper.filled()), blur=9.0, noise=25.0))))

    assert reading.reasons[0].code == "ILLISIBLE"


def test_another_form_is_not_this_one() -> None:
    """Of another form's page hardly a printed word is found."""
    page = np.full((2339, 1654), 255, np.uint8)
    for row in range(14):
        text = f"Facture numero {row} payable avant le terme convenu"
        cv2.putText(page, text, (120, 300 + row * 90), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (20,), 2)

    assert reading_of(read_scan(pdf_images(paper.scanned(page)))).place.found < 0.5
