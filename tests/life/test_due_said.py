"""What is due is said whole: each command works as it is copied, once, and « status --todo » says it too."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import zipfile
from dataclasses import replace
from pathlib import Path

import people
import pytest
from every_command import run_here
from life_kit import delivered

from pipeline.core.amendable import Amendable
from pipeline.core.errors import NotAllowed
from pipeline.dossier.context import Context
from pipeline.dossier.life.attestation_words import of_month
from pipeline.dossier.life.due import DueKind
from pipeline.services import attesting, due_list, fetching
from pipeline.services.attesting import Wish

BY = "F. GARÇON"
AFTER = dt.date(2025, 9, 1)


def on(context: Context, day: dt.date) -> Context:
    """The same desk on another day."""
    return replace(context, today=day)


def place(context: Context, day: dt.date = AFTER) -> tuple[str, ...]:
    """Where and when a command is typed."""
    return "--workspace", str(context.workspace.root), "--today", day.isoformat()


def test_the_command_of_a_paid_internship_works_as_it_is_copied(context: Context) -> None:
    """Its days and its gratification are to be confirmed: the command says both, then nothing is due of it."""
    number = delivered(context, people.cnam(), people.CNAM).dossier.number
    (end,) = [one.due for one in due_list.due_list(on(context, AFTER), AFTER) if one.due.kind is DueKind.END]

    assert end.command == f"liasse attest {number} --end --present-as-planned --paid-as-agreed --by NOM"
    assert end.what == "attestation de fin de stage, présence à confirmer, gratification versée à confirmer"
    typed = run_here([*shlex.split(end.command.replace("NOM", "GARÇON"))[1:], *place(context)])

    assert typed.code == 0, typed.err
    assert DueKind.END not in {one.due.kind for one in due_list.due_list(on(context, AFTER), AFTER)}


def test_what_keeps_an_attestation_from_being_made_is_said_where_it_is_asked(context: Context) -> None:
    """By month, with the gratification and the whole command; no other screen has to be looked at."""
    number = delivered(context, people.cnam(), people.CNAM).dossier.number

    with pytest.raises(NotAllowed) as refused:
        attesting.attest(on(context, AFTER), number, Wish(end=True), by=BY)

    said = str(refused.value)
    assert "en avril 2025, " in said
    assert "2\u00a0436,00\u00a0€ sont dus" in said
    assert said.endswith(f"liasse attest {number} --end --present-as-planned --paid-as-agreed --by NOM")
    assert "liasse due" not in said


def test_due_prints_each_command_once_whole_on_its_line(context: Context) -> None:
    """Even in 60 columns; the host's attestation and the one on the whole have one command, whose name is elided."""
    delivered(context)
    lines = due_list.due_list(on(context, AFTER), AFTER)

    done = run_here(["due", *place(context)])

    typed = [line.strip() for line in done.out.splitlines() if line.startswith("    liasse ")]
    assert len(typed) == len(set(typed))
    assert set(typed) == {one.due.command for one in lines}
    assert "attestation de présence d’avril 2025, présence à confirmer" in done.out
    assert "Attestations à émettre (4)" in done.out  # April, May, June; the whole, with the host's
    assert "─" not in done.out
    assert "│" not in done.out


@pytest.mark.parametrize(
    ("key", "said"), [("2025-08", "d’août 2025"), ("2025-10", "d’octobre 2025"), ("2025-05", "de mai 2025")]
)
def test_a_month_is_elided(key: str, said: str) -> None:
    """As French says it."""
    assert of_month(key) == said


def test_the_list_of_the_day_says_that_something_is_due(context: Context) -> None:
    """Nothing waits but what an internship asks for: how many, the command that names them, and exit code 1."""
    number = delivered(context).dossier.number
    fetching.fetch(context, number, by=BY, signed=True)
    assert run_here(["status", "--todo", *place(context, dt.date(2025, 3, 20))]).out == "Rien n’attend.\n"

    todo = run_here(["status", "--todo", *place(context)])

    count = len(due_list.tasks(due_list.due_list(on(context, AFTER), AFTER)))
    assert count > 1
    assert (todo.code, todo.out) == (1, f"Stages : {count} choses sont dues :\n    liasse due\n")


def test_a_trial_of_a_change_waits_for_nobody(context: Context) -> None:
    """--dry-run: 0 where nothing stops the change, and another code where it would be refused; asked: 1, it waits."""
    number = delivered(context).dossier.number
    moved = ("stage.calendrier-=2025-05-27", "stage.calendrier+=2025-06-26=7", "--from", "2025-05-05")
    words = ["amend", number, "--reason", "salon", "--by", BY, *place(context, dt.date(2025, 5, 2))]

    assert run_here([*words, *moved, "--dry-run"]).code == 0
    assert run_here([*words, *moved[:1], *moved[2:], "--dry-run"]).code not in (0, 1)
    assert run_here([*words, *moved]).code == 1


def test_the_guide_names_fields_that_an_avenant_changes(context: Context) -> None:
    """Each name of its table is a field of the forms, and one that may be amended."""
    guide = (Path(__file__).parents[2] / "docs" / "mode-d-emploi.md").read_text("utf-8")
    table = guide.split("| Ce qui change | Champs |")[1].split("\n\n")[0]
    names = re.findall(r"`([a-z_]+\.[a-z_.]+)`", table)
    amendable = Amendable.load(context.workspace)

    assert len(names) > 15
    assert [one for one in names if one not in context.dictionary.fields or amendable.article(one) is None] == []


@pytest.mark.parametrize("name", ["attestation", "feuille-de-presence"])
def test_no_paper_asks_for_the_motive_of_an_absence(context: Context, name: str) -> None:
    """The guide says that it is printed nowhere: what is filled by hand does not ask for it."""
    with zipfile.ZipFile(context.workspace.templates / "commun" / f"{name}.docx") as word:
        text = re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode())
    assert "bsence" in text
    assert "motif" not in text.lower()
