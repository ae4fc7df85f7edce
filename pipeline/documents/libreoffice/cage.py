"""Sandbox of LibreOffice. Its input is ours, but a template can be edited badly and LibreOffice has flaws.

The cage is bubblewrap: no network, no home, no other process, no account; programs, fonts and settings read-only, one
folder to write in. Where it cannot be used, an empty network namespace is tried, then nothing: each step down is said
once in the log, and ``cage_status`` tells which one holds. Whatever the cage, the environment is a short list and the
limits below hold (see ``process_group.py`` and ``program.py``).

The environment variable ``LIASSE_CAGE`` says what the operator wants:

* ``auto``, the default: the best cage that works here;
* ``require``: bubblewrap or nothing, ToolMissing where it does not work;
* ``off``: no cage, for a machine that is one itself (a container without a network).
"""

from __future__ import annotations

import functools
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.core.errors import ConfigError, ToolMissing

log = logging.getLogger(__name__)

SETTING = "LIASSE_CAGE"
_TRIAL_SECONDS = 20
_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")  # links into /usr on most systems, folders on others
_READ_ONLY = (
    "/etc/fonts",
    "/etc/libreoffice",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/sys/kernel/mm/transparent_hugepage",  # else glibc asks for small pages, and a start lasts half as long again
)
_MEMORY = 4 << 30  # bytes of address space: LibreOffice maps about 1 GiB for our longest packets
_FILE = 256 << 20  # bytes of the largest file that it may write
_PROCESSES = 512  # and threads; counted inside the cage only
_ADVICE = (
    "On Debian: apt-get install bubblewrap. On Ubuntu 24.04 or later, also allow it by deploy/apparmor-bwrap. In a "
    f"container that forbids it, let the container have no network and set {SETTING}=off"
)


class Cage(StrEnum):
    """Sandbox around LibreOffice: all of it, no network only, or none."""

    BWRAP = "bwrap"
    NETWORK = "network"
    NONE = "none"


@dataclass(frozen=True)
class CageStatus:
    """Sandbox in use, and why not a better one (English, empty when there is none better)."""

    cage: Cage
    why: str


def cage_status() -> CageStatus:
    """Which cage holds on this machine, as it was really tried, once per process.

    Raises ToolMissing when LIASSE_CAGE=require cannot be had, ConfigError for a word that LIASSE_CAGE does not know.
    """
    wanted = os.environ.get(SETTING, "auto")
    if wanted not in ("auto", "require", "off"):
        raise ConfigError(f"{SETTING}={wanted!r} is unknown. Write auto, require or off.")
    if wanted == "off":
        return CageStatus(Cage.NONE, f"{SETTING}=off")
    status = _best(shutil.which("bwrap"), shutil.which("unshare"))
    if wanted == "require" and status.cage is not Cage.BWRAP:
        raise ToolMissing(f"{SETTING}=require, but {status.why}. {_ADVICE}.")
    return status


def caged(cage: Cage, command: Sequence[str], *, place: Path, shows: Sequence[Path] = ()) -> list[str]:
    """The command line that runs ``command`` in that cage: it writes in ``place`` only, and may read ``shows``.

    Limits hold in every cage.
    """
    if cage is Cage.BWRAP:
        return [*_bwrap(place, shows), *_limited(command, f"--nproc={_PROCESSES}")]
    if cage is Cage.NETWORK:
        return ["unshare", "--user", "--map-root-user", "--net", *_limited(command)]
    return _limited(command)


def _bwrap(place: Path, shows: Sequence[Path]) -> list[str]:
    options = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    options += ["--ro-bind", "/usr", "/usr"]
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            options += ["--ro-bind", str(path), str(path)]
    for name in _READ_ONLY:
        options += ["--ro-bind-try", name, name]
    options += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108 -- the cage's own, empty
    for shown in shows:
        if not shown.is_relative_to("/usr"):
            options += ["--ro-bind", str(shown), str(shown)]
    return [*options, "--bind", str(place), str(place), "--remount-ro", "/", "--chdir", str(place)]


def _limited(command: Sequence[str], *more: str) -> list[str]:
    """The same command under rlimits, by util-linux's program: a limit set in this process would bind all of it."""
    if shutil.which("prlimit") is None:
        return list(command)
    return ["prlimit", f"--as={_MEMORY}", f"--fsize={_FILE}", "--core=0", *more, *command]


@functools.cache
def _best(bwrap: str | None, unshare: str | None) -> CageStatus:
    why = _trial(Cage.BWRAP) if bwrap else "bubblewrap (bwrap) is not installed"
    if not why:
        return CageStatus(Cage.BWRAP, "")
    no_network = _trial(Cage.NETWORK) if unshare else "unshare is not installed"
    if not no_network:
        log.warning("LibreOffice runs without its cage, though without a network: %s. %s.", why, _ADVICE)
        return CageStatus(Cage.NETWORK, why)
    why = f"{why}; {no_network}"
    log.warning(
        "LibreOffice runs without a cage, with the network and the files of this account: %s. %s.", why, _ADVICE
    )
    return CageStatus(Cage.NONE, why)


def _trial(cage: Cage) -> str:
    """Why this cage does not work here; empty when it does."""
    with tempfile.TemporaryDirectory(prefix="liasse-") as folder:
        return trial(caged(cage, ["true"], place=Path(folder).resolve()), os.environ)


def trial(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Why this command line does not work here; empty when it does."""
    try:
        tried = subprocess.run(  # noqa: S603 -- our own command line
            command,
            env=environment,
            cwd="/",  # it writes nothing
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TRIAL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]} does not run ({type(error).__name__})"
    if tried.returncode == 0:
        return ""
    words = tried.stderr.decode(errors="replace").strip().splitlines()
    return words[-1] if words else f"{command[0]} answers {tried.returncode}"
