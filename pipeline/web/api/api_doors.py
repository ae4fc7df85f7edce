"""Answers of the API: JSON with its ETag, 304 for who has it already, HEAD beside each GET, files with ranges."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from pipeline.core.errors import FormationIll
from pipeline.core.visitors import Right
from pipeline.web.api.common_shapes import IllFormation
from pipeline.web.api.problems import CODES, MEDIA, ill_words
from pipeline.web.troubles import API, Trouble

ROOT = f"{API}v1"
_ETAG = {"ETag": {"description": "Changes with the content.", "schema": {"type": "string"}}}
BY_TONGUE = {"Vary": "Accept-Language"}  # of an answer that holds words in the caller’s language
_KEPT = 128  # files whose hash is remembered
Handler = Callable[..., Any]


class Doors(APIRouter):
    """Routes of one kind of resource, under ``/api/v1``; each says which right it needs, and how it may go wrong."""

    def __init__(self, tag: str) -> None:
        super().__init__(prefix=ROOT, tags=[tag], generate_unique_id_function=_named)

    def show(
        self,
        path: str,
        model: type[BaseModel] | None,
        right: Right | None = Right.SEE,
        *wrong: str,
        **options: Any,  # noqa: ANN401
    ) -> Callable[[Handler], Handler]:
        """A GET, and the HEAD that answers the same without its body; 304 for who has it already."""

        def added(handler: Handler) -> Handler:
            responses = options.pop("responses", None) or {200: {"headers": _ETAG}}
            responses = {
                **responses,
                304: {"description": "Unchanged since If-None-Match."},
                **faults("not-found", *wrong),
            }
            self.add_api_route(
                path,
                handler,
                methods=["GET"],
                response_model=model,
                responses=responses,
                openapi_extra=_needs(right, _CONDITIONAL),
                **options,
            )
            self.add_api_route(path, handler, methods=["HEAD"], response_model=model, include_in_schema=False)
            return handler

        return added

    def act(
        self,
        path: str,
        model: type[BaseModel] | None,
        right: Right,
        *wrong: str,
        method: str = "POST",
        **options: Any,  # noqa: ANN401
    ) -> Callable[[Handler], Handler]:
        """A change."""

        def added(handler: Handler) -> Handler:
            extra = {**options.pop("openapi_extra", {}), **_needs(right)}
            told = {**options.pop("responses", {}), **faults("not-found", "forbidden", "invalid-parameters", *wrong)}
            self.add_api_route(
                path, handler, methods=[method], response_model=model, responses=told, openapi_extra=extra, **options
            )
            return handler

        return added


def _named(route: APIRoute) -> str:
    return route.name


_CONDITIONAL = {
    "parameters": [
        {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": "The ETag of what you have: 304 if it is still that.",
            "schema": {"type": "string"},
        }
    ]
}


def _needs(right: Right | None, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"security": [{"token": [right.value] if right else []}, {"session": []}], **(more or {})}


def faults(*codes: str) -> dict[int | str, dict[str, Any]]:
    """How an answer may go wrong, for the document, by status; everything may be unknown, refused, slow or ours."""
    every = dict.fromkeys((*codes, "malformed", "unauthenticated", "forbidden", "invalid-parameters", *_ALWAYS))
    told: dict[int | str, dict[str, Any]] = {}
    for code in every:
        words = CODES[code]
        content = told.setdefault(
            words.status,
            {
                "description": words.title_en,
                "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )["content"][MEDIA]
        content["examples"][code] = {"value": _example(code)}
    return told


_ALWAYS = ("formation-ill", "too-large", "misdirected", "too-many-requests", "internal", "unavailable")


def _example(code: str) -> dict[str, Any]:
    words = CODES[code]
    return {
        "type": f"urn:liasse:problem:{code}",
        "code": code,
        "status": words.status,
        "title": words.title_en,
        "detail": words.said_en,
    }


def told(
    request: Request, model: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A model as JSON under the ETag of its bytes; 304 without them for a GET by who has them."""
    body = model.model_dump_json().encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    every = {**(headers or {}), "ETag": etag}
    if request.method in {"GET", "HEAD"} and has_it(request, etag):
        return Response(status_code=304, headers=every)
    return Response(body, status, every, media_type="application/json")


def ill_told(request: Request, ill: Iterable[FormationIll]) -> list[IllFormation]:
    """The formations that cannot be followed, as they stand beside a list; their language is the caller's."""
    return [
        IllFormation(code="formation-ill", formation=one.code or None, detail=ill_words(request, one)) for one in ill
    ]


def etag_of(model: BaseModel) -> str:
    """The ETag under which a model is told."""
    return f'"{hashlib.sha256(model.model_dump_json().encode()).hexdigest()[:32]}"'


def has_it(request: Request, etag: str) -> bool:
    """Whether the caller has what bears that ETag (If-None-Match, weakly compared)."""
    said = ",".join(request.headers.getlist("if-none-match"))
    known = {one.strip().removeprefix("W/") for one in said.split(",")}
    return bool(said) and ("*" in known or etag in known)


def require_match(said: str, etag: str, changed: Mapping[str, Any]) -> None:
    """Raise Trouble unless If-Match says that what was seen bears that ETag, or that nothing was looked at (*)."""
    if not said:
        raise Trouble(428, more={"now": changed}, headers={"ETag": etag})
    if {one.strip() for one in said.split(",")}.isdisjoint({"*", etag}):
        raise Trouble(412, more={"now": changed}, headers={"ETag": etag})


def file_answer(
    request: Request, path: Path, media: str, name: str, *, etag: str = "", after: BackgroundTask | None = None
) -> Response:
    """A file to be kept, whole or in ranges; its ETag is the SHA-256 of its bytes unless another is given."""
    etag = etag or f'"{content_hash(path)}"'
    headers = {
        "ETag": etag,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Accept-Ranges": "bytes",
    }
    if has_it(request, etag):
        return Response(status_code=304, headers=headers, background=after)
    return FileResponse(path, media_type=media, headers=headers, background=after)


def content_hash(path: Path) -> str:
    """SHA-256 of a file; read again when it changed. Raises OSError."""
    seen = path.stat()
    return _hash(path, seen.st_ino, seen.st_mtime_ns, seen.st_size)


@lru_cache(_KEPT)
def _hash(path: Path, _inode: int, _changed: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
