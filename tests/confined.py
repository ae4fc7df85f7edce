"""Things that a stranger's file might want to do, each really done; and the users that they are done as."""

from __future__ import annotations

import _thread
import ctypes
import errno
import os
import resource
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.sandbox.seccomp import AARCH64, X86_64

NOBODY = 65534
USERS = ("this user", "nobody") if os.geteuid() == 0 else ("this user",)
libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = X86_64 if os.uname().machine == "x86_64" else AARCH64


def become(user: str) -> None:
    """Make this process that user's; nothing if it is « this user »."""
    if user != "this user":
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def children_of(process: int) -> list[int]:
    """The processes that were started by the first thread of one; none if it is gone."""
    try:
        return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except FileNotFoundError:
        return []


def tried(work: Callable[[], Any]) -> str:
    """« done », or the name of the error it met."""
    try:
        work()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    except RuntimeError:
        return "EPERM"  # a thread that could not start has no errno
    return "done"


def call(number: int, *words: int) -> None:
    """A bare system call; raises OSError."""
    if libc.syscall(ctypes.c_long(number), *(ctypes.c_long(word) for word in words)) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def number(name: str) -> int:
    """The number of a system call."""
    return {**NUMBERS.never, **NUMBERS.programs, **NUMBERS.looked_at}[name]


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _send(kind: int, port: int) -> None:
    with socket.socket(socket.AF_INET, kind) as one:
        one.connect(("127.0.0.1", port))
        one.send(b"x")


def _unix(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(path)


def _peek(pid: int) -> None:
    word = ctypes.create_string_buffer(16)
    piece = (ctypes.c_size_t * 2)(ctypes.addressof(word), 8)
    call(number("process_vm_readv"), pid, ctypes.addressof(piece), 1, ctypes.addressof(piece), 1, 0)


def attempts(place: Path, port: int) -> dict[str, Callable[[], Any]]:
    """What to try, by name: ``place`` holds the files « form » and « other » and the socket « unix »."""
    form, other = str(place / "form"), str(place / "other")
    parent = os.getppid()
    return {
        "read the users": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "read another form": lambda: os.open(other, os.O_RDONLY),
        "read its own form again": lambda: os.open(form, os.O_RDONLY),
        "read its own environment": lambda: os.open("/proc/self/environ", os.O_RDONLY),
        "read the parent's memory": lambda: os.open(f"/proc/{parent}/mem", os.O_RDONLY),
        "write the parent's memory": lambda: os.open(f"/proc/{parent}/mem", os.O_WRONLY),
        "peek at the parent": lambda: _peek(parent),
        "trace the parent": lambda: call(number("ptrace"), 16, parent, 0, 0),
        "list the root": lambda: list(Path("/").iterdir()),
        "list the folder": lambda: list(place.iterdir()),
        "write over a form": lambda: os.open(other, os.O_WRONLY),
        "make a file": lambda: os.open(place / "new", os.O_WRONLY | os.O_CREAT, 0o600),
        "make a nameless file": lambda: os.open(place, os.O_TMPFILE | os.O_RDWR),
        "make a folder": (place / "new").mkdir,
        "make a link": lambda: (place / "new").symlink_to("/etc/passwd"),
        "make a pipe": lambda: os.mkfifo(place / "new"),
        "delete a form": Path(other).unlink,
        "rename a form": lambda: Path(other).rename(place / "new"),
        "empty a form": lambda: os.truncate(other, 0),
        "open a form to all": lambda: Path(other).chmod(0o666),
        "give a form away": lambda: os.chown(other, os.getuid(), os.getgid()),
        "change a form's date": lambda: os.utime(other),
        "hide code in memory": lambda: os.memfd_create("x"),
        "run a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 -- tried, not done
        "start a program": lambda: subprocess.run(["/bin/true"], check=False),
        "fork": _fork,
        "start a thread": lambda: _thread.start_new_thread(lambda: None, ()),
        "speak TCP": lambda: _send(socket.SOCK_STREAM, port),
        "speak UDP": lambda: _send(socket.SOCK_DGRAM, port),
        "speak to a Unix socket": lambda: _unix(str(place / "unix")),
        "speak to an abstract socket": lambda: _unix("\0liasse-test"),
        "signal the parent": lambda: os.kill(parent, 0),
        "urge the parent": lambda: os.kill(parent, signal.SIGURG),
        "signal its group": lambda: os.killpg(0, 0),
        "have the parent signalled": lambda: call(number("fcntl"), 4, 8, parent),
        "limit the parent": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
        "leave its session": os.setsid,
        "enter a new namespace": lambda: call(number("unshare"), 0x10000000),
        "ask for io_uring": lambda: call(number("io_uring_setup"), 1, 0),
    }


def tesseract() -> str:
    """The place of tesseract, or nothing."""
    return shutil.which("tesseract") or ""
