"""Blank forms that are given out: each with its edition kept, so that what comes back is known for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.blanks.edition_store import keep, kept_whole
from pipeline.core.errors import HouseError, InvalidRequest, NotAllowed
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation, require_typed
from pipeline.core.law import STUDENTS
from pipeline.core.models import Data, get
from pipeline.core.modes import make_folder
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.handed_out import answers_for, months_of
from pipeline.dossier.life.holding import Life, life_of
from pipeline.forms.blank import Blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.paper_plans import plan_paper
from pipeline.forms.values.calendar_months import month_of
from pipeline.services.lookup import find_dossier
from pipeline.storage.spool import put_file


def write_blanks(
    workspace: Workspace, code: str, annee: str | None, place: Path, paper: PaperForm = PaperForm.FORMULAIRE
) -> tuple[Path, ...]:
    """Write the blank form of a formation's session as PDF and DOCX into ``place``; returns both paths.

    Raises InvalidRequest for a formation or a session that is not there, HouseError where the edition cannot be kept.
    """
    require_typed(workspace, code, annee)
    formation = load_formation(workspace, code)
    session = formation.session(annee)
    blank = plan_paper(Dictionary.load(workspace), formation, session, paper)
    _require_kept(blank, workspace)
    stem = f"{paper}-{code}-{session.annee}"
    pdf, docx = place / f"{stem}.pdf", place / f"{stem}.docx"
    pdf.write_bytes(draw_pdf(blank))
    docx.write_bytes(draw_docx(blank))
    return pdf, docx


def hand_out(context: Context, word: str, paper: PaperForm, place: Path, *, month: str = "") -> tuple[Path, ...]:
    """Write a paper of the dossier meant, with what is known of it, as PDF and DOCX; a feuille for each month.

    ``month`` (« 2025-04 », « avril 2025 ») is the only one wanted. Raises NotFound, Ambiguous; NotAllowed for a
    dossier without a convention, or a paper that is not for its régime; InvalidRequest for a month without stage;
    HouseError as ``write_blanks``.
    """
    life = life_of(context, find_dossier(context.ledger, word))
    if paper is PaperForm.QUESTIONNAIRE and get(life.data, "stagiaire.regime") not in STUDENTS:
        raise NotAllowed(
            f"Le dossier {life.dossier.number} n’est pas d’un étudiant : le questionnaire sur l’accueil ne se "
            "demande qu’en formation initiale (C. éduc., L124-4). Rien n’est écrit."
        )
    programme = life.programme
    blank = plan_paper(programme.dictionary, programme.formation, programme.session, paper)
    stem = f"{paper}-{life.dossier.number}"
    if paper is not PaperForm.EMARGEMENT:
        if month:
            raise InvalidRequest(f"Un mois ne se dit que d’une feuille d’émargement, et non de : {paper}.")
        return _written(blank, context.workspace, place, stem, answers_for(life, paper))
    return tuple(
        path
        for one in _months(life, month)
        for path in _written(blank, context.workspace, place, f"{stem}-{one}", answers_for(life, paper, one))
    )


def _months(life: Life, month: str) -> Iterator[str]:
    """The months asked: one, or each with a day of stage."""
    planned = months_of(life)
    if not planned:
        raise NotAllowed(
            f"Le dossier {life.dossier.number} ne dit pas ses jours de stage : sa feuille d’émargement se donne vide "
            f"(liasse blank {life.programme.formation.code} --paper emargement)."
        )
    wanted = month_of(month) if month else None
    if month and wanted not in planned:
        raise InvalidRequest(
            f"« {month} » n’est pas un mois du stage {life.dossier.number}. Il y a : {', '.join(planned)}."
        )
    yield from (wanted,) if wanted else planned


def _written(blank: Blank, workspace: Workspace, place: Path, stem: str, values: Data) -> tuple[Path, ...]:
    """A paper that names somebody: for its owner's eyes."""
    _require_kept(blank, workspace)
    files = {place / f"{stem}.pdf": draw_pdf(blank, values), place / f"{stem}.docx": draw_docx(blank, values)}
    for path, data in files.items():
        put_file(path, data)
    return tuple(files)


def _require_kept(blank: Blank, workspace: Workspace) -> None:
    if not kept_whole(blank, workspace):
        make_folder(workspace.memory)
        if not isinstance(keep(blank, workspace), Path):
            raise HouseError(
                f"Le formulaire n’est pas donné : {workspace.memory} ne peut pas en garder l’édition, et ce qui "
                "reviendrait rempli ne serait pas reconnu. Libérez de la place ou rétablissez l’accès à ce dossier."
            )
