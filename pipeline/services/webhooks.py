"""Use cases of webhooks: added, listed, taken back, their calls looked at and made again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from pipeline.core.errors import InvalidRequest, NotFound
from pipeline.core.formation import formation_codes
from pipeline.core.settings import Settings
from pipeline.core.visitors import Right, Visitor
from pipeline.core.workspace import Workspace
from pipeline.ledger.journal import now
from pipeline.ledger.store import Ledger
from pipeline.ledger.webhook_book import Call, Webhook
from pipeline.services.permissions import require
from pipeline.services.webhook_addresses import address_of, own_networks, target_of
from pipeline.services.webhook_events import NAMES

_MOST = 20  # webhooks of a workspace
_SECRET = "whsec_"  # noqa: S105 -- what a secret begins with


def add_webhook(
    ledger: Ledger,
    workspace: Workspace,
    settings: Settings,
    visitor: Visitor,
    url: str,
    *,
    events: Collection[str] = (),
    formations: Collection[str] = (),
) -> Webhook:
    """Keep a webhook, told from now on of those events (all, without) in those formations (the visitor's, without).

    Raises Forbidden; InvalidRequest for an address that may not be called, an unknown event or formation, or when
    there are too many.
    """
    require(visitor, Right.ADMINISTER)
    unknown = sorted(set(events) - set(NAMES))
    if unknown:
        raise InvalidRequest(f"Aucun événement « {unknown[0][:40]} ». Il y a {', '.join(NAMES)}.")
    own = set(formation_codes(workspace)) if visitor.formations is None else visitor.formations
    if foreign := sorted(set(formations) - own):
        raise InvalidRequest(f"Aucune formation « {foreign[0][:40]} ». Il y a {', '.join(sorted(own))}.")
    address_of(target_of(url), own_networks(settings.web.crochets))
    if len(ledger.webhooks.all()) >= _MOST:
        raise InvalidRequest(f"Il y a déjà {_MOST} crochets. Que faire : retirez-en un.")
    where = frozenset(formations) or visitor.formations
    secret = _SECRET + secrets.token_urlsafe(32)
    made = Webhook(secrets.token_hex(8), url, secret, frozenset(events), where, visitor.actor, now())
    ledger.webhooks.add(made)
    return made


def list_webhooks(ledger: Ledger, visitor: Visitor) -> Sequence[Webhook]:
    """The webhooks that a visitor may see: those that tell of no other formation than theirs. Raises Forbidden."""
    require(visitor, Right.ADMINISTER)
    return [one for one in ledger.webhooks.all() if _is_reached(one, visitor)]


def find_webhook(ledger: Ledger, visitor: Visitor, identity: str) -> Webhook:
    """The webhook of that id; raises Forbidden, NotFound."""
    found = next((one for one in list_webhooks(ledger, visitor) if one.id == identity), None)
    if found is None:
        raise NotFound(f"Aucun crochet « {identity[:40]} ».")
    return found


def remove_webhook(ledger: Ledger, visitor: Visitor, identity: str) -> None:
    """Tell a webhook nothing any more; raises Forbidden, NotFound."""
    ledger.webhooks.remove(find_webhook(ledger, visitor, identity), by=visitor.actor)


def find_call(ledger: Ledger, visitor: Visitor, identity: str, number: int) -> Call:
    """One call of a webhook; raises Forbidden, NotFound."""
    found = ledger.webhooks.call(find_webhook(ledger, visitor, identity), number)
    if found is None:
        raise NotFound(f"Aucun appel {number} de ce crochet.")
    return found


def replay(ledger: Ledger, visitor: Visitor, identity: str, number: int) -> Call:
    """Have a call made again, now; raises Forbidden, NotFound."""
    ledger.webhooks.replay(find_call(ledger, visitor, identity, number), by=visitor.actor)
    return find_call(ledger, visitor, identity, number)


def _is_reached(one: Webhook, visitor: Visitor) -> bool:
    return visitor.formations is None or (one.formations is not None and one.formations <= visitor.formations)
