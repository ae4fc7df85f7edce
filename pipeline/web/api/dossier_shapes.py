"""Shapes of dossiers, packets, formations and cohorts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipeline.web.api.common_shapes import Code, IllFormation, Links, Moment, Number, Sha256, Shape
from pipeline.web.api.form_shapes import FormBrief


class PacketFile(Shape):
    """A file of a packet; its ETag is its hash."""

    name: Annotated[str, Field(examples=["liasse.pdf"])]
    size: Annotated[int, Field(description="Bytes.")]
    sha256: Sha256
    media: str
    url: str


class PacketBrief(Shape):
    """A packet (liasse) as it is listed."""

    id: Annotated[str, Field(examples=["0a1b2c3d4e5f6071"])]
    state: Annotated[str, Field(examples=["en-cours"])]
    day: Annotated[str, Field(description="Of edition, as printed.")]
    made_at: Moment
    pages: int | None
    signatures: int | None
    fetched_at: Moment | None
    fetched_by: str | None
    links: Links


class Packet(PacketBrief):
    """A packet with its files; ``missing``: why it is a projet. ``there``: its files are in the outbox."""

    there: bool
    missing: list[str]
    files: list[PacketFile]


class Fetched(Shape):
    """A packet that was noted as taken; ``already`` says by whom it had been."""

    packet: Packet
    already: str = ""


class DossierBrief(Shape):
    """An internship as it is listed."""

    id: str
    number: Number
    state: Annotated[str, Field(description="In the words of the scolarité.", examples=["à signer"])]
    opened_on: str
    changed_at: Moment
    formation: Code | None
    session: str | None
    stagiaire: str | None
    organisme: str | None
    starts: str | None
    ends: str | None
    links: Links


class DossierList(Shape):
    """Some dossiers. ``next`` is the cursor of the next page, null at the end; a page may be short before it."""

    dossiers: list[DossierBrief]
    next: str | None


class Move(Shape):
    """A form that went from one dossier to another."""

    form: str
    left: Number
    joined: Number
    by: str
    reason: str
    at: Moment


class Dossier(DossierBrief):
    """An internship with all that hangs on it."""

    forms: list[FormBrief]
    packets: list[PacketBrief]
    moves: list[Move]


class SessionOf(Shape):
    """One year's run of a formation."""

    year: Annotated[str, Field(examples=["2024-2025"])]
    starts: str | None
    ends: str | None


class Formation(Shape):
    """A formation and its sessions."""

    code: Code
    title: str
    accord: Annotated[bool, Field(description="Whether a packet waits for the accord pédagogique.")]
    sessions: list[SessionOf]


class Formations(Shape):
    """The formations that the caller reaches; ``problems``: those that cannot be followed."""

    formations: list[Formation]
    problems: list[IllFormation]


class Waiting(Shape):
    """A form that has no packet to be signed, and why; ``todo`` is for the scolarité, in French."""

    form: str
    number: Number
    state: str
    formation: str
    session: str
    stagiaire: str
    organisme: str
    starts: str | None
    rules: list[str]
    who: list[str]
    todo: str


class CohortNote(Shape):
    """What only shows when forms are laid side by side."""

    form: str
    rule: str
    title: str
    severity: str
    message: str


class Bilan(Shape):
    """Where the cohort is, on a day; ``problems``: formations that cannot be followed, whose lines tell less."""

    day: str
    by_state: dict[str, int]
    waiting: list[Waiting]
    notes: list[CohortNote]
    problems: list[IllFormation]
