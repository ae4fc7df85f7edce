"""Lives of invented people without a ledger: terms, what was told, papers, and what follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import people

from pipeline.core.done_days import Mark, body_of
from pipeline.core.formation import load_formation
from pipeline.core.life import Fact, FactKind, Facts, Paper
from pipeline.core.models import put
from pipeline.core.programme import Programme
from pipeline.core.terms import Avenant, Change, Terms
from pipeline.core.workspace import Workspace
from pipeline.dossier.life.course import Course, course_of
from pipeline.dossier.life.holding import Life
from pipeline.ledger.numbering import Dossier
from pipeline.ledger.packet_store import PacketLine, PacketState

BY = "F. GARÇON"
P, A, M, C = Mark.PRESENT, Mark.ABSENT, Mark.SICK, Mark.LEAVE


def day(month: int, number: int, year: int = 2025) -> dt.date:
    """A day of 2025, by month and number."""
    return dt.date(year, month, number)


class Lives:
    """Makes lives of both formations."""

    def __init__(self, workspace: Workspace, dictionary: Any, law: Any) -> None:
        self._workspace = workspace
        self._programmes = {}
        for code in (people.CNAM, people.COORDINATION):
            formation = load_formation(workspace, code)
            self._programmes[code] = Programme(dictionary, law, formation, formation.session("2024-2025"))

    def life(
        self,
        data: Mapping[str, Any],
        *,
        code: str,
        told: Iterable[tuple[FactKind, str, Mapping[str, Any]]] = (),
        avenants: Iterable[Avenant] = (),
        papers: Iterable[Paper] = (),
        number: str = "2024-001",
    ) -> Life:
        """A dossier whose packet is signed."""
        whole = dict(data)
        put(whole, "formation.code", code)
        put(whole, "formation.annee", "2024-2025")
        dossier = Dossier(number, number, people.TODAY)
        packet = PacketLine(
            "ab" * 32, "cd" * 32, Path("nulle/part"), PacketState.SIGNED, "2025-03-17T08:00", None, BY
        )
        facts = Facts(tuple(fact(at, *one, dossier=number) for at, one in enumerate(told, 1)))
        terms = Terms(whole, tuple(avenants))
        return Life(dossier, None, packet, self._programmes[code], terms, facts, tuple(papers), self._workspace)  # type: ignore[arg-type] -- no form of it is looked at

    def course(self, data: Mapping[str, Any], code: str, **more: Any) -> Course:
        """The same as it went."""
        return course_of(self.life(data, code=code, **more))


def fact(number: int, kind: FactKind, key: str, body: Mapping[str, Any], *, dossier: str = "d") -> Fact:
    """One fact."""
    return Fact(number, dossier, kind, key, body, BY, people.TODAY, "2025-03-17T08:00:00")


def was(on: dt.date, morning: Mark, afternoon: Mark, hours: str) -> tuple[FactKind, str, dict[str, Any]]:
    """A day that somebody told."""
    return FactKind.PRESENCE, on.isoformat(), body_of(morning, afternoon, Decimal(hours))


def planned(
    data: Mapping[str, Any], lives: Lives, code: str, *, but: Iterable[tuple[FactKind, str, dict[str, Any]]] = ()
) -> list[tuple[FactKind, str, dict[str, Any]]]:
    """Every day as the convention plans it, then what was otherwise."""
    days = lives.course(data, code).presence.days
    told = [(FactKind.PRESENCE, one.day.isoformat(), body_of(P, P, one.planned, as_planned=True)) for one in days]
    return [*told, *but]


def changed(number: int, effect: dt.date, **fields: Any) -> Avenant:
    """An avenant: ``stage__date_fin="2025-05-30"``."""
    changes = tuple(Change(path.replace("__", "."), None, after) for path, after in fields.items())
    return Avenant(number, effect, changes)
