"""Use case of archiving: a dossier, or all of a session, as one ZIP that stands by itself: papers, evidence, sums."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.core.errors import HouseError, InvalidRequest, NotAllowed
from pipeline.core.life import Fact, FactKind, Paper, PaperState
from pipeline.core.text import visible_line
from pipeline.documents.filed import MANIFEST, RECORD
from pipeline.dossier.context import Context
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.packet_store import SIGNED, TAKEABLE, PacketLine, PacketState
from pipeline.ledger.store import Ledger
from pipeline.reports.archive_list import ArchivedFile, FileClass, list_csv, list_pdf
from pipeline.services.lookup import find_dossier
from pipeline.storage.archive_zip import ArchiveWriter, archive, faults_in
from pipeline.storage.spool import received_name

_KEPT = TAKEABLE | SIGNED  # packets that are archived; of the others the journal tells
_SUFFIXES = {"jpeg": ".jpg", "tiff": ".tif"}


@dataclass(frozen=True)
class Archived:
    """An archive: where it lies, its dossiers by number, those among them that are not closed, whether it is new."""

    path: Path
    dossiers: tuple[str, ...]
    unclosed: tuple[str, ...]
    fresh: bool


@dataclass(frozen=True)
class _Source:
    """One file to be archived: its name there, where it lies or its bytes, the hash that it must have if known."""

    name: str
    what: str
    of: FileClass
    day: dt.date
    path: Path | None = None
    data: bytes = b""
    sha256: str | None = None


def archive_dossier(context: Context, word: str, to: Path, *, note: bool = True) -> Archived:
    """Archive one dossier into a folder; the same content is written once. ``note``: the journal says so.

    Raises NotFound, Ambiguous; NotAllowed for a dossier without a packet that can be signed, or where another archive
    of that name lies; HouseError where a file is gone or changed: then nothing is written.
    """
    return _written(context, [find_dossier(context.ledger, word)], to, "", note=note)


def archive_session(context: Context, session: str, to: Path, *, among: Collection[str] | None = None) -> Archived:
    """Archive every dossier of a session, « CODE/ANNÉE », each in a folder of its own; raises as for one.

    ``among``: the ids of those that whoever asks may see; without it all.
    """
    code, _, year = session.partition("/")
    if not code or not year:
        raise InvalidRequest(
            "Nommez la session par le code de la formation et l’année : coordination-essms/2024-2025."
        )
    dossiers = dossiers_of_session(context.ledger, code, year)
    dossiers = tuple(one for one in dossiers if among is None or one in among)
    if not dossiers:
        raise InvalidRequest(f"La session {visible_line(session)} n’a aucun dossier à archiver.")
    return _written(context, dossiers, to, f"{code}-{year}")


def dossiers_of_session(ledger: Ledger, code: str, year: str) -> tuple[str, ...]:
    """The ids of the dossiers of a formation and a year that have a packet, by number."""
    made = [one for one in ledger.entries.all() if one.state is State.DELIVERED and one.formation == code]
    outlines = ledger.members.outlines([one.form.sha256 for one in made])
    found = [one for one in made if _year_of(one, outlines) == year]
    return tuple(dict.fromkeys(one.dossier for one in sorted(found, key=lambda one: one.number)))


def _year_of(entry: Entry, outlines: Any) -> str:  # noqa: ANN401
    outline = outlines.get(entry.form.sha256)
    return str(outline.year) if outline else (entry.folder.parts[1] if entry.folder else "")


def verify(path: Path) -> tuple[str, ...]:
    """What is wrong in an archive; nothing where each file has its hash."""
    return tuple(map(visible_line, faults_in(path)))


def _written(context: Context, dossiers: Sequence[str], to: Path, named: str, *, note: bool = True) -> Archived:
    numbers = [context.ledger.dossiers.get(one).number for one in dossiers]
    path = to.absolute() / f"archive-{named or numbers[0]}.zip"
    with archive(path) as (writer, place):
        listed = [
            line
            for dossier, number in zip(dossiers, numbers, strict=True)
            for line in _add(writer, number, _sources(context, dossier, number))
        ]
        retention, title = context.settings.conservation, f"Session {named}" if named else f"Dossier {numbers[0]}"
        writer.add("bordereau.csv", list_csv(listed, retention))
        writer.add("bordereau.pdf", list_pdf(listed, retention, title))
    if place.fresh and note:
        context.ledger.note_archived(named or numbers[0])
    closed = {one for one in dossiers if context.ledger.life.facts(one).closed}
    unclosed = (number for dossier, number in zip(dossiers, numbers, strict=True) if dossier not in closed)
    return Archived(path, tuple(numbers), tuple(unclosed), place.fresh)


def _add(writer: ArchiveWriter, number: str, sources: Iterable[_Source]) -> Iterator[ArchivedFile]:
    for one in sorted(sources, key=lambda one: one.name):
        name = f"{number}/{one.name}"
        done = writer.add_file(name, one.path, one.sha256) if one.path else writer.add(name, one.data)
        yield ArchivedFile(number, name, one.what, one.of, one.day, done.size, done.sha256)


def _sources(context: Context, dossier: str, number: str) -> Iterator[_Source]:
    """All that is archived of a dossier; raises NotAllowed, HouseError."""
    ledger = context.ledger
    forms = ledger.entries.of_dossier(dossier)
    packets = [line for one in forms for line in ledger.packets.of_form(one.form.sha256) if line.state in _KEPT]
    if not any(line.state in TAKEABLE for line in packets):
        raise NotAllowed(
            f"Le dossier {number} n’a pas de convention : il n’y a rien à archiver. « liasse dossier show {number} » "
            "dit où il en est."
        )
    for line in packets:
        yield from _of_packet(line, context)
    papers = ledger.life.papers(dossier)
    for paper in papers:
        yield from _of_paper(paper, context)
    facts = ledger.life.facts(dossier).told
    yield from _returned(facts, context)
    for entry in forms:
        yield from _of_form(entry, context)
    yield from _told(context, dossier, forms, facts, papers)


def _of_packet(line: PacketLine, context: Context) -> Iterator[_Source]:
    of = FileClass.REPLACED if line.state is PacketState.SIGNED_SUPERSEDED else FileClass.PACKET
    day = dt.date.fromisoformat(line.day or line.made_at[:10])
    counts = line.state in TAKEABLE
    for source in _folder(context.workspace.outbox / line.folder, f"publie/{line.folder.name}", of, day):
        yield source
        if counts and source.name.endswith(f"/{RECORD}"):
            yield _Source(
                RECORD, "valeurs de la convention", FileClass.PACKET, day, source.path, sha256=source.sha256
            )


def _of_paper(paper: Paper, context: Context) -> Iterator[_Source]:
    kept = paper.counts or paper.state is PaperState.SIGNED_SUPERSEDED
    place = context.workspace.outbox / paper.folder
    if kept or (paper.state is PaperState.SUPERSEDED and (place / MANIFEST).is_file()):
        of = FileClass.PAPER if kept else FileClass.REPLACED
        yield from _folder(place, f"papiers/{paper.folder.name}", of, paper.day)


def _folder(place: Path, name: str, of: FileClass, day: dt.date) -> Iterator[_Source]:
    """The files of a packet or a paper that its manifest names, each held to its hash, and the manifest."""
    try:
        told = json.loads((place / MANIFEST).read_bytes())
        files: list[tuple[str, str | None]] = _lying(place)
        if "fichiers" in told:
            files = [(str(one["nom"]), str(one["sha256"])) for one in told["fichiers"]]
        strange = any(Path(file).is_absolute() or ".." in Path(file).parts for file, _ in files)
    except (OSError, ValueError, KeyError, TypeError):
        files, strange = [], True
    if strange:
        raise HouseError(
            f"…{place.name[-12:]} is gone from {place.parent}, or damaged: nothing is archived. 'liasse doctor' "
            "tells what is gone, 'liasse restore' brings it back from a backup."
        )
    for file, sha256 in files:
        yield _Source(f"{name}/{file}", file, of, day, place / file, sha256=sha256)
    yield _Source(f"{name}/{MANIFEST}", "manifeste", of, day, place / MANIFEST)


def _lying(place: Path) -> list[tuple[str, str | None]]:
    """The files of a packet whose manifest names none, as the first ones did: as they lie there."""
    found = (one for one in sorted(place.rglob("*")) if one.is_file() and one.name != MANIFEST)
    return [(str(one.relative_to(place)), None) for one in found]


def _returned(facts: Sequence[Fact], context: Context) -> Iterator[_Source]:
    """What came back signed, as it came."""
    for one in {(fact.key, fact.body["sha256"]): fact for fact in facts if fact.kind is FactKind.RETURNED}.values():
        sha256 = one.body["sha256"]
        kind = str(one.body.get("genre", "pdf"))
        name = f"retours/{one.key}_{sha256[:12]}{_SUFFIXES.get(kind, f'.{kind}')}"
        path = context.workspace.joined_file(sha256)
        yield _Source(name, one.body["nom"], FileClass.SIGNED, one.day, path, sha256=sha256)


def _of_form(entry: Entry, context: Context) -> Iterator[_Source]:
    """The evidence: a form as it was received, unless it was purged, and what was joined to it."""
    form = entry.form
    if form.path.is_file():
        name = f"recu/{form.id}_{received_name(form)}"
        yield _Source(name, form.name, FileClass.FORM, form.received_on, form.path, sha256=form.sha256)
    for one in context.ledger.decisions(form).joined:
        path = context.workspace.joined_file(one.sha256)
        name = f"joint/{one.piece}_{one.sha256[:12]}.pdf"
        yield _Source(name, one.name, FileClass.JOINED, one.on, path, sha256=one.sha256)


def _told(
    context: Context, dossier: str, forms: Sequence[Entry], facts: Sequence[Fact], papers: Sequence[Paper]
) -> Iterator[_Source]:
    """What the ledger knows: facts, papers, and the lines of the journal with their chain."""
    opened = context.ledger.dossiers.get(dossier).opened_on
    lines = sorted(
        (line for one in forms for line in context.ledger.journal(one.form.sha256)), key=lambda line: line.number
    )
    yield _Source("faits.json", "ce qui fut noté", FileClass.FACTS, opened, data=_json(map(asdict, facts)))
    yield _Source(
        "papiers.json", "papiers et leurs versions", FileClass.PAPER, opened, data=_json(map(asdict, papers))
    )
    chain = "".join(json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in lines)
    yield _Source("journal.jsonl", "qui a fait quoi", FileClass.JOURNAL, opened, data=chain.encode())


def _json(values: Iterable[Any]) -> bytes:
    return (json.dumps(list(values), ensure_ascii=False, indent=1, default=str) + "\n").encode()
