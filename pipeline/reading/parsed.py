"""Parse results: a canonical value, or why a person must look; and texts quoted in messages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parsed:
    """A canonical value (or ``None``) and, if a person must look, why in French."""

    value: object
    doubt: str | None = None


def excerpt(text: str, most: int = 60) -> str:
    """The text, or its beginning and « … »: at most so many letters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def unreadable(text: str, why: str) -> Parsed:
    """No value, and the doubt « text » why."""
    return Parsed(None, f"« {excerpt(text)} » {why}")
