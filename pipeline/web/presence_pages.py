"""Days of presence told by the page, and the attestations that follow from them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from pipeline.core.errors import InvalidRequest, RequestRefused
from pipeline.core.visitors import Right
from pipeline.dossier.life.issuing import Issued
from pipeline.services.attending import note_presence
from pipeline.services.attesting import Wish, attest
from pipeline.web.form_words import lines_of
from pipeline.web.life_pages import Since, Text, Word, draw_life, gone_on
from pipeline.web.visits import Correcting

router = APIRouter(include_in_schema=False)
_Days = Annotated[list[str] | None, Form(max_length=62)]


@router.post("/dossiers/{number}/vie/presence")
def tell_days(
    visit: Correcting,
    number: str,
    *,
    vu: Since = -1,
    mois: Word = "",
    jour: _Days = None,
    code: _Days = None,
    avant: _Days = None,
    autres: Text = "",
) -> Response:
    """Note what days were: those whose choice is not the one that was shown, and what was written besides."""
    reached = visit.reach(Right.CORRECT, number)
    days, codes, before = jour or [], code or [], avant or []
    typed = {"codes": dict(zip(days, codes, strict=False)), "autres": autres}
    try:
        if not len(days) == len(codes) == len(before):
            raise InvalidRequest("Rien n’est noté : la page est arrivée incomplète. Que faire : rouvrez-la.")
        changed = [
            f"{day}={said}" for day, said, was in zip(days, codes, before, strict=True) if said and said != was
        ]
        words = [*changed, *lines_of(autres)]
        if not words:
            raise InvalidRequest("Rien n’est noté : aucun jour n’est changé.")
        noted = note_presence(visit.context, reached.id, words, by=visit.visitor.name, seen=vu)
    except RequestRefused as refused:
        return draw_life(visit, reached, part="presence", refused=refused, typed=typed, month=mois)
    plural = "s" if len(noted.told) > 1 else ""
    told = [f"{len(noted.told)} jour{plural} noté{plural}."]
    told += [f"Refaite : {one.paper.name}, version {one.paper.version}." for one in noted.issued]
    return gone_on(visit, reached, [*told, *noted.remarks], month=mois)


@router.post("/dossiers/{number}/vie/attestation")
def issue_attestations(
    visit: Correcting,
    number: str,
    *,
    vu: Since = -1,
    mois: Word = "",
    fin: Word = "",
    certificat: Word = "",
    prevu: Word = "",
    verse: Word = "",
    convenu: Word = "",
) -> Response:
    """Issue attestations of the dossier; with nothing chosen, those that are due."""
    reached = visit.reach(Right.CORRECT, number)
    typed = {"mois": mois, "fin": fin, "certificat": certificat, "prevu": prevu, "verse": verse, "convenu": convenu}
    wish = Wish(mois, bool(fin), bool(certificat), bool(prevu), verse.strip(), bool(convenu))
    try:
        done = attest(visit.context, reached.id, wish, by=visit.visitor.name, seen=vu)
    except RequestRefused as refused:
        return draw_life(visit, reached, part="attestation", refused=refused, typed=typed)
    return gone_on(visit, reached, [*map(_issued, done.issued), *done.remarks])


def _issued(one: Issued) -> str:
    said = "déjà émise, rien n’a changé" if one.already else "émise"
    return f"{one.paper.name}, version {one.paper.version} : {said}."
