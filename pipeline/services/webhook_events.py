"""What webhooks tell: the journal's words as events, and the body of a call: ids and states, never a name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pipeline.core.life import REOPENED, FactKind
from pipeline.core.visitors import Visitor
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.journal import Line
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import Ledger
from pipeline.ledger.webhook_book import Call, Webhook

EVENTS: Mapping[str, str] = {
    "received": "form.received",
    State.WAITING.value: "form.waiting",
    State.TO_COMPLETE.value: "form.to-complete",
    State.QUARANTINED.value: "form.quarantined",
    State.DIVIDED.value: "form.divided",
    State.SUPERSEDED.value: "form.superseded",
    State.DISCARDED.value: "form.discarded",
    State.ERASED.value: "form.erased",
    "moved": "form.moved",
    "accord": "decision.accord",
    "confirm": "decision.confirmation",
    "override": "decision.override",
    "join": "decision.file",
    State.DRAFT.value: "packet.draft",
    State.DELIVERED.value: "packet.delivered",
    PacketState.FETCHED.value: "packet.fetched",
    PacketState.SIGNED.value: "packet.signed",
    "issued": "paper.issued",
    FactKind.SIGNED.value: "life.signed",
    FactKind.RETURNED.value: "life.returned",
    FactKind.ASKED.value: "life.amendment-asked",
    FactKind.JUDGED.value: "life.amendment-judged",
    FactKind.PRESENCE.value: "life.presence",
    FactKind.PAID.value: "life.paid",
    FactKind.EVALUATION.value: "life.evaluation",
    FactKind.QUESTIONNAIRE.value: "life.questionnaire",
    FactKind.SHEET.value: "life.sheet",
    FactKind.MEETING.value: "life.invited",
    FactKind.MID_TERM.value: "life.mid-term",
    FactKind.CLOSED.value: "life.closed",
    REOPENED: "life.reopened",
}
NAMES = tuple(dict.fromkeys(EVENTS.values()))


def calls_of(hook: Webhook, news: Sequence[Line], ledger: Ledger) -> Sequence[Call]:
    """What of the journal's news a webhook is told: its events, of the formations that it is bound to."""
    told = [one for one in news if one.sha256 and _is_asked(hook, EVENTS.get(one.event))]
    entries = ledger.entries.among({one.sha256 for one in told})
    beside = ledger.entries.of_dossiers({one.dossier for one in entries.values()})
    bound = Visitor("", "", frozenset(), hook.formations)
    return [
        Call(hook.id, line.number, EVENTS[line.event], _body(hook, line, entry))
        for line in told
        if (entry := entries.get(line.sha256))
        and bound.reaches({one.formation for one in beside.get(entry.dossier, ())}, entry.dossier)
    ]


def _is_asked(hook: Webhook, event: str | None) -> bool:
    return event is not None and (not hook.events or event in hook.events)


def _body(hook: Webhook, line: Line, entry: Entry) -> str:
    """The same bytes at each attempt; the state is that of the moment when the journal was read."""
    form = f"/api/v1/forms/{entry.form.sha256}"
    dossier = f"/api/v1/dossiers/{entry.dossier}"
    links = {"form": form, "dossier": dossier}
    if entry.packet:
        links |= {"packet": f"/api/v1/packets/{entry.packet}", "life": f"{dossier}/life"}
    return json.dumps(
        {
            "id": f"{hook.id}-{line.number}",
            "event": EVENTS[line.event],
            "at": line.at,
            "dossier": {"id": entry.dossier, "number": entry.number},
            "form": {"id": entry.form.id, "sha256": entry.form.sha256, "state": entry.state.value},
            "links": links,
        }
    )
