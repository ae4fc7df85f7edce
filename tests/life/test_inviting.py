"""The réunion des référents: each person invited once, and again when it moves; the due list of all dossiers."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import delivering
import people
import pytest
from life_kit import delivered

from pipeline.core.life import FactKind, Told
from pipeline.core.models import put
from pipeline.documents.meeting_file import Event, invitation
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import life_of, lives_of
from pipeline.services import due_list
from pipeline.services.inviting import invite

BY = "F. GARÇON"
APRIL = dt.date(2025, 4, 2)


def unfolded(data: bytes) -> list[str]:
    """The lines of a calendar file, as they were before they were cut."""
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_each_person_is_invited_once_and_again_when_it_moves(context: Context) -> None:
    """Three drafts and three files, each naming one person; later the hour changes: SEQUENCE 1, the same UID."""
    number = delivered(context).dossier.number
    desk = replace(context, today=APRIL)
    made = invite(desk, people.COORDINATION, by=BY)
    again = invite(desk, number, by=BY)

    assert [(one.number, one.role, one.addressed) for one in made] == [
        (number, role, True) for role in ("stagiaire", "tuteur", "referent")
    ]
    assert again == ()
    place = context.workspace.mail
    assert len(list(place.iterdir())) == 6
    addresses = {}
    for one in made:
        mail = message_from_bytes((place / one.draft).read_bytes(), policy=default)
        (calendar,) = mail.iter_attachments()  # type: ignore[attr-defined]
        lines = unfolded((place / one.draft).with_suffix(".ics").read_bytes())
        assert calendar.get_payload(decode=True).replace(b"\r\n", b"\n") == (place / one.draft).with_suffix(
            ".ics"
        ).read_bytes().replace(b"\r\n", b"\n")
        addresses[one.role] = mail["To"]
        assert [line for line in lines if line.startswith("ATTENDEE")] == [
            f"ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:{mail['To']}"
        ]
        assert "DTSTART;TZID=Europe/Paris:20250415T140000" in lines
        others = {"maelle.legoff@example.org", "ines.benaissa@example.org"} - {mail["To"]}
        assert not any(other in (place / one.draft).read_text() for other in others)
    assert (addresses["stagiaire"], addresses["tuteur"]) == ("maelle.legoff@example.org", "ines.benaissa@example.org")

    toml = context.workspace.templates / people.COORDINATION / "formation.toml"
    toml.write_text(toml.read_text("utf-8").replace('debut = "14 h 00"', 'debut = "15 h 00"'), "utf-8")
    moved = invite(desk, number, by=BY)

    assert [one.draft.rpartition("-v")[2] for one in moved] == ["2.eml"] * 3
    assert not any((place / one.draft).exists() for one in made)  # nobody sends yesterday's hour by mistake
    lines = unfolded((place / moved[0].draft).with_suffix(".ics").read_bytes())
    assert {"SEQUENCE:1", "DTSTART;TZID=Europe/Paris:20250415T150000"} <= set(lines)
    told = life_of(desk, context.ledger.dossiers.named(number)[0]).facts.last(FactKind.MEETING, "tuteur")
    assert told is not None
    assert (told.body["sequence"], told.body["debut"]) == (1, "15 h 00")


def test_no_word_makes_a_line_of_a_calendar() -> None:
    """Line breaks, commas and long words stay in their line; lines have 75 octets at most."""
    event = Event(
        "u@example.org",
        0,
        dt.datetime(2025, 4, 15, 14),  # noqa: DTZ001 -- the time of Paris
        dt.datetime(2025, 4, 15, 16),  # noqa: DTZ001
        "Réunion, référents ; « été »\r\nATTENDEE:mailto:x@example.org " + "é" * 90,
        "salle\n12",
        "s@example.org",
        APRIL,
    )
    data = invitation(event, "a@example.org")

    assert [line for line in unfolded(data) if line.startswith("ATTENDEE")] == [
        "ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:a@example.org"
    ]
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert "LOCATION:salle 12" in unfolded(data)


def _another(context: Context) -> None:
    """A second dossier of the session, with the same référent."""
    other = people.coordination(stagiaire__nom="KERMOAL", stagiaire__prenom="Paul", stagiaire__numero="NPE099999")
    put(other, "stagiaire.courriel", "paul.kermoal@example.org")
    put(other, "formation.code", people.COORDINATION)
    put(other, "formation.annee", "2024-2025")
    form = delivering.received(context.ledger, context.workspace, "autre.pdf", other)
    delivering.delivered(context.ledger, context.workspace, form, "coordination-essms/2024-2025/AUTRE")


def test_a_file_of_several_dossiers_is_one_for_the_referent(context: Context) -> None:
    """Whoever follows two dossiers of a session gets one draft."""
    delivered(context)
    _another(context)
    made = invite(replace(context, today=APRIL), people.COORDINATION, by=BY)

    assert len({one.draft for one in made}) == 5
    assert len(made) == 6


def test_whoever_follows_a_dossier_more_hears_of_it_as_it_stands(context: Context) -> None:
    """The meeting was moved, then a dossier is added: the référent's one file stays that of the new hour."""
    desk = replace(context, today=APRIL)
    delivered(context)
    invite(desk, people.COORDINATION, by=BY)
    toml = context.workspace.templates / people.COORDINATION / "formation.toml"
    toml.write_text(toml.read_text("utf-8").replace('debut = "14 h 00"', 'debut = "15 h 00"'), "utf-8")
    moved = {one.role: one.draft for one in invite(desk, people.COORDINATION, by=BY)}
    _another(context)

    added = {one.role: one.draft for one in invite(desk, people.COORDINATION, by=BY)}

    assert added["referent"] == moved["referent"]
    assert "SEQUENCE:1" in unfolded((context.workspace.mail / added["referent"]).with_suffix(".ics").read_bytes())
    assert added["stagiaire"].endswith("-v1.eml")


@pytest.mark.long
def test_four_hundred_dossiers_are_looked_at_in_two_seconds(context: Context) -> None:
    """A third of them have sixty days told: less than two seconds of processor time; each is as it is alone."""
    for at in range(400):
        code = people.COORDINATION if at % 2 else people.CNAM
        data: dict[str, Any] = (people.coordination if at % 2 else people.cnam)(stagiaire__nom=f"NOM{at}")
        put(data, "formation.code", code)
        put(data, "formation.annee", "2024-2025")
        form = delivering.received(context.ledger, context.workspace, f"f{at}.pdf", data)
        delivering.delivered(context.ledger, context.workspace, form, f"{code}/2024-2025/N{at}")
        if at % 3 == 0:
            days = (dt.date(2025, 4, 7) + dt.timedelta(days=number) for number in range(60))
            body = {"matin": "P", "apres_midi": "P", "heures": "7", "comme_prevu": True}
            told = [Told(FactKind.PRESENCE, day.isoformat(), body) for day in days]
            dossier = context.ledger.entries.get(form.sha256).dossier
            assert context.ledger.life.tell(dossier, told, by=BY, day=context.today, seen=0)

    began = time.process_time()
    lines = due_list.due_list(context, dt.date(2025, 9, 2))

    assert time.process_time() - began < 2
    assert len(lines) == 2000
    lives = list(lives_of(context))
    assert [life_of(context, one.dossier.id) for one in lives[:20]] == lives[:20]
