"""System-call bindings that Python lacks; each failure is an OSError."""

from __future__ import annotations

import ctypes
import os
import resource

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_libc.prctl.restype = ctypes.c_int

SET_PDEATHSIG = 1
SET_SECCOMP = 22
SET_NO_NEW_PRIVS = 38
_CLOSE_RANGE, _HIGHEST = 436, (1 << 32) - 1  # the same number on every processor
FILTER = 2  # the mode of PR_SET_SECCOMP that takes a program


def syscall(number: int, *arguments: ctypes.c_long | ctypes.Array[ctypes.c_char] | None) -> int:
    """The answer of one system call; raises OSError with the kernel's errno."""
    answer = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer


def prctl(option: int, second: int = 0, third: int = 0) -> None:
    """One setting of this process; raises OSError with the kernel's errno. Addresses are passed as integers."""
    words = (ctypes.c_ulong(value) for value in (second, third, 0, 0))
    if _libc.prctl(ctypes.c_int(option), *words) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def close_from(lowest: int) -> None:
    """Close every descriptor from that one on."""
    try:
        syscall(_CLOSE_RANGE, ctypes.c_long(lowest), ctypes.c_long(_HIGHEST), ctypes.c_long(0))
    except OSError:  # before Linux 5.9, or in a container that refuses what it does not know
        os.closerange(lowest, min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 1 << 20))
