"""Form parser entry point: what a stranger’s file says, and how sure we are.

``read`` is all that others need. A file is sniffed, gated, recognised and read in a jailed child (``inside``); what
the child answers is JSON, checked (``exchange``) before it is believed.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import phonenumbers
import pypdfium2

from pipeline.core.late import load
from pipeline.core.models import Form, Kind, Reading
from pipeline.core.refusals import Refusal, refused
from pipeline.reading import digital, inside, scans
from pipeline.reading.bundles import PARTS, Part, believed, part_of
from pipeline.reading.decision.abroad import as_abroad
from pipeline.reading.decision.swapped import with_swaps
from pipeline.reading.exchange import SCANNED, believe
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.ocr import missing
from pipeline.reading.seen import shapes
from pipeline.sandbox.archives import MAX_FILE
from pipeline.sandbox.jail import LIMITS, Limits, run

__all__ = ["preload", "read", "read_part"]

SCAN_LIMITS = Limits(
    memory=4_000_000_000,
    cpu=240,  # the largest forms take 45, on an ordinary machine; for all pages and both engines
    files=256,
    processes=None,
    programs=("prlimit", "tesseract"),
    reads=("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/sys/devices/system/cpu", "/proc/cpuinfo"),
)
_PART_LIMITS = Limits(answer=2 * MAX_FILE)  # base64


def preload(known: KnownForms | None = None) -> None:
    """Import what reads any form, once, for whoever reads many: each child then finds it there.

    So are the shapes of letters, and the editions of our own blanks that are given out today, of the forms ``known``.
    """
    load(phonenumbers, pypdfium2, inside, digital, scans)
    shapes.learn_letters()
    phonenumbers.PhoneMetadata.metadata_for_region("FR")
    for compiled in known.own.given_out() if known else ():
        _ = compiled.word, compiled.printed


def read(
    form: Form,
    known: KnownForms,
    *,
    meanwhile: Callable[[], object] | None = None,
    waiting: Callable[[], object] | None = None,
) -> Reading:
    """Everything that one received file says, each value with its place and its doubt.

    ``known`` are the forms that may be recognised. ``meanwhile`` is called once the child has begun, ``waiting``
    every second until it ends. Raises FormRejected, with a stable code and a French message, for a file that is no
    form, Bundle for a file that holds several; ReadingStopped when it was not read to its end, by no fault of the
    file; ConfigError when the settings of the form's formation are broken.
    """
    limits = replace(LIMITS, reads=known.own.folders)
    _ = known.dictionary.lexicon.tables  # the child may open no other file
    source = os.open(form.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(
            lambda data: inside.read_bytes(data, known_forms=known, received_on=form.received_on, ocr=not missing()),
            source,
            limits=limits,
            load=lambda: load(inside),  # the child imports the rest when that is wanted
            meanwhile=meanwhile,
            waiting=waiting,
        )
        if isinstance(answer, dict) and SCANNED in answer:
            os.lseek(source, 0, os.SEEK_SET)
            what = str(answer[SCANNED])
            answer = run(
                lambda data: inside.read_optically(data, known_forms=known, received_on=form.received_on, what=what),
                source,
                limits=replace(SCAN_LIMITS, reads=(*SCAN_LIMITS.reads, *known.own.folders)),
                load=lambda: load(inside),
                waiting=waiting,
            )
    finally:
        os.close(source)
    if isinstance(answer, dict) and PARTS in answer:
        raise believed(answer)
    reading = believe(answer, form, known)
    named = with_swaps({field.path: field for field in reading.fields}, known.dictionary, Path(form.name).stem)
    if reading.kind not in (Kind.PDF_SCAN, Kind.IMAGE):  # there a figure that does not fit may be a wrong one
        named = as_abroad(named, known.dictionary)
    return replace(reading, fields=tuple(named.values()))


def read_part(form: Form, part: Part, *, waiting: Callable[[], object] | None = None) -> bytes:
    """The bytes of one of the files in a bundle. Raises as ``read`` does."""
    source = os.open(form.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(
            lambda data: part_of(data, part), source, limits=_PART_LIMITS, load=lambda: load(inside), waiting=waiting
        )
    finally:
        os.close(source)
    try:
        return base64.b64decode(answer, validate=True)
    except (TypeError, ValueError) as error:
        raise refused(Refusal.STOPPED) from error
