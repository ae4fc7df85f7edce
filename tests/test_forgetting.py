"""What purge and erase may not remove, and what they may not leave, at the edges of a form's life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import people
import pytest
from delivering import delivered, received

from pipeline.errors import ConfigError
from pipeline.keeping.person import erase
from pipeline.keeping.retention import Class, due, purge
from pipeline.ledger.packets import PacketState
from pipeline.ledger.store import Ledger
from pipeline.settings import Retention
from pipeline.workspace import Workspace


@pytest.fixture
def ledger(own_workspace: Workspace) -> Iterator[Ledger]:
    """The ledger of that workspace."""
    with Ledger.open(own_workspace) as opened:
        yield opened


def later(days: int) -> dt.date:
    """A day so long after today, by this machine's clock."""
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)


def test_a_signed_packet_that_a_version_replaced_is_kept_all_the_same(
    ledger: Ledger, own_workspace: Workspace
) -> None:
    """Purge never removes it, and erase wants the archivist's word, as before it was replaced."""
    first, second = (received(ledger, own_workspace, name, people.coordination()) for name in ("v1.pdf", "v2.pdf"))
    old = delivered(ledger, own_workspace, first, "f/2025/v1")
    ledger.packets.lock(old, PacketState.SIGNED, "A")
    delivered(ledger, own_workspace, second, "f/2025/v2", replaces=first.sha256)

    found = list(due(ledger, own_workspace, Retention(), later(3000)))
    purge(found, ledger, own_workspace, later(3000), Retention())

    assert (Class.PACKET, first.id) not in {(one.of, one.id) for one in found}
    assert (own_workspace.outbox / "f/2025/v1/manifest.json").exists()
    with pytest.raises(ConfigError, match="--signed-too"):
        erase(ledger.entry(first.sha256), ledger, own_workspace, by="DPO", reason="demande", signed_too=False)
