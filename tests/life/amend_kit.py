"""Conventions that change, for tests: words as they are typed, the terms that they leave, dossiers in a ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import delivering
import people

from pipeline.core.amendable import Amendable
from pipeline.core.formation import load_formation
from pipeline.core.models import put
from pipeline.dossier.context import Context
from pipeline.dossier.life.changing import Request, amended, request_of, require_possible
from pipeline.dossier.life.holding import Life, life_of
from pipeline.services.typed_changes import wanted_of

BY, WHY = "F. GARÇON", "demande de la structure"
REFERENT = {people.COORDINATION: "Anaïk BÖHM", people.CNAM: "François GARÇON"}


def day(month: int, number: int, year: int = 2025) -> dt.date:
    """A day of 2025, by month and number."""
    return dt.date(year, month, number)


def asked(life: Life, words: Sequence[str], effect_on: dt.date, *, motive: str = "", today: dt.date) -> Request:
    """The request that these words make, found possible on that day."""
    dictionary, amendable = life.programme.dictionary, Amendable.load(life.workspace)
    wanted = wanted_of(words, life.terms.current, dictionary, today)
    said = {"effect_on": effect_on, "motive": motive, "reason": WHY, "asked_by": BY, "asked_on": today}
    request = request_of(life, wanted, amendable, **said)
    require_possible(life, len(life.terms.avenants) + 1, request, today)
    return request


def with_avenant(life: Life, *words: str, since: dt.date, motive: str = "", today: dt.date | None = None) -> Life:
    """The dossier once these words are accepted; asked on the day of effect, or ``today``."""
    request = asked(life, words, since, motive=motive, today=today or since)
    return replace(life, terms=amended(life, len(life.terms.avenants) + 1, request))


def begun(context: Context, code: str = people.COORDINATION, **changes: Any) -> Life:
    """A dossier of the samples whose packet is in the outbox, made without LibreOffice."""
    make = people.cnam if code == people.CNAM else people.coordination
    data = make(formation={"code": code, "annee": "2024-2025"}, **changes)
    known = load_formation(context.workspace, code).settings["referent"]
    names = ("nom", "prenom", "fonction", "telephone", "courriel")
    put(data, "referent", {name: known[name] for name in names if known.get(name)})
    form = delivering.received(context.ledger, context.workspace, "a.pdf", data)
    folder = f"{code}/2024-2025/{form.id}"
    delivering.delivered(context.ledger, context.workspace, form, folder)
    return life_of(context, context.ledger.entries.get(form.sha256).dossier)


def at(context: Context, today: dt.date) -> Context:
    """The same desk on another day."""
    return replace(context, today=today)


def papers_of(context: Context, life: Life) -> list[tuple[str, int, str]]:
    """Name, version and state of each paper of a dossier."""
    return [(one.name, one.version, one.state.value) for one in context.ledger.life.papers(life.dossier.id)]


def files(place: Path) -> set[str]:
    """The names of what lies in a folder."""
    return {one.name for one in place.iterdir()}
