"""Use cases of handling: a file received, a form tried again or put away, a packet made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import NotAllowed
from pipeline.core.french import written_day
from pipeline.core.models import packet_number
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.dossier.standing import blocks_now
from pipeline.dossier.tidying import remove_seen
from pipeline.ledger.entries import PUT_AWAY, Entry, State
from pipeline.ledger.membership import Assignment
from pipeline.ledger.packet_store import LOCKED, PacketLine, PacketState
from pipeline.ledger.store import Arrival
from pipeline.regeneration.impact import survey
from pipeline.reports.account import STATES
from pipeline.services.authors import author, motive
from pipeline.services.lookup import find_dossier, find_form, find_packet_form, find_put_away

_CLOSED = frozenset({State.DELIVERED, State.SUPERSEDED, State.FILED, State.ERASED})
_CLEARED = frozenset({PacketState.PURGED, PacketState.SUPERSEDED})
_OVER = frozenset({State.DELIVERED, State.SUPERSEDED, *PUT_AWAY})


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
    by, reason = author(by), motive(reason)
    return take_in(path, context, assigned=Assignment(find_dossier(context.ledger, into), by, reason))


def retry(context: Context, word: str, *, by: str, letter: bool = False) -> Handled:
    """Make any form ready again that is not closed, whatever kept it: it is walked with today's reader and settings.

    One that was sent back gets a new letter, if today something is still asked of its sender.
    ``letter``: of one that waits although a projet was made of it, or whose packet a rule blocks since, the packet is
    withdrawn, so that what is wrong in it is asked of its sender. Raises NotAllowed for a form that is over, or with
    ``letter`` has nothing to withdraw.
    """
    by = author(by)
    entry = find_form(context.ledger, word)
    if letter and entry.state is State.DELIVERED:
        return _withdraw_packet(entry, context, by)
    if entry.state in _CLOSED:
        raise NotAllowed(f"{entry.form.id} : {STATES[entry.state]}, il ne se réessaie plus.")
    if not entry.form.path.exists():
        raise NotAllowed(f"Le fichier de {entry.form.id} a été purgé : faites-le renvoyer.")
    if letter:
        _withdraw_projet(entry, context, by)
    else:
        context.ledger.take_up(entry.form, context.today, event="retry", actor=by)
    return Handled(entry)


def _withdraw_packet(entry: Entry, context: Context, by: str) -> Handled:
    """Take back a packet that nobody took and that a rule blocks since: its form is walked as if it had none."""
    packet = packet_of(entry, context)
    require_untaken(packet)
    if not blocks_now(entry, context):
        raise NotAllowed(f"{entry.form.id} a une liasse que rien n’empêche de signer : elle est laissée.")
    if not entry.form.path.exists():
        raise NotAllowed(f"Le fichier de {entry.form.id} a été purgé : faites-le renvoyer.")
    context.ledger.take_up(entry.form, context.today, event="letter", actor=by, without_packet=packet.id)
    _clear(entry, context)
    return Handled(entry)


def _withdraw_projet(entry: Entry, context: Context, by: str) -> None:
    lines = context.ledger.packets.of_form(entry.form.sha256)
    if entry.state is not State.WAITING or all(line.state is not PacketState.DRAFT for line in lines):
        raise NotAllowed(
            f"Aucun projet ne retient la lettre de {entry.form.id} ({STATES[entry.state]}). « liasse retry » sans "
            "--letter le réessaie."
        )
    context.ledger.take_up(entry.form, context.today, event="letter", actor=by, without_projet=True)
    _clear(entry, context)


def discard(context: Context, word: str, *, by: str, reason: str) -> Handled:
    """Put a form away that needs no packet; raises NotAllowed when a packet was made of it."""
    by, reason = author(by), motive(reason)
    entry = find_form(context.ledger, word)
    over = context.ledger.put_away(entry.form, State.DISCARDED, by=by, reason=reason, unless=_OVER)
    if over in {None, State.DISCARDED}:
        _clear(entry, context)
    if over is State.DISCARDED:
        last = context.ledger.last_event(entry.form.sha256, State.DISCARDED.value)
        return Handled(entry, f"déjà écarté par {last.actor} le {written_day(last.at)}" if last else "déjà écarté")
    if over is not None:
        was = "a une liasse" if over in {State.DELIVERED, State.SUPERSEDED} else f"est {STATES[over]}"
        raise NotAllowed(
            f"{entry.form.id} {was} : il ne s’écarte pas. « liasse erase » efface les données d’une personne, si "
            "c’est ce qui est voulu."
        )
    return Handled(entry)


def reopen(context: Context, word: str, *, by: str) -> Handled:
    """Take a form up again that was put away; its dossier goes on where it was.

    Raises NotAllowed for one that was not put away, or whose file was purged.
    """
    by = author(by)
    entry = find_put_away(context.ledger, word)
    if entry.state is not State.DISCARDED:
        raise NotAllowed(f"{entry.form.id} n’a pas été écarté : {STATES[entry.state]}. Rien n’est fait.")
    if not entry.form.path.exists():
        raise NotAllowed(f"Le fichier de {entry.form.id} a été purgé : faites-le renvoyer.")
    context.ledger.take_up(entry.form, context.today, event="reopen", actor=by)
    return Handled(entry)


def _clear(entry: Entry, context: Context) -> None:
    """Remove the letter of a form, its packets that came to nothing, its projets, and what a worker left that died.

    Those that somebody took stay, with any whose folder they share.
    """
    remove_seen(context.workspace.to_complete / entry.form.id)
    lines = context.ledger.packets.of_form(entry.form.sha256)
    gone = [line for line in lines if line.state in _CLEARED and line.locked_at is None]
    kept = {line.folder for line in lines if line not in gone}
    for folder in {line.folder for line in gone} - kept:
        remove_seen(context.workspace.outbox / folder)


def regenerate(context: Context, words: Sequence[str], *, by: str) -> tuple[Entry, ...]:
    """Ask for the next version of the packets meant, or with no word of all that would change; their forms.

    All or none: raises NotAllowed for one that does not count or that somebody has taken.
    """
    by = author(by)
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


def packet_of(entry: Entry, context: Context) -> PacketLine:
    """The packet of a form that counts; raises NotAllowed for a form without."""
    line = context.ledger.packets.get(entry.packet) if entry.packet else None
    if line is None or entry.state is not State.DELIVERED:
        raise without_packet(entry)
    return line


def without_packet(entry: Entry) -> NotAllowed:
    """The refusal of a form that has no packet which counts."""
    return NotAllowed(
        f"{entry.form.id} n’a pas de liasse qui vaille : {STATES[entry.state]}. « liasse show {entry.form.id} » dit "
        "pourquoi."
    )


def require_untaken(packet: PacketLine) -> None:
    """Raise NotAllowed for a packet that was fetched or signed, or that does not count any more."""
    if packet.state in LOCKED:
        done = "signée" if packet.state is PacketState.SIGNED else "retirée"
        raise NotAllowed(
            f"La liasse de {packet.sha256[:8]} a été {done} par {packet.locked_by} : elle ne se refait pas. Si elle "
            "doit changer, faites renvoyer le formulaire avec ce qui change : la règle V-01 demande alors qui "
            "accepte que la nouvelle prenne sa place."
        )
    if packet.state is not PacketState.CURRENT:
        became = "purgée" if packet.state is PacketState.PURGED else "remplacée"
        raise NotAllowed(f"La liasse {packet_number(packet.id)} ne vaut plus : elle a été {became}.")
