"""A place on a page of a received file, for what belongs to no field."""

from __future__ import annotations

from typing import NamedTuple


class PagePlace(NamedTuple):
    """A place on a page (from 1): its box (x0, top, x1, bottom) in points from the top left."""

    page: int
    box: tuple[float, float, float, float]
