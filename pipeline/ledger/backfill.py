"""What migrations compute: a workspace of an older liasse gets its dossiers and its cohort's keys.

It runs in the transaction of the migration: killed at any moment, the ledger is what it was before.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from pipeline.core.errors import HouseError
from pipeline.core.identity import Identity, Internship, identity_of, internship_of
from pipeline.core.member import member_of
from pipeline.core.models import Data
from pipeline.ledger.database import change, row, rows
from pipeline.ledger.members import keep_member
from pipeline.ledger.numbering import open_dossier, session_year
from pipeline.storage.kill_points import passing
from pipeline.storage.processes import is_alive

_COUNTED = re.compile(r"(\d+) pages, (\d+) signatures")
MIGRATING = "migrating"  # a point at which a process that migrates may be killed: once for each form


def open_dossiers(connection: sa.Connection) -> None:
    """Give every form its dossier, by arrival: of the version it replaces, of the same internship, or a new one.

    Forms that were put away keep one of their own: nothing is known of them any more. Raises HouseError while a
    process of the older liasse has a form in hand: it would write as if nothing had changed.
    """
    _require_alone(connection)
    homes: dict[str, str] = {}
    by_person: dict[str, list[tuple[str, Identity, Internship]]] = {}
    for sha256, received_on, state, replaces, packet, detail in rows(
        connection,
        "SELECT sha256, received_on, state, replaces, packet, detail FROM form "
        "ORDER BY received_on, received_at, sha256",
    ):
        passing(MIGRATING)
        _count_pages(connection, packet, detail)
        body = row(connection, "SELECT body FROM record WHERE sha256 = :s", s=sha256)  # one at a time in memory
        data: Data = json.loads(body[0]) if body else {}
        who, what = identity_of(data), internship_of(data)
        name = who.name if state not in ("ecarte", "efface") else None
        known = by_person.setdefault(name, []) if name else []
        alike = {homes[other] for other, person, stage in known if who.is_surely(person) and what.is_also(stage)}
        home = homes.get(replaces or "") or (alike.pop() if len(alike) == 1 else "")  # of several a person chooses
        if home:
            change(connection, "UPDATE form SET dossier = :d WHERE sha256 = :s", d=home, s=sha256)
        else:
            home = open_dossier(connection, sha256, dt.date.fromisoformat(received_on), session_year(data)).id
        homes[sha256] = home
        known.append((sha256, who, what))
        if data:
            change(connection, "UPDATE form SET person = :p WHERE sha256 = :s", p=name, s=sha256)
            keep_member(connection, member_of(sha256, data))


def _require_alone(connection: sa.Connection) -> None:
    if any(is_alive(owner) for (owner,) in rows(connection, "SELECT owner FROM job WHERE state = 'claimed'")):
        raise HouseError(
            "the ledger has to be migrated, and programs of the older liasse are at work on it. Stop its service "
            "('watch', 'worker', 'batch'), then start again; nothing was changed."
        )


def _count_pages(connection: sa.Connection, packet: str | None, detail: str) -> None:
    """What the form's line says of its packet: « 11 pages, 8 signatures »."""
    counted = _COUNTED.match(detail)
    if packet and counted:
        change(
            connection,
            "UPDATE packet SET pages = :pages, signatures = :signatures WHERE id = :id",
            pages=int(counted[1]),
            signatures=int(counted[2]),
            id=packet,
        )


def recompute_members(connection: sa.Connection) -> None:
    """Compute again how the others see each form whose values are kept: its hours by teaching year are new (C-09).

    Raises HouseError while a process of the older liasse has a form in hand: it would keep a member without them.
    """
    _require_alone(connection)
    for (sha256,) in rows(connection, "SELECT sha256 FROM member ORDER BY sha256"):
        passing(MIGRATING)
        body = row(connection, "SELECT body FROM record WHERE sha256 = :s", s=sha256)  # one at a time in memory
        if body:
            keep_member(connection, member_of(sha256, json.loads(body[0])))


BACKFILLS: Mapping[int, Callable[[sa.Connection], None]] = {6: open_dossiers, 7: recompute_members}
