"""Dossiers: a number for each internship, forms that join only where it is sure, and what becomes of the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import people
import pytest
from delivering import delivered, received

from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.ledger.entries import State
from pipeline.ledger.journal import MACHINE
from pipeline.ledger.membership import Assignment
from pipeline.ledger.store import Ledger
from pipeline.maintenance.person import erase
from pipeline.storage.spool import receive

HOMONYM = {
    "stagiaire__date_naissance": "1991-12-03",
    "stagiaire__numero": "NPE099999",
    "stagiaire__courriel": "homonyme@example.org",
    "stagiaire__telephone": "+33611111111",
}
NAME_ALONE = dict.fromkeys(HOMONYM)
ELSEWHERE = {"organisme__siret": "81234560100007", "organisme__raison_sociale": "Foyer des Lilas"}
LATER = {"stage__date_debut": "2025-09-01", "stage__date_fin": "2025-10-31"}
NEWER = {"tuteur__telephone": "+33612345699"}


def record(annee: str = "2024-2025", **changes: Any) -> dict[str, Any]:
    """What was read of a form of the coordination, in that session."""
    return people.coordination(formation={"code": people.COORDINATION, "annee": annee}, **changes)


@pytest.fixture
def ledger(own_workspace: Workspace) -> Iterator[Ledger]:
    """The ledger of that workspace."""
    with Ledger.open(own_workspace) as opened:
        yield opened


def number(ledger: Ledger, form: Form) -> str:
    """The number of a form's dossier."""
    return ledger.entries.get(form.sha256).number


def home(ledger: Ledger, form: Form) -> str:
    """The id of a form's dossier."""
    return ledger.entries.get(form.sha256).dossier


def arrived(ledger: Ledger, workspace: Workspace, name: str, day: dt.date) -> Form:
    """A form received that day."""
    path = workspace.inbox / name
    path.write_bytes(b"%PDF- " + name.encode())
    form = receive(path, workspace, day).form
    ledger.arrive(form, source=name, day=day)
    return form


def test_a_number_is_given_at_receipt_and_counts_within_the_school_year(
    ledger: Ledger, own_workspace: Workspace
) -> None:
    """One counter for all formations, from 1 each September; the same bytes again take none."""
    days = (dt.date(2025, 8, 31), dt.date(2025, 9, 1), dt.date(2025, 3, 17), dt.date(2026, 1, 5))
    forms = [arrived(ledger, own_workspace, f"{at}.pdf", day) for at, day in enumerate(days)]
    assert [number(ledger, form) for form in forms] == ["2024-001", "2025-001", "2024-002", "2025-002"]

    ledger.arrive(forms[0], source="encore", day=days[3])
    assert number(ledger, forms[0]) == "2024-001"
    ledger.keep_values(forms[0].sha256, record())
    ledger.keep_values(
        forms[2].sha256, people.cnam(formation={"code": people.CNAM, "annee": "2024-2025"}, accord_pedagogique={})
    )
    assert [number(ledger, form) for form in (forms[0], forms[2])] == ["2024-001", "2024-002"]


def test_the_year_of_the_session_wins_at_the_first_reading(ledger: Ledger, own_workspace: Workspace) -> None:
    """The number said at receipt still finds it, and is nobody else's; later nothing is renumbered."""
    form = received(ledger, own_workspace, "a.pdf")
    assert number(ledger, form) == "2024-001"

    ledger.keep_values(form.sha256, record("2025-2026"))
    assert number(ledger, form) == "2025-001"
    assert ledger.dossiers.named("2024-001") == ledger.dossiers.named("2025-001") == (home(ledger, form),)

    delivered(ledger, own_workspace, form, "f/2025/a")
    ledger.keep_values(form.sha256, record("2023-2024"))
    others = [
        received(ledger, own_workspace, name, data)
        for name, data in (("b", None), ("c", record("2025-2026", **HOMONYM)))
    ]
    assert [number(ledger, one) for one in (form, *others)] == ["2025-001", "2024-002", "2025-002"]
    assert ledger.dossiers.named("2023-001") == ()


@pytest.mark.parametrize("changes", [{}, NEWER, {"stagiaire__courriel": "autre@example.org"}])
def test_the_same_internship_again_is_of_the_same_dossier(
    ledger: Ledger, own_workspace: Workspace, changes: dict[str, Any]
) -> None:
    """The older number stays, the other one finds it; who moved it is the machine."""
    first = received(ledger, own_workspace, "a.pdf", record())
    second = received(ledger, own_workspace, "b.pdf", record(**changes))

    assert number(ledger, first) == number(ledger, second) == "2024-001"
    assert ledger.dossiers.named("2024-002") == (home(ledger, first),)
    (move,) = ledger.dossiers.moves(second.sha256)
    assert (move.by, move.joined, ledger.dossiers.moves(first.sha256)) == (MACHINE, home(ledger, first), ())


@pytest.mark.parametrize("changes", [HOMONYM, NAME_ALONE, ELSEWHERE, LATER, {"stagiaire__prenom": "Maël"}])
def test_what_is_not_surely_the_same_stays_apart(
    ledger: Ledger, own_workspace: Workspace, changes: dict[str, Any]
) -> None:
    """Homonyms, two of whom only the name is known, another host, other days: two dossiers."""
    forms = [received(ledger, own_workspace, "a", record()), received(ledger, own_workspace, "b", record(**changes))]

    assert [number(ledger, form) for form in forms] == ["2024-001", "2024-002"]
    assert [ledger.dossiers.moves(form.sha256) for form in forms] == [(), ()]


def test_the_dossier_of_the_form_that_came_first_counts(ledger: Ledger, own_workspace: Workspace) -> None:
    """Also where the later one was read first."""
    older, newer = received(ledger, own_workspace, "a.pdf"), received(ledger, own_workspace, "b.pdf", record())
    ledger.keep_values(older.sha256, record())

    assert number(ledger, older) == number(ledger, newer) == "2024-001"


def test_the_dossier_with_a_packet_counts_before_the_older_one(ledger: Ledger, own_workspace: Workspace) -> None:
    """Its number stands on papers."""
    older, newer = received(ledger, own_workspace, "a.pdf"), received(ledger, own_workspace, "b.pdf", record())
    delivered(ledger, own_workspace, newer, "f/2025/b")
    ledger.keep_values(older.sha256, record())

    assert number(ledger, older) == number(ledger, newer) == "2024-002"


def test_two_dossiers_with_packets_are_left_apart(ledger: Ledger, own_workspace: Workspace) -> None:
    """Both numbers stand on papers: a person decides."""
    first = received(ledger, own_workspace, "a.pdf", record())
    second = received(ledger, own_workspace, "b.pdf", record(**ELSEWHERE))
    for form in (first, second):
        delivered(ledger, own_workspace, form, f"f/2025/{form.id}")
    ledger.keep_values(second.sha256, record())

    assert [number(ledger, form) for form in (first, second)] == ["2024-001", "2024-002"]


def test_a_form_leaves_when_its_values_become_those_of_another_internship(
    ledger: Ledger, own_workspace: Workspace
) -> None:
    """A doubt was confirmed otherwise: it gets a dossier of its own; one whose packet is made stays."""
    first, second = (received(ledger, own_workspace, name, record()) for name in ("a.pdf", "b.pdf"))
    ledger.keep_values(second.sha256, record(**ELSEWHERE))
    assert [number(ledger, form) for form in (first, second)] == ["2024-001", "2024-003"]

    ledger.keep_values(second.sha256, record())
    delivered(ledger, own_workspace, second, "f/2025/b")
    ledger.keep_values(second.sha256, record(**ELSEWHERE))
    assert [number(ledger, form) for form in (first, second)] == ["2024-001", "2024-001"]


def test_a_form_that_was_erased_and_sent_again_is_a_new_dossier(ledger: Ledger, own_workspace: Workspace) -> None:
    """Nothing ties it to what is forgotten: a new number, and the old one finds nothing."""
    form = received(ledger, own_workspace, "a.pdf", record())
    old = home(ledger, form)
    erase(ledger.entries.get(form.sha256), ledger, own_workspace, by="DPD", reason="demande", signed_too=False)
    ledger.arrive(form, source="encore", day=people.TODAY)

    assert (number(ledger, form), home(ledger, form) == old) == ("2024-002", False)
    assert ledger.dossiers.named("2024-001") == ()


def test_what_could_be_of_two_dossiers_joins_neither(ledger: Ledger, own_workspace: Workspace) -> None:
    """Its days meet those of both: the choices are told."""
    spring, summer, whole = (
        received(ledger, own_workspace, name, record(stage__date_debut=start, stage__date_fin=end))
        for name, start, end in (
            ("a", "2025-04-07", "2025-04-25"),
            ("b", "2025-06-02", "2025-06-27"),
            ("c", "2025-04-07", "2025-06-27"),
        )
    )

    assert [number(ledger, form) for form in (spring, summer, whole)] == ["2024-001", "2024-002", "2024-003"]
    for form in (spring, summer, whole, spring):
        data = ledger.readings.record(form.sha256)
        assert data is not None
        ledger.keep_values(form.sha256, data)
        assert ledger.dossiers.choices(form.sha256, data) == (("2024-001", "2024-002") if form == whole else ())
    assert [number(ledger, form) for form in (spring, summer, whole)] == ["2024-001", "2024-002", "2024-003"]


def test_two_internships_are_not_made_one_by_a_form_that_meets_both(ledger: Ledger, own_workspace: Workspace) -> None:
    """It was of the first; its days are corrected to meet the second too: it stays where it is, and both are two."""
    spring = {"stage__date_debut": "2025-04-07", "stage__date_fin": "2025-04-25"}
    summer = {"stage__date_debut": "2025-06-02", "stage__date_fin": "2025-06-27"}
    all_days = zip("abc", (spring, summer, spring), strict=True)
    forms = [received(ledger, own_workspace, name, record(**days)) for name, days in all_days]
    assert [number(ledger, form) for form in forms] == ["2024-001", "2024-002", "2024-001"]

    ledger.keep_values(forms[2].sha256, record(**{**spring, "stage__date_fin": "2025-06-27"}))

    assert [number(ledger, form) for form in forms] == ["2024-001", "2024-002", "2024-001"]


def test_a_dossier_with_a_packet_keeps_its_number_whatever_joins_it(ledger: Ledger, own_workspace: Workspace) -> None:
    """A form of another session that a person puts there, and one that the machine joins and reads twice."""
    first = received(ledger, own_workspace, "a.pdf", record())
    delivered(ledger, own_workspace, first, "f/2025/a")
    assigned = Assignment(home(ledger, first), "F. GARÇON", "même stage")
    path = own_workspace.inbox / "b.pdf"
    path.write_bytes(b"%PDF- b")
    second = receive(path, own_workspace, people.TODAY).form
    ledger.arrive(second, source="b", day=people.TODAY, assigned=assigned)
    third = received(ledger, own_workspace, "c.pdf", record())

    for _ in range(2):
        ledger.keep_values(second.sha256, record("2025-2026"))
        ledger.keep_values(third.sha256, record("2025-2026"))
    assert number(ledger, first) == number(ledger, second) == "2024-001"


def test_moves_of_an_erased_form_are_not_those_of_the_file_sent_again(
    ledger: Ledger, own_workspace: Workspace
) -> None:
    """Sent again it is new: the machine joins it where it belongs."""
    first = received(ledger, own_workspace, "a.pdf", record())
    second = received(ledger, own_workspace, "b.pdf", record(**ELSEWHERE))
    moved = [second.sha256]
    day = people.TODAY
    left, joined = home(ledger, second), home(ledger, first)
    assert ledger.dossiers.move(moved, left=left, joined=joined, by="F. GARÇON", reason="x", day=day)
    assert ledger.dossiers.take_back(ledger.dossiers.moves(second.sha256), by="F. GARÇON", day=day)
    ledger.put_away(second, State.ERASED, by="DPO", reason="demande")

    again = received(ledger, own_workspace, "b.pdf", record())
    assert again.sha256 == second.sha256
    assert (number(ledger, again), len(ledger.dossiers.moves(again.sha256))) == ("2024-001", 1)
