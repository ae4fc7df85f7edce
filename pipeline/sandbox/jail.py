"""Sandboxed subprocess, the jail: bytes are parsed in a short-lived child that can do little.

A child is forked from a clean process (``nursery``) that has seen no form, so that no library is imported again and
nothing of another person is in its memory; it lives for one file (``inmate``). What that one has not imported
it loads first; then it is limited, says that it has loaded, is confined, and only then sees a byte. It gets the bytes
through a descriptor that is already open, and answers one JSON value through a pipe.
Memory, processor time, open files and written files are limited by the kernel, the size of the answer by the parent.
Files, the network, programs and other processes are taken away by ``confinement``.
Whatever the file does in there (a crash, an endless loop, a flood) comes out as a FormRejected; what is ours to mend,
as the HouseError it is. Elapsed time is ours: on a busy machine a good file takes long. It only tells a child that
hangs, which says nothing of the file.
"""

from __future__ import annotations

import json
import logging
import os
import select
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.core.errors import FormRejected, ReadingStopped, Transient
from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox import confinement
from pipeline.sandbox.clean_process import CLEAN, Child, Ended
from pipeline.sandbox.inmate import OURS, Work
from pipeline.sandbox.quotas import FROM_OUTSIDE, LIMITS, Limits

log = logging.getLogger(__name__)

_PULSE = 1.0  # seconds between two looks of who waits for the child


def get_ready(kept: object = None, ready: Callable[[Any], object] | None = None) -> None:
    """Have the clean process start, keep ``kept`` for its children and call ``ready(kept)``; this does not wait.

    Both are pickled, and must hold nothing of any form.
    """
    CLEAN.keep(kept, ready)


def run(
    work: Callable[[bytes], Any],
    source: int,
    *,
    limits: Limits = LIMITS,
    kept: object = None,
    load: Callable[[], object] | None = None,
    meanwhile: Callable[[], object] | None = None,
    waiting: Callable[[], object] | None = None,
) -> Any:  # noqa: ANN401 -- JSON
    """What ``work`` answers (a JSON value) for the bytes of the open descriptor ``source``, computed in a child.

    ``work`` and ``load`` are pickled: functions of modules, or partials of these; where they hold ``kept``, it is
    sent once for all children. ``load`` is called in the child before it is confined, to import what ``work`` needs;
    ``meanwhile`` in this process as soon as the child is asked for, ``waiting`` every second from then on. Raises
    FormRejected as ``work`` raised it, or for its own when the child crashed, computed too much or answered nonsense;
    ConfigError and ToolMissing as ``work`` raised them; ReadingStopped when the child hung or was killed from
    outside; ToolMissing or Transient when ``load`` failed or never ended.
    """
    programs = tuple(path for name in limits.programs if (path := shutil.which(name)))
    asked = Work(work, load, replace(limits, programs=programs), confinement.usable())
    answer, ended = _lived(CLEAN.fork(asked, source, kept), limits, meanwhile, waiting)
    if not answer and ended is None:  # it died before the child had seen a byte: another one may live
        answer, ended = _lived(CLEAN.fork(asked, source, kept), limits, None, waiting)
    if not answer:
        raise Transient(
            f"the reader of forms did not start ({ended.code if ended else 'no end'}): this "
            "machine has no memory or no time left for it, or a package is damaged. Nothing was read of the form, "
            "which is tried again; `free -m` and `uptime` say what is short, deploy/setup installs anew."
        )
    if ended is None:
        raise ReadingStopped(
            "the clean process was killed while its child read a form: memory was short, or somebody did it. Nothing "
            "is held against the form, which is tried again; `dmesg` and `free -m` say more."
        )
    if -ended.code in FROM_OUTSIDE and ended.computed <= limits.cpu + 1:  # beyond, the kernel's last word to a loop
        raise ReadingStopped(
            f"the reader of a form was killed ({signal.Signals(-ended.code).name}): memory was short, or somebody "
            "did it. Nothing is held against the form, which is tried again; `dmesg` and `free -m` say more."
        )
    if -ended.code in {signal.SIGXCPU, signal.SIGKILL}:
        raise refused(Refusal.SLOW)
    return _open_answer(answer)


def _lived(
    child: Child,
    limits: Limits,
    meanwhile: Callable[[], object] | None,
    waiting: Callable[[], object] | None,
) -> tuple[bytes, Ended | None]:
    """What a child said, and how it ended: it does not survive this, whatever is raised here."""
    ended = None
    try:
        if meanwhile is not None:
            meanwhile()
        answer = _listen(child.answer, limits, waiting)
    finally:
        ended = child.end()
        if ended is None:
            CLEAN.gone(child.parent)
    return answer, ended


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


def _open_answer(answer: bytes) -> Any:  # noqa: ANN401 -- JSON
    try:
        message = json.loads(answer)
        if "rejected" in message:
            reason, text = message["rejected"]
            raise FormRejected(Refusal(reason).value, str(text))
        for kind in OURS:
            if kind.__name__ in message:
                raise kind(str(message[kind.__name__]))
        if "crash" in message:
            log.warning("a form crashed its reader: %s", str(message["crash"])[:300])
            raise refused(Refusal.STOPPED)
        return message["result"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("a form killed its reader, or its reader answered no JSON (%d bytes)", len(answer))
        raise refused(Refusal.STOPPED) from error
