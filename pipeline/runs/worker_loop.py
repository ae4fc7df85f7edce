"""Worker loop: it claims what is due, rests when nothing is, pauses when the machine is ill."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType

from pipeline.core.errors import HouseError
from pipeline.documents.libreoffice import warm_office
from pipeline.dossier.context import Context
from pipeline.ledger.claims import Claim, Step
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.warming import preload
from pipeline.runs.logs import Logger
from pipeline.runs.worker import Trouble, give_back, work
from pipeline.storage.temporary import keep_temporary

REST = 0.5  # seconds between two looks at an empty queue


class Stop:
    """Set by SIGTERM and SIGINT: what is in hand is finished, then the program ends."""

    def __init__(self) -> None:
        self.asked = False

    def listen(self) -> None:
        """Hear the signals from now on."""
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def work_on(
    context_of_today: Callable[[], Context],
    stop: Stop,
    log: Logger,
    *,
    orphaned: Callable[[], bool],
    drain: bool = False,
) -> None:
    """Work until asked to stop, until ``orphaned``, or with ``drain`` until nothing is due.

    While the machine is at fault (a full disk, LibreOffice missing or hanging, a locked ledger) the worker pauses
    longer and longer, then tries one form again: nothing is burnt, and it resumes alone. LibreOffice is kept running
    from the first packet on, and let go while there is nothing to do.
    """
    known: KnownForms | None = None
    with warm_office() as libreoffice:
        ill = 0
        held: Claim | None = None  # a job that the ledger did not let us give back
        context = context_of_today()
        while not stop.asked and not orphaned():
            queue = context.settings.file
            try:
                context = context_of_today()
                if context.forms is not known:
                    known = context.forms
                    preload(known)
                if held:
                    give_back(held, context)
                    held = None
                claim = context.ledger.jobs.claim(lease=queue.bail, horizon=max(queue.attente_max, queue.bail))
                if claim is None:
                    if drain and not context.ledger.jobs.waits_now():
                        return
                    context.ledger.jobs.release_the_dead(queue.pause)
                    libreoffice.rest()
                    keep_temporary()
                    _rest(REST, stop, orphaned)
                    continue
                held = claim
                done = work(claim, context)
                held = None
            except (HouseError, OSError) as error:  # the ledger, or a setting that somebody is changing
                log.error("held up", error=str(error))  # noqa: TRY400 -- a traceback may quote a form
                ill += 1
            else:
                outcome = "Checked" if claim.step is Step.CHECK else type(done.report.outcome).__name__
                log.info("form", id=done.report.form.id, outcome=outcome, attempt=claim.attempt)
                ill = ill + 1 if done.trouble is Trouble.MACHINE else 0
                if done.trouble is not Trouble.NONE:
                    log.warning("put back", id=done.report.form.id, trouble=done.trouble.name, error=done.said)
            if ill:
                pause = min(queue.attente * 2 ** (ill - 1), queue.attente_max)
                log.warning("pause", seconds=pause)
                _rest(pause, stop, orphaned)


def _rest(seconds: float, stop: Stop, orphaned: Callable[[], bool]) -> None:
    """Sleep in small pieces, so that a wish to stop is heard."""
    end = time.monotonic() + seconds
    while not stop.asked and not orphaned() and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.2))
