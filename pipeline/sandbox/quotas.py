"""Resource limits of a jailed child, and the kernel told to hold them."""

from __future__ import annotations

import logging
import math
import os
import resource
import signal
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.refusals import Refusal, refused

FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})  # no file sends these


@dataclass(frozen=True)
class Limits:
    """Resource limits of a child: bytes of memory, seconds of processor, bytes read and answered.

    Memory and processor are what it takes once it has loaded, whatever the process holds that it was forked from.
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


def require_processor(seconds: float) -> None:
    """Raise FormRejected unless this process, with all that it started, may still compute for that long.

    The kernel counts each process by itself: who starts programs in the jail asks here first.
    """
    most = resource.getrlimit(resource.RLIMIT_CPU)[0]
    if most != resource.RLIM_INFINITY and most - sum(os.times()[:4]) < seconds:
        raise refused(Refusal.SLOW)


def restrict(limits: Limits) -> None:
    """Put this process under its limits, from what it has taken so far; an operator's own hold where they are lower.

    What parsers say of a damaged file is silenced too: they quote it.
    """
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGXCPU):
        signal.signal(one, signal.SIG_DFL)
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    cpu = limits.cpu + math.ceil(time.process_time())  # what loading took is not the form's
    for what, value in (
        (resource.RLIMIT_AS, limits.memory + mapped()),  # nor what was there before
        (resource.RLIMIT_CPU, cpu + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CORE, 0),
    ):
        if value is not None:
            most = resource.getrlimit(what)[1]
            least = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(what, (least, least))
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(cpu, most), most))  # SIGXCPU first, which says why it ends


def mapped() -> int:
    """The bytes of address space that this process has by now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
