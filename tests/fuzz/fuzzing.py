"""Reading damaged forms one after the other, and watching what becomes of this process and of its children."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from confined import children_of
from mutations import TESTS, mutated
from reader_ends import watched

from pipeline.blanks.layout_cache import compile_layouts
from pipeline.core.errors import FormRejected
from pipeline.core.models import Form
from pipeline.core.refusals import Refusal
from pipeline.forms.layouts import load_layout
from pipeline.reading import reader as intake
from pipeline.reading.known_forms import KnownForms
from pipeline.sandbox.clean_process import CLEAN
from pipeline.sandbox.jail import get_ready

LAYOUTS = ("tableau", "pointilles", "colonnes", "convention", "champs")
LONGEST = 100.0  # seconds of processor: a digital form has nine, one whose pages must be read as images more
MOST_MEMORY = 4_000_000_000  # bytes: the limit of the reader of images; the other's is 1.5
READ = "lu"


@dataclass
class Report:
    """What became of all files: how each ended, its seconds of processor, and what went wrong, in words."""

    ends: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    peak: int = 0

    def slow(self, share: float) -> float:
        """The seconds that this share (0 to 1) of the files stay under."""
        ordered = sorted(self.seconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    def lines(self) -> Iterator[str]:
        """The figures, one a line."""
        yield f"{len(self.seconds)} files, {len(self.wrong)} wrong"
        yield from (f"{count:6d}  {end}" for end, count in self.ends.most_common())
        times = ", ".join(f"p{round(share * 100)} {self.slow(share):.2f} s" for share in (0.5, 0.95, 1.0))
        yield f"processor {times}; peak memory of a child {self.peak / 1e6:.0f} MB"
        yield from self.wrong


def known_codes() -> frozenset[str]:
    """Every code of a refusal that the readers know."""
    return frozenset(one.value for one in Refusal)


def shelf_of(own: KnownForms, memory: Path, names: Sequence[str] = LAYOUTS) -> KnownForms:
    """Our own forms with other schools', by default all."""
    layouts = [load_layout(TESTS / "layouts" / name) for name in names]
    return replace(own, layouts=compile_layouts(layouts, own.dictionary, memory))


def fuzz(numbers: Sequence[int], place: Path, known: KnownForms) -> Report:
    """Read the forms that these seeds damage; ``place`` is a folder for the file of the moment."""
    report, codes = Report(), known_codes()
    read = partial(intake.read, known=known)
    get_ready()  # the clean process has a descriptor here as long as it lives
    files = _open_files()
    for number in numbers:
        what, data = mutated(number)
        with watched() as children:
            end = _end(data, place / "recu", read, codes)
        report.seconds.append(sum(child.computed for child in children))
        report.peak = max([report.peak, *(child.memory for child in children)])
        report.ends[end] += 1
        troubles = (
            (end.startswith("!"), end),
            (report.seconds[-1] > LONGEST, f"took {report.seconds[-1]:.0f} s of processor"),
            (not children, "was read by no child"),
            (children_of(CLEAN.id) != [], "left a child behind"),
            (_open_files() != files, "left a descriptor open"),
        )
        report.wrong += [f"seed {number} ({what}): {trouble}" for found, trouble in troubles if found]
    if report.peak > MOST_MEMORY:
        report.wrong.append(f"a child held {report.peak} bytes")
    return report


def _end(data: bytes, path: Path, read: Callable[[Form], object], codes: frozenset[str]) -> str:
    path.write_bytes(data)
    form = Form(hashlib.sha256(data).hexdigest(), path, "recu", dt.date(2025, 3, 17))
    try:
        read(form)
    except FormRejected as error:
        french = error.message.endswith((".", ")")) and " " in error.message
        return error.reason if error.reason in codes and french else f"! {error.reason}: {error.message}"
    except Exception as error:  # noqa: BLE001 -- anything else is what the fuzz looks for
        return f"! {type(error).__name__}: {error}"
    return READ


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- counted, not walked
