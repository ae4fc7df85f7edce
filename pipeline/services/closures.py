"""Use cases of closing: a dossier closed once all that is asked is there, or by a person's word; opened again."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.core.errors import ChangedMeanwhile, NotAllowed
from pipeline.core.french import written_day
from pipeline.core.life import FactKind, Told
from pipeline.dossier.context import Context
from pipeline.dossier.life.closing import missing
from pipeline.dossier.life.holding import Life
from pipeline.services.authors import author, motive
from pipeline.services.life_seen import life_as_seen
from pipeline.storage.kill_points import passing


@dataclass(frozen=True)
class Closure:
    """A dossier as it was closed or opened again: what is missing all the same, who had done so before."""

    number: str
    missing: tuple[str, ...] = ()
    already: str = ""


def close(context: Context, word: str, *, by: str, reason: str = "", seen: int | None = None) -> Closure:
    """Close a dossier; with a ``reason`` also an incomplete one, which is kept with what is missing.

    ``seen`` is as ``life_as_seen`` has it.
    Raises NotAllowed, with each thing that is missing and what to do, where no reason is given; ChangedMeanwhile,
    NotFound, Ambiguous.
    """
    by, reason = author(by), motive(reason) if reason else ""
    life = life_as_seen(context, word, seen)
    number, closed = life.dossier.number, life.facts.closed
    if closed:
        told = f"{number} : déjà clos par {closed.by} le {written_day(closed.at)}"
        return Closure(number, tuple(closed.body["manque"]), told)
    left = missing(life, context.today)
    if left and not reason:
        listed = "\n".join(f"– {one}" for one in left)
        raise NotAllowed(
            f"Le dossier {number} n’est pas complet, il n’est pas clos. Il manque :\n{listed}\n"
            f"Pour le clore malgré tout : liasse close {number} --by NOM --reason MOTIF"
        )
    _tell(context, life, {"complet": not left, "manque": list(left), "raison": reason}, by=by)
    return Closure(number, left)


def reopen(context: Context, word: str, *, by: str, reason: str, seen: int | None = None) -> Closure:
    """Open a closed dossier again: facts and papers can be added; raises NotAllowed for one that is open."""
    by, reason = author(by), motive(reason)
    life = life_as_seen(context, word, seen)
    if not life.facts.closed:
        raise NotAllowed(f"Le dossier {life.dossier.number} n’est pas clos : il n’y a rien à rouvrir.")
    _tell(context, life, {"complet": False, "manque": [], "raison": reason, "rouvert": True}, by=by)
    return Closure(life.dossier.number)


def _tell(context: Context, life: Life, body: dict[str, object], *, by: str) -> None:
    told = [Told(FactKind.CLOSED, "", body)]
    facts, form = life.facts.seen, life.entry.form.sha256
    if not context.ledger.life.tell(life.dossier.id, told, by=by, day=context.today, seen=facts, form=form):
        raise ChangedMeanwhile(
            f"Quelqu’un vient de changer le dossier {life.dossier.number} : rien n’est fait. Recommencez."
        )
    passing("told")
