"""Soffice process that stays, in its sandbox, behind ``uno_child.py``: a line of JSON asks, a line answers."""

from __future__ import annotations

import contextlib
import json
import secrets
import select
import socket
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.documents.libreoffice import process_group, program
from pipeline.documents.libreoffice.bridge import CHILD
from pipeline.documents.libreoffice.cage import Cage, cage_status, caged
from pipeline.documents.libreoffice.workplace import last_words, new_place, remove, write_new

_LONGEST = 65_536  # bytes of an answer
_READ = 4096
_GOODBYE = 3  # seconds that it is given to end by itself


class SofficeEnded(Exception):
    """LibreOffice or its UNO client is no more: how it ended (128 + n for a signal), its last words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"LibreOffice ended with {code}")
        self.code = code
        self.words = words


class SofficeProcess:
    """A LibreOffice that waits for documents in a folder of its own; ``end`` it, whatever it answers.

    It may be given a document while it works at another. ``documents`` counts those it was given, ``memory`` is the
    bytes it held after the last one that it answered.
    """

    def __init__(self, python: str) -> None:
        """Start it with that Python, and do not wait for it; raises OSError, Transient for a full disk."""
        self.place = new_place()
        self.documents = 0
        self.memory = 0
        self._given: deque[Path] = deque()  # not answered yet, in the order in which they will be
        self._answers: dict[Path, str] = {}  # what is wrong with each document
        self._warm_up = self.place / "000000.docx"
        self._received = b""
        self._up = False
        self._cage = cage_status().cage
        self._closing = contextlib.ExitStack()
        self._closing.callback(remove, self.place)
        try:
            self._process = self._started(python)
            self._closing.callback(process_group.end, self._process)
        except BaseException:
            self._closing.close()
            raise

    def wait(self, seconds: float) -> None:
        """Until it answers that it is up; raises SofficeEnded if it does not start, ConversionStopped after that."""
        if not self._up:
            self._answer(seconds)
            self._up = True

    def _started(self, python: str) -> subprocess.Popen[bytes]:
        line = self._closing.enter_context(process_group.lifeline())
        ours, its = socket.socketpair()
        self._socket = self._closing.enter_context(ours)
        soffice = program.find_soffice()
        pipe = f"liasse{secrets.token_hex(8)}"
        wanted = {
            "command": program.waiting_command(soffice, program.new_profile(self.place, soffice), pipe),
            "pipe": pipe,
            "filter": program.FILTER,
        }
        command = caged(
            self._cage,
            [python, "-sB", str(CHILD), json.dumps(wanted)],
            place=self.place,
            shows=(*program.folders(soffice), CHILD),
        )
        with its, (self.place / process_group.LOG).open("wb") as log:
            return subprocess.Popen(  # noqa: S603 -- our own command line
                ["/bin/sh", "-c", process_group.TALKER, "liasse", *command],
                cwd=self.place,
                env=program.environment(self.place),
                stdin=line,
                stdout=its.fileno(),
                stderr=log,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process.poll() is None

    def warm_up(self) -> None:
        """Have it make a page for nobody: its first takes twice as long as the next. Raises SofficeEnded, OSError."""
        self._give(self._warm_up, program.one_line())

    def ask(self, docx: bytes, *, pdfa: bool = False) -> Path:
        """Give it a Word file to make into a PDF (PDF/A-2b if that is asked); returns what ``answer`` knows it by.

        Raises SofficeEnded, OSError for what the disk refuses.
        """
        self.documents += 1
        source = self.place / f"{self.documents:06d}.docx"
        self._give(source, docx, pdfa=pdfa)
        return source

    def answer(self, source: Path, seconds: float) -> str:
        """What is wrong with a document; nothing where its PDF lies beside it, until ``clear``.

        Raises SofficeEnded, ConversionStopped when nothing is heard for ``seconds``.
        """
        while source not in self._answers:
            answer = self._answer(seconds)
            given = self._given.popleft()
            wrong = "" if answer.get("ok") is True else str(answer.get("error", ""))[:300] or "nothing"
            self.memory = _number(answer.get("memory"))
            self._answers[given] = wrong.replace(str(self.place), "…")
        if self._answers.pop(self._warm_up, None) is not None:
            self.clear(self._warm_up)
        return self._answers.pop(source)

    def clear(self, source: Path) -> None:
        """Remove a document and its PDF."""
        for path in (source, source.with_suffix(".pdf")):
            path.unlink(missing_ok=True)

    def settle(self, seconds: float) -> None:
        """Have it end what it was given, for nobody; raises as ``answer`` does."""
        for source in (*self._answers, *self._given):
            if source != self._warm_up:
                self.answer(source, seconds)
                self.clear(source)

    def end(self) -> None:
        """End it and all that it started; its folder is gone."""
        if self._cage is not Cage.BWRAP:  # its sockets lie in everybody's /tmp: let it remove them
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                self._socket.shutdown(socket.SHUT_WR)
                self._process.wait(timeout=_GOODBYE)
        self._closing.close()

    def _give(self, source: Path, docx: bytes, *, pdfa: bool = False) -> None:
        write_new(source, docx)
        asked = {"in": str(source), "out": str(source.with_suffix(".pdf")), "export": program.export(pdfa=pdfa)}
        try:
            self._socket.sendall(json.dumps(asked).encode() + b"\n")
        except OSError as error:
            raise self._ended() from error
        self._given.append(source)

    def _answer(self, seconds: float) -> Mapping[str, Any]:
        deadline = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        while b"\n" not in self._received:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise process_group.too_slow(seconds)
            chunk = b""
            with contextlib.suppress(ConnectionError):
                chunk = self._socket.recv(_READ)
            if not chunk or len(self._received) > _LONGEST:
                raise self._ended()
            self._received += chunk
        line, _, self._received = self._received.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise self._ended()
        return answer

    def _ended(self) -> SofficeEnded:
        """How it ended; it is ended where it has not."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        process_group.end(self._process)
        code = self._process.returncode
        return SofficeEnded(128 - code if code < 0 else code, last_words(self.place))


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
