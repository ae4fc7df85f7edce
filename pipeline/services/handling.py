"""Use cases of handling: a file received, a form tried again or put away, a packet fetched or made again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.decisions import Override
from pipeline.core.errors import ChangedMeanwhile, HouseError, NotAllowed
from pipeline.core.french import written_day
from pipeline.core.models import packet_number
from pipeline.documents.filed import MANIFEST, REPORT
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.dossier.standing import UNFIT_RULE, blocks_now
from pipeline.dossier.tidying import remove_seen
from pipeline.ledger.entries import PUT_AWAY, Entry, State
from pipeline.ledger.membership import Assignment
from pipeline.ledger.packet_store import LIVE, LOCKED, PacketLine, PacketState
from pipeline.ledger.store import Arrival
from pipeline.regeneration.impact import survey
from pipeline.reports.account import STATES
from pipeline.reports.todo import letter_again
from pipeline.services.authors import author, motive
from pipeline.services.lookup import find_dossier, find_form, find_packet_form, find_put_away
from pipeline.storage.spool import holds, publish

_CLOSED = frozenset({State.DELIVERED, State.SUPERSEDED, State.ERASED})
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


def fetch(
    context: Context, word: str, *, by: str, to: Path | None = None, signed: bool = False, reason: str = ""
) -> Fetched:
    """Note that a packet was taken to be signed (or came back signed), or a letter to be sent; ``to``: copy it there.

    Raises NotAllowed for a form without a packet that counts, or whose packet a rule blocks since, unless a person
    gives a ``reason``, which is kept; HouseError when it cannot be copied, ChangedMeanwhile when another took its
    place meanwhile.
    """
    by, reason = author(by), motive(reason) if reason else ""
    entry = find_packet_form(context.ledger, word)
    if entry.state is State.TO_COMPLETE and not signed:
        return _fetch_letter(entry, context, by, to)
    packet = _live_packet(entry, context)
    place = context.workspace.outbox / packet.folder
    if not (place / MANIFEST).is_file():
        raise HouseError(f"the packet is not in {place}: restore the outbox. 'liasse doctor' tells what is gone.")
    _require_fit(entry, context, by, reason)
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
            f"La liasse {packet_number(packet.id)} a été remplacée pendant qu’elle était prise : ne la faites pas "
            "signer, reprenez-la."
        )
    again = before.locked_at if before.state in (state, PacketState.SIGNED) else None
    return Fetched(entry, place, f"déjà notée par {before.locked_by} le {written_day(again)}" if again else "")


def _require_fit(entry: Entry, context: Context, by: str, reason: str) -> None:
    """Raise NotAllowed for a packet that a rule blocks since it was made; with a reason, keep who insists and why."""
    problems = blocks_now(entry, context)
    if not problems:
        return
    number = entry.form.id
    if not reason:
        told = " ".join(f"{one.rule} : {one.message}" for one in problems)
        raise NotAllowed(
            f"La liasse de {number} ne peut plus être signée, rien n’est pris. {told} "
            f"Que faire : {letter_again(number)} renvoie le formulaire à compléter, ou corrigez le réglage s’il est "
            f"faux. Si elle doit être signée malgré tout : liasse fetch {number} --by NOM --reason MOTIF, qui est "
            "noté."
        )
    lifting = Override(UNFIT_RULE, by, reason, context.today)
    seen = replace(context.ledger.seen(entry.form), state=entry.state)
    if not context.ledger.decide_override(entry.form, lifting, seen=seen, day=context.today, walks=False):
        raise ChangedMeanwhile(f"{number} a changé entre-temps, rien n’est pris : liasse show {number}.")


def fetch_all(
    context: Context,
    words: Sequence[str],
    *,
    by: str,
    to: Path | None = None,
    signed: bool = False,
    reason: str = "",
) -> Iterator[Fetched]:
    """``fetch`` of each form meant, once; with no word, of all whose packet can be signed and nobody took.

    Nothing is noted of any if a word means none, one without a packet, or one that a rule blocks since.
    """
    if not words:
        ready = [line.sha256 for line in context.ledger.packets.live() if line.state is PacketState.CURRENT]
        entries = sorted(map(context.ledger.entries.get, ready), key=lambda entry: entry.number)
        words = [entry.form.sha256 for entry in entries if not blocks_now(entry, context)]
    forms = {one.form.id: one for one in (find_packet_form(context.ledger, word) for word in words)}
    for entry in forms.values():  # before any is noted
        if entry.state is not State.TO_COMPLETE or signed:
            _live_packet(entry, context)
            if not reason:
                _require_fit(entry, context, by, reason)
    for number in forms:
        yield fetch(context, number, by=by, to=to, signed=signed, reason=reason)


def _fetch_letter(entry: Entry, context: Context, by: str, to: Path | None) -> Fetched:
    """Note that the letter of a form that was sent back is taken, to be sent to whoever must complete it."""
    place = context.workspace.to_complete / entry.form.id
    if not place.is_dir():
        raise HouseError(
            f"La lettre n’est pas dans {place} : « liasse retry {entry.form.id} --by NOM » l’écrit de nouveau."
        )
    if to is not None:
        _copied(place, to / place.name, REPORT)
        place = to / place.name
    before = context.ledger.letters.take(entry.form.sha256, by)
    return Fetched(entry, place, f"déjà notée par {before[0]} le {written_day(before[1])}" if before else "")


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


def _copied(made: Path, place: Path, mark: str = MANIFEST) -> bool:
    """Copy a packet, whole or not at all; ``False`` where its copy is there already. Raises HouseError, Transient."""
    try:
        files = {str(one.relative_to(made)): one.read_bytes() for one in made.rglob("*") if one.is_file()}
    except OSError as error:
        raise HouseError(f"{made} ne se lit pas : {error}. Rétablissez l’accès, puis recommencez.") from error
    if place.exists() and not holds(place / mark, files[mark]):
        raise HouseError(f"{place} existe et contient autre chose : il est laissé. Choisissez un autre dossier.")
    return publish(place, files, manifest=mark)


def _live_packet(entry: Entry, context: Context) -> PacketLine:
    lines = context.ledger.packets.of_form(entry.form.sha256)
    live = next((line for line in reversed(lines) if line.state in LIVE), None)
    if live is None:
        raise _without_packet(entry)
    if live.state is PacketState.DRAFT:
        first, *others = entry.detail.splitlines() or [""]
        more = f" (et {len(others)} de plus)" if others else ""
        raise NotAllowed(
            f"La liasse de {entry.form.id} est un projet, que personne ne peut signer : rien n’est pris. "
            f"{first}{more} « liasse setup » demande ce qui manque ; la liasse suit aussitôt."
        )
    return live


def packet_of(entry: Entry, context: Context) -> PacketLine:
    """The packet of a form that counts; raises NotAllowed for a form without."""
    line = context.ledger.packets.get(entry.packet) if entry.packet else None
    if line is None or entry.state is not State.DELIVERED:
        raise _without_packet(entry)
    return line


def _without_packet(entry: Entry) -> NotAllowed:
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
