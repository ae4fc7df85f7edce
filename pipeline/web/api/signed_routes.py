"""A signed paper that comes back: its scan sent as multipart/form-data, kept as it came, and the signature noted."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import File, Form, Header, UploadFile
from starlette.responses import Response

from pipeline.core.visitors import Right
from pipeline.services.returned_upload import MOST, SignedScan, send_signed
from pipeline.web.api import life_shapes as shapes
from pipeline.web.api.api_doors import Doors
from pipeline.web.api.decision_routes import author_of
from pipeline.web.api.dossier_routes import Word
from pipeline.web.api.life_act_routes import WRONG, IfMatch, after, matched
from pipeline.web.api.life_ask_shapes import FIRST, LAST
from pipeline.web.troubles import Trouble
from pipeline.web.visits import Depositing

doors = Doors("life")
_AROUND = 100_000  # bytes of multipart besides the file
_Role = Annotated[str, Form(max_length=40)]


@doors.act(
    "/dossiers/{id}/signed",
    shapes.SignedKept,
    Right.DEPOSIT,
    *WRONG,
    "key-reused",
    "too-large",
    max_body_size=MOST + _AROUND,
)
def send_signed_paper(
    visit: Depositing,
    word: Word,
    *,
    file: Annotated[UploadFile, File(description="PDF, JPEG, PNG or TIFF; kept as it comes.")],
    paper: Annotated[str, Form(max_length=100, description="`name` of `to_sign`.", examples=["convention"])],
    on: Annotated[dt.date, Form(ge=FIRST, le=LAST, description="The day that is written by the signature.")],
    roles: Annotated[
        list[_Role] | None, Form(max_length=20, description="Who signed; none: all who had not.")
    ] = None,
    by: Annotated[str, Form(max_length=60, description="Who tells it; needed of a token.")] = "",
    if_match: IfMatch = "",
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern=r"^[!-~]{1,200}$",
            description="Of your choice, one for each file, kept for a day: sent again, nothing is done twice.",
        ),
    ] = "",
) -> Response:
    """Send the scan of a paper that was signed, and note who signed it and when; both or neither.

    Sent again under its key nothing is done, whatever If-Match says: `already` and `missing` tell how it stands.
    """
    if (file.size or 0) > min(MOST, visit.request.app.state.settings.web.depot):
        raise Trouble(413)
    scan = SignedScan(file.filename or "", file.file, paper, on, tuple(roles or ()), author_of(visit, by))
    reached = visit.reach(Right.DEPOSIT, word)
    sent = send_signed(
        visit.context,
        visitor=visit.visitor,
        reached=reached,
        scan=scan,
        key=key,
        seen=lambda: matched(visit, Right.DEPOSIT, word, if_match).seen,
    )
    body = shapes.SignedKept(
        paper=sent.noted.piece,
        signed=list(sent.noted.roles),
        missing=list(sent.noted.missing),
        already=list(sent.noted.already),
        warnings=list(sent.noted.warnings),
        kept=sent.kept,
        again=sent.again,
    )
    answer = after(visit, reached.id, body)
    if sent.again:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer
