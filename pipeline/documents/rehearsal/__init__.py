"""Template check: each Word template filled for invented dossiers of every régime, printed, and looked at."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.core.programme import Programme
from pipeline.core.sequences import grouped
from pipeline.core.workspace import Workspace
from pipeline.documents.rehearsal.attempt import Trial, Tried
from pipeline.documents.rehearsal.invented import Invented, dossiers
from pipeline.documents.rehearsal.mentions import faults_of_mentions, printed_names, students
from pipeline.documents.rehearsal.on_paper import faults_on_paper

__all__ = ["rehearse"]


def rehearse(programme: Programme, workspace: Workspace, *, on_paper: bool) -> tuple[str, ...]:
    """All that goes wrong with the templates of a formation, in French, each with its template and its place.

    ``on_paper`` also makes them PDFs and looks for every value there; raises ToolMissing without LibreOffice.
    """
    invented = list(dossiers(programme))
    wanted = grouped(
        (piece.template, (dossier, piece, context))
        for dossier in invented
        for piece, context in dossier.papers
        if piece.template is not None
    )
    trials = {name: Trial.of(name, path := workspace.model(name), workspace.beside(path)) for name in wanted}
    tried: list[Tried] = []
    for template, papers in wanted.items():
        trial = trials[template]
        trial.examine(programme.dictionary, [context for _, _, context in papers])
        tried += [one for paper in papers if (one := trial.run(*paper)) is not None]
    faults = [fault for trial in trials.values() for fault in trial.faults]
    if on_paper:
        sound = [one for one in tried if not trials[one.template].faults]
        faults += faults_on_paper(sound, pdfa=programme.formation.pdfa)
    faults += _unsaid(programme, invented, trials)
    return tuple(dict.fromkeys(faults))


def _unsaid(programme: Programme, invented: list[Invented], trials: dict[str, Trial]) -> Iterator[str]:
    """What a student's convention does not mention, of what the law asks: of all that is signed with it."""
    for dossier in invented:
        if students(dossier.regime) and not dossier.bare:
            signed = [piece.template for piece, _ in dossier.papers if piece.template and piece.signataires]
            trees = [
                tree for name in signed for source in trials[name].sources if (tree := source.tree()) is not None
            ]
            said = {name for tree in trees for name in printed_names(tree, programme.dictionary)}
            if signed:
                yield from faults_of_mentions(said, programme, signed)
