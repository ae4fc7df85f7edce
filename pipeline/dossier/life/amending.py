"""Amendment of a convention: a change asked, then judged by the référent; each held against every rule, told once.

What is accepted is printed as an avenant, and the attestations that it makes untrue are issued again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.checks import Since, validate_terms
from pipeline.cohort.examine import judge_among
from pipeline.core.decisions import Decisions, Override
from pipeline.core.errors import ChangedMeanwhile, HouseError, NotAllowed
from pipeline.core.life import JSON, Fact, FactKind, Facts, PaperKind, Told
from pipeline.core.models import Problem, Record, Refused, Severity, Verdict
from pipeline.core.monthly_pay import hourly_rates
from pipeline.dossier.context import Context
from pipeline.dossier.life import life_rules
from pipeline.dossier.life.avenants import avenant_order
from pipeline.dossier.life.change_rules import FAVORABLE
from pipeline.dossier.life.changing import Request, amended, asked_of, judged, next_number, require_possible
from pipeline.dossier.life.course import course_of, stale
from pipeline.dossier.life.holding import Life, life_of, terms_of
from pipeline.dossier.life.issuing import Issued, issue
from pipeline.dossier.life.makers import ATTESTATIONS, reissued
from pipeline.storage.kill_points import passing

AGAINST = "defavorable"
_STOPS = frozenset({Severity.BLOCKING, Severity.DRAFT})


@dataclass(frozen=True)
class Held:
    """A change held against the rules: its number, the dossier as it would be, what speaks that did not before.

    ``stops`` keep it from being asked or accepted; ``lifted`` are rules that somebody lifted, by this or before.
    """

    number: int
    request: Request
    after: Life
    stops: tuple[Problem, ...]
    told: tuple[Problem, ...]
    lifted: tuple[Override, ...]

    @property
    def attestations(self) -> tuple[str, ...]:
        """The attestations that say what will no longer be so, by name."""
        with contextlib.suppress(NotAllowed):  # of days that are not named, nothing was attested
            return tuple(paper.name for paper in stale(course_of(self.after)))
        return ()


@dataclass(frozen=True)
class Asked:
    """A change that was asked: its number, what was held; ``already``: the same waits since before."""

    number: int
    held: Held | None
    already: bool = False


@dataclass(frozen=True)
class Established:
    """What an accepted change made: the avenant, unless it was there, and the attestations issued again."""

    avenant: Issued | None
    again: tuple[Issued, ...]


def hold(
    context: Context,
    life: Life,
    request: Request,
    *,
    number: int,
    lifted: Sequence[Override] = (),
    word: Mapping[str, JSON] | None = None,
) -> Held:
    """Hold a change against every rule, with the days that were; ``word`` is the judgement, once there is one.

    A rule that said the same of the terms in force is not the avenant's to answer for. Raises as
    ``require_possible``, and ConfigError.
    """
    require_possible(life, number, request, context.today)
    after = with_facts(life, _facts(life, number, request, word))
    if word is None or word["avis"] != FAVORABLE:
        terms = amended(life, number, request)
        after = replace(after, terms=terms)
    asked = context.ledger.decisions(life.entry.form)
    before = _verdicts(context, life, replace(asked, overrides=()), Since())
    decisions = replace(asked, overrides=tuple(lifted))
    since = Since(request.motive, hourly_rates(after.terms, life.programme.session))
    now = _verdicts(context, after, decisions, since)
    new = [(one, verdict) for verdict in now for one in verdict.problems if not _same(one, before)]
    used = {verdict.rule: verdict.lifted for one, verdict in new if verdict.lifted and one.severity in _STOPS}
    stops = tuple(one for one, verdict in new if one.severity in _STOPS and verdict.lifted is None)
    told = tuple(one for one, _ in new if one.severity not in _STOPS)
    return Held(number, request, after, stops, told, tuple(filter(None, used.values())))


def with_facts(life: Life, facts: Facts) -> Life:
    """A dossier as it would be with these facts."""
    return replace(life, facts=facts, terms=terms_of(life.terms.convention, facts))


def ask(context: Context, life: Life, request: Request, *, by: str, lifted: Sequence[Override] = ()) -> Asked:
    """Keep a change that somebody asks for, once it is held against the rules; the same asked again is that one.

    Raises as ``hold``; NotAllowed where a rule stops it, ChangedMeanwhile.
    """
    same = pending_same(life, request)
    if same is not None:
        return Asked(int(same.key), None, already=True)
    held = hold(context, life, request, number=next_number(life), lifted=lifted)
    require_nothing_stops(held, lifted)
    body = {**request.body(), "levees": [_lifting(one) for one in held.lifted]}
    _tell(context, life, Told(FactKind.ASKED, str(held.number), body), by=by, day=request.asked_on)
    return Asked(held.number, held)


def judge(
    context: Context, life: Life, asked: Fact, word: Mapping[str, JSON], *, by: str, lifted: Sequence[Override] = ()
) -> None:
    """Keep the word on a change; a favourable one is held against the rules again. Raises as ``ask``."""
    kept = dict(word)
    if word["avis"] == FAVORABLE:
        every = (*liftings(asked), *lifted)
        held = hold(context, life, Request.of(asked), number=int(asked.key), lifted=every, word=word)
        require_nothing_stops(held, lifted)
        kept |= {"levees": [_lifting(one) for one in held.lifted], "attestations": list(held.attestations)}
    day = dt.date.fromisoformat(word["le"])
    _tell(context, life, Told(FactKind.JUDGED, asked.key, kept), by=by, day=day)


def establish(context: Context, life: Life, key: str, *, by: str) -> Established:
    """Issue the avenant of a change that was accepted, once, then again each attestation that it makes untrue.

    Taken up where it was left. Raises as ``issue``.
    """
    avenant = None
    if life.paper(PaperKind.AVENANT, key) is None:
        order = avenant_order(context, life, key)
        if order is None:
            raise HouseError(f"change {key} of {life.dossier.number} was not accepted: there is nothing to print.")
        avenant = issue(context, life, order, by=by)
    again = reissued(context, life_of(context, life.dossier.id), ATTESTATIONS, by=by)
    return Established(avenant, tuple(again))


def require_nothing_stops(held: Held, lifted: Sequence[Override]) -> None:
    """Raise NotAllowed where a rule stops a change, or where one was to be lifted that stops nothing."""
    stopping = {one.rule: one for one in held.stops}
    used = {one.rule for one in held.lifted}
    for one in lifted:
        if one.rule in stopping and not stopping[one.rule].overridable:
            raise NotAllowed(f"{one.rule} ne se lève pas : la loi ou la formation la veut ferme. Rien n’est fait.")
        if one.rule not in used:
            raise NotAllowed(f"{one.rule} n’arrête pas ce changement : il n’y a rien à lever. Rien n’est fait.")
    if held.stops:
        said = "\n".join(f"{one.rule} : {one.message}" for one in held.stops)
        free = next((one.rule for one in held.stops if one.overridable), "")
        how = f" Une personne peut lever {free} : --lift {free}, avec son motif (--reason)." if free else ""
        if _shortens(held):
            how += " Si le stage est interrompu ou prend fin avant son terme, dites-le : --motive suspension ou "
            how += "--motive fin-anticipee."
        raise NotAllowed(f"Ce changement ne peut pas être fait :\n{said}\nRien n’est écrit.{how}")


def _shortens(held: Held) -> bool:
    """Whether hours are taken away, and nobody said that the stage is interrupted or ends before its term."""
    before, after = held.after.terms.until(dt.date.min).days(held.after.programme.session), held.after.days
    fewer = before is not None and (after is None or after.total < before.total)
    return fewer and not Since(held.request.motive).shortened


def pending_same(life: Life, request: Request) -> Fact | None:
    """A change that waits for its judgement and asks for the same from the same day."""
    wanted = request.body()
    same = ("effet", "changements", "motif")
    waiting = (one for one in asked_of(life) if judged(life, one.key) is None)
    return next((one for one in waiting if all(one.body[key] == wanted[key] for key in same)), None)


def liftings(fact: Fact | None) -> tuple[Override, ...]:
    """The rules that were lifted for a change when it was asked, or judged."""
    found = fact.body.get("levees", ()) if fact else ()
    return tuple(Override(one["regle"], one["par"], one["raison"], dt.date.fromisoformat(one["le"])) for one in found)


def _facts(life: Life, number: int, request: Request, word: Mapping[str, JSON] | None) -> Facts:
    """The facts with this change, and with the word on it."""
    key, seen = str(number), life.facts.seen
    told = [one for one in life.facts.told if not (one.kind is FactKind.JUDGED and one.key == key)]
    if life.facts.last(FactKind.ASKED, key) is None:
        told.append(_fact(life, Told(FactKind.ASKED, key, request.body()), seen + 1, request.asked_on))
    if word is not None:
        day = dt.date.fromisoformat(word["le"])
        told.append(_fact(life, Told(FactKind.JUDGED, key, word), seen + 2, day))
    return Facts(tuple(told))


def _fact(life: Life, told: Told, number: int, day: dt.date) -> Fact:
    return Fact(number, life.dossier.id, told.kind, told.key, told.body, "", day, "")


def _verdicts(context: Context, life: Life, decisions: Decisions, since: Since) -> tuple[Verdict, ...]:
    checked: Record | Refused = validate_terms(
        life.data,
        life.programme,
        since,
        decisions=decisions,
        today=context.today,
        received_on=life.entry.form.received_on,
    )
    session = life.programme.session
    among = judge_among(checked, life.entry.form.sha256, decisions, context.ledger, context.law, session=session)
    return (*among.verdicts, *life_rules.verdicts(life, context.today, of_change=True))


def _same(problem: Problem, before: Sequence[Verdict]) -> bool:
    return any(
        (one.rule, one.message) == (problem.rule, problem.message) for verdict in before for one in verdict.problems
    )


def _lifting(one: Override) -> dict[str, JSON]:
    return {"regle": one.rule, "par": one.by, "raison": one.reason, "le": one.on.isoformat()}


def _tell(context: Context, life: Life, told: Told, *, by: str, day: dt.date) -> None:
    done = context.ledger.life.tell(
        life.dossier.id, [told], by=by, day=day, seen=life.facts.seen, form=life.entry.form.sha256
    )
    if not done:
        raise ChangedMeanwhile(
            f"Quelqu’un vient de changer le dossier {life.dossier.number} : rien n’est écrit. Regardez-le de nouveau "
            f"(« liasse dossier show {life.dossier.number} »), puis recommencez."
        )
    passing("told")
