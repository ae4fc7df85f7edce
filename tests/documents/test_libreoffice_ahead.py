"""LibreOffice asked for the next document while the last is looked at: whatever happens, each gets its own PDF."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing

import pypdfium2
import pytest
from caged import FODT, office_of, word_file

from pipeline.core.errors import ConversionError, TemplateError
from pipeline.documents.libreoffice import WarmOffice, bridge, find_bridge, warm

NAMES = ("premier", "deuxième", "troisième", "quatrième")
Named = tuple[str, bytes]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[WarmOffice]:
    """An office of our own, where one can be kept running."""
    monkeypatch.delenv(bridge.SETTING, raising=False)
    if not find_bridge().python:
        pytest.skip(find_bridge().why)
    with WarmOffice() as opened:
        yield opened


def word_files() -> Iterator[Named]:
    """A page for each name, which says it."""
    for name in NAMES:
        yield name, word_file(name)


def says(pdf: bytes) -> str:
    """The words of the PDF's first page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[0].get_textpage().get_text_range()).strip()


def kill(office: WarmOffice) -> None:
    """End its soffice as a machine without memory would."""
    assert office._soffice is not None
    for number in office_of(office._soffice.place)["soffice"]:
        os.kill(number, signal.SIGKILL)


def in_hand(office: WarmOffice) -> list[str]:
    """The Word files that lie in its folder."""
    assert office._soffice is not None
    return [path.name for path in office._soffice.place.glob("*.docx")]


def test_the_next_documents_are_in_its_hands_while_one_is_looked_at(office: WarmOffice) -> None:
    """Two ahead, no more; each PDF is its own document's, and nothing of them stays."""
    begun: list[str] = []

    def noted() -> Iterator[Named]:
        for name, docx in word_files():
            begun.append(name)
            yield name, docx

    seen = []
    for name, pdf in office.convert_each(noted()):
        seen.append((name, says(pdf), len(begun), len(in_hand(office))))

    assert seen == [
        ("premier", "premier", 3, 2),
        ("deuxième", "deuxième", 4, 2),
        ("troisième", "troisième", 4, 1),
        ("quatrième", "quatrième", 4, 0),
    ]
    assert office.starts == 1


def test_whoever_stops_looking_leaves_a_good_office(office: WarmOffice) -> None:
    """The document in hand is nobody's: it is not given to the next who asks."""
    with closing(office.convert_each(word_files())) as made:
        assert next(made)[0] == "premier"

    assert in_hand(office) == []
    assert says(office.convert({"autre": word_file("autre")})["autre"]) == "autre"
    assert office.starts == 1


def test_an_office_is_ended_though_somebody_forgot_to_read_to_the_end(
    office: WarmOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not waited for for ever."""
    monkeypatch.setattr(warm, "_PATIENCE", 0.1)
    forgotten = office.convert_each(word_files())
    next(forgotten)
    place = office._soffice.place if office._soffice else None
    office.close()

    assert not office.running
    assert place is not None
    assert not place.exists()
    forgotten.close()


def test_a_template_that_fails_midway_leaves_a_good_office(office: WarmOffice) -> None:
    """The document that cannot be filled comes after one that is being made."""

    def broken() -> Iterator[Named]:
        yield "premier", word_file("premier")
        raise TemplateError("modele.docx asks for a name that nobody knows.")

    with pytest.raises(TemplateError):
        list(office.convert_each(broken()))

    assert says(office.convert({"autre": word_file("autre")})["autre"]) == "autre"
    assert office.starts == 1


def test_killed_with_two_in_hand_it_makes_both(office: WarmOffice) -> None:
    """Neither is lost or takes the other's name, and they are made once more by the same fresh office."""
    made = []
    for name, pdf in office.convert_each(word_files()):
        made.append((name, says(pdf)))
        if name == "premier":
            kill(office)
            deadline = time.monotonic() + 5
            while office.running and time.monotonic() < deadline:
                time.sleep(0.01)

    assert made == [(name, name) for name in NAMES]
    assert office.starts == 2


def test_a_document_at_fault_is_named_though_another_was_asked_for(office: WarmOffice) -> None:
    """The one ahead is forgotten with it."""

    def files() -> Iterator[Named]:
        yield "bon", word_file("bon")
        yield "faux", FODT
        yield "suivant", word_file("suivant")

    with closing(office.convert_each(files())) as made:
        assert next(made)[0] == "bon"
        with pytest.raises(ConversionError, match="no good PDF of faux"):
            next(made)

    assert says(office.convert({"autre": word_file("autre")})["autre"]) == "autre"
    assert office.starts == 3


def test_an_office_that_does_not_start_leaves_nothing_undone(
    office: WarmOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those begun and those to come are made the cold way, in their order."""
    monkeypatch.setattr("pipeline.documents.libreoffice.warm.SofficeProcess", _no_serving)
    assert [(name, says(pdf)) for name, pdf in office.convert_each(word_files())] == [(name, name) for name in NAMES]


def _no_serving(python: str) -> None:
    raise OSError(f"{python} cannot be started")
