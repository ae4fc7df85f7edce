# ruff: noqa: PTH211, PTH104, PTH108, PLW0108, ARG005, PERF401
"""What code would do that had taken over a reader, each thing really tried and under its name.

A payload is a function of where it is (``Place``); what the kernel refuses raises OSError. ``UNSAFE`` are those that
are not tried without a jail, where nearly all others must succeed.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from confined import call, libc, number

_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_PTRACER, _PR_SET_MM = 4, 22, 0x59616D61, 35
_NAMESPACES = 0x00020000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000


@dataclass(frozen=True)
class Place:
    """Where a payload is: a folder with what it wants, the worker, the clean process, a port, its siblings' group."""

    folder: str
    worker: int
    clean: int
    port: int

    def at(self, name: str) -> str:
        """A file of the folder."""
        return f"{self.folder}/{name}"


Payload = Callable[[Place], object]
ALL: dict[str, Payload] = {}
UNSAFE: set[str] = set()  # not tried without a jail: they would harm, or need what a test has not


def payload(name: str, *, safe: bool = True) -> Callable[[Payload], Payload]:
    """Register a payload under its name."""

    def keep(work: Payload) -> Payload:
        ALL[name] = work
        if not safe:
            UNSAFE.add(name)
        return work

    return keep


def _file(name: str, work: Callable[[str], object], *, safe: bool = True) -> None:
    payload(name, safe=safe)(lambda place: work(place.at("other")))


def _open(path: str, flags: int = os.O_RDONLY) -> None:
    os.close(os.open(path, flags, 0o600))


# Files
for _what, _path in {
    "the users": "/etc/passwd",
    "the passwords": "/etc/shadow",
    "the home": os.path.expanduser("~"),  # noqa: PTH111 -- text
    "the temporary files": "/tmp",  # noqa: S108 -- tried, not used
    "the root": "/",
    "the logs": "/var/log",
    "the machine's id": "/etc/machine-id",
    "the hosts": "/etc/hosts",
}.items():
    payload(f"read {_what}")(lambda _, path=_path: _open(path))  # type: ignore[misc]
for _name in ("ledger.sqlite", "spool-form", "formation.toml"):
    payload(f"read {_name}")(lambda place, name=_name: _open(place.at(name)))  # type: ignore[misc]
    payload(f"write {_name}")(lambda place, name=_name: _open(place.at(name), os.O_WRONLY))  # type: ignore[misc]
_file("stat and list the folder", lambda path: os.listdir(os.path.dirname(path)))  # noqa: PTH120, PTH208 -- calls
_file("append to a form", lambda path: _open(path, os.O_WRONLY | os.O_APPEND))
_file("hard link a form", lambda path: os.link(path, f"{path}.l{os.getpid()}"))
_file("make a symbolic link", lambda path: os.symlink("/etc/passwd", f"{path}.s{os.getpid()}"))
_file("rename a form", lambda path: (os.rename(path, f"{path}.r"), os.rename(f"{path}.r", path)))
_file("exchange two forms", lambda path: call(316, -100, _c(path), -100, _c(path), 2))
_file("delete a form", lambda path: os.unlink(path), safe=False)
_file("make a device", lambda path: os.mknod(f"{path}.d{os.getpid()}"))
_file("tag a form", lambda path: os.setxattr(path, "user.x", b"y"))
_file("fill the disk", lambda path: os.write(os.open(f"{path}.f{os.getpid()}", os.O_CREAT | os.O_WRONLY), b"x"))
_file(
    "reserve the disk",
    lambda path: os.posix_fallocate(os.open(f"{path}.g{os.getpid()}", os.O_CREAT | os.O_RDWR), 0, 9),
)
_file("read its own form by name", lambda path: _open(path.replace("other", "form")))
_file("watch the folder", lambda path: call(254, _inotify(), _c(path), 2))


def _c(text: str) -> int:
    buffer = ctypes.create_string_buffer(text.encode())
    _kept.append(buffer)
    return ctypes.addressof(buffer)


_kept: list[object] = []


def _inotify() -> int:
    call(number("inotify_init1"), 0)
    return 99


# The network
def _socket(family: int, kind: int, protocol: int = 0) -> None:
    socket.socket(family, kind, protocol).close()


for _what, _family, _kind in (
    ("TCP", socket.AF_INET, socket.SOCK_STREAM),
    ("UDP", socket.AF_INET, socket.SOCK_DGRAM),
    ("TCP of version 6", socket.AF_INET6, socket.SOCK_STREAM),
    ("netlink", socket.AF_NETLINK, socket.SOCK_RAW),
    ("packets", socket.AF_PACKET, socket.SOCK_RAW),
    ("the ping of version 4", socket.AF_INET, socket.SOCK_RAW),
    ("the crypto of the kernel", 38, socket.SOCK_SEQPACKET),
    ("Unix sockets", socket.AF_UNIX, socket.SOCK_STREAM),
):
    payload(f"open {_what}")(lambda _, f=_family, k=_kind: _socket(f, k, 1 if k == socket.SOCK_RAW else 0))  # type: ignore[misc]
payload("a pair of sockets")(lambda _: socket.socketpair())
payload("connect to the listening port")(lambda place: socket.create_connection(("127.0.0.1", place.port)))
payload("listen to the world")(lambda _: socket.create_server(("127.0.0.1", 0)))


@payload("speak on an abstract socket")
def _abstract(_: Place) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.bind(f"\0liasse-{os.getpid()}")


# Processes
def _forks(_: Place) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _vm(process: int) -> None:
    word = ctypes.create_string_buffer(16)
    piece = (ctypes.c_size_t * 2)(ctypes.addressof(word), 8)
    call(number("process_vm_readv"), process, ctypes.addressof(piece), 1, ctypes.addressof(piece), 1, 0)


payload("fork")(_forks)
payload("fork without end", safe=False)(lambda _: [os.fork() for _ in range(1_000)])
payload("run a shell", safe=False)(lambda _: os.execv("/bin/sh", ["sh", "-c", "true"]))  # noqa: S606
payload("spawn a shell")(lambda _: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0))
payload("clone3", safe=False)(lambda _: call(435, 0, 0))
payload("leave a daemon behind", safe=False)(lambda _: (os.setsid(), os.fork()))
payload("trace the worker", safe=False)(lambda place: call(number("ptrace"), 16, place.worker, 0, 0))
payload("trace the clean process", safe=False)(lambda place: call(number("ptrace"), 0x4206, place.clean, 0, 0))
payload("read the worker's memory by the kernel", safe=False)(lambda place: _vm(place.worker))
payload("read the clean process's memory by the kernel", safe=False)(lambda place: _vm(place.clean))
payload("a handle on the worker")(lambda place: call(434, place.worker, 0))
payload("take a descriptor of the worker", safe=False)(lambda place: call(438, 3, 0, 0))
payload("be traced", safe=False)(lambda _: call(number("ptrace"), 0, 0, 0, 0))
payload("run code of nowhere")(lambda _: os.memfd_create("x"))
for _signal in (0, signal.SIGUSR1, signal.SIGKILL, signal.SIGSTOP):
    _able = _signal == 0
    payload(f"signal {_signal} to the worker", safe=_able)(lambda place, s=_signal: os.kill(place.worker, s))  # type: ignore[misc]
    payload(f"signal {_signal} to the clean process", safe=False)(lambda place, s=_signal: os.kill(place.clean, s))  # type: ignore[misc]
payload("signal everybody", safe=False)(lambda _: os.kill(-1, signal.SIGTERM))
payload("signal the group of the worker", safe=False)(lambda place: os.killpg(os.getpgid(place.worker), 0))
payload("queue a signal", safe=False)(lambda place: call(number("rt_sigqueueinfo"), place.worker, 10, 0))
payload("slow the worker down")(lambda place: os.setpriority(os.PRIO_PROCESS, place.worker, 19))
payload("move the worker")(lambda place: os.sched_setscheduler(place.worker, os.SCHED_OTHER, os.sched_param(0)))
payload("limit the worker")(lambda place: resource.prlimit(place.worker, resource.RLIMIT_CORE))

# /proc
for _file_name in ("environ", "mem", "maps", "cmdline", "fd", "root"):
    payload(f"open /proc/self/{_file_name}")(lambda _, n=_file_name: _open(f"/proc/self/{n}"))  # type: ignore[misc]
    payload(f"open /proc/worker/{_file_name}")(lambda place, n=_file_name: _open(f"/proc/{place.worker}/{n}"))  # type: ignore[misc]
    payload(f"open /proc/clean/{_file_name}")(lambda place, n=_file_name: _open(f"/proc/{place.clean}/{n}"))  # type: ignore[misc]
payload("write its own memory by the kernel")(lambda _: _open("/proc/self/mem", os.O_WRONLY))
payload("list processes")(lambda _: os.listdir("/proc"))  # noqa: PTH208 -- the call is what is tried

# Memory that is shared
payload("shared memory of System V")(lambda _: call(number("shmget"), 0, 4096, 0o1600))
payload("a queue of System V")(lambda _: call(number("msgget"), 0, 0o1600))
payload("a semaphore of System V")(lambda _: call(number("semget"), 0, 1, 0o1600))
payload("shared memory by name")(lambda _: _open(f"/dev/shm/liasse-{os.getpid()}", os.O_CREAT | os.O_RDWR))  # noqa: S108
payload("a queue by name")(
    lambda _: call(number("mq_open"), _c(f"liasse{os.getpid()}"), os.O_CREAT | os.O_RDWR, 0o600, 0)
)

# The kernel's rarely used parts
for _call, _words in {
    "io_uring_setup": (1, 0),
    "bpf": (5, 0, 0),
    "perf_event_open": (0, 0, -1, -1, 0),
    "userfaultfd": (0,),
    "keyctl": (0, -3, 0),
    "add_key": (0, 0, 0, 0, -3),
    "mount": (0, 0, 0, 0, 0),
    "umount2": (0, 0),
    "unshare": (_NAMESPACES,),
    "setns": (3, 0),
    "chroot": (0,),
    "pivot_root": (0, 0),
    "personality": (0x0040000,),
    "init_module": (0, 0, 0),
    "kexec_load": (0, 0, 0, 0),
    "syslog": (10, 0, 0),
    "open_by_handle_at": (-100, 0, 0),
    "fanotify_init": (0, 0),
    "memfd_secret": (0,),
    "setuid": (0,),
    "setgroups": (0, 0),
    "capset": (0, 0),
    "vmsplice": (4, 0, 0, 0),
}.items():
    payload(f"call {_call}", safe=False)(lambda _, n=_call, w=_words: call(number(n), *w))  # type: ignore[misc]


# Limits
def _raise(what: int) -> None:
    soft, hard = resource.getrlimit(what)
    resource.setrlimit(what, (soft, hard + 1 if hard >= 0 else hard))


for _limit in ("AS", "CPU", "FSIZE", "NOFILE", "NPROC"):
    payload(f"raise the limit {_limit}", safe=False)(
        lambda _, n=_limit: _raise(getattr(resource, f"RLIMIT_{n}"))  # type: ignore[misc]
    )


@payload("a thousand descriptors", safe=False)
def _descriptors(_: Place) -> None:
    held = []
    try:
        for _ in range(1_000):
            held.append(os.dup(0))
    finally:
        for one in held:
            os.close(one)


@payload("a large file in memory", safe=False)
def _large(_: Place) -> None:
    os.ftruncate(os.memfd_create("x"), 1 << 40)


@payload("type at the operator's terminal", safe=False)
def _type(_: Place) -> None:
    fcntl.ioctl(os.open("/dev/tty", os.O_RDWR), 0x5412, b"x")


@payload("type at an inherited terminal", safe=False)
def _type_inherited(_: Place) -> None:
    worked = False
    for descriptor in range(64):
        try:
            fcntl.ioctl(descriptor, 0x5412, b"x")  # TIOCSTI
            worked = True
        except OSError:
            continue
    if not worked:
        raise PermissionError(1, "no terminal")


@payload("write to what was inherited", safe=False)
def _inherited(_: Place) -> None:
    for descriptor in range(5, 256):
        try:
            os.write(descriptor, b"x")
        except OSError:
            continue
        return
    raise PermissionError(1, "nothing was inherited")


@payload("write into its own form", safe=False)
def _own_form(_: Place) -> None:
    os.write(3, b"x")


@payload("have the worker signalled")
def _owner(place: Place) -> None:
    call(number("fcntl"), 1, 8, place.worker)


@payload("let anybody trace it and keep its rights", safe=False)
def _regain(_: Place) -> None:
    if libc.prctl(39, 0, 0, 0, 0) == 1:  # PR_GET_NO_NEW_PRIVS: it cannot be taken back
        raise PermissionError(1, "no new rights")


@payload("loosen its filter", safe=False)
def _loosen(_: Place) -> None:
    if libc.prctl(_PR_SET_SECCOMP, 0, 0, 0, 0) != 0:
        raise PermissionError(1, "refused")


@payload("outlive its parent's death", safe=False)
def _outlive(_: Place) -> None:
    libc.prctl(1, 0, 0, 0, 0)
    os.fork()


@payload("wake up after its end", safe=False)
def _timer(_: Place) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.01)  # it hits itself: SIGALRM ends this very child, nobody else
    time.sleep(0.05)
    raise PermissionError(1, "alive, and nobody else was hit")


def tried(place: Place, names: list[str]) -> dict[str, str]:
    """« done » or what it met, of each payload in order."""
    ends = {}
    for name in names:
        try:
            ALL[name](place)
            ends[name] = "done"
        except OSError as error:
            ends[name] = f"refused {error.errno}"
        except Exception as error:  # noqa: BLE001 -- whatever it was, it did not do it
            ends[name] = type(error).__name__
    return ends


def here() -> str:
    """The folder of this file, for who must import it."""
    return str(Path(__file__).parent)
