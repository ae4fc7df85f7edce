"""Life of a dossier after its packet: facts that people tell of it, and the papers that are issued for it.

A fact is an event that is never changed: the last one of a kind and key counts. A paper is one version of a document
(an avenant, an attestation…); a new version marks the one before as replaced.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

JSON = Any  # a value of json.loads
REOPENED = "reouverture"  # in the journal, of a ``CLOSED`` that opens a dossier again


class FactKind(StrEnum):
    """What people tell of a dossier; the key says of which one: a number, a month, a paper and a role."""

    SIGNED = "signature"  # of a paper by a party, as a person says; key: paper/role
    RETURNED = "retour"  # the file of a paper that came back, kept as it came; key: paper
    ASKED = "modification"  # a change that somebody asks for; key: its number
    JUDGED = "avis"  # the word of the référent pédagogique on it; key: its number
    PRESENCE = "presence"  # what a day was; key: the day
    SHEET = "emargement"  # a sheet that came back; key: its month
    PAID = "gratification"  # what was paid, as a person says; key: the month
    EVALUATION = "evaluation"
    QUESTIONNAIRE = "questionnaire"
    MEETING = "reunion"  # the réunion des référents, or that somebody was there
    MID_TERM = "bilan"
    CLOSED = "cloture"  # or opened again: ``rouvert``; the journal then says ``REOPENED``


class PaperKind(StrEnum):
    """What is issued in the life of a dossier; the key says for which month or which number."""

    AVENANT = "avenant"
    CALENDAR = "annexe-1"  # redrawn after an avenant
    PRESENCE = "attestation-de-presence"
    COMPLETION = "certificat-de-realisation"
    END = "attestation-de-stage"  # D124-9
    SHEET = "feuille-d-emargement"
    INVITATION = "invitation"


class PaperState(StrEnum):
    """What a paper is worth."""

    INTENDED = "prevue"
    CURRENT = "en-cours"
    SIGNED = "signee"
    SUPERSEDED = "remplacee"
    SIGNED_SUPERSEDED = "signee-remplacee"
    CANCELLED = "annulee"  # it was intended, and came to nothing


COUNTING = frozenset({PaperState.CURRENT, PaperState.SIGNED})


@dataclass(frozen=True)
class Fact:
    """One thing that was told: ``day`` is the day it speaks of or was told on, ``by`` who told it, ``at`` in UTC."""

    number: int
    dossier: str
    kind: FactKind
    key: str
    body: Mapping[str, JSON]
    by: str
    day: dt.date
    at: str


@dataclass(frozen=True)
class Told:
    """A fact before it is in the ledger."""

    kind: FactKind
    key: str
    body: Mapping[str, JSON]

    @property
    def event(self) -> str:
        """What the journal calls it."""
        return REOPENED if self.kind is FactKind.CLOSED and self.body.get("rouvert") else self.kind.value


@dataclass(frozen=True)
class Paper:
    """One version of one document; ``folder`` is relative to the outbox, ``day`` is printed on it.

    ``body``: what it says in figures, and ``basis``, the hash of all that decided them: while that is the same the
    paper is not made again.
    """

    id: str
    dossier: str
    kind: PaperKind
    key: str
    version: int
    state: PaperState
    folder: Path
    day: dt.date
    made_at: str
    body: Mapping[str, JSON] = field(default_factory=dict)
    replaces: str | None = None

    @property
    def basis(self) -> str:
        """What all that it says follows from."""
        return str(self.body.get("basis", ""))

    @property
    def name(self) -> str:
        """What a person types for it: « avenant-1 », « attestation-de-presence-2025-04 »."""
        return f"{self.kind.value}-{self.key}" if self.key else self.kind.value

    @property
    def counts(self) -> bool:
        """Whether it is the one that holds."""
        return self.state in COUNTING


@dataclass(frozen=True)
class Facts:
    """All that was told of one dossier, in order; of a kind and key the last word counts."""

    told: Sequence[Fact] = ()

    @property
    def seen(self) -> int:
        """The number of the last fact: what whoever looked knows."""
        return max((fact.number for fact in self.told), default=0)

    def last(self, kind: FactKind, key: str = "") -> Fact | None:
        """The word that counts; ``None`` where nothing was said."""
        return next((one for one in reversed(self.told) if (one.kind, one.key) == (kind, key)), None)

    @property
    def closed(self) -> Fact | None:
        """The word that closed the dossier, unless it was opened again since."""
        last = self.last(FactKind.CLOSED)
        return None if last is None or last.body.get("rouvert") else last

    def of(self, kind: FactKind) -> Iterator[Fact]:
        """The words of a kind that count, one for each key, in the order of their keys' first mention."""
        latest = {one.key: one for one in self.told if one.kind is kind}
        yield from latest.values()
