"""What may lie in the inbox besides honest files: strange names, links, pipes, devices, forms that give orders."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import hostile_other
import pytest
import walking
from hostile_kit import PDF, pdf_writer, written
from pypdf import PdfReader

from pipeline.core.errors import HouseError
from pipeline.core.outcomes import Delivered, ToComplete
from pipeline.core.text import refusal
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.storage.aside import put_aside
from pipeline.storage.spool import receive

pytestmark = pytest.mark.sampled(2)

DAY = dt.date(2025, 3, 17)
NAMES = (
    "CON",
    "nul.pdf",
    "aux.docx",
    "a\u202efdp.exe",
    "~$formulaire.docx",
    "-rf.pdf",
    "--help",
    "x" * 251 + ".pdf",
    "a\nb.pdf",
    "$(touch piege).pdf",
    "`id`.pdf",
    "; rm -rf ~.pdf",
    "..pdf",
    "... .pdf",
    "a\\b.pdf",
    "C:a.pdf",
    "{{ 7*7 }}.pdf",
    "=cmd|'!A1.pdf",
    "<b>.pdf",
    "e\u0301.pdf",
    " .pdf",
    "%s%n.pdf",
    "\x1b[2J.pdf",
    os.fsdecode(b"\xff\xfe.pdf"),
)


def bind(path: Path) -> None:
    """A Unix socket at that place."""
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(path))


PLACES: dict[str, Callable[[Path, Path], object]] = {
    "symbolic link to a file": lambda path, other: path.symlink_to(other),
    "symbolic link to nothing": lambda path, _: path.symlink_to("/nowhere"),
    "symbolic link to itself": lambda path, _: path.symlink_to(path),
    "pipe that nobody writes to": lambda path, _: os.mkfifo(path),
    "socket": lambda path, _: bind(path),
    "folder": lambda path, _: path.mkdir(),
    "device without end": lambda path, _: os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5)),
}


def inventory(root: Path) -> set[str]:
    """Everything below a folder, but the spool."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if ".liasse" not in path.parts}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_never_a_path(context: Context, name: str) -> None:
    """Whatever a file is called, it lies in the spool under its own content, and goes aside within the inbox."""
    own_workspace = context.workspace
    path = own_workspace.inbox / name
    path.write_bytes(name.encode("utf-8", "surrogateescape"))
    before = inventory(own_workspace.root.parent) - {f"{own_workspace.root.name}/inbox/{name}"}

    form = take_in(path, context).entry.form

    spool = own_workspace.memory / "spool"
    assert form.path == spool / form.sha256[:2] / form.sha256
    after = inventory(own_workspace.root.parent)
    aside = {one for one in after - before if "/inbox/.traites" in one}
    assert (after - before - aside, before - after, len(aside)) == (set(), set(), 2)


@pytest.mark.parametrize("kind", PLACES)
def test_only_a_plain_file_is_received(own_workspace: Workspace, kind: str) -> None:
    """A link is not followed, a pipe is not waited for, a device is not read: the file is refused at once."""
    other = own_workspace.root / "secret.txt"
    other.write_text("ne pas lire")
    path = own_workspace.inbox / "formulaire.pdf"
    try:
        PLACES[kind](path, other)
    except PermissionError:
        pytest.skip("only root makes devices")
    with pytest.raises(HouseError, match="cannot be received"):
        receive(path, own_workspace, DAY)

    assert [one.name for one in (own_workspace.memory / "spool").rglob("*") if one.is_file()] == []


def test_a_file_of_two_names_is_not_changed_under_its_other_name(own_workspace: Workspace) -> None:
    """A hard link is copied like any file; what it shares keeps its bytes, its rights and its other name."""
    other = own_workspace.root / "a-un-autre.pdf"
    other.write_bytes(PDF.read_bytes())
    other.chmod(0o640)
    path = own_workspace.inbox / "formulaire.pdf"
    path.hardlink_to(other)

    received = receive(path, own_workspace, DAY)
    put_aside(path, own_workspace, received)

    assert (other.read_bytes(), stat.S_IMODE(other.stat().st_mode)) == (PDF.read_bytes(), 0o640)
    assert received.form.path.stat().st_ino != other.stat().st_ino


def saying(path: str, text: str) -> bytes:
    """The real form with one answer replaced, as typed in it: the value and what is seen."""
    writer = pdf_writer()
    for page in writer.pages:
        writer.update_page_form_field_values(page, {path.replace(".", "/"): text}, auto_regenerate=False)
    made = written(writer)
    assert PdfReader(io.BytesIO(made)).get_fields()[path.replace(".", "/")].value == text
    return made


ORDERS = [text for text in hostile_other.INSTRUCTIONS if "{" in text or "/sn1/" in text]


@pytest.mark.parametrize("text", ORDERS)
def test_an_order_is_not_printed(text: str) -> None:
    """What templates or signing services would obey has its refusal, which names it."""
    assert "réservé" in str(refusal(text))


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{{s1|signature|85|37}}"])
def test_an_order_in_a_form_reaches_no_document(context: Context, text: str) -> None:
    """The form that gives it is sent back with that reason; no packet is made of it."""
    path = context.workspace.inbox / "formulaire.pdf"
    path.write_bytes(saying("organisme.raison_sociale", text))

    (report,) = walking.run([path], context)

    assert isinstance(report.outcome, ToComplete)
    told = json.loads((context.workspace.outbox / report.outcome.folder / "rapport.json").read_text())
    assert len([problem for problem in told["problems"] if "réservé" in problem["message"]]) == 1


def test_words_that_look_like_a_document_are_printed_as_words(context: Context) -> None:
    """Angle brackets and ampersands are letters: the packet shows them, and no paragraph is made of them."""
    text = "Dupont & <w:p>Fils</w:p> ]]> SARL"
    path = context.workspace.inbox / "formulaire.pdf"
    path.write_bytes(saying("organisme.raison_sociale", text))

    (report,) = walking.run([path], context)

    assert isinstance(report.outcome, Delivered)
    folder = context.workspace.outbox / report.outcome.folder
    pages = [
        page.extract_text() for pdf in folder.glob("*.pdf") for page in PdfReader(io.BytesIO(pdf.read_bytes())).pages
    ]
    words = " ".join(" ".join(pages).split())
    assert text in words
