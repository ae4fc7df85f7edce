"""Sentences on a narrow terminal end their lines where French lets them; the commands of the list stay whole."""

from __future__ import annotations

import shutil
import sys
from os import terminal_size
from pathlib import Path

import people
import pytest
import walking
from every_command import run_here

from pipeline.cli import telling
from pipeline.dossier.context import Context
from pipeline.ledger.packet_store import PacketState

PLACE = "--today", "2025-03-17", "--workspace"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Lu : « Belgique ». Vérifiez ; puis dites-le !", ("Lu :", "« Belgique ».", "Vérifiez ;", "dites-le !")),
        ("de 14 h 30 à 16 h, 1 250 € et 5 %", ("14 h 30", "16 h", "1 250 €", "5 %")),
        ("le 7\u00a0avril\u00a02025", ("7 avril 2025",)),
    ],
)
def test_no_line_ends_before_what_clings(monkeypatch: pytest.MonkeyPatch, text: str, kept: tuple[str, ...]) -> None:
    """Whatever the width, these words stand on one line, and no word is lost."""
    printed: list[str] = []
    monkeypatch.setattr(telling.click, "echo", lambda line, **_: printed.append(line))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for width in range(14, 40):
        monkeypatch.setattr(shutil, "get_terminal_size", lambda width=width: terminal_size((width, 24)))
        telling.tell(text)
        assert max(map(len, printed[-1].splitlines())) <= width
        assert printed[-1].split() == text.split()
        assert [one for one in kept if one not in printed[-1]] == []


def test_a_list_that_goes_elsewhere_is_left_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """In a file or a pipe a sentence is one line."""
    telling.tell("mot " * 60)

    assert capsys.readouterr().out.count("\n") == 1


def test_the_list_of_the_day_tells_what_lies_in_the_inbox(context: Context) -> None:
    """Nothing waits only once the inbox is empty: files to be taken have their command, the others their reason."""
    place = (*PLACE, str(context.workspace.root))
    assert run_here(["status", "--todo", *place]).out == "Rien n’attend.\n"

    (context.workspace.inbox / ".cache.pdf").write_bytes(b"%PDF-1.7")
    hidden = run_here(["status", "--todo", *place])
    assert (hidden.code, "Rien n’attend." in hidden.out, ".cache.pdf" in hidden.err) == (1, False, True)

    for number in range(25):
        (context.workspace.inbox / f"{number}.txt").write_bytes(b"rien d'un formulaire")
        lines = [line.strip() for line in run_here(["status", *place]).out.splitlines()]
        assert ("liasse batch" if number >= 20 else "liasse run") in lines


def test_several_packets_are_taken_at_once_or_none(context: Context, tmp_path: Path) -> None:
    """By their ids, or all that are to be signed; a word that means none stops all before anything is noted."""
    forms = [
        walking.sent(context, f"{name}.pdf", people.coordination(stagiaire__nom=name, stagiaire__courriel=mail)).form
        for name, mail in (("ROUX", "roux@example.org"), ("PETIT", "petit@example.org"))
    ]
    place = (*PLACE, str(context.workspace.root))
    take = ["fetch", "--by", "F. GARÇON", "--to", str(tmp_path / "a-signer"), *place]

    def states() -> set[PacketState]:
        return {line.state for line in context.ledger.packets.live()}

    assert run_here([*take, forms[0].id, "personne"]).code == 2
    assert run_here(take).code == run_here([*take, forms[0].id, "--all-ready"]).code == 2
    assert run_here([*take, "--all-ready", "--signed"]).code == 2
    assert states() == {PacketState.CURRENT}

    done = run_here([*take, "--all-ready"])
    assert done.code == 0
    assert [Path(line).is_dir() for line in done.out.splitlines()] == [True, True]
    assert states() == {PacketState.FETCHED}
    again = run_here([*take, *(one.id for one in forms)])
    assert again.err.count("déjà notée par F. GARÇON") == 2
