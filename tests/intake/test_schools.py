"""Other schools' forms through the whole intake: recognised, read, drafted or refused; never silently wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import intake, journey
from pipeline.fields import Dictionary
from pipeline.intake.alignment import Compiled
from pipeline.intake.scans import lists_apart
from pipeline.journey import Desk
from pipeline.layouts import load_layout
from pipeline.models import FieldReading, Form, Kind, Reading
from pipeline.outcomes import Delivered
from pipeline.shelf import compile_layouts, open_shelf
from pipeline.workspace import Workspace

SETS = Path(__file__).parent.parent / "layouts"
NAMES = ("tableau", "pointilles", "colonnes", "convention", "champs")
Read = Callable[..., Reading]


@pytest.fixture(scope="module")
def shelf(dictionary: Dictionary, tmp_path_factory: pytest.TempPathFactory) -> tuple[Compiled, ...]:
    """The five schools' layouts, compiled once."""
    layouts = [load_layout(SETS / name) for name in NAMES]
    return compile_layouts(layouts, dictionary, tmp_path_factory.mktemp("memory"))


@pytest.fixture(scope="module")
def read(workspace: Workspace, dictionary: Dictionary, shelf: tuple[Compiled, ...]) -> Read:
    """Read a form of the sets."""

    def run(path: Path, *, layouts: tuple[Compiled, ...] = shelf) -> Reading:
        form = Form(hashlib.sha256(path.read_bytes()).hexdigest(), path, path.name, dt.date(2026, 1, 5))
        return intake.read(form, workspace=workspace, dictionary=dictionary, layouts=layouts)

    return run


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("tableau/00.docx", Kind.DOCX),
        ("pointilles/00.pdf", Kind.PDF_TEXT),
        ("champs/00.pdf", Kind.ACROFORM),
        ("champs/00.printed.pdf", Kind.PDF_TEXT),
        ("tableau/00.scan.pdf", Kind.PDF_SCAN),
    ],
)
def test_each_kind_of_file_is_recognised_and_read(read: Read, file: str, kind: Kind) -> None:
    """The layout is found by its words, whatever the channel, and the name is read as it was typed."""
    path = SETS / file
    truth = json.loads(path.with_name(f"{path.name.split('.')[0]}.truth.json").read_text())

    reading = read(path)

    assert (reading.kind, reading.layout) == (kind, f"layouts/{path.parent.name}")
    names = {entry.path: entry for entry in reading.fields}
    assert names["stage.date_debut"].value == truth["stage.date_debut"]
    assert names["stage.date_debut"].doubt is None
    assert names["stage.date_debut"].page == (None if kind is Kind.DOCX else names["stage.date_debut"].page)


def test_a_combined_name_is_kept_as_typed_and_split(read: Read) -> None:
    """« tuteur.nom_prenom » stands among the fields; the record has the two parts only."""
    reading = read(SETS / "tableau" / "00.docx")
    paths = {entry.path for entry in reading.fields}

    assert {"tuteur.nom_prenom", "tuteur.nom", "tuteur.prenom"} <= paths
    assert "nom_prenom" not in reading.values["tuteur"]


def test_an_unknown_form_is_a_draft_in_which_everything_is_in_doubt(read: Read, shelf: tuple[Compiled, ...]) -> None:
    """Without its layout, labels propose values and not one is believed."""
    others = tuple(compiled for compiled in shelf if compiled.layout.folder.name != "tableau")

    reading = read(SETS / "tableau" / "00.docx", layouts=others)

    assert (reading.layout, reading.formation) == (None, None)
    assert sum(entry.value is not None for entry in reading.fields) > 25
    assert [entry.path for entry in reading.fields if not entry.doubt] == []
    assert reading.values == {}


def test_a_row_that_the_student_added_makes_the_form_wait(desk: Desk) -> None:
    """F-03: what stands outside the boxes is shown to a person before anything is printed."""
    folder = desk.workspace.templates / "coordination-essms" / "formulaires" / "tableau"
    shutil.copytree(SETS / "tableau", folder, ignore=shutil.ignore_patterns("0*", "vierge*"))
    desk = Desk(
        desk.workspace, desk.dictionary, desk.law, desk.ledger, dt.date(2026, 1, 5),
        open_shelf(desk.workspace, desk.dictionary),
    )  # fmt: skip

    (report,) = journey.run([SETS / "mutations" / "tableau-ligne-inseree.docx"], desk)

    assert not isinstance(report.outcome, Delivered)
    reading = journey.understand(report.form, desk.ledger.decisions(report.form), desk)
    assert any("usage" in text for text in reading.strays)


def test_printed_blanks_are_kept_and_not_printed_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice prints a blank once; the next run finds it in the memory."""
    folder = desk.workspace.templates / "coordination-essms" / "formulaires" / "tableau"
    shutil.copytree(SETS / "tableau", folder, ignore=shutil.ignore_patterns("0*", "vierge*"))
    first = open_shelf(desk.workspace, desk.dictionary)
    monkeypatch.setenv("PATH", "")

    again = open_shelf(desk.workspace, desk.dictionary)

    assert [compiled.layout.id for compiled in again] == ["coordination-essms/tableau"]
    assert again[0].zones == first[0].zones


@pytest.mark.parametrize(
    ("raw", "value", "doubted"),
    [
        ("- Accueillir\nConseiller", ["Accueillir Conseiller"], True),
        ("- Accueillir\n- Conseiller", ["Accueillir", "Conseiller"], False),
        ("- Accueillir le public\net conseiller", ["Accueillir le public et conseiller"], False),
    ],
)
def test_a_lost_bullet_on_a_scan_is_shown_to_a_person(raw: str, value: list[str], *, doubted: bool) -> None:
    """Two activities joined because an engine missed a dash are not printed as one unseen."""
    field = FieldReading("stage.activites", value, raw, "gabarit", 0.97)

    assert bool(lists_apart(field).doubt) is doubted
