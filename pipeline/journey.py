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
from typing import TYPE_CHECKING

from pipeline.decisions import Decisions
from pipeline.dossier import Comparison, person_of
from pipeline.errors import FormRejected
from pipeline.ledger.jobs import Claim
from pipeline.ledger.points import passing
from pipeline.ledger.spool import publish
from pipeline.ledger.store import Ending, Entry, State
from pipeline.models import (
    FORMATION,
    Data,
    Form,
    Problem,
    Reading,
    Record,
    Refused,
    get,
    rejected,
)  # fmt: skip
from pipeline.outcomes import Delivered, Outcome, ToComplete, Waiting
from pipeline.understanding import Desk, check, draft_problem, is_draft, open_house, understand, without_formation
from pipeline.versions import Earlier, Past, hold, look_back, mark_superseded
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.documents.context import House

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
class Hand:
    """A form in hand: what the ledger knows of it, the claim on its job, the desk."""

    entry: Entry
    claim: Claim
    desk: Desk

    @property
    def form(self) -> Form:
        """The form itself."""
        return self.entry.form

    def held(self) -> contextlib.AbstractContextManager[None]:
        """Within, nobody can take the form out of this hand; raises Fenced when somebody did."""
        return self.desk.ledger.jobs.held(self.claim)


def walk(claim: Claim, desk: Desk) -> Report:
    """Walk a form whose job is in hand as far as it can go today, and note where it got.

    Raises Fenced when the job was given to another meanwhile, Transient or another HouseError for what is ours: then
    nothing was noted, and the job is still in hand.
    """
    hand = Hand(desk.ledger.entry(claim.sha256), claim, desk)
    there = delivered_before(hand.entry, desk.workspace)
    if there:
        desk.ledger.let_go(claim)
        return there
    there = published_before(hand)
    if there:
        return there
    try:
        return _walk(hand)
    except FormRejected as rejection:
        return _send_back_unread(hand, rejection)


def look(claim: Claim, desk: Desk) -> None:
    """Read and check a form without printing anything: its values are in the ledger for the others of its batch.

    Nothing is said of what is wrong: the walk says it. Raises as ``walk`` does.
    """
    hand = Hand(desk.ledger.entry(claim.sha256), claim, desk)
    with contextlib.suppress(FormRejected):
        decisions = desk.ledger.decisions(hand.form)
        reading = understand(hand.form, decisions, desk)
        if without_formation(reading, desk.workspace) is None:
            _checked(hand, reading, open_house(reading, desk.workspace, desk.dictionary, desk.law), decisions)
    desk.ledger.jobs.looked(claim)


def _checked(hand: Hand, reading: Reading, house: House, decisions: Decisions) -> Record | Refused:
    """The reading held against the rules; its values are kept."""
    checked = check(reading, house, decisions, received_on=hand.form.received_on, today=hand.claim.day)
    hand.desk.ledger.readings.keep_record(hand.form.sha256, checked.data, person_of(checked.data))
    return checked


def _walk(hand: Hand) -> Report:
    form, desk = hand.form, hand.desk
    decisions = desk.ledger.decisions(form)
    reading = understand(form, decisions, desk)
    passing("read")
    unplaced = without_formation(reading, desk.workspace)
    if unplaced:
        return _wait(hand, (unplaced,), None, reading.values)
    house = open_house(reading, desk.workspace, desk.dictionary, desk.law)
    checked = _checked(hand, reading, house, decisions)
    # First the past: a packet of that person which appears after this look is refused by ``intend``.
    past = look_back(hand.entry, checked.data, desk.ledger) if isinstance(checked, Record) else Past()
    checked = desk.roll.judge(checked, form.sha256, decisions, ledger=desk.ledger, law=desk.law)
    if isinstance(checked, Record):
        held = hold(past, decisions)
        if held:
            return _wait(hand, (held,), reading.formation, checked.data)
        since = past.last.compared(checked.data, desk.dictionary, decisions) if past.last else None
        return deliver(hand, checked, past, house, decisions, since=since)
    if is_draft(reading):
        return _wait(hand, (draft_problem(reading),), reading.formation, checked.data)
    if checked.waits:
        return _wait(hand, checked.blocking, reading.formation, checked.data)
    return _send_back(hand, checked, house)


def deliver(
    hand: Hand, record: Record, past: Past, house: House, decisions: Decisions, *, since: Comparison | None
) -> Report:  # fmt: skip
    """Make the packet of a checked form, publish it, and note it; ``since`` is what it changes of the one before."""
    form, claim, desk = hand.form, hand.claim, hand.desk
    if desk.dry_run:
        return _rehearse(hand, Delivered(Path(), 0, 0, record.warnings), house.formation.code, record.data)
    from pipeline.documents.packets import make_packet  # noqa: PLC0415 -- heavy: imported while the form was read

    desk.ledger.jobs.renew(claim, lease=desk.settings.file.bail)  # LibreOffice may take its time
    packet = make_packet(
        record, form, house=house, workspace=desk.workspace, decisions=decisions, on=claim.day,
        since=since,
    )  # fmt: skip
    desk.ledger.packets.intend(claim, packet.id, packet.folder, beside=past.seen)
    passing("intended")
    fresh = publish(desk.workspace.outbox / packet.folder, packet.files, manifest=MANIFEST, turn=hand.held)
    outcome = Delivered(
        folder=packet.folder,
        pages=packet.pages,
        signatures=len(packet.signature_names),
        warnings=record.warnings,
        already=not fresh,
    )
    report = Report(form, outcome, house.formation.code, _name(record.data), past.note)
    _note_delivery(hand, report, outcome, packet.id, past)
    return report


def _rehearse(hand: Hand, outcome: Delivered | ToComplete, formation: str | None, data: Data) -> Report:
    """Note how a form would end, and make nothing."""
    delivered = isinstance(outcome, Delivered)
    detail = "" if isinstance(outcome, Delivered) else " ".join(problem.message for problem in outcome.problems)
    state = State.DELIVERED if delivered else State.TO_COMPLETE
    _settle(hand, Ending(state, detail, formation, _name(data)))
    return Report(hand.form, outcome, formation, _name(data))


def _note_delivery(hand: Hand, report: Report, outcome: Delivered, packet: str, past: Past) -> None:
    desk = hand.desk
    detail = f"{outcome.pages} pages, {outcome.signatures} signatures, {outcome.warnings} avertissements"
    ending = Ending(
        State.DELIVERED, detail, report.formation, report.stagiaire, outcome.folder, packet,
        version=past.version, replaces=past.replaced_form, overtakes=past.pending,
    )  # fmt: skip
    _settle(hand, ending)
    mark_superseded(desk.ledger, desk.workspace, report.form.sha256)
    shutil.rmtree(desk.workspace.to_complete / report.form.id, ignore_errors=True)


def _wait(hand: Hand, problems: tuple[Problem, ...], formation: str | None, data: Data) -> Report:
    reasons = tuple(problem.message for problem in problems)
    report = Report(hand.form, Waiting(reasons), formation, _name(data))
    _settle(hand, Ending(State.WAITING, " ".join(reasons), formation, report.stagiaire))
    return report


def _send_back(hand: Hand, refused: Refused, house: House) -> Report:
    form, desk = hand.form, hand.desk
    if desk.dry_run:
        return _rehearse(hand, ToComplete(Path(), refused.asked), house.formation.code, refused.data)
    from pipeline.documents.letters import letter_for_problems  # noqa: PLC0415 -- draws forms: a packet needs it not

    files = letter_for_problems(
        form, refused, dictionary=desk.dictionary, formation=house.formation, session=house.session,
        workspace=desk.workspace, on=hand.claim.day,
    )  # fmt: skip
    problems = refused.asked
    folder = _publish_letter(hand, files)
    report = Report(form, ToComplete(folder, problems), house.formation.code, _name(refused.data))
    detail = " ".join(problem.message for problem in problems)
    _settle(hand, Ending(State.TO_COMPLETE, detail, report.formation, report.stagiaire, folder))
    return report


def _send_back_unread(hand: Hand, rejection: FormRejected) -> Report:
    if hand.desk.dry_run:
        return _rehearse(hand, ToComplete(Path(), (rejected(rejection.reason, rejection.message),)), None, {})
    from pipeline.documents.letters import letter_for_rejection  # noqa: PLC0415

    files = letter_for_rejection(hand.form, rejection, workspace=hand.desk.workspace, on=hand.claim.day)
    folder = _publish_letter(hand, files)
    _settle(hand, Ending(State.TO_COMPLETE, rejection.message, folder=folder))
    return Report(hand.form, ToComplete(folder, (rejected(rejection.reason, rejection.message),)))


def _publish_letter(hand: Hand, files: Mapping[str, bytes]) -> Path:
    """Put the letter, the report and the file as it was received in ``a-completer/<id>/``."""
    form, desk = hand.form, hand.desk
    suffix = Path(form.name).suffix.lower()
    original = {f"formulaire-recu{suffix if suffix in _KNOWN_SUFFIXES else '.bin'}": form.path.read_bytes()}
    folder = desk.workspace.to_complete / form.id
    publish(folder, {**files, **original}, turn=hand.held)
    return folder.relative_to(desk.workspace.outbox)


def _settle(hand: Hand, ending: Ending) -> None:
    hand.desk.ledger.settle(hand.claim, ending)
    passing("settled")


def published_before(hand: Hand, own: Earlier | None = None) -> Report | None:
    """The packet of an attempt that died after it was published and before it was noted: it counts.

    ``own`` is the form's packet that it replaces, where one was made anew.
    """
    entry, desk = hand.entry, hand.desk
    intended = desk.ledger.packets.intended(entry.form.sha256)
    for line in reversed(intended):
        found = _read_packet(desk.workspace, line.folder, line.id)
        if found:
            data = desk.ledger.readings.record(entry.form.sha256) or {}
            past = replace(look_back(entry, data, desk.ledger), own=own)
            report = Report(entry.form, found, get(data, FORMATION), _name(data), past.note)
            _note_delivery(hand, report, found, line.id, past)
            return report
    if intended:  # and came to nothing: another version may wait for it
        desk.ledger.packets.withdraw(hand.claim)
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
