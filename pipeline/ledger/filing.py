"""Filing of a returned paper: it joins its dossier and tells it what it says, in the transaction that ends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.core.life import Told
from pipeline.ledger import membership
from pipeline.ledger.journal import MACHINE
from pipeline.ledger.life_book import seen_of, write_facts


@dataclass(frozen=True)
class Filing:
    """The dossier in which a paper is filed, what it tells of it on which day, the last fact that was seen there."""

    dossier: str
    told: Sequence[Told]
    day: dt.date
    seen: int


def file_paper(connection: sa.Connection, sha256: str, filing: Filing) -> bool:
    """Have a form join a dossier, and tell what it says; ``False``, and nothing, where a fact was told meanwhile."""
    if seen_of(connection, filing.dossier) != filing.seen:
        return False
    own = membership.dossier_of(connection, sha256)
    if own != filing.dossier:
        membership.move_forms(connection, [sha256], own, filing.dossier, by=MACHINE, reason="")
    write_facts(connection, filing.dossier, filing.told, by=MACHINE, day=filing.day, form=sha256)
    return True
