"""Account of a dossier's life for whoever asks: where it stands, and how its days went."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.done_days import Presence
from pipeline.core.errors import NotAllowed
from pipeline.dossier.context import Context
from pipeline.dossier.life.course import course_of
from pipeline.services.dossier_life import LifeView, view_of
from pipeline.services.life_seen import life_as_seen


@dataclass(frozen=True)
class LifeAccount:
    """A life as it stands today; ``presence`` is ``None`` where the convention names no days, ``why`` says so."""

    dossier: str
    number: str
    view: LifeView
    presence: Presence | None
    why: str = ""

    @property
    def seen(self) -> int:
        """The number of the last fact: what whoever looks knows."""
        return self.view.facts.seen


def account_of(context: Context, dossier: str) -> LifeAccount:
    """The life of a dossier by its id; raises NotFound, NotAllowed before its packet, ConfigError."""
    life = life_as_seen(context, dossier)
    presence, why = None, ""
    try:
        presence = course_of(life).presence
    except NotAllowed as refused:
        why = str(refused)
    return LifeAccount(life.dossier.id, life.dossier.number, view_of(life, context), presence, why)
