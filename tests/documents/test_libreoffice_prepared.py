"""An office that is started before there is a document for it: nobody waits, and what it becomes does not matter."""

from __future__ import annotations

import pytest
from caged import word_file

from pipeline.documents.libreoffice import WarmOffice, bridge, find_bridge
from pipeline.documents.proof import page_texts

PAGE = {"page": word_file("Bonjour")}


@pytest.fixture(autouse=True)
def _bridged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine where LibreOffice can be kept running; elsewhere there is nothing to prepare."""
    monkeypatch.delenv(bridge.SETTING, raising=False)
    if not find_bridge().python:
        pytest.skip(find_bridge().why)


def test_a_prepared_office_makes_the_first_document() -> None:
    """It is started once, however often it is prepared, and the document needs no other."""
    with WarmOffice() as office:
        office.prepare()
        office.prepare()
        pages = len(page_texts(office.convert(PAGE)["page"]))

        assert (pages, office.starts) == (1, 1)


def test_an_office_that_died_while_it_came_up_is_replaced() -> None:
    """Killed before it answered: the document gets another."""
    with WarmOffice() as office:
        office.prepare()
        assert office._soffice is not None
        office._soffice._process.kill()
        office._soffice._process.wait()
        pages = len(page_texts(office.convert(PAGE)["page"]))

        assert (pages, office.starts) == (1, 2)


def test_a_prepared_office_that_nobody_needed_is_ended() -> None:
    """It and its folder are gone, though it never answered."""
    with WarmOffice() as office:
        office.prepare()
        assert office._soffice is not None
        place = office._soffice.place
        assert place.exists()

    assert not place.exists()
    assert not office.running


def test_nothing_is_prepared_where_offices_are_cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """LIASSE_OFFICE=cold: the first document starts its own, as it did."""
    monkeypatch.setenv(bridge.SETTING, "cold")

    with WarmOffice() as office:
        office.prepare()

        assert (office.running, office.starts) == (False, 0)
