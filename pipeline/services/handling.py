"""Use cases of handling: a file received, a form tried again or put away, a packet fetched or made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ChangedMeanwhile, FormRejected, HouseError, NotAllowed
from pipeline.core.models import Record, packet_number
from pipeline.documents.filed import MANIFEST
from pipeline.dossier.context import Context, understand, without_formation
from pipeline.dossier.receiving import take_in
from pipeline.dossier.tidying import remove_seen
from pipeline.ledger.entries import PUT_AWAY, Entry, State
from pipeline.ledger.membership import Assignment
from pipeline.ledger.packet_store import LIVE, LOCKED, PacketLine, PacketState
from pipeline.ledger.store import Arrival
from pipeline.regeneration.impact import survey
from pipeline.services.approvals import checked_now
from pipeline.services.lookup import find_dossier, find_form, find_packet_form, require_named
from pipeline.storage.spool import holds, publish

_RETRIED = frozenset({State.RECEIVED, State.DRAFT, State.WAITING, State.DISCARDED, State.DIVIDED})
_CLEARED = frozenset({PacketState.PURGED, PacketState.SUPERSEDED})
_OVER = frozenset({State.DELIVERED, State.SUPERSEDED, *PUT_AWAY})


@dataclass(frozen=True)
class Fetched:
    """A packet taken: where it lies (or its copy), and who had taken it before, if somebody had."""

    entry: Entry
    place: Path
    already: str = ""


@dataclass(frozen=True)
class Handled:
    """What became of a form that was put away or made ready; ``already`` says who had done so before."""

    entry: Entry
    already: str = ""


def receive(context: Context, path: Path, *, into: str = "", by: str = "", reason: str = "") -> Arrival:
    """Take a file in: into the spool, into the ledger with a dossier and a job, and only then out of the inbox.

    ``into`` is the dossier whose form it is, by the word of a person. Raises Transient or HouseError, and the file
    stays where it is; NotFound or Ambiguous before it is taken, NotAllowed if it is a known form of another dossier.
    """
    if not into:
        return take_in(path, context)
    require_named(by, reason)
    return take_in(path, context, assigned=Assignment(find_dossier(context.ledger, into), by, reason))


def retry(context: Context, word: str, *, by: str, letter: bool = False) -> Handled:
    """Make a form ready again that failed, was put in quarantine or away, or waits for what kept it.

    One that was sent back only where today nothing is asked of its sender: what kept it was ours (a setting, a rule).
    ``letter``: of one that waits although a projet was made of it, the projet is withdrawn, so that what is wrong in
    it is asked of its sender. Raises NotAllowed for a form that is over, or with ``letter`` has no projet.
    """
    require_named(by)
    entry = find_form(context.ledger, word)
    sent_back = entry.state is State.TO_COMPLETE
    if entry.state not in _RETRIED and not entry.is_failed and not sent_back:
        raise NotAllowed(
            f"{entry.form.id} is {entry.state.value}: only one that failed, waits or was put away is tried again."
        )
    if not entry.form.path.exists():
        raise NotAllowed(f"the file of {entry.form.id} was purged: have it sent again.")
    if sent_back and not entry.is_failed and not _passes_today(entry, context):
        raise NotAllowed(
            f"{entry.form.id} is {entry.state.value}: its sender still has to mend it. Nothing was done; drop the "
            "corrected form in the inbox."
        )
    if letter:
        _withdraw_projet(entry, context, by)
    else:
        context.ledger.take_up(entry.form, context.today, event="retry", actor=by)
    return Handled(entry)


def _withdraw_projet(entry: Entry, context: Context, by: str) -> None:
    lines = context.ledger.packets.of_form(entry.form.sha256)
    if entry.state is not State.WAITING or all(line.state is not PacketState.DRAFT for line in lines):
        raise NotAllowed(
            f"no projet keeps back a letter of {entry.form.id}: it is {entry.state.value}. 'liasse retry' without "
            "--letter tries it again."
        )
    context.ledger.take_up(entry.form, context.today, event="letter", actor=by, without_projet=True)
    _clear(entry, context)


def _passes_today(entry: Entry, context: Context) -> bool:
    """Whether nothing would be asked of the sender of a form if it were walked today."""
    decisions = context.ledger.decisions(entry.form)
    try:
        reading = understand(entry.form, decisions, context)
    except FormRejected:
        return False
    if without_formation(reading, context.workspace):
        return True
    checked = checked_now(entry, reading, decisions, context)
    return isinstance(checked, Record) or checked.waits


def discard(context: Context, word: str, *, by: str, reason: str) -> Handled:
    """Put a form away that needs no packet; raises NotAllowed when a packet was made of it."""
    require_named(by, reason)
    entry = find_form(context.ledger, word)
    over = context.ledger.put_away(entry.form, State.DISCARDED, by=by, reason=reason, unless=_OVER)
    if over in {None, State.DISCARDED}:
        _clear(entry, context)
    if over is State.DISCARDED:
        *_, last = (one for one in context.ledger.journal(entry.form.sha256) if one.event == State.DISCARDED.value)
        return Handled(entry, f"déjà écarté par {last.actor} le {last.at[:10]}")
    if over is not None:
        was = "has a packet" if over in {State.DELIVERED, State.SUPERSEDED} else f"is {over.value}"
        raise NotAllowed(f"{entry.form.id} {was}. 'liasse erase' removes a person's data, if that is meant.")
    return Handled(entry)


def _clear(entry: Entry, context: Context) -> None:
    """Remove the packets of a form that came to nothing, its projets, and what a worker left that died.

    Those that somebody took stay, with any whose folder they share.
    """
    lines = context.ledger.packets.of_form(entry.form.sha256)
    gone = [line for line in lines if line.state in _CLEARED and line.locked_at is None]
    kept = {line.folder for line in lines if line not in gone}
    for folder in {line.folder for line in gone} - kept:
        remove_seen(context.workspace.outbox / folder)


def fetch(context: Context, word: str, *, by: str, to: Path | None = None, signed: bool = False) -> Fetched:
    """Note that a packet was taken to be signed (or came back signed); ``to``: copy it there first.

    Raises NotAllowed for a form without a packet that counts, HouseError when it cannot be copied, ChangedMeanwhile
    when another took its place meanwhile.
    """
    require_named(by)
    entry = find_packet_form(context.ledger, word)
    packet = _live_packet(entry, context)
    place = context.workspace.outbox / packet.folder
    if not (place / MANIFEST).is_file():
        raise HouseError(f"the packet is not in {place}: restore the outbox. 'liasse doctor' tells what is gone.")
    copied = False
    if to is not None:
        copied = _copied(place, to / packet.folder.name)
        place = to / packet.folder.name
    state = PacketState.SIGNED if signed else PacketState.FETCHED
    before = context.ledger.packets.lock(packet.id, state, by)
    if before is None:
        if copied:
            remove_seen(place)
        raise ChangedMeanwhile(
            f"packet {packet_number(packet.id)} was replaced while it was taken: do not have it signed. Fetch again."
        )
    again = before.locked_at if before.state in (state, PacketState.SIGNED) else None
    return Fetched(entry, place, f"déjà notée par {before.locked_by} le {again[:10]}" if again else "")


def regenerate(context: Context, words: Sequence[str], *, by: str) -> tuple[Entry, ...]:
    """Ask for the next version of the packets meant, or with no word of all that would change; their forms.

    All or none: raises NotAllowed for one that does not count or that somebody has taken.
    """
    require_named(by)
    if words:
        asked = [packet_of(find_packet_form(context.ledger, word), context) for word in dict.fromkeys(words)]
    else:
        asked = [one.packet for one in survey(context) if one.changed]
    for packet in asked:
        require_untaken(packet)
    forms = [context.ledger.entries.get(packet.sha256) for packet in asked]
    for entry, packet in zip(forms, asked, strict=True):
        context.ledger.take_up(entry.form, context.today, event="regenerate", actor=by, regenerates=packet.id)
    return tuple(forms)


def _copied(made: Path, place: Path) -> bool:
    """Copy a packet, whole or not at all; ``False`` where its copy is there already. Raises HouseError, Transient."""
    try:
        files = {str(one.relative_to(made)): one.read_bytes() for one in made.rglob("*") if one.is_file()}
    except OSError as error:
        raise HouseError(f"the packet cannot be read in {made}: {error}. Mend access, then fetch again.") from error
    if place.exists() and not holds(place / MANIFEST, files[MANIFEST]):
        raise HouseError(f"{place} exists and is not this packet: it is left. Choose another folder.")
    return publish(place, files, manifest=MANIFEST)


def _live_packet(entry: Entry, context: Context) -> PacketLine:
    lines = context.ledger.packets.of_form(entry.form.sha256)
    live = next((line for line in reversed(lines) if line.state in LIVE), None)
    if live is None:
        raise _without_packet(entry)
    if live.state is PacketState.DRAFT:
        first, *others = entry.detail.splitlines() or [""]
        more = f" ({len(others)} more)" if others else ""
        raise NotAllowed(
            f"the packet of {entry.form.id} is a projet: nobody can sign it, nothing was taken. {first}{more} "
            f"'liasse setup' asks for what is missing; the packet follows at once."
        )
    return live


def packet_of(entry: Entry, context: Context) -> PacketLine:
    """The packet of a form that counts; raises NotAllowed for a form without."""
    line = context.ledger.packets.get(entry.packet) if entry.packet else None
    if line is None or entry.state is not State.DELIVERED:
        raise _without_packet(entry)
    return line


def _without_packet(entry: Entry) -> NotAllowed:
    return NotAllowed(f"{entry.form.id} has no packet that counts: it is {entry.state.value}. See 'liasse status'.")


def require_untaken(packet: PacketLine) -> None:
    """Raise NotAllowed for a packet that was fetched or signed, or that does not count any more."""
    if packet.state in LOCKED:
        done = "signed" if packet.state is PacketState.SIGNED else "fetched"
        raise NotAllowed(
            f"the packet of {packet.sha256[:8]} was {done} by {packet.locked_by}: it is not regenerated. "
            "If it must change, have the form sent again with what changes: rule V-01 then asks who lets the new "
            "packet take this one's place."
        )
    if packet.state is not PacketState.CURRENT:
        raise NotAllowed(f"packet {packet_number(packet.id)} does not count any more: it is {packet.state.value}.")
