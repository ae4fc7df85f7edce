"""The scoreboard: right, wrong, doubted and lost are counted as such, and our own sets have no wrong value."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import people
import pytest
from test_cli import liasse

from pipeline.core.errors import ConfigError
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.models import FieldReading
from pipeline.core.workspace import Workspace
from pipeline.reading.known_forms import KnownForms
from pipeline.reports import scoreboard
from pipeline.reports.truth import agrees, belongs, plain

LAYOUTS = Path(__file__).parent / "layouts"


@pytest.fixture
def a_set(tmp_path: Path) -> Path:
    """Two forms of one layout with their truths, one of them twice, and a mutation."""
    folder = tmp_path / "set"
    for name in (
        "tableau/00.docx",
        "tableau/00.pdf",
        "tableau/00.truth.json",
        "tableau/03.docx",
        "tableau/03.truth.json",
        "mutations/tableau-deux-cases.docx",
        "mutations/tableau-deux-cases.truth.json",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(LAYOUTS / name, folder / name)
    return folder


def change(truth: Path, **values: Any) -> None:
    """Write other values in a truth, with « __ » for dots."""
    data = json.loads(truth.read_text())
    truth.write_text(json.dumps(data | {path.replace("__", "."): value for path, value in values.items()}))


def evaluate(folder: Path, *words: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the lines of ``liasse evaluate --json``, with our layouts."""
    done = liasse("evaluate", folder, "--layouts", LAYOUTS, "--json", "--today", "2026-01-20", *words)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def test_right_values_are_counted_by_layout_and_channel(a_set: Path) -> None:
    """One line for each layout and kind of file; mutations ask for nothing to be found."""
    code, lines = evaluate(a_set)

    assert code == 0
    assert [(line["layout"], line["channel"], line["forms"]) for line in lines] == [
        ("mutations", "docx", 1),
        ("tableau", "docx", 2),
        ("tableau", "pdf-text", 1),
    ]
    assert [line["silent_wrong"] for line in lines] == [0, 0, 0]
    assert lines[0]["recall"] is None
    assert lines[0]["doubts"] >= 1
    truth = json.loads((a_set / "tableau" / "00.truth.json").read_text())
    assert lines[2]["right"] == lines[2]["present"] == len(truth)
    assert lines[2]["silent_wrong_bound_95"] == pytest.approx(3 / lines[2]["accepted"])


def test_a_wrong_typed_value_fails_and_is_named(a_set: Path) -> None:
    """The form says one date and the truth another: silently wrong, typed, exit code 1."""
    change(a_set / "tableau" / "00.truth.json", stage__date_debut="2026-02-03", tuteur__fonction="Chef")
    code, lines = evaluate(a_set)
    (printed,) = [line for line in lines if line["channel"] == "pdf-text"]

    assert code == 1
    assert (printed["silent_wrong"], printed["silent_wrong_typed"]) == (2, 1)
    wrong = {miss["field"]: (miss["expected"], miss["accepted"]) for miss in printed["wrong"]}
    assert wrong["stage.date_debut"] == ("2026-02-03", "2026-02-02")

    done = liasse("evaluate", a_set, "--layouts", LAYOUTS, "--today", "2026-01-20")
    assert done.returncode == 1
    assert "TYPED tableau/00.docx: stage.date_debut" in done.stdout


def test_nothing_may_be_accepted_where_the_truth_is_null(a_set: Path) -> None:
    """Null: the value cannot be known; accepting one is wrong. « douteux » may be right, never wrong."""
    change(a_set / "tableau" / "00.truth.json", stage__date_fin=None, douteux=["stage.heures_hebdo"])
    code, lines = evaluate(a_set)
    (printed,) = [line for line in lines if line["channel"] == "pdf-text"]

    assert code == 1
    assert [miss["field"] for miss in printed["wrong"]] == ["stage.date_fin"]
    assert printed["present"] == len(json.loads((a_set / "tableau" / "00.truth.json").read_text())) - 3


def test_a_folder_without_truth_says_so(
    tmp_path: Path, workspace: Workspace, dictionary: Dictionary, given_out: KnownForms
) -> None:
    """Nothing to measure, a truth that is no JSON, a folder without layouts: each is named."""
    with pytest.raises(ConfigError, match="truth"):
        scoreboard.evaluate(tmp_path, forms=given_out, today=people.TODAY)
    (tmp_path / "a.pdf").write_bytes(b"")
    (tmp_path / "a.truth.json").write_text("{")
    with pytest.raises(ConfigError, match="not JSON"):
        scoreboard.evaluate(tmp_path, forms=given_out, today=people.TODAY)
    with pytest.raises(ConfigError, match="no layout"):
        scoreboard.forms_of(workspace, dictionary, tmp_path)


@pytest.mark.parametrize(("wrong", "total", "bound"), [(0, 811, 0.0037), (0, 2, 1.0), (1, 100, 0.0545), (5, 5, 1.0)])
def test_the_bound_is_known_statistics(wrong: int, total: int, bound: float) -> None:
    """The rule of three at zero; Wilson's interval otherwise."""
    assert scoreboard.upper_bound(wrong, total) == pytest.approx(bound, abs=1e-4)


@pytest.mark.parametrize(
    ("kind", "expected", "value", "same"),
    [
        (FieldKind.LINE, "L’Haÿ–les-Roses", "L'Haÿ-les-Roses", True),
        (FieldKind.LINE, "« Les Pieds »", '"Les Pieds"', True),
        (FieldKind.LINE, "Noël", "Noel", False),
        (FieldKind.LINE, "MAIF", "Maif", False),
        (FieldKind.LIST, ["A – b"], ["A - b"], True),
        (FieldKind.LIST, ["A", "B"], ["A B"], False),
        (FieldKind.HOURS, 35, 35.0, True),
        (FieldKind.BOOLEAN, True, 1, False),
        (FieldKind.PHONE, "+33612345001", "+33612345007", False),
    ],
)
def test_values_are_compared_strictly_but_for_signs(
    kind: FieldKind, expected: Any, value: Any, *, same: bool
) -> None:
    """Dashes, quotes, apostrophes and spaces may differ in free text; accents, case and typed values may not."""
    assert agrees(kind, expected, value) is same


def test_parts_of_a_combined_truth_must_be_in_it() -> None:
    """« BENAÏSSA Inès » gives a surname within it; another word is wrong; what no truth says is not judged."""

    def part(path: str, value: str) -> bool | None:
        return belongs(FieldReading(path, value, value, "docx", 0.9), {"tuteur.nom_prenom": "BENAÏSSA Inès"})

    assert part("tuteur.nom", "BENAÏSSA") is True
    assert part("tuteur.prenom", "Ines") is False
    assert part("organisme.service", "Pôle") is None
    assert plain("12 bis,  rue de l’Église") == "12 bis, rue de l'Église"


def test_our_own_sets_have_no_wrong_value(tmp_path: Path, workspace: Workspace, dictionary: Dictionary) -> None:
    """Five layouts, digital files: 98 % accepted right, nothing silently wrong; ``LIASSE_LONG``: mutations too."""
    folder = tmp_path / "layouts"
    left = ("*.scan.pdf", "*.py", "__pycache__", *(() if os.environ.get("LIASSE_LONG") else ("mutations",)))
    shutil.copytree(LAYOUTS, folder, ignore=shutil.ignore_patterns(*left))

    scores = scoreboard.evaluate(folder, forms=scoreboard.forms_of(workspace, dictionary, folder), today=people.TODAY)

    assert {score.layout for score in scores} == {path.parent.name for path in folder.rglob("*.truth.json")}
    assert [miss for score in scores for miss in score.wrong] == []
    assert scoreboard.worst(scores) == 0
    assert [score.layout for score in scores if score.recall is not None and score.recall < 0.98] == []
