"""Makers of papers by kind, and the papers made again where what they say has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

from pipeline.core.life import PaperKind
from pipeline.dossier.context import Context
from pipeline.dossier.life.attestations import attestation_order
from pipeline.dossier.life.holding import Life
from pipeline.dossier.life.issuing import Issued, Order, issue
from pipeline.ledger.journal import MACHINE

Maker = Callable[[Context, Life, str], Order | None]
ATTESTATIONS = (PaperKind.PRESENCE, PaperKind.COMPLETION, PaperKind.END)
MAKERS: Mapping[PaperKind, Maker] = {kind: partial(attestation_order, kind) for kind in ATTESTATIONS}


def reissued(context: Context, life: Life, kinds: Collection[PaperKind], *, by: str = MACHINE) -> list[Issued]:
    """Issue again each paper of these kinds that counts and says what is no longer so; the others stay as they are.

    One of which something is not known any more waits, and is due (``due.py``). Raises as ``issue``.
    """
    orders = [MAKERS[one.kind](context, life, one.key) for one in life.papers if one.counts and one.kind in kinds]
    made = [issue(context, life, order, by=by) for order in orders if order is not None]
    return [one for one in made if not one.already]
