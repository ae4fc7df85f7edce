"""Forms: where one has got, what was read, what was found, who did what, the file as it came."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from pipeline.core.visitors import Right
from pipeline.ledger.entries import Entry
from pipeline.services.form_reading import NotReadYet, reading_of, received_file, require_read
from pipeline.services.form_view import show_form
from pipeline.services.reaching import reach_deposit, reach_form
from pipeline.web.api import form_answers, form_shapes
from pipeline.web.api.api_doors import Doors, file_answer, told
from pipeline.web.troubles import Trouble
from pipeline.web.visits import Entering, Fetching, Seeing, Visit

doors = Doors("forms")
FormId = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{8,64}$",
        description="The SHA-256 of the form, or its beginning (8 digits).",
        alias="id",
    ),
]
_AGAIN = {"Retry-After": "2"}
_BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@doors.show("/forms/{id}", form_shapes.Form, None)
def get_form(visit: Entering, identity: FormId) -> Response:
    """Where a form has got, and what was decided of it. Its ETag is what a decision rests on (If-Match).

    Who sent it sees its state even before its formation is known (`limited`); of a foreign formation it is 404.
    """
    entry, seen = reach_deposit(visit.visitor, identity, visit.ledger)
    if seen:
        visit.ledger.looks.note(entry.form.sha256, visit.visitor.actor)
    return told(visit.request, form_answers.form(entry, visit.context, limited=not seen))


@doors.show("/forms/{id}/reading", form_shapes.Reading, Right.SEE, "not-read-yet")
def get_reading(visit: Seeing, identity: FormId) -> Response:
    """What was read, value by value, with what people settled: the contract of `liasse read --json`."""
    entry = _seen(visit, identity)
    try:
        return told(visit.request, form_answers.reading(entry, reading_of(entry, visit.context)))
    except NotReadYet as error:
        raise _not_yet(error) from None


@doors.show("/forms/{id}/findings", form_shapes.Findings, Right.SEE, "not-read-yet")
def get_findings(visit: Seeing, identity: FormId) -> Response:
    """What keeps a form from its packet, as of today: findings of the rules, doubts to settle, the next step."""
    entry = _seen(visit, identity)
    try:
        require_read(entry, visit.context)
    except NotReadYet as error:
        raise _not_yet(error) from None
    return told(visit.request, form_answers.findings(show_form(visit.context, entry.form.sha256)))


@doors.show("/forms/{id}/journal", form_shapes.Journal)
def get_form_journal(visit: Seeing, identity: FormId) -> Response:
    """Who did what to a form, the oldest line first."""
    entry = _seen(visit, identity)
    lines = visit.ledger.journal(entry.form.sha256)
    return told(visit.request, form_shapes.Journal(lines=[form_answers.event(one) for one in lines]))


@doors.show(
    "/forms/{id}/file", None, Right.FETCH, "range-not-satisfiable", responses={200: _BYTES}, response_class=Response
)
def get_received_file(visit: Fetching, identity: FormId) -> Response:
    """The file as it was received; a stranger made it. Its ETag is the SHA-256 of its bytes; ranges are answered."""
    entry = reach_form(visit.visitor, Right.FETCH, identity, visit.ledger)
    visit.ledger.looks.note(entry.form.sha256, visit.visitor.actor)
    place, name = received_file(entry)
    return file_answer(visit.request, place, "application/octet-stream", name)


def _seen(visit: Visit, identity: str) -> Entry:
    entry = reach_form(visit.visitor, Right.SEE, identity, visit.ledger)
    visit.ledger.looks.note(entry.form.sha256, visit.visitor.actor)
    return entry


def _not_yet(error: NotReadYet) -> Trouble:
    return Trouble(409, str(error), _AGAIN, code="not-read-yet")
