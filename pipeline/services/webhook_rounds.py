"""One round of webhooks: the journal's news made calls, calls that are due made, the next attempt set.

A receiver that fails is left alone for longer and longer, and holds up no other.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pipeline.core.errors import InvalidRequest
from pipeline.core.settings import Settings
from pipeline.ledger.store import Ledger
from pipeline.ledger.webhook_book import Call, CallState, Webhook
from pipeline.services.webhook_addresses import address_of, own_networks, target_of
from pipeline.services.webhook_calls import DELIVERY, EVENT, SIGNATURE, Answer, call, signature
from pipeline.services.webhook_events import calls_of

WAITS = (10, 30, 120, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400)  # seconds after each failure; then it is over
_AT_ONCE = 20  # calls of one webhook in a round
_SIDE_BY_SIDE = 4


def make_round(ledger: Ledger, settings: Settings) -> int:
    """Spread what is new and make what is due; how many calls were taken. Raises HouseError as the ledger does."""
    for hook in ledger.webhooks.all():
        news = ledger.webhooks.news(hook)
        if news:
            ledger.webhooks.spread(hook, calls_of(hook, news, ledger), upto=news[-1].number)
    busy = [(hook, due) for hook in ledger.webhooks.all() if (due := ledger.webhooks.due(hook, most=_AT_ONCE))]
    if not busy:
        return 0
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        return sum(pool.map(partial(_make, ledger, settings), *zip(*busy, strict=True)))


def _make(ledger: Ledger, settings: Settings, hook: Webhook, due: tuple[Call, ...]) -> int:
    """Make the calls of one webhook in order, up to the first that fails; how many were taken."""
    for made, one in enumerate(due):
        answer = _called(ledger, settings, hook, one)
        if answer.taken:
            ledger.webhooks.note(one, CallState.DONE, str(answer.status))
            continue
        said = answer.wrong or str(answer.status)
        if one.attempts >= len(WAITS):
            ledger.webhooks.note(one, CallState.GIVEN_UP, said)
        else:
            ledger.webhooks.note(one, CallState.DUE, said, wait=WAITS[one.attempts])
            ledger.webhooks.hold(hook, but=one, wait=WAITS[min(one.attempts, 2)])
        return made
    return len(due)


def _called(ledger: Ledger, settings: Settings, hook: Webhook, one: Call) -> Answer:
    body, at = one.body.encode(), int(ledger.webhooks.now())
    try:
        target = target_of(hook.url)
        address = address_of(target, own_networks(settings.web.crochets))
    except InvalidRequest:
        return Answer(0, "adresse refusée")
    headers = {SIGNATURE: signature(hook.secret, body, at), DELIVERY: one.id, EVENT: one.event}
    return call(target, address, headers, body)
