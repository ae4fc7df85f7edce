"""Endings of a form's walk: a packet delivered, a wait, a letter; each noted in the transaction that ends its job."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.doubts import DOUBTS_RULE
from pipeline.core.errors import ExitCode, FormRejected
from pipeline.core.models import FORMATION, Data, Form, Problem, Refused, get
from pipeline.core.outcomes import Delivered, Drafted, Failed, Outcome, ToComplete, Waiting
from pipeline.core.programme import Programme
from pipeline.core.refusals import rejected
from pipeline.core.who import INSIDE, Who
from pipeline.core.workspace import Workspace
from pipeline.documents import letters
from pipeline.documents.filed import read_packet
from pipeline.dossier.context import Context
from pipeline.dossier.tidying import remove_seen
from pipeline.dossier.versions import Earlier, Past, history_of, mark_superseded
from pipeline.ledger.claims import Claim
from pipeline.ledger.entries import Entry, State
from pipeline.ledger.form_rows import Ending
from pipeline.storage.kill_points import passing
from pipeline.storage.spool import publish, received_name


@dataclass(frozen=True)
class Report:
    """One line of the table: the form, whose it is as far as we know, how it ended, a note, the dossier's number."""

    form: Form
    outcome: Outcome
    formation: str | None = None
    stagiaire: str | None = None
    note: str = ""
    number: str = ""


def report_of(entry: Entry, outcome: Outcome, note: str = "") -> Report:
    """The report of a form as the ledger knows it."""
    return Report(entry.form, outcome, entry.formation, entry.stagiaire, note, entry.number)


@dataclass(frozen=True)
class Task:
    """A claimed job being worked on: what the ledger knows of its form, the claim, the context."""

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

    def refreshed(self) -> Task:
        """The task with its form as the ledger knows it now: its dossier may be another."""
        return replace(self, entry=self.context.ledger.entries.get(self.claim.sha256))

    def report(self, outcome: Outcome, formation: str | None, data: Data, note: str = "") -> Report:
        """How this form ends."""
        return Report(self.form, outcome, formation, name_of(data), note, self.entry.number)

    def settle(self, ending: Ending) -> None:
        """Note the ending in the ledger."""
        self.context.ledger.settle(self.claim, ending)
        passing("settled")


def wait(task: Task, problems: tuple[Problem, ...], formation: str | None, data: Data) -> Report:
    """A person must decide first; nothing is printed."""
    reasons = tuple(problem.message for problem in problems)
    acts = _who_decides(problems)
    task.settle(Ending(State.WAITING, "\n".join(reasons), formation, name_of(data), acts=acts.value))
    if not task.context.dry_run:
        remove_seen(task.context.workspace.to_complete / task.form.id)  # what its letter asked is asked no more
    return task.report(Waiting(reasons), formation, data)


def _who_decides(problems: tuple[Problem, ...]) -> Who:
    """Whose turn it is: the accord is given once every value is sure, and all else is the scolarité's."""
    unsure = any(problem.rule == DOUBTS_RULE for problem in problems)
    judged = any(problem.who is Who.RESPONSABLE for problem in problems)
    return Who.RESPONSABLE if judged and not unsure else Who.SCOLARITE


def break_off(task: Task, error: str) -> Report:
    """Ours to mend, and not tried again before a person asks: the form stays, and nothing is said to its sender."""
    entry = task.entry
    again = f"{error} It was tried {task.claim.attempt} times, the last time alone. 'liasse retry {entry.form.id}'."
    task.settle(Ending(State.FAILED, again, entry.formation, entry.stagiaire, entry.folder))
    return report_of(entry, Failed(again, ExitCode.OURS_TO_MEND))


def send_back(task: Task, refused: Refused, programme: Programme) -> Report:
    """The letter that asks the sender, and the form pre-filled with what was read."""
    context, code = task.context, programme.formation.code
    if context.dry_run:
        return rehearse(task, ToComplete(Path(), refused.asked), code, refused.data)
    files = letters.letter_for_problems(
        task.form,
        refused,
        number=task.entry.number,
        dictionary=context.dictionary,
        formation=programme.formation,
        session=programme.session,
        workspace=context.workspace,
        on=task.claim.day,
    )
    folder = _publish_letter(task, files)
    detail = "\n".join(problem.message for problem in refused.asked)
    task.settle(Ending(State.TO_COMPLETE, detail, code, name_of(refused.data), folder))
    return task.report(ToComplete(folder, refused.asked), code, refused.data)


def send_back_unread(task: Task, rejection: FormRejected) -> Report:
    """The letter for a file that could not be read as a form; a wait where its sender can do nothing about it."""
    problems = (rejected(rejection.reason, rejection.message),)
    if problems[0].who in INSIDE:
        return wait(task, problems, None, {})
    if task.context.dry_run:
        return rehearse(task, ToComplete(Path(), problems), None, {})
    files = letters.letter_for_rejection(
        task.form,
        rejection,
        number=task.entry.number,
        sender=_sender_of(task),
        workspace=task.context.workspace,
        on=task.claim.day,
    )
    folder = _publish_letter(task, files)
    task.settle(Ending(State.TO_COMPLETE, rejection.message, folder=folder))
    return task.report(ToComplete(folder, problems), None, {})


def _sender_of(task: Task) -> str | None:
    """Whose file it is, as another form of its dossier says, or an earlier reading; ``None`` where nothing does."""
    forms = (task.entry, *reversed(task.context.ledger.entries.of_dossier(task.entry.dossier)))
    return next((one.stagiaire for one in forms if one.stagiaire), None)


def _publish_letter(task: Task, files: Mapping[str, bytes]) -> Path:
    """Put the letter, the report and the file as it was received in ``a-completer/<id>/``."""
    folder = task.context.workspace.to_complete / task.form.id
    publish(folder, {**files, received_name(task.form): task.form.path.read_bytes()}, turn=task.held)
    return folder.relative_to(task.context.workspace.outbox)


def rehearse(task: Task, outcome: Delivered | Drafted | ToComplete, formation: str | None, data: Data) -> Report:
    """Note how a form would end, and make nothing."""
    match outcome:
        case Delivered():
            state, told = State.DELIVERED, ""
        case Drafted(missing=missing):
            state, told = State.DRAFT, "\n".join(missing)
        case ToComplete(problems=problems):
            state, told = State.TO_COMPLETE, "\n".join(problem.message for problem in problems)
    task.settle(Ending(state, told, formation, name_of(data)))
    return task.report(outcome, formation, data)


def note_delivery(
    task: Task, outcome: Delivered | Drafted, packet: str, past: Past, *, formation: str | None, data: Data
) -> Report:
    """The packet lies in the outbox: it counts from now on, and those that it replaces say so."""
    context = task.context
    if isinstance(outcome, Delivered):
        state, told, signatures = State.DELIVERED, outcome.told, outcome.signatures
    else:
        state, told, signatures = State.DRAFT, "\n".join(outcome.missing), 0
    ending = Ending(
        state,
        told,
        formation,
        name_of(data),
        outcome.folder,
        packet,
        version=past.version,
        replaces=past.replaced_form,
        overtakes=past.overtaken,
        pages=outcome.pages,
        signatures=signatures,
    )
    task.settle(ending)
    mark_superseded(context.ledger, context.workspace, task.entry.dossier)
    remove_seen(context.workspace.to_complete / task.form.id)
    return task.report(outcome, formation, data, past.note)


def published_before(task: Task, own: Earlier | None = None) -> Report | None:
    """The packet of an attempt that died after it was published and before it was noted: it counts.

    ``own`` is the form's packet that it replaces, where that one is regenerated.
    """
    entry, ledger = task.entry, task.context.ledger
    intended = ledger.packets.intended(entry.form.sha256)
    for line in reversed(intended):
        found = _delivered(task.context.workspace, line.folder, line.id)
        if found:
            data = ledger.readings.record(entry.form.sha256) or {}
            past = replace(history_of(entry, data, ledger), own=own)
            return note_delivery(task, found, line.id, past, formation=get(data, FORMATION), data=data)
    if intended:  # and came to nothing: another version may wait for it
        ledger.packets.withdraw(task.claim)
    return None


def delivered_before(entry: Entry, workspace: Workspace) -> Report | None:
    """The packet this form already has, if it still lies in the outbox."""
    if entry.state not in {State.DELIVERED, State.SUPERSEDED} or entry.folder is None:
        return None
    found = _delivered(workspace, entry.folder, entry.packet)
    return report_of(entry, found) if found else None


def _delivered(workspace: Workspace, folder: Path, packet: str | None) -> Delivered | Drafted | None:
    filed = read_packet(workspace, folder, packet)
    if filed is None:
        return None
    if filed.missing:
        return Drafted(folder, filed.pages, filed.missing)
    return Delivered(folder, filed.pages, len(filed.signers), filed.warnings, already=True)


def name_of(data: Data) -> str | None:
    """« LEFÈVRE Élise », or what of it the form gives."""
    parts = [get(data, "stagiaire.nom"), get(data, "stagiaire.prenom")]
    return " ".join(part for part in parts if isinstance(part, str)) or None
