"""What a command imports before it works: a student's form does not wait for libraries that nobody asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.blanks.edition_store import open_blanks
from pipeline.core.fields import Dictionary
from pipeline.core.workspace import Workspace

ROOT = Path(__file__).parent.parent
_HEAVY = (
    "PIL",
    "argon2",
    "cryptography",
    "cv2",
    "docx",
    "docxtpl",
    "email_validator",
    "fastapi",
    "holidays",
    "jinja2",
    "jsonschema",
    "lxml",
    "numpy",
    "onnxruntime",
    "openpyxl",
    "pdfminer",
    "pdfplumber",
    "phonenumbers",
    "pikepdf",
    "pyhanko",
    "pypdf",
    "pypdfium2",
    "rapidfuzz",
    "rapidocr",
    "reportlab",
    "rich",
    "segno",
    "sqlalchemy",
    "starlette",
    "stdnum",
    "structlog",
    "uvicorn",
    "watchfiles",
    "xlsxwriter",
)
# One form that is a PDF, delivered: neither pictures nor workbooks, nor the drawing of blank forms and the watcher.
_NOT_FOR_ONE = (
    "cv2",
    "numpy",
    "onnxruntime",
    "openpyxl",
    "pyhanko",
    "rapidocr",
    "watchfiles",
    "xlsxwriter",
    "reportlab.pdfgen.canvas",
    "pipeline.forms.drawing.blank_docx",
    "pipeline.documents.letters",
)
# What reads: a form's child has it, the process that makes the packet meanwhile has not.
_READERS = (
    "charset_normalizer",
    "pdfminer",
    "pdfplumber",
    "pypdf",
    "rapidfuzz",
    *(
        f"pipeline.reading.{name}"
        for name in ("alignment", "decision", "inside", "labels", "scans", "digital", "streams")
    ),
)
# What makes the packet: it comes while the form is read.
_MAKERS = (
    "docx",
    "docxtpl",
    "email_validator",
    "holidays",
    "jinja2",
    "phonenumbers",
    "pikepdf",
    "pypdfium2",
    "reportlab",
    "rich",
    "segno",
    "stdnum",
    "pipeline.regeneration.regenerating",
    "pipeline.checks",
    "pipeline.regeneration",
)
_ASK = (
    "import json, sys\n{work}\nfrom pipeline.core.late import is_loaded\n"
    "print(json.dumps([name for name in json.loads(sys.argv[1]) if is_loaded(name)]))"
)


def imported(work: str, names: tuple[str, ...]) -> list[str]:
    """Which of these modules a fresh Python holds after that work."""
    asked = subprocess.run(
        [sys.executable, "-c", _ASK.format(work=work), json.dumps(names)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: list[str] = json.loads(asked.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("command", ["--help", "run --help", "batch --help", "--version"])
def test_help_imports_nothing_heavy(command: str) -> None:
    """Help is there at once: none of the large libraries is imported for it."""
    work = f"from pipeline.cli.main import cli\ntry:\n    cli({command.split()!r})\nexcept SystemExit:\n    pass"

    assert imported(work, _HEAVY) == []


def test_a_heavy_module_would_be_seen() -> None:
    """The question itself works: what a program imports is told."""
    assert imported("import rich", ("rich", "numpy")) == ["rich"]


def test_one_form_imports_what_it_needs() -> None:
    """What ``liasse run`` imports before it reads: neither what reads, nor what makes the packet, nor the rare."""
    work = "from pipeline.cli.session import open_context\nfrom pipeline.runs import context_loader, once"

    assert imported(work, (*_NOT_FOR_ONE, *_READERS, *_MAKERS)) == []


@pytest.mark.parametrize("name", ["1-cnam-etudiante.pdf", "2-cnam-emploi.docx"])
def test_one_form_is_walked_without_its_readers(tmp_path: Path, name: str) -> None:
    """``liasse run`` of one form to its packet: its reader was loaded in the jail, by the child alone."""
    for folder in ("templates", "schemas"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for folder in ("inbox", "outbox", ".liasse"):
        (tmp_path / folder).mkdir()
    workspace = Workspace.at(tmp_path)
    open_blanks(workspace, Dictionary.load(workspace))  # its blanks were given out before
    order = ["run", str(ROOT / "tests" / "samples" / name), "--workspace", str(tmp_path), "--today", "2025-03-17"]
    work = (
        f"from pipeline.cli.main import cli\ntry:\n    cli({order!r})\nexcept SystemExit as e:\n    assert not e.code"
    )

    assert imported(work, (*_NOT_FOR_ONE, *_READERS, "pikepdf")) == ["pikepdf"]


_WARM = """
import sys, datetime as dt
from dataclasses import replace
from functools import partial
from pathlib import Path
from by_value import ByValue
from pipeline.reading import inside, warming
from pipeline.core.fields import Dictionary
from pipeline.core.late import is_loaded
from pipeline.sandbox import jail
from pipeline.reading.known_forms import KnownForms
from pipeline.blanks.edition_store import open_blanks
from pipeline.forms.layouts import load_layout
from pipeline.blanks.layout_cache import compile_layouts
from pipeline.core.workspace import Workspace

root, late = Path({root!r}), set()
workspace = Workspace.at(root)
dictionary = Dictionary.load(workspace)
layouts = compile_layouts([load_layout(root / "tests" / "layouts" / "champs")], dictionary, root / "nowhere")
known_forms = KnownForms(open_blanks(workspace, dictionary), layouts, dictionary)
limits = replace(jail.LIMITS, reads=known_forms.own.folders)
warming.preload(known_forms)

def new(data):
    known = set(filter(is_loaded, sys.modules))
    answer = inside.read_bytes(data, known_forms=known_forms, received_on=dt.date(2025, 3, 17))
    return [len(answer["fields"]), sorted(set(filter(is_loaded, sys.modules)) - known)]

for name in {names!r}:
    with open(root / "tests" / name, "rb") as form:
        fields, modules = jail.run(ByValue(new), form.fileno(), limits=limits, kept=known_forms)
    assert fields
    late |= {{name for name in modules if not name.startswith("encodings.")}}
print(json.dumps(sorted(late)))
raise SystemExit
"""


def test_the_child_of_a_worker_imports_nothing() -> None:
    """Who reads many forms loads the readers once: each child finds them there, whatever the form is."""
    names = (
        "samples/1-cnam-etudiante.pdf",
        "samples/2-cnam-emploi.docx",
        "layouts/champs/00.pdf",
        "layouts/champs/00.printed.pdf",
        "layouts/tableau/00.docx",
    )

    assert imported(_WARM.format(root=str(ROOT), names=names), ()) == []
