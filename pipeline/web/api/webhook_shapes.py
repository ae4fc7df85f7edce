"""Shapes of webhooks: what is asked, what is told, the calls."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.web.api.common_shapes import Links, Moment, Shape


class WebhookAsked(Shape):
    """Where to call; of which events (none named: all), in which formations (none named: the token's)."""

    url: Annotated[str, Field(max_length=500, examples=["https://ent.example.org/liasse"])]
    events: Annotated[list[str], Field(max_length=50, examples=[["packet.delivered", "form.waiting"]])] = Field(
        default_factory=list
    )
    formations: Annotated[list[str], Field(max_length=100)] = Field(default_factory=list)


class Webhook(Shape):
    """A webhook; ``formations`` null: all. ``waiting``: calls that are to be made."""

    id: str
    url: str
    events: list[str]
    formations: list[str] | None
    made_at: Moment
    made_by: str
    links: Links


class WebhookMade(Webhook):
    """A new webhook with its secret, which is told once: it signs the calls."""

    secret: str


class Webhooks(Shape):
    """The webhooks that the caller may see, and the events that there are."""

    webhooks: list[Webhook]
    events: list[str]


class Call(Shape):
    """One call: the event, how far it got, what came of the last attempt (a status, or a word in French)."""

    id: str
    number: int
    event: str
    state: Literal["a-faire", "faite", "abandonnee"]
    attempts: int
    said: str
    at: Moment
    next_attempt: Moment | None
    body: Annotated[str, Field(description="The bytes that are signed and sent.")]


class Calls(Shape):
    """The calls of a webhook, the newest first; ``next``: the number below which to go on."""

    calls: list[Call]
    next: int | None
