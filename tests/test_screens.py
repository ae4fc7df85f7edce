"""What the terminal shows: French words, days as people write them, lists for a narrow window."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from pipeline.cli import screens
from pipeline.cli.form_screen import short
from pipeline.core.models import Form
from pipeline.core.outcomes import Delivered
from pipeline.dossier.state import DossierState
from pipeline.dossier.versions import CHOICE_RULE
from pipeline.ledger.dossiers import Move
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.numbering import Dossier
from pipeline.ledger.packet_store import PacketLine, PacketState
from pipeline.reports.account import Reason
from pipeline.reports.todo import todo
from pipeline.services.dossier_cases import DossierView
from pipeline.services.listing import Page

DAY = dt.date(2025, 3, 17)
FORM = Form("ab" * 32, Path("x"), "formulaire.pdf", DAY)
ASKED = "Le SIRET est faux.\nLa date manque.\nLe tuteur manque."
ENTRY = Entry(FORM, State.TO_COMPLETE, None, "ROUX Anaïs", ASKED, None, None, number="2024-008")


def drawn(*parts: RenderableType, width: int = 132) -> str:
    """What a terminal of that width shows."""
    screen = Console(width=width, highlight=False)
    with screen.capture() as shown:
        for part in parts:
            screen.print(part)
    return shown.get()


def test_the_list_says_the_first_reason_and_how_many_others() -> None:
    """Thirty-five forms stay thirty-five lines."""
    table = screens.status_table(Page([ENTRY, replace(ENTRY, detail="Un seul.")], {}, {}, {}, 2))

    assert [line.split("compléter  ")[1].strip() for line in drawn(table).splitlines()[1:]] == [
        "Le SIRET est faux. (et 2 autres)",
        "Un seul.",
    ]


def test_a_narrow_terminal_shows_what_can_be_read_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """At sixty columns: whose, how far, why."""
    monkeypatch.setattr(screens, "console", lambda: Console(width=60))
    page = Page([ENTRY], {}, {FORM.sha256: DossierState.TO_SIGN}, {}, 1)
    head, line, *more = drawn(screens.status_table(page), width=60).splitlines()

    assert head.split() == ["Dossier", "Stagiaire", "État", "À", "savoir"]
    assert line.split()[:5] == ["2024-008", "ROUX", "Anaïs", "à", "signer"]
    assert len(more) <= 1


def test_a_dossier_is_told_in_french() -> None:
    """States and days as people say them, moves with both numbers; the reason."""
    packet = PacketLine(
        "c" * 64, FORM.sha256, Path("f/x"), PacketState.FETCHED, "", "2025-04-07T09:00", "FG", "2025-03-17"
    )
    move = Move(1, FORM.sha256, "a", "b", "FG", "même stage", "2025-04-08T10:00:00")
    numbers = {"a": "2024-028", "b": "2024-031"}
    view = DossierView(
        Dossier("a" * 64, "2024-028", DAY), DossierState.SIGNING, (ENTRY,), (packet,), (move,), numbers
    )
    shown = drawn(*screens.dossier_screen(view))

    assert shown.startswith("dossier 2024-028 · en signature · ouvert le 17/03/2025\n")
    assert "liasse cccccccccccc du 17/03/2025 : retirée, par FG le 07/04/2025  outbox/f/x" in shown
    assert "abababab déplacé : 2024-028 → 2024-031, par FG le 08/04/2025 : même stage\n" in shown


@pytest.mark.parametrize(
    ("value", "said"), [("2025-04-07", "07/04/2025"), (True, "oui"), (7, "7"), ([1, 2], "2 éléments")]
)
def test_values_for_people(value: object, said: str) -> None:
    """Days as on the form, yes and no in French."""
    assert short(value) == said


@pytest.mark.parametrize(
    ("warnings", "said"), [(0, "aucun avertissement"), (1, "1 avertissement"), (2, "2 avertissements")]
)
def test_warnings_agree(warnings: int, said: str) -> None:
    """One is not several."""
    assert Delivered(Path("f"), 11, 8, warnings).told == f"11 pages, 8 signatures, {said}"


def test_a_choice_of_dossiers_says_both_ways() -> None:
    """V-03: to join, or to keep apart, with the commands."""
    waiting = replace(ENTRY, state=State.WAITING)

    assert todo(waiting, [Reason(CHOICE_RULE, "", "", "scolarité")]) == (
        "Joindre au dossier qui convient :\n"
        "liasse dossier join abababab NUMÉRO --by NOM --reason MOTIF\n"
        "ou garder à part :\n"
        "liasse dossier split abababab --by NOM --reason MOTIF"
    )
