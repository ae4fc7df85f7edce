"""What people decide of forms, kept for ever: every word stays, the last one counts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from pipeline.core.decisions import Confirmation, Decisions, Override
from pipeline.core.models import Data, Form
from pipeline.ledger import journal
from pipeline.ledger.database import Database, change_many, rows

_Word = tuple[str | None, Data | None, str, str, str]  # rule or field, value, who, reason, day


class DecisionBook:
    """The decisions of one ledger."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def decide_accord(self, form: Form, accord: Data, by: str) -> None:
        """Keep an accord pédagogique, favourable or not; the last one given counts."""
        self._decide(form, "accord", [(None, accord, by, "", accord["date"])], by, "")

    def decide_override(self, form: Form, override: Override) -> None:
        """Keep the lifting of a rule, with who and why."""
        line = (override.rule, None, override.by, override.reason, override.on.isoformat())
        self._decide(form, "override", [line], override.by, override.rule)

    def decide_confirm(self, form: Form, settled: Iterable[Confirmation]) -> None:
        """Keep values settled by a person, all or none, each with who, when, before and after."""
        several = tuple(settled)
        lines = [
            (one.field, {"before": one.before, "after": one.after}, one.by, "", one.on.isoformat()) for one in several
        ]
        self._decide(form, "confirm", lines, several[0].by, " ".join(one.field for one in several))

    def _decide(self, form: Form, kind: str, lines: Sequence[_Word], by: str, what: str) -> None:
        with self.database.write() as connection:
            (last,) = connection.execute(sa.text("SELECT coalesce(max(number), 0) FROM decision")).one()
            change_many(
                connection,
                "INSERT INTO decision (number, sha256, kind, rule, value, by_whom, reason, made_on) "
                "VALUES (:number, :sha256, :kind, :rule, :value, :by, :reason, :day)",
                [
                    {
                        "number": last + at,
                        "sha256": form.sha256,
                        "kind": kind,
                        "rule": rule,
                        "by": who,
                        "value": None if value is None else json.dumps(value, ensure_ascii=False),
                        "reason": reason,
                        "day": day,
                    }
                    for at, (rule, value, who, reason, day) in enumerate(lines, 1)
                ],
            )
            journal.append(connection, kind, form.sha256, what, actor=by)

    def decisions(self, form: Form) -> Decisions:
        """What people have decided of a form; of each rule and each field, the last word."""
        accord: Data | None = None
        overrides: dict[str, Override] = {}
        confirmed: dict[str, Confirmation] = {}
        with self.database.read() as connection:
            found = rows(
                connection,
                "SELECT kind, rule, value, by_whom, reason, made_on FROM decision WHERE sha256 = :s ORDER BY number",
                s=form.sha256,
            )
        for kind, rule, value, by, reason, on in found:
            day = dt.date.fromisoformat(on)
            if kind == "accord":
                accord = json.loads(value)
            elif kind == "confirm":
                words = json.loads(value)
                confirmed[rule] = Confirmation(rule, words["before"], words["after"], by, day)
            else:
                overrides[rule] = Override(rule, by, reason, day)
        return Decisions(accord, tuple(overrides.values()), tuple(confirmed.values()))
