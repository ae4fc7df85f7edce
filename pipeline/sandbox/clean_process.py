"""Handle on the clean process (``nursery``): started when it is first needed, again when it has died.

There is one for each process of ours that reads. A forked process forgets its parent's and starts its own.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from pipeline.core.errors import ToolMissing, Transient
from pipeline.sandbox import nursery

_PATIENCE = 30.0  # seconds for the clean process to end a child: it has nothing else to do
_PROGRAM = "import sys; sys.path[:] = {path!r}; from pipeline.sandbox.nursery import live; live({parent})"


class Ended(NamedTuple):
    """How a child ended: its exit code (negative: the signal that killed it), its seconds of processor, its memory.

    Both count the programs that it started and waited for; memory is the most bytes that one of them held at once.
    """

    code: int
    computed: float
    memory: int


class Child:
    """A jailed child, as who asked for it sees it; it is ended with ``end``, and by our own end at the latest."""

    def __init__(self, lifeline: socket.socket, answer: int, parent: int) -> None:
        self._lifeline = lifeline
        self.answer = answer
        self.parent = parent

    def end(self) -> Ended | None:
        """Kill it and all that it started; how it had ended, or ``None`` where the clean process is gone too."""
        os.close(self.answer)
        with self._lifeline as line:
            line.settimeout(_PATIENCE)
            with suppress(OSError):  # it may have told already, and closed: that no child could be made
                line.send(b".")
            try:
                told = line.recv(nursery.ENDED.size)
            except OSError:
                return None
        return Ended(*nursery.ENDED.unpack(told)) if told else None


class _Pickler(pickle.Pickler):
    """Pickles work; ``kept`` is not sent along: the clean process has it."""

    def __init__(self, file: io.BytesIO, kept: object) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._kept = kept

    def persistent_id(self, thing: object) -> int | None:
        """A mark for the thing that is kept, nothing for others."""
        return 0 if thing is not None and thing is self._kept else None


class _CleanProcess:
    """The program, while it lives; ``id`` is its process, 0 for none. One thread at a time speaks to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self.id = 0
        self._kept: object = None

    def forget(self) -> None:
        """In a forked child: the parent's is not ours, nor is a lock that another thread of it held."""
        if self._control is not None:
            self._control.close()
        self.__init__()  # type: ignore[misc]

    def fork(self, work: object, source: int, kept: object) -> Child:
        """A child that does that work with that open file; raises Transient if there can be none."""
        with self._lock:
            for again in (False, True):
                control = self._started()
                try:
                    if kept is not None and kept is not self._kept:
                        self._keep(control, kept, None)
                    return Child(*_ask(control, _pickled(work, self._kept), source), self.id)
                except (BrokenPipeError, ConnectionResetError):  # it died since the last time
                    self._end()
                    if again:
                        break
        raise Transient("the clean process of the readers died twice; the form is tried again. `free -m` says more.")

    def keep(self, thing: object, ready: Callable[[Any], object] | None) -> None:
        """Have it keep a thing from now on, and make it ready with ``ready(thing)``; this does not wait for it."""
        with self._lock, suppress(BrokenPipeError, ConnectionResetError):
            self._keep(self._started(), thing, ready)

    def gone(self, process: int) -> None:
        """Have another started when it is next needed: that one gives no answer any more."""
        with self._lock:
            if process == self.id:
                self._end()

    def _keep(self, control: socket.socket, thing: object, ready: Callable[[Any], object] | None) -> None:
        _send(control, nursery.KEEP, _memory(_pickled((thing, ready), None)))
        self._kept = thing

    def _started(self) -> socket.socket:
        if self._control is None:
            self._control, self.id = _start()
            self._kept = None
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self.id:
            with suppress(ProcessLookupError):
                os.kill(self.id, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(self.id, 0)
            self.id = 0


def _start() -> tuple[socket.socket, int]:
    """The program started anew, by exec, with an empty environment and one descriptor; its socket, its id."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    path = [os.path.abspath(entry) for entry in sys.path]  # noqa: PTH100 -- text
    program = _PROGRAM.format(path=path, parent=os.getpid())
    flags = ("-I", "-X", "utf8", *(("-B",) if sys.dont_write_bytecode else ()))
    streams = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    with theirs:
        files = [(os.POSIX_SPAWN_DUP2, theirs.fileno(), nursery.CONTROL), *streams]
        try:
            child = os.posix_spawn(
                sys.executable,
                [sys.executable, *flags, "-c", program],
                {},
                file_actions=files,
                setsid=True,
                setsigmask=(),
                setsigdef=(signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU),
            )
        except OSError as error:
            ours.close()
            raise ToolMissing(f"the clean process that reads forms cannot be started ({error}).") from error
    return ours, child


def _ask(control: socket.socket, request: bytes, source: int) -> tuple[socket.socket, int]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    reader, writer = os.pipe2(os.O_CLOEXEC)
    try:
        with theirs:
            try:
                _send(control, nursery.FORK, _memory(request), source, writer, theirs.fileno())
            finally:
                os.close(writer)
    except BaseException:
        ours.close()
        os.close(reader)
        raise
    return ours, reader


def _send(control: socket.socket, order: bytes, memory: int, *descriptors: int) -> None:
    try:
        socket.send_fds(control, [order], [memory, *descriptors], socket.MSG_NOSIGNAL)
    finally:
        os.close(memory)


def _memory(content: bytes) -> int:
    """A nameless file in memory that holds that: however much it is, nobody waits for who reads it."""
    descriptor = os.memfd_create("work")
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    return descriptor


def _pickled(thing: object, kept: object) -> bytes:
    file = io.BytesIO()
    _Pickler(file, kept).dump(thing)
    return file.getvalue()


CLEAN = _CleanProcess()
os.register_at_fork(after_in_child=CLEAN.forget)
