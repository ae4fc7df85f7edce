"""Form parser entry point: what a stranger’s file says, and how sure we are.

``read`` is all that others need. A file is sniffed, gated, recognised and read in a jailed child (``inside``); what
the child answers is JSON, checked (``exchange``) before it is believed.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.core.late import load
from pipeline.core.models import Form, Kind, Reading
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.refusals import Refusal, refused
from pipeline.reading import inside
from pipeline.reading.bundles import PARTS, Part, believed, part_of
from pipeline.reading.decision.abroad import as_abroad
from pipeline.reading.decision.look_alikes import with_look_alikes
from pipeline.reading.decision.sheet_doubts import with_sheet_doubts
from pipeline.reading.decision.swapped import with_swaps
from pipeline.reading.exchange import SCANNED, believe
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.ocr import missing
from pipeline.sandbox.archives import MAX_FILE
from pipeline.sandbox.jail import run
from pipeline.sandbox.quotas import LIMITS, Limits

__all__ = ["read", "read_part"]

SCAN_LIMITS = Limits(
    memory=4_000_000_000,
    cpu=240,  # the largest forms take 45, on an ordinary machine; for all pages and both engines
    files=256,
    processes=None,
    programs=("prlimit", "tesseract"),
    reads=("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/sys/devices/system/cpu", "/proc/cpuinfo"),
)
_PART_LIMITS = Limits(answer=2 * MAX_FILE)  # base64


def read(
    form: Form,
    known: KnownForms,
    *,
    meanwhile: Callable[[], object] | None = None,
    waiting: Callable[[], object] | None = None,
    patience: int = 1,
) -> Reading:
    """Everything that one received file says, each value with its place and its doubt.

    ``known`` are the forms that may be recognised. ``meanwhile`` is called once the child has begun, ``waiting``
    every second until it ends. It may use ``patience`` times the processor time of an ordinary form.

    Raises FormRejected, with a stable code and a French message, for a file that is no form, Bundle for a file that
    holds several; ReadingStopped when it was not read to its end, by no fault of the file; ConfigError when the
    settings of the form's formation are broken.
    """
    limits = replace(LIMITS, reads=known.own.folders, cpu=LIMITS.cpu * patience)
    asked: dict[str, Any] = {"known_forms": known, "received_on": form.received_on}
    _ = known.dictionary.lexicon.tables  # the child may open no other file
    source = os.open(form.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(
            partial(_digitally, **asked, ocr=not missing()),
            source,
            limits=limits,
            load=_load,
            kept=known,
            meanwhile=meanwhile,
            waiting=waiting,
        )
        if isinstance(answer, dict) and SCANNED in answer:
            os.lseek(source, 0, os.SEEK_SET)
            what = str(answer[SCANNED])
            answer = run(
                partial(_optically, **asked, what=what),
                source,
                limits=replace(
                    SCAN_LIMITS, reads=(*SCAN_LIMITS.reads, *known.own.folders), cpu=SCAN_LIMITS.cpu * patience
                ),
                load=_load,
                kept=known,
                waiting=waiting,
            )
    finally:
        os.close(source)
    if isinstance(answer, dict) and PARTS in answer:
        raise believed(answer)
    reading = believe(answer, form, known)
    dictionary = known.fields_of(reading.layout)
    named = with_swaps({field.path: field for field in reading.fields}, dictionary, Path(form.name).stem)
    if reading.kind not in (Kind.PDF_SCAN, Kind.IMAGE):  # there a figure that does not fit may be a wrong one
        named = as_abroad(named, dictionary)
    named = with_look_alikes(named)
    if reading.paper is PaperForm.EMARGEMENT:
        named = with_sheet_doubts(named, scanned=reading.kind in (Kind.PDF_SCAN, Kind.IMAGE))
    return replace(reading, fields=tuple(named.values()))


def _load() -> None:
    load(inside)  # the child imports the rest when that is wanted


def _digitally(data: bytes, **given: Any) -> Any:  # noqa: ANN401 -- what ``inside`` takes: this process has not loaded it
    return inside.read_bytes(data, **given)


def _optically(data: bytes, **given: Any) -> Any:  # noqa: ANN401 -- as above
    return inside.read_optically(data, **given)


def read_part(form: Form, part: Part, *, waiting: Callable[[], object] | None = None) -> bytes:
    """The bytes of one of the files in a bundle. Raises as ``read`` does."""
    source = os.open(form.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(partial(part_of, part=part), source, limits=_PART_LIMITS, waiting=waiting)
    finally:
        os.close(source)
    try:
        return base64.b64decode(answer, validate=True)
    except (TypeError, ValueError) as error:
        raise refused(Refusal.STOPPED) from error
