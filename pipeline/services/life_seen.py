"""Lookup of a dossier's life by whoever looked at it before: what was told since is not passed over."""

from __future__ import annotations

from pipeline.core.errors import ChangedMeanwhile
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import Life, life_of
from pipeline.services.lookup import find_dossier


def life_meant(context: Context, word: str, seen: int | None = None) -> Life:
    """The life of the dossier that a word means; ``seen`` is the number of the last fact that was seen (none: any).

    Raises NotFound, Ambiguous; NotAllowed before its packet; ChangedMeanwhile where something was told since.
    """
    life = life_of(context, find_dossier(context.ledger, word))
    if seen is not None and life.facts.seen != seen:
        raise ChangedMeanwhile(
            f"Quelqu’un vient de changer le dossier {life.dossier.number} : rien n’est fait. Regardez-le de nouveau."
        )
    return life
