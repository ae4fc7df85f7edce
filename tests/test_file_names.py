"""A file's name is data: nothing in it acts on a terminal, in a log or on a page, wherever it is told."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import people
import pytest
import walking
from every_command import run_here

from pipeline.core.models import Form
from pipeline.core.outcomes import Delivered, ToComplete
from pipeline.core.text import json_text, visible
from pipeline.documents.proof import page_texts
from pipeline.dossier.context import Context
from pipeline.ledger.store import Ledger
from pipeline.runs import logs
from pipeline.runs.watch import Watcher

ACTING = ("\x1b", "\x07", "\x08", "\r", "\u202e", "\u2066", "\u200b", "\u2028", "\x9b")
NAMES = (
    "a\x1b[2J\x1b]0;titre\x07.pdf",
    "facture\u202efdp.exe.pdf",
    "b\rc\x08\x9b31m.pdf",
    "d\u2066e\u200bf\u2028g.pdf",
)


def harmless(text: str) -> None:
    """Nothing in it acts; lines may end as Windows ends them."""
    assert not set(text.replace("\r\n", "\n")) & set(ACTING)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_acts_on_a_terminal(context: Context, name: str) -> None:
    """``run``, ``status``, ``status --todo``, ``show``, ``batch``, in tables and in JSON."""
    (context.workspace.inbox / name).write_bytes(b"rien d'un formulaire " + name.encode())
    place = ("--workspace", str(context.workspace.root), "--today", "2025-03-17")
    first = run_here(["run", *place])
    assert "\ufffd" in first.out
    for words in (["status"], ["status", "--todo"], ["status", "--json"], ["show", "2024-001"], ["batch", "--json"]):
        done = run_here([*words, *place])
        harmless(done.out + done.err)
    harmless(first.out + first.err)


def test_no_name_acts_in_a_paper(context: Context) -> None:
    """The letter and its report, the control sheet, the bilan as a workbook and as a page."""
    asked = walking.sent(context, NAMES[1], people.coordination(**{"stage.sujet": None}))
    assert isinstance(asked.outcome, ToComplete)
    folder = context.workspace.outbox / asked.outcome.folder
    harmless("".join(page_texts((folder / "lettre-de-complement.pdf").read_bytes())))
    told = (folder / "rapport.json").read_text(encoding="utf-8")
    harmless(told)
    assert "facture" in told

    place = ("--workspace", str(context.workspace.root), "--today", "2025-03-17")
    made = walking.sent(context, NAMES[3], people.coordination(**{"stagiaire.nom": "ROUX"}))
    assert isinstance(made.outcome, Delivered)
    control = "".join(page_texts((context.workspace.outbox / made.outcome.folder / "controle.pdf").read_bytes()))
    harmless(control)
    assert "g.pdf" in control

    papers = context.workspace.root / "papiers"
    assert run_here(["bilan", str(papers), *place]).code == 0
    book = openpyxl.load_workbook(io.BytesIO((papers / "bilan.xlsx").read_bytes()))
    said = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    harmless(said)
    assert "facture" in said
    harmless("".join(page_texts((papers / "bilan.pdf").read_bytes())))


def test_the_log_of_watch_says_no_name(context: Context, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be taken is told by its kind, and a line of the log is one line whatever an error quotes."""
    for name in NAMES:
        (context.workspace.inbox / name).symlink_to("/nowhere")
    log = logs.open_log()
    Watcher(context, log).scan(context, 0.0)
    told = capsys.readouterr().err
    assert json.loads(told)["number"] == len(NAMES)
    assert "facture" not in told

    log.warning("not received", error=f"{NAMES[1]} {NAMES[3]}")
    line = capsys.readouterr().err
    harmless(told + line)
    assert line.count("\n") == 1
    json.loads(line)


def test_a_name_of_an_older_release_is_harmless_too(context: Context, tmp_path: Path) -> None:
    """The ledger may hold a name as it came: it is cleaned when it is read."""
    form = Form("ab" * 32, tmp_path / "x", NAMES[0], people.TODAY)
    context.ledger.arrive(form, source="1:2:3:4", day=people.TODAY)
    with Ledger.open(context.workspace) as ledger:
        harmless(ledger.entries.get(form.sha256).form.name)


def test_json_keeps_the_data_and_a_line_its_place() -> None:
    """Escaped, not lost; ends of lines stay in a message."""
    for name in NAMES:
        harmless(json_text({"fichier": name}))
        assert json.loads(json_text({"fichier": name})) == {"fichier": name}
    assert visible("deux\nlignes\x1b") == "deux\nlignes\ufffd"
