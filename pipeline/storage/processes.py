"""Process identity: named so that the living are told from the dead, across restarts."""

from __future__ import annotations

import os
import re
import socket
from itertools import pairwise
from pathlib import Path

_PROGRAMS = ("liasse", "pipeline")  # as installed, or as a module


def this_process() -> str:
    """A name that no other process has or will have: machine, boot, number and birth."""
    return f"{socket.gethostname()} {_boot()} {os.getpid()} {_birth(os.getpid())}"


def is_dead(owner: str) -> bool:
    """Whether the process of that name has ended. Of other machines we cannot know: their lease must run out."""
    parts = owner.split(" ")
    if len(parts) != 4 or parts[0] != socket.gethostname():
        return False
    return parts[1] != _boot() or _birth(int(parts[2])) != parts[3]


def is_alive(owner: str) -> bool:
    """Whether the process of that name surely runs; of other machines we cannot know."""
    return owner.startswith(f"{socket.gethostname()} ") and not is_dead(owner)


def command_of(number: int) -> str:
    """Which command of liasse a process is, without its options, which may name persons."""
    try:
        words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "a program"
    for word, following in pairwise(words):
        if Path(os.fsdecode(word)).name in _PROGRAMS and re.fullmatch(b"[a-z]+", following):
            return f"liasse {following.decode()}"
    return "a program"


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "-"


def _birth(pid: int) -> str:
    """When a process began, in the kernel's ticks; « gone » for one that is no more or a zombie."""
    try:
        after_name = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return "gone"
    return "gone" if after_name[0] in {"Z", "X"} else after_name[19]
