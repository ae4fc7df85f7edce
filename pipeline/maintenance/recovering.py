"""Disaster recovery: the ledger made again from its sealed copy, and what it does not know taken up from the disk.

Each step is durable and can be made again: killed anywhere, the next run goes on. Nothing that lies in the spool, the
outbox or beside the inbox is changed or removed; a ledger that is replaced is kept beside the new one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path

from pipeline.blanks.edition_store import keep_papers, place_of_editions
from pipeline.core.errors import HouseError
from pipeline.core.fields import Dictionary
from pipeline.core.models import Form
from pipeline.core.modes import make_folder, private_file
from pipeline.core.text import visible_line
from pipeline.core.workspace import Workspace
from pipeline.documents.filed import MANIFEST
from pipeline.ledger import admission, lying_beside
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.lying_beside import JOINED, SPOOL
from pipeline.ledger.numbering import raise_counter
from pipeline.ledger.packet_store import LOCKED
from pipeline.ledger.rebuilding import FoundPaper, adopt, adopt_paper, rebuild
from pipeline.ledger.sealed_rows import Held, image
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.filed_numbers import highest_numbers, read_found, read_found_paper
from pipeline.maintenance.named_files import ASIDE_LEDGER, joined_gone, packets_gone, papers_gone
from pipeline.storage.aside import copies_aside, name_aside
from pipeline.storage.durable import disk_errors, hash_of, sync_file, sync_folder
from pipeline.storage.journal_copy import SealedLine
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import put_file, spool_file
from pipeline.storage.temporary import own_prefix, sweep
from pipeline.storage.turns import replacing, sole

_TOLD = {
    "form": "formulaires",
    "dossier": "dossiers",
    "decision": "décisions",
    "packet": "liasses",
    "fact": "faits",
    "paper": "papiers",
    "journal": "lignes du journal",
}


class Became(StrEnum):
    """What became of a thing that the ledger did not know."""

    TAKEN = "repris"
    REPLACED = "mis de côté"
    NOT = "non repris"


@dataclass(frozen=True)
class Item:
    """One line of the account: what, from where, what became of it, and why where it could not be taken up."""

    what: str
    source: str
    became: Became
    said: str = ""


def recover(workspace: Workspace, today: dt.date) -> Iterator[Item]:
    """Take up what the ledger does not know, each thing told once it is done; nothing where nothing is missing.

    Raises NotAllowed where another process works in the workspace, HouseError, Transient where the disk refuses;
    LedgerBehind where something is missing all the same.
    """
    with disk_errors(f"{workspace.memory} cannot be written", "Free space or mend access, then run again."):
        admission.require_no_restore(workspace)
        with replacing(workspace.root):
            make_folder(workspace.memory)
            with sole(workspace.memory):
                sweep(workspace)
                yield from _ledger(workspace)
                if not place_of_editions(workspace).is_dir():  # nobody knows which papers were given out
                    keep_papers(workspace, Dictionary.load(workspace))
                yield from _taken_up(workspace, today)
            with Ledger.open(workspace):
                passing("recovered")


def _taken_up(workspace: Workspace, today: dt.date) -> Iterator[Item]:
    """What a ledger that can be used does not know, from beside it."""
    with Ledger.open(workspace, recovering=True) as ledger:
        if not ledger.entries.counts() and lying_beside.any_beside(workspace):
            told = "aucune copie scellée : approbations, dérogations et retraits sont à redire"
            yield Item("décisions et journal", "registre", Became.NOT, told)
        yield from _counters(ledger, workspace)
        yield from _packets(ledger, workspace)
        yield from _papers(ledger, workspace)
        yield from _files(ledger, workspace, today)
        yield from _gone(ledger, workspace)
        yield from _made_again(ledger, workspace, today)


def _ledger(workspace: Workspace) -> Iterator[Item]:
    """The ledger itself, from its copy where that knows more, or where it cannot be used."""
    path, copy = workspace.memory / FILE, admission.copy_of(workspace)
    held, migration, last = image(copy.lines())
    broken = copy.end().number - (last.seal.number if last else 0)
    if broken > 0:
        yield Item(
            f"{broken} lignes", "copie scellée", Became.NOT, "la chaîne y est rompue : rien n’en est cru au-delà"
        )
    mine = admission.sound_until(workspace)
    if mine is not None and mine >= (last.seal.number if last else 0):
        with suppress(HouseError), Ledger.open(workspace, recovering=True):
            if broken <= 0:
                return  # it is the one that belongs here, and the copy is that of it
        admission.write_copy_anew(workspace)
        why = "la chaîne de la copie était rompue" if broken > 0 else "la copie manquait ou était plus ancienne"
        yield Item("copie scellée", "registre", Became.TAKEN, why)
        return
    aside = _put_aside(path)
    if aside:
        why = "plus ancien que sa copie" if mine is not None else "inutilisable ou incomplet"
        yield Item("ancien registre", aside, Became.REPLACED, f"{why} ; à supprimer une fois la reprise vérifiée")
    if last is not None:
        _make_again(path, held, migration, None if broken > 0 else last)
        if broken > 0:  # what is left of the copy is no more that of the ledger: the next begins with this one
            admission.write_copy_anew(workspace)
        for table, name in _TOLD.items():
            yield Item(f"{sum(map(len, held[table].values()))} {name}", "copie scellée", Became.TAKEN)
    elif lying_beside.any_beside(workspace):
        with private_file(path, append=True):
            pass
        admission.write_copy_anew(workspace)


def _make_again(path: Path, held: Held, migration: int, last: SealedLine | None) -> None:
    work = path.with_name(f"{own_prefix()}registre")
    work.unlink(missing_ok=True)
    rebuild(work, held, migration, last)
    sync_file(work)
    passing("ledger-rebuilt")
    work.replace(path)
    sync_folder(path.parent)
    passing("ledger-replaced")


def _put_aside(path: Path) -> str:
    """Give a ledger that is to be replaced another name, with what SQLite keeps beside it; that name, if it was."""
    ends = ("-wal", "-shm", "")
    names = (path.with_name(f"{ASIDE_LEDGER}-{number}.sqlite3") for number in count(1))
    aside = next(one for one in names if not any(one.with_name(one.name + end).exists() for end in ends))
    had = path.exists() and path.stat().st_size > 0
    for end in ends:
        file = path.with_name(path.name + end)
        if file.exists() and had:
            file.rename(aside.with_name(aside.name + end))
        else:
            file.unlink(missing_ok=True)
    sync_folder(path.parent)
    return aside.name if had else ""


def _counters(ledger: Ledger, workspace: Workspace) -> Iterator[Item]:
    """The counters of numbers: none is given again that a packet or a letter bears."""
    highest = highest_numbers(workspace)
    with ledger.database.write() as connection:
        raised = [number for number in highest if raise_counter(connection, number)]
    yield from (Item(f"compteur {number[:4]}", number, Became.TAKEN, "plus haut numéro imprimé") for number in raised)


def _packets(ledger: Ledger, workspace: Workspace) -> Iterator[Item]:
    """Packets that only the outbox tells of, the first version first."""
    unknown = lying_beside.unknown(ledger.database, workspace).packets
    others = [folder for folder in unknown if read_found_paper(workspace, folder) is None]
    read = [(folder, read_found(workspace, folder)) for folder in others]
    for folder, found in sorted(read, key=lambda one: 0 if isinstance(one[1], str) else one[1].version):
        what = f"liasse {str(folder)[-8:]}"
        if isinstance(found, str):
            yield Item(what, MANIFEST, Became.NOT, found)
            continue
        said = adopt(ledger.database, found)
        passing("packet-recovered")
        lost = "retirée ou signée ? à redire (liasse fetch)"
        yield Item(f"{what}, dossier {found.number}", MANIFEST, Became.TAKEN, "; ".join(filter(None, (said, lost))))


def _papers(ledger: Ledger, workspace: Workspace) -> Iterator[Item]:
    """Papers of dossiers' lives that only the outbox tells of, the first version first."""
    unknown = lying_beside.unknown(ledger.database, workspace).packets
    read = [(folder, read_found_paper(workspace, folder)) for folder in unknown]
    for folder, found in sorted(read, key=lambda one: one[1].paper.version if isinstance(one[1], FoundPaper) else 0):
        what = f"papier {str(folder)[-12:]}"
        if isinstance(found, FoundPaper):
            said = adopt_paper(ledger.database, found)
            passing("paper-recovered")
            lost = said or "signé ? à redire (liasse signed)"
            yield Item(f"{what}, dossier {found.number}", MANIFEST, Became.NOT if said else Became.TAKEN, lost)
        elif isinstance(found, str):
            yield Item(what, MANIFEST, Became.NOT, found)


def _files(ledger: Ledger, workspace: Workspace, today: dt.date) -> Iterator[Item]:
    """Received files that are no form: each is one, under the day on which it came."""
    for sha256 in lying_beside.unknown(ledger.database, workspace).files:
        path = spool_file(workspace, sha256)
        if hash_of(path) != sha256:
            ledger.announce(sha256, "abime")
            yield Item(f"fichier {sha256[:8]}", SPOOL, Became.NOT, "abîmé : ses octets ne sont plus ceux reçus")
            continue
        name = name_aside(sha256[:8], workspace)
        day = dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()
        arrival = ledger.arrive(Form(sha256, path, name, min(day, today)), source=f"reprise:{sha256}", day=today)
        passing("form-recovered")
        yield Item(f"formulaire {sha256[:8]}, dossier {arrival.entry.number}", SPOOL, Became.TAKEN, "sera relu")


def _gone(ledger: Ledger, workspace: Workspace) -> Iterator[Item]:
    """Files that forms and dossiers need and that are gone or damaged: taken from where the same bytes still lie."""
    for entry in ledger.entries.all():
        path = entry.form.path
        if entry.state.needs_its_file and hash_of(path) != entry.form.sha256:
            source = next((one for one in _copies(entry, workspace) if hash_of(one) == entry.form.sha256), None)
            if source is None:
                said = "introuvable : à restaurer d’une sauvegarde, ou à redemander (liasse discard)"
                yield Item(f"fichier de {entry.form.id}", SPOOL, Became.NOT, said)
            else:
                put_file(path, source.read_bytes())
                yield Item(
                    f"fichier de {entry.form.id}", visible_line(str(source.relative_to(workspace.root))), Became.TAKEN
                )
    for sha256 in joined_gone(ledger, workspace):
        yield Item(f"pièce jointe {sha256[:12]}", JOINED, Became.NOT, "introuvable : à joindre de nouveau")
    for paper in papers_gone(ledger, workspace):
        number = ledger.dossiers.get(paper.dossier).number
        said = "introuvable : à restaurer d’une sauvegarde, ou à établir de nouveau par la même commande"
        yield Item(f"papier {paper.name}, dossier {number}", "outbox", Became.NOT, said)


def _made_again(ledger: Ledger, workspace: Workspace, today: dt.date) -> Iterator[Item]:
    """Packets and letters that are gone from the outbox: made again, but for what somebody took."""
    for line in packets_gone(ledger, workspace):
        entry = ledger.entries.get(line.sha256)
        if line.state in LOCKED or not entry.form.path.is_file():
            said = "introuvable : à restaurer d’une sauvegarde"
            yield Item(f"liasse {line.id[:8]}, dossier {entry.number}", "outbox", Became.NOT, said)
        else:
            ledger.take_up(entry.form, dt.date.fromisoformat(line.day), event="recovered")
            yield Item(f"liasse {line.id[:8]}, dossier {entry.number}", SPOOL, Became.TAKEN, "sera refaite")
    for entry in ledger.entries.in_states(State.TO_COMPLETE):
        if entry.form.path.is_file() and not (workspace.to_complete / entry.form.id).is_dir():
            ledger.take_up(entry.form, today, event="recovered")
            yield Item(f"lettre de {entry.form.id}", SPOOL, Became.TAKEN, "sera refaite")


def _copies(entry: Entry, workspace: Workspace) -> Iterator[Path]:
    """Where else the bytes of a form may lie."""
    yield from copies_aside(entry.form.id, workspace)
    for folder in (workspace.to_complete / entry.form.id, workspace.quarantine / entry.form.id):
        yield from folder.glob("formulaire-recu*")
