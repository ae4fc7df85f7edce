"""Cursors: the place in a list where the next page begins, opaque to the caller, and the links to it (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
import json

from fastapi import Request
from starlette.datastructures import URL

from pipeline.ledger.dossier_pages import Key
from pipeline.web.troubles import Trouble

LONGEST = 400  # characters


def cursor_of(order: str, place: Key) -> str:
    """The cursor of a place in an order."""
    said = json.dumps([order, *place], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def place_of(order: str, cursor: str, length: int) -> Key:
    """The place that a cursor means, of so many parts; empty for none. Raises Trouble for one that is not of here."""
    if not cursor:
        return ()
    try:
        said = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        mine, *place = said
        fits = mine == order and len(place) == length and all(type(one) in {str, int} for one in place)
        fits = fits and all(type(one) is str or abs(one) < 1 << 53 for one in place)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        fits, place = False, []
    if not fits:
        raise Trouble(422, "Ce curseur n’est pas de cette liste. Que faire : reprenez-la du début.")
    return tuple(place)


def links(request: Request, cursor: str | None) -> dict[str, str]:
    """The header Link: the next page, by the address that was asked with another cursor; the first one."""
    here = URL(str(request.url)).remove_query_params("cursor")
    found = [f'<{_path(here)}>; rel="first"']
    if cursor:
        found.insert(0, f'<{_path(here.include_query_params(cursor=cursor))}>; rel="next"')
    return {"Link": ", ".join(found)}


def _path(address: URL) -> str:
    return f"{address.path}?{address.query}" if address.query else address.path
