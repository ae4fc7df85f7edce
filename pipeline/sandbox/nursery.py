"""Fork server: the clean process that jailed children are forked from. It has seen no form, and has no environment.

It was started by ``clean_process`` as a program of its own: nothing of a worker's memory is in it, and it only
passes descriptors on: what a child is to do and the form itself are opened by the child alone. It imports the readers
once, and keeps one thing that each of them needs: the forms that are known. It ends with the process that started it,
and each child with whoever asked for it.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from pipeline.core.late import load
from pipeline.sandbox import confinement, inmate, kernel, landlock, quotas, seccomp

FORK, KEEP = b"F", b"K"
ENDED = struct.Struct("=id")  # what is told of a child: its exit code, its seconds of processor
CONTROL = 3  # the descriptor that orders come by
_SENT = 4  # descriptors that an order may bring
_UNBORN = 71  # the exit code of a child that could not be forked: EX_OSERR
_LOOK = 2.0  # seconds between two looks whether the process that started this one is still there


def live(parent: int) -> NoReturn:
    """Take orders until the other end is closed."""
    try:
        kernel.close_from(CONTROL + 1)
        os.chdir("/")
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # at a terminal it is meant for who started this
        load(confinement, seccomp)  # all that a child needs before it is confined, so that none has to load it
        landlock.readable()
        quotas.mapped()
        _Nursery(socket.socket(fileno=CONTROL), parent).serve()
    finally:
        os._exit(0)


class _Nursery:
    def __init__(self, control: socket.socket, parent: int) -> None:
        self._control = control
        self._parent = parent
        self._children: dict[int, tuple[socket.socket, int]] = {}  # by the descriptor of who asked for it
        self._kept: object = None

    def serve(self) -> None:
        """Forks at each order, ends a child when who asked for it says so or has gone."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        while True:
            ready = [fd for fd, _ in poll.poll(_LOOK * 1_000)]
            if os.getppid() != self._parent:
                return
            for fd in ready:
                if fd in self._children:
                    poll.unregister(fd)
                    self._end(fd)
            if self._control.fileno() in ready:
                order, given, _, _ = socket.recv_fds(self._control, 1, _SENT, socket.MSG_CMSG_CLOEXEC)
                if not order:
                    return
                if order == KEEP:
                    self._keep(given[0])
                elif (lifeline := self._fork(*given)) is not None:
                    poll.register(lifeline, select.POLLIN)

    def _fork(self, request: int, source: int, writer: int, lifeline: int) -> int | None:
        line = socket.socket(fileno=lifeline)
        mine = os.getpid()
        try:
            child = os.fork()
        except OSError:  # no process left to give
            with line, suppress(OSError):
                line.send(ENDED.pack(_UNBORN, 0.0))
            return None
        else:
            if child == 0:
                inmate.live(request, source, writer, self._kept, mine)
            self._children[lifeline] = line, child
            return lifeline
        finally:
            for one in (request, source, writer):
                os.close(one)

    def _end(self, lifeline: int) -> None:
        """Nothing of the child survives, whatever it started, also when it has already gone."""
        line, child = self._children.pop(lifeline)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status, used = os.wait4(child, 0)
        with line, suppress(OSError):
            line.recv(1)  # or closing it would throw away what is told
            line.send(ENDED.pack(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime))

    def _keep(self, given: int) -> None:
        """Keep what is sent, instead of what was kept, and make it ready; what fails each child meets by itself."""
        with os.fdopen(given, "rb") as file, suppress(Exception):
            file.seek(0)
            ready: Callable[[object], object] | None
            self._kept, ready = None, None
            self._kept, ready = pickle.load(file)  # noqa: S301 -- our own side's, never a file's
            if ready is not None:
                ready(self._kept)
        gc.collect()
        gc.freeze()  # children do not look it through, and so do not copy it
