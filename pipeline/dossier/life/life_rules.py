"""Rules of a dossier's life: what a formation or the law asks after the packet, asked again on any day.

A check is a generator ``(life, today) -> problems`` in French, each with the command that mends it, which raises
NotYet where it has nothing to say of that day. A ``[[vie]]`` line of ``formation.toml`` calls it by name
(``controle``), and says number, severity and source; those of the law are asked of every formation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.core.french import long_date
from pipeline.core.law import as_date
from pipeline.core.life import FactKind, PaperKind
from pipeline.core.models import Problem, Severity, Verdict, Who, get
from pipeline.core.places import Place, place_of
from pipeline.dossier.life.change_rules import NoObject, accepted, announced, attested_again, calendar_kept
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.signing import ToSign, evaluation_of, of_packet, of_paper

ALARM = "L-18"  # the rule of the law that signatures come before the first day
_WORKDAYS = 5  # Monday to Friday


class Alarm(NamedTuple):
    """A signature that is missing when the first day comes: what is said, and the command that ends it."""

    says: str
    command: str

    def __str__(self) -> str:
        return f"{self.says} {self.command}"


class NotYet(Exception):
    """A rule that has nothing to say of a dossier on that day."""


class Broken(str):
    """What a rule says of what is done and cannot be mended any more."""

    __slots__ = ()


Check = Callable[[Life, dt.date], Iterator[str]]


@dataclass(frozen=True)
class Control:
    """A check that formations call by name: its French title; ``closes``: what it finds keeps a dossier open.

    ``of_change``: it is asked of an avenant before that is kept.
    """

    title: str
    check: Check
    closes: bool = False
    of_change: bool = False


@dataclass(frozen=True)
class LifeRule:
    """A rule ready to be asked: its number, French title, how grave, where it comes from, what decides it."""

    id: str
    title: str
    severity: Severity
    source: str
    control: Control


def signed_before_start(life: Life, today: dt.date) -> Iterator[str]:
    """All parties sign the convention before the first day; who has not by then is named."""
    start = first_day(life)
    papers = of_packet(life)
    if start is None or (today < start and any(one.missing for one in papers)):
        raise NotYet
    for one in papers:
        late = [role for role, signature in one.signed.items() if signature.on >= start]
        if late:
            titles = ", ".join(party.title for party in one.signers if party.role in late)
            last = max(one.signed[role].on for role in late)
            yield Broken(
                f"« {one.name} » signé le {long_date(last)}, et non avant le premier jour ({long_date(start)}) : "
                f"{titles}."
            )
        if one.missing:
            yield f"Le stage a commencé le {long_date(start)} et il manque une signature. {asked(life, one)}"


def end_certified(life: Life, today: dt.date) -> Iterator[str]:
    """The attestation de stage is issued after the last day, and signed by all who sign it."""
    _require_over(life, today)
    number, paper = life.dossier.number, of_paper(life, PaperKind.END)
    if life.paper(PaperKind.END) is None:
        yield f"L’attestation de stage n’est pas établie : liasse attest {number} --by NOM"
    elif paper is not None and paper.missing:
        yield asked(life, paper)


def evaluated(life: Life, today: dt.date) -> Iterator[str]:
    """The evaluation is filled after the last day, and signed by those who make it."""
    _require_over(life, today)
    number, evaluation = life.dossier.number, evaluation_of(life)
    if evaluation is None:
        raise NotYet
    filled = life.facts.last(FactKind.EVALUATION) or life.facts.last(FactKind.RETURNED, evaluation.name)
    if filled is None:
        yield (
            "L’évaluation n’est pas revenue : déposez-la dans inbox/, ou dites-la signée avec son scan : "
            f"liasse signed {number} SCAN --piece {evaluation.name} --on DATE --by NOM"
        )
    elif evaluation.missing:
        yield asked(life, evaluation)


# What a ``[[vie]]`` line may call, by name: schemas/formation.schema.json lists the same.
_SIGNED = Control("Convention signée de tous avant le début", signed_before_start)
CONTROLS: Mapping[str, Control] = {
    "signee_avant_le_debut": _SIGNED,
    "attestation_de_fin_signee": Control("Attestation à la fin, signée de tous", end_certified, closes=True),
    "evaluation_rendue": Control("Évaluation à la fin, signée de ceux qui la font", evaluated, closes=True),
    "changement_annonce": Control("Changement annoncé, avec son jour et qui le demande", announced, of_change=True),
    "changement_accepte": Control("Changement accepté par qui la formation le dit", accepted, of_change=True),
    "avenant_pour_tout_changement": Control(
        "Avenant pour tout changement de calendrier", calendar_kept, closes=True, of_change=True
    ),
    "attestations_refaites": Control("Attestations refaites après un avenant", attested_again, closes=True),
}
LAW = (LifeRule(ALARM, _SIGNED.title, Severity.BLOCKING, "C. éduc., L124-1 ; pratique constante", _SIGNED),)
_SEVERITIES = {"bloquante": Severity.BLOCKING, "avertissement": Severity.WARNING, "information": Severity.INFO}


def rules_of(life: Life) -> tuple[LifeRule, ...]:
    """The rules that are asked of a dossier: its formation's, in the order of the file, then the law's."""
    lines = life.programme.formation.settings.get("vie", ())
    own = (
        LifeRule(
            one["id"],
            one.get("titre") or CONTROLS[one["controle"]].title,
            _SEVERITIES[one["gravite"]],
            one["source"],
            CONTROLS[one["controle"]],
        )
        for one in lines
    )
    return (*own, *LAW)


def verdicts(life: Life, today: dt.date, *, of_change: bool = False) -> tuple[Verdict, ...]:
    """What each rule says of a dossier on a day; ``of_change``: those alone that an avenant is held against."""
    asked = (rule for rule in rules_of(life) if rule.control.of_change or not of_change)
    return tuple(_verdict(rule, life, today) for rule in asked)


def _verdict(rule: LifeRule, life: Life, today: dt.date) -> Verdict:
    try:
        said = tuple(rule.control.check(life, today))
    except NotYet:
        return Verdict(rule.id, rule.title, rule.source, applies=False, said="pas encore")
    except NoObject:
        return Verdict(rule.id, rule.title, rule.source, applies=False, said="sans objet")
    found = (Problem(rule.id, rule.severity, None, one, Who.SCOLARITE, rule.source) for one in said)
    over = f"non tenu : {' '.join(said)}" if said and all(isinstance(one, Broken) for one in said) else ""
    return Verdict(rule.id, rule.title, rule.source, applies=True, problems=tuple(found), said=over)


def alarm(life: Life, today: dt.date, workdays: int) -> Iterator[Alarm]:
    """Who has not signed, from so many working days before the first day to the last; nothing while there is time."""
    start, end = first_day(life), last_day(life)
    if start is None or life.facts.closed or (end is not None and today > end):
        return
    if today < alarm_from(start, workdays, place_of(life.data)):
        return
    for one in of_packet(life):
        if one.missing:
            when = "a commencé" if today >= start else "commence"
            says = f"Le stage {when} le {long_date(start)}. {unsigned(one)}"
            yield Alarm(says, command_of(life, one))


def alarm_from(start: dt.date, workdays: int, place: Place) -> dt.date:
    """The day that lies so many working days, without public holidays of the place, before the first."""
    day = start
    while workdays > 0:
        day -= dt.timedelta(days=1)
        workdays -= day.isoweekday() <= _WORKDAYS and place.holiday(day) is None
    return day


def asked(life: Life, paper: ToSign) -> str:
    """Who has still to sign a paper, and the command that notes it."""
    return f"{unsigned(paper)} Dès que c’est fait : {command_of(life, paper)}"


def unsigned(paper: ToSign) -> str:
    """Who has still to sign a paper."""
    named = ", ".join(f"{one.title} ({one.name})" if one.name else one.title for one in paper.missing)
    return f"« {paper.name} » n’est pas encore signé par : {named}."


def command_of(life: Life, paper: ToSign) -> str:
    """What notes that a paper was signed."""
    return f"liasse signed {life.dossier.number} --piece {paper.name} --on DATE --by NOM"


def first_day(life: Life) -> dt.date | None:
    """The first day of the internship, by the terms in force."""
    return as_date(get(life.data, "stage.date_debut"))


def last_day(life: Life) -> dt.date | None:
    """The last day of the internship, by the terms in force: an end before term is that of its avenant."""
    return as_date(get(life.data, "stage.date_fin"))


def _require_over(life: Life, today: dt.date) -> None:
    end = last_day(life)
    if end is None or today <= end:
        raise NotYet
