"""Read model of dossiers: a light row for each, in memory, brought up to date by the journal; lists ask it alone.

Each process has its own. It is made whole once a day, and a dossier again whenever the journal tells of one of its
forms: nothing in it is the truth, and nothing of it is on a disk.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pipeline.core.folding import fold
from pipeline.dossier.index_rows import LAST, index_rows
from pipeline.dossier.state import DossierState
from pipeline.ledger.store import Ledger

_TABLE = (
    "CREATE TABLE dossier (id TEXT PRIMARY KEY, number TEXT, form TEXT, name TEXT, sort_name TEXT, formation TEXT, "
    "codes TEXT, session TEXT, host TEXT, state TEXT, rank INTEGER, acts TEXT, first TEXT, last TEXT, received REAL, "
    "detail TEXT, words TEXT)"
)
_COLUMNS = 17
_SIRET = 9  # digits that are typed with spaces between


class Sort(StrEnum):
    """What a list of dossiers is sorted by."""

    START = "debut"
    RECEIVED = "recu"
    NAME = "nom"
    NUMBER = "dossier"
    STATE = "etat"


_ORDERS = {
    Sort.START: "first, sort_name, number",
    Sort.RECEIVED: "received DESC, number DESC",
    Sort.NAME: "sort_name, number",
    Sort.NUMBER: "number DESC",
    Sort.STATE: "rank, first, number",
}


@dataclass(frozen=True)
class Sought:
    """Which dossiers are listed: those that fit all that is given; ``among``: of these formations alone.

    ``acts``: who must act (``Who``, or one of the words above); ``begins``: within so many days from today.
    """

    words: str = ""
    formation: str = ""
    session: str = ""
    state: str = ""
    acts: str = ""
    begins: int | None = None
    among: frozenset[str] | None = None


@dataclass(frozen=True)
class Row:
    """One dossier of a list: ``form`` is the hash of the form that counts, ``detail`` what it waits for."""

    id: str
    number: str
    form: str
    name: str
    formation: str
    session: str
    host: str
    state: DossierState
    acts: str
    first: dt.date | None
    last: dt.date | None
    received: float
    detail: str


@dataclass(frozen=True)
class Listed:
    """A page of ``found`` dossiers; counts by state and by who must act are of all that fit the other filters."""

    rows: Sequence[Row]
    found: int
    page: int
    pages: int
    by_state: Mapping[str, int]
    by_actor: Mapping[str, int]
    formations: Sequence[str]
    sessions: Sequence[str]


class DossierIndex:
    """The rows of one ledger; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._db.execute(_TABLE)
        self._db.execute("CREATE INDEX facets ON dossier (state, acts, formation, session, first, codes)")
        for sort, columns in _ORDERS.items():
            self._db.execute(f"CREATE INDEX by_{sort.value} ON dossier ({columns})")
        self._kinds: list[tuple[str, str, str]] = []  # codes, formation and session of dossiers, each once
        self._homes: dict[str, str] = {}
        self._end, self._day = -1, dt.date.min

    def listed(
        self,
        ledger: Ledger,
        today: dt.date,
        sought: Sought,
        *,
        sort: Sort = Sort.START,
        page: int = 1,
        most: int = 25,
    ) -> Listed:
        """One page of the dossiers sought, as they are now; a page after the last is the last."""
        with self._lock:
            self._refresh(ledger, today)
            return self._page(sought, today, sort, page, most)

    def numbers(self, ledger: Ledger, today: dt.date, sought: Sought) -> tuple[str, ...]:
        """The ids of all dossiers sought, by number."""
        with self._lock:
            self._refresh(ledger, today)
            where, values = self._where(sought, today)
            return tuple(
                one for (one,) in self._db.execute(f"SELECT id FROM dossier WHERE {where} ORDER BY number", values)
            )

    def _page(self, sought: Sought, today: dt.date, sort: Sort, page: int, most: int) -> Listed:
        facets = self._facets(sought, today)
        by_state: Counter[str] = Counter()
        by_actor: Counter[str] = Counter()
        found = 0
        for (state, acts), count in facets.items():
            in_state, in_hand = sought.state in {"", state}, sought.acts in {"", acts}
            by_state[state] += count * in_hand
            by_actor[acts] += count * in_state
            found += count * (in_state and in_hand)
        pages = max(1, -(-found // most))
        page = min(max(page, 1), pages)
        where, values = self._where(sought, today)
        sql = f"SELECT * FROM dossier WHERE {where} ORDER BY {_ORDERS[sort]} LIMIT ? OFFSET ?"
        shown = self._db.execute(sql, (*values, most, (page - 1) * most)).fetchall()
        seen = [
            one for one in self._kinds if sought.among is None or (one[0] and set(one[0].split()) <= sought.among)
        ]
        formations, sessions = sorted({one[1] for one in seen if one[1]}), sorted({one[2] for one in seen if one[2]})
        return Listed(tuple(map(_row, shown)), found, page, pages, +by_state, +by_actor, formations, sessions)

    def _facets(self, sought: Sought, today: dt.date) -> dict[tuple[str, str], int]:
        """How many there are by state and by who must act, whichever of these is sought."""
        where, values = self._where(replace(sought, state="", acts=""), today)
        sql = f"SELECT state, acts, count(*) FROM dossier WHERE {where} GROUP BY 1, 2"
        return {(state, acts): count for state, acts, count in self._db.execute(sql, values)}

    def _where(self, sought: Sought, today: dt.date) -> tuple[str, list[Any]]:
        parts, values = ["1"], []
        for column in ("formation", "session", "state", "acts"):
            if getattr(sought, column):
                parts.append(f"{column} = ?")
                values.append(getattr(sought, column))
        for word in _words(sought.words):
            parts.append("instr(words, ?) > 0")
            values.append(word)
        if sought.begins is not None:
            parts.append("first BETWEEN ? AND ?")
            values += [today.isoformat(), (today + dt.timedelta(days=sought.begins)).isoformat()]
        if sought.among is not None:
            mine = sorted({one for one, _, _ in self._kinds if one and set(one.split()) <= sought.among})
            parts.append(f"codes IN ({', '.join('?' * len(mine))})")
            values += mine
        return " AND ".join(parts), values

    def _refresh(self, ledger: Ledger, today: dt.date) -> None:
        """Bring the rows to what the ledger says now."""
        end = ledger.journal_end()
        if end == self._end and today == self._day:
            return
        whole = self._end < 0 or today != self._day
        if whole:
            entries, touched = ledger.entries.all(), set()
        else:
            homes = ledger.entries.homes(ledger.changed_since(self._end))
            left = {self._homes[form] for form, home in homes.items() if self._homes.get(form, home) != home}
            touched = {one for one in (*homes.values(), *left) if one}
            entries = ledger.entries.among_dossiers(touched)
        made = list(index_rows(ledger, entries, today))
        marks = ", ".join("?" * _COLUMNS)
        self._db.execute("BEGIN")
        if whole:
            self._db.execute("DELETE FROM dossier")
            self._homes.clear()
        self._db.executemany("DELETE FROM dossier WHERE id = ?", [(one,) for one in touched])
        self._db.executemany(f"INSERT INTO dossier VALUES ({marks})", made)
        self._db.execute("COMMIT")
        self._homes |= {one.form.sha256: one.dossier for one in entries}
        self._kinds = self._db.execute("SELECT DISTINCT codes, formation, session FROM dossier").fetchall()
        self._end, self._day = end, today


def _words(typed: str) -> Iterable[str]:
    """The words that somebody searches, as rows have them; a SIRET may be typed with spaces."""
    digits = "".join(typed.split())
    return [digits] if digits.isdigit() and len(digits) >= _SIRET else fold(typed).split()


def _row(found: tuple[Any, ...]) -> Row:
    identity, number, form, name, _, formation, _, session, host, state, _, acts, first, last, received, detail, _ = (
        found
    )
    return Row(
        identity,
        number,
        form,
        name,
        formation,
        session,
        host,
        DossierState(state),
        acts,
        None if first == LAST else dt.date.fromisoformat(first),
        dt.date.fromisoformat(last) if last else None,
        received,
        detail,
    )
