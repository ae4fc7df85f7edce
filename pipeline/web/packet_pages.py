"""The packet: its pages with their text, what is missing of a projet, what was taken and by whom; files to take."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import FileResponse, StreamingResponse
from starlette.responses import Response

from pipeline.core.errors import ChangedMeanwhile, NotAllowed, NotFound, RequestRefused
from pipeline.core.visitors import Right
from pipeline.dossier.dossier_index import Sought
from pipeline.dossier.index_rows import counting
from pipeline.ledger.entries import State
from pipeline.services.dossier_board import all_of
from pipeline.services.fetching import fetch
from pipeline.services.handing_out import archive_name, hand_all, hand_file, hand_many, hand_piece
from pipeline.services.page_views import LETTER, image_of, letter_images, packet_images
from pipeline.services.permissions import Reached
from pipeline.services.story import Issue, story_of
from pipeline.web.page_pictures import picture
from pipeline.web.troubles import trouble_of
from pipeline.web.visits import Fetching, Seeing, Visit

router = APIRouter(include_in_schema=False)
_Reason = Annotated[str, Form(max_length=2_000)]
_ZIP = "application/zip"


@router.get("/dossiers/{number}/liasse")
def show_packet(visit: Seeing, number: str) -> Response:
    """The packet that counts."""
    return _drawn(visit, visit.reach(Right.SEE, number))


@router.get("/dossiers/{number}/liasse/{file}/{page}.png")
def show_packet_page(visit: Seeing, number: str, file: str, page: int) -> Response:
    """One page of it."""
    reached = visit.reach(Right.SEE, number)
    issue = _current(visit, reached)
    if issue.filed is None or file not in issue.filed.files:
        raise NotFound("Cette liasse n’a pas ce fichier.")
    image = image_of(packet_images(visit.context, issue.line, file), page)
    return picture(visit, image.file)


@router.post("/dossiers/{number}/liasse/prendre")
def take_packet(
    visit: Fetching,
    number: str,
    quoi: Annotated[str, Form(max_length=200)] = "",
    motif: _Reason = "",
    vue: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """A file of the packet, all of it, or a piece as Word; who takes it, and when, is noted first.

    ``vue``: the packet that was looked at; one that was made again since is looked at first.
    """
    reached = visit.reach(Right.FETCH, number)
    issue = _current(visit, reached)
    if issue.filed is None:
        raise NotFound("Cette liasse n’est plus là.")
    try:
        if vue not in {"", issue.line.id}:
            raise ChangedMeanwhile("Rien n’est pris : cette liasse vient d’être refaite. Regardez-la de nouveau.")
        if quoi == "tout":
            name = f"{reached.number}.zip"
            parts = hand_all(visit.context, visit.visitor, reached, motif)
            return StreamingResponse(parts, media_type=_ZIP, headers=_attached(name))
        if quoi.isdecimal():
            handed = hand_piece(visit.context, visit.visitor, reached, issue.filed, int(quoi))
        else:
            handed = hand_file(visit.context, visit.visitor, reached, issue.filed, file=quoi, reason=motif)
    except RequestRefused as refused:
        return _drawn(visit, reached, refused=refused)
    return FileResponse(handed.place, filename=handed.name)


@router.get("/dossiers/{number}/lettre")
def show_letter(visit: Seeing, number: str) -> Response:
    """The letter that goes back with the form."""
    return _letter(visit, visit.reach(Right.SEE, number))


@router.get("/dossiers/{number}/lettre/{page}.png")
def show_letter_page(visit: Seeing, number: str, page: int) -> Response:
    """One page of it."""
    reached = visit.reach(Right.SEE, number)
    image = image_of(letter_images(visit.context, counting(reached.forms)), page)
    return picture(visit, image.file)


@router.post("/dossiers/{number}/lettre/prendre")
def take_letter(visit: Fetching, number: str) -> Response:
    """The letter, to be sent; who takes it, and when, is noted first."""
    reached = visit.reach(Right.FETCH, number)
    entry = counting(reached.forms)
    if entry.state is not State.TO_COMPLETE:
        raise NotFound("Ce dossier n’a pas de lettre à envoyer.")
    taken = fetch(visit.context, entry.form.sha256, by=visit.visitor.name)
    return FileResponse(taken.place / LETTER, filename=f"{reached.number}-{LETTER}")


@router.post("/liasses.zip")
def take_many(
    visit: Fetching,
    d: Annotated[list[str] | None, Form()] = None,
    tout: Annotated[str, Form(max_length=20)] = "",
    formation: Annotated[str, Form(max_length=100)] = "",
    session: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """The packets of the dossiers that were chosen, or all to be signed of a formation and a session, as one ZIP."""
    numbers = list(d or ())
    if tout:
        sought = Sought(state=tout, formation=formation, session=session)
        numbers = list(all_of(visit.visitor, visit.ledger, visit.house.index, visit.context.today, sought))
        if not numbers:
            raise NotAllowed(
                f"Rien n’est pris : aucune liasse n’est {tout}. Que faire : si une archive s’est interrompue, ses "
                "liasses sont en signature ; reprenez-les sur la page « Promotion »."
            )
    parts = hand_many(visit.context, visit.visitor, numbers)
    return StreamingResponse(parts, media_type=_ZIP, headers=_attached(archive_name(visit.context.today)))


def _current(visit: Visit, reached: Reached) -> Issue:
    found = story_of(visit.context, reached, counting(reached.forms)).current
    if found is None:
        raise NotFound("Ce dossier n’a pas encore de liasse.")
    return found


def _drawn(visit: Visit, reached: Reached, *, refused: RequestRefused | None = None) -> Response:
    issue = _current(visit, reached)
    files = issue.filed.files if issue.filed else ()
    return visit.page(
        "packet.html",
        status=trouble_of(refused).status if refused else 200,
        reached=reached,
        entry=counting(reached.forms),
        issue=issue,
        pages={file: packet_images(visit.context, issue.line, file) for file in files},
        refused=str(refused) if refused else "",
        may_insist=refused is not None and not isinstance(refused, ChangedMeanwhile),
    )


def _letter(visit: Visit, reached: Reached) -> Response:
    entry = counting(reached.forms)
    story = story_of(visit.context, reached, entry)
    if story.letter is None:
        raise NotFound("Ce dossier n’a pas de lettre à envoyer.")
    return visit.page(
        "letter.html", reached=reached, entry=entry, story=story, pages=letter_images(visit.context, entry)
    )


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
