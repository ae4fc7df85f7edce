"""Dossiers by a person's word: found by number or id, joined, split, kept apart, undone, or asked for."""

from __future__ import annotations

from typing import Any

import people
import pytest
from delivering import claimed, delivered, published, received
from walking import sent

from pipeline.core.errors import Ambiguous, ChangedMeanwhile, NotAllowed, NotFound
from pipeline.core.models import Form
from pipeline.core.outcomes import Delivered, Waiting
from pipeline.dossier.context import Context
from pipeline.dossier.state import DossierState
from pipeline.dossier.versions import CHOICE_RULE
from pipeline.ledger.claims import Fenced, JobState
from pipeline.ledger.dossiers import Dossiers
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.runs import once
from pipeline.services import dossier_cases, fetching, handling, listing
from pipeline.services.approvals import override
from pipeline.services.lookup import find_dossier, find_form

BY, WHY = "F. GARÇON", "même stage"
ELSEWHERE = {"organisme__siret": "81234560100007", "organisme__raison_sociale": "Foyer des Lilas"}
SPRING = {"stage__date_debut": "2025-03-31", "stage__date_fin": "2025-04-11", "stage__calendrier": []}
SUMMER = {"stage__date_debut": "2025-06-20", "stage__date_fin": "2025-07-11", "stage__calendrier": []}


def record(**changes: Any) -> dict[str, Any]:
    """What was read of a form of the coordination."""
    return people.coordination(formation={"code": people.COORDINATION, "annee": "2024-2025"}, **changes)


def taken(context: Context, name: str, **changes: Any) -> Form:
    """Such a form, received and read."""
    return received(context.ledger, context.workspace, name, record(**changes))


def number(context: Context, form: Form) -> str:
    """The number of a form's dossier."""
    return context.ledger.entries.get(form.sha256).number


def test_number_id_form_and_packet_all_find_it(context: Context) -> None:
    """Whatever people read on a screen or a paper; also the beginning of an id, in capitals, with spaces around."""
    form = taken(context, "a.pdf")
    packet = delivered(context.ledger, context.workspace, form, "f/2025/a")
    entry = context.ledger.entries.get(form.sha256)

    for word in (
        entry.number,
        entry.dossier,
        entry.dossier[:8],
        form.id,
        form.sha256,
        packet,
        f" {form.id.upper()} ",
    ):
        assert find_dossier(context.ledger, word) == entry.dossier
        assert find_form(context.ledger, word) == entry
    for word in ("", " ", "2024-00", "2024-0011", "zz", "%", "_"):
        with pytest.raises(NotFound):
            find_dossier(context.ledger, word)


def test_a_dossier_means_the_form_that_is_open_else_the_one_that_counts(context: Context) -> None:
    """« 2024-001 » is decided of as people mean it: what waits first."""
    first, second = taken(context, "a.pdf"), taken(context, "b.pdf")
    delivered(context.ledger, context.workspace, first, "f/2025/a")
    assert find_form(context.ledger, "2024-001").form == second
    assert fetching.fetch(context, "2024-001", by=BY).entry.form == first

    handling.discard(context, "2024-001", by=BY, reason="doublon")
    assert context.ledger.entries.get(second.sha256).state is State.DISCARDED
    assert find_form(context.ledger, "2024-001").form == first


def test_an_ambiguous_beginning_does_nothing(context: Context) -> None:
    """Seventeen ids share a first letter somewhere: nothing is done, the numbers are told."""
    forms = [received(context.ledger, context.workspace, f"{at}.pdf") for at in range(17)]
    letters = [form.sha256[0] for form in forms]
    shared = next(letter for letter in letters if letters.count(letter) > 1)
    before = context.ledger.journal_end()

    with pytest.raises(Ambiguous, match=r"2024-0\d\d \(\d+\.pdf\)"):
        handling.discard(context, shared, by=BY, reason=WHY)
    for one, other in ((shared, forms[0].id), (forms[0].id, shared)):
        with pytest.raises((Ambiguous, NotAllowed)):
            dossier_cases.join(context, one, other, by=BY, reason=WHY)
    assert context.ledger.journal_end() == before


def test_join_and_undo(context: Context) -> None:
    """All forms of a dossier by its number; undone together; who and why are kept, and the machine leaves it so."""
    first, second, third = taken(context, "a.pdf"), taken(context, "b.pdf"), taken(context, "c.pdf", **ELSEWHERE)
    moved = dossier_cases.join(context, "2024-001", third.id, by=BY, reason=WHY)
    assert ({one.form for one in moved.forms}, moved.before) == ({first, second}, "2024-001")
    assert moved.number == "2024-003"
    move = context.ledger.dossiers.moves(first.sha256)[-1]
    assert (move.by, move.reason) == (BY, WHY)
    assert find_dossier(context.ledger, "2024-001") == find_dossier(context.ledger, "2024-003")

    for form, data in ((first, record()), (third, record(**ELSEWHERE))):
        context.ledger.keep_values(form.sha256, data)
    assert {number(context, form) for form in (first, second, third)} == {"2024-003"}

    assert dossier_cases.undo(context, second.id, by="A. DUBOIS").number == "2024-001"
    assert [number(context, form) for form in (first, second, third)] == ["2024-001", "2024-001", "2024-003"]
    view = dossier_cases.show_dossier(context, "2024-003")
    assert ([one.form for one in view.forms], view.state) == ([third], DossierState.RECEIVED)
    assert context.ledger.faults() == []


def test_one_form_joins_by_its_id_and_the_others_stay(context: Context) -> None:
    """An id is one form, a number is all of them; what is there already has nothing to join."""
    first, second, third = taken(context, "a.pdf"), taken(context, "b.pdf"), taken(context, "c.pdf", **ELSEWHERE)

    (moved,) = dossier_cases.join(context, second.id, "2024-003", by=BY, reason=WHY).forms
    assert moved.form == second

    assert [number(context, form) for form in (first, second, third)] == ["2024-001", "2024-003", "2024-003"]
    with pytest.raises(NotAllowed, match="déjà"):
        dossier_cases.join(context, second.id, third.id, by=BY, reason=WHY)


def test_undo_takes_back_what_is_still_there(context: Context) -> None:
    """Of two forms that were joined together one was split since: the other one can still go back."""
    first, second, third = taken(context, "a.pdf"), taken(context, "b.pdf"), taken(context, "c.pdf", **ELSEWHERE)
    dossier_cases.join(context, "2024-001", third.id, by=BY, reason=WHY)
    apart = dossier_cases.split(context, second.id, by=BY, reason="autre stage").number

    dossier_cases.undo(context, first.id, by=BY)

    assert [number(context, form) for form in (first, second, third)] == ["2024-001", apart, "2024-003"]


def test_split_and_keep_apart(context: Context) -> None:
    """Split, a form is not joined again by the machine, nor are those that come after put with it by mistake."""
    first, second = taken(context, "a.pdf"), taken(context, "b.pdf")
    assert number(context, second) == "2024-001"
    assert dossier_cases.split(context, second.id, by=BY, reason="un second stage").number == "2024-003"

    for form in (first, second):
        context.ledger.keep_values(form.sha256, record())
    assert [number(context, form) for form in (first, second)] == ["2024-001", "2024-003"]

    dossier_cases.undo(context, second.id, by=BY)
    assert number(context, second) == "2024-001"


def test_alone_and_kept_apart_it_keeps_its_number(context: Context) -> None:
    """A form whose values are not read yet is said to be of no other dossier: it stays in its own."""
    first, second = taken(context, "a.pdf"), received(context.ledger, context.workspace, "b.pdf")
    assert dossier_cases.split(context, second.id, by=BY, reason="un second stage").number == "2024-002"

    context.ledger.keep_values(second.sha256, record())

    assert [number(context, form) for form in (first, second)] == ["2024-001", "2024-002"]


@pytest.mark.parametrize(("by", "reason"), [("", WHY), (" ", WHY), (BY, ""), (BY, " ")])
def test_nothing_moves_without_a_name_and_a_reason(context: Context, by: str, reason: str) -> None:
    """Nor is anything undone that never moved."""
    first, second = taken(context, "a.pdf"), taken(context, "b.pdf", **ELSEWHERE)
    with pytest.raises(NotAllowed):
        dossier_cases.join(context, first.id, second.id, by=by, reason=reason)
    with pytest.raises(NotAllowed):
        dossier_cases.split(context, first.id, by=by, reason=reason)
    with pytest.raises(NotAllowed, match="rien à défaire"):
        dossier_cases.undo(context, first.id, by=BY)
    assert [number(context, form) for form in (first, second)] == ["2024-001", "2024-002"]


def test_a_dossier_that_another_hand_changed_meanwhile_is_left(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people join one form into two dossiers at once: the second is told, and nothing is done twice."""
    one, two, three = (taken(context, name, organisme__siret=f"{at:014d}") for at, name in enumerate("abc", 1))
    move = Dossiers.move

    def after_another(book: Dossiers, *given: Any, **how: Any) -> str | None:
        monkeypatch.undo()
        dossier_cases.join(context, one.id, two.id, by="A. DUBOIS", reason=WHY)
        return move(book, *given, **how)

    monkeypatch.setattr(Dossiers, "move", after_another)
    with pytest.raises(ChangedMeanwhile):
        dossier_cases.join(context, one.id, three.id, by=BY, reason=WHY)

    assert [number(context, form) for form in (one, two, three)] == ["2024-002", "2024-002", "2024-003"]
    assert [move.by for move in context.ledger.dossiers.moves(one.sha256)] == ["A. DUBOIS"]


def waiting(context: Context) -> tuple[Form, Form, Form]:
    """Two internships with their packets, and a form whose days meet those of both: it waits for a person."""
    spring, summer = taken(context, "a.pdf", **SPRING), taken(context, "b.pdf", **SUMMER)
    for form in (spring, summer):
        delivered(context.ledger, context.workspace, form, f"f/2025/{form.id}")
    report = sent(context, "c.pdf", people.coordination())
    assert isinstance(report.outcome, Waiting)
    assert report.outcome.reasons[0].startswith("Ce formulaire peut être du dossier 2024-001 ou 2024-002 :")
    return spring, summer, report.form


def settled(context: Context, form: Form) -> Any:
    """How the form ends once it is tried again; C-03 is lifted, for the other internship that it still meets."""
    once.go_on(handling.retry(context, form.id, by=BY).entry, context)
    done = override(context, form.id, "C-03", by=BY, reason="deux mi-temps")
    return once.go_on(done.entry, context)


def test_a_form_of_two_dossiers_waits_and_join_settles_it(context: Context) -> None:
    """V-03 comes before the overlap of two internships: joined, it is the next version of the one it was put in."""
    spring, _, form = waiting(context)
    dossier_cases.join(context, form.id, "2024-001", by=BY, reason=WHY)
    report = settled(context, form)

    assert isinstance(report.outcome, Delivered)
    assert (report.note, report.number) == (f"version 2, remplace {spring.id}", "2024-001")


def test_a_form_of_two_dossiers_waits_and_split_settles_it(context: Context) -> None:
    """It is of neither: its own dossier, its own first version."""
    *_, form = waiting(context)
    dossier_cases.split(context, form.id, by=BY, reason="un troisième stage")
    report = settled(context, form)

    assert isinstance(report.outcome, Delivered)
    assert (report.note, report.number) == ("", "2024-003")


def test_a_form_of_two_dossiers_may_pass_as_it_is(context: Context) -> None:
    """V-03 is lifted by name like any other rule."""
    *_, form = waiting(context)
    with pytest.raises(NotAllowed, match="ne bloque pas"):
        override(context, form.id, "V-01", by=BY, reason=WHY)
    override(context, form.id, CHOICE_RULE, by=BY, reason=WHY)

    assert isinstance(settled(context, form).outcome, Delivered)


def test_the_forms_received_last_are_listed_in_pages(context: Context) -> None:
    """So many, of some states, or the one that is meant; the counts are of all."""
    forms = [received(context.ledger, context.workspace, f"{at}.pdf") for at in range(4)]
    handling.discard(context, forms[3].id, by=BY, reason=WHY)
    listed = listing.list_forms(context.ledger, listing.Wanted(states=(State.RECEIVED,)), today=people.TODAY, most=2)

    assert [one.form for one in listed.forms] == forms[1:3]
    assert listed.counts == {State.RECEIVED: 3, State.DISCARDED: 1}
    assert [
        one.form for one in listing.list_forms(context.ledger, listing.Wanted(), today=people.TODAY, most=None).forms
    ] == forms
    assert [
        one.form
        for one in listing.list_forms(context.ledger, listing.Wanted(words=("2024-002",)), today=people.TODAY).forms
    ] == forms[1:2]


def test_rows_are_found_by_name_by_number_and_by_how_far_a_packet_is(context: Context) -> None:
    """« Où en est D’Assigny ? » and « qui n’a pas signé ? » have an answer; a word that nobody bears means an id."""
    forms = [received(context.ledger, context.workspace, f"{at}.pdf") for at in range(3)]
    for at, form in enumerate(forms[:2]):
        delivered(context.ledger, context.workspace, form, f"f/2025/{at}")
    fetching.fetch(context, forms[1].id, by=BY, signed=True)

    def found(*words: str, states: tuple[str, ...] = (), most: int = 50) -> list[Form]:
        page = listing.list_forms(context.ledger, listing.Wanted(words, states), today=people.TODAY, most=most)
        return [one.form for one in page.forms]

    assert found("d'A") == found("D’a", states=(State.DELIVERED,)) == forms[:2]
    assert found("2024-003", "003") == found(forms[2].id) == forms[2:]
    assert found(states=(DossierState.TO_SIGN,)) == forms[:1]
    assert found(states=(DossierState.SIGNED, State.RECEIVED), most=1) == forms[2:]
    with pytest.raises(NotFound):
        found("personne")


def printed(context: Context, name: str, **changes: Any) -> Form:
    """Such a form, delivered."""
    form = taken(context, name, **changes)
    delivered(context.ledger, context.workspace, form, f"f/2025/{name}")
    return form


def test_two_internships_with_packets_are_not_joined(context: Context) -> None:
    """One internship would have two conventions; the machine leaves them apart too."""
    one, other = printed(context, "a.pdf"), printed(context, "b.pdf", **ELSEWHERE)
    with pytest.raises(NotAllowed, match="les deux dossiers ont une liasse"):
        dossier_cases.join(context, one.id, other.id, by=BY, reason=WHY)

    assert [number(context, form) for form in (one, other)] == ["2024-001", "2024-002"]
    assert not context.ledger.dossiers.moves(one.sha256)


def test_a_packet_and_the_one_whose_place_it_took_are_not_parted(context: Context) -> None:
    """Neither by a split nor by taking a join back; a form beside them can leave."""
    first, second, third = printed(context, "a.pdf"), taken(context, "b.pdf", **ELSEWHERE), taken(context, "c.pdf")
    dossier_cases.join(context, second.id, "2024-001", by=BY, reason=WHY)
    delivered(context.ledger, context.workspace, second, "f/2025/b", replaces=first.sha256)

    for form in (first, second):
        with pytest.raises(NotAllowed, match="ne se séparent pas"):
            dossier_cases.split(context, form.id, by=BY, reason="autre stage")
    with pytest.raises(NotAllowed, match="ne se séparent pas"):
        dossier_cases.undo(context, second.id, by=BY)
    assert dossier_cases.split(context, third.id, by=BY, reason="autre stage").before == "2024-001"


def test_what_was_taken_back_is_as_if_it_had_never_been(context: Context) -> None:
    """Two splits and two undos end where it began, and the machine may join it again; a third has nothing to undo."""
    first, second = taken(context, "a.pdf"), taken(context, "b.pdf", **ELSEWHERE)
    dossier_cases.join(context, second.id, "2024-001", by=BY, reason=WHY)
    apart = dossier_cases.split(context, second.id, by=BY, reason="autre stage").number
    with pytest.raises(NotAllowed, match="déjà"):
        dossier_cases.split(context, second.id, by=BY, reason="encore")

    assert [dossier_cases.undo(context, second.id, by=BY).number for _ in range(2)] == ["2024-001", "2024-002"]
    assert find_dossier(context.ledger, apart) == find_dossier(context.ledger, "2024-002")
    with pytest.raises(NotAllowed, match="rien à défaire"):
        dossier_cases.undo(context, second.id, by=BY)

    context.ledger.keep_values(second.sha256, record())
    assert number(context, first) == number(context, second) == "2024-001"


def test_kept_apart_and_taken_back(context: Context) -> None:
    """A form alone in its dossier that was kept out of others can be let in again."""
    first, second = taken(context, "a.pdf"), received(context.ledger, context.workspace, "b.pdf")
    dossier_cases.split(context, second.id, by=BY, reason="un second stage")
    for form in (second, first):  # whichever is walked
        context.ledger.keep_values(form.sha256, record())
        assert [number(context, one) for one in (first, second)] == ["2024-001", "2024-002"]

    dossier_cases.undo(context, second.id, by=BY)
    context.ledger.keep_values(second.sha256, record())

    assert number(context, second) == "2024-001"


def test_a_number_borne_no_more_means_the_form_that_bore_it(context: Context) -> None:
    """Split and undone by it, not the form that lives in the other dossier."""
    first, second = taken(context, "a.pdf"), taken(context, "b.pdf", **ELSEWHERE)
    dossier_cases.join(context, "2024-002", "2024-001", by=BY, reason=WHY)
    (moved,) = dossier_cases.split(context, "2024-002", by=BY, reason="autre stage").forms
    assert (moved.form, number(context, first)) == (second, "2024-001")

    dossier_cases.undo(context, "2024-003", by=BY)
    assert number(context, second) == "2024-001"
    with pytest.raises(Ambiguous, match="2 formulaires"):
        dossier_cases.split(context, "2024-001", by=BY, reason="autre stage")


def test_a_file_is_given_to_a_dossier_in_one_breath(context: Context) -> None:
    """The person's word is in the ledger with the form; a known form of another dossier is not moved by it."""
    first, other = taken(context, "a.pdf"), printed(context, "b.pdf", **ELSEWHERE)
    path = context.workspace.inbox / "c.pdf"
    path.write_bytes(b"%PDF- c")
    entry = handling.receive(context, path, into="2024-001", by=BY, reason=WHY).entry
    assert (entry.number, context.ledger.dossiers.moves(entry.form.sha256)[-1].by) == ("2024-001", BY)

    path.write_bytes(other.path.read_bytes())
    with pytest.raises(NotAllowed, match=r"connu.*d’un autre dossier"):
        handling.receive(context, path, into="2024-001", by=BY, reason=WHY)
    assert path.exists()
    assert [number(context, form) for form in (first, other)] == ["2024-001", "2024-002"]


def test_forms_that_wait_go_on_after_a_move(context: Context) -> None:
    """V-03 was what they waited for."""
    *_, form = waiting(context)
    dossier_cases.join(context, form.id, "2024-001", by=BY, reason=WHY)

    report = once.go_on(context.ledger.entries.get(form.sha256), context)
    assert isinstance(report.outcome, Waiting)
    assert "C-03" in report.outcome.reasons[0] or "2024-002" in report.outcome.reasons[0], report


def test_forms_of_two_people_are_joined_with_a_word_of_it(context: Context) -> None:
    """Another birth date may be a slip of the pen: the person is told, and decides."""
    for name, changes in (("a", {}), ("b", ELSEWHERE), ("c", {"stagiaire__date_naissance": "1991-12-03"})):
        taken(context, name, **changes)
    assert not dossier_cases.join(context, "2024-002", "2024-001", by=BY, reason=WHY).differs
    assert dossier_cases.join(context, "2024-003", "2024-001", by=BY, reason=WHY).differs


def test_a_number_after_a_join_that_was_taken_back(context: Context) -> None:
    """It is the number of where its form went since, not of what had been put there by mistake."""
    one, two, three = (taken(context, name, organisme__siret=f"{at:014d}") for at, name in enumerate("abc", 1))
    dossier_cases.join(context, one.id, two.id, by=BY, reason="erreur")
    dossier_cases.undo(context, one.id, by=BY)
    dossier_cases.join(context, two.id, three.id, by=BY, reason=WHY)

    assert find_dossier(context.ledger, "2024-002") == find_dossier(context.ledger, "2024-003")
    assert number(context, one) == "2024-001"


def test_a_form_in_hand_is_taken_from_that_hand_by_a_move(context: Context) -> None:
    """It would end as the next version in the dossier that it left: it is walked again where it is now."""
    first, second = printed(context, "a.pdf"), taken(context, "b.pdf")
    claim = claimed(context.ledger, second)
    published(context.ledger, context.workspace, claim, "f/2025/b")
    dossier_cases.split(context, second.id, by=BY, reason="autre stage")

    with pytest.raises(Fenced):
        context.ledger.settle(claim, Ending(State.DELIVERED, packet="x", replaces=first.sha256))
    assert context.ledger.entries.get(first.sha256).state is State.DELIVERED
    assert context.ledger.jobs.state_of(second.sha256) == (JobState.READY, "")


def test_a_name_is_sought_among_all_and_shown_in_its_state(context: Context) -> None:
    """She is known, and not in that state: nothing is listed, and nobody says that she does not exist."""
    printed(context, "a.pdf")
    assert (
        listing.list_forms(
            context.ledger, listing.Wanted(words=("d'a",), states=(State.WAITING,)), today=people.TODAY
        ).forms
        == []
    )
