"""Point-in-time recovery: a ledger made again from its sealed copy, and rows for what only the outbox still tells."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.core.life import Paper, PaperState
from pipeline.core.models import Data
from pipeline.ledger import journal
from pipeline.ledger.backfill import BACKFILLS
from pipeline.ledger.database import Database, change, row, rows
from pipeline.ledger.entries import PRINTED, State
from pipeline.ledger.form_rows import end_job, forget_spare
from pipeline.ledger.kept_values import write_values
from pipeline.ledger.life_book import insert_paper
from pipeline.ledger.lying_beside import JOINED, SPOOL
from pipeline.ledger.numbering import raise_counter, reopen_dossier
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.sealed_rows import Held
from pipeline.ledger.sealing import keep_head
from pipeline.storage.journal_copy import SealedLine


def rebuild(path: Path, held: Held, migration: int, last: SealedLine | None) -> None:
    """Write a new ledger that holds these rows, as one file, and ends where the copy does; ``None``: it is broken.

    Tokens begin above all that were ever given: whoever held a form under the lost ledger is refused.
    """
    with Database.open(path, BACKFILLS) as database:
        database.migrate(upto=migration)
        with database.write() as connection:
            change(connection, "PRAGMA defer_foreign_keys = ON")
            for table, groups in held.items():
                for one in (one for group in groups.values() for one in group):
                    columns = ", ".join(one)
                    values = ", ".join(f":{column}" for column in one)
                    change(connection, f"INSERT INTO {table} ({columns}) VALUES ({values})", **one)
            change(connection, "UPDATE job SET token = :token", token=int(time.time()))
            if last is not None:
                keep_head(connection, last)
        database.migrate()
        database.compact()


@dataclass(frozen=True)
class Found:
    """A packet of the outbox that no ledger knows: what its manifest and its values say."""

    id: str
    sha256: str
    name: str
    received_on: dt.date
    number: str
    version: int
    formation: str
    stagiaire: str | None
    folder: Path
    day: dt.date
    made_at: str
    pages: int
    signatures: int
    draft: bool
    data: Data
    joined: Mapping[str, Mapping[str, Any]]  # by piece: what was joined, by whom, when


def adopt(database: Database, found: Found) -> str:
    """Have the ledger know a packet with its form, dossier, values and joined files, in one transaction.

    What keeps its number from being taken up; nothing where it was.
    """
    with database.write() as connection:
        raise_counter(connection, found.number)
        fresh = row(connection, "SELECT 1 FROM form WHERE sha256 = :s", s=found.sha256) is None
        if fresh:
            _insert_form(connection, found)
        said = reopen_dossier(connection, found.sha256, found.number, found.received_on)
        newest = _insert_packet(connection, found)
        if newest:
            _write_ending(connection, found)
        if fresh:
            write_values(connection, found.sha256, found.data)
        _insert_joined(connection, found)
        journal.append(connection, "recovered", found.sha256, f"packet {found.id[:8]} of {found.number}")
    return said


@dataclass(frozen=True)
class FoundPaper:
    """A paper of the outbox that no ledger knows: the number of its dossier, and what its manifest says."""

    number: str
    paper: Paper


def adopt_paper(database: Database, found: FoundPaper) -> str:
    """Have the ledger know a paper, as the one that counts or a replaced one; why not, if its dossier is unknown."""
    paper = found.paper
    with database.write() as connection:
        home = row(connection, "SELECT dossier FROM dossier_number WHERE number = :n", n=found.number)
        if home is None:
            return f"le dossier {found.number} n’est pas connu"
        same = {"d": home[0], "kind": paper.kind.value, "key": paper.key}
        where = "dossier = :d AND kind = :kind AND key = :key AND state IN ('en-cours', 'signee')"
        known = row(connection, f"SELECT max(version) FROM paper WHERE {where}", **same)
        newest = not known or known[0] is None or known[0] < paper.version
        if newest:
            sql = "UPDATE paper SET state = CASE WHEN state = 'signee' THEN 'signee-remplacee' ELSE 'remplacee' END"
            change(connection, f"{sql} WHERE {where}", **same)
        state = paper.state if newest else PaperState.SUPERSEDED
        version = f"{where.split(' AND state', maxsplit=1)[0]} AND version = :v AND state <> 'annulee'"
        if row(connection, f"SELECT 1 FROM paper WHERE {version}", **same, v=paper.version):
            state = PaperState.CANCELLED  # two of one version lie there: one of them came to nothing
        insert_paper(connection, replace(paper, dossier=str(home[0]), state=state))
        journal.append(connection, "recovered", detail=f"{paper.name} {paper.id[:12]} of {found.number}")
    return ""


def _insert_form(connection: sa.Connection, found: Found) -> None:
    change(
        connection,
        "INSERT INTO form (sha256, name, received_on, state, changed_at, received_at) "
        "VALUES (:s, :name, :day, 'delivre', :now, :at)",
        s=found.sha256,
        name=found.name,
        day=found.received_on.isoformat(),
        now=journal.now(),
        at=dt.datetime.fromisoformat(found.made_at).timestamp(),
    )
    forget_spare(connection, SPOOL, found.sha256)


def _insert_packet(connection: sa.Connection, found: Found) -> bool:
    """The packet's row; whether it is the one that counts of its dossier: that of the highest version."""
    beside = rows(
        connection,
        "SELECT packet.id, form.version FROM packet JOIN form ON form.sha256 = packet.sha256 WHERE form.dossier = "
        f"(SELECT dossier FROM form WHERE sha256 = :s) AND packet.state IN {PRINTED}",
        s=found.sha256,
    )
    newest = all(version < found.version for _, version in beside)
    counts = PacketState.DRAFT if found.draft else PacketState.CURRENT
    for packet, _ in beside if newest else ():
        change(
            connection,
            "UPDATE packet SET state = CASE WHEN state = 'signee' THEN 'signee-remplacee' ELSE 'remplacee' END "
            "WHERE id = :id",
            id=packet,
        )
    change(
        connection,
        "INSERT INTO packet (id, sha256, folder, state, made_at, day, pages, signatures, incomplete) "
        "VALUES (:id, :s, :folder, :state, :at, :day, :pages, :signatures, 0) ON CONFLICT DO NOTHING",
        id=found.id,
        s=found.sha256,
        folder=str(found.folder),
        state=(counts if newest else PacketState.SUPERSEDED).value,
        at=found.made_at,
        day=found.day.isoformat(),
        pages=found.pages,
        signatures=found.signatures,
    )
    return newest


def _write_ending(connection: sa.Connection, found: Found) -> None:
    change(
        connection,
        "UPDATE form SET state = 'remplace' WHERE state IN ('delivre', 'projet') AND sha256 <> :s AND dossier = "
        "(SELECT dossier FROM form WHERE sha256 = :s)",
        s=found.sha256,
    )
    change(
        connection,
        "UPDATE form SET state = :state, formation = :formation, stagiaire = :stagiaire, folder = :folder, "
        "packet = :packet, version = :version, detail = :detail WHERE sha256 = :s",
        s=found.sha256,
        state=(State.DRAFT if found.draft else State.DELIVERED).value,
        formation=found.formation,
        stagiaire=found.stagiaire,
        folder=str(found.folder),
        packet=found.id,
        version=found.version,
        detail=f"{found.pages} pages, {found.signatures} signatures",
    )
    end_job(connection, found.sha256)


def _insert_joined(connection: sa.Connection, found: Found) -> None:
    for piece, told in found.joined.items():
        known = "SELECT 1 FROM decision WHERE sha256 = :s AND kind = 'join' AND rule = :piece"
        if row(connection, known, s=found.sha256, piece=piece):
            continue
        change(
            connection,
            "INSERT INTO decision (number, sha256, kind, rule, value, by_whom, made_on) "
            "SELECT coalesce(max(number), 0) + 1, :s, 'join', :piece, :value, :by, :day FROM decision",
            s=found.sha256,
            piece=piece,
            value=json.dumps(
                {name: told[name] for name in ("sha256", "name", "pages", "country")}, ensure_ascii=False
            ),
            by=told["by"],
            day=told["day"],
        )
        forget_spare(connection, JOINED, told["sha256"])
