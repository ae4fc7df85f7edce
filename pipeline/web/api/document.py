"""OpenAPI document of the API, made of its routes; who may read it has a token or an account."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.responses import Response

from pipeline import __version__
from pipeline.web.api import (
    decision_routes,
    deposit_routes,
    dossier_routes,
    form_routes,
    life_act_routes,
    life_routes,
    packet_routes,
    school_routes,
    signed_routes,
    webhook_routes,
)
from pipeline.web.api.api_doors import Doors
from pipeline.web.api.common_shapes import Problem
from pipeline.web.visits import Entering

DOORS: tuple[Doors, ...] = (
    dossier_routes.doors,
    form_routes.doors,
    deposit_routes.doors,
    decision_routes.doors,
    packet_routes.doors,
    life_routes.doors,
    life_act_routes.doors,
    signed_routes.doors,
    school_routes.doors,
    webhook_routes.doors,
)
_TOLD = """Everything that the scolarité's page does, for other software.

**Language.** Paths and keys are English. What they hold of the law and of a form is data, and French: the keys of
`record`, paths of fields, states, codes of formations and rules, and every sentence for a person.

**Who.** `Authorization: Bearer liasse_…`: a token made by `liasse user token`, with scopes, bound to formations or
not. What it does not reach is answered as what is not there (404).

**Errors** are `application/problem+json` with a stable `code`; `Accept-Language: en` for English.

**What was seen.** A decision rests on the form, or on the life of the dossier, as you saw it: its ETag in
`If-Match`. See `docs/api.md`.
"""
_TAGS = {
    "dossiers": "One internship each.",
    "forms": "What came in: sent, read, found.",
    "decisions": "What people decide, resting on what they saw.",
    "packets": "What goes out: the liasse and its files.",
    "life": "After the packet: signatures, avenants, presence, attestations, closing.",
    "school": "Formations, blank forms, the cohort, this version.",
    "webhooks": "Be told of changes.",
}
routes = Doors("school")


@routes.show("/openapi.json", None, None, include_in_schema=False)
def get_document(_visit: Entering) -> Response:
    """This document."""
    return JSONResponse(document())


@cache
def document() -> Mapping[str, Any]:
    """The OpenAPI 3.1 document."""
    made = get_openapi(
        title="liasse",
        version=__version__,
        summary="From a filled form to signed internship papers.",
        description=_TOLD,
        routes=[route for one in DOORS for route in one.routes],
        tags=[{"name": name, "description": told} for name, told in _TAGS.items()],
    )
    parts = made["components"]
    for gone in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(gone, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}", by_alias=True)
    parts["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "liasse user token"},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "liasse",
            "description": "Of a person on the page; changes need the header x-jeton besides.",
        },
    }
    return made
