"""Structured log: one JSON object a line on standard error, with ids and never a name.

Trouble that lasts is said once a minute, and a log that cannot be written (it may lie on the disk that is full) stops
nobody.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from pipeline.core.text import visible

Logger = structlog.typing.FilteringBoundLogger
AGAIN = 60.0  # seconds before the same trouble is said again


def open_log() -> Logger:
    """The log of this process; the standard library's warnings go the same way."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            SaidOnce(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Lines(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Bridge()], force=True)
    log: Logger = structlog.get_logger()
    return log


class SaidOnce:
    """Drops a warning or an error that was said less than AGAIN seconds ago, word for word."""

    def __init__(self) -> None:
        self._said: dict[tuple[object, ...], float] = {}

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """The event as it came; raises DropEvent for a repetition."""
        if event.get("level") not in {"warning", "error"}:
            return event
        words = (event.get("event"), event.get("error"), event.get("id"))
        now = time.monotonic()
        self._said = {said: at for said, at in self._said.items() if now - at < AGAIN}
        if words in self._said:
            raise structlog.DropEvent
        self._said[words] = now
        return event


class _Lines:
    """Writes lines, and drops those that the system does not take."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self._stream.write(visible(line) + "\n")
            self._stream.flush()

    debug = info = warning = error = critical = msg


class _Bridge(logging.Handler):
    """Warnings of libraries and of our own rooms, without their arguments' tracebacks: they may quote a form."""

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().warning(record.getMessage()[:500], source=record.name, fault=fault)
