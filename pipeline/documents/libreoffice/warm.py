"""Persistent LibreOffice process: kept from packet to packet, since a start costs more than a packet.

It is started at the first document, in the same cage and with the same settings as the cold one, and gives the same
bytes. It is not trusted to stay well: it is started afresh after ``EVERY`` documents, when it has grown, and whenever
it failed at anything. A document is found at fault only by an office that had seen no other, but for the page that it
is warmed up with.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pipeline.core.errors import ConversionStopped, HouseError, TemplateError, ToolMissing
from pipeline.documents.libreoffice import bridge
from pipeline.documents.libreoffice.conversion import convert_cold
from pipeline.documents.libreoffice.soffice_process import SofficeEnded, SofficeProcess
from pipeline.documents.libreoffice.workplace import failure, good_pdf, noticing_a_full_disk, require_room

log = logging.getLogger(__name__)

START_SECONDS = 60
SECONDS_A_DOCUMENT = 30
AHEAD = 2  # documents that it is given while the caller looks at one
EVERY = 1_000  # documents; a start takes as long as making five packets
MEMORY = 700 << 20  # bytes; it takes 250 MiB after many packets
IDLE = 60.0  # seconds without a document after which ``rest`` lets it go
_TRY_AGAIN = 300.0  # seconds of cold conversion after a start that failed
_PATIENCE = 5.0  # seconds that ``close`` waits for a document that another thread is having made
_LOST = 70  # what an office answers whose folder was taken away

Named = tuple[str, bytes]  # what a document is called, and its bytes


class WarmOffice:
    """A LibreOffice for the life of a program; converts as ``convert`` does, from one thread at a time.

    Where it cannot be kept running (see ``bridge``) it converts the cold way. ``starts`` counts the offices started.
    """

    def __init__(self) -> None:
        self.starts = 0
        self._soffice: SofficeProcess | None = None
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._used = 0.0
        self._cold_until = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def ours(self) -> bool:
        """Whether this process opened it: a forked child must neither talk to it nor end it."""
        return os.getpid() == self._process

    @property
    def running(self) -> bool:
        """Whether an office is up at this moment."""
        return self._soffice is not None and self._soffice.alive

    def convert(self, documents: Mapping[str, bytes], *, pdfa: bool = False) -> dict[str, bytes]:
        """Word files by name, made into PDFs by the same names; raises as ``convert`` does."""
        return dict(self.convert_each(documents.items(), pdfa=pdfa))

    def convert_each(self, documents: Iterable[Named], *, pdfa: bool = False) -> Iterator[Named]:
        """The same one by one, in their order: it works at the next while the caller looks at the last.

        To be read to its end or closed: until then nobody else can ask.
        """
        documents = iter(documents)
        asked: deque[_Asked] = deque()
        with self._lock:
            found = bridge.find_bridge()
            try:
                if found.python and time.monotonic() >= self._cold_until:
                    yield from self._each(found.python, documents, asked, pdfa=pdfa)
            except _NotStartedError as error:
                self._cold_until = time.monotonic() + _TRY_AGAIN
                if os.environ.get(bridge.SETTING) == "warm":
                    raise ToolMissing(f"{bridge.SETTING}=warm, but LibreOffice does not stay: {error}.") from error
                log.warning("LibreOffice is started for each packet, it does not stay: %s.", error)
            except (GeneratorExit, TemplateError):  # whoever asked has enough: no fault of the office's
                self._settle()
                raise
            except BaseException:
                self._end()  # whatever it is doing, nobody waits for it any more
                raise
            finally:
                self._used = time.monotonic()
            left = {one.name: one.docx for one in asked} | dict(documents)
            if left:
                yield from convert_cold(left, pdfa=pdfa).items()

    def prepare(self) -> None:
        """Start an office and do not wait for it: it comes up, and makes a first page, while a form is read.

        Where there is none to be had, nothing happens: ``convert`` says why, or does without.
        """
        with self._lock, contextlib.suppress(HouseError, _NotStartedError, SofficeEnded, OSError):
            found = bridge.find_bridge()
            if found.python and self._soffice is None and time.monotonic() >= self._cold_until:
                self._started(found.python).warm_up()
                self._used = time.monotonic()

    def rest(self) -> None:
        """Let the office go if it was not needed for a while; the next document starts another."""
        if self._soffice is not None and time.monotonic() - self._used > IDLE:
            self.close()

    def close(self) -> None:
        """End the office, if one is up; the next document would start another."""
        if self.ours:
            waited = self._lock.acquire(timeout=_PATIENCE)  # in vain where somebody did not read to the end
            try:
                self._end()
            finally:
                if waited:
                    self._lock.release()

    def _each(self, python: str, documents: Iterable[Named], asked: deque[_Asked], *, pdfa: bool) -> Iterator[Named]:
        """The PDFs, some documents ahead; in ``asked`` stand those that were begun and not yielded."""
        for name, docx in documents:
            while asked and self._soffice and not _well(self._soffice):  # it ends what it has before it is replaced
                yield self._taken(python, asked)
            asked.append(_Asked(name, docx, pdfa))
            self._ask(python, asked[-1])
            if len(asked) > AHEAD:
                yield self._taken(python, asked)
        while asked:
            yield self._taken(python, asked)

    def _ask(self, python: str, one: _Asked) -> _Attempt:
        """Give a document to the office at hand; what goes wrong is found out when the answer is wanted."""
        soffice = self._at_hand(python)
        fresh = soffice.documents == 0
        require_room(soffice.place, len(one.docx))
        try:
            one.attempt = _Attempt(soffice, fresh, soffice.ask(one.docx, pdfa=one.pdfa))
        except (OSError, SofficeEnded) as error:
            one.attempt = _Attempt(soffice, fresh, error)
        return one.attempt

    def _taken(self, python: str, asked: deque[_Asked]) -> Named:
        """The PDF of the first document, tried twice unless the first office was fresh and gave a reason."""
        one = asked[0]
        for last in (False, True):
            attempt = one.attempt
            if attempt is None or attempt.soffice is not self._soffice:  # that office is no more
                attempt = self._ask(python, one)
            pdf, code, reason = attempt.result()
            if pdf is not None:
                asked.popleft()
                return one.name, pdf
            blame = failure(attempt.soffice.place, one.name, code, reason)
            self._end()
            if last or (attempt.fresh and code == 0):
                raise blame
            log.warning("LibreOffice is started afresh: %s", blame)
        raise AssertionError("unreachable")

    def _settle(self) -> None:
        """Have the office end what it was asked, for nobody; end it if it does not."""
        try:
            if self._soffice is not None:
                self._soffice.settle(SECONDS_A_DOCUMENT)
        except (OSError, SofficeEnded, ConversionStopped):
            self._end()

    def _at_hand(self, python: str) -> SofficeProcess:
        if self._soffice is not None and not _well(self._soffice):
            self._end()
        soffice = self._soffice or self._started(python)
        try:
            soffice.wait(START_SECONDS)
        except SofficeEnded as ended:
            self._end()
            raise _NotStartedError(f"it ended with {ended.code} ({ended.words or 'without a word'})") from ended
        except ConversionStopped as slow:
            self._end()
            raise _NotStartedError(f"it did not answer in {START_SECONDS} s") from slow
        return soffice

    def _started(self, python: str) -> SofficeProcess:
        """An office that was just started, and may not answer yet."""
        try:
            self._soffice = soffice = SofficeProcess(python)
        except OSError as error:
            raise _NotStartedError(str(error)) from error
        self.starts += 1
        return soffice

    def _end(self) -> None:
        if self._soffice is not None:
            soffice, self._soffice = self._soffice, None
            soffice.end()


class _NotStartedError(Exception):
    """A warm office that did not come up; why."""


def _well(soffice: SofficeProcess) -> bool:
    """Whether an office may have another document."""
    return soffice.alive and soffice.documents < EVERY and soffice.memory < MEMORY


@dataclass(frozen=True)
class _Attempt:
    """A document given to an office: ``fresh`` if that had seen no other, and what it is known by, or the trouble."""

    soffice: SofficeProcess
    fresh: bool
    given: Path | OSError | SofficeEnded

    def result(self) -> tuple[bytes | None, int, str]:
        """The PDF if it is good; else LibreOffice's end (0 if it lives) and what it said."""
        try:
            with noticing_a_full_disk(self.soffice.place):
                if not isinstance(self.given, Path):
                    raise self.given
                error = self.soffice.answer(self.given, SECONDS_A_DOCUMENT)
                return (None if error else good_pdf(self.given.with_suffix(".pdf"))), 0, error
        except SofficeEnded as ended:
            return None, ended.code or _LOST, ended.words
        except OSError as refused:
            return None, _LOST, str(refused)
        finally:
            if isinstance(self.given, Path):
                with contextlib.suppress(OSError):
                    self.soffice.clear(self.given)


@dataclass
class _Asked:
    """A document that was begun, and the attempt at it that counts."""

    name: str
    docx: bytes
    pdfa: bool
    attempt: _Attempt | None = None
