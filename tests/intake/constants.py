"""Constants of reading: which are distances, and what a quarter more or less of each does to forms of known truth.

``make constants`` moves every distance of the digital readers and reads all filled forms of ``tests/layouts`` that
are no scans; with ``--scans`` those of the reader of scans, on two scans. It ends with
1 when a wrong value is accepted.
"""

from __future__ import annotations

import argparse
import ast
import functools
import importlib
import inspect
import io
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import own_scans
import pdfplumber
import people
from make_samples import agent

from pipeline.blanks.layout_cache import compile_layouts, open_forms
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary, FieldKind
from pipeline.core.models import JSON, FieldReading
from pipeline.core.workspace import Workspace
from pipeline.forms.layouts import load_layout
from pipeline.reading import digital
from pipeline.reading.alignment import Received, receive
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.scans import read_scanned_form
from pipeline.reports.truth import agrees, belongs

ROOT = Path(__file__).parents[2]
LAYOUTS = ROOT / "tests" / "layouts"
QUARTERS = (0.75, 1.25)
DIGITAL = ("streams", "alignment", "labels")
SCANS = ("tableau/00.scan.pdf", "pointilles/01.scan.pdf")
OWN = "6-essms-imprime.pdf"

# Module to its distances: in points, or shares of a height, a width or a page.
DISTANCES: Mapping[str, tuple[str, ...]] = {
    "streams.order": ("_SAME_LINE", "_LEANS", "_LEVEL", "_LINE", "_ONE_LINE", "_RULES", "_HAIR"),
    "streams.drawn": ("MIN_SIDE", "MAX_SIDE", "_SQUARE", "_INNER", "_TOUCH", "_TINY", "_PASSING", "_SCRIBBLED"),
    "streams.word_strokes": ("_THIN", "_WIDEST", "_STRUCK", "_SHORT", "_RING", "_BELOW", "_UNDER", "_ROUND"),
    "streams.pdf": ("_APART", "_UNEVEN"),
    "streams.imposition": ("_APART",),
    "streams.page_columns": ("_SPACE", "_UP", "_NARROWEST", "_TALL", "_LEVEL", "_WIDE", "_OVERFLOW"),
    "alignment.annotations": ("_ASIDE", "_BELOW", "_COVERED"),
    "alignment.asides": ("_SAME", "_HIGHEST", "_WIDEST"),
    "alignment.by_place": ("_BESIDE", "_ASIDE", "_ABOVE", "_EDGE"),
    "alignment.columns": ("_LEEWAY", "_ASIDE", "_HIGH"),
    "alignment.gathering": ("_SAME_LINE",),
    "alignment.guards": (
        *("_EDGE", "_SHRUNK_EDGE", "_START", "_ASCENT", "_HEAD", "_OUT", "_WORD_GAP", "_TOUCH", "_ROOM", "_SMALL"),
        *("_NEIGHBOUR", "_OWN", "_SEVERAL", "_REACH", "_ASIDE", "_PICTURE", "_LEVEL"),
    ),
    "alignment.harvest": ("_CELL_MARGIN",),
    "alignment.lost_letters": ("_ABOVE", "_ASIDE"),
    "alignment.margins": ("_SHARE",),
    "alignment.page_breaks": ("_SAME_COLUMN",),
    "alignment.shift": ("_OFF", "_NEAR", "_TALL"),
    "alignment.side_labels": ("_NEXT", "_GAP", "_SPACE", "_ASIDE", "_SHIFTED"),
    "alignment.slot_places": ("_LEVEL", "_OVER", "_ABOVE", "_BELOW"),
    "alignment.slot_values": ("_FULL", "_DOT"),
    "labels.answer_places": ("_SAME_COLUMN", "_NEAR", "_NEXT", "_TITLED"),
    "labels.items": ("_GAP", "_LEVEL", "_LEEWAY", "_BACK"),
    "labels.passages": ("_FULL", "_SPACING"),
}

# The others, and what they are.
OTHERS: Mapping[str, Mapping[str, str]] = {
    "streams.colours": {"FAINTEST": "contrast"},
    "streams.odt_styles": {
        **dict.fromkeys(("_FARTHEST", "_NARROWEST", "_LIFTED"), "what LibreOffice still shows"),
        "_POINTS": "points in a unit",
    },
    "streams.text_runs": {"_NARROW": "width of usual letters"},
    "streams.word_drawings": {"_POINTS": "points in a unit"},
    "streams.word_looks": dict.fromkeys(
        ("_CLIPPED", "SMALLEST", "_RAISED", "_LARGEST", "SPILL", "_LETTER"), "what Word still shows"
    ),
    "streams.drawn": {"_PALE": "grey level", "_DARK": "grey level", "PALEST": "grey level"},
    "streams.pdf": {"_MOST": "share of letters", "_COVERS": "share of a surface", "_GARBAGE": "share of letters"},
    "alignment.align": {
        "_NEAR": "likeness of words",
        **dict.fromkeys(("_POINT_MISSING", "_POINT_EXTRA", "_WORD_MISSING", "_WORD_EXTRA"), "cost"),
        **dict.fromkeys(("_MISSING", "_EXTRA", "_ABSORB", "_HAND_TICK", "_IMPOSSIBLE"), "cost"),
    },
    "alignment.annotations": {"_LEVEL": "weight that breaks a tie"},
    "alignment.by_place": {"_TWICE": "share of words", "_ALIKE": "share of words"},
    "alignment.guards": {"_CHOSEN": "rounding of a type's size"},
    "alignment.harvest": {"SURE": "confidence", "UNSURE": "confidence"},
    "alignment.layout_reader": {"_IN_PLACE": "share of words"},
    "alignment.received": {"_LARGE": "share of a surface"},
    "alignment.recognition": dict.fromkeys(("ACCEPTED", "MARGIN", "_WORTH", "_PARTIAL"), "share of words"),
    "alignment.shift": {"_A4": "height of the paper"},
    "alignment.slot_values": {"_SMALLER": "ratio of two types"},
    "alignment.surroundings": {"ABSENT": "share of words"},
    "alignment.template": {"_CLEAR": "share of words", "_TWICE": "share of words"},
    "labels.vocabulary": {"_ALIKE": "likeness of words"},
}


@dataclass(frozen=True)
class Form:
    """A filled form, and what was written in it by path."""

    name: str
    data: bytes
    truth: Mapping[str, JSON]

    @functools.cached_property
    def received(self) -> Received:
        """The form opened, its pages walked once."""
        return receive(self.data)


def modules(packages: Iterable[str]) -> Iterator[tuple[str, ModuleType]]:
    """Name (« streams.order ») and module of every file of these packages of the reading room."""
    for package in packages:
        folder = ROOT / "pipeline" / "reading" / package
        for found in pkgutil.iter_modules([str(folder)]):
            name = f"{package}.{found.name}"
            yield name, importlib.import_module(f"pipeline.reading.{name}")


def constants(module: ModuleType) -> dict[str, Any]:
    """The floats, tuples of floats and tables of numbers that a module gives a name in capitals."""
    assigned = {
        target.id
        for statement in ast.parse(inspect.getsource(module)).body
        if isinstance(statement, ast.Assign)
        for target in ast.walk(statement)
        if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store) and target.id.isupper()
    }
    return {name: value for name in sorted(assigned) if _measures(value := getattr(module, name))}


def _measures(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(type(one) in (int, float) for one in value.values())
    return isinstance(value, float) or (isinstance(value, tuple) and bool(value) and all(map(_measures, value)))


@contextmanager
def moved(name: str, constant: str, by: float) -> Iterator[None]:
    """The constant of a module multiplied, wherever it was imported too."""
    value = getattr(importlib.import_module(f"pipeline.reading.{name}"), constant)
    with ExitStack() as stack:
        for key, module in list(sys.modules.items()):
            if key.startswith("pipeline.reading.") and vars(module).get(constant) is value:
                stack.enter_context(patch.object(module, constant, _scaled(value, by)))
        yield


def _scaled(value: Any, by: float) -> Any:
    if isinstance(value, dict):
        return {key: one * by for key, one in value.items()}
    return tuple(_scaled(one, by) for one in value) if isinstance(value, tuple) else value * by


@contextmanager
def parsed_once() -> Iterator[None]:
    """PDF files parsed when they are first opened, and kept: most of the time of a reading goes there."""
    opening = pdfplumber.open
    keep = functools.cache(lambda data: opening(io.BytesIO(data)))
    with patch.object(pdfplumber, "open", lambda stream: nullcontext(keep(stream.getvalue()))):
        yield


def known_forms(workspace: Workspace, dictionary: Dictionary) -> KnownForms:
    """Our own blanks, and the layouts of ``tests/layouts``."""
    layouts = [load_layout(path.parent) for path in sorted(LAYOUTS.glob("*/layout.toml"))]
    return KnownForms(
        open_forms(workspace, dictionary).own, compile_layouts(layouts, dictionary, workspace.memory), dictionary
    )


def form_of(path: Path) -> Form:
    """A form of ``tests/layouts`` with its truth."""
    truth = json.loads((path.parent / f"{path.name.split('.')[0]}.truth.json").read_text(encoding="utf-8"))
    return Form(str(path.relative_to(LAYOUTS)), path.read_bytes(), truth)


def own_form(workspace: Workspace, dictionary: Dictionary) -> Form:
    """The sample of our own form that was printed, with the record that it was filled from."""
    blank = own_scans.blank_of(workspace, dictionary, people.COORDINATION)
    return Form(OWN, (ROOT / "tests" / "samples" / OWN).read_bytes(), own_scans.truth_of(blank, agent()))


def accepted(form: Form, known: KnownForms, *, anew: bool) -> tuple[FieldReading, ...]:
    """The values of a digital form that are not in doubt; none where it is refused.

    ``anew``: its pages are walked again. What they give as before is read as before: nothing is accepted then.
    """
    again = receive(form.data) if anew else form.received
    try:
        if anew and again.stream == form.received.stream:
            return ()
        with patch.object(digital, "receive", lambda _: again):
            reading = digital.read_form(form.data, known, people.TODAY)
    except (FormRejected, digital.PagesAreImages):
        return ()
    return tuple(field for field in reading.fields if field.doubt is None and field.value is not None)


def wrong(fields: Iterable[FieldReading], form: Form, dictionary: Dictionary) -> tuple[str, ...]:
    """The accepted values that the truth gainsays."""
    return tuple(
        f"{form.name} {field.path}: {field.value!r} for {form.truth.get(field.path)!r}"
        for field in fields
        if not _right(field, form.truth, dictionary)
    )


def _right(field: FieldReading, truth: Mapping[str, JSON], dictionary: Dictionary) -> bool:
    if field.path not in truth:
        return belongs(field, truth) is not False
    found = dictionary.fields.get(field.path)
    return agrees(found.kind if found else FieldKind.LINE, truth[field.path], field.value)


def moves(distances: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str, float]]:
    """Module, constant and factor: each constant by a quarter either way."""
    for name, held in distances.items():
        for constant in held:
            yield from ((name, constant, by) for by in QUARTERS)


def silent_errors(form: Form, known: KnownForms, distances: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """What is accepted wrong of a digital form when one distance after the other is moved."""
    form.received.stream  # noqa: B018 -- walked before anything is moved
    for name, constant, by in moves(distances):
        with moved(name, constant, by):
            fields = accepted(form, known, anew=name.startswith("streams."))
        yield from (f"{name}.{constant} × {by}: {error}" for error in wrong(fields, form, known.dictionary))


def main() -> int:
    """Move every distance, say what goes wrong, and return how much does, as 0 or 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", action="store_true", help="the reader of scans, on two scans")
    parser.add_argument("forms", nargs="*", type=Path, help="forms with their truth beside them, instead of all")
    options = parser.parse_args()
    workspace = Workspace.at(ROOT)
    dictionary = Dictionary.load(workspace)
    known, errors = known_forms(workspace, dictionary), 0
    paths = [path.absolute() for path in options.forms] or [
        path
        for path in sorted(LAYOUTS.glob("*/[0-9]*.*"))
        if path.suffix in (".pdf", ".docx") and ".scan" not in path.name
    ]
    forms = [form_of(LAYOUTS / name) for name in SCANS] if options.scans else map(form_of, paths)
    with parsed_once():
        for form in forms:
            found = list(_scan_errors(form, known) if options.scans else silent_errors(form, known, DISTANCES))
            errors += len(found)
            sys.stdout.write("\n".join([f"{form.name}: {len(found)}", *found, ""]))
            sys.stdout.flush()
    return int(errors > 0)


def _scan_errors(form: Form, known: KnownForms) -> Iterator[str]:
    for name, constant, by in moves({name: constants(module) for name, module in modules(["ocr"])}):
        with moved(name, constant, by):
            try:
                reading = read_scanned_form(form.data, known, people.TODAY, photo=False)
            except FormRejected:
                continue
        fields = (field for field in reading.fields if field.doubt is None and field.value is not None)
        yield from (f"{name}.{constant} × {by}: {error}" for error in wrong(fields, form, known.dictionary))


if __name__ == "__main__":
    sys.exit(main())
