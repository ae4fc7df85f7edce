"""Process confinement: what the kernel takes away before a stranger’s bytes are touched.

``confine`` is called in a child that was just forked: Landlock takes away the files, seccomp the network and
everything else that a parser never needs. Neither wants a privilege. Where the kernel lacks one of them the work goes
on without, and it is said once in the log; ``status`` says it to a person. Called in order: ``usable`` in the parent
(the first time, it tries for real), then ``confine`` in the child.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import warnings
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from pipeline.core.errors import ConfigError
from pipeline.sandbox import kernel, landlock, seccomp

__all__ = ["Layer", "Usable", "confine", "die_with_parent", "forked", "status", "usable"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Layer:
    """Confinement layer: what the kernel can take away, whether it does here, and how to get it."""

    what: str
    usable: bool
    how: str


@dataclass(frozen=True)
class Usable:
    """Kernel capabilities tried for real: Landlock’s ABI (0 for none), and seccomp."""

    landlock: int
    seccomp: bool


def confine(reads: Collection[str], programs: Collection[str], able: Usable) -> None:
    """Take away from this process, for ever, all that it is not granted, by the means that are ``able``.

    Granted are Python and its packages, ``reads`` (files and folders), and ``programs`` to start.

    Descriptors that are already open stay open. Raises ConfigError where what worked before does not: a child that
    cannot be confined must not start.
    """
    try:
        kernel.prctl(kernel.SET_NO_NEW_PRIVS, 1)
        if able.landlock:
            landlock.restrict(able.landlock, (*landlock.readable(), *reads), landlock.executable(programs))
        if able.seccomp:
            seccomp.restrict(programs=bool(programs))
    except OSError as error:
        raise ConfigError(
            f"the reader of forms cannot be confined: {error}. The kernel allowed it when liasse started; "
            "see `liasse doctor`, and start liasse again."
        ) from error


def die_with_parent(parent: int) -> None:
    """Have this child killed when the process that forked it goes, even by kill -9."""
    kernel.prctl(kernel.SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it went in the meantime
        os.kill(os.getpid(), signal.SIGKILL)


@cache
def usable() -> Usable:
    """What this kernel and this container really allow, tried once; what is missing is said in the log."""
    able = _tried()
    landlock.readable()  # found out before any child needs it
    for layer in _layers(able):
        if not layer.usable:
            log.warning("the reader of forms is less confined than it could be: no %s. %s", layer.what, layer.how)
    return able


def status() -> tuple[Layer, ...]:
    """The means of confinement, tried afresh, for a person who asks what is missing."""
    return _layers(_tried())


def _layers(able: Usable) -> tuple[Layer, ...]:
    kernel_of = "Run a kernel from {} on, with landlock among the names in /sys/kernel/security/lsm (boot: lsm=…)."
    filtered = able.seccomp
    return (
        Layer(
            "file access by grant (Landlock)",
            able.landlock > 0,
            kernel_of.format("5.13") + " In a container, its seccomp profile must allow landlock_create_ruleset.",
        ),
        Layer(
            "refusal of system calls (seccomp)",
            filtered,
            "Run on x86_64 or aarch64, with CONFIG_SECCOMP_FILTER, where prctl(PR_SET_SECCOMP) is allowed.",
        ),
        Layer(
            "refusal of the network (seccomp, or Landlock 4 for TCP alone)",
            filtered or able.landlock >= landlock.TCP_FROM,
            kernel_of.format("6.7") + " Or make seccomp usable.",
        ),
        Layer(
            "refusal of signals from the reader of images (Landlock 6)",
            able.landlock >= landlock.SCOPES_FROM,
            kernel_of.format("6.12") + " Until then, run liasse under a user of its own.",
        ),
    )


def _tried() -> Usable:
    version = landlock.abi()
    landlocked = version > 0 and _in_a_child(lambda: _denies_files(version))
    return Usable(version if landlocked else 0, seccomp.supported() and _in_a_child(_denies_calls))


def _denies_files(version: int) -> bool:
    landlock.restrict(version, ("/dev",))
    try:
        os.listdir("/")  # noqa: PTH208 -- the call is what is tried
    except PermissionError:
        return True
    return False


def _denies_calls() -> bool:
    seccomp.restrict(programs=False)
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    except PermissionError:
        return True
    return False


def _in_a_child(trial: Callable[[], bool]) -> bool:
    """Whether a forked child found it true; one that dies found it false."""

    def life(writer: int) -> None:
        with suppress(BaseException):
            os.write(writer, json.dumps(trial()).encode())

    child, reader = forked(life)
    answer = os.read(reader, 16)
    os.waitpid(child, 0)
    os.close(reader)
    return answer == b"true"


def forked(life: Callable[[int], object]) -> tuple[int, int]:
    """A child that lives ``life`` with the end of a pipe to write to, and ends with it; its id, and the other end."""
    reader, writer = os.pipe2(os.O_CLOEXEC)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12+ warns of forks beside threads
            child = os.fork()
    except OSError:  # the machine has no process left to give
        os.close(reader)
        os.close(writer)
        raise
    if child == 0:
        try:
            life(writer)
        finally:
            os._exit(1)
    os.close(writer)
    return child, reader
