"""One form as the others see it: whose it is, where, when, with whom; computed once from its record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pipeline.core.identity import Identity, Internship, folded_words, identity_of, internship_of
from pipeline.core.law import as_date, as_number
from pipeline.core.models import JSON, Data, get

SCHOOL, COMPANY, TRAINEE = "établissement", "organisme", "stagiaire"
_ROLES = {
    "stagiaire.courriel": (TRAINEE, "stagiaire"),
    "tuteur.courriel": (COMPANY, "tuteur"),
    "organisme.signataire.courriel": (COMPANY, "signataire de l’organisme"),
    "employeur.signataire.courriel": (COMPANY, "signataire de l’employeur"),
    "referent.courriel": (SCHOOL, "référent"),
}


class Period(NamedTuple):
    """First and last day, both counted."""

    start: dt.date
    end: dt.date

    def meets(self, other: Period) -> bool:
        """Whether the two have a day in common."""
        return self.start <= other.end and other.start <= self.end

    def in_weeks(self) -> Period:
        """From the Monday of the first day to the Sunday of the last."""
        monday = self.start - dt.timedelta(days=self.start.weekday())
        return Period(monday, self.end + dt.timedelta(days=6 - self.end.weekday()))


class Address(NamedTuple):
    """An e-mail of a form: its field, the camp (stagiaire, organisme, établissement) and the French role."""

    path: str
    camp: str
    role: str
    email: str


class Named(NamedTuple):
    """A SIRET and the name that the form gives it; ``words`` are the name's, folded."""

    path: str
    siret: str
    name: str
    words: frozenset[str]


@dataclass(frozen=True)
class Member:
    """A form of the cohort. Keys are folded text: two forms that share one speak of the same tuteur, host, référent.

    ``printed``: its packet is made or being made, and nobody was asked to decide of an overlap for it.
    """

    sha256: str
    who: Identity
    stage: Internship
    name: str
    born: dt.date | None
    formation: str
    year: str
    regime: str
    period: Period | None
    days: frozenset[str]
    tutor: str
    tutor_key: str
    referent: str
    referent_key: str
    host_key: str
    staff: int | None
    addresses: tuple[Address, ...]
    named: tuple[Named, ...]
    printed: bool = False

    @property
    def id(self) -> str:
        """What people type."""
        return self.sha256[:8]

    @cached_property
    def keys(self) -> frozenset[str]:
        """What is compared: forms that share none of these have nothing to do with each other."""
        emails = {f"@ {address.email}" for address in self.addresses}
        numbers = {f"siret {one.siret}" for one in self.named}
        person = {f"nom {self.who.name}"} if self.who.name else set()
        places = {self.tutor_key, self.referent_key, self.host_key} - {""}
        return frozenset(person | places | emails | numbers)


def member_of(sha256: str, data: Data, *, printed: bool = False) -> Member:
    """The member that a record makes; whatever the record lacks is empty and speaks to no rule."""
    stage = internship_of(data)
    staff = as_number(get(data, "organisme.effectif"))
    return Member(
        sha256=sha256,
        who=identity_of(data),
        stage=stage,
        name=_full_name(data, "stagiaire"),
        born=as_date(get(data, "stagiaire.date_naissance")),
        formation=str(get(data, "formation.code") or ""),
        year=str(get(data, "formation.annee") or ""),
        regime=str(get(data, "stagiaire.regime") or ""),
        period=_period(data),
        days=frozenset(_days(get(data, "stage.calendrier"))),
        tutor=_full_name(data, "tuteur"),
        tutor_key=_person_key(data, "tuteur", stage),
        referent=_full_name(data, "referent"),
        referent_key=_person_key(data, "referent"),
        host_key=f"organisme {stage.siret}" if stage.siret else "",
        staff=int(staff) if staff is not None and staff > 0 else None,
        addresses=tuple(_addresses(data)),
        named=tuple(_named(data)),
        printed=printed,
    )


def _period(data: Data) -> Period | None:
    start, end = (as_date(get(data, f"stage.date_{end}")) for end in ("debut", "fin"))
    return Period(start, end) if start and end and start <= end else None


def _days(lines: JSON) -> Iterator[str]:
    for line in lines if isinstance(lines, list) else ():
        day = line.get("date") if isinstance(line, Mapping) else None
        if isinstance(day, str) and line.get("heures"):
            yield day


def _full_name(data: Data, who: str) -> str:
    parts = (get(data, f"{who}.{name}") for name in ("prenom", "nom"))
    return " ".join(part for part in parts if isinstance(part, str))


def _person_key(data: Data, who: str, stage: Internship | None = None) -> str:
    """A person by name, and by the company (SIREN, or its name) they work for; empty if the form names nobody.

    Not by e-mail: all the tuteurs of an organisme may share one.
    """
    name = " ".join(sorted(folded_words(_full_name(data, who))))
    place = (stage.siret or "")[:9] or " ".join(stage.host) if stage else ""
    return f"{who} {name} ({place})" if name else ""


def _addresses(data: Data) -> Iterator[Address]:
    for path, (camp, role) in _ROLES.items():
        email = get(data, path)
        if isinstance(email, str) and email.strip():
            yield Address(path, camp, role, email.strip().casefold())


def _named(data: Data) -> Iterator[Named]:
    for who in ("organisme", "employeur"):
        siret, name = get(data, f"{who}.siret"), get(data, f"{who}.raison_sociale")
        words = frozenset(folded_words(name)) if isinstance(name, str) else frozenset()
        if isinstance(siret, str) and siret and words:
            yield Named(f"{who}.siret", siret, str(name), words)
