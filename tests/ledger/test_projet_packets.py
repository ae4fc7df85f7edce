"""Projets in the ledger: what can be signed counts until a projet can be, and nothing of a projet stays behind."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import people
import pytest
import sqlalchemy as sa
from delivering import claimed, delivered, published, received

from pipeline.core.models import Form
from pipeline.core.settings import Retention
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.projets import issued_incomplete
from pipeline.dossier.versions import history_of
from pipeline.ledger.database import change, row
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.retention import Class, due, purge
from pipeline.services import fetching, handling

FOLDER = "coordination-essms/2024-2025"
BY = "F. GARÇON"


def form(context: Context, name: str, **changes: str) -> Form:
    """A form of one internship, as if it had been read."""
    where = {"code": people.COORDINATION, "annee": "2024-2025"}
    return received(context.ledger, context.workspace, name, people.coordination(formation=where, **changes))


def drafted(context: Context, of: Form, folder: str, *, replaces: str | None = None) -> str:
    """That form ended as a projet; its packet's id."""
    ledger = context.ledger
    claim = claimed(ledger, of)
    packet = published(ledger, context.workspace, claim, folder)
    ledger.settle(claim, Ending(State.DRAFT, "manque", "coordination-essms", "A", Path(folder), packet, 2, replaces))
    return packet


def states(context: Context, *forms: Form) -> list[tuple[State, list[PacketState]]]:
    """Where each form has got, with its packets."""
    ledger = context.ledger
    return [
        (ledger.entries.get(one.sha256).state, [line.state for line in ledger.packets.of_form(one.sha256)])
        for one in forms
    ]


@pytest.mark.parametrize("taken", [PacketState.CURRENT, PacketState.FETCHED, PacketState.SIGNED])
def test_a_projet_takes_the_place_of_nothing_that_can_be_signed(context: Context, taken: PacketState) -> None:
    """It may never come to be: put away, the packet before it is what it was, and can be fetched."""
    ledger, workspace = context.ledger, context.workspace
    first = form(context, "a.pdf")
    packet = delivered(ledger, workspace, first, f"{FOLDER}/A_1")
    if taken is not PacketState.CURRENT:
        ledger.packets.lock(packet, taken, BY)
    second = form(context, "b.pdf", tuteur__telephone="+33611111119")
    drafted(context, second, f"{FOLDER}/A_2", replaces=first.sha256)
    assert states(context, first, second) == [(State.DELIVERED, [taken]), (State.DRAFT, [PacketState.DRAFT])]

    handling.discard(context, second.id, by=BY, reason="erreur")

    assert states(context, first, second) == [(State.DELIVERED, [taken]), (State.DISCARDED, [PacketState.PURGED])]
    assert fetching.fetch(context, ledger.entries.get(first.sha256).number, by=BY).entry.form == first


def test_what_is_ready_takes_the_place_of_all_before_it(context: Context) -> None:
    """A packet, a projet over it, a third version that can be signed: it alone counts."""
    ledger, workspace = context.ledger, context.workspace
    first = form(context, "a.pdf")
    delivered(ledger, workspace, first, f"{FOLDER}/A_1")
    second = form(context, "b.pdf", tuteur__telephone="+33611111119")
    drafted(context, second, f"{FOLDER}/A_2", replaces=first.sha256)
    third = form(context, "c.pdf", tuteur__telephone="+33611111118")
    past = history_of(ledger.entries.get(third.sha256), ledger.readings.record(third.sha256) or {}, ledger)
    claim = claimed(ledger, third)
    packet = published(ledger, workspace, claim, f"{FOLDER}/A_3")
    ending = Ending(State.DELIVERED, packet=packet, replaces=past.replaced_form, overtakes=past.overtaken)
    ledger.settle(claim, ending)

    assert past.version == 3
    assert states(context, first, second, third) == [
        (State.SUPERSEDED, [PacketState.SUPERSEDED]),
        (State.SUPERSEDED, [PacketState.SUPERSEDED]),
        (State.DELIVERED, [PacketState.CURRENT]),
    ]


def test_nothing_of_a_projet_that_is_put_away_stays(context: Context) -> None:
    """Its folder goes, also where a worker had begun the next; what is left by a crash goes with its days."""
    ledger, workspace = context.ledger, context.workspace
    one = form(context, "a.pdf")
    drafted(context, one, f"{FOLDER}/A_1")
    ledger.take_up(one, people.TODAY)
    published(ledger, workspace, claimed(ledger, one), f"{FOLDER}/A_2")

    handling.discard(context, one.id, by=BY, reason="abandon")

    assert [line.state for line in ledger.packets.of_form(one.sha256)] == [PacketState.PURGED] * 2
    assert [path for path in (workspace.outbox / FOLDER).iterdir() if path.is_dir()] == []

    left = workspace.outbox / FOLDER / "A_1"
    left.mkdir()
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=Retention().liasses)
    found = [line for line in due(ledger, workspace, Retention(), day) if line.of is Class.PACKET]
    assert [line.what for line in found] == [f"{FOLDER}/A_1"]
    purge(found, ledger, workspace, day, Retention())
    assert not left.exists()


def test_a_folder_that_still_counts_is_not_purged(context: Context) -> None:
    """Of two packets in one folder the one that counts keeps it."""
    ledger, workspace = context.ledger, context.workspace
    one = form(context, "a.pdf")
    delivered(ledger, workspace, one, f"{FOLDER}/A_1")
    with ledger.database.write() as connection:
        sql = "INSERT INTO packet (id, sha256, folder, state, made_at) VALUES ('ff', :s, :f, 'purgee', '2020-01-01')"
        change(connection, sql, s=one.sha256, f=f"{FOLDER}/A_1")
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=5000)

    assert [line for line in due(ledger, workspace, Retention(), day) if line.of is Class.PACKET] == []


def test_a_packet_with_a_hole_is_told_until_somebody_was(context: Context) -> None:
    """Asked and not yet printed, it is told again; only those that were told are told no more."""
    ledger = context.ledger
    forms = [
        form(context, f"{name}.pdf", stagiaire__nom=name, stagiaire__courriel=f"{name}@example.org")
        for name in ("AN", "BE")
    ]
    packets = [delivered(ledger, context.workspace, one, f"{FOLDER}/{one.id}") for one in forms]
    with ledger.database.write() as connection:
        change(connection, "UPDATE packet SET incomplete = 1")

    assert set(issued_incomplete(ledger)) == set(issued_incomplete(ledger)) == set(packets)
    ledger.packets.note_told(packets[:1])
    assert [entry.form for entry in issued_incomplete(ledger).values()] == [forms[1]]


def test_hours_of_forms_of_the_release_before(own_workspace: Workspace) -> None:
    """A ledger before C-09 kept no hours of its members: they are counted again from the values that are kept."""
    with Ledger.open(own_workspace) as ledger:
        where = {"code": people.COORDINATION, "annee": "2024-2025"}
        one = received(ledger, own_workspace, "a.pdf", people.coordination(formation=where))
        (member,) = ledger.members.everybody("C-03")
        assert member.hours
        with ledger.database.write() as connection:
            body = json.loads((row(connection, "SELECT body FROM member") or ("",))[0])
            del body["hours"]
            change(connection, "UPDATE member SET body = :body", body=json.dumps(body))
            connection.execute(sa.text("ALTER TABLE packet DROP COLUMN incomplete"))
            change(connection, "DELETE FROM migration WHERE number >= 7")
    with closing(sqlite3.connect(own_workspace.memory / FILE)) as old, old:
        for table in ("copy_line", "spare_file", "paper", "fact"):
            old.execute(f"DROP TABLE {table}")
    (own_workspace.memory / "spool" / "registre.jsonl").unlink()

    with Ledger.open(own_workspace) as ledger:
        assert ledger.members.everybody("C-03") == (member,)
        assert member.sha256 == one.sha256
