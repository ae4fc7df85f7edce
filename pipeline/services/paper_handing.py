"""Use case: papers of a dossier's life handed out file by file, and the archive of a dossier; each is noted."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import NotFound
from pipeline.core.life import Paper, PaperState
from pipeline.core.visitors import Right, Visitor
from pipeline.dossier.context import Context
from pipeline.services.archiving import archive_dossier
from pipeline.services.handing_out import Handed
from pipeline.services.lookup import leading
from pipeline.services.paper_files import files_of_paper
from pipeline.services.permissions import Reached, require

_TAKEN = {".pdf", ".docx"}
_REPLACED = frozenset({PaperState.SUPERSEDED, PaperState.SIGNED_SUPERSEDED})


@dataclass(frozen=True)
class FiledPaper:
    """A paper and its files that people take, as its manifest names them; none where its folder is gone."""

    paper: Paper
    files: tuple[str, ...]

    @property
    def replaced(self) -> bool:
        """Whether another version took its place."""
        return self.paper.state in _REPLACED


def filed_papers(context: Context, papers: Sequence[Paper]) -> tuple[FiledPaper, ...]:
    """These papers with their files, the newest first."""
    return tuple(FiledPaper(one, _files(context, one)) for one in reversed(papers))


def hand_paper(context: Context, visitor: Visitor, reached: Reached, identity: str, file: str) -> Handed:
    """A file of a paper of that dossier; who took it is noted before it leaves. Raises Forbidden, NotFound."""
    require(visitor, Right.FETCH)
    found = context.ledger.life.papers(reached.id)
    paper = next((one for one in found if one.id == identity), None)
    if paper is None or file not in _files(context, paper):
        raise NotFound("Ce papier n’est plus là. Que faire : revenez à la page du dossier.")
    before = "remplace-" if paper.state in _REPLACED else ""
    name = f"{before}{reached.number}-{paper.name}-v{paper.version}-{Path(file).name}"
    note = f"{paper.name}, version {paper.version} : {file}"
    context.ledger.looks.note_taken(leading(reached.forms).form.sha256, visitor.actor, note)
    return Handed(context.workspace.outbox / paper.folder / file, name)


def hand_archive(context: Context, visitor: Visitor, reached: Reached) -> Handed:
    """The archive of a dossier, in a folder of its own that the caller removes; noted before it leaves.

    Raises Forbidden; as ``archive_dossier``.
    """
    require(visitor, Right.FETCH)
    folder = Path(tempfile.mkdtemp())
    try:
        made = archive_dossier(context, reached.id, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    context.ledger.looks.note_taken(leading(reached.forms).form.sha256, visitor.actor, made.path.name)
    return Handed(made.path, made.path.name)


def _files(context: Context, paper: Paper) -> tuple[str, ...]:
    found = files_of_paper(paper, context.workspace)
    return tuple(name for name, one in found.items() if one.place.suffix in _TAKEN and one.place.is_file())
