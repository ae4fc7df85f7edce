"""Application context, and what a form says in it: read once, confirmed by people, held against the rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from pipeline import checks
from pipeline.core.decisions import Decisions
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.late import load
from pipeline.core.law import Law, as_date
from pipeline.core.models import (
    FORMATION,
    Form,
    Problem,
    Reading,
    Record,
    Refused,
    Severity,
    Who,
    get,
)
from pipeline.core.programme import Programme
from pipeline.core.settings import Settings
from pipeline.core.timing import step
from pipeline.core.workspace import Workspace
from pipeline.documents import packaging, school_files
from pipeline.ledger.store import Ledger
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.reader import read
from pipeline.storage.turns import turn

_UNKNOWN = (
    "Formulaire inconnu : {found} valeurs sont proposées, toutes à vérifier. À la scolarité de les confirmer (liasse "
    "show {id} les montre), ou d’apprendre ce formulaire à liasse avec son modèle vierge (liasse forms add VIERGE). "
)
_PATIENCE = 5  # times the processor time that a form is given when it is read alone, at its last try


@dataclass(frozen=True)
class Context:
    """What the work needs: workspace, fields, figures of the law, ledger, day, the forms to recognise, settings.

    ``reader`` stands for all that decides what is read from a form; empty, no reading is kept. With ``dry_run``
    nothing is made of a form: how it would end is noted, in a ledger that is thrown away. ``alone``: a form is read
    while no other worker reads.
    """

    workspace: Workspace
    dictionary: Dictionary
    law: Law
    ledger: Ledger
    today: dt.date
    forms: KnownForms
    settings: Settings = field(default_factory=Settings)
    reader: str = ""
    dry_run: bool = False
    alone: bool = False


def understand(form: Form, decisions: Decisions, context: Context) -> Reading:
    """What a form says, with the values that people confirmed."""
    return as_read(form, context).with_confirmed(decisions.confirmations)


@step("read")
def as_read(form: Form, context: Context) -> Reading:
    """What a form says, before any confirmation; read once, and kept as long as nothing that reads has changed."""
    kept = context.ledger.readings.get(form.sha256, context.reader) if context.reader else None
    if kept is not None:
        return kept

    def keep_job() -> None:  # a slow reading is no reason to take the form out of this hand
        context.ledger.jobs.renew_own(lease=context.settings.file.bail)

    with turn(context.workspace.memory, alone=context.alone, waiting=keep_job):
        reading = read(
            form,
            context.forms,
            meanwhile=lambda: load(checks, packaging),  # what it needs once it is read: its child is on another core
            waiting=keep_job,
            patience=_PATIENCE if context.alone else 1,
        )
    if context.reader:
        context.ledger.readings.keep(reading, context.reader)
    return reading


def is_draft(reading: Reading) -> bool:
    """Whether values proposed of an unknown form still wait for a person: then nothing is asked of the sender."""
    return reading.layout is None and any(not entry.combined for entry in reading.doubts)


def draft_problem(reading: Reading) -> Problem:
    """What the scolarité is asked of an unknown form of which some values are still to confirm."""
    left = sum(not entry.combined for entry in reading.doubts)
    message = (
        f"Formulaire inconnu : {left} valeurs restent à confirmer par la scolarité (liasse show {reading.sha256[:8]} "
        f"les montre, liasse confirm {reading.sha256[:8]} CHAMP… --by NOM les confirme), ou ce formulaire est à "
        "apprendre (liasse forms add VIERGE)."
    )
    return Problem("FORMULAIRE_INCONNU", Severity.BLOCKING, None, message, Who.SCOLARITE, waits=True)


def without_formation(reading: Reading, workspace: Workspace) -> Problem | None:
    """What a person must say first when the form does not tell its formation; ``None`` when it does."""
    if reading.formation is not None:
        return None
    found = sum(entry.value is not None and not entry.combined for entry in reading.fields)
    known = "" if reading.layout else _UNKNOWN.format(found=found, id=reading.sha256[:8])
    message = (
        f"{known}Il faut dire de quelle formation relève ce formulaire : liasse confirm {reading.sha256[:8]} "
        f"{FORMATION}=CODE --by NOM, où CODE est {' ou '.join(formation_codes(workspace))}."
    )
    rule = "FORMATION_A_CHOISIR" if reading.layout else "FORMULAIRE_INCONNU"
    return Problem(rule, Severity.BLOCKING, FORMATION, message, Who.SCOLARITE, waits=True)


def open_programme(reading: Reading, context: Context) -> Programme:
    """The programme that a reading belongs to, in a context."""
    return programme_for(reading, context.workspace, context.dictionary, context.law)


def programme_for(reading: Reading, workspace: Workspace, dictionary: Dictionary, law: Law) -> Programme:
    """The formation and session that a reading belongs to, with the dictionary and the law's figures."""
    formation = school_files.looked_at(load_formation(workspace, reading.formation or ""), workspace)
    begins = as_date(get(reading.values, "stage.date_debut"))
    session = formation.session(reading.session) if reading.session else formation.session_of(begins)
    return Programme(dictionary.of(formation.settings), law, formation, session)


@step("check")
def check(
    reading: Reading, programme: Programme, decisions: Decisions, *, received_on: dt.date, today: dt.date
) -> Record | Refused:
    """Hold a reading against the schema, the formation's rules and the law."""
    return checks.validate(
        reading,
        dictionary=programme.dictionary,
        formation=programme.formation,
        session=programme.session,
        law=programme.law,
        decisions=decisions,
        today=today,
        received_on=received_on,
    )
