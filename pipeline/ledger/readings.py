"""Repository of readings and of the values that were checked: personal data, purged with the form."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict

from pipeline.core.doubts import Doubt
from pipeline.core.models import JSON, Data, FieldReading, Kind, Reading
from pipeline.core.page_places import PagePlace
from pipeline.ledger.database import Database, change, row, rows, rows_among
from pipeline.ledger.journal import now
from pipeline.ledger.members import forget_member

# A worker may have had the form in its hand when the person was erased.
_UNLESS_ERASED = "WHERE NOT EXISTS (SELECT 1 FROM form WHERE sha256 = :s AND state = 'efface')"


class Readings:
    """The readings and records of one ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, sha256: str, reader: str) -> Reading | None:
        """The reading of a form by this reader (a fingerprint of all that decides what is read), if it was kept."""
        with self._db.read() as connection:
            found = row(connection, "SELECT body FROM reading WHERE sha256 = :s AND reader = :r", s=sha256, r=reader)
        return _reading(found[0]) if found else None

    def latest(self, sha256: str) -> Reading | None:
        """The reading of a form that is kept, whoever read it: what its packet was made of."""
        with self._db.read() as connection:
            sql = "SELECT body FROM reading WHERE sha256 = :s ORDER BY at DESC, reader LIMIT 1"
            found = row(connection, sql, s=sha256)
        return _reading(found[0]) if found else None

    def keep(self, reading: Reading, reader: str) -> None:
        """Keep a reading; those of other readers are forgotten."""
        with self._db.write() as connection:
            change(connection, "DELETE FROM reading WHERE sha256 = :s", s=reading.sha256)
            change(
                connection,
                f"INSERT INTO reading (sha256, reader, at, body) SELECT :s, :r, :at, :body {_UNLESS_ERASED}",
                s=reading.sha256,
                r=reader,
                at=now(),
                body=json.dumps(asdict(reading), ensure_ascii=False),
            )

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
            forget_member(connection, sha256)

    def record(self, sha256: str) -> Data | None:
        """The values that a form was last checked with."""
        with self._db.read() as connection:
            found = row(connection, "SELECT body FROM record WHERE sha256 = :s", s=sha256)
        return json.loads(found[0]) if found else None

    def records(self, several: Collection[str]) -> dict[str, Data]:
        """The values of several forms, those of them that are kept."""
        with self._db.read() as connection:
            found = rows_among(connection, "SELECT sha256, body FROM record WHERE sha256 IN :several", several)
        return {sha256: json.loads(body) for sha256, body in found}


def _reading(body: str) -> Reading:
    kept = json.loads(body)
    fields = tuple(
        FieldReading(
            **{**entry, "box": tuple(entry["box"]) if entry["box"] else None, "doubt": _doubt(entry["doubt"])}
        )
        for entry in kept["fields"]
    )
    places = tuple(PagePlace(one[0], tuple(one[1])) if one else None for one in kept.get("stray_places", ()))
    read = {"kind": Kind(kept["kind"]), "fields": fields, "strays": tuple(kept["strays"]), "stray_places": places}
    return Reading(**{**kept, **read})


def _doubt(kept: JSON) -> Doubt | None:
    """A doubt as it was kept: its parts, or the text that it was in releases before it had any."""
    if isinstance(kept, str):
        return Doubt.parsed(kept)
    return Doubt.loaded(kept) if kept else None
