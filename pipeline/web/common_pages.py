"""Pages for everybody: the state of accessibility, the school's colour."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from pipeline.core.school import BY_KEY
from pipeline.web.page_templates import drawn
from pipeline.web.troubles import shared
from pipeline.web.visits import house_of

router = APIRouter(include_in_schema=False)
_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_DARKER = 0.9
_ADDRESS = BY_KEY["etablissement.courriel"].key


@router.get("/accessibilite")
def show_accessibility(request: Request) -> Response:
    """The state of conformity to RGAA, as the law asks for it on every page's foot."""
    contact = house_of(request).said_of_school().get(_ADDRESS, "")
    return HTMLResponse(drawn("accessibility.html", {**shared(request), "contact": contact}))


@router.get("/couleur.css")
def show_colour(request: Request) -> Response:
    """The school's colour, dark enough to be read on white and white on it."""
    colour = readable(request.app.state.settings.web.couleur)
    return Response(
        f":root {{ --ecole: {colour}; }}\n", media_type="text/css", headers={"Cache-Control": "public, max-age=600"}
    )


def readable(colour: str) -> str:
    """That colour, made darker until its contrast with white is enough; what is none is black."""
    if not _COLOUR.fullmatch(colour):
        return "#1a1a1a"
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    while 1.05 / (_luminance(parts) + 0.05) < _CONTRAST:
        parts = [int(part * _DARKER) for part in parts]
    return "#" + "".join(f"{part:02x}" for part in parts)


def _luminance(parts: list[int]) -> float:
    """Relative luminance of sRGB, 0 to 1 (WCAG 2.2)."""
    linear = [part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
