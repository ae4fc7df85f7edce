"""Shapes of what is told or asked of a dossier's life. Who says it is ``by``, as of decisions."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from pipeline.web.api.common_shapes import Shape
from pipeline.web.api.decision_routes import By, Reasoned, Why

FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
Day = Annotated[dt.date, Field(ge=FIRST, le=LAST, examples=["2025-03-28"])]
Rule = Annotated[str, Field(max_length=40, examples=["S2-01"])]
Lifts = Annotated[list[Rule], Field(max_length=50, description="Rules that are lifted, for the reason given.")]


class SignatureTold(By):
    """A paper was signed on a day, by these roles (none named: all who have not)."""

    paper: Annotated[str, Field(max_length=100, description="`name` of `to_sign`.", examples=["convention"])]
    on: Annotated[Day, Field(description="The day that is written by the signature.")]
    roles: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = Field(default_factory=list)
    correct: Annotated[bool, Field(description="The day that was said before was wrong.")] = False


class FieldChange(Shape):
    """A field and its new value, in French spellings; a list takes lines (`+=`) and gives them up (`-=`)."""

    field: Annotated[str, Field(pattern="^[a-z_.]{1,100}$", examples=["stage.date_fin"])]
    how: Literal["=", "+=", "-="] = "="
    value: Annotated[str, Field(max_length=5000, examples=["16/05/2025"])]


class ChangeAsked(Reasoned):
    """A change of the convention from a day on. ``dry_run``: shown with what the rules say, and nothing kept."""

    values: Annotated[list[FieldChange], Field(min_length=1, max_length=100)]
    effect_on: Day
    on: Annotated[Day | None, Field(description="The day it was asked; today without.")] = None
    motive: Annotated[str, Field(max_length=40, examples=["fin-anticipee"])] = ""
    lifts: Lifts = Field(default_factory=list)
    dry_run: bool = False


class JudgementGiven(By):
    """The word of the référent on a change; a reason where it is refused, or where another gives it."""

    judgement: Literal["favorable", "defavorable"]
    on: Annotated[Day | None, Field(description="The day it was given; today without.")] = None
    reason: Why = ""
    lifts: Lifts = Field(default_factory=list)


class DayTold(Shape):
    """What a day was: P, A, J, M, C, F, or - ; P/M the morning then the afternoon; 3h30 the hours that were done."""

    day: Day
    was: Annotated[str, Field(max_length=10, examples=["P", "P/M", "3h30"])]


class PresenceTold(By):
    """What days were."""

    days: Annotated[list[DayTold], Field(min_length=1, max_length=400)]


class AttestationsAsked(By):
    """Which are issued: of a month, of the end, the certificat; none named: all that are due.

    ``present_as_planned``: days that nobody spoke of were as planned. ``paid``: euros of the gratification.
    """

    month: Annotated[str, Field(max_length=10, examples=["2025-04"])] = ""
    end: bool = False
    completion: bool = False
    present_as_planned: bool = False
    paid: Annotated[str, Field(max_length=20, examples=["2520,50"])] = ""
    paid_as_agreed: bool = False


class MidTermTold(By):
    """The bilan à mi-parcours took place, and what was said there."""

    on: Day
    text: Annotated[str, Field(max_length=2000, examples=["Projet engagé, DPP commencé."])]


class InvitationsAsked(By):
    """Of a formation: of which session; the last without."""

    session: Annotated[str | None, Field(max_length=20, examples=["2024-2025"])] = None


class ClosingAsked(By):
    """A reason closes it although something is missing."""

    reason: Why = ""
