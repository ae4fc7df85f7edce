"""What comes with the product: its templates and schemas, in the wheel or in the clone from which it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from pipeline.core.errors import HouseError
from pipeline.core.workspace import COMMON

PACKAGE = Path(__file__).parent.parent
_IN_WHEEL = PACKAGE / "shipped"  # where deploy/packing.py puts them
EXAMPLE = "cnam-lp-insertion"  # the formation that a new workspace has
SCHEMAS, TEMPLATES = "schemas", "templates"
SAMPLES_DAY = dt.date(2025, 3, 17)  # on which the samples were sent in


def home() -> Path:
    """The folder that holds ``templates/`` and ``schemas/`` as they came; raises HouseError where they are gone."""
    place = _IN_WHEEL if _IN_WHEEL.is_dir() else PACKAGE.parent
    if not all((place / name).is_dir() for name in (SCHEMAS, TEMPLATES)):
        raise HouseError(f"{place} has no templates/ and schemas/: liasse is not whole. Install it again.")
    return place


def formations() -> tuple[str, ...]:
    """The codes of the formations that come with the product, sorted."""
    return tuple(sorted(path.parent.name for path in (home() / TEMPLATES).glob("*/formation.toml")))


def samples() -> Path:
    """The folder of the sample forms and of their invented school; raises HouseError where it is gone."""
    place = _IN_WHEEL / "samples" if _IN_WHEEL.is_dir() else PACKAGE.parent / "tests" / "samples"
    if not place.is_dir():
        raise HouseError(f"{place} is gone: liasse is not whole. Install it again.")
    return place


def files(codes: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """Every file of the schemas, the common templates and those formations: its name in a workspace, its bytes."""
    here = home()
    for top in (SCHEMAS, *(f"{TEMPLATES}/{name}" for name in (COMMON, *sorted(codes)))):
        for path in sorted((here / top).rglob("*")):
            if path.is_file() and not path.name.startswith((".", "~$")):
                yield path.relative_to(here).as_posix(), path.read_bytes()
