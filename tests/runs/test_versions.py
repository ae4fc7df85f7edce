"""The same internship again: a new version, what changed, the old packet superseded; homonyms are two people."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import people
import pytest
from pypdf import PdfReader
from rich.console import Console
from walking import sent

from pipeline.cli import form_screen
from pipeline.core.decisions import Confirmation
from pipeline.core.errors import NotAllowed
from pipeline.core.identity import exchanged, same_internship, same_person
from pipeline.core.outcomes import Delivered, ToComplete, Waiting
from pipeline.documents.proof import page_texts
from pipeline.dossier.context import Context
from pipeline.ledger.entries import State
from pipeline.ledger.packet_store import PacketState
from pipeline.runs import once
from pipeline.services.approvals import override
from pipeline.services.fetching import fetch
from pipeline.services.form_view import show_form


def words(path: Path) -> str:
    """The words of a PDF, spaces collapsed."""
    return " ".join(" ".join(page_texts(path.read_bytes())).split())


def test_a_changed_form_is_a_new_version_and_the_old_packet_says_so(context: Context) -> None:
    """v1 stays as it was with a note beside it; v2's control sheet and ``show`` tell what changed."""
    first = sent(context, "v1.pdf", people.coordination())
    assert isinstance(first.outcome, Delivered)
    old = context.workspace.outbox / first.outcome.folder
    before = {path.name: path.read_bytes() for path in old.iterdir() if path.is_file()}

    second = sent(context, "v2.pdf", people.coordination(tuteur__telephone="+33612345699"))

    assert isinstance(second.outcome, Delivered)
    assert second.note == f"version 2, remplace {first.form.id}"
    assert {
        path.name: path.read_bytes() for path in old.iterdir() if path.is_file() and path.suffix != ".txt"
    } == before
    assert second.form.id in (old / "REMPLACEE.txt").read_text()
    entries = {entry.form.id: entry for entry in context.ledger.entries.all()}
    assert entries[first.form.id].state is State.SUPERSEDED
    assert (entries[second.form.id].version, entries[second.form.id].replaces) == (2, first.form.sha256)
    assert [line.state for line in context.ledger.packets.all()] == [PacketState.SUPERSEDED, PacketState.CURRENT]
    sheet = words(context.workspace.outbox / second.outcome.folder / "controle.pdf")
    assert "Ce que cette version change" in sheet
    assert "06 12 34 56 99" in sheet
    shown = io.StringIO()
    for part in form_screen.parts(show_form(context, second.form.id)):
        Console(file=shown, width=200).print(part)
    assert "06 12 34 56 99" in shown.getvalue()


def test_what_changed_and_what_was_confirmed_are_told_as_people_write_them(context: Context) -> None:
    """``show``: no code of a choice, no day or figure of the ledger, no true or false."""
    first = sent(context, "v1.pdf", people.coordination())
    change = {
        "organisme__secteur": "sanitaire",
        "organisme__droit_public": True,
        "assurance_rc__expire_le": "2026-03-31",
        "stage__competences": ["Animer une réunion", "Écrire un projet"],
    }
    second = sent(context, "v2.pdf", people.coordination(**change))
    settled = Confirmation("stage.quotite", "plein", "partiel", "F. GARÇON", people.TODAY)
    seen = context.ledger.seen(second.form)
    assert context.ledger.decide_confirm(second.form, [settled], seen=seen, day=context.today)

    view = show_form(context, second.form.id)

    assert first.form.id != second.form.id
    assert view.changes is not None
    told = {one.field: (one.before, one.after) for one in view.changes}
    assert told["organisme.secteur"] == ("Médico-social", "Sanitaire")
    assert told["organisme.droit_public"] == ("non", "oui")
    assert told["assurance_rc.expire_le"] == ("31/12/2025", "31/03/2026")
    assert told["stage.competences"][1] == "Animer une réunion ; Écrire un projet"
    shown = io.StringIO()
    for part in form_screen.parts(view):
        Console(file=shown, width=200).print(part)
    assert "confirmé par F. GARÇON le 17/03/2025 : « Temps plein » → « Temps partiel »" in shown.getvalue()


def test_a_fetched_packet_is_replaced_only_by_a_decision(context: Context, tmp_path: Path) -> None:
    """V-01: the new version waits; lifted by a named person it is made, and the sheet says by whom."""
    first = sent(context, "v1.pdf", people.coordination())
    copy = fetch(context, first.form.id, by="A. DUBOIS", to=tmp_path).place
    assert len(PdfReader(copy / "liasse.pdf").pages) > 1

    second = sent(context, "v2.pdf", people.coordination(tuteur__telephone="+33612345699"))
    assert isinstance(second.outcome, Waiting)
    assert "A. DUBOIS" in second.outcome.reasons[0]
    with pytest.raises(NotAllowed, match="ne bloque pas"):
        override(context, second.form.id, "V-02", by="F. GARÇON", reason="pas encore signée")

    done = override(context, second.form.id, "V-01", by="F. GARÇON", reason="pas encore signée")
    outcome = once.go_on(done.entry, context).outcome
    assert isinstance(outcome, Delivered)
    assert "pas encore signée" in words(context.workspace.outbox / outcome.folder / "controle.pdf")


def test_a_form_that_was_sent_back_is_over_once_the_corrected_one_is_delivered(context: Context) -> None:
    """The first never had a packet: the second is version 1, and the first waits for nobody any more."""
    wrong = sent(context, "faux.pdf", people.coordination(tuteur__fonction="Secrétaire"))
    assert isinstance(wrong.outcome, ToComplete)

    right = sent(context, "juste.pdf", people.coordination())

    assert isinstance(right.outcome, Delivered)
    assert context.ledger.entries.get(right.form.sha256).version == 1
    assert context.ledger.entries.get(wrong.form.sha256).state is State.SUPERSEDED


def test_homonyms_get_a_packet_each(context: Context) -> None:
    """One name, one host, the same days, another birth date and number: two people."""
    first = sent(context, "a.pdf", people.coordination())
    other = people.coordination(
        stagiaire__date_naissance="1991-12-03",
        stagiaire__numero="NPE099999",
        stagiaire__courriel="homonyme@example.org",
        stagiaire__telephone="+33611111111",
    )
    second = sent(context, "b.pdf", other)

    assert isinstance(first.outcome, Delivered)
    assert isinstance(second.outcome, Delivered)
    assert second.note == ""
    assert first.outcome.folder != second.outcome.folder
    assert {entry.state for entry in context.ledger.entries.all()} == {State.DELIVERED}


@pytest.mark.parametrize(
    ("changes", "person", "internship"),
    [
        ({}, True, True),
        ({"stagiaire__nom": "Le Goff", "stagiaire__prenom": "MAELLE"}, True, True),
        ({"stagiaire__nom": "LE GOFFIC"}, False, True),
        ({"stagiaire__courriel": "autre@example.org"}, True, True),
        ({"stagiaire__date_naissance": "1970-01-01"}, False, True),
        ({"organisme__siret": "83282932000074"}, True, False),
        ({"stage__date_debut": "2025-10-01", "stage__date_fin": "2025-11-01"}, True, False),
    ],
)
def test_who_is_the_same(changes: dict[str, Any], *, person: bool, internship: bool) -> None:
    """The name and one more thing that is the person's; the formation, the organisme and days in common."""
    one = people.coordination(formation={"code": people.COORDINATION})
    other = people.coordination(formation={"code": people.COORDINATION}, **changes)

    assert same_person(one, other) is person
    assert same_internship(one, other) is internship


def test_two_who_cannot_be_compared_are_two() -> None:
    """Only the name in common: nobody is merged with anybody."""
    names = {"stagiaire": {"nom": "MARTIN", "prenom": "Léa"}}

    assert not same_person(names, names)


def test_a_version_that_names_the_person_otherwise_asks_first(context: Context) -> None:
    """V-04: nom and prénom exchanged replace no packet; a person may let it pass."""
    first = sent(context, "v1.pdf", people.coordination(stagiaire__nom="MARTIN", stagiaire__prenom="Thomas"))
    assert isinstance(first.outcome, Delivered)

    second = sent(context, "v2.pdf", people.coordination(stagiaire__nom="THOMAS", stagiaire__prenom="Martin"))

    assert isinstance(second.outcome, Waiting)
    assert "MARTIN, Thomas" in second.outcome.reasons[0]
    assert context.ledger.entries.get(first.form.sha256).state is State.DELIVERED
    override(context, second.form.id, "V-04", by="F. GARÇON", reason="c’est bien son nom")


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("Maëlle", "LE GOFF"), "LE GOFF, Maëlle"),
        (("GOFF", "Maëlle LE"), "LE GOFF, Maëlle"),
        (("Le Goff", "Maelle"), ""),
        (("LE GOFF", "Maëlle"), ""),
        (("DURAND", "Maëlle"), ""),
    ],
)
def test_which_words_are_the_surname_is_what_counts(names: tuple[str, str], asked: str) -> None:
    """Not their capitals or accents; another name altogether is of a dossier only by a person's word."""
    other = people.coordination(stagiaire__nom=names[0], stagiaire__prenom=names[1])

    assert exchanged(people.coordination(), other) == asked
