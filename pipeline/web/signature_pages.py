"""Signatures told by the page: which paper, which day, who, and the file that came back. The router takes files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from pipeline.core.errors import RequestRefused
from pipeline.core.visitors import Right
from pipeline.services.returned_upload import note_signed_with
from pipeline.services.signed_papers import lines_of
from pipeline.web.form_words import day_of, file_of
from pipeline.web.life_pages import Since, Word, draw_life, gone_on
from pipeline.web.visits import Correcting

router = APIRouter(include_in_schema=False)


@router.post("/dossiers/{number}/vie/signature")
def note_signature(
    visit: Correcting,
    number: str,
    *,
    vu: Since = -1,
    piece: Word = "",
    le: Word = "",
    role: Annotated[list[str] | None, Form(max_length=20)] = None,
    corrige: Word = "",
    fichier: Annotated[UploadFile | str | None, File()] = None,
) -> Response:
    """Note that a paper was signed: by those who are ticked, else by all who are missing."""
    reached = visit.reach(Right.CORRECT, number)
    roles, sent = role or [], file_of(fichier)
    typed = {"piece": piece, "le": le, "role": roles, "corrige": corrige}
    try:
        noted = note_signed_with(
            visit.context,
            visit.visitor,
            reached,
            piece=piece,
            on=day_of(le, "le jour de la signature"),
            roles=roles,
            correct=bool(corrige),
            seen=vu,
            name=(sent.filename or "") if sent else "",
            data=sent.file if sent else None,
        )
    except RequestRefused as refused:
        return draw_life(visit, reached, part="signature", refused=refused, typed=typed)
    return gone_on(visit, reached, list(lines_of(noted)))
