"""Shapes of a dossier's life: what is signed, issued, changed, attended, missing and due."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.web.api.common_shapes import IllFormation, Links, Moment, Number, Path, Shape
from pipeline.web.api.dossier_shapes import PacketFile

Day = Annotated[str, Field(description="YYYY-MM-DD.", examples=["2025-03-28"])]
Hours = Annotated[str, Field(description="Hours, exact.", examples=["45.5"])]
Paper = Annotated[str, Field(description="What people type for it.", examples=["convention", "avenant-1"])]
Judgement = Literal["favorable", "defavorable"]


class Party(Shape):
    """Who signs a paper; ``signed_on`` null: nobody said so yet."""

    role: Annotated[str, Field(examples=["stagiaire"])]
    title: str
    name: str
    signed_on: Day | None
    told_by: str | None


class ToSign(Shape):
    """A paper that is signed; ``paper``: its id, null for what is of the packet. ``whole``: signed by all."""

    name: Paper
    paper: str | None
    day: Annotated[str, Field(description="Of edition: nobody signed before.")]
    parties: list[Party]
    whole: bool


class PaperBrief(Shape):
    """One version of a paper of the life; ``counts``: it is the one that holds."""

    id: Annotated[str, Field(examples=["0a1b2c3d4e5f6071"])]
    name: Paper
    kind: Annotated[str, Field(examples=["avenant"])]
    key: Annotated[str, Field(description="Of which month or number; empty for the whole.", examples=["2025-04"])]
    version: int
    state: Annotated[str, Field(examples=["en-cours"])]
    counts: bool
    day: Day
    made_at: Moment
    replaces: str | None
    links: Links


class PaperWhole(PaperBrief):
    """A paper with its files; ``there``: they are in the outbox."""

    there: bool
    files: list[PacketFile]


class Change(Shape):
    """A change that was asked; ``where`` says in French where it has got, ``waits`` whether something is to do."""

    number: int
    effect_on: Day
    motive: str
    judgement: Judgement | None
    where: str
    waits: bool


class Month(Shape):
    """A month of presence; ``unknown``: the days that nobody confirmed."""

    month: Annotated[str, Field(examples=["2025-04"])]
    planned: Hours
    present: Hours
    counted: Annotated[str, Field(description="For the duration: with leave that counts.")]
    unknown: list[Day]


class Clash(Shape):
    """A day on which a sheet, a person and the plan do not agree."""

    day: Day
    why: str


class Presence(Shape):
    """How the days went, month by month; clashes are settled by saying the day again."""

    months: list[Month]
    clashes: list[Clash]


class Alarm(Shape):
    """A signature that is missing when the first day comes."""

    says: str
    command: str


class Closed(Shape):
    """The word that closed a dossier."""

    by: str
    at: Moment
    complete: bool
    missing: list[str]
    reason: str


class MidTermNoted(Shape):
    """The bilan à mi-parcours that took place."""

    on: Day
    text: str
    by: str


class Life(Shape):
    """A dossier after its packet, as of today. Its ETag is what is told or decided of it rests on (If-Match)."""

    dossier: str
    number: Number
    revision: Annotated[int, Field(description="Of the last thing that was told of it; 0 for nothing.")]
    closed: Closed | None
    to_sign: list[ToSign]
    papers: list[PaperBrief]
    changes: list[Change]
    presence: Presence | None
    presence_why: Annotated[str, Field(description="Why there is none.")]
    mid_term: MidTermNoted | None
    missing: Annotated[list[str], Field(description="What keeps it from being closed, in French.")]
    alarms: list[Alarm]
    links: Links


class DueLine(Shape):
    """One thing to do; ``ready``: nothing is left for a person to say."""

    dossier: str
    number: Number
    stagiaire: str
    kind: Annotated[str, Field(examples=["bilan à mi-parcours"])]
    key: str
    since: Day
    what: str
    command: Annotated[str, Field(description="Of the command line, whole.")]
    ready: bool
    links: Links


class DueList(Shape):
    """What is to be done on a day, the most pressing first; ``summary`` counts it in French.

    ``problems``: formations that cannot be followed, of whose dossiers nothing is in the list.
    """

    day: Day
    summary: str
    due: list[DueLine]
    problems: list[IllFormation]


class Signed(Shape):
    """What was noted of a paper: who signed it by this word, who is missing, what had been said, what to look at."""

    paper: Paper
    signed: list[str]
    missing: list[str]
    already: list[str]
    warnings: list[str]


class SignedKept(Signed):
    """The same of a paper that was sent: ``kept`` is the file's name; ``again``: under the same key, kept before."""

    kept: str
    again: bool


class Line(Shape):
    """What a change makes of one line of an article."""

    label: str
    before: str
    after: str


class Article(Shape):
    """What it changes at one place of the convention."""

    place: str
    lines: list[Line]


class RuleWord(Shape):
    """What a rule says of it."""

    rule: str
    severity: str
    field: Path | None
    message: str
    overridable: bool


class ChangeShown(Shape):
    """A change as it is asked; ``stopped``: of a trial, a rule would refuse it. ``kept`` is false for a trial."""

    number: int
    effect_on: Day
    judge: Annotated[str, Field(description="Who gives the word on it.")]
    kept: bool
    stopped: bool
    already: bool
    articles: list[Article]
    rules: list[RuleWord]


class ChangeJudged(Shape):
    """What became of a judgement: the avenant to sign, the attestations that were issued again."""

    number: int
    judgement: Judgement
    paper: PaperBrief | None
    again: list[PaperBrief]
    already: str


class DayKnown(Shape):
    """A day as it is known now."""

    day: Day
    planned: Hours
    present: Hours | None
    source: str


class PresenceNoted(Shape):
    """The days that were told, as they stand; attestations issued again for them; what a person should know."""

    days: list[DayKnown]
    issued: list[PaperBrief]
    remarks: list[str]


class Attested(Shape):
    """Attestations that count now, and what a person should know, in French."""

    issued: list[PaperBrief]
    remarks: list[str]


class MidTerm(Shape):
    """Whether it is new: the same that was noted before is noted once."""

    new: bool


class Invited(Shape):
    """One person invited; its draft is in ``outbox/courrier``. ``addressed`` false: the address is to be written."""

    number: Number
    role: str
    draft: str
    addressed: bool


class Invitations(Shape):
    """Those that were laid ready by this word; who had one as it stands got no other."""

    invited: list[Invited]


class Closure(Shape):
    """A dossier that was closed or opened again; what is missing all the same; who had done so before."""

    closed: bool
    missing: list[str]
    already: str
