"""Next step of one form: what somebody of the school does now, by why it has no packet that can be signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.core import doubts
from pipeline.core.models import Problem, Who
from pipeline.dossier.context import Context
from pipeline.dossier.standing import blocks_now
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import LOCKED
from pipeline.reports.account import WHO, Reason
from pipeline.reports.todo import todo


def next_step(entry: Entry, problems: Sequence[Problem], context: Context, *, unplaced: str, unread: bool) -> str:
    """What is done now, each command on its own line; nothing where nothing waits for anybody of the school.

    ``problems`` keep the form from its packet, ``unplaced`` says why its formation is not known; an ``unread`` form
    has no values: what it waits for is what was said when it was received.
    """
    packet = context.ledger.packets.get(entry.packet or "")
    locked = packet is not None and packet.state in LOCKED
    taken = locked or bool(context.ledger.letters.taken(entry.form.sha256))
    reasons = tuple(_reasons(entry, problems, context, unplaced))
    if unread and not reasons and entry.state is State.WAITING:
        reasons = (Reason("", "", entry.detail, WHO[Who.SCOLARITE]),)
    return todo(entry, reasons, taken=taken, shown=True)


def _reasons(entry: Entry, problems: Sequence[Problem], context: Context, unplaced: str) -> Iterator[Reason]:
    for one in blocks_now(entry, context) if entry.state is State.DELIVERED else problems:
        yield Reason(one.rule, "", one.message, WHO[one.who], one.overridable, one.field or "")
    if unplaced:
        yield Reason(doubts.Reason.UNKNOWN_FORM.value, "", unplaced, WHO[Who.SCOLARITE])
