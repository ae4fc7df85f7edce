"""Form parser entry point: what a stranger’s file says, and how sure we are.

``read`` is all that others need. A file is sniffed, gated, recognised and read in a jailed child (``inside``); what
the child answers is JSON, checked (``exchange``) before it is believed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import phonenumbers
import pypdfium2

from pipeline.core.fields import Dictionary
from pipeline.core.late import load
from pipeline.core.models import Form, Reading
from pipeline.core.workspace import Workspace
from pipeline.reading import alignment, inside, own_word, own_zones, scans, schools
from pipeline.reading.catalogue import Catalogue
from pipeline.reading.exchange import PHOTO, SCANNED, KnownForms, believe
from pipeline.sandbox.jail import Limits, run

__all__ = ["preload", "read"]

SCAN_LIMITS = Limits(
    memory=4_000_000_000,
    cpu=240,  # the largest forms take 45, on an ordinary machine; for all pages and both engines
    files=256,
    processes=None,
    programs=("prlimit", "tesseract"),
    reads=("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/sys/devices/system/cpu", "/proc/cpuinfo"),
)


def preload() -> None:
    """Import what reads any form, once, for whoever reads many: each child then finds it there."""
    load(phonenumbers, pypdfium2, inside, own_word, own_zones, scans, schools)
    phonenumbers.PhoneMetadata.metadata_for_region("FR")


def read(
    form: Form,
    *,
    workspace: Workspace,
    dictionary: Dictionary,
    layouts: Sequence[alignment.Compiled] = (),
    meanwhile: Callable[[], object] | None = None,
    waiting: Callable[[], object] | None = None,
) -> Reading:
    """Everything that one received file says, each value with its place and its doubt.

    Our own blanks are known by their mark; another school's form by one of ``layouts``. ``meanwhile`` is called once
    the child has begun, ``waiting`` every second until it ends. Raises FormRejected, with a stable code and a French
    message, for a file that is no form; ReadingStopped when it was not read to its end, by no fault of the file;
    ConfigError when the settings of the form's formation are broken.
    """
    known_forms = KnownForms(Catalogue.load(workspace, dictionary), tuple(layouts), dictionary)
    source = os.open(form.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        answer = run(
            lambda data: inside.read_bytes(data, known_forms=known_forms, received_on=form.received_on),
            source,
            load=lambda: load(inside),  # the child imports the rest when that is wanted
            meanwhile=meanwhile,
            waiting=waiting,
        )
        if isinstance(answer, dict) and SCANNED in answer:
            os.lseek(source, 0, os.SEEK_SET)
            photo = answer[SCANNED] == PHOTO
            answer = run(
                lambda data: inside.read_scan(
                    data, known_forms=known_forms, received_on=form.received_on, photo=photo
                ),
                source,
                limits=SCAN_LIMITS,
                load=lambda: load(inside),
                waiting=waiting,
            )
    finally:
        os.close(source)
    return believe(answer, form, known_forms)
