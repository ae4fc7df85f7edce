"""The state of a dossier, derived from its forms, its packets and its days; never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.ledger.entries import PUT_AWAY, Entry, State
from pipeline.ledger.packet_store import LIVE, PacketLine, PacketState


class DossierState(StrEnum):
    """Where an internship has got, in the words of the scolarité."""

    RECEIVED = "reçu"
    TO_COMPLETE = "à compléter"
    WAITING = "en attente"
    FAILED = "en panne"
    UNREADABLE = "illisible"
    DRAFT = "projet"  # a packet in which a party is unnamed or a piece is missing
    TO_SIGN = "à signer"
    SIGNING = "en signature"
    SIGNED = "signée"
    RUNNING = "en cours"
    TO_CLOSE = "à clore"
    CLOSED = "close"
    PUT_AWAY = "écartée"


@dataclass(frozen=True)
class Facts:
    """What the state of a dossier follows from: its forms, their packets, the days of the internship.

    ``closed``: somebody closed it.
    """

    forms: Sequence[Entry]
    packets: Sequence[PacketLine]
    start: dt.date | None = None
    end: dt.date | None = None
    closed: bool = False


_OF_PACKET = {
    PacketState.DRAFT: DossierState.DRAFT,
    PacketState.CURRENT: DossierState.TO_SIGN,
    PacketState.FETCHED: DossierState.SIGNING,
}
_OF_FORM = {
    State.RECEIVED: DossierState.RECEIVED,
    State.TO_COMPLETE: DossierState.TO_COMPLETE,
    State.WAITING: DossierState.WAITING,
    State.FAILED: DossierState.FAILED,
    State.QUARANTINED: DossierState.UNREADABLE,
    State.DRAFT: DossierState.DRAFT,
    State.DELIVERED: DossierState.TO_SIGN,
    State.SUPERSEDED: DossierState.TO_SIGN,
}


def state_of(facts: Facts, today: dt.date) -> DossierState:
    """The state on a day: of its signed convention first, then of its packet, then of the form that was sent last."""
    if facts.closed:
        return DossierState.CLOSED
    live = [line for line in facts.packets if line.state in LIVE]
    if any(line.state is PacketState.SIGNED for line in live):
        return of_signed(facts.start, facts.end, today)
    if live:
        return _OF_PACKET[live[-1].state]
    forms = [entry for entry in facts.forms if entry.state not in PUT_AWAY]
    return _OF_FORM[forms[-1].state] if forms else DossierState.PUT_AWAY


def of_signed(start: dt.date | None, end: dt.date | None, today: dt.date) -> DossierState:
    """A signed convention is followed by the internship itself."""
    if end and today > end:
        return DossierState.TO_CLOSE
    if start and today >= start:
        return DossierState.RUNNING
    return DossierState.SIGNED
