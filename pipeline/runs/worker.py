"""Worker step: one claimed job walked, and what can go wrong sorted by who is at fault.

What is wrong with a form goes back to its sender and is no failure. What is ours (a template, a missing program, a
full disk) puts the form back and costs it no attempt. What nobody foresaw, or what kills the worker, costs one;
after a few, the form goes into quarantine and the others go on. A reader that hangs or is killed costs one too: the
last attempt is made while no other worker reads, and after that the form stays where it is, ours to mend.
"""

from __future__ import annotations

import errno
import logging
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum

from pipeline.core.errors import (
    ConversionStopped,
    ExitCode,
    HouseError,
    InTurn,
    ReadingStopped,
    ToolMissing,
    Transient,
)
from pipeline.core.outcomes import Failed, Waiting
from pipeline.documents.health import answers
from pipeline.dossier import journey
from pipeline.dossier.context import Context
from pipeline.dossier.endings import Report, Task, break_off, published_before, report_of
from pipeline.ledger.claims import Claim, Fenced, Step
from pipeline.ledger.entries import Entry, State
from pipeline.regeneration import regenerating
from pipeline.runs.quarantine import quarantine
from pipeline.storage.durable import PASSING
from pipeline.storage.kill_points import passing

log = logging.getLogger(__name__)
_QUOTED = re.compile("«[^»]*»")
_EXHAUSTED = PASSING | {errno.EMFILE, errno.ENFILE, errno.ENOMEM}  # the machine has no more to give
_SOON = 0.5  # seconds before a form whose turn has not come is looked at again


class Trouble(Enum):
    """Whose fault a failure is."""

    NONE = 0  # the form got somewhere
    TURN = 4  # nobody's: another form of the same internship comes first
    FORM = 1  # perhaps the form's: counted
    OURS = 2  # a setting or a template, which other forms may not need
    MACHINE = 3  # the machine's: other forms would fail alike
    OVER = 5  # ours, and not tried again by itself


@dataclass(frozen=True)
class Done:
    """What became of one claim."""

    report: Report
    trouble: Trouble = Trouble.NONE
    said: str = ""  # what a log may say of it: no value, no name
    fenced: bool = False  # another worker took the form meanwhile: how it ends is told there


def work(claim: Claim, context: Context) -> Done:
    """Walk a claimed form and let go of its job, whatever happens.

    Raises HouseError if the ledger does not answer: the job is still in hand, to be given back.
    """
    passing("claimed")
    entry = context.ledger.entries.get(claim.sha256)
    context = replace(context, alone=claim.attempt >= context.settings.file.essais)
    try:
        if claim.attempt > context.settings.file.essais:
            return Done(_end(entry, claim, context))
        if claim.step is Step.CHECK:
            journey.precheck(claim, context)
            return Done(report_of(entry, Waiting(())))
        return Done(regenerating.regenerate(claim, context) if claim.regenerates else journey.walk(claim, context))
    except Fenced as fenced:
        log.warning("%s", fenced)
        return Done(report_of(entry, Failed(str(fenced), fenced.exit_code)), fenced=True)
    except HouseError as error:
        fault = _fault(error, claim, context)
        return _put_back(report_of(entry, Failed(str(error), error.exit_code)), str(error), fault, claim, context)
    except Exception as error:
        log.exception("form %s failed unexpectedly", entry.form.id)
        said, trouble = f"unexpected {type(error).__name__}: {error}", Trouble.FORM
        if isinstance(error, ImportError) or (isinstance(error, OSError) and error.errno in _EXHAUSTED):
            trouble = Trouble.MACHINE
        elif isinstance(error, FileNotFoundError) and not entry.form.path.exists():
            said, trouble = f"the file of form {entry.form.id} is gone. Restore .liasse/ from a backup.", Trouble.OURS
        return _put_back(report_of(entry, Failed(said, ExitCode.OURS_TO_MEND)), said, trouble, claim, context)


def give_back(claim: Claim, context: Context) -> None:
    """Let go of a job for which the ledger did not answer: no attempt is counted."""
    with suppress(Fenced):
        context.ledger.jobs.put_back(claim, wait=0, error="the ledger did not answer", counted=False)


def _end(entry: Entry, claim: Claim, context: Context) -> Report:
    """The attempts are used up: the form goes into quarantine; a packet to be regenerated stays what it is."""
    _, said = context.ledger.jobs.state_of(claim.sha256) or (None, "")
    error = said or "its worker died each time"
    if claim.regenerates:
        return regenerating.give_up(claim, context, error)
    return published_before(Task(entry, claim, context)) or quarantine(entry, claim, error, context)


def _fault(error: HouseError, claim: Claim, context: Context) -> Trouble:
    if isinstance(error, InTurn):
        return Trouble.TURN
    if isinstance(error, ConversionStopped):
        with suppress(Fenced):
            context.ledger.jobs.renew(claim, lease=context.settings.file.bail)
        return Trouble.FORM if answers() else Trouble.MACHINE
    if isinstance(error, ReadingStopped):
        return Trouble.OVER if context.alone and not claim.regenerates else Trouble.FORM
    return Trouble.MACHINE if isinstance(error, Transient | ToolMissing) else Trouble.OURS


def _put_back(failed: Report, said: str, trouble: Trouble, claim: Claim, context: Context) -> Done:
    """Give the job back for a later try; one whose attempts are used up is claimed at once, for the quarantine."""
    counted = trouble is Trouble.FORM
    queue = context.settings.file
    wait = _SOON if trouble is Trouble.TURN else queue.pause(claim.attempt if counted else 0)
    try:
        if trouble is Trouble.OVER:
            task = Task(context.ledger.entries.get(claim.sha256), claim, context)
            return Done(break_off(task, said), trouble, _nameless(said))
        context.ledger.jobs.put_back(
            claim,
            wait=wait,
            counted=counted,
            **({"error": "", "event": ""} if trouble is Trouble.TURN else {"error": said}),
        )
        if trouble is not Trouble.TURN:
            context.ledger.note(failed.form, State.DELIVERED if claim.regenerates else State.FAILED, said)
    except Fenced:
        log.warning("form %s was given to another worker", failed.form.id)
    return Done(failed, trouble, _nameless(said))


def _nameless(said: str) -> str:
    """An error without what it quotes, and one that nobody foresaw without its words: they may be of a form."""
    return said.partition(":")[0] if said.startswith("unexpected ") else _QUOTED.sub("« … »", said)[:300]
