"""Use case: a value tried before it is kept: how it would be written, and what the rules would say of it then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.core.errors import FormRejected, RequestRefused
from pipeline.core.models import Problem, Severity
from pipeline.dossier.context import Context, as_read
from pipeline.forms.spelling import written
from pipeline.ledger.entries import Entry
from pipeline.services.approvals import checked_now
from pipeline.services.confirmation import settle

_BY = "à l’essai"


@dataclass(frozen=True)
class Tried:
    """What became of a value that was typed: as it would be kept (French), or why not; what rules say of it."""

    lines: tuple[str, ...] = ()
    refused: str = ""
    problems: Sequence[Problem] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing stands against it."""
        return not self.refused and not any(one.severity is Severity.BLOCKING for one in self.problems)


def try_value(context: Context, entry: Entry, path: str, text: str) -> Tried:
    """Check a value by the rules that will check it once it is kept; nothing is kept."""
    word = f"{path}={text.strip()}" if text.strip() else f"{path}="
    try:
        read = as_read(entry.form, context)
        (settled,) = settle(entry, read, [word], by=_BY, context=context)
    except RequestRefused as refused:
        return Tried(refused=str(refused).removeprefix(f"{path}={text.strip()} : "))
    except FormRejected as rejected:
        return Tried(refused=rejected.message)
    field = context.dictionary.fields.get(path)
    lines = written(field, settled.after) if field and settled.after is not None else (str(settled.after or ""),)
    decisions = context.ledger.decisions(entry.form)
    decisions = replace(decisions, confirmations=(*decisions.confirmations, settled))
    reading = read.with_confirmed(decisions.confirmations)
    if reading.formation is None:
        return Tried(lines)
    checked = checked_now(entry, reading, decisions, context)
    told = [one for verdict in checked.verdicts if verdict.lifted is None for one in verdict.problems]
    return Tried(lines, problems=tuple(one for one in told if one.field == path))
