"""Record linkage: when two forms speak of one internship of one person, and what changed between them.

Names alone tell nobody apart: two people may bear one name. So one more thing that belongs to the person must agree,
and none that both forms give may differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.core.decisions import Override
from pipeline.core.fields import Dictionary, Nature
from pipeline.core.folding import fold, folded_words
from pipeline.core.models import JSON, Data, get

_OWN = ("stagiaire.date_naissance", "stagiaire.numero", "stagiaire.nir")  # these never differ for one person
_REACHED = ("stagiaire.courriel", "stagiaire.telephone")  # these may change, but are nobody else's


@dataclass(frozen=True)
class Difference:
    """One field whose value is not the same in two versions of a form; ``None`` where it is not given."""

    field: str
    label: str
    before: JSON
    after: JSON


@dataclass(frozen=True)
class Rewording:
    """A place of a paper that does not say the same in two packets: where, what it said, what it says."""

    where: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """What a new version changes: the id of the form it replaces, the day on its papers (ISO), the fields.

    ``lifted`` is the decision of a person where the older packet had been fetched or signed. A packet that is
    regenerated of the same form names the older one, ``packet``, and says what else is not the same in it.
    """

    form: str
    day: str
    changes: tuple[Difference, ...]
    lifted: Override | None = None
    packet: str = ""
    words: tuple[Rewording, ...] = ()


@dataclass(frozen=True)
class Identity:
    """What tells one person from another, folded to be compared; ``None`` where a form does not give it.

    ``own`` never differs for one person (birth date, numbers); ``reached`` may change, but is nobody else's.
    """

    name: str | None
    own: tuple[str | None, ...]
    reached: tuple[str | None, ...]

    def is_surely(self, other: Identity) -> bool:
        """Whether both are surely one person: homonyms are two, and so are two who cannot be compared."""
        named = self.name is not None and self.name == other.name and not self.differs_from(other)
        return named and (self.shares(other) or any(_agrees(self.own, other.own)))

    def differs_from(self, other: Identity) -> bool:
        """Whether something that never changes for one person is not the same."""
        return any(same is False for same in _agrees(self.own, other.own))

    def may_be(self, other: Identity) -> bool:
        """Whether nothing tells them apart, and one has no name or something is the same: perhaps one person."""
        same = (self.name == other.name, self.shares(other), *_agrees(self.own, other.own))
        return not self.differs_from(other) and (None in (self.name, other.name) or any(same))

    def shares(self, other: Identity) -> bool:
        """Whether an e-mail or a telephone number is the same."""
        return any(_agrees(self.reached, other.reached))


@dataclass(frozen=True)
class Internship:
    """What tells one internship of a person from another; dates ISO, the organisme by SIRET or by its words."""

    formation: JSON
    siret: str | None
    host: tuple[str, ...]
    start: str | None
    end: str | None

    def is_also(self, other: Internship) -> bool:
        """Whether two forms of one person speak of one internship: formation, organisme and days in common."""
        host = _agree(self.siret, other.siret)
        if host is None:
            host = bool(self.host) and self.host == other.host
        return host and self.formation == other.formation and self.overlaps(other)

    def overlaps(self, other: Internship) -> bool:
        """Whether the periods have a day in common; not when one of them is not known."""
        if not (self.start and self.end and other.start and other.end):
            return False
        return self.start <= other.end and other.start <= self.end  # ISO dates order as text


def person_of(data: Data) -> str | None:
    """The folded name of the stagiaire, by which candidates are looked up; ``None`` without a name."""
    words = folded_words(f"{get(data, 'stagiaire.nom') or ''} {get(data, 'stagiaire.prenom') or ''}")
    return " ".join(sorted(words)) or None


def identity_of(data: Data) -> Identity:
    """Whose form this is."""
    own, reached = (tuple(_given(data, path) for path in paths) for paths in (_OWN, _REACHED))
    return Identity(person_of(data), own, reached)


def internship_of(data: Data) -> Internship:
    """Which internship of that person it speaks of."""
    start, end = (get(data, f"stage.date_{end}") for end in ("debut", "fin"))
    return Internship(
        formation=get(data, "formation.code"),
        siret=_given(data, "organisme.siret"),
        host=tuple(sorted(folded_words(str(get(data, "organisme.raison_sociale") or "")))),
        start=start if isinstance(start, str) else None,
        end=end if isinstance(end, str) else None,
    )


def same_person(one: Data, other: Data) -> bool:
    """Whether two forms are surely of one person: homonyms are two, and so are two who cannot be compared."""
    return identity_of(one).is_surely(identity_of(other))


def exchanged(before: Data, after: Data) -> str:
    """« nom, prénom » of an older form, where a newer one shares the same words otherwise; nothing for another name.

    Forms of other words are of one internship because a person said so, who saw both names.
    """
    old, new = ([str(get(one, f"stagiaire.{part}") or "") for part in ("nom", "prenom")] for one in (before, after))
    same = list(map(fold, old)) == list(map(fold, new))
    return "" if same or person_of(before) != person_of(after) else ", ".join(old)


def same_internship(one: Data, other: Data) -> bool:
    """Whether two forms of one person speak of one internship: formation, organisme and days in common."""
    return internship_of(one).is_also(internship_of(other))


def differences(before: Data, after: Data, dictionary: Dictionary) -> Iterator[Difference]:
    """What changed from one version of a form to the next, in the order of the form."""
    for path, field in dictionary.fields.items():
        one, other = get(before, path), get(after, path)
        if one != other and not (field.nature is Nature.ACTIVITY_CODE and _same_code(one, other)):
            yield Difference(path, dictionary.label(path), one, other)


def _same_code(one: JSON, other: JSON) -> bool:
    """« 88.99B », kept so by the first readings of our own form, is 8899B."""
    return str(one).replace(".", "") == str(other).replace(".", "")


def _agrees(ones: tuple[str | None, ...], others: tuple[str | None, ...]) -> Iterator[bool | None]:
    return (_agree(one, other) for one, other in zip(ones, others, strict=True))


def _agree(one: str | None, other: str | None) -> bool | None:
    """Whether a value is the same in both; ``None`` where one of them does not give it."""
    return None if one is None or other is None else one == other


def _given(data: Data, path: str) -> str | None:
    value = get(data, path)
    return None if value in (None, "") else fold(str(value))
