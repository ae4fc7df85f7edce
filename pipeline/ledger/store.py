"""The ledger: a small SQLite file that remembers each form, each decision and each step, across runs."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.decisions import Confirmation, Decisions, Override
from pipeline.errors import HouseError
from pipeline.models import Data, Form
from pipeline.workspace import Workspace

_TABLES = """
CREATE TABLE IF NOT EXISTS form (
    sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, received_on TEXT NOT NULL,
    state TEXT NOT NULL, formation TEXT, stagiaire TEXT, detail TEXT NOT NULL DEFAULT '',
    folder TEXT, packet TEXT, changed_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS decision (
    number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES form, kind TEXT NOT NULL,
    rule TEXT, value TEXT, by_whom TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', made_on TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS journal (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, sha256 TEXT NOT NULL, event TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
"""


class State(StrEnum):
    """Where a form has got."""

    RECEIVED = "recu"
    DELIVERED = "delivre"
    WAITING = "en-attente"
    TO_COMPLETE = "a-completer"
    FAILED = "en-panne"


@dataclass(frozen=True)
class Entry:
    """One form as the ledger knows it. ``folder`` is relative to the outbox."""

    form: Form
    state: State
    formation: str | None
    stagiaire: str | None
    detail: str
    folder: Path | None
    packet: str | None


class Ledger:
    """The memory of one workspace. Every change is one durable transaction, with a line in the journal."""

    def __init__(self, connection: sqlite3.Connection, workspace: Workspace) -> None:
        self._db = connection
        self._workspace = workspace

    @classmethod
    @contextmanager
    def open(cls, workspace: Workspace) -> Iterator[Ledger]:
        """Open (or make) the ledger of a workspace; raises HouseError if the file cannot be used."""
        path = workspace.memory / "ledger.sqlite3"
        try:
            path.parent.mkdir(exist_ok=True, mode=0o700)
            connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise HouseError(
                f"the ledger {path} cannot be opened: {error}. Mend its folder's access or space."
            ) from error
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.executescript(_TABLES)
            yield cls(connection, workspace)
        except sqlite3.Error as error:
            raise HouseError(
                f"the ledger {path} does not answer: {error}. Run again; if it lasts, restore it."
            ) from error
        finally:
            connection.close()

    @contextmanager
    def _change(self, sha256: str, event: str, detail: str) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute(
                "INSERT INTO journal (at, sha256, event, detail) VALUES (?, ?, ?, ?)", (_now(), sha256, event, detail)
            )
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def remember(self, form: Form) -> Entry:
        """Note a received form; one already known keeps its first name and day."""
        with self._change(form.sha256, "received", ""):
            self._db.execute(
                "INSERT INTO form (sha256, name, received_on, state, changed_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (sha256) DO NOTHING",
                (form.sha256, form.name, form.received_on.isoformat(), State.RECEIVED, _now()),
            )
        return self._entry(form.sha256)

    def settle(
        self, form: Form, state: State, *, detail: str = "", formation: str | None = None,
        stagiaire: str | None = None, folder: Path | None = None, packet: str | None = None,
    ) -> None:  # fmt: skip
        """Note where a form has got. What is not given is forgotten: it belonged to the state before."""
        with self._change(form.sha256, state.value, ""):
            self._db.execute(
                "UPDATE form SET state = ?, detail = ?, formation = ?, stagiaire = ?, folder = ?, packet = ?, "
                "changed_at = ? WHERE sha256 = ?",
                (state, detail, formation, stagiaire, str(folder) if folder else None, packet, _now(), form.sha256),
            )

    def decide_accord(self, form: Form, accord: Data, by: str) -> None:
        """Keep an accord pédagogique, favourable or not; the last one given counts."""
        with self._change(form.sha256, "accord", by):
            self._db.execute(
                "INSERT INTO decision (sha256, kind, value, by_whom, made_on) VALUES (?, 'accord', ?, ?, ?)",
                (form.sha256, json.dumps(accord, ensure_ascii=False), by, accord["date"]),
            )

    def decide_override(self, form: Form, override: Override) -> None:
        """Keep the lifting of a rule, with who and why."""
        with self._change(form.sha256, "override", override.rule):
            self._db.execute(
                "INSERT INTO decision (sha256, kind, rule, by_whom, reason, made_on) "
                "VALUES (?, 'override', ?, ?, ?, ?)",
                (form.sha256, override.rule, override.by, override.reason, override.on.isoformat()),
            )

    def decide_confirm(self, form: Form, settled: Iterable[Confirmation]) -> None:
        """Keep values settled by a person, all or none, each with who, when, before and after."""
        several = tuple(settled)
        with self._change(form.sha256, "confirm", " ".join(one.field for one in several)):
            self._db.executemany(
                "INSERT INTO decision (sha256, kind, rule, value, by_whom, made_on) "
                "VALUES (?, 'confirm', ?, ?, ?, ?)",
                [
                    (
                        form.sha256, one.field,
                        json.dumps({"before": one.before, "after": one.after}, ensure_ascii=False),
                        one.by, one.on.isoformat(),
                    )
                    for one in several
                ],
            )  # fmt: skip

    def decisions(self, form: Form) -> Decisions:
        """What people have decided of a form; of each rule and each field, the last word."""
        accord: Data | None = None
        overrides: dict[str, Override] = {}
        confirmed: dict[str, Confirmation] = {}
        for kind, rule, value, by, reason, on in self._db.execute(
            "SELECT kind, rule, value, by_whom, reason, made_on FROM decision WHERE sha256 = ? ORDER BY number",
            (form.sha256,),
        ):
            if kind == "accord":
                accord = json.loads(value)
            elif kind == "confirm":
                words = json.loads(value)
                day = dt.date.fromisoformat(on)
                confirmed[rule] = Confirmation(rule, words["before"], words["after"], by, day)
            else:
                overrides[rule] = Override(rule, by, reason, dt.date.fromisoformat(on))
        return Decisions(accord, tuple(overrides.values()), tuple(confirmed.values()))

    def find(self, start: str) -> tuple[Entry, ...]:
        """The forms whose id, or whose packet's id, begins so."""
        pattern = start.lower().replace("%", "").replace("_", "") + "%"
        rows = self._db.execute("SELECT sha256 FROM form WHERE sha256 LIKE ? OR packet LIKE ?", (pattern, pattern))
        return tuple(self._entry(sha256) for (sha256,) in rows.fetchall())

    def entries(self) -> tuple[Entry, ...]:
        """Every form, the latest received last."""
        rows = self._db.execute("SELECT sha256 FROM form ORDER BY received_on, rowid").fetchall()
        return tuple(self._entry(sha256) for (sha256,) in rows)

    def _entry(self, sha256: str) -> Entry:
        name, received_on, state, formation, stagiaire, detail, folder, packet = self._db.execute(
            "SELECT name, received_on, state, formation, stagiaire, detail, folder, packet "
            "FROM form WHERE sha256 = ?",
            (sha256,),
        ).fetchone()
        path = self._workspace.memory / "spool" / sha256[:2] / sha256
        form = Form(sha256, path, name, dt.date.fromisoformat(received_on))
        return Entry(form, State(state), formation, stagiaire, detail, Path(folder) if folder else None, packet)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
