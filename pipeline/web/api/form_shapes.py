"""Shapes of forms: where one has got, what was read, what was found, what was decided."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from pipeline.web.api.common_shapes import Code, Id, Links, Moment, Number, Path, Sha256, Shape


class Accord(Shape):
    """An accord pédagogique that was given."""

    decision: Literal["favorable", "defavorable"]
    date: str
    by: str
    reason: str = ""


class Override(Shape):
    """A rule that somebody lifted."""

    rule: Annotated[str, Field(examples=["S2-01"])]
    by: str
    reason: str
    on: str


class Confirmation(Shape):
    """A value that somebody settled; values are those of the record, ``•••`` for private ones."""

    field: Path
    before: Any
    after: Any
    by: str
    on: str


class Decisions(Shape):
    """What people decided of a form; the last word on a thing counts."""

    accord: Accord | None = None
    overrides: list[Override] = Field(default_factory=list)
    confirmations: list[Confirmation] = Field(default_factory=list)


class FormBrief(Shape):
    """A form as it is listed."""

    id: Id
    sha256: Sha256
    state: Annotated[str, Field(description="One of the states of forms.", examples=["en-attente"])]
    received_on: str
    formation: Code | None
    version: int
    packet: Annotated[str | None, Field(description="Id of its packet.")]
    links: Links


class Form(FormBrief):
    """A form. ``limited``: you sent it, and nothing more is told before its formation is known to be yours."""

    limited: bool = False
    dossier: str | None = None
    number: Number = ""
    name: Annotated[str, Field(description="Of the file, as its sender called it.")] = ""
    stagiaire: str | None = None
    detail: Annotated[list[str], Field(description="What it waits for, in French.")] = Field(default_factory=list)
    replaces: Annotated[str | None, Field(description="Hash of the form that it replaces.")] = None
    decisions: Decisions = Decisions()


class Deposited(Shape):
    """A form that was taken in, durably; it is read behind."""

    form: Form
    again: Annotated[bool, Field(description="The same key came before: nothing was done twice.")]
    known: Annotated[bool, Field(description="The same bytes had come before: it is that form.")]


class Decided(Shape):
    """The form after a decision; ``already`` says who had decided the same: then nothing was written."""

    form: Form
    already: str = ""


class ReadField(Shape):
    """One value as read: where, how, how surely; ``doubt``: why a person must look, in French."""

    path: Path
    label: str
    value: Any
    raw: str
    page: int | None
    box: Annotated[list[float] | None, Field(description="x0, top, x1, bottom, in points from the top left.")]
    method: str
    confidence: Annotated[float, Field(ge=0, le=1)]
    doubt: str | None
    who: Annotated[str | None, Field(description="Who settles the doubt.")]


class Reading(Shape):
    """What was read, with what people settled. ``record`` holds the values without a doubt, by the French schema."""

    form: Id
    kind: Annotated[str, Field(examples=["acroform"])]
    layout: str | None
    formation: Code | None
    session: str | None
    record: dict[str, Any]
    fields: list[ReadField]


class Finding(Shape):
    """What a rule says: which, what is wrong and what to do (French), who can act."""

    rule: Annotated[str, Field(examples=["S2-01"])]
    severity: Literal["blocking", "draft", "warning", "info"]
    field: Path | None
    message: str
    who: Annotated[str, Field(examples=["stagiaire"])]
    source: str = ""
    overridable: bool = False
    lifted: bool = False


class DoubtToSettle(Shape):
    """A doubt that ``confirmations`` settles."""

    field: Path
    code: str
    why: str
    who: str
    seen: list[str]
    proposed: str | None
    page: int | None


class Change(Shape):
    """What a new version changes."""

    field: Path
    before: Any
    after: Any


class Findings(Shape):
    """All that keeps a form from its packet, or is to be known. ``next_step`` says what to do, in French."""

    form: Id
    state: str
    refusal: str = ""
    unplaced: Annotated[str, Field(description="Why its formation is not known.")] = ""
    judged_on: str | None = None
    findings: list[Finding] = Field(default_factory=list)
    doubts: list[DoubtToSettle] = Field(default_factory=list)
    changes: list[Change] | None = None
    next_step: str = ""


class Event(Shape):
    """One line of the journal."""

    number: int
    at: Moment
    actor: str
    form: Id
    event: str
    detail: str


class Journal(Shape):
    """Who did what, the oldest first."""

    lines: list[Event]
