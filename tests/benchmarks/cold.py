"""One packet from a cold start: ``liasse run`` of one form, against a script as anyone would write it. By hand.

    python tests/benchmarks/cold.py [ROUNDS]

Both are fresh processes, turn about; look at the ratio, the median of the rounds' own.

* the script: import, docxtpl for each Word file, one soffice a document, pypdf, page numbers, code, pyHanko; its
  values stand in it, and nothing is read, checked or proved. Once for the packet of three documents that
  ``cohort.py`` makes, once for five, which is what the form below asks for: four pieces and the control sheet;
* ``only the packet``: the three documents by liasse's functions, in a fresh process;
* ``liasse run``: reads and checks a form, makes its five documents, proves them, keeps its ledger.

Then how long ``liasse --help`` takes.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
SAMPLE = ROOT / "tests" / "samples" / "1-cnam-etudiante.pdf"
_ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests", HERE)))}
_ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)
THREE, FIVE = "the script, three documents", "the script, five documents"
_PACKET = {name: f"{name}.docx" for name in ("convention", "annexe", "attestation")}
_FOLDER = _PACKET | {"seconde-annexe": "annexe.docx", "seconde-attestation": "attestation.docx"}
_MAKE = """
import pathlib, sys
import {way} as way
from packet_contexts import ANCHORS, context
from pipeline.documents.libreoffice import warm_office
place = pathlib.Path(sys.argv[1])
templates = {{name: place.parent / template for name, template in {documents}.items()}}
with warm_office() as libreoffice:  # not started unless it is asked for
    if way.__name__ == "liasse_way":
        libreoffice.prepare()
    way.make(templates, context(1), ANCHORS, "0badcafe", place)
"""


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.monotonic()
    work()
    return time.monotonic() - start


def python(*arguments: str) -> None:
    """A fresh Python, until it ends well."""
    subprocess.run([sys.executable, *arguments], env=_ENVIRONMENT, check=True, capture_output=True, timeout=300)


def made(way: str, documents: Mapping[str, str], place: Path) -> Callable[[], None]:
    """One packet made that way in ``place``, which is empty before: documents by name, each from its template."""

    def make() -> None:
        shutil.rmtree(place, ignore_errors=True)
        if way == "ordinary_way":
            place.mkdir()
        python("-c", _MAKE.format(way=way, documents=documents), str(place))

    return make


def run_of_one(form: Path, place: Path) -> Callable[[], None]:
    """``liasse run`` of one form in a workspace that has seen none."""
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, place / name)

    def run() -> None:
        for name in ("outbox", ".liasse"):
            shutil.rmtree(place / name, ignore_errors=True)
        (place / "inbox").mkdir(exist_ok=True)
        (place / "outbox").mkdir()
        python("-m", "pipeline", "run", str(form), "--workspace", str(place), "--today", "2025-03-17")

    return run


def main(rounds: int) -> None:
    """Measure on this machine, as it is."""
    with tempfile.TemporaryDirectory(prefix="liasse-bench-") as folder:
        place = Path(folder)
        python(
            "-c", "import pathlib, sys, packet_templates as p; p.write_templates(pathlib.Path(sys.argv[1]))", folder
        )
        ways = {
            THREE: made("ordinary_way", _PACKET, place / "ordinary"),
            FIVE: made("ordinary_way", _FOLDER, place / "ordinary"),
            "only the packet": made("liasse_way", _PACKET, place / "ours"),
            "liasse run": run_of_one(SAMPLE, place / "workspace"),
            "liasse --help": lambda: python("-m", "pipeline", "--help"),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            for name, way in ways.items():
                spent = seconds(way)
                if number:  # the first round is for the caches
                    taken[name].append(spent)
    for name, spent in taken.items():
        ratios = [
            f"x {statistics.median(one / other for one, other in zip(spent, taken[script], strict=True)):.2f}"
            for script in (THREE, FIVE)
        ]
        print(f"{name:28}{statistics.median(spent):7.3f} s", *ratios, sep="  ")  # noqa: T201 -- a report


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
