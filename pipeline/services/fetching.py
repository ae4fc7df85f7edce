"""A packet taken by the scolarité: copied where they want it, and locked."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.core.errors import ConfigError, HouseError
from pipeline.core.workspace import Workspace
from pipeline.ledger.packet_store import LIVE, PacketState
from pipeline.ledger.store import Entry, Ledger


def fetch(entry: Entry, ledger: Ledger, workspace: Workspace, *, by: str, to: Path | None, signed: bool) -> Path:
    """Note that a form's packet was taken (or signed) by somebody; its folder, or the copy made under ``to``.

    Raises ConfigError for a form without a packet that counts, HouseError when it cannot be copied or another took
    its place meanwhile.
    """
    packet = next((line for line in reversed(ledger.packets.of_form(entry.form.sha256)) if line.state in LIVE), None)
    if packet is None:
        raise ConfigError(
            f"{entry.form.id} has no packet that counts: it is {entry.state.value}. See 'liasse status'."
        )
    place = workspace.outbox / packet.folder
    if to is not None:
        try:
            place = Path(shutil.copytree(place, to / packet.folder.name))
        except (OSError, shutil.Error) as error:
            raise HouseError(f"the packet cannot be copied to {to}: {error}. It is still in the outbox.") from error
    if not ledger.packets.lock(packet.id, PacketState.SIGNED if signed else PacketState.FETCHED, by):
        if to is not None:
            shutil.rmtree(place, ignore_errors=True)
        raise HouseError(
            f"packet {packet.id[:8]} was replaced while it was taken: do not have it signed. Fetch again."
        )
    return place
