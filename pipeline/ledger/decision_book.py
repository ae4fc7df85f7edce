"""Decisions of people on forms: an accord, a rule lifted, values confirmed, a file joined. The last word counts.

A decision, its line in the journal and the form's job are one transaction. Whoever decides says what they had seen:
where somebody else decided meanwhile, nothing is written.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.core.decisions import Confirmation, Decisions, Joined, Override
from pipeline.core.models import Data, Form
from pipeline.ledger import journal
from pipeline.ledger.database import Database, change_many, row, rows
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import forget_spare
from pipeline.ledger.jobs import Jobs
from pipeline.ledger.lying_beside import JOINED


@dataclass(frozen=True)
class Seen:
    """Where a form had got and what had been decided of it when a person looked: what a decision rests on."""

    state: State
    decision: int  # the number of the last decision on this form, 0 for none


@dataclass(frozen=True)
class Word:
    """One line of a decision: its rule or field, its value, why, and its day; its kind, where it has its own."""

    rule: str | None
    value: Data | None
    reason: str
    day: dt.date
    kind: str = ""


class DecisionBook:
    """The decisions of one ledger."""

    database: Database
    jobs: Jobs

    def seen(self, form: Form) -> Seen:
        """What a decision on a form rests on, as it is now; raises KeyError for one that is not known."""
        with self.database.read() as connection:
            return _seen(connection, form.sha256)

    def decide_accord(
        self, form: Form, accord: Data, by: str, *, seen: Seen, day: dt.date, through: str = ""
    ) -> bool:
        """Keep an accord pédagogique, favourable or not, and make the form ready; ``False`` if it is not as seen.

        ``through``: by which way it came, for the journal.
        """
        word = Word(None, accord, "", dt.date.fromisoformat(accord["date"]))
        return self._decide(form, "accord", [word], by, what=through, seen=seen, day=day)

    def decide_override(
        self, form: Form, override: Override, *, seen: Seen, day: dt.date, walks: bool = True
    ) -> bool:
        """Keep the lifting of a rule, with who and why, and make the form ready; ``False`` if it is not as seen.

        ``walks``: not of a form that stays as it is.
        """
        word = Word(override.rule, None, override.reason, override.on)
        what = override.rule
        return self._decide(form, "override", [word], override.by, what=what, seen=seen, day=day, walks=walks)

    def decide_confirm(self, form: Form, settled: Sequence[Confirmation], *, seen: Seen, day: dt.date) -> bool:
        """Keep values settled by a person, all or none, and make the form ready; ``False`` if it is not as seen."""
        return self.decide_sheet(form, settled, None, seen=seen, day=day)

    def decide_sheet(
        self, form: Form, settled: Sequence[Confirmation], override: Override | None, *, seen: Seen, day: dt.date
    ) -> bool:
        """Keep what a review sheet says, values and the lifting of a rule, all or none; as ``decide_confirm``."""
        words = [Word(one.field, {"before": one.before, "after": one.after}, "", one.on) for one in settled]
        if override:
            words.append(Word(override.rule, None, override.reason, override.on, kind="override"))
        what = " ".join(str(one.rule) for one in words)
        by = override.by if override else settled[0].by
        return self._decide(form, "confirm" if settled else "override", words, by, what=what, seen=seen, day=day)

    def decide_join(self, form: Form, joined: Joined, *, seen: Seen, day: dt.date, regenerates: str = "") -> bool:
        """Keep that a file was joined, and make the form ready; ``False`` if it is not as seen.

        ``regenerates``: the packet that it has already, whose next version holds the file.
        """
        told = {"sha256": joined.sha256, "name": joined.name, "pages": joined.pages, "country": joined.country}
        return self._decide(
            form,
            "join",
            [Word(joined.piece, told, "", joined.on)],
            joined.by,
            what=f"{joined.piece} {joined.sha256[:12]}",
            seen=seen,
            day=day,
            regenerates=regenerates,
        )

    def joined_files(self) -> frozenset[str]:
        """The hashes of all files that were joined and still count."""
        with self.database.read() as connection:
            found = rows(
                connection,
                "SELECT value FROM decision WHERE kind = 'join' "
                "UNION ALL SELECT body FROM fact WHERE kind = 'retour'",
            )
        return frozenset(json.loads(value)["sha256"] for (value,) in found)

    def returned_files(self) -> frozenset[str]:
        """The hashes of the files that came back signed: they are kept as they came."""
        with self.database.read() as connection:
            found = rows(connection, "SELECT body FROM fact WHERE kind = 'retour'")
        return frozenset(json.loads(value)["sha256"] for (value,) in found)

    def _decide(
        self,
        form: Form,
        kind: str,
        words: Sequence[Word],
        by: str,
        *,
        what: str,
        seen: Seen,
        day: dt.date,
        regenerates: str = "",
        walks: bool = True,
    ) -> bool:
        with self.database.write() as connection:
            if _seen(connection, form.sha256) != seen:
                return False
            last = row(connection, "SELECT coalesce(max(number), 0) FROM decision") or (0,)
            change_many(
                connection,
                "INSERT INTO decision (number, sha256, kind, rule, value, by_whom, reason, made_on) "
                "VALUES (:number, :sha256, :kind, :rule, :value, :by, :reason, :day)",
                [
                    {
                        "number": last[0] + at,
                        "sha256": form.sha256,
                        "kind": word.kind or kind,
                        "rule": word.rule,
                        "by": by,
                        "value": None if word.value is None else json.dumps(word.value, ensure_ascii=False),
                        "reason": word.reason,
                        "day": word.day.isoformat(),
                    }
                    for at, word in enumerate(words, 1)
                ],
            )
            if kind == "join":
                file = (words[0].value or {})["sha256"]
                forget_spare(connection, JOINED, file)
            journal.append(connection, kind, form.sha256, what, actor=by)
            if walks:
                self.jobs.enqueue(connection, form.sha256, day, regenerates=regenerates)
        return True

    def decisions(self, form: Form) -> Decisions:
        """What people have decided of a form; of each rule and each field, the last word.

        Files count for the whole dossier: what was joined to one of its forms is joined to the next.
        """
        accord: Data | None = None
        overrides: dict[str, Override] = {}
        confirmed: dict[str, Confirmation] = {}
        joined: dict[str, Joined] = {}
        with self.database.read() as connection:
            found = rows(
                connection,
                "SELECT kind, rule, value, by_whom, reason, made_on FROM decision "
                "WHERE sha256 = :s OR (kind = 'join' AND sha256 IN (SELECT sha256 FROM form WHERE dossier = "
                "(SELECT dossier FROM form WHERE sha256 = :s))) ORDER BY number",
                s=form.sha256,
            )
        for kind, rule, value, by, reason, on in found:
            day = dt.date.fromisoformat(on)
            if kind == "accord":
                accord = json.loads(value)
            elif kind == "confirm":
                words = json.loads(value)
                confirmed[rule] = Confirmation(rule, words["before"], words["after"], by, day)
            elif kind == "override":
                overrides[rule] = Override(rule, by, reason, day)
            elif kind == "join":
                joined[rule] = Joined(rule, **json.loads(value), by=by, on=day)
        return Decisions(accord, tuple(overrides.values()), tuple(confirmed.values()), tuple(joined.values()))


def _seen(connection: sa.Connection, sha256: str) -> Seen:
    found = row(
        connection,
        "SELECT state, (SELECT coalesce(max(number), 0) FROM decision WHERE decision.sha256 = form.sha256) "
        "FROM form WHERE sha256 = :s",
        s=sha256,
    )
    if found is None:
        raise KeyError(sha256)
    return Seen(State(found[0]), int(found[1]))
