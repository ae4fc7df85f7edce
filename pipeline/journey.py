"""The story of one form, from the file dropped in the inbox to the packet in the outbox; only this file knows it all.

receive → read → validate → wait | send back | fill, convert, assemble → deliver
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.checks import validate
from pipeline.decisions import Decisions
from pipeline.documents.context import House
from pipeline.documents.letters import letter_for_problems, letter_for_rejection
from pipeline.documents.packets import make_packet
from pipeline.errors import ExitCode, FormRejected, HouseError
from pipeline.fields import Dictionary
from pipeline.formation import formation_codes, load_formation
from pipeline.intake import read
from pipeline.intake.alignment import Compiled
from pipeline.law import Law, as_date
from pipeline.ledger.spool import publish, put_aside, receive
from pipeline.ledger.store import Entry, Ledger, State
from pipeline.models import (
    FORMATION,
    Data,
    Form,
    Problem,
    Reading,
    Record,
    Refused,
    Severity,
    Who,
    get,
    rejected,
)  # fmt: skip
from pipeline.outcomes import Delivered, Failed, Outcome, ToComplete, Waiting
from pipeline.workspace import Workspace

MANIFEST = "manifest.json"
_KNOWN_SUFFIXES = frozenset({".pdf", ".docx", ".doc", ".odt", ".jpg", ".jpeg", ".png", ".heic", ".zip"})


@dataclass(frozen=True)
class Desk:
    """What the work needs: workspace, fields, figures of the law, ledger, day, and other schools' forms."""

    workspace: Workspace
    dictionary: Dictionary
    law: Law
    ledger: Ledger
    today: dt.date
    layouts: tuple[Compiled, ...] = ()


@dataclass(frozen=True)
class Report:
    """One line of the table: the form, whose it is as far as we know, and how it ended."""

    form: Form
    outcome: Outcome
    formation: str | None = None
    stagiaire: str | None = None


def run(paths: Iterable[Path], desk: Desk) -> Iterator[Report]:
    """Walk each form to its end. Whatever one form does, the next is still walked."""
    for path in paths:
        try:
            form = desk.ledger.remember(receive(path, desk.workspace, desk.today)).form
        except HouseError as error:
            unknown = Form("", path, path.name, desk.today)
            yield Report(unknown, Failed(str(error), error.exit_code))
            continue
        report = resume(form, desk)
        if not isinstance(report.outcome, Failed):
            put_aside(path, desk.workspace, form.id)
        yield report


def resume(form: Form, desk: Desk) -> Report:
    """Walk a form that is in the spool as far as it can go today, and note where it got."""
    (entry,) = desk.ledger.find(form.sha256)
    delivered = _delivered_before(entry, desk)
    if delivered:
        return Report(entry.form, delivered, entry.formation, entry.stagiaire)
    try:
        return _walk(entry.form, desk)
    except FormRejected as rejection:
        return _send_back_unread(entry.form, rejection, desk)
    except HouseError as error:
        return _fail(entry.form, str(error), error.exit_code, desk)
    except Exception as error:  # noqa: BLE001 -- no single form may stop the others; it is kept, and said
        return _fail(entry.form, f"unexpected {type(error).__name__}: {error}", ExitCode.OURS_TO_MEND, desk)


def _walk(form: Form, desk: Desk) -> Report:
    decisions = desk.ledger.decisions(form)
    reading = understand(form, decisions, desk)
    unplaced = without_formation(reading, desk.workspace)
    if unplaced:
        return _wait_for_formation(form, reading, unplaced, desk)
    house = open_house(reading, desk.workspace, desk.dictionary, desk.law)
    checked = check(reading, house, decisions, received_on=form.received_on, today=desk.today)
    if isinstance(checked, Record):
        return _deliver(form, checked, house, decisions, desk)
    if checked.waits:
        return _wait(form, checked, desk)
    return _send_back(form, checked, house, desk)


def understand(form: Form, decisions: Decisions, desk: Desk) -> Reading:
    """What a form says, with the values that people confirmed."""
    reading = read(form, workspace=desk.workspace, dictionary=desk.dictionary, layouts=desk.layouts)
    return reading.with_confirmed(decisions.confirmations)


def without_formation(reading: Reading, workspace: Workspace) -> Problem | None:
    """What a person must say first when the form does not tell its formation; ``None`` when it does."""
    if reading.formation is not None:
        return None
    found = sum(entry.value is not None and not entry.combined for entry in reading.fields)
    known = "" if reading.layout else f"Formulaire inconnu : {found} valeurs sont proposées, toutes à vérifier. "
    message = (
        f"{known}Il faut dire de quelle formation relève ce formulaire : liasse confirm {reading.sha256[:8]} "
        f"{FORMATION}=CODE --by NOM, où CODE est {' ou '.join(formation_codes(workspace))}."
    )
    rule = "FORMATION_A_CHOISIR" if reading.layout else "FORMULAIRE_INCONNU"
    return Problem(rule, Severity.BLOCKING, FORMATION, message, Who.SCOLARITE, waits=True)


def open_house(reading: Reading, workspace: Workspace, dictionary: Dictionary, law: Law) -> House:
    """The formation and session that a reading belongs to, with the dictionary and the law's figures."""
    formation = load_formation(workspace, reading.formation or "")
    if reading.session:
        return House(dictionary, law, formation, formation.session(reading.session))
    return House(dictionary, law, formation, formation.session_of(as_date(get(reading.values, "stage.date_debut"))))


def check(
    reading: Reading, house: House, decisions: Decisions, *, received_on: dt.date, today: dt.date
) -> Record | Refused:
    """Hold a reading against the schema, the formation's rules and the law."""
    return validate(
        reading, dictionary=house.dictionary, formation=house.formation, session=house.session, law=house.law,
        decisions=decisions, today=today, received_on=received_on,
    )  # fmt: skip


def _deliver(form: Form, record: Record, house: House, decisions: Decisions, desk: Desk) -> Report:
    packet = make_packet(record, form, house=house, workspace=desk.workspace, decisions=decisions, on=desk.today)
    fresh = publish(desk.workspace.outbox / packet.folder, packet.files, manifest=MANIFEST)
    outcome = Delivered(
        folder=packet.folder,
        pages=packet.pages,
        signatures=len(packet.signature_names),
        warnings=record.warnings,
        already=not fresh,
    )
    detail = f"{outcome.pages} pages, {outcome.signatures} signatures, {outcome.warnings} avertissements"
    report = Report(form, outcome, house.formation.code, _name(record.data))
    _settle(report, State.DELIVERED, detail, desk, folder=packet.folder, packet=packet.id)
    shutil.rmtree(desk.workspace.to_complete / form.id, ignore_errors=True)
    return report


def _wait(form: Form, refused: Refused, desk: Desk) -> Report:
    reasons = tuple(problem.message for problem in refused.blocking)
    report = Report(form, Waiting(reasons), refused.reading.formation, _name(refused.data))
    _settle(report, State.WAITING, " ".join(reasons), desk)
    return report


def _wait_for_formation(form: Form, reading: Reading, unplaced: Problem, desk: Desk) -> Report:
    report = Report(form, Waiting((unplaced.message,)), None, _name(reading.values))
    _settle(report, State.WAITING, unplaced.message, desk)
    return report


def _send_back(form: Form, refused: Refused, house: House, desk: Desk) -> Report:
    files = letter_for_problems(
        form, refused, dictionary=desk.dictionary, formation=house.formation, session=house.session,
        workspace=desk.workspace, on=desk.today,
    )  # fmt: skip
    problems = refused.asked
    folder = _publish_letter(form, files, desk)
    report = Report(form, ToComplete(folder, problems), house.formation.code, _name(refused.data))
    _settle(report, State.TO_COMPLETE, " ".join(problem.message for problem in problems), desk, folder=folder)
    return report


def _send_back_unread(form: Form, rejection: FormRejected, desk: Desk) -> Report:
    try:
        files = letter_for_rejection(form, rejection, workspace=desk.workspace, on=desk.today)
        folder = _publish_letter(form, files, desk)
    except HouseError as error:
        return _fail(form, str(error), error.exit_code, desk)
    report = Report(form, ToComplete(folder, (rejected(rejection.reason, rejection.message),)))
    _settle(report, State.TO_COMPLETE, rejection.message, desk, folder=folder)
    return report


def _publish_letter(form: Form, files: Mapping[str, bytes], desk: Desk) -> Path:
    """Put the letter, the report and the file as it was received in ``a-completer/<id>/``."""
    suffix = Path(form.name).suffix.lower()
    original = {f"formulaire-recu{suffix if suffix in _KNOWN_SUFFIXES else '.bin'}": form.path.read_bytes()}
    folder = desk.workspace.to_complete / form.id
    publish(folder, {**files, **original})
    return folder.relative_to(desk.workspace.outbox)


def _fail(form: Form, error: str, exit_code: int, desk: Desk) -> Report:
    report = Report(form, Failed(error, exit_code))
    _settle(report, State.FAILED, error, desk)
    return report


def _settle(
    report: Report, state: State, detail: str, desk: Desk, *, folder: Path | None = None, packet: str | None = None
) -> None:
    desk.ledger.settle(
        report.form, state, detail=detail, formation=report.formation, stagiaire=report.stagiaire,
        folder=folder, packet=packet,
    )  # fmt: skip


def _delivered_before(entry: Entry, desk: Desk) -> Delivered | None:
    """The packet this form already has, if it still lies in the outbox."""
    if entry.state is not State.DELIVERED or entry.folder is None:
        return None
    try:
        fields = json.loads((desk.workspace.outbox / entry.folder / "signature.json").read_bytes())["signataires"]
        manifest = json.loads((desk.workspace.outbox / entry.folder / MANIFEST).read_bytes())
        pages = sum(piece["pages"] for piece in manifest["pieces"])
        return Delivered(entry.folder, pages, len(fields), manifest["avertissements"], already=True)
    except (OSError, ValueError, KeyError):
        return None


def _name(data: Data) -> str | None:
    parts = [get(data, "stagiaire.nom"), get(data, "stagiaire.prenom")]
    return " ".join(part for part in parts if isinstance(part, str)) or None
