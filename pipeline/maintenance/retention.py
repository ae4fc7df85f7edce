"""Retention policy: each class of data has its days, and what was signed never goes by itself.

The proposals follow the CNIL's recommendations on logs and the archives' instruction on education papers: the final
signed convention is eliminated by an archivist's word only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.core.settings import Retention
from pipeline.core.workspace import Workspace
from pipeline.ledger.care import Spare
from pipeline.ledger.entries import PUT_AWAY, Entry, State
from pipeline.ledger.journal import MACHINE
from pipeline.ledger.lying_beside import SPOOL
from pipeline.ledger.packet_store import LOCKED, SIGNED, PacketLine, PacketState
from pipeline.ledger.store import Ledger
from pipeline.maintenance import kept_lives
from pipeline.storage.aside import remove_aside
from pipeline.storage.disposal import remove
from pipeline.storage.spool import spool_file
from pipeline.storage.turns import sole


class Class(StrEnum):
    """The classes of data that are purged."""

    FORM = "formulaire"
    PACKET = "liasse"
    LETTER = "a-completer"
    QUARANTINE = "quarantaine"
    LINE = "registre"
    JOURNAL = "journal"
    JOINED = "jointe"
    PAPER = "papier"
    FACTS = "faits"
    DRAFT = "courrier"


@dataclass(frozen=True)
class Due:
    """One thing to purge: its class, the form's id (or « - »), what it is, since when it is due."""

    of: Class
    id: str
    what: str
    since: dt.date
    spare: Spare | None = None  # a file that no form rests on
    path: Path | None = None  # what is removed of the outbox


_OF_LIVES = frozenset({Class.PAPER, Class.FACTS, Class.DRAFT})
_OVER = frozenset({State.DELIVERED, State.SUPERSEDED, *PUT_AWAY})
_UNFINISHED = {State.TO_COMPLETE: Class.LETTER, State.QUARANTINED: Class.QUARANTINE}  # nobody came back with it
_GONE = frozenset({PacketState.FETCHED, PacketState.SUPERSEDED, PacketState.PURGED})  # purged, and left by a crash


def due(ledger: Ledger, workspace: Workspace, retention: Retention, today: dt.date) -> Iterator[Due]:
    """What may go today, in the order of the ledger; nothing is changed."""
    for entry in ledger.entries.all():
        yield from _of_form(entry, ledger, workspace, retention, today)
    yield from _spare(ledger, retention.quarantaine, today)
    for paper, day in kept_lives.old_papers(ledger, workspace, retention, today):
        yield Due(Class.PAPER, paper.id[:8], str(paper.folder), day, path=workspace.outbox / paper.folder)
    for dossier, day in kept_lives.closed_lives(ledger, retention, today):
        yield Due(
            Class.FACTS, dossier[:8], f"présences et réponses du dossier {ledger.dossiers.get(dossier).number}", day
        )
    for path, day in kept_lives.old_drafts(workspace, retention, today):
        yield Due(Class.DRAFT, "-", path.name, day, path=path)
    if retention.journal:
        limit = today - dt.timedelta(days=retention.journal)
        old = ledger.journal_before(limit)
        if old:
            yield Due(Class.JOURNAL, "-", f"{old} lignes du journal", limit)


@dataclass(frozen=True)
class _Held:
    """A form with its packets, and the day on which something last happened to it."""

    entry: Entry
    packets: tuple[PacketLine, ...]
    changed: dt.date

    @property
    def over(self) -> bool:
        """Whether nothing more will be made of it, and no packet waits to be taken."""
        return self.entry.state in _OVER and not any(line.state is PacketState.CURRENT for line in self.packets)

    @property
    def signed(self) -> bool:
        """Whether a packet of it was signed."""
        return any(line.state in SIGNED for line in self.packets)


def _of_form(
    entry: Entry, ledger: Ledger, workspace: Workspace, retention: Retention, today: dt.date
) -> Iterator[Due]:
    packets = ledger.packets.of_form(entry.form.sha256)
    held = _Held(entry, packets, max(_days_of(entry, packets, ledger)))

    def is_old(since: dt.date, days: int) -> bool:
        return bool(days) and since + dt.timedelta(days=days) <= today

    if held.over and entry.form.path.exists() and is_old(held.changed, retention.formulaires):
        yield Due(Class.FORM, entry.form.id, "fichier reçu, lecture et valeurs", held.changed)
    for line, made in _gone(held, workspace):
        if is_old(made, retention.liasses):
            yield Due(Class.PACKET, entry.form.id, str(line.folder), made)
    for of, what in _unanswered(held, workspace):
        if is_old(held.changed, retention.a_completer if of is Class.LETTER else retention.quarantaine):
            yield Due(of, entry.form.id, what, held.changed)
    named = entry.stagiaire or entry.form.name
    signed = held.signed or kept_lives.has_signed_papers(entry.dossier, ledger)
    if held.over and named and not signed and is_old(held.changed, retention.registre):
        yield Due(Class.LINE, entry.form.id, "nom et fichier dans le registre", held.changed)


def _days_of(entry: Entry, packets: Sequence[PacketLine], ledger: Ledger) -> Iterator[dt.date]:
    """The days on which something happened to a form; its values serve as long as its internship lasts."""
    yield ledger.changed_on(entry.form.sha256)
    yield from map(_locked_on, packets)
    if any(line.state in LOCKED for line in packets):
        outline = ledger.members.outlines([entry.form.sha256]).get(entry.form.sha256)
        yield kept_lives.goes_on_until(ledger, entry.dossier, outline.end if outline else None)


def _locked_on(line: PacketLine) -> dt.date:
    return dt.date.fromisoformat(line.locked_at[:10]) if line.locked_at else dt.date.min


def _gone(held: _Held, workspace: Workspace) -> Iterator[tuple[PacketLine, dt.date]]:
    """The packets that were fetched, replaced or withdrawn and still lie in the outbox, each with its day."""
    needed = {line.folder for line in held.packets if line.state not in _GONE}
    for line in held.packets:
        if line.state in _GONE and line.folder not in needed and (workspace.outbox / line.folder).is_dir():
            yield line, dt.date.fromisoformat((line.locked_at or line.made_at)[:10])


def _unanswered(held: _Held, workspace: Workspace) -> Iterator[tuple[Class, str]]:
    """The letter or the quarantine of a form: of one that nobody completed, all that is held of it goes with them."""
    for of, folder in ((Class.LETTER, workspace.to_complete), (Class.QUARANTINE, workspace.quarantine)):
        if _UNFINISHED.get(held.entry.state) is of:
            yield of, "formulaire sans suite, avec tout ce qui en est tenu"
        elif (folder / held.entry.form.id).is_dir():
            yield of, "ce qui fut renvoyé"


def purge(found: Iterable[Due], ledger: Ledger, workspace: Workspace, today: dt.date, retention: Retention) -> int:
    """Remove what is due, and note it; how many things. Raises HouseError, Transient if the disk refuses.

    Where nothing is due the ledger is compacted all the same: the purge before may have found no space for that.
    """
    with sole(workspace.memory):
        count = _purge(found, ledger, workspace, today, retention)
        ledger.database.compact()
    return count


def _purge(found: Iterable[Due], ledger: Ledger, workspace: Workspace, today: dt.date, retention: Retention) -> int:
    count = 0
    for one in found:
        if one.of is Class.JOURNAL:
            ledger.prune_journal(today - dt.timedelta(days=retention.journal))
        elif one.spare:
            _purge_spare(one.spare, ledger, workspace)
        elif one.of in _OF_LIVES:
            _purge_life(one, ledger)
        else:
            known = next((entry for entry in ledger.entries.starting(one.id) if entry.form.id == one.id), None)
            if known:
                _purge_one(one, known, ledger, workspace)
        count += 1
    return count


def _purge_life(one: Due, ledger: Ledger) -> None:
    """What is due of the life of dossiers: a paper, what was told, a draft of a mail."""
    if one.path:
        remove(one.path)
    if one.of is Class.PAPER:
        ledger.forget_paper(next(paper.id for paper in ledger.life.all_papers() if str(paper.folder) == one.what))
    elif one.of is Class.FACTS:
        kept_lives.forget_passing(one.id, ledger)


def _purge_one(one: Due, entry: Entry, ledger: Ledger, workspace: Workspace) -> None:
    sha256 = entry.form.sha256
    match one.of:
        case Class.FORM:
            forget_form(entry, ledger, workspace)
        case Class.PACKET:
            remove(workspace.outbox / one.what)
            for line in ledger.packets.of_form(sha256):
                if str(line.folder) == one.what:
                    ledger.packets.set_state(line.id, PacketState.PURGED)
        case Class.LETTER | Class.QUARANTINE:
            if _UNFINISHED.get(entry.state) is one.of:  # sent again, it is a new form
                ledger.put_away(entry.form, State.ERASED, by=MACHINE, reason="sans suite")
                forget_form(entry, ledger, workspace)
            remove((workspace.to_complete if one.of is Class.LETTER else workspace.quarantine) / one.id)
        case _:
            lives = [entry.dossier] if entry.state is State.DELIVERED else []
            for dossier in lives:
                kept_lives.remove_life(dossier, ledger, workspace)
            ledger.forget_names([sha256], lives)
    ledger.note_purge(sha256, one.of.value)


def forget_form(entry: Entry, ledger: Ledger, workspace: Workspace) -> None:
    """Remove a received file with all its copies, its reading and its values."""
    remove_received(entry, workspace)
    ledger.readings.forget(entry.form.sha256)


def remove_received(entry: Entry, workspace: Workspace) -> None:
    """Remove a received file, its copy put aside and its pictures."""
    remove(entry.form.path)
    remove_aside(entry.form.id, workspace)
    for place in (workspace.memory / "crops").glob(f"{entry.form.id}*"):
        remove(place)


def remove_joined(files: Iterable[str], ledger: Ledger, workspace: Workspace) -> None:
    """Remove files that were joined, by their hashes, but those that another dossier still rests on."""
    for sha256 in set(files) - ledger.joined_files():
        remove(workspace.joined_file(sha256))
        remove(workspace.joined_pdf(sha256))


def _spare(ledger: Ledger, days: int, today: dt.date) -> Iterator[Due]:
    """Files that the ledger says no form rests on: cut short, never joined, or joined to what was forgotten.

    What it knows nothing of is no purge's: 'liasse recover' takes it up.
    """
    joined = ledger.joined_files()
    for one in ledger.spare_files():
        since = dt.date.fromisoformat(one.at[:10])
        if days and since + dt.timedelta(days=days) <= today:
            if one.place == SPOOL:
                yield Due(Class.QUARANTINE, one.sha256[:8], "fichier incomplet", since, one)
            elif one.sha256 not in joined:
                yield Due(Class.JOINED, one.sha256[:8], f"{one.sha256[:2]}/{one.sha256}", since, one)


def _purge_spare(spare: Spare, ledger: Ledger, workspace: Workspace) -> None:
    form_id = spare.sha256[:8]
    places: tuple[Path, ...] = (workspace.joined_file(spare.sha256), workspace.joined_pdf(spare.sha256))
    if spare.place == SPOOL:
        places = (workspace.quarantine / form_id, spool_file(workspace, spare.sha256))

    def remove_all() -> None:
        if spare.place == SPOOL:
            remove_aside(form_id, workspace)
        for place in places:
            remove(place)

    ledger.drop_spare(spare, remove_all)
