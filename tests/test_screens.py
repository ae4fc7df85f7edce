"""What the terminal shows: French words, days as people write them, lists for a narrow window."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from pipeline.checks import all_rules
from pipeline.cli import screens
from pipeline.cohort.rules import RULES
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.models import Form
from pipeline.core.outcomes import Delivered
from pipeline.core.workspace import Workspace
from pipeline.dossier.state import DossierState
from pipeline.dossier.versions import CHOICE_RULE
from pipeline.dossier.versions import RULES as VERSIONS
from pipeline.ledger.dossiers import Move
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.numbering import Dossier
from pipeline.ledger.packet_store import PacketLine, PacketState
from pipeline.reports.account import WHO, Reason
from pipeline.reports.todo import todo
from pipeline.services.dossier_cases import DossierView
from pipeline.services.listing import Page

ROOT = Path(__file__).parent.parent
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
    ("warnings", "said"), [(0, "aucun avertissement"), (1, "1 avertissement"), (2, "2 avertissements")]
)
def test_warnings_agree(warnings: int, said: str) -> None:
    """One is not several."""
    assert Delivered(Path("f"), 11, 8, warnings).told == f"11 pages, 8 signatures, {said}"


def every_reason() -> Iterator[Reason]:
    """Whatever may stop a form: each rule of both formations, of versions, of the cohort, each by whoever acts."""
    workspace = Workspace.at(ROOT)
    dictionary = Dictionary.load(workspace)
    rules = {"", "FORMULAIRE_INCONNU", "FORMATION_A_CHOISIR", "LETTRE_GARDEE", "V-05", *RULES, *VERSIONS}
    for code in formation_codes(workspace):
        formation = load_formation(workspace, code)
        rules |= {rule.id for rule in all_rules(formation, dictionary.of(formation.settings))}
    for rule, who, lifts in product(sorted(rules), WHO.values(), (True, False)):
        for path in ("", "referent.nom", "stage.sujet"):
            yield Reason(rule, "", "Corrigez.", who, lifts, path)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("taken", [True, False])
def test_what_to_do_is_never_to_look_again(state: State, taken: bool) -> None:  # noqa: FBT001
    """Of any form in any state, whatever stops it: no screen sends to the screen that says it."""
    entry = replace(ENTRY, state=state, formation="m2-droit")
    said = {
        todo(entry, reasons, taken=taken, shown=True) for reasons in ((), *((reason,) for reason in every_reason()))
    }
    assert not any("liasse show" in one for one in said)
    over = {State.SUPERSEDED, State.DISCARDED, State.DIVIDED, State.ERASED, State.DELIVERED, State.FILED}
    waits = state not in over
    if waits and not (taken and state is State.TO_COMPLETE):
        assert all("liasse" in one for one in said), said


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (
            Reason("R-04", "", "Signée par…", "scolarité"),
            "formation.toml (R-04) ; où, le dit :\nliasse check m2-droit\npuis réessayer :\nliasse retry abababab",
        ),
        (Reason("L-17", "", "(liasse join DOSSIER F.pdf --as fiche-pays --by NOM)", "scolarité"), "--as fiche-pays"),
        (
            Reason("F-01", "", "", "scolarité", field="referent.nom"),
            "liasse setup m2-droit\npuis réessayer :\nliasse retry",
        ),
        (Reason("L-04", "", "", "organisme"), "Renvoyer à compléter :\nliasse retry abababab --by NOM"),
        (Reason("", "En attente", "", "scolarité"), "Réessayer :\nliasse retry abababab --by NOM"),
    ],
)
def test_what_waits_says_its_command(reason: Reason, expected: str) -> None:
    """Settings to mend, a file to join, a person to name, a letter, a new try."""
    assert expected in todo(replace(ENTRY, state=State.WAITING, formation="m2-droit"), [reason])


def test_a_choice_of_dossiers_says_both_ways() -> None:
    """V-03: to join, or to keep apart, with the commands."""
    waiting = replace(ENTRY, state=State.WAITING)

    assert todo(waiting, [Reason(CHOICE_RULE, "", "", "scolarité")]) == (
        "Joindre au dossier qui convient :\n"
        "liasse dossier join abababab NUMÉRO --by NOM --reason MOTIF\n"
        "ou garder à part :\n"
        "liasse dossier split abababab --by NOM --reason MOTIF"
    )
