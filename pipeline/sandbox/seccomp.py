"""seccomp filter: the kernel answers EPERM to the system calls that a parser never needs. Any user may ask.

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
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.sandbox import kernel

_NETWORK = """
socket 41 198      socketpair 53 199  connect 42 203     bind 49 200        listen 50 201      accept 43 202
accept4 288 242    sendto 44 206      sendmsg 46 211     sendmmsg 307 269   recvfrom 45 207    recvmsg 47 212
recvmmsg 299 243   setsockopt 54 208
"""
_OTHER_PROCESSES = """
ptrace 101 117             process_vm_readv 310 270   process_vm_writev 311 271  process_madvise 440 440
pidfd_open 434 434         pidfd_getfd 438 438        pidfd_send_signal 424 424  kcmp 312 272
rt_sigqueueinfo 129 138    rt_tgsigqueueinfo 297 240  setsid 112 157             setpgid 109 154
setpriority 141 140        ioprio_set 251 30          sched_setscheduler 144 119 sched_setparam 142 118
sched_setattr 314 274      migrate_pages 256 238      move_pages 279 239         shmget 29 194
shmat 30 196               shmctl 31 195              semget 64 190              semctl 66 191
semop 65 193               semtimedop 220 192         msgget 68 186              msgsnd 69 189
msgrcv 70 188              msgctl 71 187              mq_open 240 180            mq_unlink 241 181
"""
_SYSTEM = """
mount 165 40               umount2 166 39             pivot_root 155 41          chroot 161 51
open_tree_attr 467 467     file_setattr 469 469
move_mount 429 429         open_tree 428 428          fsopen 430 430             fsconfig 431 431
fsmount 432 432            fspick 433 433             mount_setattr 442 442      unshare 272 97
setns 308 268              kexec_load 246 104         kexec_file_load 320 294    init_module 175 105
finit_module 313 273       delete_module 176 106      reboot 169 142             swapon 167 224
swapoff 168 225            acct 163 89                quotactl 179 60            quotactl_fd 443 443
syslog 103 116             sethostname 170 161        setdomainname 171 162      settimeofday 164 170
clock_settime 227 112      clock_adjtime 305 266      adjtimex 159 171           ioperm 173 -
iopl 172 -                 modify_ldt 154 -           personality 135 92         setuid 105 146
setgid 106 144             setreuid 113 145           setregid 114 143           setresuid 117 147
setresgid 119 149          setfsuid 122 151           setfsgid 123 152           setgroups 116 159
capset 126 91              vhangup 153 58             nfsservctl 180 42          lookup_dcookie 212 18
"""
_POWERFUL = """
bpf 321 280                keyctl 250 219             add_key 248 217            request_key 249 218
perf_event_open 298 241    userfaultfd 323 282        io_uring_setup 425 425     io_uring_enter 426 426
io_uring_register 427 427  io_setup 206 0             fanotify_init 300 262      inotify_init 253 -
inotify_init1 294 26       inotify_add_watch 254 27   name_to_handle_at 303 264  open_by_handle_at 304 265
memfd_create 319 279       memfd_secret 447 447       execveat 322 281           vmsplice 278 75
"""
_CHANGES = """
chmod 90 -                 fchmod 91 52               fchmodat 268 53            fchmodat2 452 452
chown 92 -                 fchown 93 55               lchown 94 -                fchownat 260 54
setxattr 188 5             lsetxattr 189 6            fsetxattr 190 7            setxattrat 463 463
removexattr 197 14         lremovexattr 198 15        fremovexattr 199 16        removexattrat 466 466
utime 132 -                utimes 235 -               futimesat 261 -            utimensat 280 88
mkdir 83 -                 mkdirat 258 34             mknod 133 -                mknodat 259 33
rmdir 84 -                 unlink 87 -                unlinkat 263 35            rename 82 -
renameat 264 38            renameat2 316 276          link 86 -                  linkat 265 37
symlink 88 -               symlinkat 266 36           creat 85 -                 truncate 76 45
fallocate 285 47
"""
_PROGRAMS = "execve 59 221  fork 57 -  vfork 58 -  clone 56 220"
_LOOKED_AT = """
kill 62 129  tkill 200 130  tgkill 234 131  prlimit64 302 261  fcntl 72 25  open 2 -  openat 257 56
openat2 437 437  clone 56 220  clone3 435 435  prctl 157 167
"""


def _table(text: str, column: int) -> dict[str, int]:
    words = text.split()
    rows = zip(words[::3], words[1::3], words[2::3], strict=True)
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


class Numbers:
    """System-call numbers of a processor: ``never`` at all, ``programs`` to start others, ``looked_at`` by words."""

    def __init__(self, column: int) -> None:
        groups = (_NETWORK, _OTHER_PROCESSES, _SYSTEM, _POWERFUL, _CHANGES)
        self.never: Mapping[str, int] = _table(" ".join(groups), column)
        self.programs: Mapping[str, int] = _table(_PROGRAMS, column)
        self.looked_at: Mapping[str, int] = _table(_LOOKED_AT, column)


X86_64, AARCH64 = Numbers(1), Numbers(2)


_MACHINES = {"x86_64": (0xC000003E, X86_64), "aarch64": (0xC00000B7, AARCH64)}  # AUDIT_ARCH_… of each
_NEWEST = 469  # the last number that these tables know (Linux 6.17): for the child, later calls do not exist

_LOAD, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _MACHINE, _WORDS = 0, 4, 16  # offsets in what the kernel shows of a call
_KILL, _ALLOW, _ANSWER = 0x80000000, 0x7FFF0000, 0x00050000
_REFUSE, _UNKNOWN = _ANSWER | errno.EPERM, _ANSWER | errno.ENOSYS

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | 0o20000000  # the last: O_TMPFILE
_NAMESPACES = 0x7E020000  # CLONE_NEW…
_OF_FCNTL = (8, 15, 1_031)  # F_SETOWN, F_SETOWN_EX: whom the kernel signals; F_SETPIPE_SZ: one budget for a user
_OF_PRCTL = (1, 4, 35, 0x59616D61)  # PR_SET_PDEATHSIG: to outlive who forked it; …_DUMPABLE, …_MM, …_PTRACER


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
    return [*answer, _Instruction(_RETURN, _ALLOW)]


def _inspected(numbers: Numbers, *, programs: bool) -> _Program:
    """The calls that depend on what they are asked."""
    of, own = numbers.looked_at, os.getpid()
    answer: _Program = [
        *_when(of["openat2"], [_Instruction(_RETURN, _UNKNOWN)]),  # its wishes lie in memory: they cannot be seen
        *_when(of["clone3"], [_Instruction(_RETURN, _UNKNOWN)]),
        *_when(of["openat"], _unless(2, _Instruction(_ANY_BIT, _WRITING))),
    ]
    if "open" in of:
        answer += _when(of["open"], _unless(1, _Instruction(_ANY_BIT, _WRITING)))
    for command in _OF_FCNTL:
        answer += _when(of["fcntl"], _unless(1, _Instruction(_EQUAL, command), otherwise=None))
    for option in _OF_PRCTL:
        answer += _when(of["prctl"], _unless(0, _Instruction(_EQUAL, option), otherwise=None))
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
    return [
        _Instruction(_LOAD, _WORDS + 8 * word),
        _Instruction(test.code, test.value, if_false=1),
        _Instruction(_RETURN, _REFUSE),
        _Instruction(_LOAD, _NUMBER) if otherwise is None else _Instruction(_RETURN, otherwise),
    ]


def _only(word: int, value: int) -> _Program:
    return [
        _Instruction(_LOAD, _WORDS + 8 * word),
        _Instruction(_EQUAL, value, if_false=1),
        _Instruction(_RETURN, _ALLOW),
        _Instruction(_RETURN, _REFUSE),
    ]
