"""Decisions on a form, each resting on what was seen: the form's ETag in If-Match, else 428; changed since, 412."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Header
from pydantic import Field
from starlette.responses import Response

from pipeline.core.errors import InvalidRequest
from pipeline.core.visitors import Right
from pipeline.ledger.decision_book import Seen
from pipeline.ledger.entries import Entry
from pipeline.ledger.journal import MACHINE
from pipeline.services.approvals import approve, confirm, override, seen_now
from pipeline.services.handling import Handled, discard, reopen, retry
from pipeline.services.reaching import reach_form
from pipeline.web.api import form_answers, form_shapes
from pipeline.web.api.api_doors import Doors, etag_of, require_match, told
from pipeline.web.api.common_shapes import Path, Shape
from pipeline.web.api.form_routes import FormId
from pipeline.web.visits import Correcting, Judging, Visit

doors = Doors("decisions")
_TOKEN = "jeton:"  # noqa: S105 -- begins the actor of a program
_WRONG = ("not-allowed-now", "changed-meanwhile", "precondition-failed", "precondition-required", "invalid")
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=500,
        description="The ETag of `GET /forms/{id}`; `*` for whoever looked at nothing.",
    ),
]
Who = Annotated[
    str,
    Field(
        max_length=60,
        description="Who decides. Needed of a token, whose label is noted too; an account decides in its own name.",
        examples=["F. GARÇON"],
    ),
]
Why = Annotated[str, Field(max_length=500, examples=["accord de la direction"])]


class By(Shape):
    """Who asks."""

    by: Who = ""


class Reasoned(By):
    """Who asks, and why."""

    reason: Why


class AccordAsked(By):
    """The accord pédagogique; a reason is needed where it is refused."""

    decision: Literal["favorable", "defavorable"]
    date: Annotated[dt.date | None, Field(description="The day it was given; today without.")] = None
    reason: Why = ""


class Settled(Shape):
    """A field and its right value, in French spellings; no value: as it was read; null: nothing was answered."""

    field: Path
    value: Annotated[str | None, Field(max_length=5000)] = None


class ConfirmationAsked(By):
    """Values that a person settles. ``everything_as_read``: they looked at every doubt, and the rest is as read."""

    values: Annotated[list[Settled], Field(max_length=500)] = Field(default_factory=list)
    everything_as_read: bool = False


class OverrideAsked(Reasoned):
    """The rule that is lifted."""

    rule: Annotated[str, Field(max_length=40, examples=["S2-01"])]


class RetryAsked(By):
    """``letter``: what is wrong in its packet or projet is asked of its sender."""

    letter: bool = False


@doors.act("/forms/{id}/accord", form_shapes.Decided, Right.JUDGE, *_WRONG)
def give_accord(visit: Judging, identity: FormId, asked: AccordAsked, if_match: IfMatch = "") -> Response:
    """Give the accord pédagogique, or refuse it; a packet that waited for it follows."""
    entry, seen = _matched(visit, Right.JUDGE, identity, if_match)
    made = approve(
        visit.context,
        entry.form.sha256,
        by=author_of(visit, asked.by),
        on=asked.date,
        refuse=asked.decision == "defavorable",
        reason=asked.reason,
        seen=seen,
    )
    return _after(visit, made.entry, made.already)


@doors.act("/forms/{id}/confirmations", form_shapes.Decided, Right.CORRECT, *_WRONG)
def settle_values(visit: Correcting, identity: FormId, asked: ConfirmationAsked, if_match: IfMatch = "") -> Response:
    """Settle doubtful values, all or none; a correction is checked as on the page."""
    entry, seen = _matched(visit, Right.CORRECT, identity, if_match)
    if not asked.values and not asked.everything_as_read:
        raise InvalidRequest("Rien n’est fait : aucune valeur n’est donnée.")
    made = confirm(
        visit.context,
        entry.form.sha256,
        [_word(one) for one in asked.values],
        by=author_of(visit, asked.by),
        everything_as_read=asked.everything_as_read,
        seen=seen,
    )
    return _after(visit, made.entry, made.already)


@doors.act("/forms/{id}/overrides", form_shapes.Decided, Right.CORRECT, *_WRONG)
def lift_rule(visit: Correcting, identity: FormId, asked: OverrideAsked, if_match: IfMatch = "") -> Response:
    """Lift a rule that blocks a form, where its formation lets a person do so, with the reason."""
    entry, seen = _matched(visit, Right.CORRECT, identity, if_match)
    made = override(
        visit.context,
        entry.form.sha256,
        asked.rule,
        by=author_of(visit, asked.by),
        reason=asked.reason,
        seen=seen,
    )
    return _after(visit, made.entry, made.already)


@doors.act("/forms/{id}/retry", form_shapes.Decided, Right.CORRECT, *_WRONG)
def try_again(visit: Correcting, identity: FormId, asked: RetryAsked, if_match: IfMatch = "") -> Response:
    """Have a form walked again, with today's reader and settings."""
    return _handled(
        visit,
        identity,
        if_match,
        lambda word: retry(visit.context, word, by=author_of(visit, asked.by), letter=asked.letter),
    )


@doors.act("/forms/{id}/discard", form_shapes.Decided, Right.CORRECT, *_WRONG)
def put_away(visit: Correcting, identity: FormId, asked: Reasoned, if_match: IfMatch = "") -> Response:
    """Put a form away that needs no packet."""
    by, reason = author_of(visit, asked.by), asked.reason
    return _handled(visit, identity, if_match, lambda word: discard(visit.context, word, by=by, reason=reason))


@doors.act("/forms/{id}/reopen", form_shapes.Decided, Right.CORRECT, *_WRONG)
def take_up_again(visit: Correcting, identity: FormId, asked: By, if_match: IfMatch = "") -> Response:
    """Take a form up again that was put away."""
    return _handled(
        visit, identity, if_match, lambda word: reopen(visit.context, word, by=author_of(visit, asked.by))
    )


def _handled(visit: Visit, identity: str, if_match: str, handle: Callable[[str], Handled]) -> Response:
    entry, _ = _matched(visit, Right.CORRECT, identity, if_match)
    made = handle(entry.form.sha256)
    return _after(visit, made.entry, made.already)


def _matched(visit: Visit, right: Right, identity: str, said: str) -> tuple[Entry, Seen]:
    """The form that is decided on, as whoever decides saw it; raises Trouble 428 or 412, with what changed."""
    entry = reach_form(visit.visitor, right, identity, visit.ledger)
    seen = seen_now(entry, visit.context)
    acted = [one for one in visit.ledger.journal(entry.form.sha256) if one.actor != MACHINE and one.event != "vu"]
    now = {
        "state": entry.state.value,
        "last_event": acted[-1].event if acted else None,
        "by": acted[-1].actor if acted else None,
        "at": acted[-1].at if acted else None,
    }
    require_match(said, etag_of(form_answers.form(entry, visit.context)), now)
    return entry, seen


def author_of(visit: Visit, said: str) -> str:
    """Whose name a decision bears: the account's; of a token the person whom it names, with its label."""
    visitor = visit.visitor
    if visitor.actor.startswith(_TOKEN):
        if not said.strip():
            raise InvalidRequest("Rien n’est fait : dites qui décide (« by ») ; un jeton n’est personne.")
        return f"{said} (par {visitor.name[:30]})"
    if said and said != visitor.name:
        raise InvalidRequest(f"Rien n’est fait : ce compte décide au nom de {visitor.name}, et de personne d’autre.")
    return visitor.name


def _word(one: Settled) -> str:
    if "value" not in one.model_fields_set:
        return one.field
    return f"{one.field}={'' if one.value is None else one.value.replace(chr(10), chr(92) + 'n')}"


def _after(visit: Visit, entry: Entry, already: str) -> Response:
    now = visit.ledger.entries.get(entry.form.sha256)
    form = form_answers.form(now, visit.context)
    body = form_shapes.Decided(form=form, already=already)
    answer = told(visit.request, body)
    answer.headers["ETag"] = etag_of(form)
    return answer
