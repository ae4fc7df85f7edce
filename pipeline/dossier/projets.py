"""Projets: packets that cannot be signed yet, made again once what they lacked is given.

A release before this one delivered packets with « À COMPLÉTER » on them. They are looked at once: one that nobody has
taken is a projet too, one that was taken stays what it is, and is told once as « émise incomplète ».
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pipeline.checks.readiness import missing_of
from pipeline.core.errors import ConfigError, HouseError
from pipeline.core.formation import TO_COMPLETE, load_formation
from pipeline.core.models import Record
from pipeline.core.workspace import Workspace
from pipeline.documents.filed import holds_text, read_packet
from pipeline.documents.school_files import looked_at
from pipeline.dossier.context import Context, check, open_programme
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import LOCKED
from pipeline.ledger.store import Ledger
from pipeline.storage.spool import put_file

NOTE = "PROJET.txt"
_HOLED = f"Éditée avec « {TO_COMPLETE} » par une version précédente de liasse : à refaire avant toute signature"
_NOTE = f"""Cette liasse est un projet : ne pas la faire signer.

{_HOLED}.
Une fois les réglages donnés (liasse setup), elle est refaite.
"""


def note_incomplete(ledger: Ledger, workspace: Workspace) -> None:
    """Look once at each packet of an older liasse that counts, and note whether it was issued with a hole."""
    for line in ledger.packets.unexamined():
        holed = holds_text(workspace, line.folder, TO_COMPLETE)
        ledger.packets.note_examined(line, holed=holed, told=f"{_HOLED}.")
        place = workspace.outbox / line.folder
        if holed and line.state not in LOCKED and place.is_dir():
            with suppress(HouseError):  # the ledger knows already
                put_file(place / NOTE, _NOTE.encode())


def issued_incomplete(ledger: Ledger) -> dict[str, Entry]:
    """The forms whose packets were taken with a hole and of which nobody was told, by the packet's id.

    Whoever has told them says so: ``ledger.packets.note_told``.
    """
    lines = ledger.packets.untold()
    entries = ledger.entries.of_packets([line.id for line in lines])
    return {line.id: entries[line.id] for line in lines}


def take_up_projets(context: Context) -> tuple[Entry, ...]:
    """Make ready the projets whose formation lacks nothing any more and has changed since; their forms."""
    found = tuple(_ripe(context))
    for entry in found:
        context.ledger.take_up(entry.form, context.today, event="projet-again")
    return found


def tell_projets(context: Context) -> None:
    """Note beside each projet what it lacks by now: some of what it lacked when it was made may have been given."""
    for entry in context.ledger.entries.in_states(State.DRAFT):
        with suppress(ConfigError):  # what is wrong with a formation is said by whoever works with it
            lacks = _lacks(entry, context)
            if entry.packet and lacks and lacks != entry.detail:
                context.ledger.tell_projet(entry.form.sha256, entry.packet, lacks)


def _lacks(entry: Entry, context: Context) -> str:
    """What a form lacks today, a line each, by the reading of its projet; nothing where none is kept."""
    kept = context.ledger.readings.latest(entry.form.sha256)
    if kept is None:
        return ""
    decisions = context.ledger.decisions(entry.form)
    reading = kept.with_confirmed(decisions.confirmations)
    programme = open_programme(reading, context)
    checked = check(reading, programme, decisions, received_on=entry.form.received_on, today=context.today)
    return "\n".join(problem.message for problem in checked.lacks) if isinstance(checked, Record) else ""


def _ripe(context: Context) -> Iterator[Entry]:
    whole: dict[str, str] = {}
    for entry in context.ledger.entries.in_states(State.DRAFT):
        code = entry.formation or ""
        if code not in whole:
            whole[code] = _whole(context.workspace, code)
        if whole[code] and _formation_of(entry, context.workspace) != whole[code]:
            yield entry


def _whole(workspace: Workspace, code: str) -> str:
    """The hash of a formation that lacks nothing; empty for one that does, or that cannot be loaded."""
    try:
        formation = looked_at(load_formation(workspace, code), workspace)
    except ConfigError:
        return ""
    return "" if any(missing_of(formation)) else formation.sha256


def _formation_of(entry: Entry, workspace: Workspace) -> str:
    """The hash of the formation as it was when the projet was made."""
    filed = read_packet(workspace, entry.folder or Path(), entry.packet)
    return filed.formation if filed else ""
