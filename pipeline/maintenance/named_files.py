"""Files that belong to a workspace: those that its ledger names, and the school's settings."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.life import Paper
from pipeline.core.settings import FILE as SETTINGS
from pipeline.core.workspace import Workspace
from pipeline.documents.filed import MANIFEST
from pipeline.ledger.entries import Entry
from pipeline.ledger.packet_store import PacketLine
from pipeline.ledger.store import Ledger
from pipeline.storage.durable import hash_of
from pipeline.storage.spool import spool_file
from pipeline.storage.temporary import is_temporary

SCHOOL_FOLDER = "etablissement"  # in a backup, wherever the school's folder stands
ASIDE_LEDGER = "registre-ecarte"  # how the name of a ledger begins that a recovery replaced
ASIDE_FOLDER = ".avant-restauration-"  # and that of the folder into which a restore moved what was there
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class _Names:
    """What a ledger names: received files, folders of packets and papers, files joined or come back."""

    spooled: tuple[str, ...]
    folders: tuple[str, ...]
    joined: tuple[str, ...]


def named_files(workspace: Workspace, ledger: Path) -> Iterator[tuple[str, Path, str | None]]:
    """Each file that a copied ledger names, and the settings: its name, where it lies, its hash if that is known."""
    names = _names(ledger)
    yield from _memory(names, workspace)
    aside = (
        f"{place}/{sha256[:8]}"
        for place in (workspace.to_complete.name, workspace.quarantine.name)
        for sha256 in names.spooled
    )
    for folder in (*names.folders, *aside):
        place = workspace.outbox / folder
        hashes = _hashes(place)
        for path in _files(place):
            name = str(path.relative_to(place))
            yield f"outbox/{folder}/{name}", path, hashes.get(name)
    yield from _drafts(workspace)
    yield from _settings(workspace)


def strange_names(ledger: Path) -> list[str]:
    """What a ledger names and liasse never does: hashes that are none, folders that lead out of the outbox."""
    names = _names(ledger)
    strange = [one for one in (*names.spooled, *names.joined) if not _HASH.fullmatch(one)]
    return strange + [one for one in names.folders if not {"", ".", ".."}.isdisjoint(one.split("/"))]


def files_gone(ledger: Ledger) -> list[Entry]:
    """The forms that need their received file, and have it no more."""
    return [one for one in ledger.entries.all() if one.state.needs_its_file and not one.form.path.exists()]


def joined_gone(ledger: Ledger, workspace: Workspace) -> list[str]:
    """The hashes of joined files that are not there, or not as they are bound."""

    def is_there(sha256: str) -> bool:
        kept = workspace.joined_file(sha256).is_file()
        return kept and (sha256 in returned or workspace.joined_pdf(sha256).is_file())

    returned = ledger.returned_files()  # kept as they came, and bound nowhere
    return sorted(one for one in ledger.joined_files() if not is_there(one))


def papers_gone(ledger: Ledger, workspace: Workspace) -> list[Paper]:
    """The papers of the lives of dossiers that count, and are no more in the outbox."""
    return [
        one
        for one in ledger.life.all_papers()
        if one.counts and not (workspace.outbox / one.folder / MANIFEST).is_file()
    ]


def packets_gone(ledger: Ledger, workspace: Workspace) -> list[PacketLine]:
    """The packets that count, and are no more in the outbox."""
    return [one for one in ledger.packets.live() if not (workspace.outbox / one.folder / MANIFEST).is_file()]


def papers_changed(ledger: Ledger, workspace: Workspace) -> list[Paper]:
    """The papers that count and whose files are not as they were published."""

    def is_changed(place: Path) -> bool:
        return any(hash_of(place / name) != sha256 for name, sha256 in _hashes(place).items())

    return [one for one in ledger.life.all_papers() if one.counts and is_changed(workspace.outbox / one.folder)]


def set_aside(workspace: Workspace) -> tuple[str, ...]:
    """What a recovery or a restore moved out of the way, from the workspace on: nobody but a person removes it."""
    found = (*workspace.memory.glob(f"{ASIDE_LEDGER}-*"), *workspace.root.glob(f"{ASIDE_FOLDER}*"))
    return tuple(sorted(str(one.relative_to(workspace.root)) for one in found))


def _names(path: Path) -> _Names:
    with closing(sqlite3.connect(path)) as ledger:

        def column(sql: str) -> tuple[str, ...]:
            return tuple(str(one) for (one,) in ledger.execute(sql))

        decided = column("SELECT value FROM decision WHERE kind = 'join'")
        returned = column("SELECT body FROM fact WHERE kind = 'retour'")
        return _Names(
            column("SELECT sha256 FROM form UNION SELECT sha256 FROM spare_file WHERE place = 'spool'"),
            column(
                "SELECT folder FROM packet WHERE folder <> '-' "
                "UNION SELECT folder FROM paper WHERE folder <> '-' AND state <> 'annulee'"
            ),
            (
                *(json.loads(value)["sha256"] for value in (*decided, *returned)),
                *column("SELECT sha256 FROM spare_file WHERE place = 'joined'"),
            ),
        )


def _memory(names: _Names, workspace: Workspace) -> Iterator[tuple[str, Path, str | None]]:
    """Received and joined files; those of forms that were purged are no more."""
    found = [(spool_file(workspace, sha256), sha256) for sha256 in names.spooled]
    found += [(workspace.joined_file(sha256), sha256) for sha256 in dict.fromkeys(names.joined)]
    bound = [(workspace.joined_pdf(sha256), None) for sha256 in names.joined]
    for path, sha256 in (*found, *bound):
        if path.exists():
            yield f".liasse/{path.relative_to(workspace.memory)}", path, sha256


def _drafts(workspace: Workspace) -> Iterator[tuple[str, Path, str | None]]:
    """Drafts of mails that lie ready."""
    name = f"outbox/{workspace.mail.name}"
    yield from ((f"{name}/{path.relative_to(workspace.mail)}", path, None) for path in _files(workspace.mail))


def _settings(workspace: Workspace) -> Iterator[tuple[str, Path, str | None]]:
    """Editions given out, the school's settings, templates and schemas."""
    places = {".liasse/editions": workspace.memory / "editions", SCHOOL_FOLDER: workspace.school}
    places |= {"templates": workspace.templates, "schemas": workspace.schemas}
    for name, place in places.items():
        yield from ((f"{name}/{path.relative_to(place)}", path, None) for path in _files(place))
    if (workspace.root / SETTINGS).is_file():
        yield SETTINGS, workspace.root / SETTINGS, None


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from (one for one in sorted(place.rglob("*")) if one.is_file() and not _is_hidden(one))


def _is_hidden(path: Path) -> bool:
    return is_temporary(path) or path.name.startswith("~$")


def _hashes(folder: Path) -> Mapping[str, str]:
    """What the manifest of a packet says that its files are."""
    try:
        return {one["nom"]: one["sha256"] for one in json.loads((folder / MANIFEST).read_bytes())["fichiers"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
