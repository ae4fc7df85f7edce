"""Repository of webhooks and their calls. Each reads the journal from its own line on (transactional outbox).

What the journal tells is made calls in the transaction that moves the webhook's line on: killed in between, nothing
is lost and nothing is told under two numbers. A call that was answered may come twice; its id is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.ledger import journal
from pipeline.ledger.database import Database, Row, change, change_many, row, rows
from pipeline.ledger.journal import Line

_HOOKS = "SELECT id, url, secret, events, formations, made_by, made_at, after FROM webhook"
_CALLS = "SELECT webhook, number, event, body, state, attempts, not_before, at, said FROM webhook_call"
_LINES = "SELECT number, at, actor, sha256, event, detail, previous, hash FROM journal"
_KEPT = 30 * 86_400.0  # seconds that a call which is over can be replayed
_MOST = 500  # lines of the journal made calls at once


class CallState(StrEnum):
    """How far a call has got."""

    DUE = "a-faire"
    DONE = "faite"
    GIVEN_UP = "abandonnee"


@dataclass(frozen=True)
class Webhook:
    """Where a program wants to be told; ``events`` empty: of all. ``formations`` ``None``: of all of them."""

    id: str
    url: str
    secret: str
    events: frozenset[str]
    formations: frozenset[str] | None
    made_by: str
    made_at: str
    after: int = 0


@dataclass(frozen=True)
class Call:
    """One event to be told to one webhook: ``number`` is its line of the journal, ``said`` what came of it last.

    ``not_before`` and ``at`` are seconds of the ledger's clock: of the next attempt, of the last change.
    """

    webhook: str
    number: int
    event: str
    body: str
    state: CallState = CallState.DUE
    attempts: int = 0
    not_before: float = 0.0
    at: float = 0.0
    said: str = ""

    @property
    def id(self) -> str:
        """What it is called, to the receiver too, however often it comes."""
        return f"{self.webhook}-{self.number}"


class WebhookBook:
    """The webhooks of one ledger."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._db, self._clock = database, clock

    def now(self) -> float:
        """This moment, by the ledger's clock."""
        return self._clock()

    def add(self, one: Webhook) -> None:
        """Keep a new webhook: it is told what happens from now on."""
        with self._db.write() as connection:
            journal.append(connection, "webhook-added", detail=one.id, actor=one.made_by)
            change(
                connection,
                "INSERT INTO webhook (id, url, secret, events, formations, made_by, made_at, after) "
                "SELECT :id, :url, :secret, :events, :formations, :by, :at, max(number) FROM journal",
                id=one.id,
                url=one.url,
                secret=one.secret,
                events=" ".join(sorted(one.events)),
                formations="*" if one.formations is None else " ".join(sorted(one.formations)),
                by=one.made_by,
                at=one.made_at,
            )

    def all(self) -> tuple[Webhook, ...]:
        """The webhooks that are told, the oldest first."""
        with self._db.read() as connection:
            found = rows(connection, f"{_HOOKS} ORDER BY made_at, id")
        return tuple(map(_hook, found))

    def remove(self, one: Webhook, *, by: str) -> None:
        """Tell a webhook nothing any more; its calls are forgotten."""
        with self._db.write() as connection:
            change(connection, "DELETE FROM webhook_call WHERE webhook = :id", id=one.id)
            if change(connection, "DELETE FROM webhook WHERE id = :id", id=one.id):
                journal.append(connection, "webhook-removed", detail=one.id, actor=by)

    def news(self, one: Webhook) -> tuple[Line, ...]:
        """The lines of the journal that a webhook has not seen, some hundreds at most."""
        with self._db.read() as connection:
            sql = f"{_LINES} WHERE number > :after ORDER BY number LIMIT {_MOST}"
            return tuple(Line(*found) for found in rows(connection, sql, after=one.after))

    def spread(self, one: Webhook, calls: Sequence[Call], *, upto: int) -> None:
        """Keep the calls of a webhook's news and move its line on; nothing where another did, or it is gone."""
        with self._db.write() as connection:
            sql = "UPDATE webhook SET after = :upto WHERE id = :id AND after = :after"
            if not change(connection, sql, upto=upto, id=one.id, after=one.after):
                return
            change_many(
                connection,
                "INSERT INTO webhook_call (webhook, number, event, body, state, attempts, not_before, at, said) "
                "VALUES (:webhook, :number, :event, :body, 'a-faire', 0, :now, :now, '')",
                [
                    {
                        "webhook": call.webhook,
                        "number": call.number,
                        "event": call.event,
                        "body": call.body,
                        "now": self._clock(),
                    }
                    for call in calls
                ],
            )
            sql = "DELETE FROM webhook_call WHERE state <> 'a-faire' AND at < :old"
            change(connection, sql, old=self._clock() - _KEPT)

    def due(self, one: Webhook, *, most: int) -> tuple[Call, ...]:
        """The calls of a webhook that are to be made now, the oldest first."""
        where = "WHERE webhook = :id AND state = 'a-faire' AND not_before <= :now ORDER BY number"
        return self._calls(f"{where} LIMIT {int(most)}", id=one.id, now=self._clock())

    def calls(self, one: Webhook, *, below: int, most: int) -> tuple[Call, ...]:
        """The calls of a webhook before a number, the newest first."""
        where = f"WHERE webhook = :id AND number < :below ORDER BY number DESC LIMIT {int(most)}"
        return self._calls(where, id=one.id, below=below)

    def call(self, one: Webhook, number: int) -> Call | None:
        """One call of a webhook."""
        return next(iter(self._calls("WHERE webhook = :id AND number = :n", id=one.id, n=number)), None)

    def note(self, call: Call, state: CallState, said: str, *, wait: float = 0.0) -> None:
        """Note what came of an attempt; ``wait``: seconds to the next one. Nothing if it was replayed."""
        now = self._clock()
        with self._db.write() as connection:
            change(
                connection,
                "UPDATE webhook_call SET state = :state, attempts = attempts + 1, not_before = :next, at = :now, "
                "said = :said WHERE webhook = :id AND number = :n AND attempts = :attempts AND state = 'a-faire'",
                state=state.value,
                next=now + wait,
                now=now,
                said=said,
                id=call.webhook,
                n=call.number,
                attempts=call.attempts,
            )

    def hold(self, one: Webhook, *, but: Call, wait: float) -> None:
        """Leave a webhook that fails alone for so many seconds: its other calls come no earlier."""
        sql = (
            "UPDATE webhook_call SET not_before = :next WHERE webhook = :id AND number <> :n AND state = 'a-faire' "
            "AND not_before < :next"
        )
        with self._db.write() as connection:
            change(connection, sql, next=self._clock() + wait, id=one.id, n=but.number)

    def replay(self, call: Call, *, by: str) -> bool:
        """Have a call made again, now, with the same body; ``False`` where it is gone."""
        sql = "UPDATE webhook_call SET state = 'a-faire', attempts = 0, not_before = :now, at = :now "
        with self._db.write() as connection:
            done = change(
                connection,
                f"{sql} WHERE webhook = :id AND number = :n",
                now=self._clock(),
                id=call.webhook,
                n=call.number,
            )
            if done:
                journal.append(connection, "webhook-replayed", detail=call.id, actor=by)
        return bool(done)

    def waiting(self) -> int:
        """How many calls are to be made, now or later."""
        with self._db.read() as connection:
            found = row(connection, "SELECT count(*) FROM webhook_call WHERE state = 'a-faire'")
        return int(found[0]) if found else 0

    def _calls(self, where: str, **values: str | float) -> tuple[Call, ...]:
        with self._db.read() as connection:
            return tuple(map(_call, rows(connection, f"{_CALLS} {where}", **values)))


def _hook(found: Row) -> Webhook:
    identity, url, secret, events, formations, by, at, after = found
    where = None if formations == "*" else frozenset(formations.split())
    return Webhook(identity, url, secret, frozenset(events.split()), where, by, at, after)


def _call(found: Row) -> Call:
    hook, number, event, body, state, *rest = found
    return Call(hook, number, event, body, CallState(state), *rest)
