"""Values of a form as checked, with what depends on them: whose they are, its dossier, its keys for the cohort."""

from __future__ import annotations

import json

import sqlalchemy as sa

from pipeline.core.formation import Session
from pipeline.core.identity import person_of
from pipeline.core.member import member_of
from pipeline.core.models import Data
from pipeline.ledger import journal, membership
from pipeline.ledger.database import change, row
from pipeline.ledger.entries import State
from pipeline.ledger.members import keep_member


def write_values(connection: sa.Connection, sha256: str, data: Data, session: Session | None = None) -> None:
    """Keep the values of a form, within a transaction; nothing of a form that was erased or is not known."""
    known = row(connection, "SELECT state FROM form WHERE sha256 = :s", s=sha256)
    if known is None or State(known[0]) is State.ERASED:
        return
    change(
        connection,
        "INSERT INTO record (sha256, at, body) VALUES (:s, :at, :body) "
        "ON CONFLICT (sha256) DO UPDATE SET at = excluded.at, body = excluded.body",
        s=sha256,
        at=journal.now(),
        body=json.dumps(data, ensure_ascii=False),
    )
    change(connection, "UPDATE form SET person = :person WHERE sha256 = :s", person=person_of(data), s=sha256)
    membership.place(connection, sha256, data)
    keep_member(connection, member_of(sha256, data, session=session))
