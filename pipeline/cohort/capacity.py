"""Capacity rules, how many at once: by tuteur, by organisme, by référent; and one SIRET under two names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from pipeline.cohort.findings import MOST_NAMED, named, problem
from pipeline.cohort.rules import HOST, REFERENT, SIRET, TUTOR
from pipeline.cohort.timeline import Line, Timeline
from pipeline.core.french import siret as spaced
from pipeline.core.law import STUDENTS, Hosting
from pipeline.core.member import Member, Named, Period
from pipeline.core.models import Problem, Severity

NewLine = Callable[[Sequence[Period]], Line]
# Words that a name may have or lack and still be the same name.
_SLIGHT = frozenset(
    {
        "a",
        "asso",
        "association",
        "au",
        "aux",
        "d",
        "de",
        "des",
        "du",
        "en",
        "ets",
        "et",
        "etablissement",
        "eurl",
        "fondation",
        "l",
        "la",
        "le",
        "les",
        "pour",
        "sa",
        "sarl",
        "sas",
        "sasu",
        "sci",
        "scic",
        "scop",
        "societe",
        "ste",
    }
)


class Crowd:
    """The members that share one thing (a tuteur, a host, a référent), and how many of them are there at once.

    The law counts students; all are counted apart, for a remark. ``span`` is when a member is there.
    """

    def __init__(self, members: Sequence[Member], span: Callable[[Period], Period], line: NewLine) -> None:
        periods = [span(member.period) for member in members if member.period]
        self._students, self._all = line(periods), line(periods)
        self._span = span
        self._members: list[Member] = []
        self.staff: int | None = None  # the largest that one of them declares

    def add(self, member: Member, period: Period) -> None:
        """One more member is there."""
        self._members.append(member)
        self.staff = max(self.staff or 0, member.staff or 0) or None
        self._all.add(self._span(period))
        if member.regime in STUDENTS:
            self._students.add(self._span(period))

    def beyond(self, member: Member, period: Period, limit: int) -> tuple[int, Severity] | None:
        """How many are there at once with this member, if more than ``limit``: a remark unless they are students."""
        everybody = self._all.peak(self._span(period)) + 1
        students = self._students.peak(self._span(period)) + 1
        if member.regime in STUDENTS and students > limit:
            return students, Severity.WARNING
        return (everybody, Severity.INFO) if everybody > limit else None

    def beside(self, period: Period, *, students: bool) -> list[Member]:
        """The latest members there at the same time, or students alone, the first first; one more than are named."""
        here = self._span(period)
        counted = (one for one in reversed(self._members) if one.regime in STUDENTS or not students)
        there = (one for one in counted if one.period and self._span(one.period).meets(here))
        return list(islice(there, MOST_NAMED))[::-1]


class Crowds:
    """The tuteurs, hosts and référents of a cohort, or only those of one member; ``line`` counts who is there."""

    def __init__(
        self, members: Sequence[Member], law: Hosting, line: NewLine = Timeline, only: Member | None = None
    ) -> None:
        self._law = law
        groups: defaultdict[str, list[Member]] = defaultdict(list)
        for member in members:
            for key in _keys(member):
                if only is None or key in _keys(only):
                    groups[key].append(member)
        self._crowds = {
            key: Crowd(group, Period.in_weeks if key == group[0].host_key else lambda period: period, line)
            for key, group in groups.items()
        }

    def add(self, member: Member) -> None:
        """One more form counts."""
        if member.period:
            for key in _keys(member):
                if key in self._crowds:
                    self._crowds[key].add(member, member.period)

    def findings(self, member: Member) -> Iterator[Problem]:
        """What C-05, C-06 and C-08 say of a member, with those who came before it."""
        if member.period is None:
            return
        tutor = self._beyond(member.tutor_key, member, self._law.by_tutor)
        if tutor:
            yield _crowded(TUTOR, f"Tuteur {member.tutor}", self._law.by_tutor, tutor, "un autre tuteur")
        yield from self._host(member)
        referent = self._beyond(member.referent_key, member, self._law.by_referent)
        if referent:
            yield _crowded(
                REFERENT, f"Référent {member.referent}", self._law.by_referent, referent, "un autre référent"
            )

    def _host(self, member: Member) -> Iterator[Problem]:
        staff = self._staff(member)
        limit = self._law.small_host if staff is None else self._law.quota(staff)
        found = self._beyond(member.host_key, member, limit)
        if found is None:
            return
        number, severity, others = found
        beside = _beside(number, others)
        if staff is None:
            rest = (
                f"({beside}) et l’effectif n’est pas donné. Demandez-le : sous {self._law.quota_from} personnes, "
                f"{limit} stagiaires au plus."
            )
        else:
            rest = (
                f"pour {limit} au plus dans un organisme de {staff} personne{'s' if staff > 1 else ''} ({beside}). "
                "Vérifiez l’effectif auprès de l’organisme, ou décalez un stage."
            )
        place = f"Organisme, SIRET {spaced(member.stage.siret or '')}"
        yield problem(HOST, f"{place} : avec celui-ci, {number} stagiaires la même semaine {rest}", severity=severity)

    def _staff(self, member: Member) -> int | None:
        """What this form declares, else the largest that the forms before declared for the same SIRET."""
        unsaid = member.staff is None and member.host_key
        return self._crowds[member.host_key].staff if unsaid else member.staff

    def _beyond(self, key: str, member: Member, limit: int) -> tuple[int, Severity, list[Member]] | None:
        crowd = self._crowds.get(key)
        if crowd is None or member.period is None:
            return None
        found = crowd.beyond(member, member.period, limit)
        if found is None:
            return None
        return (*found, crowd.beside(member.period, students=found[1] is Severity.WARNING))


class Names:
    """The names that the forms seen so far give to each SIRET, and the first form that gives each."""

    def __init__(self) -> None:
        self._seen: defaultdict[str, dict[frozenset[str], tuple[str, Member]]] = defaultdict(dict)

    def add(self, member: Member) -> None:
        """One more form."""
        for one in member.named:
            self._seen[one.siret].setdefault(one.words, (one.name, member))

    def findings(self, member: Member) -> Iterator[Problem]:
        """What C-07 says: another name was given to a SIRET of this form, by a form before or by itself."""
        for at, one in enumerate(member.named):
            here = {other.words: (other.name, member) for other in member.named[:at] if other.siret == one.siret}
            known = here | self._seen.get(one.siret, {})
            other = next((found for words, found in known.items() if not is_same_name(words, one.words)), None)
            if other:
                yield _two_names(one, *other, here=other[1] is member)


def is_same_name(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two folded names are one: articles and legal forms aside, one holds all the words of the other."""
    first, second = (words - _SLIGHT or words for words in (one, other))
    return first <= second or second <= first


def _crowded(rule: str, what: str, limit: int, found: tuple[int, Severity, list[Member]], instead: str) -> Problem:
    number, severity, others = found
    message = (
        f"{what} : avec celui-ci, {number} stagiaires en même temps pour {limit} au plus "
        f"({_beside(number, others)}). Désignez {instead}, ou décalez un stage."
    )
    return problem(rule, message, severity=severity)


def _beside(number: int, others: Sequence[Member]) -> str:
    """Which forms the others are; only the latest when they are many."""
    return f"{'dont ' if number - 1 > len(others) else ''}formulaire{'s' if others[1:] else ''} {named(others)}"


def _two_names(one: Named, name: str, other: Member, *, here: bool) -> Problem:
    place = "ailleurs sur ce formulaire" if here else f"sur le formulaire {other.id}"
    french = re.fullmatch(r"\d{14}", one.siret)
    message = (
        f"{'SIRET' if french else 'Numéro'} {spaced(one.siret)} : « {one.name} » ici, « {name} » {place}. Cherchez "
        f"ce numéro dans {'l’annuaire des entreprises' if french else 'le registre de son pays'}, et corrigez le "
        "numéro ou le nom qui est faux (liasse confirm)."
    )
    return problem(SIRET, message, field=one.path)


def _keys(member: Member) -> list[str]:
    return [key for key in (member.tutor_key, member.host_key, member.referent_key) if key]
