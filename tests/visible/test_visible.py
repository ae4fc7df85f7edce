"""What the page shows is what is read: each way to part bytes and page, once, on a form of one page."""

from __future__ import annotations

import random

import library
import people
import pytest
from judge import End, judge
from own_answers import known_forms
from scenes import SMALL_TARGETS, Scene, any_scene, scene_of
from seen import TECHNIQUES, Paper, Seen, Technique

from pipeline.core.errors import FormRejected
from pipeline.core.models import Form, Reading
from pipeline.reading import inside
from pipeline.reading.exchange import believe

pytestmark = pytest.mark.sampled(4)


def _short(technique: Technique) -> bool:
    """Whether `make test` has it: what is drawn in a widget and on flat pages alike is there once, cairo's hardly."""
    if technique.paper is Paper.PRINTED:
        return technique.name == "digits_that_lie"
    twin = {Paper.FILLABLE: Paper.FLAT, Paper.FLAT: Paper.FILLABLE}.get(technique.paper)
    if twin is None or f"{twin.value}:{technique.name}" not in TECHNIQUES:
        return True
    return (len(technique.name) % 2 == 0) is (technique.paper is Paper.FLAT)


CASES = [pytest.param(key, marks=() if _short(one) else pytest.mark.long) for key, one in TECHNIQUES.items()]


def read_small(data: bytes, scene: Scene) -> Reading | None:
    """One form read in this process; ``None`` if it is refused."""
    known = known_forms(scene.blank)
    form = Form("ab" * 32, library.NOWHERE, "formulaire", people.TODAY)
    try:
        return believe(inside.read_bytes(data, known_forms=known, received_on=people.TODAY), form, known)
    except FormRejected:
        return None


def made(technique: Technique) -> tuple[Scene, bytes]:
    """A file of a technique, always the same."""
    rng = random.Random(technique.key)  # noqa: S311 -- no secret
    scene = any_scene(rng, technique.suits, small=True)
    return scene, technique.make(scene, rng)


@pytest.fixture(scope="module")
def honest() -> dict[Paper, Reading]:
    """What is read where nothing is forged."""
    scene = scene_of(SMALL_TARGETS[0], small=True)
    readings = {paper: read_small(library.honest(scene, paper), scene) for paper in Paper}
    return {paper: reading for paper, reading in readings.items() if reading is not None}


def test_honest_forms_are_read_without_a_doubt(honest: dict[Paper, Reading]) -> None:
    """What the techniques start from is right: every value is accepted, nothing is told."""
    scene = scene_of(SMALL_TARGETS[0], small=True)
    assert set(honest) == set(Paper)
    for reading in honest.values():
        assert [entry.path for entry in reading.doubts] == []
        assert judge(scene, Seen.OLD, reading, reading).end is End.RIGHT


@pytest.mark.parametrize("key", CASES)
def test_nothing_is_accepted_that_the_page_does_not_show(key: str, honest: dict[Paper, Reading]) -> None:
    """The value that is accepted is the one that is seen; what is not sure is a doubt."""
    technique = TECHNIQUES[key]
    scene, data = made(technique)

    verdict = judge(scene, technique.seen, read_small(data, scene), honest[technique.paper])

    assert verdict.end is not End.SILENT, (scene.path, scene.old, scene.new, technique.seen, verdict.wrong)
