"""Shapes of answers, common ones. Keys are English; what they hold of the law and of a form is its French data."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[
    str, Field(description="The first eight digits of the SHA-256: what people type.", examples=["3f2a91c0"])
]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="Hash of the bytes that were received.")]
Number = Annotated[str, Field(description="What a registrar says aloud; empty for none.", examples=["2025-014"])]
Moment = Annotated[str, Field(description="ISO 8601, UTC.", examples=["2025-03-17T09:12:44+00:00"])]
Code = Annotated[str, Field(description="Of a formation.", examples=["coordination-essms"])]
Path = Annotated[str, Field(description="Path of a field, as in the record.", examples=["organisme.siret"])]


class Shape(BaseModel):
    """What every answer is: frozen, and nothing that the document does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Links(Shape):
    """Addresses of what belongs to it; those that there are."""

    self: str
    dossier: str | None = None
    form: str | None = None
    reading: str | None = None
    findings: str | None = None
    file: str | None = None
    packet: str | None = None
    journal: str | None = None
    zip: str | None = None
    calls: str | None = None
    life: str | None = None
    archive: str | None = None


class Fault(Shape):
    """A parameter that is wrong."""

    in_: Annotated[str, Field(alias="in", examples=["query"])]
    name: Annotated[str, Field(examples=["limit"])]
    code: Annotated[str, Field(examples=["int_parsing"])]
    detail: str


class Problem(BaseModel):
    """An error (RFC 9457). ``code`` is stable; ``title`` and ``detail`` are in the caller's language."""

    model_config = ConfigDict(extra="allow")
    type: Annotated[str, Field(examples=["urn:liasse:problem:not-found"])]
    code: Annotated[str, Field(examples=["not-found"])]
    status: Annotated[int, Field(ge=400, le=599)]
    title: str
    detail: str
    detail_fr: Annotated[str | None, Field(description="The precise sentence, for who asked for English.")] = None
    faults: list[Fault] | None = None
    now: Annotated[
        dict[str, Any] | None,
        Field(description="Of 412 and 428: where it has got; its ETag is a header."),
    ] = None


class IllFormation(Shape):
    """A formation that cannot be followed until its files are mended: its dossiers are left out, or told less of."""

    code: Annotated[str, Field(description="Of the kind of problem.", examples=["formation-ill"])]
    formation: Annotated[str | None, Field(description="null: what all formations share.")]
    detail: Annotated[str, Field(description="In the caller's language.")]


class Health(Shape):
    """The version that answers, and whether it can work."""

    version: str
    api: str = "1"
    ready: bool
    scopes: Annotated[list[str], Field(description="What the caller may do.")]
    formations: Annotated[list[str] | None, Field(description="Where; null: in all of them.")]
