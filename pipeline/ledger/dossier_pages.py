"""Keyset pagination of dossiers: one stretch of them after a place in an order, however many there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.ledger.database import Database, row, rows_among
from pipeline.ledger.numbering import Dossier
from pipeline.ledger.packet_store import PACKETS, PacketLine, packet_line

# What dossiers are ordered by: parts of a key, of which the last tells them apart.
_NUMBER = ("substr(number, 1, 4)", "length(number)", "number")
ORDERS: Mapping[str, tuple[str, ...]] = {
    "number": _NUMBER,
    "opened": ("opened_on", *_NUMBER),
    "changed": ("changed", *_NUMBER),
}
_SELECT = (
    "SELECT id, number, opened_on, (SELECT coalesce(max(changed_at), '') FROM form WHERE form.dossier = dossier.id) "
    "AS changed FROM dossier WHERE EXISTS (SELECT 1 FROM form WHERE form.dossier = dossier.id {formations})"
)
_ONE_OF = "AND form.formation IN :formations"
Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Placed:
    """A dossier, the moment of the last change of a form of it (UTC), and its place in the order."""

    dossier: Dossier
    changed: str
    key: Key


class DossierPages:
    """The dossiers of one ledger in order."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def after(
        self, key: Key, order: str, *, backward: bool, most: int, formations: Collection[str] | None
    ) -> Sequence[Placed]:
        """So many dossiers after a place (an empty key: from the beginning) that have a form of these formations."""
        parts = ORDERS[order]
        which = _SELECT.format(formations="" if formations is None else _ONE_OF)
        keys = ", ".join(parts)
        bound = ", ".join(f":k{at}" for at in range(len(key)))
        where = f"WHERE ({keys}) {'<' if backward else '>'} ({bound})" if key else ""
        way = ", ".join(f"{part} {'DESC' if backward else 'ASC'}" for part in parts)
        sql = (
            f"SELECT id, number, opened_on, changed, {keys} FROM ({which}) AS one {where} ORDER BY {way} LIMIT :most"
        )
        values: dict[str, object] = {f"k{at}": part for at, part in enumerate(key)}
        query = sa.text(sql)
        if formations is not None:
            query = query.bindparams(sa.bindparam("formations", expanding=True))
            values["formations"] = sorted(formations)
        with self._db.read() as connection:
            found = [tuple(one) for one in connection.execute(query, {**values, "most": most})]
        return [
            Placed(Dossier(one, number, dt.date.fromisoformat(day)), changed, tuple(place))
            for one, number, day, changed, *place in found
        ]

    def changed_at(self, dossier: str) -> str:
        """The moment of the last change of a form of a dossier (UTC)."""
        sql = "SELECT coalesce(max(changed_at), '') FROM form WHERE dossier = :d"
        with self._db.read() as connection:
            found = row(connection, sql, d=dossier)
        return str(found[0]) if found else ""

    def packets(self, forms: Collection[str]) -> Mapping[str, Sequence[PacketLine]]:
        """The packets made of several forms, by form, the oldest first."""
        sql = f"{PACKETS} WHERE packet.sha256 IN :several ORDER BY packet.made_at, packet.id"
        with self._db.read() as connection:
            found = rows_among(connection, sql, forms)
        lines: defaultdict[str, list[PacketLine]] = defaultdict(list)
        for one in map(packet_line, found):
            lines[one.sha256].append(one)
        return lines

    def closed(self, dossiers: Collection[str]) -> frozenset[str]:
        """Which of these dossiers somebody closed, and nobody opened again since."""
        sql = (
            "SELECT dossier, json_extract(body, '$.rouvert') FROM fact WHERE kind = 'cloture' "
            "AND dossier IN :several ORDER BY number"
        )
        with self._db.read() as connection:
            told = rows_among(connection, sql, dossiers)
        reopened = {one: bool(again) for one, again in told}  # the last word of each
        return frozenset(one for one, again in reopened.items() if not again)
