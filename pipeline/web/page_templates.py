"""Page templates: Jinja2, everything escaped, nothing undefined; with what every page shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.core.french import counted, long_date, short_date
from pipeline.core.visitors import Right
from pipeline.reports.account import STATES

HERE = Path(str(resources.files("pipeline.web")))
STATIC = HERE / "static"


@cache
def environment() -> Environment:
    """The templates of this room."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(jour=short_date, jour_long=long_date, compte=counted, etat=STATES.__getitem__)
    made.globals.update(static=static, Right=Right)
    return made


def drawn(name: str, values: Mapping[str, Any]) -> str:
    """A page, or a piece of one, as HTML."""
    return environment().get_template(name).render(values)


@cache
def static(name: str) -> str:
    """The address of a file of ``static/``, which changes with its bytes: a browser may keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
