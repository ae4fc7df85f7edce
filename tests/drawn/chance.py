"""Random numbers of drawn forms: the same marks give the same draws, on every machine and version of Python."""

from __future__ import annotations

import random


def chance_of(*marks: object) -> random.Random:
    """A generator seeded by words and numbers."""
    return random.Random("-".join(map(str, marks)))  # noqa: S311 -- nothing secret is drawn


def happens(chance: random.Random, likely: float) -> bool:
    """Whether something happens that does so with this probability."""
    return chance.random() < likely
