"""Repository of the life of dossiers: facts, appended only, and papers, each version once.

Whoever tells a fact or issues a paper says what they had seen: where something was told meanwhile, nothing is
written. A paper is intended before anything is seen in the outbox, and counts once it is published.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from pipeline.core.errors import NotAllowed
from pipeline.core.life import COUNTING, Fact, FactKind, Facts, Paper, PaperKind, PaperState, Told
from pipeline.core.models import packet_number
from pipeline.ledger.database import Database, Row, change, change_many, row, rows
from pipeline.ledger.form_rows import forget_spare
from pipeline.ledger.journal import MACHINE, append, now
from pipeline.ledger.lying_beside import JOINED
from pipeline.ledger.numbering import number_of
from pipeline.ledger.packet_store import PacketState, lock_packet

_FACTS = "SELECT number, dossier, kind, key, body, by_whom, day, at FROM fact"
_PAPERS = "SELECT id, dossier, kind, key, version, state, folder, day, made_at, body, replaces FROM paper"
_REPLACED = {
    PaperState.CURRENT: PaperState.SUPERSEDED,
    PaperState.SIGNED: PaperState.SIGNED_SUPERSEDED,
}


class LifeBook:
    """The facts and papers of one ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def facts(self, dossier: str) -> Facts:
        """All that was told of a dossier."""
        with self._db.read() as connection:
            found = rows(connection, f"{_FACTS} WHERE dossier = :d ORDER BY number", d=dossier)
        return Facts(tuple(map(_fact, found)))

    def all_facts(self) -> tuple[Fact, ...]:
        """All that was told of every dossier, in order."""
        with self._db.read() as connection:
            return tuple(map(_fact, rows(connection, f"{_FACTS} ORDER BY number")))

    def tell(
        self,
        dossier: str,
        told: Sequence[Told],
        *,
        by: str,
        day: dt.date,
        seen: int,
        form: str = "",
        file: str = "",
        signs: Iterable[str] = (),
        packet: str = "",
        becomes: PacketState = PacketState.SIGNED,
    ) -> bool:
        """Note facts of a dossier, all or none; ``False`` where another was told since ``seen``.

        ``form`` is the hash under which the journal has it; ``file`` that of a file that was kept with it; ``signs``
        the papers that are signed by all by it, ``packet`` the one that ``becomes`` signed, or
        taken, by it: ``False`` where it was replaced.
        Raises NotAllowed for a dossier that is closed.
        """
        with self._db.write() as connection:
            if seen_of(connection, dossier) != seen:
                return False
            if packet and lock_packet(connection, packet, becomes, by) is None:
                return False
            write_facts(connection, dossier, told, by=by, day=day, form=form)
            if file:
                forget_spare(connection, JOINED, file)
            for paper in signs:
                sql = "UPDATE paper SET state = 'signee' WHERE id = :p AND state = 'en-cours'"
                change(connection, sql, p=paper)
        return True

    def histories(self) -> dict[str, Facts]:
        """What was asked, judged and closed, by dossier: what the states of all dossiers follow from."""
        told: dict[str, list[Fact]] = {}
        with self._db.read() as connection:
            where = "WHERE kind IN ('modification', 'avis', 'cloture') ORDER BY number"
            for one in map(_fact, rows(connection, f"{_FACTS} {where}")):
                told.setdefault(one.dossier, []).append(one)
        return {dossier: Facts(tuple(facts)) for dossier, facts in told.items()}

    def facts_of_all(self, kind: FactKind, key: str) -> tuple[Fact, ...]:
        """What was told of one kind and key, of every dossier, the oldest first."""
        with self._db.read() as connection:
            where = "WHERE kind = :kind AND key = :key ORDER BY number"
            return tuple(map(_fact, rows(connection, f"{_FACTS} {where}", kind=kind.value, key=key)))

    def papers(self, dossier: str) -> tuple[Paper, ...]:
        """The papers of a dossier, the oldest first, without those that came to nothing."""
        return self._papers("WHERE dossier = :d AND state <> 'annulee'", d=dossier)

    def all_of(self, dossier: str) -> tuple[Paper, ...]:
        """Every paper of a dossier, also those that came to nothing."""
        return self._papers("WHERE dossier = :d", d=dossier)

    def cancel(self, paper: str) -> None:
        """Note that a paper which was intended comes to nothing."""
        with self._db.write() as connection:
            change(connection, "UPDATE paper SET state = 'annulee' WHERE id = :p AND state = 'prevue'", p=paper)

    def paper(self, identity: str) -> Paper | None:
        """One paper by its whole id."""
        return next(iter(self._papers("WHERE id = :p", p=identity)), None)

    def intended(self) -> tuple[Paper, ...]:
        """The papers that were to be published when whoever made them was last heard of."""
        return self._papers("WHERE state = 'prevue'")

    def all_papers(self) -> tuple[Paper, ...]:
        """Every paper."""
        return self._papers("")

    def dossiers(self) -> tuple[str, ...]:
        """The dossiers that have a packet that counts: those whose life goes on."""
        sql = (
            "SELECT DISTINCT form.dossier FROM form JOIN packet ON packet.sha256 = form.sha256 "
            "WHERE packet.state IN ('en-cours', 'retiree', 'signee') ORDER BY form.dossier"
        )
        with self._db.read() as connection:
            return tuple(str(one) for (one,) in rows(connection, sql))

    def intend(self, paper: Paper, *, seen: int) -> Paper | None:
        """Note a paper before it is published: itself, or the one that says the same already.

        ``paper`` has neither id nor version yet, and the beginning of its folder's name. Its version is the next of
        its kind and key. One that was intended before, and says something else, is cancelled. ``None`` where a fact
        was told since ``seen``.
        """
        with self._db.write() as connection:
            if seen_of(connection, paper.dossier) != seen:
                return None
            _require_open(connection, paper.dossier)
            where = "WHERE dossier = :d AND kind = :kind AND key = :key AND state <> 'annulee' ORDER BY version"
            found = rows(connection, f"{_PAPERS} {where}", d=paper.dossier, kind=paper.kind.value, key=paper.key)
            before = [_paper(one) for one in found]
            same = next((one for one in reversed(before) if one.counts or one.state is PaperState.INTENDED), None)
            if same is not None and same.basis == paper.basis:
                return same
            if same is not None and same.state is PaperState.INTENDED:
                change(connection, "UPDATE paper SET state = 'annulee' WHERE id = :p", p=same.id)
                before.remove(same)
            holds = next((one for one in reversed(before) if one.counts), None)
            version = max((one.version for one in before), default=0) + 1
            identity = _identity(paper, version)
            noted = replace(
                paper,
                id=identity,
                version=version,
                state=PaperState.INTENDED,
                folder=paper.folder.with_name(f"{paper.folder.name}_{packet_number(identity)}"),
                made_at=now(),
                replaces=holds.id if holds else None,
            )
            insert_paper(connection, noted)
        return noted

    def settle(self, paper: Paper, *, form: str = "", by: str = MACHINE) -> None:
        """Have a paper that lies in the outbox count, in the place of the one before; said twice, it is said once."""
        with self._db.write() as connection:
            first = change(
                connection, "UPDATE paper SET state = 'en-cours' WHERE id = :p AND state = 'prevue'", p=paper.id
            )
            if not first:
                return
            counting = ", ".join(repr(state.value) for state in sorted(COUNTING))
            where = f"WHERE dossier = :d AND kind = :kind AND key = :key AND id <> :p AND state IN ({counting})"
            found = rows(
                connection,
                f"{_PAPERS} {where}",
                d=paper.dossier,
                kind=paper.kind.value,
                key=paper.key,
                p=paper.id,
            )
            for one in map(_paper, found):
                sql = "UPDATE paper SET state = :state WHERE id = :p"
                change(connection, sql, state=_REPLACED[one.state].value, p=one.id)
            append(connection, "issued", form, f"{paper.name} {paper.id[:12]}", actor=by)

    def _papers(self, where: str, **values: str) -> tuple[Paper, ...]:
        with self._db.read() as connection:
            found = rows(connection, f"{_PAPERS} {where} ORDER BY made_at, kind, key, version", **values)
        return tuple(map(_paper, found))


def write_facts(
    connection: sa.Connection, dossier: str, told: Sequence[Told], *, by: str, day: dt.date, form: str = ""
) -> None:
    """Append facts, within a transaction that holds the right to write, with a line of the journal for each kind.

    Raises NotAllowed for a dossier that is closed: it takes no fact but that it is opened again.
    """
    if any(one.kind is not FactKind.CLOSED for one in told):
        _require_open(connection, dossier)
    last = row(connection, "SELECT coalesce(max(number), 0) FROM fact") or (0,)
    change_many(
        connection,
        "INSERT INTO fact (number, dossier, kind, key, body, by_whom, day, at) "
        "VALUES (:number, :dossier, :kind, :key, :body, :by, :day, :at)",
        [
            {
                "number": last[0] + at,
                "dossier": dossier,
                "kind": one.kind.value,
                "key": one.key,
                "body": json.dumps(one.body, ensure_ascii=False),
                "by": by,
                "day": day.isoformat(),
                "at": now(),
            }
            for at, one in enumerate(told, 1)
        ],
    )
    for event in dict.fromkeys(one.event for one in told):
        keys = " ".join(one.key for one in told if one.event == event)
        append(connection, event, form, keys, actor=by)


def _require_open(connection: sa.Connection, dossier: str) -> None:
    sql = "SELECT body FROM fact WHERE dossier = :d AND kind = 'cloture' ORDER BY number DESC LIMIT 1"
    found = row(connection, sql, d=dossier)
    if found is not None and not json.loads(found[0]).get("rouvert"):
        number = number_of(connection, dossier)
        raise NotAllowed(
            f"Le dossier {number} est clos : rien n’y est ajouté. Pour le rouvrir : "
            f"liasse close {number} --reopen --by NOM --reason MOTIF"
        )


def seen_of(connection: sa.Connection, dossier: str) -> int:
    """The number of the last fact of a dossier; 0 where nothing was told."""
    found = row(connection, "SELECT coalesce(max(number), 0) FROM fact WHERE dossier = :d", d=dossier)
    return int(found[0]) if found else 0


def _identity(paper: Paper, version: int) -> str:
    """Sixteen digits for all that decides what a paper says."""
    told = "\x1f".join((paper.dossier, paper.kind.value, paper.key, str(version), paper.basis))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def insert_paper(connection: sa.Connection, paper: Paper) -> None:
    """Write the row of a paper, within a transaction that holds the right to write; a cancelled one is again."""
    change(
        connection,
        "INSERT INTO paper (id, dossier, kind, key, version, state, folder, day, made_at, body, replaces) "
        "VALUES (:id, :dossier, :kind, :key, :version, :state, :folder, :day, :at, :body, :replaces) "
        "ON CONFLICT (id) DO UPDATE SET state = excluded.state, day = excluded.day, made_at = excluded.made_at, "
        "body = excluded.body, replaces = excluded.replaces WHERE paper.state = 'annulee'",
        id=paper.id,
        dossier=paper.dossier,
        kind=paper.kind.value,
        key=paper.key,
        version=paper.version,
        state=paper.state.value,
        folder=str(paper.folder),
        day=paper.day.isoformat(),
        at=paper.made_at,
        body=json.dumps(paper.body, ensure_ascii=False),
        replaces=paper.replaces,
    )


def _fact(found: Row) -> Fact:
    number, dossier, kind, key, body, by, day, at = found
    return Fact(number, dossier, FactKind(kind), key, json.loads(body), by, dt.date.fromisoformat(day), at)


def _paper(found: Row) -> Paper:
    identity, dossier, kind, key, version, state, folder, day, at, body, replaces = found
    return Paper(
        identity,
        dossier,
        PaperKind(kind),
        key,
        version,
        PaperState(state),
        Path(folder),
        dt.date.fromisoformat(day),
        at,
        json.loads(body),
        replaces,
    )
