"""Distances of the digital readers: all are listed, and a quarter more or less of one makes no silent error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from constants import (
    DIGITAL,
    DISTANCES,
    LAYOUTS,
    OTHERS,
    OWN,
    Form,
    accepted,
    constants,
    form_of,
    known_forms,
    modules,
    moved,
    own_form,
    parsed_once,
    silent_errors,
    wrong,
)

from pipeline.core.fields import Dictionary
from pipeline.core.workspace import Workspace
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.streams import drawn, pdf

pytestmark = pytest.mark.sampled(6)

TABLE, LEADERS, COLUMNS = PRINTS = ("tableau/00.pdf", "pointilles/00.pdf", "colonnes/00.pdf")
FIELDS = "champs/00.printed.pdf"
# Where the distances of a room, or of a module of it, are at work: a reading takes half a second.
BY_ROOM = {"streams": PRINTS, "alignment": (COLUMNS,), "labels": (LEADERS,)}
BY_MODULE = {
    **dict.fromkeys(
        (f"alignment.{name}" for name in ("annotations", "by_place", "guards", "margins", "shift")), (OWN,)
    ),
    "alignment.harvest": (TABLE,),
    "alignment.columns": (FIELDS,),
}
SLOW = ("alignment.guards", "streams.word_strokes", "alignment.by_place")  # of several forms each


@pytest.fixture(scope="module")
def known(workspace: Workspace, dictionary: Dictionary) -> Iterator[KnownForms]:
    """The layouts, compiled once; PDF files are parsed once."""
    with parsed_once():
        yield known_forms(workspace, dictionary)


@pytest.fixture(scope="module")
def forms(workspace: Workspace, dictionary: Dictionary) -> dict[str, Form]:
    """A table, leaders, columns, fields side by side, and our own form."""
    return {name: form_of(LAYOUTS / name) for name in (*PRINTS, FIELDS)} | {OWN: own_form(workspace, dictionary)}


def test_every_constant_is_a_distance_or_something_else() -> None:
    """A new constant goes to one of the two lists: a distance is moved below, another thing is named."""
    found = {name: set(held) for name, module in modules(DIGITAL) if (held := constants(module))}
    listed = {name: {*DISTANCES.get(name, ()), *OTHERS.get(name, ())} for name in {*DISTANCES, *OTHERS}}

    assert found == listed


def test_a_constant_moves_wherever_it_was_imported() -> None:
    """A copy in another module moves too, and all are put back."""
    before = drawn.MAX_SIDE
    with moved("streams.drawn", "MAX_SIDE", 1.25):
        assert drawn.MAX_SIDE == pdf.MAX_SIDE == before * 1.25
    assert drawn.MAX_SIDE == pdf.MAX_SIDE == before


def test_forms_are_read_right_as_they_are(known: KnownForms, forms: dict[str, Form]) -> None:
    """Nothing wrong, and nearly all that was written is accepted: there is something to go wrong."""
    for form in forms.values():
        fields = accepted(form, known, anew=False)
        assert wrong(fields, form, known.dictionary) == ()
        assert len(fields) >= 0.9 * sum(value is not None for value in form.truth.values())


@pytest.mark.parametrize("module", [pytest.param(one, marks=[pytest.mark.long] * (one in SLOW)) for one in DISTANCES])
def test_a_quarter_makes_no_silent_error(known: KnownForms, forms: dict[str, Form], module: str) -> None:
    """Doubts may rise; what is accepted stays right. ``make constants`` reads every form."""
    names = BY_MODULE.get(module) or BY_ROOM[module.partition(".")[0]]

    assert [error for name in names for error in silent_errors(forms[name], known, {module: DISTANCES[module]})] == []


def test_a_moved_constant_is_felt(known: KnownForms, forms: dict[str, Form]) -> None:
    """Beside its border every answer seems to be cut: less is accepted then, so moves reach the reader."""
    usual = accepted(forms[OWN], known, anew=False)
    with moved("alignment.guards", "_START", 100):
        assert len(accepted(forms[OWN], known, anew=False)) < len(usual)
