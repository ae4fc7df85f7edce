"""Due board: what is due of every dossier today, in memory, brought up to date by the journal; pages ask it alone.

Looking at all dossiers takes its time: that is done once a day, and when the school changes something, in a thread
of its own; afterwards only the dossiers that the journal tells of are looked at again.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from pipeline.core.errors import FormationIll, LiasseError
from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.dossier.life.due import Due, DueKind, due_of
from pipeline.dossier.life.holding import Life, lives_of
from pipeline.dossier.life.life_rules import alarm
from pipeline.services.dossier_life import living

_FEW = 20  # dossiers that are looked at while the page waits
_PAUSE = 0.002  # seconds between two dossiers, in which pages are answered
_PATIENCE = 3.0  # seconds that whoever asks first waits for all of them


@dataclass(frozen=True)
class DueRow:
    """What is due of one dossier; ``alarms``: signatures that are missing (French), ``formations`` of its forms."""

    id: str
    number: str
    stagiaire: str
    formations: frozenset[str | None]
    dues: tuple[Due, ...]
    alarms: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """The rows by dossier; ``whole`` is false while all dossiers are still looked at, ``mark`` moves with them.

    ``ill``: the formations that cannot be followed, of whose dossiers nothing can be said, by their codes.
    """

    rows: Mapping[str, DueRow]
    whole: bool
    mark: int
    ill: Mapping[str, FormationIll]

    def of(self, visitor: Visitor) -> Iterator[DueRow]:
        """The rows of the dossiers that a visitor sees."""
        return (one for one in self.rows.values() if visitor.reaches(one.formations, one.id))

    def ill_of(self, visitor: Visitor) -> tuple[FormationIll, ...]:
        """Those of the formations that a visitor sees."""
        theirs = (error for code, error in sorted(self.ill.items()) if visitor.reaches({code}, visitor.dossier))
        return tuple({error.code: error for error in theirs}.values())


def is_for(visitor: Visitor, due: Due) -> bool:
    """Whether it is this visitor's to do, by their rights."""
    return visitor.may(Right.JUDGE if due.kind is DueKind.JUDGEMENT else Right.CORRECT)


class DueBoard:
    """The rows of one ledger; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: Mapping[str, DueRow] = {}  # replaced, never changed
        self._homes: dict[str, str] = {}  # form to dossier
        self._ill: dict[str, FormationIll] = {}
        self._context: Context | None = None
        self._end, self._mark = -1, 0
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def known(self, context: Context) -> Known:
        """What is due today, as the ledger says it now; never waits longer than a moment."""
        started = None
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                started = self._brought_up(context)
        if started is not None:
            started.join(_PATIENCE)
        with self._lock:
            whole = self._context is context and not (self._thread is not None and self._thread.is_alive())
            return Known(self._rows, whole, self._mark, dict(self._ill))

    def stop(self) -> None:
        """End what is still being looked at; waits for it."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _brought_up(self, context: Context) -> threading.Thread | None:
        """Look again at a few dossiers now; at many in a thread, which is given."""
        ledger, end = context.ledger, context.ledger.journal_end()
        if self._context is context and end == self._end:
            return None
        touched: Collection[str] | None = None
        if self._context is context:
            homes = ledger.entries.homes(ledger.changed_since(self._end))
            left = {self._homes[form] for form in homes if form in self._homes}
            touched = {one for one in (*homes.values(), *left) if one}
            if len(touched) <= _FEW:
                self._keep(context, [row for one in touched if (row := _row_of(context, one))], touched, end)
                return None
        self._thread = threading.Thread(
            target=self._look, args=(context, touched, end), name="due-board", daemon=True
        )
        self._thread.start()
        return self._thread

    def _look(self, context: Context, touched: Collection[str] | None, end: int) -> None:
        made: list[DueRow] = []
        ill: dict[str, FormationIll] = {}
        try:
            for row in _all_rows(context, ill) if touched is None else (_row_of(context, one) for one in touched):
                if self._stopping.wait(_PAUSE):
                    return
                if row is not None:
                    made.append(row)
        except LiasseError:  # the ledger is behind, or the machine is: every page says so
            made = []
        with self._lock:
            self._ill = self._ill if touched is not None else ill
            self._keep(context, made, touched, end)

    def _keep(self, context: Context, made: Collection[DueRow], touched: Collection[str] | None, end: int) -> None:
        rows = {} if touched is None else {key: row for key, row in self._rows.items() if key not in touched}
        self._rows = rows | {one.id: one for one in made if one.dues or one.alarms}
        entries = context.ledger.entries
        forms = entries.all() if touched is None else entries.among_dossiers(set(touched))
        self._homes |= {one.form.sha256: one.dossier for one in forms}
        self._context, self._end, self._mark = context, end, self._mark + 1


def _all_rows(context: Context, ill: dict[str, FormationIll]) -> Iterator[DueRow]:
    formations: dict[str, set[str | None]] = {}
    for entry in context.ledger.entries.all():
        formations.setdefault(entry.dossier, set()).add(entry.formation)
    for life in lives_of(context, ill):
        row = _row(context, life, frozenset(formations.get(life.dossier.id, ())))
        if row is not None:
            yield row


def _row_of(context: Context, dossier: str) -> DueRow | None:
    entries = context.ledger.entries.of_dossier(dossier)
    life = living(context, dossier) if entries else None
    return _row(context, life, frozenset(one.formation for one in entries)) if life else None


def _row(context: Context, life: Life, formations: frozenset[str | None]) -> DueRow | None:
    """What is due of one dossier; ``None`` of one of which it cannot be said, so that the others are."""
    with suppress(LiasseError):
        return _made(context, life, formations)
    return None


def _made(context: Context, life: Life, formations: frozenset[str | None]) -> DueRow:
    alarms = tuple(one.says for one in alarm(life, context.today, context.settings.vie.signatures))
    dues = due_of(life, context.today)
    return DueRow(life.dossier.id, life.dossier.number, life.entry.stagiaire or "", formations, tuple(dues), alarms)
