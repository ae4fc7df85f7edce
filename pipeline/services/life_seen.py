"""Stale looks: a dossier's life taken in hand only if nothing was told of it since the person who acts looked."""

from __future__ import annotations

from pipeline.core.errors import ChangedMeanwhile
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life, life_of
from pipeline.services.lookup import find_dossier


def life_as_seen(context: Context, word: str, seen: int | None = None) -> Life:
    """The life of a dossier; ``seen`` is the number of the last fact that the person was shown, if that is known.

    Raises NotFound, Ambiguous, NotAllowed as ``life_of``; ChangedMeanwhile where something was told since.
    """
    life = life_of(context, find_dossier(context.ledger, word))
    if seen is not None and seen != life.facts.seen:
        by = life.facts.told[-1].by if life.facts.told else "quelqu’un"
        raise ChangedMeanwhile(
            f"Rien n’est noté : {by} a changé le dossier {life.dossier.number} depuis que vous le regardez. "
            "Que faire : relisez ce qui est montré maintenant, puis recommencez."
        )
    return life
