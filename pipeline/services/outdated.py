"""Use case of the settings' effect: packets that were issued before a setting changed, and may say what it said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pipeline.core.errors import ConfigError
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.workspace import Workspace
from pipeline.documents.filed import read_packet
from pipeline.dossier.context import Context
from pipeline.ledger.packet_store import LOCKED, PacketState


def settings_now(workspace: Workspace) -> Mapping[str, str]:
    """What tells that the settings of a formation changed: the hash of each; nothing of one that cannot be loaded."""
    found = {}
    for code in formation_codes(workspace):
        try:
            found[code] = load_formation(workspace, code).sha256
        except ConfigError:
            found[code] = ""
    return found


def issued_before(context: Context, before: Mapping[str, str]) -> Iterator[str]:
    """Which packets were issued with settings that have changed since ``before``, in French, and what can be done."""
    now = settings_now(context.workspace)
    changed = {code for code, hashed in now.items() if before.get(code) != hashed}
    current = _numbers(context, changed, now, {PacketState.CURRENT})
    taken = _numbers(context, changed, now, LOCKED)
    if current:
        yield (
            f"Liasses éditées avec les réglages d’avant ({len(current)}) : {', '.join(current)}. "
            "Ce qui y change : liasse check --impact ; pour les refaire : liasse regenerate --all-changed --by NOM."
        )
    if taken:
        told = ", ".join(taken)
        yield f"Retirées ou signées avec les réglages d’avant ({len(taken)}), laissées telles quelles : {told}."


def _numbers(
    context: Context, changed: Collection[str], now: Mapping[str, str], states: Collection[PacketState]
) -> list[str]:
    """The dossiers of packets in these states whose formation has changed, and was not what it is now."""
    lines = [line for line in context.ledger.packets.live() if line.state in states] if changed else []
    entries = context.ledger.entries.of_packets([line.id for line in lines])
    found = []
    for line in lines:
        entry = entries.get(line.id)
        filed = read_packet(context.workspace, line.folder, line.id) if entry and entry.formation in changed else None
        if entry and filed and filed.formation != now[entry.formation or ""]:
            found.append(entry.number)
    return sorted(found)
