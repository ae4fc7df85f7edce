"""Use cases of fetching: a packet taken to be signed, or back signed; a letter taken to be sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.decisions import Override
from pipeline.core.errors import ChangedMeanwhile, ConfigError, HouseError, NotAllowed
from pipeline.core.french import written_day
from pipeline.core.models import packet_number
from pipeline.documents.filed import MANIFEST, REPORT
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import life_of
from pipeline.dossier.standing import UNFIT_RULE, blocks_now
from pipeline.dossier.tidying import remove_seen
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import LIVE, PacketLine, PacketState
from pipeline.reports.todo import letter_again
from pipeline.services.authors import author, motive
from pipeline.services.handling import without_packet
from pipeline.services.lookup import find_packet_form
from pipeline.services.signed_papers import told_as_whole
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import holds, publish


@dataclass(frozen=True)
class Fetched:
    """A packet taken: where it lies (or its copy), and who had taken it before, if somebody had."""

    entry: Entry
    place: Path
    already: str = ""


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
    before: PacketLine | None = packet
    state = PacketState.SIGNED if signed else PacketState.FETCHED
    noted = _note_signed(context, entry, packet, by) if signed else None
    if noted is None:
        before = context.ledger.packets.lock(packet.id, state, by)
    if before is None or noted is False:
        if copied:
            remove_seen(place)
        raise ChangedMeanwhile(
            f"La liasse {packet_number(packet.id)} a été remplacée pendant qu’elle était prise : ne la faites pas "
            "signer, reprenez-la."
        )
    again = before.locked_at if before.state in (state, PacketState.SIGNED) else None
    return Fetched(entry, place, f"déjà notée par {before.locked_by} le {written_day(again)}" if again else "")


def _note_signed(context: Context, entry: Entry, packet: PacketLine, by: str) -> bool | None:
    """Note that a packet came back signed by all today, by each party that signs it; whether it is noted.

    ``None`` where nobody can be said to have signed: its values were purged, or an older liasse said all.
    """
    if packet.state is PacketState.SIGNED or context.ledger.readings.record(entry.form.sha256) is None:
        return None
    try:
        life = life_of(context, entry.dossier)
    except ConfigError:  # its formation is ill: the packet is signed all the same
        return None
    told = told_as_whole(life, context.today, by)
    if not told or life.packet.id != packet.id:
        return None
    facts, form = life.facts.seen, entry.form.sha256
    done = context.ledger.life.tell(
        entry.dossier, told, by=by, day=context.today, seen=facts, form=form, packet=packet.id
    )
    passing("told")
    return done


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
        raise without_packet(entry)
    if live.state is PacketState.DRAFT:
        first, *others = entry.detail.splitlines() or [""]
        more = f" (et {len(others)} de plus)" if others else ""
        raise NotAllowed(
            f"La liasse de {entry.form.id} est un projet, que personne ne peut signer : rien n’est pris. "
            f"{first}{more} « liasse setup » demande ce qui manque ; la liasse suit aussitôt."
        )
    return live
