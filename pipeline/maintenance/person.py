"""Data-subject requests: everything held of one person put together, or removed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.core.errors import HouseError, NotAllowed
from pipeline.core.identity import Identity, identity_of
from pipeline.core.modes import FOLDER, make_folder
from pipeline.core.workspace import Workspace
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import LOCKED, SIGNED, PacketLine, PacketState
from pipeline.ledger.store import Ledger
from pipeline.maintenance.kept_lives import has_signatures, of_life, remove_life, returned_of
from pipeline.maintenance.retention import remove_joined, remove_received
from pipeline.storage.disposal import remove
from pipeline.storage.durable import write_folder
from pipeline.storage.spool import received_name
from pipeline.storage.temporary import sweep
from pipeline.storage.turns import sole


def forms_of(entry: Entry, ledger: Ledger) -> tuple[Entry, ...]:
    """The forms that are surely of the person of this one, with the others of their dossiers.

    Homonyms are left out, and so is what a person put into a dossier by mistake, if it tells of somebody else.
    """
    who = _whose(entry, ledger)
    namesakes = ledger.entries.namesakes(entry.form.sha256)
    dossiers = {entry.dossier, *(one.dossier for one in namesakes if who.is_surely(_whose(one, ledger)))}
    found = [one for dossier in dossiers for one in ledger.entries.of_dossier(dossier)]
    hers = [one for one in found if one == entry or who.may_be(_whose(one, ledger))]
    return tuple(sorted(hers, key=lambda one: one.order))


def _whose(entry: Entry, ledger: Ledger) -> Identity:
    return identity_of(ledger.readings.record(entry.form.sha256) or {})


def export(entry: Entry, ledger: Ledger, workspace: Workspace, to: Path) -> Path:
    """Put everything we hold of the person of a form into a new folder under ``to`` (art. 15 and 20 of the RGPD).

    The files they sent, what was read, what was decided, the packets, the journal's lines; of a dossier what was
    told, the papers that were issued, the files that came back signed, drafts of mails. Raises HouseError.
    """
    place = to / f"export-{entry.form.id}"
    try:
        make_folder(to)
        place.mkdir(FOLDER)
        for one in forms_of(entry, ledger):
            write_folder(place / one.form.id, dict(_of_form(one, ledger, workspace)))
        for dossier in _lives(forms_of(entry, ledger), ledger):
            files = dict(of_life(dossier, ledger, workspace))
            if files:
                write_folder(place / ledger.dossiers.get(dossier).number, files)
    except OSError as error:
        raise HouseError(f"{place} cannot be written: {error}. Choose another folder with --to.") from error
    return place


def _of_form(entry: Entry, ledger: Ledger, workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    """Each file that is handed out of a form: its path in the form's folder, its bytes. Raises OSError."""
    form, packets = entry.form, ledger.packets.of_form(entry.form.sha256)
    if form.path.exists():
        yield received_name(form), form.path.read_bytes()
    told = {
        "formulaire": form.name,
        "sha256": form.sha256,
        "recu_le": form.received_on,
        "etat": entry.state.value,
        "formation": entry.formation,
        "stagiaire": entry.stagiaire,
        "version": entry.version,
        "dossier": entry.number,
        "valeurs": ledger.readings.record(form.sha256),
        "lectures": ledger.readings.bodies(form.sha256),
        "decisions": asdict(ledger.decisions(form)),
        "liasses": [asdict(line) for line in packets],
        "journal": [asdict(line) for line in ledger.journal(form.sha256)],
    }
    yield "registre.json", json.dumps(told, ensure_ascii=False, indent=2, default=str).encode()
    for one in ledger.decisions(form).joined:
        if workspace.joined_file(one.sha256).exists():
            yield f"{one.piece}.pdf", workspace.joined_file(one.sha256).read_bytes()
    copies = {workspace.outbox / line.folder: f"liasses/{line.folder.name}" for line in packets}
    for folder, copy in (copies | {workspace.to_complete / form.id: "a-completer"}).items():
        for path in (one for one in folder.rglob("*") if one.is_file()):
            yield f"{copy}/{path.relative_to(folder)}", path.read_bytes()


def erase(entry: Entry, ledger: Ledger, workspace: Workspace, *, by: str, reason: str, signed_too: bool) -> int:
    """Remove everything we hold of the person of a form but hashes, states and dates; how many forms.

    First the forms are taken out of every hand; the ledger forgets them last, all at once: the next erasure finishes
    one that was stopped.

    Raises NotAllowed, before anything is removed, when a packet was fetched or signed and ``signed_too`` is not
    given: the paper that was signed is kept by law, and an archivist decides.
    """
    forms = forms_of(entry, ledger)
    begun = any(has_signatures(dossier, ledger) for dossier in {one.dossier for one in forms})
    if not signed_too and (begun or any(line.state in LOCKED | SIGNED for line in _packets(forms, ledger))):
        raise NotAllowed(
            f"un papier de {entry.form.id} fut retiré ou signé : ce qui est signé est gardé, de par la loi. "
            "Si l’archiviste en est d’accord : --signed-too."
        )
    with sole(workspace.memory):
        _erase(forms, ledger, workspace, by=by, reason=reason)
    return len(forms)


def _erase(forms: Sequence[Entry], ledger: Ledger, workspace: Workspace, *, by: str, reason: str) -> None:
    wholes = ledger.entries.files_with([one.form.sha256 for one in forms])  # the others in them have theirs
    for one in (*forms, *wholes):
        ledger.put_away(one.form, State.ERASED, by=by, reason=reason)
    sweep(workspace)
    for one in (*forms, *wholes):
        remove_received(one, workspace)
        for folder in (workspace.to_complete / one.form.id, workspace.quarantine / one.form.id):
            remove(folder)
    remove(workspace.bilan)  # it names everybody, and is made again without them
    for line in _packets(forms, ledger):
        remove(workspace.outbox / line.folder)
        ledger.packets.set_state(line.id, PacketState.PURGED)
    joined = {file.sha256 for one in forms for file in ledger.decisions(one.form).joined}
    dossiers = _lives(forms, ledger)
    for dossier in dossiers:
        remove_life(dossier, ledger, workspace)
        joined |= returned_of(dossier, ledger)
    ledger.forget_names([one.form.sha256 for one in (*forms, *wholes)], dossiers)
    remove_joined(joined, ledger, workspace)
    ledger.database.compact()


def _lives(forms: Sequence[Entry], ledger: Ledger) -> list[str]:
    """The dossiers of these forms that are theirs: no form of somebody else in them has a packet that counts."""
    hers = {one.form.sha256 for one in forms}
    return [
        dossier
        for dossier in dict.fromkeys(one.dossier for one in forms)
        if not any(
            one.state is State.DELIVERED and one.form.sha256 not in hers for one in ledger.entries.of_dossier(dossier)
        )
    ]


def _packets(forms: Sequence[Entry], ledger: Ledger) -> list[PacketLine]:
    return [line for one in forms for line in ledger.packets.of_form(one.form.sha256)]
