"""The journey of one form, from the spool to the packet in the outbox: the order of the steps, and nothing else.

read → validate → wait | send back | fill, convert, assemble → deliver. Whoever calls has the form's job in hand, and
handles what is ours to mend; the way a form ends is noted in the ledger in the transaction that ends its job.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from pipeline.cohort.examine import judge_among
from pipeline.core.decisions import Decisions
from pipeline.core.errors import FormRejected, ReadingStopped
from pipeline.core.identity import Comparison
from pipeline.core.models import Edition, Problem, Reading, Record, Refused, Severity, Who
from pipeline.core.outcomes import Delivered, Drafted
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.programme import Programme
from pipeline.core.refusals import Refusal
from pipeline.documents import packaging
from pipeline.documents.filed import MANIFEST
from pipeline.dossier.context import (
    Context,
    check,
    draft_problem,
    is_draft,
    open_programme,
    understand,
    without_formation,
)
from pipeline.dossier.dividing import divide
from pipeline.dossier.endings import (
    Report,
    Task,
    delivered_before,
    note_delivery,
    published_before,
    rehearse,
    send_back,
    send_back_unread,
    wait,
)
from pipeline.dossier.paper_filing import file_away
from pipeline.dossier.versions import CHOICE_RULE, Past, history_of, hold
from pipeline.ledger.claims import Claim, Step
from pipeline.ledger.packet_store import PacketState
from pipeline.reading.bundles import Bundle
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import publish


def walk(claim: Claim, context: Context) -> Report:
    """Walk a form whose job is in hand as far as it can go today, and note where it got.

    Raises Fenced when the job was given to another meanwhile, Transient or another HouseError for what is ours: then
    nothing was noted, and the job is still in hand.
    """
    task = Task(context.ledger.entries.get(claim.sha256), claim, context)
    there = delivered_before(task.entry, context.workspace)
    if there:
        context.ledger.let_go(claim)
        return there
    try:
        return published_before(task) or _walk(task)
    except FormRejected as rejection:
        return _turn_down(task, rejection)


def _turn_down(task: Task, rejection: FormRejected) -> Report:
    """What becomes of a file that is not read as a form: it is divided, or goes back with its reason."""
    try:
        if isinstance(rejection, Bundle):
            return divide(task, rejection)
    except FormRejected as other:
        rejection = other
    if rejection.reason == Refusal.SLOW:  # how much processor time a form takes depends on the machine
        raise ReadingStopped(
            "reading the form took more processor time than a form is given: this machine is slow, or the file is "
            "made so. Nothing is said to its sender."
        ) from rejection
    return send_back_unread(task, rejection)


def precheck(claim: Claim, context: Context) -> None:
    """Read and check a form without printing anything: its values are in the ledger for the others of its batch.

    Nothing is said of what is wrong: the walk says it. Raises as ``walk`` does.
    """
    task = Task(context.ledger.entries.get(claim.sha256), claim, context)
    try:
        decisions = context.ledger.decisions(task.form)
        reading = understand(task.form, decisions, context)
        if reading.paper is PaperForm.FORMULAIRE and without_formation(reading, context.workspace) is None:
            _checked(task, reading, open_programme(reading, context), decisions)
    except Bundle as bundle:
        with contextlib.suppress(FormRejected):
            divide(task, bundle, step=Step.CHECK)
            return
    except FormRejected:
        pass  # the walk says why
    context.ledger.jobs.mark_checked(claim)


def _checked(task: Task, reading: Reading, programme: Programme, decisions: Decisions) -> Record | Refused:
    """The reading held against the rules; its values are kept, and the form is of the dossier of its internship."""
    checked = check(reading, programme, decisions, received_on=task.form.received_on, today=task.claim.day)
    task.context.ledger.keep_values(task.form.sha256, checked.data, programme.session)
    return checked


def _walk(task: Task) -> Report:
    form, context = task.form, task.context
    decisions = context.ledger.decisions(form)
    reading = understand(form, decisions, context)
    passing("read")
    if reading.paper is not PaperForm.FORMULAIRE:
        return file_away(task, reading, decisions)
    return _walk_form(task, reading, decisions)


def _walk_form(task: Task, reading: Reading, decisions: Decisions) -> Report:
    """A form that was read, on its way to a packet."""
    form, context = task.form, task.context
    unplaced = without_formation(reading, context.workspace)
    if unplaced:
        return wait(task, (unplaced,), None, reading.values)
    programme = open_programme(reading, context)
    checked = _checked(task, reading, programme, decisions)
    task = task.refreshed()
    # First the past: a packet of its dossier which appears after this look is refused by ``intend``.
    past = history_of(task.entry, checked.data, context.ledger) if isinstance(checked, Record) else Past()
    held = hold(past, decisions)
    if held is None or held.rule != CHOICE_RULE:  # whose version it is comes before what other forms forbid it
        session = programme.session
        checked = judge_among(checked, form.sha256, decisions, context.ledger, context.law, session=session)
    if isinstance(checked, Record):
        if held:
            return wait(task, (held,), reading.formation, checked.data)
        since = past.last.compared(checked.data, context.dictionary, decisions) if past.last else None
        return deliver(task, checked, past, programme, decisions, since=since)
    if is_draft(reading):
        return wait(task, (draft_problem(reading),), reading.formation, checked.data)
    if checked.waits or _was_drafted(task):  # what it said was in order that day: no letter, a person looks
        kept = () if checked.waits else (_letter_kept(task),)
        return wait(task, (*checked.blocking, *kept), reading.formation, checked.data)
    return send_back(task, checked, programme)


def _was_drafted(task: Task) -> bool:
    """Whether a projet was made of the form, and counts: the school kept its packet waiting, not its sender."""
    lines = task.context.ledger.packets.of_form(task.form.sha256)
    return any(line.state is PacketState.DRAFT for line in lines)


def _letter_kept(task: Task) -> Problem:
    """What the scolarité may do of a former projet that no longer passes, beside lifting what can be lifted."""
    message = (
        "Une liasse en a été faite en projet, quand tout y était en ordre : aucune lettre n’est partie. Pour "
        f"renvoyer le formulaire à compléter : liasse retry {task.form.id} --letter --by NOM."
    )
    return Problem("LETTRE_GARDEE", Severity.BLOCKING, None, message, Who.SCOLARITE, waits=True)


def deliver(
    task: Task, record: Record, past: Past, programme: Programme, decisions: Decisions, *, since: Comparison | None
) -> Report:
    """Make the packet of a checked form, publish it, and note it; ``since`` is what it changes of the one before."""
    entry, claim, context = task.entry, task.claim, task.context
    code = programme.formation.code
    if context.dry_run:
        lacks = tuple(problem.message for problem in record.lacks)
        planned = Drafted(Path(), 0, lacks) if lacks else Delivered(Path(), 0, 0, record.warnings)
        return rehearse(task, planned, code, record.data)
    context.ledger.jobs.renew(claim, lease=context.settings.file.bail)  # LibreOffice may take its time
    packet = packaging.make_packet(
        record,
        entry.form,
        programme=programme,
        workspace=context.workspace,
        decisions=decisions,
        on=claim.day,
        edition=Edition(entry.number, past.version),
        since=since,
    )
    context.ledger.packets.intend(claim, packet.id, packet.folder, dossier=entry.dossier, beside=past.seen)
    passing("intended")
    fresh = publish(context.workspace.outbox / packet.folder, packet.files, manifest=MANIFEST, turn=task.held)
    outcome: Delivered | Drafted = Delivered(
        folder=packet.folder,
        pages=packet.pages,
        signatures=len(packet.signature_names),
        warnings=record.warnings,
        already=not fresh,
    )
    if packet.missing:
        outcome = Drafted(packet.folder, packet.pages, packet.missing)
    return note_delivery(task, outcome, packet.id, past, formation=code, data=record.data)
