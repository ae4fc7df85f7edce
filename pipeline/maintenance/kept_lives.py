"""What is held of the life of dossiers: facts, papers in the outbox, files that came back, drafts of mails."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from pipeline.core.life import FactKind, Paper, PaperState
from pipeline.core.settings import Retention
from pipeline.core.workspace import Workspace
from pipeline.ledger.store import Ledger
from pipeline.storage.disposal import remove

# What is of no use once a dossier is closed, and tells of absences, illness and marks.
_PASSING = frozenset(
    {
        FactKind.PRESENCE,
        FactKind.SHEET,
        FactKind.EVALUATION,
        FactKind.QUESTIONNAIRE,
        FactKind.MEETING,
        FactKind.MID_TERM,
        FactKind.PAID,
    }
)


def of_life(dossier: str, ledger: Ledger, workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    """Each file that is handed out of a dossier's life: its name, its bytes. Raises OSError."""
    facts, papers = ledger.life.facts(dossier).told, ledger.life.papers(dossier)
    if not facts and not papers:
        return
    told = {"faits": [asdict(one) for one in facts], "papiers": [asdict(one) for one in papers]}
    yield "vie.json", json.dumps(told, ensure_ascii=False, indent=2, default=str).encode()
    for paper in papers:
        folder = workspace.outbox / paper.folder
        for path in _files(folder):
            yield f"papiers/{folder.name}/{path.relative_to(folder)}", path.read_bytes()
    for sha256 in sorted(returned_of(dossier, ledger)):
        if workspace.joined_file(sha256).is_file():
            yield f"retours/{sha256[:12]}", workspace.joined_file(sha256).read_bytes()
    for path in drafts_of(dossier, ledger, workspace):
        yield f"courrier/{path.name}", path.read_bytes()


def returned_of(dossier: str, ledger: Ledger) -> set[str]:
    """The hashes of the files that came back signed of a dossier."""
    return {one.body["sha256"] for one in ledger.life.facts(dossier).told if one.kind is FactKind.RETURNED}


def drafts_of(dossier: str, ledger: Ledger, workspace: Workspace) -> list[Path]:
    """The drafts of mails of a dossier: those whose names or words bear one of its numbers."""
    numbers = [re.escape(one) for one in ledger.dossiers.numbers_of(dossier)]
    if not numbers or not workspace.mail.is_dir():
        return []
    bears = re.compile(rf"(?<![0-9])(?:{'|'.join(numbers)})(?![0-9])")
    return [
        path
        for path in _files(workspace.mail)
        if bears.search(path.name) or bears.search(path.read_bytes().decode("latin-1"))
    ]


def remove_life(dossier: str, ledger: Ledger, workspace: Workspace) -> None:
    """Remove the papers and drafts of a dossier from the outbox; raises HouseError, Transient."""
    for paper in ledger.life.all_of(dossier):
        if str(paper.folder) != "-":
            remove(workspace.outbox / paper.folder)
    for path in drafts_of(dossier, ledger, workspace):
        remove(path)


def closed_lives(ledger: Ledger, retention: Retention, today: dt.date) -> Iterator[tuple[str, dt.date]]:
    """The dossiers that were closed so long ago that what only served meanwhile goes, each with that day."""
    for dossier, told in ledger.life.histories().items():
        closed = told.closed
        day = dt.date.fromisoformat(closed.at[:10]) if closed else dt.date.max
        old = closed and retention.faits and day + dt.timedelta(days=retention.faits) <= today
        if old and any(one.kind in _PASSING for one in ledger.life.facts(dossier).told):
            yield dossier, day


def forget_passing(start: str, ledger: Ledger) -> None:
    """Forget what of a closed dossier, by the beginning of its id, is of no use any more."""
    dossier = next(one for one in ledger.life.histories() if one.startswith(start))
    ledger.forget_facts(dossier, [one.value for one in _PASSING])


def has_signatures(dossier: str, ledger: Ledger) -> bool:
    """Whether anybody signed anything of a dossier: one party, or a paper that came back."""
    told = ledger.life.facts(dossier).told
    return has_signed_papers(dossier, ledger) or any(one.kind in (FactKind.SIGNED, FactKind.RETURNED) for one in told)


def has_signed_papers(dossier: str, ledger: Ledger) -> bool:
    """Whether a paper of its life was signed: it goes by an archivist's word only."""
    signed = {PaperState.SIGNED, PaperState.SIGNED_SUPERSEDED}
    return any(one.state in signed for one in ledger.life.all_of(dossier))


def old_papers(
    ledger: Ledger, workspace: Workspace, retention: Retention, today: dt.date
) -> Iterator[tuple[Paper, dt.date]]:
    """The papers that another replaced, that nobody signed, and that still lie in the outbox, each with its day."""
    after = {one.replaces: one for one in ledger.life.all_papers() if one.replaces}
    for paper in ledger.life.all_papers():
        replaced = paper.state in {PaperState.SUPERSEDED, PaperState.CANCELLED}
        day = dt.date.fromisoformat(after.get(paper.id, paper).made_at[:10])
        old = bool(retention.papiers) and day + dt.timedelta(days=retention.papiers) <= today
        if replaced and old and str(paper.folder) != "-" and (workspace.outbox / paper.folder).is_dir():
            yield paper, day


def old_drafts(workspace: Workspace, retention: Retention, today: dt.date) -> Iterator[tuple[Path, dt.date]]:
    """The drafts of mails that have lain so long, each with its day."""
    for path in _files(workspace.mail):
        day = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()
        if retention.courrier and day + dt.timedelta(days=retention.courrier) <= today:
            yield path, day


def goes_on_until(ledger: Ledger, dossier: str, end: dt.date | None) -> dt.date:
    """The day until which the values of a dossier serve: of its last day, of what was told of it last."""
    facts = ledger.life.facts(dossier)
    told = max((dt.date.fromisoformat(one.at[:10]) for one in facts.told), default=dt.date.min)
    ends = [dt.date.fromisoformat(day) for one in facts.of(FactKind.ASKED) for day in _ends(one.body)]
    return max(told, end or dt.date.min, *ends) if ends else max(told, end or dt.date.min)


def _ends(body: object) -> Iterator[str]:
    changes = body.get("changements", ()) if isinstance(body, dict) else ()
    yield from (str(one["apres"]) for one in changes if one["champ"] == "stage.date_fin" and one["apres"])


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from (one for one in sorted(place.rglob("*")) if one.is_file())
