"""Small ink: dots at line ends, marks above letters, rings and thin crosses; no engine is needed here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.reading.ocr.accents import has_expected_marks, is_hatted
from pipeline.reading.ocr.engines import _from_pieces
from pipeline.reading.ocr.page_images import Grey, PageImage
from pipeline.reading.ocr.rulings import Rulings, ink_of
from pipeline.reading.ocr.scan_reading import ScannedPage
from pipeline.reading.ocr.squares import free_square
from pipeline.reading.ocr.strokes import dot_at_end
from pipeline.reading.scan_mentions import mended

SCALE = 200 / 72
FORESEEN = (52.0, 52.0, 62.0, 62.0)  # points: the middle is at (57, 57)


def page(pixels: Grey) -> ScannedPage:
    """A page of these pixels at 200 dpi."""
    image = PageImage(1, pixels, SCALE, np.eye(3))
    return ScannedPage(image, ink_of(pixels), Rulings((), ()), 1.0, 0)


def blank() -> Grey:
    """White paper, 144 points square."""
    return np.full((400, 400), 245, np.uint8)


def letters(pixels: Grey, *tops: int, height: int = 20) -> None:
    """Upright strokes, letter-high, from x = 100."""
    for index in range(6):
        pixels[150 : 150 + height, 100 + index * 14 : 104 + index * 14] = 30
    for x in tops:
        pixels[140:144, x : x + 4] = 30


@pytest.mark.parametrize(("dot", "expected"), [((), False), ((164, 168), True)], ids=["letter", "pale dot"])
def test_dot_at_a_line_end_is_seen_though_it_is_pale(dot: tuple[int, ...], expected: bool) -> None:  # noqa: FBT001 -- a table
    """Engines lose the dot of a cut address; its few grey pixels are still there."""
    pixels = blank()
    letters(pixels)
    if dot:
        pixels[180:184, 190:194] = 190
        pixels[166:170, dot[0] + 20 : dot[1] + 20] = 190
    box = (100 / SCALE, 148 / SCALE, 176 / SCALE, 172 / SCALE)

    assert dot_at_end(page(pixels).image, box) is expected


@pytest.mark.parametrize(
    ("tops", "text", "expected"),
    [
        ((101, 115, 129), "llëlé", True),  # two dots and an accent
        ((101, 129), "llëlé", False),  # one stroke where a diaeresis was read
        ((101,), "lêl", True),
        ((101, 115), "lêl", False),
        ((101, 115), "lÜl", False),  # never believed
    ],
)
def test_accents_read_are_those_of_the_ink(tops: tuple[int, ...], text: str, expected: bool) -> None:  # noqa: FBT001 -- a table
    """As many strokes above the letters as the accents are made of."""
    pixels = blank()
    letters(pixels, *tops)

    assert (
        has_expected_marks(page(pixels).ink, SCALE, (96 / SCALE, 142 / SCALE, 182 / SCALE, 172 / SCALE), text)
        is expected
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("HÛRÉ", True), ("MÜLLER", True), ("Müller", True), ("Noël", False), ("Hélène", False), ("BENOÎT", True)],
)
def test_letters_whose_accent_may_be_another_are_known(text: str, expected: bool) -> None:  # noqa: FBT001 -- a table
    """Capitals above all; a small ë or ô is what French writes."""
    assert is_hatted(text) is expected


@pytest.mark.parametrize(
    ("centre", "dot", "expected"),
    [((158, 158), 0, False), ((158, 158), 5, True), ((190, 158), 0, None)],
    ids=["empty", "chosen", "an O farther away"],
)
def test_ring_is_a_box_where_it_was_foreseen(centre: tuple[int, int], dot: int, expected: bool | None) -> None:  # noqa: FBT001 -- a table
    """A radio button is round; the O of « Oui » is not one."""
    pixels = blank()
    cv2.circle(pixels, centre, 9, (30,), 2)
    if dot:
        cv2.circle(pixels, centre, dot, (30,), -1)
    square = free_square(page(pixels), FORESEEN)

    assert (square and square.ink > 0.16) == expected


@pytest.mark.parametrize(("lines", "expected"), [(2, True), (1, False), (0, False)])
def test_thin_cross_is_told_by_its_two_diagonals(lines: int, expected: bool) -> None:  # noqa: FBT001 -- a table
    """A grey cross one pixel wide inks little of its box."""
    pixels = blank()
    cv2.rectangle(pixels, (146, 146), (170, 170), (60,), 2)
    for start, end in (((148, 148), (168, 168)), ((148, 168), (168, 148)))[:lines]:
        cv2.line(pixels, start, end, (170,), 1)
    square = free_square(page(pixels), FORESEEN)

    assert square is not None
    assert square.crossed is expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("ler février 2026", {"date": True}, "1er février 2026"),
        ("lundi îer mars 2026", {"date": True}, "lundi 1er mars 2026"),
        ("ler étage", {}, "ler étage"),
        ("a.b @ecole. example.org", {"address": True}, "a.b@ecole.example.org"),
        ("llyès BEN ALI", {"name": True}, "Ilyès BEN ALI"),
        ("lucas", {"name": True}, "lucas"),
        ("[9 impasse Noël", {}, "9 impasse Noël"),
        ("[Rennes]", {}, "[Rennes]"),
        ("Bureau d’'études", {}, "Bureau d’études"),
    ],
)
def test_only_what_can_mean_one_thing_is_mended(text: str, kind: dict[str, bool], expected: str) -> None:
    """Known slips of the engines, in the kind of field where nothing else is possible."""
    assert mended(text, **kind) == expected


def test_wide_gap_parts_two_words_that_were_read_as_one() -> None:
    """« le5/3/25 » with room between the two where leaders were."""
    pieces = [
        (text, 1.0, [[x0, 0], [x1, 0], [x1, 30], [x0, 30]])
        for text, x0, x1 in (("Massy", 0, 69), ("le", 79, 98), ("5/3/25", 180, 257))
    ]

    assert [word for word, _ in _from_pieces("Massy le5/3/25", pieces) or ()] == ["Massy", "le", "5/3/25"]
