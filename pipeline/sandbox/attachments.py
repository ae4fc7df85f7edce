"""Attachments: a PDF that a person joins to a packet, looked at in the jail as every stranger's file is."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox import cleaning
from pipeline.sandbox.jail import run
from pipeline.sandbox.quotas import LIMITS

BIGGEST = 10_000_000  # bytes: a sheet of a few pages, also scanned
_LIMITS = replace(LIMITS, source=BIGGEST, answer=3 * BIGGEST)


@dataclass(frozen=True)
class Attachment:
    """What was joined, as it can be bound: how many pages, and the PDF without anything that acts."""

    pages: int
    pdf: bytes = field(repr=False)


def open_attachment(path: Path, trial: Callable[[bytes], object], ready: Callable[[], object]) -> Attachment:
    """A PDF made safe to bind; raises FormRejected with its code, ReadingStopped by no fault of the file.

    ``trial`` is called in the jail with what was made of it, and must take it: what it raises refuses the file;
    ``ready`` before, where it may still load what it needs. Both are functions of modules, or partials of these.
    """
    source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(partial(cleaning.clean, trial=trial), source, limits=_LIMITS, load=ready)
    finally:
        os.close(source)
    try:
        pages, pdf = int(answer["pages"]), base64.b64decode(answer["pdf"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise refused(Refusal.STOPPED) from error
    if pages < 1 or not pdf.startswith(b"%PDF-"):
        raise refused(Refusal.STOPPED)
    return Attachment(pages, pdf)
