"""Other accounts of the machine, played by processes of arbitrary numbers: what they can see, read and write."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STRANGER, MEMBER = 54_321, 54_322  # numbers that no account has
# Python starts as root, whose home may hold it, and is root no more before the script begins.
_BECOME = """
import json, os, select, sys
os.setgroups({groups}); os.setresgid({account}, {account}, {account}); os.setresuid({account}, {account}, {account})
"""
# Looks at a tree and at the command lines of the machine until its input ends, then tells all that it ever saw.
_LOOK = """
root, words = json.loads(sys.stdin.readline())
words, seen, readable, told, rounds = [word.encode() for word in words], set(), set(), set(), 0
def look():
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            try:
                os.lstat(path)
                seen.add(path)
                if os.path.isdir(path):
                    os.listdir(path)
                    readable.add(path)
                else:
                    open(path, "rb").close()
                    readable.add(path)
            except OSError:
                pass
    for number in filter(str.isdecimal, os.listdir("/proc")):
        for what in ("cmdline", "environ", "comm"):
            try:
                text = open(f"/proc/{number}/{what}", "rb").read()
            except OSError:
                continue
            told.update(text.decode(errors="replace") for word in words if word in text)
while True:
    look()
    rounds += 1
    if select.select([sys.stdin], [], [], 0.05)[0]:
        break
print(json.dumps([sorted(seen), sorted(readable), sorted(told), rounds]))
"""


class Onlooker:
    """A process of another account that looks at a folder, again and again, until it is asked what it saw."""

    def __init__(self, root: Path, words: Sequence[str] = (), *, groups: Sequence[int] = ()) -> None:
        self._root = root
        self._process = _other([_LOOK], MEMBER if groups else STRANGER, groups)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(root), list(words)]) + "\n")
        self._process.stdin.flush()

    def told(self) -> tuple[set[str], set[str], list[str]]:
        """The paths it saw by name, those it could read or list, and the processes that told it one of the words."""
        out, err = self._process.communicate()
        assert self._process.returncode == 0, err
        seen, readable, told, rounds = json.loads(out)
        assert rounds > 1
        short = [{str(Path(path).relative_to(self._root)) for path in paths} for paths in (seen, readable)]
        return short[0], short[1], told


def try_as(script: str, *arguments: Path, groups: Sequence[int] = (), umask: int = 0o022) -> str:
    """What a Python script that another account runs prints; its last error where it fails.

    Its arguments come through its input: another test may be looking at the command lines of the machine.
    """
    taken = f"sys.argv[1:] = json.loads(sys.stdin.readline())\n{script}"
    process = _other([taken], MEMBER if groups else STRANGER, groups, umask=umask)
    out, err = process.communicate(json.dumps([str(one) for one in arguments]) + "\n")
    return out.strip() if process.returncode == 0 else err.strip().splitlines()[-1]


def answer_as(account: int, groups: Sequence[int], work: Callable[[], object]) -> str:
    """What a function answers in a copy of this process that is another account's; its error where it raises one."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups(list(groups))
            os.setresgid(account, account, account)
            os.setresuid(account, account, account)
            try:
                answer = str(work())
            except Exception as error:  # noqa: BLE001 -- told whatever it is
                answer = f"{type(error).__name__}: {error}"
            os.write(theirs, answer.encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as told:
        answer = told.read()
    os.waitpid(child, 0)
    return answer


@contextmanager
def entered_by_all() -> Iterator[Path]:
    """A folder that every account can enter, gone afterwards: those of pytest are closed."""
    root = Path(tempfile.mkdtemp(prefix="acces-", dir="/tmp")).resolve()
    try:
        root.chmod(0o755)
        yield root
    finally:
        shutil.rmtree(root)


def _other(script: Sequence[str], account: int, groups: Sequence[int], **more: Any) -> subprocess.Popen[str]:
    become = _BECOME.format(account=account, groups=list(groups))
    return subprocess.Popen(
        [sys.executable, "-IS", "-c", become + script[0], *script[1:]],
        cwd="/",
        env={"PATH": os.defpath},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )
