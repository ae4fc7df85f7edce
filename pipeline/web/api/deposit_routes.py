"""Deposits: a form sent as it is, or as multipart/form-data; taken in durably before it is acknowledged (202)."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from typing import Annotated, Any, BinaryIO, cast
from urllib.parse import unquote

from fastapi import Depends, Header, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from pipeline.core.visitors import Right
from pipeline.services.depositing import MOST, deposit
from pipeline.services.reaching import reach_deposit
from pipeline.web.api import form_answers, form_shapes
from pipeline.web.api.api_doors import ROOT, Doors, told
from pipeline.web.troubles import Trouble
from pipeline.web.visits import Depositing

doors = Doors("forms")
_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/octet-stream": ".pdf",
}
_MULTIPART = "multipart/form-data"
_IN_MEMORY = 1 << 20  # bytes; beyond, on the disk
_AROUND = 100_000  # bytes of multipart besides the file
_NAMED = re.compile(r"""filename\*=UTF-8''([^;\s]+)|filename="([^"]*)\"""", re.IGNORECASE)
_FILE = {"schema": {"type": "string", "format": "binary", "maxLength": MOST}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            **dict.fromkeys(_SUFFIXES, _FILE),
        },
    }
}
_LOCATION = {202: {"headers": {"Location": {"description": "Of the form.", "schema": {"type": "string"}}}}}


@dataclass(frozen=True)
class _Brought:
    """A file that a request brings: the name that its sender gives, and its bytes."""

    name: str
    data: BinaryIO


async def _bring(request: Request) -> Any:  # noqa: ANN401 -- a dependency that closes after itself
    """The file of a request, read to its end, on the disk where it is large; raises Trouble."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    most = min(MOST, request.app.state.settings.web.depot)
    if kind == _MULTIPART:
        async with request.form(max_files=1, max_fields=10) as form:
            files = [one for one in form.getlist("file") if isinstance(one, UploadFile)]
            if not files:
                said = "Rien n’est reçu : le fichier manque (champ « file »)."
                raise Trouble(422, said, code="invalid-parameters")
            if (files[0].size or 0) > most:
                raise Trouble(413)
            yield _Brought(files[0].filename or "", files[0].file)
        return
    if kind not in _SUFFIXES:
        raise Trouble(415, headers={"Accept": ", ".join((_MULTIPART, *_SUFFIXES))})
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as data:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise Trouble(413)
            data.write(chunk)
        yield _Brought(_name(request) or f"formulaire{_SUFFIXES[kind]}", cast("BinaryIO", data))


def _name(request: Request) -> str:
    """The file's name as Content-Disposition gives it; it is in no address, since addresses are logged."""
    found = _NAMED.search(request.headers.get("content-disposition", ""))
    return "" if found is None else unquote(found[1]) if found[1] else found[2]


@doors.act(
    "/forms",
    form_shapes.Deposited,
    Right.DEPOSIT,
    "too-large",
    "unsupported-media-type",
    "key-reused",
    status_code=202,
    responses=_LOCATION,
    openapi_extra=_BODY,
    max_body_size=MOST + _AROUND,
)
def deposit_form(
    visit: Depositing,
    brought: Annotated[_Brought, Depends(_bring)],
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern=r"^[!-~]{1,200}$",
            description="Of your choice, one for each file, kept for a day: sent again, nothing is done twice.",
        ),
    ] = "",
) -> Response:
    """Send one form: the file itself (its name in Content-Disposition), or the field `file` of multipart/form-data.

    202: it is on the disk, and read behind; follow `Location`, or have a webhook tell you. The same bytes sent twice
    are one form.
    """
    made = deposit(visit.context, visit.visitor, brought.name, brought.data, key=key)
    entry, seen = reach_deposit(visit.visitor, made.entry.form.sha256, visit.ledger)
    headers = {"Location": f"{ROOT}/forms/{entry.form.sha256}"}
    if made.again:
        headers["Idempotency-Replayed"] = "true"
    body = form_shapes.Deposited(
        form=form_answers.form(entry, visit.context, limited=not seen), again=made.again, known=made.known
    )
    return told(visit.request, body, status=202, headers=headers)
