"""Sandboxed subprocess, the jail: bytes are parsed in a short-lived child that can do little.

The child is forked, so that no library is imported again, and it lives for one file. What its parent has not imported
it loads first, as freely as its parent would; then it is limited, says that it has loaded, is confined, and only then
sees a byte. It gets the bytes through a descriptor that is already open, and answers one JSON value through a pipe.
Memory, processor time, open files and written files are limited by the kernel, the size of the answer by the parent.
Files, the network, programs and other processes are taken away by ``confinement``.
Whatever the file does in there (a crash, an endless loop, a flood) comes out as a FormRejected; what is ours to mend,
as the HouseError it is. Elapsed time is ours: on a busy machine a good file takes long. It only tells a child that
hangs, which says nothing of the file.

A fork copies one thread only: call ``run`` where no other thread holds a lock that the parsers need.
"""

from __future__ import annotations

import gc
import json
import logging
import math
import os
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from pipeline.core.errors import ConfigError, FormRejected, ReadingStopped, ToolMissing, Transient
from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox import confinement

log = logging.getLogger(__name__)

_RARELY = 50_000  # objects made between two collections: the child lives for a second
_OURS = (ConfigError, ToolMissing, ReadingStopped)  # what crosses the pipe as it was raised, besides FormRejected
_PULSE = 1.0  # seconds between two looks of who waits for the child
FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})  # no file sends these
_LOADED = b"\n"  # said when it has; JSON does not mind it before the answer
_SOURCE, _ANSWER = 3, 4  # the only descriptors of the child, besides its closed standard streams


@dataclass(frozen=True)
class Limits:
    """Resource limits of a child: bytes of memory, seconds of processor, bytes read and answered.

    Memory and processor are what it takes once it has loaded, whatever its parent holds.
    A child that has not ended after ``hang`` seconds, loading or working, is taken for hung. ``programs`` may be
    started and ``reads`` (files and folders) be read, besides Python and its packages.
    """

    memory: int = 1_500_000_000
    cpu: int = 8  # a form takes half a second
    hang: float = 600.0
    source: int = 60_000_000
    answer: int = 4_000_000
    files: int = 64
    processes: int | None = 0  # ``None``: threads and programs are not counted, as the reader of images must
    programs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


LIMITS = Limits()


def run(
    work: Callable[[bytes], Any],
    source: int,
    *,
    limits: Limits = LIMITS,
    load: Callable[[], object] | None = None,
    meanwhile: Callable[[], object] | None = None,
    waiting: Callable[[], object] | None = None,
) -> Any:  # noqa: ANN401 -- JSON
    """What ``work`` answers (a JSON value) for the bytes of the open descriptor ``source``, computed in a child.

    ``load`` is called in the child before it is confined, to import what ``work`` needs; ``meanwhile`` in this
    process as soon as the child lives, ``waiting`` every second from then on. Raises FormRejected as ``work`` raised
    it, or for its own when the child crashed, computed too much or answered nonsense; ConfigError
    and ToolMissing as ``work`` raised them; ReadingStopped when the child hung or was killed from outside;
    ToolMissing or Transient when ``load`` failed or never ended.
    """
    able, parent = confinement.usable(), os.getpid()
    child, reader = confinement.forked(lambda writer: _live(work, (source, writer), limits, parent, able, load=load))
    try:
        if meanwhile is not None:
            meanwhile()
        answer = _listen(reader, limits, waiting)
    finally:
        ended, computed = _end(child)
        os.close(reader)
    if not answer:
        raise Transient(
            f"the reader of forms did not start (it ended with {ended}): this machine has "
            "no memory or no time left for it, or a package is damaged. Nothing was read of the form, which is tried "
            "again; `free -m` and `uptime` say what is short, deploy/setup installs anew."
        )
    if -ended in FROM_OUTSIDE and computed <= limits.cpu + 1:  # beyond, the kernel's last word to an endless loop
        raise ReadingStopped(
            f"the reader of a form was killed ({signal.Signals(-ended).name}): memory was short, or somebody did it. "
            "Nothing is held against the form, which is tried again; `dmesg` and `free -m` say more."
        )
    if -ended in {signal.SIGXCPU, signal.SIGKILL}:
        raise refused(Refusal.SLOW)
    return _open_answer(answer)


def require_processor(seconds: float) -> None:
    """Raise FormRejected unless this process, with all that it started, may still compute for that long.

    The kernel counts each process by itself: who starts programs in the jail asks here first.
    """
    most = resource.getrlimit(resource.RLIMIT_CPU)[0]
    if most != resource.RLIM_INFINITY and most - sum(os.times()[:4]) < seconds:
        raise refused(Refusal.SLOW)


def _listen(reader: int, limits: Limits, waiting: Callable[[], object] | None) -> bytes:
    """What the child says; nothing when it did not load."""
    deadline = time.monotonic() + limits.hang
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    chunks: list[bytes] = []
    size = 0
    while True:
        left = deadline - time.monotonic()
        if not poll.poll(min(max(left, 0), _PULSE) * 1_000):  # what is there counts: we may have been frozen
            if left > 0:
                if waiting is not None:
                    waiting()
                continue
            if not chunks:
                return b""
            raise ReadingStopped(
                f"the reader of a form had not ended after {limits.hang:g} s: it hangs, or this machine has no time "
                "for it. Nothing is held against the form, which is tried again; `uptime` says how busy it is."
            )
        chunk = os.read(reader, 65_536)
        if not chunk:
            return b"".join(chunks)
        if not chunks:  # it has loaded, and sees the form from now on
            deadline = time.monotonic() + limits.hang
        chunks.append(chunk)
        size += len(chunk)
        if size > limits.answer:
            raise refused(Refusal.WORDY)


def _end(child: int) -> tuple[int, float]:
    """Nothing of the child survives, whatever it started, also when it has already gone.

    Its exit code (negative: the signal that killed it), and the seconds of processor of it and the programs it ended.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime


def _open_answer(answer: bytes) -> Any:  # noqa: ANN401 -- JSON
    try:
        message = json.loads(answer)
        if "rejected" in message:
            reason, text = message["rejected"]
            raise FormRejected(Refusal(reason).value, str(text))
        for kind in _OURS:
            if kind.__name__ in message:
                raise kind(str(message[kind.__name__]))
        if "crash" in message:
            log.warning("a form crashed its reader: %s", str(message["crash"])[:300])
            raise refused(Refusal.STOPPED)
        return message["result"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("a form killed its reader, or its reader answered no JSON (%d bytes)", len(answer))
        raise refused(Refusal.STOPPED) from error


def _live(
    work: Callable[[bytes], Any],
    ends: tuple[int, int],
    limits: Limits,
    parent: int,
    able: confinement.Usable,
    *,
    load: Callable[[], object] | None,
) -> NoReturn:
    """The whole life of the child: it never returns to the code that forked it."""
    status = 1
    try:
        os.setsid()
        confinement.die_with_parent(parent)
        _close_everything_but(*ends)
        gc.freeze()  # nothing of the parent's ends here: it would close descriptors that are the child's now
        unable = _load(load)
        gc.freeze()  # what was made so far is not looked through again, nor copied by being looked at
        gc.set_threshold(_RARELY)
        _restrict(limits)
        _write(_LOADED)
        answer = unable or _answer(work, limits, able)
        _write(json.dumps(answer, ensure_ascii=True).encode())
        status = 0
    finally:
        os._exit(status)


def _load(load: Callable[[], object] | None) -> dict[str, Any]:
    """Import what the work needs; what to answer where that is not possible."""
    try:
        if load is not None:
            load()
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is the installation's, not the form's
        return {ToolMissing.__name__: f"the reader of forms cannot be loaded ({error}). Install liasse again."}
    return {}


def _answer(work: Callable[[bytes], Any], limits: Limits, able: confinement.Usable) -> dict[str, Any]:
    try:
        confinement.confine(limits.reads, limits.programs, able)
        return {"result": work(_read(limits.source))}
    except FormRejected as error:
        return {"rejected": [error.reason, error.message]}
    except _OURS as error:
        return {type(error).__name__: str(error)}
    except Exception as error:  # noqa: BLE001 -- a parser may raise anything at all on a hostile file
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"  # noqa: PTH119 -- text
        return {"crash": f"{type(error).__name__} at {place}"}  # never its message: it may quote a person's data


def _read(limit: int) -> bytes:
    with os.fdopen(_SOURCE, "rb") as file:
        file.seek(0)
        data = file.read(limit + 1)
    if len(data) > limit:
        raise refused(Refusal.TOO_BIG, limit=limit // 1_000_000)
    return data


def _write(answer: bytes) -> None:
    view = memoryview(answer)
    while view:
        view = view[os.write(_ANSWER, view) :]


def _close_everything_but(source: int, writer: int) -> None:
    """Descriptors 0 to 2 lead nowhere, 3 is the form, 4 the answer; the ledger, sockets and the rest are closed."""
    null = os.open(os.devnull, os.O_RDWR)
    high = [os.dup(fd) for fd in (source, writer)]  # out of the way first: they may be 3 and 4, crossed
    while min(high) <= _ANSWER:
        high = [os.dup(fd) for fd in high]
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.dup2(high[0], _SOURCE)
    os.dup2(high[1], _ANSWER)
    os.closerange(_ANSWER + 1, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 16))


def _mapped() -> int:
    """The bytes of address space that this process has by now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _restrict(limits: Limits) -> None:
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGXCPU):
        signal.signal(one, signal.SIG_DFL)
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)  # parsers chatter about damaged files, quoting them
    cpu = limits.cpu + math.ceil(time.process_time())  # what loading took is not the form's
    for what, value in (
        (resource.RLIMIT_AS, limits.memory + _mapped()),  # nor what its parent holds
        (resource.RLIMIT_CPU, cpu + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CORE, 0),
    ):
        if value is not None:
            most = resource.getrlimit(what)[1]  # the operator's own limit holds, where it is lower
            least = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(what, (least, least))
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(cpu, most), most))  # SIGXCPU first, which says why it ends
