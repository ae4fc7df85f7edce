"""seccomp: from here on, the kernel answers EPERM to the system calls that a parser never needs. Any user may ask.

This closes what Landlock leaves open: UDP and every other socket, changes of rights and times, signals to others on
older kernels, the kernel's rarely used and dangerous parts. Where Landlock is missing, nothing can be written still.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from dataclasses import dataclass

from pipeline.sandbox import kernel
from pipeline.sandbox.syscalls import AARCH64, X86_64, Numbers

_MACHINES = {"x86_64": (0xC000003E, X86_64), "aarch64": (0xC00000B7, AARCH64)}  # AUDIT_ARCH_… of each
_NEWEST = 469  # the last number that these tables know (Linux 6.17): for the child, later calls do not exist

_LOAD, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _MACHINE, _WORDS = 0, 4, 16  # offsets in what the kernel shows of a call
_KILL, _ALLOW, _ANSWER = 0x80000000, 0x7FFF0000, 0x00050000
_REFUSE, _UNKNOWN = _ANSWER | errno.EPERM, _ANSWER | errno.ENOSYS

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | 0o20000000  # the last: O_TMPFILE
_NAMESPACES = 0x7E020000  # CLONE_NEW…
_SET_OWNER, _SET_OWNER_EX = 8, 15  # fcntl: whom the kernel signals when a descriptor is ready


@dataclass(frozen=True)
class _Instruction:
    code: int
    value: int
    if_true: int = 0
    if_false: int = 0

    def packed(self) -> bytes:
        return struct.pack("=HBBI", self.code, self.if_true, self.if_false, self.value)


_Program = list[_Instruction]


def supported() -> bool:
    """Whether the tables know this processor; the kernel's own word comes from a real try."""
    return platform.machine() in _MACHINES and sys.byteorder == "little" and sys.maxsize > 1 << 32


def restrict(*, programs: bool) -> None:
    """Refuse those system calls to this process and to all that it starts, for ever.

    ``programs`` lets it start others; without, it has no thread and no child either. Raises OSError if the kernel
    refuses, KeyError on a processor that is not ``supported``.
    """
    code = b"".join(instruction.packed() for instruction in _filter(programs=programs))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("=H6xQ", len(code) // 8, ctypes.addressof(buffer))
    header = ctypes.create_string_buffer(program, len(program))
    kernel.prctl(kernel.SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.SET_SECCOMP, kernel.FILTER, ctypes.addressof(header))


def _filter(*, programs: bool) -> _Program:
    machine, numbers = _MACHINES[platform.machine()]
    answer: _Program = [
        _Instruction(_LOAD, _MACHINE),
        _Instruction(_EQUAL, machine, if_true=1),
        _Instruction(_RETURN, _KILL),  # calls in the manner of another processor have other numbers
        _Instruction(_LOAD, _NUMBER),
        _Instruction(_GREATER, _NEWEST, if_false=1),
        _Instruction(_RETURN, _UNKNOWN),
    ]
    answer += _inspected(numbers, programs=programs)
    refused = dict(numbers.never) if programs else {**numbers.never, **numbers.programs}
    for number in sorted(refused.values()):
        answer += _when(number, [_Instruction(_RETURN, _REFUSE)])
    answer.append(_Instruction(_RETURN, _ALLOW))
    return answer


def _inspected(numbers: Numbers, *, programs: bool) -> _Program:
    """The calls that depend on what they are asked."""
    of, own = numbers.looked_at, os.getpid()
    answer: _Program = []
    answer += _when(of["openat2"], [_Instruction(_RETURN, _UNKNOWN)])  # its wishes lie in memory: they cannot be seen
    answer += _when(of["clone3"], [_Instruction(_RETURN, _UNKNOWN)])
    answer += _when(of["openat"], _unless(2, _Instruction(_ANY_BIT, _WRITING)))
    if "open" in of:
        answer += _when(of["open"], _unless(1, _Instruction(_ANY_BIT, _WRITING)))
    for command in (_SET_OWNER, _SET_OWNER_EX):
        answer += _when(of["fcntl"], _unless(1, _Instruction(_EQUAL, command), otherwise=None))
    answer += _when(of["prlimit64"], _only(0, 0))
    if programs:
        answer += _when(of["clone"], _unless(0, _Instruction(_ANY_BIT, _NAMESPACES)))
    else:
        for name in ("kill", "tkill", "tgkill"):
            answer += _when(of[name], _only(0, own))
    return answer


def _when(number: int, then: _Program) -> _Program:
    return [_Instruction(_EQUAL, number, if_false=len(then)), *then]


def _unless(word: int, test: _Instruction, *, otherwise: int | None = _ALLOW) -> _Program:
    """Refused when the test of that word of the call holds; ``otherwise`` ``None`` goes on to the next rule."""
    load = _Instruction(_LOAD, _WORDS + 8 * word)
    check = _Instruction(test.code, test.value, if_false=1)
    last = _Instruction(_LOAD, _NUMBER) if otherwise is None else _Instruction(_RETURN, otherwise)
    return [load, check, _Instruction(_RETURN, _REFUSE), last]


def _only(word: int, value: int) -> _Program:
    load = _Instruction(_LOAD, _WORDS + 8 * word)
    return [
        load,
        _Instruction(_EQUAL, value, if_false=1),
        _Instruction(_RETURN, _ALLOW),
        _Instruction(_RETURN, _REFUSE),
    ]
