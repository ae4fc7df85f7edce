"""Webhooks: added, listed, removed, their calls looked at and made again."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from pipeline.core.visitors import Right
from pipeline.ledger.webhook_book import Call, CallState, Webhook
from pipeline.services import webhooks
from pipeline.services.webhook_events import NAMES
from pipeline.web.api import webhook_shapes as shapes
from pipeline.web.api.api_doors import ROOT, Doors, told
from pipeline.web.api.common_shapes import Links
from pipeline.web.visits import Administering

doors = Doors("webhooks")
HookId = Annotated[str, Path(alias="id", pattern="^[0-9a-f]{16}$")]
CallNumber = Annotated[int, Path(ge=1, le=1 << 53)]
_END = 1 << 53


@doors.show("/webhooks", shapes.Webhooks, Right.ADMINISTER)
def get_webhooks(visit: Administering) -> Response:
    """The webhooks that tell of no other formation than yours; secrets are not told again."""
    found = webhooks.list_webhooks(visit.ledger, visit.visitor)
    return told(visit.request, shapes.Webhooks(webhooks=[_hook(one) for one in found], events=list(NAMES)))


@doors.act("/webhooks", shapes.WebhookMade, Right.ADMINISTER, "invalid", status_code=201)
def add_webhook(visit: Administering, asked: shapes.WebhookAsked) -> Response:
    """Have an address called from now on, at each change. Its secret is told once, here."""
    made = webhooks.add_webhook(
        visit.ledger,
        visit.house.workspace,
        visit.request.app.state.settings,
        visit.visitor,
        asked.url,
        events=asked.events,
        formations=asked.formations,
    )
    body = shapes.WebhookMade(**_hook(made).model_dump(), secret=made.secret)
    return told(visit.request, body, status=201, headers={"Location": f"{ROOT}/webhooks/{made.id}"})


@doors.show("/webhooks/{id}", shapes.Webhook, Right.ADMINISTER)
def get_webhook(visit: Administering, identity: HookId) -> Response:
    """One webhook."""
    return told(visit.request, _hook(webhooks.find_webhook(visit.ledger, visit.visitor, identity)))


@doors.act("/webhooks/{id}", None, Right.ADMINISTER, method="DELETE", status_code=204, response_class=Response)
def remove_webhook(visit: Administering, identity: HookId) -> Response:
    """Have it called no more; its calls are forgotten."""
    webhooks.remove_webhook(visit.ledger, visit.visitor, identity)
    return Response(status_code=204)


@doors.show("/webhooks/{id}/calls", shapes.Calls, Right.ADMINISTER)
def get_calls(
    visit: Administering,
    identity: HookId,
    before: Annotated[int, Query(ge=1, le=_END, description="`next` of the page before.")] = _END,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """The calls of a webhook, the newest first; those that are over are kept for thirty days."""
    hook = webhooks.find_webhook(visit.ledger, visit.visitor, identity)
    found = visit.ledger.webhooks.calls(hook, below=before, most=limit + 1)
    following = found[limit - 1].number if len(found) > limit else None
    return told(visit.request, shapes.Calls(calls=[_call(one) for one in found[:limit]], next=following))


@doors.act("/webhooks/{id}/calls/{number}/replay", shapes.Call, Right.ADMINISTER, status_code=202)
def replay_call(visit: Administering, identity: HookId, number: CallNumber) -> Response:
    """Make a call again, with the same id and the same bytes."""
    return told(visit.request, _call(webhooks.replay(visit.ledger, visit.visitor, identity, number)), status=202)


def _hook(one: Webhook) -> shapes.Webhook:
    here = f"{ROOT}/webhooks/{one.id}"
    return shapes.Webhook(
        id=one.id,
        url=one.url,
        events=sorted(one.events),
        formations=None if one.formations is None else sorted(one.formations),
        made_at=one.made_at,
        made_by=one.made_by,
        links=Links(self=here, calls=f"{here}/calls"),
    )


def _call(one: Call) -> shapes.Call:
    return shapes.Call(
        id=one.id,
        number=one.number,
        event=one.event,
        state=one.state.value,
        attempts=one.attempts,
        said=one.said,
        at=_moment(one.at),
        next_attempt=_moment(one.not_before) if one.state is CallState.DUE else None,
        body=one.body,
    )


def _moment(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
