"""Page templates: Jinja2, everything escaped, nothing undefined; with what every page shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.core.french import counted, hours, long_date, short_date, written_day
from pipeline.core.text import displayable, visible
from pipeline.core.visitors import Right
from pipeline.dossier.life.attestation_words import month_name, of_month
from pipeline.dossier.state import DossierState
from pipeline.reports.account import STATES
from pipeline.web.page_words import for_page, paper_word, source_word, without_command

HERE = Path(str(resources.files("pipeline.web")))
STATIC = HERE / "static"
_TONES = {
    DossierState.TO_SIGN: "good",
    DossierState.SIGNED: "good",
    DossierState.RUNNING: "good",
    DossierState.WAITING: "warn",
    DossierState.TO_COMPLETE: "warn",
    DossierState.DRAFT: "warn",
    DossierState.TO_CLOSE: "warn",
    DossierState.FAILED: "bad",
    DossierState.UNREADABLE: "bad",
}


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
    made.filters.update(
        jour=short_date,
        jour_long=long_date,
        compte=counted,
        heures=hours,
        montre=shown,
        ton=tone_of,
        etat=STATES.__getitem__,
        date=written_day,
        sans_commande=without_command,
        pour_page=for_page,
        papier=paper_word,
        dit_par=source_word,
        mois=month_name,
        du_mois=of_month,
    )
    made.globals.update(static=static, Right=Right)
    return made


def shown(value: str | None) -> str:
    """A value that nothing checked, as it can be shown: what would not print, or turn the text round, is a sign."""
    return displayable(visible(value or ""))


def tone_of(state: DossierState) -> str:
    """The tone of the mark of a state; its word says the same."""
    return _TONES.get(state, "")


def drawn(name: str, values: Mapping[str, Any]) -> str:
    """A page, or a piece of one, as HTML."""
    return environment().get_template(name).render(values)


@cache
def static(name: str) -> str:
    """The address of a file of ``static/``, which changes with its bytes: a browser may keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
