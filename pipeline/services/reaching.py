"""Permission checks on one form or one packet, by its id: as ``permissions.reach``, for what has an id of its own."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.errors import NotFound
from pipeline.core.visitors import Right, Visitor
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import PacketLine
from pipeline.ledger.store import Ledger
from pipeline.services.permissions import require

_SHORTEST = 8  # characters of an id


@dataclass(frozen=True)
class ReachedPacket:
    """A packet that a visitor may do something with, and the form that it was made of."""

    entry: Entry
    packet: PacketLine


def reach_form(visitor: Visitor, right: Right, word: str, ledger: Ledger) -> Entry:
    """The form of that id, or of one that begins so, for a visitor who may do that on its dossier.

    Raises NotFound where there is none for this visitor, Forbidden where they may see it and no more.
    """
    entry = _form(word, ledger)
    if entry is None or not _is_seen(visitor, entry, ledger):
        raise NotFound(f"Aucun formulaire « {word[:40]} ».")
    require(visitor, right)
    return entry


def reach_deposit(visitor: Visitor, word: str, ledger: Ledger) -> tuple[Entry, bool]:
    """The form of that id, and whether the visitor sees it; else one that they sent themselves and nobody placed yet.

    Raises NotFound.
    """
    entry = _form(word, ledger)
    if entry is not None and _is_seen(visitor, entry, ledger):
        return entry, True
    if entry is None or not _has_sent(visitor, entry, ledger):
        raise NotFound(f"Aucun formulaire « {word[:40]} ».")
    return entry, False


def reach_packet(visitor: Visitor, right: Right, packet: str, ledger: Ledger) -> ReachedPacket:
    """The packet of that whole id, for a visitor who may do that with it; raises NotFound, Forbidden."""
    line = ledger.packets.get(packet)
    entry = ledger.entries.get(line.sha256) if line else None
    if line is None or entry is None or not _is_seen(visitor, entry, ledger):
        raise NotFound(f"Aucune liasse « {packet[:40]} ».")
    require(visitor, right)
    return ReachedPacket(entry, line)


def _form(word: str, ledger: Ledger) -> Entry | None:
    word = word.strip().lower()
    found = [one for one in ledger.entries.starting(word) if one.form.sha256.startswith(word)]
    known = len(word) >= _SHORTEST and len(found) == 1 and found[0].state is not State.ERASED
    return found[0] if known else None


def _has_sent(visitor: Visitor, entry: Entry, ledger: Ledger) -> bool:
    if not visitor.may(Right.DEPOSIT) or not ledger.uploads.sent(visitor.actor, entry.form.sha256):
        return False
    return entry.formation is None or visitor.reaches({entry.formation}, entry.dossier)


def _is_seen(visitor: Visitor, entry: Entry, ledger: Ledger) -> bool:
    beside = {one.formation for one in ledger.entries.of_dossier(entry.dossier)}
    return visitor.may(Right.SEE) and visitor.reaches(beside, entry.dossier)
