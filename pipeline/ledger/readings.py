"""What was read of each form, and the values it was checked with: personal data, purged with the form."""

from __future__ import annotations

import json
from dataclasses import asdict

from pipeline.ledger.database import Database, change, row, rows
from pipeline.ledger.journal import now
from pipeline.models import JSON, Data, FieldReading, Kind, Reading


class Readings:
    """The readings and records of one ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, sha256: str, reader: str) -> Reading | None:
        """The reading of a form by this reader (a fingerprint of all that decides what is read), if it was kept."""
        with self._db.read() as connection:
            found = row(connection, "SELECT body FROM reading WHERE sha256 = :s AND reader = :r", s=sha256, r=reader)
        return _reading(found[0]) if found else None

    def keep(self, reading: Reading, reader: str) -> None:
        """Keep a reading; those of other readers are forgotten."""
        with self._db.write() as connection:
            change(connection, "DELETE FROM reading WHERE sha256 = :s", s=reading.sha256)
            change(
                connection,
                "INSERT INTO reading (sha256, reader, at, body) VALUES (:s, :r, :at, :body)",
                s=reading.sha256, r=reader, at=now(), body=json.dumps(asdict(reading), ensure_ascii=False),
            )  # fmt: skip

    def bodies(self, sha256: str) -> list[JSON]:
        """What is kept of a form's readings, as JSON."""
        with self._db.read() as connection:
            return [
                json.loads(body)
                for (body,) in rows(connection, "SELECT body FROM reading WHERE sha256 = :s", s=sha256)
            ]

    def forget(self, sha256: str) -> None:
        """Remove the readings and values of a form."""
        with self._db.write() as connection:
            change(connection, "DELETE FROM reading WHERE sha256 = :s", s=sha256)
            change(connection, "DELETE FROM record WHERE sha256 = :s", s=sha256)

    def record(self, sha256: str) -> Data | None:
        """The values that a form was last checked with."""
        with self._db.read() as connection:
            found = row(connection, "SELECT body FROM record WHERE sha256 = :s", s=sha256)
        return json.loads(found[0]) if found else None

    def keep_record(self, sha256: str, data: Data, person: str | None) -> None:
        """Keep the values of a form as checked, and whose they are."""
        with self._db.write() as connection:
            change(
                connection,
                "INSERT INTO record (sha256, at, body) VALUES (:s, :at, :body) "
                "ON CONFLICT (sha256) DO UPDATE SET at = excluded.at, body = excluded.body",
                s=sha256, at=now(), body=json.dumps(data, ensure_ascii=False),
            )  # fmt: skip
            change(connection, "UPDATE form SET person = :person WHERE sha256 = :s", person=person, s=sha256)


def _reading(body: str) -> Reading:
    kept = json.loads(body)
    fields = tuple(
        FieldReading(**{**entry, "box": tuple(entry["box"]) if entry["box"] else None}) for entry in kept["fields"]
    )
    return Reading(**{**kept, "kind": Kind(kept["kind"]), "fields": fields, "strays": tuple(kept["strays"])})
