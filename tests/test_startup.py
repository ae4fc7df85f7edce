"""What a command imports before it works: a student's form does not wait for libraries that nobody asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_HEAVY = (
    "PIL", "cryptography", "cv2", "docx", "docxtpl", "email_validator", "holidays", "jinja2", "jsonschema", "lxml",
    "numpy", "onnxruntime", "openpyxl", "pdfminer", "pdfplumber", "phonenumbers", "pikepdf", "pyhanko", "pypdf",
    "pypdfium2", "rapidfuzz", "rapidocr", "reportlab", "rich", "segno", "sqlalchemy", "stdnum", "structlog",
    "watchfiles", "xlsxwriter",
)  # fmt: skip
# One form that is a PDF, delivered: neither pictures nor workbooks, nor the drawing of blank forms and the watcher.
_NOT_FOR_ONE = ("cv2", "numpy", "onnxruntime", "openpyxl", "pyhanko", "rapidocr", "watchfiles", "xlsxwriter",
                "reportlab.pdfgen.canvas", "pipeline.documents.blank_docx", "pipeline.documents.letters")  # fmt: skip
_ASK = (
    "import json, sys\n{work}\nprint(json.dumps([name for name in json.loads(sys.argv[1]) if name in sys.modules]))"
)


def imported(work: str, names: tuple[str, ...]) -> list[str]:
    """Which of these modules a fresh Python holds after that work."""
    asked = subprocess.run(
        [sys.executable, "-c", _ASK.format(work=work), json.dumps(names)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found: list[str] = json.loads(asked.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("command", ["--help", "run --help", "batch --help", "--version"])
def test_help_imports_nothing_heavy(command: str) -> None:
    """Help is there at once: none of the large libraries is imported for it."""
    work = f"from pipeline.cli import cli\ntry:\n    cli({command.split()!r})\nexcept SystemExit:\n    pass"

    assert imported(work, _HEAVY) == []


def test_a_heavy_module_would_be_seen() -> None:
    """The question itself works: what a program imports is told."""
    assert imported("import rich", ("rich", "numpy")) == ["rich"]


def test_one_form_imports_what_it_needs() -> None:
    """What ``liasse run`` imports to walk a form leaves pictures, workbooks and the drawing of blank forms aside."""
    work = "from pipeline.commands.shared import open_desk\nfrom pipeline.runs import inbox, office, once"

    assert imported(work, _NOT_FOR_ONE) == []
