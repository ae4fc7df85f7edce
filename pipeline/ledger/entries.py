"""Queries on forms: where each has got, found by id, dossier, person or state, in pages."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.core.models import Form
from pipeline.core.text import visible_line
from pipeline.core.workspace import Workspace
from pipeline.ledger.database import Database, Row, rows, rows_among


class State(StrEnum):
    """Where a form has got."""

    RECEIVED = "recu"
    DELIVERED = "delivre"
    DRAFT = "projet"  # its packet cannot be signed: something is missing that only the school can give
    WAITING = "en-attente"
    TO_COMPLETE = "a-completer"
    FAILED = "en-panne"
    SUPERSEDED = "remplace"
    QUARANTINED = "quarantaine"
    DISCARDED = "ecarte"
    DIVIDED = "separe"  # a file that held several: each is a form of its own
    FILED = "verse"  # a paper of a dossier's life: its values are facts of that dossier
    ERASED = "efface"

    @property
    def needs_its_file(self) -> bool:
        """Whether the received file must still be there."""
        return self not in {State.DELIVERED, State.SUPERSEDED, *PUT_AWAY}


OPEN = frozenset({State.RECEIVED, State.DRAFT, State.WAITING, State.TO_COMPLETE, State.FAILED, State.QUARANTINED})
# SQL: states of forms that are no more of their dossier's story
OVERTAKEN = "('remplace', 'ecarte', 'separe', 'verse', 'efface')"
PRINTED = (
    "('prevue', 'projet', 'en-cours', 'retiree', 'signee')"  # SQL: states of packets that count, or are about to
)
_SLOW = "temps de lecture anormal"  # what releases up to 0.1.0 told a sender when this machine was busy
PUT_AWAY = frozenset({State.DISCARDED, State.DIVIDED, State.FILED, State.ERASED})  # of which no packet is made
PART = "partie:"  # how the source of a form begins that was in another file
MADE = frozenset({State.DELIVERED, State.DRAFT})  # of a walk: a packet was made
SETTLED = frozenset({State.DELIVERED, State.FILED})  # of which nobody is waited for
ENDINGS = frozenset(  # of a walk
    {
        State.DELIVERED,
        State.DRAFT,
        State.WAITING,
        State.TO_COMPLETE,
        State.DIVIDED,
        State.FILED,
        State.QUARANTINED,
    }
)
WALKED_AGAIN = frozenset({State.RECEIVED, State.DRAFT, State.WAITING, State.TO_COMPLETE, State.FAILED})


@dataclass(frozen=True)
class Entry:
    """One form as the ledger knows it. ``folder`` is relative to the outbox; ``replaces`` is an older form's hash.

    ``dossier`` is the id of its internship, ``number`` what that is called aloud.
    """

    form: Form
    state: State
    formation: str | None
    stagiaire: str | None
    detail: str
    folder: Path | None
    packet: str | None
    version: int = 1
    replaces: str | None = None
    received_at: float = 0.0
    dossier: str = ""
    number: str = ""

    @property
    def order(self) -> tuple[float, str]:
        """What orders forms by their arrival."""
        return self.received_at, self.form.sha256

    @property
    def is_failed(self) -> bool:
        """Whether it stopped by a fault that is perhaps ours, and is to be tried again."""
        sent_back = self.state is State.TO_COMPLETE and _SLOW in self.detail
        return sent_back or self.state in {State.FAILED, State.QUARANTINED}


_SELECT = (
    "SELECT form.sha256, form.name, received_on, form.state, formation, stagiaire, detail, form.folder, form.packet, "
    "version, replaces, received_at, form.dossier, coalesce(dossier.number, '') "
    "FROM form LEFT JOIN dossier ON dossier.id = form.dossier"
)
_ORDER = "ORDER BY received_on, received_at, form.sha256"
_REVERSED = "ORDER BY received_on DESC, received_at DESC, form.sha256 DESC"


class Entries:
    """The forms of one ledger."""

    def __init__(self, database: Database, workspace: Workspace) -> None:
        self._db = database
        self._spool = workspace.spool

    def all(self) -> tuple[Entry, ...]:
        """Every form, the latest received last."""
        return self._entries("")

    def newest(self, most: int, states: Collection[State] = ()) -> tuple[Entry, ...]:
        """The forms received last, the latest last; only those in one of ``states``, where some are given."""
        names = ", ".join(repr(state.value) for state in sorted(states))
        where = f"WHERE form.state IN ({names})" if states else ""
        return self._entries(where, _REVERSED, f"LIMIT {int(most)}")[::-1]

    def in_states(self, *states: State) -> tuple[Entry, ...]:
        """The forms in these states, the latest received last."""
        return tuple(one for state in states for one in self._entries("WHERE form.state = :state", state=state.value))

    def counts(self, formations: Collection[str] | None = None) -> dict[State, int]:
        """How many forms are in each state; only those of ``formations``, where some are given."""
        with self._db.read() as connection:
            found = rows(connection, "SELECT state, formation, count(*) FROM form GROUP BY state, formation")
        counts: Counter[State] = Counter()
        for state, formation, number in found:
            if formations is None or formation in formations:
                counts[State(state)] += number
        return dict(counts)

    def get(self, sha256: str) -> Entry:
        """One form; raises KeyError for a hash that is not known."""
        found = self._entries("WHERE form.sha256 = :sha256", sha256=sha256)
        if not found:
            raise KeyError(sha256)
        return found[0]

    def starting(self, start: str) -> tuple[Entry, ...]:
        """The forms whose id, or the id of one of whose packets, begins so."""
        within = "{0} >= :start AND {0} < :end"
        made = f"SELECT sha256 FROM packet WHERE {within.format('id')}"
        where = f"WHERE {within.format('form.sha256')} OR form.sha256 IN ({made})"
        return self._entries(where, start=start, end=f"{start}g")

    def arrived_as(self, source: str) -> Entry | None:
        """The form that came as that file or part of a file, if it has come."""
        where = "WHERE form.sha256 IN (SELECT sha256 FROM arrival WHERE source = :source) AND form.state <> 'efface'"
        return next(iter(self._entries(where, source=source)), None)

    def sources(self) -> dict[str, str]:
        """The files that were received (device, inode, time and size of each), and the hash that each had then."""
        with self._db.read() as connection:
            return {str(one): str(sha256) for one, sha256 in rows(connection, "SELECT source, sha256 FROM arrival")}

    def comes_in_files(self, sha256: str) -> bool:
        """Whether a form has only ever come in another file."""
        with self._db.read() as connection:
            found = rows(connection, "SELECT source FROM arrival WHERE sha256 = :s", s=sha256)
        return bool(found) and all(str(source).startswith(PART) for (source,) in found)

    def files_with(self, forms: Collection[str]) -> tuple[Entry, ...]:
        """The files, by now divided, in which these forms came."""
        with self._db.read() as connection:
            found = rows_among(connection, "SELECT source FROM arrival WHERE sha256 IN :several", forms)
        wholes = {str(source).split(":")[1] for (source,) in found if str(source).startswith(PART)}
        return tuple(one for one in map(self.get, sorted(wholes)) if one.state is State.DIVIDED)

    def of_dossier(self, dossier: str) -> tuple[Entry, ...]:
        """The forms of an internship, the latest received last."""
        return self._entries("WHERE form.dossier = :dossier", dossier=dossier)

    def among_dossiers(self, dossiers: Collection[str]) -> tuple[Entry, ...]:
        """The forms of these internships, the latest received last."""
        with self._db.read() as connection:
            found = rows_among(connection, f"{_SELECT} WHERE form.dossier IN :several", dossiers)
        return tuple(sorted(map(self._entry, found), key=lambda one: (one.form.received_on, *one.order)))

    def homes(self, forms: Collection[str]) -> dict[str, str]:
        """The dossier of each of these forms, by hash."""
        with self._db.read() as connection:
            return dict(rows_among(connection, "SELECT sha256, dossier FROM form WHERE sha256 IN :several", forms))

    def of_dossiers(self, dossiers: Collection[str]) -> dict[str, tuple[Entry, ...]]:
        """The forms of several internships, by dossier, the latest received last."""
        with self._db.read() as connection:
            found = rows_among(connection, f"{_SELECT} WHERE form.dossier IN :several {_ORDER}", dossiers)
        forms: defaultdict[str, list[Entry]] = defaultdict(list)
        for one in map(self._entry, found):
            forms[one.dossier].append(one)
        return {dossier: tuple(several) for dossier, several in forms.items()}

    def among(self, hashes: Collection[str]) -> dict[str, Entry]:
        """Several forms by their hashes, those that are known."""
        with self._db.read() as connection:
            found = rows_among(connection, f"{_SELECT} WHERE form.sha256 IN :several", hashes)
        return {one.form.sha256: one for one in map(self._entry, found)}

    def of_packets(self, packets: Collection[str]) -> dict[str, Entry]:
        """The forms of which these packets were made, by packet."""
        with self._db.read() as connection:
            made = rows_among(connection, "SELECT id, sha256 FROM packet WHERE id IN :several", packets)
            found = rows_among(connection, f"{_SELECT} WHERE form.sha256 IN :several", {one[1] for one in made})
        entries = {one[0]: self._entry(one) for one in found}
        return {packet: entries[sha256] for packet, sha256 in made}

    def namesakes(self, sha256: str) -> tuple[Entry, ...]:
        """The other forms by people of the same folded name."""
        where = "WHERE form.sha256 <> :s AND person = (SELECT person FROM form WHERE sha256 = :s)"
        return self._entries(where, s=sha256)

    def in_queue(self) -> tuple[Entry, ...]:
        """The forms whose job is ready or in a hand."""
        return self._entries("WHERE form.sha256 IN (SELECT sha256 FROM job WHERE state IN ('ready', 'claimed'))")

    def _entries(self, where: str, order: str = _ORDER, most: str = "", **values: str) -> tuple[Entry, ...]:
        with self._db.read() as connection:
            return tuple(self._entry(one) for one in rows(connection, f"{_SELECT} {where} {order} {most}", **values))

    def _entry(self, found: Row) -> Entry:
        sha256, name, received_on, state, formation, stagiaire, detail, folder, packet, *rest = found
        path, day = self._spool.joinpath(sha256[:2], sha256), dt.date.fromisoformat(received_on)
        form = Form(sha256, path, visible_line(name), day)  # older releases kept it as it came
        place = Path(folder) if folder else None
        return Entry(form, State(state), formation, stagiaire, detail, place, packet, *rest)
