"""Identity rules: the same person twice, homonyms, periods that overlap, e-mails that belong to two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline.cohort.findings import MOST_NAMED, dates, enumerated, named, problem
from pipeline.cohort.rules import ADDRESS, NAMESAKES, OVERLAP, TWICE
from pipeline.core.french import short_date
from pipeline.core.member import TRAINEE, Address, Member
from pipeline.core.models import Problem, Severity


class People:
    """The members of a cohort by name, in order of arrival."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._by_name: defaultdict[str, list[tuple[int, Member]]] = defaultdict(list)
        for at, member in enumerate(members):
            if member.who.name:
                self._by_name[member.who.name].append((at, member))

    def findings(self, at: int, member: Member) -> Iterator[Problem]:
        """What C-01 to C-03 say of the member that arrived ``at``, looking at those before it."""
        near = [
            (place < at, other)
            for place, other in self._by_name.get(member.who.name or "", ())
            if place != at and not member.is_version_of(other)
        ]
        clashing = [other for before, other in near if _clashes(member, other, before=before)]
        if clashing:
            yield _overlap(member, clashing)
        this_year = [other for before, other in near if before and _is_beside(member, other, clashing)]
        yield from _twice(member, [other for other in this_year if member.who.is_surely(other.who)])
        yield from _namesakes(member, [other for other in this_year if not member.who.is_surely(other.who)])


class Addresses:
    """The e-mails of the forms seen so far, each year's apart: last year's stagiaire may be this year's tuteur."""

    def __init__(self) -> None:
        self._seen: defaultdict[tuple[str, str], dict[str, list[tuple[Member, Address]]]] = defaultdict(dict)

    def add(self, member: Member) -> None:
        """One more form."""
        for address in member.addresses:
            camps = self._seen[member.year, address.email]
            camps.setdefault(address.camp, []).append((member, address))

    def findings(self, member: Member) -> Iterator[Problem]:
        """What C-04 says: this form's e-mails against each other, and against those of the forms before."""
        for at, address in enumerate(member.addresses):
            # Two roles of one form are told once, from the first.
            others = [(member, other) for other in member.addresses[at + 1 :] if _clash(address, other)]
            for camp, holders in self._seen.get((member.year, address.email), {}).items():
                if camp != address.camp:
                    others += holders[:MOST_NAMED]
                elif camp == TRAINEE:  # of those who bear the same name, C-02 tells
                    strangers = (pair for pair in holders if pair[0].who.name != member.who.name)
                    others += islice(strangers, MOST_NAMED)
            if others:
                yield _shared(member, address, others)


def overlaps(one: Member, other: Member) -> bool:
    """Whether two internships share a day: of their calendars where both have one, else of their periods."""
    if one.period is None or other.period is None or not one.period.meets(other.period):
        return False
    return not (one.days and other.days) or not one.days.isdisjoint(other.days)


def _is_beside(member: Member, other: Member, clashing: Sequence[Member]) -> bool:
    """Whether a form counts in the same year, and its dates do not clash."""
    return other.year == member.year and not other.replaced and other not in clashing


def _clashes(member: Member, other: Member, *, before: bool) -> bool:
    """Whether the same person is elsewhere on the same days, by a form that came before or whose packet is made.

    A packet also clashes that is made of a later form, while this one was not yet known, or of one whose new version
    still waits.
    """
    counts = other.printed or (before and not other.replaced)
    return counts and member.who.is_surely(other.who) and overlaps(member, other)


def _overlap(member: Member, others: Sequence[Member]) -> Problem:
    period = dates(member.period) if member.period else ""
    message = (
        f"Stage {period} : la même personne est déjà en stage à ces dates, formulaire {named(others, when=True)}. "
        f"Écartez celui qui n’aura pas lieu (liasse discard) puis reprenez l’autre (liasse retry {member.id}) ; "
        f"si les deux peuvent se faire, levez cette règle (liasse override {member.id} {OVERLAP}). "
        f"{_same(member, others)}"
    )
    return problem(OVERLAP, message)


def _same(member: Member, others: Sequence[Member]) -> str:
    command = f"liasse dossier join {member.id} {others[0].id} --by NOM --reason MOTIF"
    return f"S’il s’agit du même stage, corrigé : {command}."


def _twice(member: Member, others: Sequence[Member]) -> Iterator[Problem]:
    here = [other for other in others if other.formation == member.formation]
    away = [other for other in others if other.formation != member.formation]
    if here:
        message = (
            f"{member.name} : la même personne a déjà un autre stage dans cette formation, formulaire "
            f"{named(here, when=True)}. Vérifiez que les deux sont voulus ; sinon, écartez-en un (liasse discard). "
            f"{_same(member, here)}"
        )
        yield problem(TWICE, message)
    if away:
        message = f"{member.name} : la même personne a un stage dans une autre formation, formulaire "
        yield problem(
            TWICE, f"{message}{named(away, when=True)}. Rien à faire si c’est voulu.", severity=Severity.INFO
        )


def _namesakes(member: Member, others: Sequence[Member]) -> Iterator[Problem]:
    close = [other for other in others if member.who.shares(other.who)]
    apart = [other for other in others if other not in close and member.who.differs_from(other.who)]
    unsure = [other for other in others if other not in close and other not in apart]
    born = f" (ici, né(e) le {short_date(member.born)})" if member.born else ""
    typing = (
        "même courriel ou téléphone, mais autre date de naissance ou autre numéro : sans doute une faute de frappe. "
        "Comparez les formulaires, et corrigez celui qui est faux (liasse confirm)"
    )
    two = "autre date de naissance ou autre numéro : ce sont deux personnes. Ne mêlez pas leurs liasses"
    unknown = "rien ne dit si c’est la même personne. Comparez date de naissance, numéro et courriel"
    for found, told in ((apart, two), (close, typing), (unsure, unknown)):
        if found:
            yield problem(NAMESAKES, f"{member.name}{born} : même nom, formulaire {named(found)}, {told}.")


def _clash(one: Address, other: Address) -> bool:
    return one.email == other.email and one.camp != other.camp


def _shared(member: Member, address: Address, others: Sequence[tuple[Member, Address]]) -> Problem:
    told = [
        f"{other.role} {'de ce formulaire' if holder is member else f'du formulaire {holder.id}'}"
        for holder, other in others
    ]
    message = (
        f"Courriel {address.email} ({address.role}) : c’est aussi celui du {enumerated(told[:MOST_NAMED])}. La "
        "demande de signature de l’un irait à l’autre : vérifiez-le, et corrigez celui qui est faux (liasse confirm)."
    )
    return problem(ADDRESS, message, field=address.path)
