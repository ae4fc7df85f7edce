"""What code that had taken over a reader would do to fill disks and memory, and to act once it is gone."""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import resource
import signal
import time

from confined import call, libc
from payloads import Place, payload

_SHARED = "/dev/shm"  # noqa: S108 -- tried, not used
_ENORMOUS = 1 << 40
_TIMER_CREATE, _COPY, _SPLICE, _FALLOCATE, _MEMFD = (
    (222, 326, 275, 285, 319) if os.uname().machine == "x86_64" else (107, 285, 76, 47, 279)
)
_FORM, _ANSWER = 3, 4
_BY_THREAD = 4  # SIGEV_THREAD_ID


def _sparse(path: str) -> None:
    """A file of a terabyte that takes no room until it is written to."""
    made = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        os.ftruncate(made, 1 << 30)
    finally:
        os.close(made)
        os.unlink(path)  # noqa: PTH108 -- as os.open


def _swell(name: str, folder: str | None = None) -> None:
    payload(f"sparse file in {name}")(
        lambda place: _sparse(f"{folder or place.folder}/liasse-{os.getpid()}")  # at hand, then gone again
    )
    payload(f"nameless file in {name}")(
        lambda place: os.close(os.open(folder or place.folder, os.O_TMPFILE | os.O_RDWR, 0o600))
    )


for _name, _folder in {"the folder": None, "shared memory": _SHARED, "the temporary files": "/tmp"}.items():  # noqa: S108
    _swell(_name, _folder)
payload("empty a form", safe=False)(lambda place: os.truncate(place.at("other"), 0))
payload("swell a form", safe=False)(lambda place: os.truncate(place.at("other"), _ENORMOUS))
payload("empty its own form", safe=False)(lambda _: os.ftruncate(_FORM, 0))
payload("swell its own form", safe=False)(lambda _: os.ftruncate(_FORM, _ENORMOUS))
payload("reserve room behind its own form", safe=False)(lambda _: call(_FALLOCATE, _FORM, 0, 0, 1 << 30))
payload("punch a hole in its own form", safe=False)(lambda _: call(_FALLOCATE, _FORM, 3, 0, 4_096))
payload("copy its own form behind itself", safe=False)(lambda _: call(_COPY, _FORM, 0, _FORM, 0, 4_096, 0))
payload("send its own form to itself", safe=False)(lambda _: os.sendfile(_FORM, _FORM, 0, 4_096))
payload("pour its answer into its own form", safe=False)(lambda _: call(_SPLICE, _ANSWER, 0, _FORM, 0, 1, 2))


@payload("write through a map of its own form", safe=False)
def _map(_: Place) -> None:
    with mmap.mmap(_FORM, 4, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE) as form:
        form[0] = 0


@payload("grow a file in memory", safe=False)
def _memory(_: Place) -> None:
    name = ctypes.create_string_buffer(b"x")
    made = libc.syscall(ctypes.c_long(_MEMFD), name, ctypes.c_long(8))  # of huge pages, that other programs want
    if made < 0:
        raise OSError(ctypes.get_errno(), "refused")
    os.ftruncate(made, _ENORMOUS)


payload("a terabyte of shared memory", safe=False)(lambda _: mmap.mmap(-1, _ENORMOUS).close())
payload("more memory than it may have", safe=False)(lambda _: mmap.mmap(-1, 3_000_000_000).close())


@payload("swell a pipe")
def _pipe(_: Place) -> None:
    reader, writer = os.pipe()
    try:
        fcntl.fcntl(writer, 1031, 1 << 20)  # F_SETPIPE_SZ: counted against all that this user does
    finally:
        os.close(reader)
        os.close(writer)


@payload("write past its limit", safe=False)
def _past(place: Place) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.getrlimit(resource.RLIMIT_FSIZE)[1],) * 2)
    made = os.open(place.at("new"), os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(made, b"x")


# Time, and what happens after the end
def _timer(words: tuple[int, int, int], times: int) -> None:
    """Timers of the kernel's: what is told when they are due (value, signal, how), and the thread it is told to."""
    value, told, how = words
    event = (ctypes.c_int * 16)()
    event[2], event[3], event[4] = told, how, value
    made = ctypes.c_int()
    for _ in range(times):
        if libc.syscall(ctypes.c_long(_TIMER_CREATE), ctypes.c_long(1), event, ctypes.byref(made)) < 0:
            raise OSError(ctypes.get_errno(), "refused")


payload("a hundred thousand timers", safe=False)(lambda _: _timer((0, signal.SIGURG, 0), 100_000))
payload("one timer that queues signals", safe=False)(lambda _: _timer((0, signal.SIGURG, 0), 1))
payload("a timer that hits the worker", safe=False)(
    lambda place: _timer((place.worker, signal.SIGKILL, _BY_THREAD), 1)
)
payload("a timer that hits the clean process", safe=False)(
    lambda place: _timer((place.clean, signal.SIGKILL, _BY_THREAD), 1)
)


@payload("a storm of alarms", safe=False)
def _storm(_: Place) -> None:
    """It may wake itself as often as it likes; whoever else was hit is missing at the end of the test."""
    for kind, told in ((signal.ITIMER_VIRTUAL, signal.SIGVTALRM), (signal.ITIMER_PROF, signal.SIGPROF)):
        signal.signal(told, signal.SIG_IGN)
        signal.setitimer(kind, 1e-5, 1e-5)
    signal.setitimer(signal.ITIMER_REAL, 1e-5, 1e-5)
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass
    for kind in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(kind, 0)
    raise PermissionError(1, "alive, and nobody else was hit")


def _asks(option: int, word: int) -> None:
    if libc.prctl(option, word, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "refused")


payload("outlive the clean process")(lambda _: _asks(1, 0))
payload("wake at the clean process's death")(lambda _: _asks(1, signal.SIGCONT))
payload("let anybody look into it")(lambda _: _asks(4, 1))
payload("have anybody trace it", safe=False)(lambda _: _asks(0x59616D61, -1))
payload("move its own memory", safe=False)(lambda _: _asks(35, 1))
