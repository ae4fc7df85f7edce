"""The story of one form, from the spool to the packet in the outbox; only this file knows it all.

read → validate → wait | send back | fill, convert, assemble → deliver. Whoever calls has the form's job in hand, and
handles what is ours to mend; the way a form ends is noted in the ledger here, in the transaction that ends its job.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.decisions import Decisions
from pipeline.core.errors import FormRejected
from pipeline.core.identity import Comparison, person_of
from pipeline.core.models import (
    FORMATION,
    Data,
    Form,
    Problem,
    Reading,
    Record,
    Refused,
    get,
    rejected,
)
from pipeline.core.outcomes import Delivered, Outcome, ToComplete, Waiting
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents import letters, packaging
from pipeline.dossier.context import (
    Context,
    check,
    draft_problem,
    is_draft,
    open_programme,
    understand,
    without_formation,
)
from pipeline.dossier.versions import Earlier, Past, history_of, hold, mark_superseded
from pipeline.ledger.jobs import Claim
from pipeline.ledger.store import Ending, Entry, State
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import publish

MANIFEST = "manifest.json"
_KNOWN_SUFFIXES = frozenset({".pdf", ".docx", ".doc", ".odt", ".jpg", ".jpeg", ".png", ".heic", ".zip"})


@dataclass(frozen=True)
class Report:
    """One line of the table: the form, whose it is as far as we know, how it ended, and what else to know of it."""

    form: Form
    outcome: Outcome
    formation: str | None = None
    stagiaire: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Task:
    """A form in hand: what the ledger knows of it, the claim on its job, the desk."""

    entry: Entry
    claim: Claim
    context: Context

    @property
    def form(self) -> Form:
        """The form itself."""
        return self.entry.form

    def held(self) -> contextlib.AbstractContextManager[None]:
        """Within, nobody can take the form out of this hand; raises Fenced when somebody did."""
        return self.context.ledger.jobs.held(self.claim)


def walk(claim: Claim, context: Context) -> Report:
    """Walk a form whose job is in hand as far as it can go today, and note where it got.

    Raises Fenced when the job was given to another meanwhile, Transient or another HouseError for what is ours: then
    nothing was noted, and the job is still in hand.
    """
    task = Task(context.ledger.entry(claim.sha256), claim, context)
    there = delivered_before(task.entry, context.workspace)
    if there:
        context.ledger.let_go(claim)
        return there
    there = published_before(task)
    if there:
        return there
    try:
        return _walk(task)
    except FormRejected as rejection:
        return _send_back_unread(task, rejection)


def precheck(claim: Claim, context: Context) -> None:
    """Read and check a form without printing anything: its values are in the ledger for the others of its batch.

    Nothing is said of what is wrong: the walk says it. Raises as ``walk`` does.
    """
    task = Task(context.ledger.entry(claim.sha256), claim, context)
    with contextlib.suppress(FormRejected):
        decisions = context.ledger.decisions(task.form)
        reading = understand(task.form, decisions, context)
        if without_formation(reading, context.workspace) is None:
            _checked(
                task, reading, open_programme(reading, context.workspace, context.dictionary, context.law), decisions
            )
    context.ledger.jobs.looked(claim)


def _checked(task: Task, reading: Reading, programme: Programme, decisions: Decisions) -> Record | Refused:
    """The reading held against the rules; its values are kept."""
    checked = check(reading, programme, decisions, received_on=task.form.received_on, today=task.claim.day)
    task.context.ledger.readings.keep_record(task.form.sha256, checked.data, person_of(checked.data))
    return checked


def _walk(task: Task) -> Report:
    form, context = task.form, task.context
    decisions = context.ledger.decisions(form)
    reading = understand(form, decisions, context)
    passing("read")
    unplaced = without_formation(reading, context.workspace)
    if unplaced:
        return _wait(task, (unplaced,), None, reading.values)
    programme = open_programme(reading, context.workspace, context.dictionary, context.law)
    checked = _checked(task, reading, programme, decisions)
    # First the past: a packet of that person which appears after this look is refused by ``intend``.
    past = history_of(task.entry, checked.data, context.ledger) if isinstance(checked, Record) else Past()
    checked = context.roll.judge(checked, form.sha256, decisions, ledger=context.ledger, law=context.law)
    if isinstance(checked, Record):
        held = hold(past, decisions)
        if held:
            return _wait(task, (held,), reading.formation, checked.data)
        since = past.last.compared(checked.data, context.dictionary, decisions) if past.last else None
        return deliver(task, checked, past, programme, decisions, since=since)
    if is_draft(reading):
        return _wait(task, (draft_problem(reading),), reading.formation, checked.data)
    if checked.waits:
        return _wait(task, checked.blocking, reading.formation, checked.data)
    return _send_back(task, checked, programme)


def deliver(
    task: Task, record: Record, past: Past, programme: Programme, decisions: Decisions, *, since: Comparison | None
) -> Report:
    """Make the packet of a checked form, publish it, and note it; ``since`` is what it changes of the one before."""
    form, claim, context = task.form, task.claim, task.context
    if context.dry_run:
        return _rehearse(task, Delivered(Path(), 0, 0, record.warnings), programme.formation.code, record.data)
    context.ledger.jobs.renew(claim, lease=context.settings.file.bail)  # LibreOffice may take its time
    packet = packaging.make_packet(
        record,
        form,
        programme=programme,
        workspace=context.workspace,
        decisions=decisions,
        on=claim.day,
        since=since,
    )
    context.ledger.packets.intend(claim, packet.id, packet.folder, beside=past.seen)
    passing("intended")
    fresh = publish(context.workspace.outbox / packet.folder, packet.files, manifest=MANIFEST, turn=task.held)
    outcome = Delivered(
        folder=packet.folder,
        pages=packet.pages,
        signatures=len(packet.signature_names),
        warnings=record.warnings,
        already=not fresh,
    )
    report = Report(form, outcome, programme.formation.code, _name(record.data), past.note)
    _note_delivery(task, report, outcome, packet.id, past)
    return report


def _rehearse(task: Task, outcome: Delivered | ToComplete, formation: str | None, data: Data) -> Report:
    """Note how a form would end, and make nothing."""
    delivered = isinstance(outcome, Delivered)
    detail = "" if isinstance(outcome, Delivered) else " ".join(problem.message for problem in outcome.problems)
    state = State.DELIVERED if delivered else State.TO_COMPLETE
    _settle(task, Ending(state, detail, formation, _name(data)))
    return Report(task.form, outcome, formation, _name(data))


def _note_delivery(task: Task, report: Report, outcome: Delivered, packet: str, past: Past) -> None:
    context = task.context
    detail = f"{outcome.pages} pages, {outcome.signatures} signatures, {outcome.warnings} avertissements"
    ending = Ending(
        State.DELIVERED,
        detail,
        report.formation,
        report.stagiaire,
        outcome.folder,
        packet,
        version=past.version,
        replaces=past.replaced_form,
        overtakes=past.pending,
    )
    _settle(task, ending)
    mark_superseded(context.ledger, context.workspace, report.form.sha256)
    shutil.rmtree(context.workspace.to_complete / report.form.id, ignore_errors=True)


def _wait(task: Task, problems: tuple[Problem, ...], formation: str | None, data: Data) -> Report:
    reasons = tuple(problem.message for problem in problems)
    report = Report(task.form, Waiting(reasons), formation, _name(data))
    _settle(task, Ending(State.WAITING, " ".join(reasons), formation, report.stagiaire))
    return report


def _send_back(task: Task, refused: Refused, programme: Programme) -> Report:
    form, context = task.form, task.context
    if context.dry_run:
        return _rehearse(task, ToComplete(Path(), refused.asked), programme.formation.code, refused.data)
    files = letters.letter_for_problems(
        form,
        refused,
        dictionary=context.dictionary,
        formation=programme.formation,
        session=programme.session,
        workspace=context.workspace,
        on=task.claim.day,
    )
    problems = refused.asked
    folder = _publish_letter(task, files)
    report = Report(form, ToComplete(folder, problems), programme.formation.code, _name(refused.data))
    detail = " ".join(problem.message for problem in problems)
    _settle(task, Ending(State.TO_COMPLETE, detail, report.formation, report.stagiaire, folder))
    return report


def _send_back_unread(task: Task, rejection: FormRejected) -> Report:
    if task.context.dry_run:
        return _rehearse(task, ToComplete(Path(), (rejected(rejection.reason, rejection.message),)), None, {})
    files = letters.letter_for_rejection(task.form, rejection, workspace=task.context.workspace, on=task.claim.day)
    folder = _publish_letter(task, files)
    _settle(task, Ending(State.TO_COMPLETE, rejection.message, folder=folder))
    return Report(task.form, ToComplete(folder, (rejected(rejection.reason, rejection.message),)))


def _publish_letter(task: Task, files: Mapping[str, bytes]) -> Path:
    """Put the letter, the report and the file as it was received in ``a-completer/<id>/``."""
    form, context = task.form, task.context
    suffix = Path(form.name).suffix.lower()
    original = {f"formulaire-recu{suffix if suffix in _KNOWN_SUFFIXES else '.bin'}": form.path.read_bytes()}
    folder = context.workspace.to_complete / form.id
    publish(folder, {**files, **original}, turn=task.held)
    return folder.relative_to(context.workspace.outbox)


def _settle(task: Task, ending: Ending) -> None:
    task.context.ledger.settle(task.claim, ending)
    passing("settled")


def published_before(task: Task, own: Earlier | None = None) -> Report | None:
    """The packet of an attempt that died after it was published and before it was noted: it counts.

    ``own`` is the form's packet that it replaces, where one was made anew.
    """
    entry, context = task.entry, task.context
    intended = context.ledger.packets.intended(entry.form.sha256)
    for line in reversed(intended):
        found = _read_packet(context.workspace, line.folder, line.id)
        if found:
            data = context.ledger.readings.record(entry.form.sha256) or {}
            past = replace(history_of(entry, data, context.ledger), own=own)
            report = Report(entry.form, found, get(data, FORMATION), _name(data), past.note)
            _note_delivery(task, report, found, line.id, past)
            return report
    if intended:  # and came to nothing: another version may wait for it
        context.ledger.packets.withdraw(task.claim)
    return None


def delivered_before(entry: Entry, workspace: Workspace) -> Report | None:
    """The packet this form already has, if it still lies in the outbox."""
    if entry.state not in {State.DELIVERED, State.SUPERSEDED} or entry.folder is None:
        return None
    found = _read_packet(workspace, entry.folder, entry.packet)
    return Report(entry.form, found, entry.formation, entry.stagiaire) if found else None


def _read_packet(workspace: Workspace, folder: Path, packet: str | None) -> Delivered | None:
    try:
        fields = json.loads((workspace.outbox / folder / "signature.json").read_bytes())["signataires"]
        manifest = json.loads((workspace.outbox / folder / MANIFEST).read_bytes())
        pages = sum(piece["pages"] for piece in manifest["pieces"])
        if packet is not None and manifest["id"] != packet:
            return None
        return Delivered(folder, pages, len(fields), manifest["avertissements"], already=True)
    except (OSError, ValueError, KeyError):
        return None


def _name(data: Data) -> str | None:
    parts = [get(data, "stagiaire.nom"), get(data, "stagiaire.prenom")]
    return " ".join(part for part in parts if isinstance(part, str)) or None
