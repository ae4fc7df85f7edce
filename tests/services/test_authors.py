"""Who decides and why, checked the same way for every door; a word on what was put away, lists, letters taken."""

from __future__ import annotations

import datetime as dt
from typing import Any

import people
import pytest
from delivering import delivered, received

from pipeline.core.errors import Ambiguous, InvalidRequest, NotAllowed, NotFound
from pipeline.core.models import Form
from pipeline.core.outcomes import Closed
from pipeline.dossier.context import Context
from pipeline.ledger import journal
from pipeline.ledger.entries import State
from pipeline.runs import once
from pipeline.services import approvals, dossier_cases, fetching, handling, joining, listing, personal_data
from pipeline.services.authors import author, motive
from pipeline.services.list_order import Order
from pipeline.services.lookup import find_form

BY, WHY = "F. GARÇON", "envoyé par erreur"
NOBODY = ("", "  ", ".", "x", "12", "--", "\u00a0", "A\nB", "Anne\x1b[31m", "Anne\u202eevil", "{{ nom }}", "é" * 101)


def taken(context: Context, name: str, **changes: Any) -> Form:
    """A form of the coordination, received and read."""
    data = people.coordination(formation={"code": people.COORDINATION, "annee": "2024-2025"}, **changes)
    return received(context.ledger, context.workspace, name, data)


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_decides_anywhere(context: Context, name: str) -> None:
    """Each use case that bears a name refuses what names nobody, before it looks at anything, and notes nothing."""
    taken(context, "roux.pdf")
    before = context.ledger.journal_end()
    asked = {"by": name}
    why = {"by": name, "reason": WHY}
    for call in (
        lambda: approvals.approve(context, "2024-001", **asked),
        lambda: approvals.override(context, "2024-001", "S2-01", **why),
        lambda: approvals.confirm(context, "2024-001", ["tuteur.nom"], **asked),
        lambda: joining.join_file(context, "2024-001", context.workspace.root / "x.pdf", piece="x", **asked),
        lambda: handling.retry(context, "2024-001", **asked),
        lambda: handling.discard(context, "2024-001", **why),
        lambda: handling.reopen(context, "2024-001", **asked),
        lambda: fetching.fetch(context, "2024-001", **asked),
        lambda: handling.regenerate(context, ["2024-001"], **asked),
        lambda: dossier_cases.join(context, "2024-001", "2024-002", **why),
        lambda: dossier_cases.split(context, "2024-001", **why),
        lambda: dossier_cases.undo(context, "2024-001", **asked),
        lambda: personal_data.erase(context.ledger, context.workspace, "2024-001", **why),
    ):
        with pytest.raises(InvalidRequest, match="--by"):
            call()
    assert context.ledger.journal_end() == before


@pytest.mark.parametrize("word", ["NOM", "nom", "« NOM »", "MOTIF", "PRÉNOM NOM", "Prenom  Nom", "VALEUR"])
def test_the_word_that_screens_write_is_nobody_and_no_reason(word: str) -> None:
    """« --by NOM » copied as it stands is refused; a name that holds that word is a person."""
    for one in (author, motive):
        with pytest.raises(InvalidRequest, match="est le mot à remplacer"):
            one(word)
    assert author("Anne NOMBRE") == "Anne NOMBRE"
    assert motive("motif de santé") == "motif de santé"


@pytest.mark.parametrize("reason", [*NOBODY[:8], "é" * 501])
def test_no_reason_is_no_reason(context: Context, reason: str) -> None:
    """What is lifted, put away or erased says why."""
    taken(context, "roux.pdf")
    for call in (
        lambda: approvals.override(context, "2024-001", "S2-01", by=BY, reason=reason),
        lambda: approvals.approve(context, "2024-001", by=BY, refuse=True, reason=reason),
        lambda: handling.discard(context, "2024-001", by=BY, reason=reason),
        lambda: personal_data.erase(context.ledger, context.workspace, "2024-001", by=BY, reason=reason),
    ):
        with pytest.raises(InvalidRequest, match="--reason"):
            call()


def test_a_name_is_kept_as_it_is_printed() -> None:
    """Composed, with single spaces; names of all Europe pass."""
    assert author("  F.  GARC\u0327ON ") == "F. GARÇON"
    assert author("Đặng Thị Ánh") == "Đặng Thị Ánh"
    assert motive("accord de la direction (12/03)") == "accord de la direction (12/03)"


def test_what_was_put_away_is_taken_up_again(context: Context) -> None:
    """Discarded, found by its name, reopened; what was not put away is not; walked again, it says who did and why."""
    form = taken(context, "roux.pdf")
    handling.discard(context, "roux", by=BY, reason=WHY)
    again = once.go_on(context.ledger.entries.get(form.sha256), context).outcome
    assert isinstance(again, Closed)
    assert again.how == "écarté"
    assert again.told.startswith("écarté par F. GARÇON le ")
    assert again.told.endswith(f" : {WHY} ; pour le reprendre : liasse reopen {form.id} --by NOM")

    assert handling.reopen(context, "2024-001", by="A. DUBOIS").entry.form == form
    assert context.ledger.entries.get(form.sha256).state is State.RECEIVED
    assert context.ledger.journal(form.sha256)[-1].event == "reopen"
    with pytest.raises(NotAllowed, match="n’a pas été écarté"):
        handling.reopen(context, "2024-001", by=BY)


def test_a_form_is_meant_by_a_name_of_a_person_or_a_file(context: Context) -> None:
    """Accents and case aside; several are named with their numbers; an erased one is meant by no name."""
    roux, other = taken(context, "Roux été.pdf"), taken(context, "roux lilas.pdf", stagiaire__prenom="Zoé")
    assert find_form(context.ledger, "ROUX-ETE").form == roux
    assert find_form(context.ledger, "lilas roux").form == other
    with pytest.raises(Ambiguous, match=r"2024-001 \(Roux été.pdf\), 2024-002 \(roux lilas.pdf\)"):
        find_form(context.ledger, "roux")
    personal_data.erase(context.ledger, context.workspace, "2024-002", by=BY, reason=WHY)
    with pytest.raises(NotFound):
        find_form(context.ledger, "lilas")
    assert find_form(context.ledger, "roux").form == roux


def test_lists_are_filtered_sorted_and_paged(context: Context) -> None:
    """Each filter alone and together; pages from the newest; a page that is not there is refused."""
    days = ("2025-04-07", "2025-03-31", "2025-05-05")
    forms = [
        taken(context, f"{name}.pdf", stagiaire__nom=name, stage__date_debut=day, stage__calendrier=[])
        for name, day in zip(("MARTIN", "ABADIE", "ZOLA"), days, strict=True)
    ]
    ledger = context.ledger

    def ids(wanted: listing.Wanted, **how: Any) -> list[int]:
        return [forms.index(one.form) for one in listing.list_forms(ledger, wanted, today=people.TODAY, **how).forms]

    assert ids(listing.Wanted(before=dt.date(2025, 4, 7))) == [1]
    assert ids(listing.Wanted(session="2024-2025", before=dt.date(2025, 5, 5))) == [0, 1]
    assert ids(listing.Wanted(session="2030-2031")) == []
    assert ids(listing.Wanted(formation=people.CNAM)) == []
    assert ids(listing.Wanted(), order=Order.NAME) == [1, 0, 2]
    assert ids(listing.Wanted(), order=Order.START) == [1, 0, 2]
    assert ids(listing.Wanted(), most=2) == [1, 2]
    assert ids(listing.Wanted(), most=2, page=2) == [0]
    assert ids(listing.Wanted(), order=Order.NAME, most=2, page=2) == [2]
    with pytest.raises(InvalidRequest, match="pas de page 3"):
        ids(listing.Wanted(), most=2, page=3)


def test_a_letter_that_was_taken_is_not_asked_again(context: Context) -> None:
    """Until the form is sent back anew; whoever takes it second is told who had."""
    form = taken(context, "roux.pdf")
    assert context.ledger.letters.take(form.sha256, BY) is None
    assert context.ledger.letters.taken() == frozenset()  # it was not sent back
    with context.ledger.database.write() as connection:
        journal.append(connection, State.TO_COMPLETE.value, form.sha256)
    assert context.ledger.letters.taken() == frozenset()
    assert context.ledger.letters.take(form.sha256, BY) is None
    assert context.ledger.letters.taken() == {form.sha256}
    before = context.ledger.letters.take(form.sha256, "A. DUBOIS")
    assert before is not None
    assert before[0] == BY


def test_a_second_person_is_told_of_the_first(context: Context) -> None:
    """A packet that somebody fetched: the other is warned, with a name and a day."""
    form = taken(context, "roux.pdf")
    delivered(context.ledger, context.workspace, form, "f/2025/a")
    assert fetching.fetch(context, "roux", by=BY).already == ""
    assert BY in fetching.fetch(context, "roux", by="A. DUBOIS").already
