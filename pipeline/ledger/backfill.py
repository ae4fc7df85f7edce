"""What migrations compute: a workspace of an older liasse gets its dossiers and its cohort's keys.

It runs in the transaction of the migration: killed at any moment, the ledger is what it was before.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from pipeline.core.identity import person_of
from pipeline.core.member import member_of
from pipeline.core.models import Data
from pipeline.ledger.database import change, rows
from pipeline.ledger.members import keep_member
from pipeline.ledger.membership import is_same
from pipeline.ledger.numbering import open_dossier, session_year
from pipeline.storage.kill_points import passing

_COUNTED = re.compile(r"(\d+) pages, (\d+) signatures")
MIGRATING = "migrating"  # a point at which a process that migrates may be killed: once for each form


def open_dossiers(connection: sa.Connection) -> None:
    """Give every form its dossier, by arrival: of the version it replaces, of the same internship, or a new one.

    Forms that were put away keep one of their own: nothing is known of them any more.
    """
    homes: dict[str, str] = {}
    by_person: dict[str, list[tuple[str, Data]]] = {}
    for sha256, received_on, state, replaces, packet, detail, body in _forms(connection):
        passing(MIGRATING)
        _count_pages(connection, packet, detail)
        data: Data = json.loads(body) if body else {}
        person = person_of(data) if state not in ("ecarte", "efface") else None
        known = by_person.setdefault(person, []) if person else []
        home = homes.get(replaces or "") or next(
            (homes[other] for other, theirs in known if is_same(data, theirs)), ""
        )
        if home:
            change(connection, "UPDATE form SET dossier = :d WHERE sha256 = :s", d=home, s=sha256)
        else:
            home = open_dossier(connection, sha256, dt.date.fromisoformat(received_on), session_year(data)).id
        homes[sha256] = home
        known.append((sha256, data))
        if data:
            change(connection, "UPDATE form SET person = :p WHERE sha256 = :s", p=person, s=sha256)
            keep_member(connection, member_of(sha256, data))


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


def _forms(connection: sa.Connection) -> Iterator[tuple[str, str, str, str | None, str | None, str, str | None]]:
    yield from rows(
        connection,
        "SELECT form.sha256, received_on, state, replaces, packet, detail, record.body FROM form "
        "LEFT JOIN record ON record.sha256 = form.sha256 ORDER BY received_on, received_at, form.sha256",
    )


BACKFILLS: Mapping[int, Callable[[sa.Connection], None]] = {6: open_dossiers}
