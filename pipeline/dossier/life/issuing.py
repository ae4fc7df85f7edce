"""Issue of a paper, once: intended in the ledger, published by one rename, then counted; killed anywhere, resumed.

A paper that says the same as the one that counts is that one: nothing is made twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.days import Days
from pipeline.core.errors import ChangedMeanwhile, HouseError
from pipeline.core.life import Paper, PaperKind, PaperState
from pipeline.core.models import Data
from pipeline.documents import life_papers
from pipeline.documents.filed import MANIFEST
from pipeline.documents.finishing import packet_folder
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life
from pipeline.ledger.journal import MACHINE
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import holds, publish, put_file
from pipeline.storage.temporary import take_down

REPLACED = "REMPLACE.txt"


@dataclass(frozen=True)
class Order:
    """A paper to issue: its documents, the figures that it says, and drafts of mails that go with it.

    ``figures`` are plain JSON values; with the terms and the templates they decide whether it is a new version.
    ``terms`` are those that it prints: those in force, unless it speaks of a time when others held, and ``days`` are
    theirs. ``drafts`` makes
    the mails of the paper that was noted, by file name in ``outbox/courrier``.
    """

    kind: PaperKind
    key: str
    sheets: tuple[life_papers.Sheet, ...]
    figures: Mapping[str, Any]
    drafts: Callable[[Paper], Mapping[str, bytes]] = lambda _paper: {}
    terms: Data | None = None
    days: Days | None = None


@dataclass(frozen=True)
class Issued:
    """A paper that counts now; ``already``: it said the same before. ``place`` is its folder."""

    paper: Paper
    place: Path
    already: bool


def issue(context: Context, life: Life, order: Order, *, by: str = MACHINE) -> Issued:
    """Issue a paper of a dossier; raises ChangedMeanwhile where a fact was told since ``life`` was looked at.

    Raises as ``life_papers.make_paper``; HouseError, Transient of the disk.
    """
    wanted = Paper(
        id="",
        dossier=life.dossier.id,
        kind=order.kind,
        key=order.key,
        version=0,
        state=PaperState.INTENDED,
        folder=_stem(life, order),
        day=context.today,
        made_at="",
        body={**order.figures, "basis": basis_of(context, life, order)},
    )
    paper = context.ledger.life.intend(wanted, seen=life.facts.seen)
    if paper is None:
        raise _changed(life)
    passing("paper-intended")
    place = context.workspace.outbox / paper.folder
    already = paper.counts and (place / MANIFEST).is_file()
    if not already:
        files = life_papers.make_paper(
            paper,
            order.sheets,
            order.terms or life.data,
            programme=life.programme,
            workspace=context.workspace,
            number=life.dossier.number,
            convention=life.convention_number,
            days=order.days if order.terms else life.days,
        )
        publish(place, files, manifest=MANIFEST)
        passing("paper-published")
    drafts = order.drafts(paper) if _is_wanted(context, paper) else {}
    for name, mail in drafts.items():
        put_file(context.workspace.mail / name, mail)
    context.ledger.life.settle(paper, form=life.entry.form.sha256, by=by)
    passing("paper-settled")
    settled = context.ledger.life.paper(paper.id)
    if settled is None:
        raise HouseError(f"paper {paper.id[:12]} is not in the ledger any more: it was erased meanwhile.")
    _remove_cancelled(context, settled)
    if not settled.counts:
        _take_back(context, drafts)
        raise _changed(life)
    mark_replaced(context, settled)
    _withdraw_drafts(context, life, settled)
    return Issued(settled, place, already)


def _is_wanted(context: Context, paper: Paper) -> bool:
    """Whether nobody issued another in its place while it was made."""
    now = context.ledger.life.paper(paper.id)
    return now is not None and now.state is not PaperState.CANCELLED


def _changed(life: Life) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        f"Quelqu’un vient de changer le dossier {life.dossier.number} : rien n’est établi. Recommencez."
    )


def _take_back(context: Context, drafts: Mapping[str, bytes]) -> None:
    """Remove the drafts of a paper that came to nothing, but not those that another wrote in their place."""
    for name, mail in drafts.items():
        if holds(context.workspace.mail / name, mail):
            (context.workspace.mail / name).unlink(missing_ok=True)


def _remove_cancelled(context: Context, paper: Paper) -> None:
    """Remove what was published of papers of its kind and key that came to nothing: nobody may take it for valid."""
    for one in context.ledger.life.all_of(paper.dossier):
        if (one.kind, one.key, one.state) == (paper.kind, paper.key, PaperState.CANCELLED):
            with suppress(OSError):
                take_down(context.workspace.outbox / one.folder)


def mark_replaced(context: Context, paper: Paper) -> None:
    """Say in the folder of the version before that it counts no more; its own files stay as they are."""
    before = context.ledger.life.paper(paper.replaces) if paper.replaces else None
    if before is None:
        return
    note = context.workspace.outbox / before.folder / REPLACED
    if note.parent.is_dir() and not note.exists():
        put_file(note, _NOTE.format(folder=paper.folder, version=paper.version).encode())


def _withdraw_drafts(context: Context, life: Life, paper: Paper) -> None:
    """Take away the drafts of the version before that still lie there: they would be sent by mistake."""
    before = context.ledger.life.paper(paper.replaces) if paper.replaces else None
    if before is not None:
        for left in context.workspace.mail.glob(f"{life.dossier.number}-{before.name}-v{before.version}-*.eml"):
            left.unlink(missing_ok=True)


def _stem(life: Life, order: Order) -> Path:
    """The beginning of its folder's name, beside the packet's."""
    folder = packet_folder(life_papers.record_of(life.data, life.programme), "x")
    name = "-".join(part for part in (order.kind.value, order.key) if part)
    return folder.with_name(f"{folder.name.removesuffix('_x')}_{name}")


def basis_of(context: Context, life: Life, order: Order) -> str:
    """What all that the paper says follows from; not the day on which it is made."""
    told = {
        "terms": order.terms or life.data,
        "convention": life.convention_number,
        "figures": order.figures,
        "titles": [sheet.title for sheet in order.sheets],
        "templates": life_papers.templates_of(order.sheets, context.workspace),
        "formation": life.programme.formation.sha256,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


_NOTE = """Ce papier est remplacé : il ne compte plus.

La version {version} est dans :
{folder}
"""
