"""Hours of one person in one organisme and teaching year, added up over their forms (C-09)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.cohort.findings import named, problem
from pipeline.cohort.rules import CUMUL
from pipeline.core.french import hours
from pipeline.core.law import STUDENTS, Law
from pipeline.core.member import Member
from pipeline.core.models import Problem, Severity


class Cumulation:
    """The forms seen so far, by the name of the person and the organisme."""

    def __init__(self, law: Law) -> None:
        self._law = law
        self._seen: defaultdict[tuple[str, str], list[Member]] = defaultdict(list)

    def add(self, member: Member) -> None:
        """One more form counts."""
        if member.who.name and member.host_key:
            self._seen[member.who.name, member.host_key].append(member)

    def findings(self, member: Member) -> Iterator[Problem]:
        """What C-09 says: too many hours in one teaching year with those of the forms before, or paid from now on."""
        known = self._seen.get((member.who.name or "", member.host_key), ())
        others = [one for one in known if not member.is_version_of(one) and member.who.is_surely(one.who)]
        for year, own in member.hours:
            before = [one for one in others if _in_year(one, year)]
            total = own + sum((_in_year(one, year) for one in before), Decimal())
            if before and total > self._law.longest:
                yield self._too_long(member, year, total, before)
            elif before and member.regime in STUDENTS and own <= self._law.threshold < total:
                yield self._paid(member, year, total, before)

    def _too_long(self, member: Member, year: int, total: Decimal, before: Sequence[Member]) -> Problem:
        message = (
            f"Durée cumulée en {year}-{year + 1} : {hours(total)} dans cet organisme, avec le formulaire "
            f"{named(before, when=True)}, or un stage ne peut y dépasser {hours(self._law.longest)} (six mois) la "
            f"même année d’enseignement. Réduisez ce stage ; s’il s’agit du même, liasse dossier join {member.id} "
            f"{before[0].id} --by NOM --reason MOTIF."
        )
        return problem(CUMUL, message, severity=None if member.regime in STUDENTS else Severity.WARNING)

    def _paid(self, member: Member, year: int, total: Decimal, before: Sequence[Member]) -> Problem:
        message = (
            f"Durée cumulée en {year}-{year + 1} : {hours(total)} dans cet organisme, avec le formulaire "
            f"{named(before, when=True)}. Au-delà de {hours(self._law.threshold)} la même année, à la suite ou "
            "non, la gratification est due dès la première heure"
        )
        if member.paid:
            return problem(CUMUL, f"{message} : vérifiez-la pour les deux stages.", severity=Severity.WARNING)
        return problem(
            CUMUL,
            f"{message}, or aucune n’est prévue ici. Voyez avec l’organisme ce qu’il verse pour les deux stages (un "
            "avenant pour le premier), faites corriger le formulaire, ou levez cette règle.",
        )


def _in_year(member: Member, year: int) -> Decimal:
    return sum((found for at, found in member.hours if at == year), Decimal())
