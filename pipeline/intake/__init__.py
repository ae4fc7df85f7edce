"""Form → Reading: what a stranger's file says, and how sure we are.

``read`` is the whole room. A file is sniffed, gated, recognised and read in a jailed child (``inside``); what the
child answers is JSON, checked (``exchange``) before it is believed.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.fields import Dictionary
from pipeline.intake.catalogue import Catalogue
from pipeline.intake.exchange import PHOTO, SCANNED, Shelf, believe
from pipeline.intake.jail import Limits, run
from pipeline.models import Form, Reading
from pipeline.workspace import Workspace

if TYPE_CHECKING:  # heavy, and only other schools' forms need it
    from pipeline.intake.alignment import Compiled

__all__ = ["preload", "read"]

SCAN_LIMITS = Limits(
    memory=4_000_000_000,
    cpu=90,
    wall=90.0,
    files=256,
    processes=None,
    programs=("tesseract",),
    reads=("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/sys/devices/system/cpu", "/proc/cpuinfo"),
)


def preload() -> None:
    """Import what reads any form, once, for whoever reads many: each child then finds it there."""
    # Heavy, all of them, and a program that reads one form has none.
    import phonenumbers.data.region_FR  # noqa: F401, PLC0415
    import pypdfium2  # noqa: F401, PLC0415

    from pipeline.intake import inside, printed, scans, schools, word  # noqa: F401, PLC0415


def read(
    form: Form, *, workspace: Workspace, dictionary: Dictionary, layouts: Sequence[Compiled] = (),
    meanwhile: Callable[[], object] | None = None,
) -> Reading:  # fmt: skip
    """Everything that one received file says, each value with its place and its doubt.

    Our own blanks are known by their mark; another school's form by one of ``layouts``. ``meanwhile`` is called once
    the child has begun. Raises FormRejected, with a stable code and a French message, for a file that is no form;
    ConfigError when the settings of the form's formation are broken.
    """
    shelf = Shelf(Catalogue.load(workspace, dictionary), tuple(layouts), dictionary)
    source = os.open(form.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        work = partial(_read_bytes, shelf=shelf, received_on=form.received_on)
        answer = run(work, source, load=_load, meanwhile=meanwhile)
        if isinstance(answer, dict) and SCANNED in answer:
            os.lseek(source, 0, os.SEEK_SET)
            photo = answer[SCANNED] == PHOTO
            work = partial(_read_scan, shelf=shelf, received_on=form.received_on, photo=photo)
            answer = run(work, source, limits=SCAN_LIMITS, load=_load)
    finally:
        os.close(source)
    return believe(answer, form, shelf)


def _load() -> None:
    """Import, in the child, what a filled form of ours needs; it imports the rest when that is wanted."""
    from pipeline.intake import inside  # noqa: F401, PLC0415


def _read_bytes(data: bytes, *, shelf: Shelf, received_on: dt.date) -> dict[str, Any]:
    from pipeline.intake import inside  # noqa: PLC0415 -- loaded in the child alone

    return inside.read_bytes(data, shelf=shelf, received_on=received_on)


def _read_scan(data: bytes, *, shelf: Shelf, received_on: dt.date, photo: bool) -> dict[str, Any]:
    from pipeline.intake import inside  # noqa: PLC0415

    return inside.read_scan(data, shelf=shelf, received_on=received_on, photo=photo)
