"""Repository of dossiers: one internship each, found by number or id, and what a person moves between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.core.errors import NotAllowed
from pipeline.core.models import Data
from pipeline.ledger import membership
from pipeline.ledger.database import Database, row, rows
from pipeline.ledger.entries import State
from pipeline.ledger.jobs import Jobs
from pipeline.ledger.journal import MACHINE
from pipeline.ledger.numbering import Dossier, number_of, open_own

_NUMBERS = (
    "SELECT number FROM dossier_number WHERE dossier = :d UNION SELECT number FROM dossier WHERE id = :d ORDER BY 1"
)


@dataclass(frozen=True)
class Move:
    """A form that went from one dossier to another: by whom, when (UTC), why."""

    number: int
    sha256: str
    left: str
    joined: str
    by: str
    reason: str
    at: str


class Dossiers:
    """The dossiers of one ledger."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._db, self._jobs = database, jobs

    def get(self, dossier: str) -> Dossier:
        """One dossier by its id; raises KeyError."""
        with self._db.read() as connection:
            found = row(connection, "SELECT id, number, opened_on FROM dossier WHERE id = :d", d=dossier)
        if found is None:
            raise KeyError(dossier)
        return Dossier(found[0], found[1], dt.date.fromisoformat(found[2]))

    def all(self) -> tuple[Dossier, ...]:
        """Every dossier, by number."""
        with self._db.read() as connection:
            found = rows(connection, "SELECT id, number, opened_on FROM dossier ORDER BY number")
        return tuple(Dossier(one, number, dt.date.fromisoformat(day)) for one, number, day in found)

    def named(self, word: str) -> tuple[str, ...]:
        """The dossiers whose number this is or ever was, or whose id begins so; a joined one is where it went."""
        with self._db.read() as connection:
            homes = [home for one in _called(connection, word) for home, _ in _homes(connection, one)]
        return tuple(dict.fromkeys(homes))

    def numbers_of(self, dossier: str) -> tuple[str, ...]:
        """Every number that a dossier has or had."""
        with self._db.read() as connection:
            found = rows(connection, _NUMBERS, d=dossier)
        return tuple(str(number) for (number,) in found)

    def gone_from(self, number: str) -> tuple[str, ...]:
        """The forms that bore a number before they went to another dossier, where none bears it any more."""
        with self._db.read() as connection:
            homes = [one for dossier in _called(connection, number) for one in _homes(connection, dossier)]
        return tuple(sha256 for _, sha256 in homes if sha256)

    def choices(self, sha256: str, data: Data) -> tuple[str, ...]:
        """The numbers of the dossiers that a form could join, where it could join several: a person chooses."""
        with self._db.read() as connection:
            homes = membership.choices(connection, sha256, data)
            return tuple(sorted(number_of(connection, one) for one in homes))

    def move(
        self, sha256s: Collection[str], *, left: str, joined: str | None, by: str, reason: str, day: dt.date
    ) -> bool:
        """Have a person put forms of one dossier into another, or with ``None`` into one of their own.

        Those that wait in either are walked again. ``False``, and nothing is done, when they are not where ``left``
        says any more; raises NotAllowed where packets or erased data forbid it.
        """
        with self._db.write() as connection:
            if not _all_in(connection, sha256s, left):
                return False
            _require_free(connection, sha256s, left, joined or "")
            joined = joined or open_own(connection, min(sha256s))
            membership.move_forms(connection, sorted(sha256s), left, joined, by=by, reason=reason)
            self._walk_again(connection, left, joined, day)
        return True

    def take_back(self, moves: Sequence[Move], *, by: str, day: dt.date) -> bool:
        """Undo moves that were made together, each the last of its form; answers and raises as ``move``.

        A person's is as if it had never been; the machine's is undone by a person's word, and it is not made again.
        """
        last, sha256s = moves[0], [one.sha256 for one in moves]
        if last.by == MACHINE:
            return self.move(
                sha256s, left=last.joined, joined=last.left, by=by, reason=f"annule : {MACHINE}", day=day
            )
        with self._db.write() as connection:
            if not _all_in(connection, sha256s, last.joined):
                return False
            _require_free(connection, sha256s, last.joined, last.left)
            membership.take_back(connection, sha256s, last.left, last.joined, by=by)
            self._walk_again(connection, last.joined, last.left, day)
        return True

    def _walk_again(self, connection: sa.Connection, left: str, joined: str, day: dt.date) -> None:
        """Those that wait, and those in a hand: it would end them as of the dossier that they left."""
        found = rows(
            connection,
            "SELECT form.sha256 FROM form JOIN job ON job.sha256 = form.sha256 WHERE dossier IN (:left, :joined) "
            "AND (form.state = 'en-attente' OR job.state = 'claimed')",
            left=left,
            joined=joined,
        )
        for (sha256,) in found:
            self._jobs.enqueue(connection, sha256, day)

    def moves(self, sha256: str) -> tuple[Move, ...]:
        """Where a form has been, the last move last, without what was taken back."""
        with self._db.read() as connection:
            return _moves(connection, "sha256 = :s", s=sha256)

    def moved_at(self, move: Move) -> tuple[Move, ...]:
        """The moves that were made together with one: the same person, moment, and dossiers."""
        with self._db.read() as connection:
            return _moves(
                connection,
                "left_dossier = :left AND joined_dossier = :joined AND by_whom = :by AND at = :at",
                left=move.left,
                joined=move.joined,
                by=move.by,
                at=move.at,
            )


def _moves(connection: sa.Connection, which: str, **values: str) -> tuple[Move, ...]:
    """The moves that stand, of those that the condition means, in order."""
    sql = "SELECT number, sha256, left_dossier, joined_dossier, by_whom, reason, at FROM membership WHERE undone = 0"
    return tuple(Move(*one) for one in rows(connection, f"{sql} AND {which} ORDER BY number", **values))


def _called(connection: sa.Connection, word: str) -> list[str]:
    found = rows(
        connection,
        "SELECT dossier FROM dossier_number WHERE number = :word "
        "UNION SELECT id FROM dossier WHERE id >= :word AND id < :end",
        word=word,
        end=f"{word}g",
    )
    return [dossier for (dossier,) in found]


def _homes(connection: sa.Connection, dossier: str) -> list[tuple[str, str]]:
    """The dossier itself, or where its forms are now, with each form, if none is left in it."""
    if row(connection, "SELECT 1 FROM form WHERE dossier = :d LIMIT 1", d=dossier):
        return [(dossier, "")]
    sql = "SELECT DISTINCT form.dossier, form.sha256 FROM membership JOIN form ON form.sha256 = membership.sha256 "
    left = rows(connection, f"{sql} WHERE left_dossier = :d AND undone = 0 ORDER BY 2", d=dossier)
    back = rows(connection, f"{sql} WHERE joined_dossier = :d AND undone = 1 ORDER BY 2", d=dossier)
    return [(home, sha256) for home, sha256 in left or back]


def _all_in(connection: sa.Connection, sha256s: Collection[str], dossier: str) -> bool:
    return all(membership.dossier_of(connection, one) == dossier for one in sha256s)


def _require_free(connection: sa.Connection, sha256s: Collection[str], left: str, joined: str) -> None:
    """Raise NotAllowed unless forms can go to another dossier and no packet is left without what it rests on.

    ``joined`` is empty for a dossier of their own.
    """
    states = rows(connection, "SELECT sha256, state FROM form WHERE dossier = :d", d=left)
    moved = {State(state) for sha256, state in states if sha256 in sha256s}
    stay = {State(state) for sha256, state in states if sha256 not in sha256s}
    if State.ERASED in moved:
        raise NotAllowed("ses données ont été effacées : rien n’en est plus su, il reste où il est.")
    if any(State.DELIVERED in one and State.SUPERSEDED in other for one, other in ((moved, stay), (stay, moved))):
        raise NotAllowed(
            "dans ce dossier, la liasse d’un formulaire a remplacé celle d’un autre : ils ne se séparent pas. Faites "
            "renvoyer le formulaire de l’autre stage ; « liasse dossier split » lui donne un dossier avant l’édition."
        )
    begun = row(
        connection, "SELECT 1 FROM fact WHERE dossier = :d UNION SELECT 1 FROM paper WHERE dossier = :d", d=left
    )
    if moved & {State.DELIVERED, State.FILED} and joined != left and begun:
        raise NotAllowed(
            "ce stage a déjà des signatures, des avenants ou des attestations, qui restent dans son dossier : le "
            "formulaire de sa liasse, et ce qui y fut versé, n’en sortent plus. « liasse dossier show » les donne."
        )
    if moved & {State.DELIVERED, State.DRAFT} and joined != left and membership.is_printed(connection, joined):
        raise NotAllowed(
            "les deux dossiers ont une liasse : joints, un stage aurait deux conventions. N’en faites signer qu’une, "
            "et faites renvoyer le formulaire pour l’autre (« liasse dossier add ») si quelque chose doit changer."
        )
