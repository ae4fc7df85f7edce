"""Decisions of people on a form, each with who and when: an accord, a rule lifted, a value confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JSON = Any  # a value of json.loads


@dataclass(frozen=True)
class Override:
    """A blocking rule lifted by a named person, with the reason."""

    rule: str
    by: str
    reason: str
    on: dt.date


@dataclass(frozen=True)
class Confirmation:
    """A value settled by a named person who looked at the form: what was read (or proposed), and what is right."""

    field: str
    before: JSON
    after: JSON
    by: str
    on: dt.date


@dataclass(frozen=True)
class Joined:
    """A PDF that a named person joined to a packet: the code of its piece, its hash and name as it came, its pages.

    ``country`` is where the stage was to take place on that day: a sheet on another country does not count.
    """

    piece: str
    sha256: str
    name: str
    pages: int
    country: str
    by: str
    on: dt.date


@dataclass(frozen=True)
class Decisions:
    """What people have decided of one form, from the ledger; the last confirmation of a field counts."""

    accord: Mapping[str, JSON] | None = None  # the keys of ``accord_pedagogique``; wins over what the form says
    overrides: tuple[Override, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    joined: tuple[Joined, ...] = ()  # of the whole dossier: a corrected form needs no second one

    def file_for(self, piece: str) -> Joined | None:
        """What was joined for a piece of that code; ``None`` where nobody joined it."""
        return next((one for one in reversed(self.joined) if one.piece == piece), None)

    def lifting(self, rule: str) -> Override | None:
        """The word that lifts a rule, the last one; ``None`` where nobody lifted it."""
        return next((one for one in reversed(self.overrides) if one.rule == rule), None)

    @property
    def confirmed(self) -> Mapping[str, JSON]:
        """Field to the value that a person stands behind; ``None`` where they say that nothing was answered."""
        return {settled.field: settled.after for settled in self.confirmations}
