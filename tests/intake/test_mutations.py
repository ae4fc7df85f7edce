"""Forms that drifted, each filled by many people: what is accepted is right, whatever happened to the form.

Three of the people fill each in ``make test``, ten in ``make mutations`` (``LIASSE_LONG``).

Other editions of five layouts, and what students do to a copy: rows, columns, sentences and questions added, gone,
renamed, exchanged or put to another use. Word copies are drawn on the spot, PDF forms with and without their fields;
one print of each Word mutation is kept in ``tests/layouts/mutations`` and measured by ``tests/test_scoreboard.py``.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import mutations_champs
import mutations_kit
import people
import pytest
from layout_people import load_people
from mutations_champs import FieldMutation
from mutations_kit import WordMutation
from word_kit import save_docx

from pipeline.blanks.compiling import compile_layout
from pipeline.core.fields import Dictionary
from pipeline.forms.layouts import load_layout
from pipeline.reading import reader as intake
from pipeline.reading.alignment import Compiled
from pipeline.reading.known_forms import KnownForms
from pipeline.reports.scoreboard import Miss, Score, evaluate

pytestmark = pytest.mark.sampled(4)

LAYOUTS = Path(__file__).parent.parent / "layouts"
PEOPLE = load_people()[:10] if os.environ.get("LIASSE_LONG") else load_people()[:10:4]
PRINTING = 2  # people whose PDF form is also read without its fields
WORD = mutations_kit.all_mutations()
FIELDS = tuple(mutations_champs.MUTATIONS)
Measure = Callable[[Path, str], tuple[Score, ...]]


@pytest.fixture(scope="module")
def measure(given_out: KnownForms, dictionary: Dictionary) -> Measure:
    """The scores of a folder of forms read with one annotated layout, as ``liasse evaluate`` gives them.

    A process of its own for each of a thousand files would only cost time: they are ours, and read in this one.
    """

    @functools.cache
    def layout(name: str) -> Compiled:
        return compile_layout(load_layout(LAYOUTS / name), dictionary)

    def scores(folder: Path, name: str) -> tuple[Score, ...]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(intake, "run", lambda work, source, **_: work(Path(f"/proc/self/fd/{source}").read_bytes()))
            return evaluate(folder, forms=replace(given_out, layouts=(layout(name),)), today=people.TODAY)

    return scores


def wrong(scores: tuple[Score, ...]) -> list[Miss]:
    """Every value accepted though it is not the truth."""
    return [miss for score in scores for miss in score.wrong]


def keep(truth: dict[str, Any], stem: Path) -> None:
    """Write the truth of a form."""
    stem.with_suffix(".truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where forms are drawn; nothing is asked to be found in mutations, only to be right."""
    made = tmp_path / "mutations"
    made.mkdir()
    return made


def test_there_are_twelve_of_each_layout_and_ten_people() -> None:
    """The measure that was asked for."""
    counted = Counter(mutation.layout for mutation in WORD)

    assert {name: number for name, number in counted.items() if number < 12} == {}
    assert set(counted) == {"tableau", "pointilles", "colonnes", "convention"}
    assert len(FIELDS) >= 12
    assert len(load_people()) >= 10


@pytest.mark.parametrize("mutation", WORD, ids=lambda mutation: mutation.name)
def test_word_copies_are_never_silently_wrong(mutation: WordMutation, folder: Path, measure: Measure) -> None:
    """Each person's Word copy."""
    for number, person in enumerate(PEOPLE):
        document, truth, _ = mutations_kit.drawn(mutation, person)
        save_docx(document, folder / f"{number:02}.docx")
        keep(truth, folder / f"{number:02}")

    scores = measure(folder, mutation.layout)

    assert wrong(scores) == []
    assert [(score.channel, score.forms) for score in scores] == [("docx", len(PEOPLE))]


@pytest.mark.parametrize("mutation", FIELDS, ids=lambda mutation: mutation.name)
def test_pdf_forms_are_never_silently_wrong(mutation: FieldMutation, folder: Path, measure: Measure) -> None:
    """The fields of each person; the print of two of them."""
    for number, person in enumerate(PEOPLE):
        form = folder / f"{number:02}.pdf"
        keep(mutations_champs.draw_fields(mutation, person, form), form)
        if number < PRINTING:
            subprocess.run(["pdftocairo", "-pdf", form, form.with_suffix(".printed.pdf")], check=True, timeout=60)

    scores = measure(folder, "champs")

    assert wrong(scores) == []
    assert [(score.channel, score.forms) for score in scores] == [("acroform", len(PEOPLE)), ("pdf-text", PRINTING)]


def test_a_wrong_value_would_be_seen(folder: Path, measure: Measure) -> None:
    """The same measure on a form whose truth says something else, and on an answer that the truth denies."""
    document, truth, _ = mutations_kit.drawn(next(one for one in WORD if one.name == "tableau-deux-cases"), PEOPLE[0])
    save_docx(document, folder / "00.docx")
    keep(truth | {"stagiaire.numero": "0", "stage.sujet": None}, folder / "00")

    assert {miss.path for miss in wrong(measure(folder, "tableau"))} == {"stagiaire.numero", "stage.sujet"}
