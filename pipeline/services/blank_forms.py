"""Blank forms that are given out: each with its edition kept, so that what comes back is known for ever."""

from __future__ import annotations

from pathlib import Path

from pipeline.blanks.edition_store import keep, kept_whole
from pipeline.core.errors import HouseError
from pipeline.core.fields import Dictionary
from pipeline.core.formation import load_formation, require_typed
from pipeline.core.modes import make_folder
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf


def write_blanks(workspace: Workspace, code: str, annee: str | None, place: Path) -> tuple[Path, Path]:
    """Write the blank form of a formation's session as PDF and DOCX into ``place``; returns both paths.

    Raises InvalidRequest for a formation or a session that is not there, HouseError where the edition cannot be kept.
    """
    require_typed(workspace, code, annee)
    formation = load_formation(workspace, code)
    session = formation.session(annee)
    blank = plan_blank(Dictionary.load(workspace), formation, session)
    if not kept_whole(blank, workspace):
        make_folder(workspace.memory)
        if not isinstance(keep(blank, workspace), Path):
            raise HouseError(
                f"Le formulaire n’est pas donné : {workspace.memory} ne peut pas en garder l’édition, et ce qui "
                "reviendrait rempli ne serait pas reconnu. Libérez de la place ou rétablissez l’accès à ce dossier."
            )
    stem = f"formulaire-{code}-{session.annee}"
    pdf, docx = place / f"{stem}.pdf", place / f"{stem}.docx"
    pdf.write_bytes(draw_pdf(blank))
    docx.write_bytes(draw_docx(blank))
    return pdf, docx
