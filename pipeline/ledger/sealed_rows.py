"""Rows of the ledger as the sealed copy tells them: which tables, a row by its name, all of them, and back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from pipeline.ledger.database import newest_migration, row
from pipeline.ledger.journal import now
from pipeline.storage.journal_copy import Seal, SealedLine

Held = dict[str, dict[tuple[Any, ...], list[dict[str, Any]]]]  # rows by table, and by what names them
# Each table that is copied, with what names a row, or a group of rows that are written together.
TABLES: Mapping[str, tuple[str, ...]] = {
    "dossier": ("id",),
    "dossier_number": ("number",),
    "numbering": ("year",),
    "form": ("sha256",),
    "arrival": ("source",),
    "decision": ("number",),
    "membership": ("number",),
    "packet": ("id",),
    "fact": ("number",),
    "paper": ("id",),
    "account": ("id",),
    "api_token": ("hash",),
    "access_link": ("hash",),
    "upload": ("actor", "key"),
    "webhook": ("id",),
    "webhook_call": ("webhook", "number"),
    "record": ("sha256",),
    "member": ("sha256",),
    "member_key": ("sha256",),
    "spare_file": ("place", "sha256"),
    "job": ("sha256",),
    "journal": ("number",),
}
_AT_ONCE = 200  # rows in one line of a copy that is written whole


def counts_of(connection: sa.Connection) -> dict[str, int]:
    """How many rows each table has."""
    found = row(connection, "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)) or ()
    return dict(zip(TABLES, found, strict=True))


def rows_named(connection: sa.Connection, table: str, name: list[Any]) -> list[dict[str, Any]]:
    """The rows of a name, as they are now."""
    where = " AND ".join(f"{column} = :{column}" for column in TABLES[table])
    found = connection.execute(
        sa.text(f"SELECT * FROM {table} WHERE {where}"), dict(zip(TABLES[table], name, strict=True))
    )
    return [dict(one) for one in found.mappings()]


def whole(connection: sa.Connection, last: Seal) -> Iterator[SealedLine]:
    """Every row, in lines that follow the one given; the last says only how many there are."""
    frame = {"follows": last.hash, "at": now(), "migration": newest_migration()}
    for table, names in TABLES.items():
        order = ", ".join(names)
        found = connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY {order}")).mappings()
        for part in found.partitions(_AT_ONCE):
            body = as_json({**frame, "set": {table: [dict(one) for one in part]}})
            last = last.over(body)
            yield SealedLine(last, body)
            frame.pop("follows", None)
    body = as_json({**frame, "set": {}, "counts": counts_of(connection)})
    yield SealedLine(last.over(body), body)


def image(
    lines: Iterable[SealedLine],
) -> tuple[Held, int, SealedLine | None]:
    """What a ledger held when the last of these lines was written: its rows, its migration; and that line."""
    held: Held = defaultdict(lambda: defaultdict(list))
    migration, last = 0, None
    for last in lines:
        told = json.loads(last.body)
        migration = told["migration"]
        for table, names in told.get("gone", {}).items():
            for name in names:
                held[table].pop(tuple(name), None)
        for table, found in told["set"].items():
            for one in found:
                name = tuple(one[column] for column in TABLES[table])
                if table != "member_key":
                    held[table].pop(name, None)
                held[table][name].append(one)
    return held, migration, last


def differing(connection: sa.Connection, held: Held) -> Iterator[str]:
    """The tables whose rows are not those that a copy tells; of jobs it knows no claims."""
    for table, groups in held.items():
        if table != "job":
            known = (dict(one) for one in connection.execute(sa.text(f"SELECT * FROM {table}")).mappings())
            if _sorted(known) != _sorted(one for group in groups.values() for one in group):
                yield table


def _sorted(found: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(as_json(one) for one in found)


def as_json(value: Mapping[str, Any]) -> str:
    """The body of a line."""
    return json.dumps(value, ensure_ascii=False)
