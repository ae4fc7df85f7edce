"""Where a layout's printed words stand on a scan; no engine is needed here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.reading.alignment.recognition import ACCEPTED
from pipeline.reading.ocr.registration import HOPELESS, register
from pipeline.reading.tokens import Source, Stream, Token, TokenKind

LABELS = ("Nom", "Prénom", "Adresse", "Téléphone", "Courriel", "Raison", "SIRET", "Fonction", "Sujet", "Téléphone")


def blank(pages: int = 2) -> Stream:
    """Two labels on each row, ten rows a page; one label comes twice."""
    return tuple(
        Token(TokenKind.WORD, f"{label}{page if label != 'Téléphone' else ''}{side}", page, (x, y, x + 60, y + 10))
        for page in range(1, pages + 1)
        for y, label in zip(range(100, 600, 50), LABELS, strict=True)
        for side, x in (("gauche", 60.0), ("droite", 320.0))
    )


def moved(token: Token, right: float, down: float, page: int | None = None) -> Token:
    """The token as an engine would see it elsewhere."""
    x0, y0, x1, y1 = token.box or (0, 0, 0, 0)
    box = (x0 + right, y0 + down, x1 + right, y1 + down)
    return replace(token, box=box, page=page or token.page, source=Source.RAPIDOCR)


def test_rows_pushed_down_are_followed() -> None:
    """Below a row that grew by thirty points, everything is thirty points lower; above, nothing moved."""
    seen = [moved(token, 4, 30 if token.box and token.box[1] > 300 else 0) for token in blank(1)]
    place = register(blank(1), tuple(seen))

    assert place.found == 1.0
    assert [place.place(1, 200, y) for y in (155, 505)] == [
        (1, pytest.approx(204), pytest.approx(155)),
        (1, pytest.approx(204), pytest.approx(535)),
    ]


def test_row_pushed_over_the_page_break_is_followed() -> None:
    """The last rows of a page may be printed on the next one."""
    seen = [
        moved(token, 0, -450, page=2) if token.page == 1 and token.box and token.box[1] > 500 else token
        for token in blank(1)
    ]
    place = register(blank(1), tuple(seen))

    assert (place.found, place.place(1, 200, 555)) == (1.0, (2, pytest.approx(200), pytest.approx(105)))


def test_pages_scanned_in_the_wrong_order_are_told_by_their_words() -> None:
    """Each page of the layout is found on the sheet that holds it."""
    seen = tuple(moved(token, 0, 0, page=3 - int(token.page or 0)) for token in blank())
    place = register(blank(), seen)

    assert (place.found, place.place(1, 200, 155), place.place(2, 200, 155)) == (
        1.0,
        (2, pytest.approx(200), pytest.approx(155)),
        (1, pytest.approx(200), pytest.approx(155)),
    )


def test_missing_page_is_named() -> None:
    """Half of the words are found: not accepted, and the absent page is known."""
    place = register(blank(), tuple(token for token in blank() if token.page == 1))

    assert (place.found, place.missing_pages) == (0.5, (2,))


def test_misread_words_are_found_where_they_were_foreseen() -> None:
    """A letter lost here and there does not unseat the page."""
    seen = tuple(
        replace(token, text=token.text.replace("gauche", "gxuehe")) if index % 4 == 0 else token
        for index, token in enumerate(blank(1))
    )

    assert register(blank(1), seen).found >= ACCEPTED


def test_other_words_are_another_form() -> None:
    """Nothing in common, nothing found, no place invented."""
    seen = tuple(replace(token, text=f"autre{index}") for index, token in enumerate(blank(1)))
    place = register(blank(1), seen)

    assert (place.found < HOPELESS, place.place(1, 200, 155)) == (True, None)


def test_columns_swapped_are_not_this_layout() -> None:
    """Words on the wrong side of the page obey no rule across it with the others."""
    swapped = tuple(moved(token, 260 if token.text.endswith("gauche") else -260, 0) for token in blank(1))

    assert register(blank(1), swapped).found < ACCEPTED


def test_nothing_seen_is_nothing_found() -> None:
    """An empty page."""
    assert register(blank(1), ()).found == 0.0
