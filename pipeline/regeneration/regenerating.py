"""Regeneration job: the next version of a delivered packet, of the same form, because something else changed.

The old packet counts until the transaction in which the new one does. Whatever keeps the new one from being made, a
rule, a hand that took the old one meanwhile, a death at any point, the old one stays and the form stays delivered: no
letter is sent.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.core.models import Record
from pipeline.core.outcomes import Waiting
from pipeline.dossier.context import Context, check
from pipeline.dossier.endings import Report, Task, delivered_before, published_before, report_of
from pipeline.dossier.journey import deliver
from pipeline.dossier.tidying import remove_seen
from pipeline.dossier.versions import Earlier, history_of, hold
from pipeline.ledger.claims import Claim, Fenced
from pipeline.ledger.packet_store import LOCKED, PacketState, Taken
from pipeline.regeneration.impact import compare, hurdles, judged_alone
from pipeline.regeneration.impact_report import comparison

SAME = "rien n’a changé depuis son édition : rien n’est refait"
OVER = "cette liasse n’est plus celle qui compte : rien n’est refait"
_TAKEN = "Liasse non refaite : elle a été retirée ou signée entre-temps."
_REFUSED = "Liasse non refaite, l’ancienne reste en vigueur. {why}"
_GIVEN_UP = "Liasse non refaite après {attempts} essais, l’ancienne reste en vigueur : {error}"


def regenerate(claim: Claim, context: Context) -> Report:
    """Make the next version of a claim's packet, if it is current and would change; raises as ``walk`` does."""
    task = Task(context.ledger.entries.get(claim.sha256), claim, context)
    own = _own(task)
    if own.packet.state is not PacketState.CURRENT:
        return _keep(task, _TAKEN) if own.packet.state in LOCKED else _keep(task, note=OVER)
    if context.dry_run:
        return _keep(task)
    try:
        return published_before(task, own) or _make(task, own)
    except Taken:
        return _keep(task, _TAKEN)


def give_up(claim: Claim, context: Context, error: str) -> Report:
    """End a job that was tried too often; the old packet stays."""
    said = _GIVEN_UP.format(attempts=claim.attempt - 1, error=error)
    return _keep(Task(context.ledger.entries.get(claim.sha256), claim, context), said)


def _own(task: Task) -> Earlier:
    ledger = task.context.ledger
    line = ledger.packets.get(task.claim.regenerates)
    if line is None:
        raise Fenced(task.form.sha256)
    return Earlier(task.entry, line, ledger.readings.record(task.form.sha256) or {})


def _make(task: Task, own: Earlier) -> Report:
    context = task.context
    impact = compare(task.entry, own.packet, context, judge=judged_alone(context))
    remade = impact.remade
    if remade is None:
        return _keep(task, _REFUSED.format(why=" ".join(impact.hurdles) or impact.unknown))
    if not impact.changed:
        return _keep(task, note=SAME)
    alone = check(
        remade.record.reading,
        remade.programme,
        remade.decisions,
        received_on=task.form.received_on,
        today=task.claim.day,
    )
    checked = judged_alone(context)(alone, task.form.sha256, remade.decisions, remade.programme.session)
    if not isinstance(checked, Record) or checked.lacks:
        return _keep(task, _REFUSED.format(why=" ".join(hurdles(checked))))
    past = replace(history_of(task.entry, checked.data, context.ledger), own=own)
    held = hold(past, remade.decisions)
    if held:
        return _keep(task, _REFUSED.format(why=held.message))
    context.ledger.keep_values(task.form.sha256, checked.data, remade.programme.session)
    return deliver(task, checked, past, remade.programme, remade.decisions, since=comparison(impact))


def _keep(task: Task, said: str = "", *, note: str = "") -> Report:
    """The old packet stays: what an attempt left in the outbox goes, the job ends, and why stands beside the form."""
    context, entry = task.context, task.entry
    if not context.ledger.jobs.holds(task.claim):
        raise Fenced(entry.form.sha256)
    for line in context.ledger.packets.intended(entry.form.sha256):
        if line.folder != entry.folder:
            remove_seen(context.workspace.outbox / line.folder)
    context.ledger.keep_packet(task.claim, said)
    there = delivered_before(entry, context.workspace)
    return report_of(entry, there.outcome if there and not said else Waiting((said or note,)), note)
