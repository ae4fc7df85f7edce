"""Changes of a convention by the page: tried first, then asked, then judged by who may."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from pipeline.core.errors import InvalidRequest, RequestRefused
from pipeline.core.visitors import Right
from pipeline.services import amends
from pipeline.services.permissions import Reached
from pipeline.web.form_words import day_of, day_or_none, lines_of
from pipeline.web.life_pages import Since, Text, Word, draw_life, gone_on
from pipeline.web.visits import Correcting, Judging, Visit

router = APIRouter(include_in_schema=False)
_WORDS = ("favorable", "defavorable")
_Reason = Annotated[str, Form(max_length=2_000)]


@router.post("/dossiers/{number}/vie/modification")
def ask_change(
    visit: Correcting,
    number: str,
    *,
    vu: Since = -1,
    changements: Text = "",
    effet: Word = "",
    motif: _Reason = "",
    code: Word = "",
    demande_le: Word = "",
    lever: Word = "",
    geste: Word = "",
    essai: Word = "",
) -> Response:
    """Try a change, which keeps nothing; or ask for the very one that was tried."""
    reached = visit.reach(Right.CORRECT, number)
    typed = {
        "changements": changements,
        "effet": effet,
        "motif": motif,
        "code": code,
        "demande_le": demande_le,
        "lever": lever,
    }
    tried = hashlib.sha256("\n".join((*typed.values(), str(vu))).encode()).hexdigest()[:32]
    asks = geste == "demande" and essai == tried
    try:
        shown = _asked(visit, reached, typed, seen=vu, dry_run=not asks)
    except RequestRefused as refused:
        return draw_life(visit, reached, part="modification", refused=refused, typed=typed)
    if not asks:
        return draw_life(visit, reached, part="modification", typed=typed, trial=shown, tried=tried)
    said = "était déjà demandé" if shown.already else "est demandé"
    return gone_on(visit, reached, [f"Le changement {shown.number} {said}. À juger par {shown.judge}."])


def _asked(visit: Visit, reached: Reached, typed: dict[str, str], *, seen: int, dry_run: bool) -> amends.Shown:
    words = lines_of(typed["changements"])
    if not words:
        raise InvalidRequest("Rien n’est demandé : écrivez au moins une ligne, champ=valeur.")
    return amends.ask_change(
        visit.context,
        reached.id,
        words,
        effect_on=day_of(typed["effet"], "le jour d’effet"),
        reason=typed["motif"],
        by=visit.visitor.name,
        on=day_or_none(typed["demande_le"], "le jour de la demande"),
        motive_code=typed["code"],
        lifts=typed["lever"].split(),
        dry_run=dry_run,
        seen=seen,
    )


@router.post("/dossiers/{number}/vie/modification/{change}/avis")
def judge_change(
    visit: Judging,
    number: str,
    change: int,
    *,
    vu: Since = -1,
    avis: Word = "",
    le: Word = "",
    motif: _Reason = "",
) -> Response:
    """The word on a change that was asked; a favourable one makes the avenant."""
    reached = visit.reach(Right.JUDGE, number)
    typed = {"avis": avis, "le": le, "motif": motif}
    try:
        ruled = amends.judge_change(
            visit.context,
            reached.id,
            change,
            by=visit.visitor.name,
            favorable=_is_favorable(avis),
            on=_day(le),
            reason=motif.strip(),
            seen=vu,
        )
    except RequestRefused as refused:
        return draw_life(visit, reached, part=f"avis-{change}", refused=refused, typed=typed)
    return gone_on(visit, reached, _lines(ruled))


def _is_favorable(word: str) -> bool:
    if word not in _WORDS:
        raise InvalidRequest("Rien n’est noté : choisissez « favorable » ou « défavorable ».")
    return word == "favorable"


def _day(text: str) -> dt.date | None:
    return day_or_none(text, "le jour de l’avis")


def _lines(ruled: amends.Ruled) -> list[str]:
    lines = [f"Changement {ruled.number} : {ruled.already}."] if ruled.already else []
    if not ruled.favorable:
        return [*lines, f"Changement {ruled.number} refusé : la convention reste comme elle est."]
    if ruled.paper is not None:
        lines.append(f"Changement {ruled.number} accepté : l’avenant est établi, à faire signer.")
    return lines + [f"Refaite : {one.name}, version {one.version}." for one in ruled.again]
