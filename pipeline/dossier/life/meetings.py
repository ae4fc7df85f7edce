"""Réunion des référents de stage of a session: when and where, who is invited, who knows it as it stands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.core.formation import Session
from pipeline.core.life import JSON, FactKind
from pipeline.core.models import get
from pipeline.dossier.life.holding import Life

ROLES = ("stagiaire", "tuteur", "referent")  # commande de stage, 2: stagiaire, référent professionnel, responsable
_AHEAD = dt.timedelta(days=21)
_CLOCK = re.compile(r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?", re.IGNORECASE)


@dataclass(frozen=True)
class Meeting:
    """One meeting, in the words of ``formation.toml``."""

    date: dt.date
    begins: str
    ends: str
    place: str

    @property
    def since(self) -> dt.date:
        """The day from which invitations are due."""
        return self.date - _AHEAD

    def is_near(self, today: dt.date) -> bool:
        """Whether invitations are due on a day."""
        return self.since <= today <= self.date

    @property
    def body(self) -> dict[str, JSON]:
        """What is kept of it with each invitation."""
        return {"date": self.date.isoformat(), "debut": self.begins, "fin": self.ends, "lieu": self.place}


def meeting_of(session: Session) -> Meeting | None:
    """The meeting of a session; ``None`` where it has none."""
    said = session.settings.get("reunion")
    return Meeting(said["date"], said["debut"], said["fin"], said["lieu"]) if said else None


def clock(text: str) -> tuple[int, int] | None:
    """« 14 h 00 » as hours and minutes; ``None`` for other words."""
    found = _CLOCK.fullmatch(text.strip())
    return (int(found[1]), int(found[2] or 0)) if found and int(found[1]) < 24 and int(found[2] or 0) < 60 else None


def invited(life: Life, role: str) -> Mapping[str, JSON] | None:
    """The last invitation of a person, as it was noted."""
    found = life.facts.last(FactKind.MEETING, role)
    return found.body if found else None


def knows(life: Life, role: str, meeting: Meeting) -> bool:
    """Whether a person was invited to the meeting as it stands, at the address that the dossier has."""
    body = invited(life, role)
    stands = {**meeting.body, "adresse": mail_of(life, role)}
    return body is not None and ("date" not in body or body == {**body, **stands})


def to_invite(life: Life, meeting: Meeting) -> tuple[str, ...]:
    """The roles that are still to be invited."""
    return tuple(role for role in ROLES if not knows(life, role, meeting))


def mail_of(life: Life, role: str) -> str:
    """The address of a person; the référent's of the settings where the form names no other; empty for none."""
    found = get(life.data, f"{role}.courriel")
    if not found and role == "referent":
        found = get(life.programme.formation.settings, "referent.courriel")
    return str(found or "")
