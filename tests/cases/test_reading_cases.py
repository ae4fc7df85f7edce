"""Values as people write them, on forms that once went through wrong: two schools' layouts, and our own form."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import people
import pytest

from pipeline.blanks.compiling import compile_layout
from pipeline.core.fields import Dictionary
from pipeline.core.models import FieldReading, Form
from pipeline.forms.layouts import load_layout
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.reader import read

HERE = Path(__file__).parent / "reading"
DOCUMENT = "word/document.xml"
DOTTED = "dot-one-dot.docx"
SERVICE, ROLE = "organisme.service", "tuteur.fonction"
Fields = dict[str, FieldReading]
Read = Callable[[Path], Fields]
NO_MARK = ("stage.horaires", "stagiaire.numero")


@pytest.fixture(scope="module")
def fields(given_out: KnownForms, dictionary: Dictionary) -> Read:
    """What is decided of a file where the two schools' layouts are known."""
    layouts = [
        compile_layout(load_layout(HERE / f"layout-{name}"), dictionary) for name in ("dotted", "cols-dropdown")
    ]
    known = replace(given_out, layouts=tuple(layouts))

    def decided(path: Path) -> Fields:
        form = Form(hashlib.sha256(path.read_bytes()).hexdigest(), path, path.name, people.TODAY)
        return {entry.path: entry for entry in read(form, known).fields}

    return decided


def rewritten(name: str, changes: dict[str, str], folder: Path) -> Path:
    """A copy of a Word file in which some texts are others."""
    target = folder / "copie.docx"
    with zipfile.ZipFile(HERE / name) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.namelist():
            text = source.read(part)
            if part == DOCUMENT:
                for old, new in changes.items():
                    assert text.count(old.encode()) == 1, old
                    text = text.replace(old.encode(), new.encode())
            made.writestr(part, text)
    return target


def accepted(fields: Fields) -> dict[str, Any]:
    """What nobody will look at."""
    return {path: one.value for path, one in fields.items() if one.doubt is None and one.value is not None}


@pytest.mark.parametrize("name", ["B00", "B07"])
def test_no_leader_is_left_in_a_value(fields: Read, name: str) -> None:
    """Every accepted value is that of the truth."""
    truth = json.loads((HERE / f"{name}.truth.json").read_text(encoding="utf-8"))
    found = accepted(fields(HERE / f"{name}.docx"))

    assert {path: value for path, value in found.items() if path in truth and value != truth[path]} == {}
    assert {path for path in truth if path in found} > {"stagiaire.nom", "organisme.service", "stage.activites"}


@pytest.mark.parametrize(
    "text", [".Compta.", "_Compta_", ". . Compta . . .", "----Compta----", "...Compta ......", "·· Compta ··"]
)
def test_leaders_around_a_word(fields: Read, tmp_path: Path, text: str) -> None:
    """One dot, underscores, spaced dots, dashes: the word alone."""
    found = fields(rewritten(DOTTED, {".Compta.": text}, tmp_path))

    assert (found[SERVICE].value, found[SERVICE].doubt) == ("Compta", None)


@pytest.mark.parametrize("text", ["? ..........", "XXX ..........", "idem", "voir au dos........", "- ......"])
def test_what_is_no_answer_is_not_accepted(fields: Read, tmp_path: Path, text: str) -> None:
    """A doubt, or empty."""
    assert fields(rewritten(DOTTED, {".Compta.": text}, tmp_path))[SERVICE].value is None


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("___Directeur technique_______", "___Directeur technique_______  (voir au dos)", ROLE),
        (".24,5 h / semaine...", "24.30 ......", "stage.heures_hebdo"),
        ("...4,35 €/heure................", "600 650 € ......", "gratification.montant"),
    ],
)
def test_a_remark_and_figures_that_can_be_read_in_two_ways(
    fields: Read, tmp_path: Path, old: str, new: str, path: str
) -> None:
    """A doubt of its own field."""
    assert fields(rewritten(DOTTED, {old: new}, tmp_path))[path].doubt


def test_a_list_on_one_line_of_a_print_is_three_items(fields: Read) -> None:
    """« - A- B- C » as the page shows it."""
    found = fields(HERE / "list-glued.pdf")["stage.activites"]

    assert (len(found.value), found.doubt) == (3, None)
