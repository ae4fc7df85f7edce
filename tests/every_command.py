"""Commands run in this process as a shell runs them: what they print, in that encoding, and the exit code."""

from __future__ import annotations

import codecs
import importlib
import io
import json
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import NamedTuple

import pipeline
from pipeline.cli.main import main
from pipeline.core.late import load


class Done(NamedTuple):
    """What a command answered."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def told(self) -> list[str]:
        """The lines that say what went wrong."""
        return [line for line in self.err.splitlines() if line.startswith("liasse : ")]


def run_here(words: Sequence[str], *, encoding: str = "utf-8") -> Done:
    """One command, on streams of that encoding."""
    kept = sys.argv, sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    sys.argv, sys.stdout, sys.stderr = ["liasse", *words], out, err
    code: object = 0
    try:
        main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.argv, sys.stdout, sys.stderr = kept
    return Done(tuple(words), int(str(code or 0)), _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode(stream.encoding, "replace")


def as_nobody() -> None:
    """Run the commands that come as JSON on standard input as a user without rights; answer as JSON."""
    asked = json.load(sys.stdin)
    for found in pkgutil.walk_packages(pipeline.__path__, "pipeline."):  # an interpreter may lie where nobody goes
        if not found.name.endswith("__main__"):
            load(importlib.import_module(found.name))
    for encoding in ("ascii", "latin-1", "utf-8", "utf-8-sig", "utf-16", "idna"):
        codecs.lookup(encoding)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    sys.stdout.write(json.dumps([run_here(words) for words in asked]))
