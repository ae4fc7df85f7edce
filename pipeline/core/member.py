"""Cohort member: one form as the others see it (whose, where, when, with whom), and the keys it may share with them.

Computed once from a form's values, and kept beside them in the ledger.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from pipeline.core import days
from pipeline.core.folding import folded_words
from pipeline.core.formation import Session
from pipeline.core.identity import Identity, Internship, identity_of, internship_of
from pipeline.core.law import as_date, as_number
from pipeline.core.models import JSON, Data, get

SCHOOL, COMPANY, TRAINEE = "établissement", "organisme", "stagiaire"
LONGEST_WAIT = dt.timedelta(days=126)  # délai de carence after a stage of a year: how far back L-13 looks
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

    @lru_cache(10_000)  # noqa: B019 -- two dates, not an object that would be kept alive
    def in_weeks(self) -> Period:
        """From the Monday of the first day to the Sunday of the last."""
        before, after = dt.timedelta(days=self.start.weekday()), dt.timedelta(days=6 - self.end.weekday())
        return Period(self.start - before, self.end + after)


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


class YearHours(NamedTuple):
    """Hours of presence in one teaching year, named by the year in which it begins."""

    year: int
    hours: Decimal


class KeyKind(StrEnum):
    """What two forms may share, hence what a rule of the cohort looks them up by."""

    PERSON = "personne"
    EMAIL = "courriel"
    SIRET = "siret"
    CROWD = "groupe"  # a tuteur, an organisme, a référent: how many are there at once


class Key(NamedTuple):
    """One thing by which other forms are looked up; of an e-mail ``detail`` is the camp, of a SIRET the name."""

    kind: KeyKind
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Member:
    """A form of the cohort. Keys are folded text: two forms that share one speak of the same tuteur, host, référent.

    ``paid``: whether a gratification is planned. ``dossier`` is its internship's id. ``printed``: its packet is made
    or being made, and nobody was asked to decide of an overlap for it. ``replaced``: a later version in the same
    dossier takes its place.
    """

    sha256: str
    who: Identity
    stage: Internship
    last_name: str
    first_name: str
    host: str
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
    hours: tuple[YearHours, ...] = ()
    paid: bool | None = None
    dossier: str = ""
    printed: bool = False
    replaced: bool = False

    @property
    def name(self) -> str:
        """« Élise LEFÈVRE », or what of it the form gives."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def id(self) -> str:
        """What people type."""
        return self.sha256[:8]

    @cached_property
    def keys(self) -> frozenset[Key]:
        """What it may share: forms that share none of these have nothing to do with each other."""
        person = {Key(KeyKind.PERSON, self.who.name)} if self.who.name else set()
        crowds = {Key(KeyKind.CROWD, key) for key in (self.tutor_key, self.referent_key, self.host_key) if key}
        emails = {Key(KeyKind.EMAIL, f"{self.year} {one.email}", one.camp) for one in self.addresses}
        numbers = {Key(KeyKind.SIRET, one.siret, " ".join(sorted(one.words))) for one in self.named}
        return frozenset(person | crowds | emails | numbers)

    def is_version_of(self, other: Member) -> bool:
        """Whether both are versions of one internship."""
        return bool(self.dossier) and self.dossier == other.dossier

    def as_json(self) -> str:
        """The text that is kept of it; what depends on other forms is not in it."""
        said: dict[str, Any] = {name: getattr(self, name) for name in _KEPT}
        said |= {"who": vars(self.who), "stage": vars(self.stage), "days": sorted(self.days)}
        said["named"] = [(*one[:3], sorted(one.words)) for one in self.named]
        return json.dumps(said, ensure_ascii=False, default=str)


_PLAIN = (
    "last_name",
    "first_name",
    "host",
    "formation",
    "year",
    "regime",
    "tutor",
    "tutor_key",
    "referent",
    "referent_key",
    "host_key",
    "staff",
)
_KEPT = (*_PLAIN, "born", "period", "addresses", "hours", "paid")


def member_from(sha256: str, text: str, *, dossier: str, printed: bool, replaced: bool) -> Member:
    """The member that ``as_json`` wrote, with what the ledger says of it among the others."""
    said = json.loads(text)
    who, stage, period = said["who"], said["stage"], said["period"]
    return Member(
        sha256=sha256,
        who=Identity(who["name"], tuple(who["own"]), tuple(who["reached"])),
        stage=Internship(**{**stage, "host": tuple(stage["host"])}),
        born=as_date(said["born"]),
        period=Period(*map(dt.date.fromisoformat, period)) if period else None,
        days=frozenset(said["days"]),
        addresses=tuple(Address(*one) for one in said["addresses"]),
        named=tuple(Named(path, siret, name, frozenset(words)) for path, siret, name, words in said["named"]),
        hours=tuple(YearHours(year, Decimal(hours)) for year, hours in said.get("hours", ())),
        paid=said.get("paid"),
        dossier=dossier,
        printed=printed,
        replaced=replaced,
        **{name: said[name] for name in _PLAIN},
    )


def member_of(sha256: str, data: Data, *, dossier: str = "", session: Session | None = None) -> Member:
    """The member that a record makes; whatever the record lacks is empty and speaks to no rule.

    ``session`` is its own, where it is known: its days in the centre are not hours of presence.
    """
    stage = internship_of(data)
    staff = as_number(get(data, "organisme.effectif"))
    return Member(
        sha256=sha256,
        who=identity_of(data),
        stage=stage,
        last_name=_text(data, "stagiaire.nom"),
        first_name=_text(data, "stagiaire.prenom"),
        host=_text(data, "organisme.raison_sociale"),
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
        hours=tuple(YearHours(*one) for one in sorted(days.hours_by_year(data, session).items())),
        paid=granted if isinstance(granted := get(data, "gratification.prevue"), bool) else None,
        dossier=dossier,
    )


def _period(data: Data) -> Period | None:
    start, end = (as_date(get(data, f"stage.date_{end}")) for end in ("debut", "fin"))
    return Period(start, end) if start and end and start <= end else None


def _days(lines: JSON) -> Iterator[str]:
    for line in lines if isinstance(lines, list) else ():
        day = line.get("date") if isinstance(line, Mapping) else None
        if isinstance(day, str) and line.get("heures"):
            yield day


def _text(data: Data, path: str) -> str:
    value = get(data, path)
    return value if isinstance(value, str) else ""


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
