"""Webhooks beside the page: rounds in a thread of the serving process, as long as it serves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.core.errors import HouseError
from pipeline.core.settings import Settings
from pipeline.runs.logs import Logger
from pipeline.runs.open_house import OpenHouse
from pipeline.services.webhook_rounds import make_round

_REST = 1.0  # seconds between two rounds


@contextmanager
def webhooks_told(house: OpenHouse, settings: Settings, log: Logger) -> Iterator[None]:
    """Within, what happens is told to those who asked for it; what is in hand at the end is finished."""
    stop = threading.Event()
    thread = threading.Thread(target=_tell, args=(house, settings, log, stop), name="webhooks")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _tell(house: OpenHouse, settings: Settings, log: Logger, stop: threading.Event) -> None:
    while not stop.wait(_REST):
        try:
            make_round(house.ledger, settings)
        except (HouseError, OSError) as error:  # the ledger; what is due comes at the next round
            log.error("webhooks held up", error=str(error))  # noqa: TRY400 -- a traceback may quote a form
