"""Cost of holding forms against their pages: processor time of a reading with the eye and without it.

``python tests/benchmarks/eye.py [FILE…]``: by default the samples that are PDFs; three rounds, the quickest of each.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

from pipeline.blanks.layout_cache import open_forms
from pipeline.core.fields import Dictionary
from pipeline.core.workspace import Workspace
from pipeline.reading import digital
from pipeline.reading.alignment import Received
from pipeline.reading.candidates import Candidate
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.seen.eye import Eye
from pipeline.reading.tokens import Source

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3


class Shut(Eye):
    """An eye that believes all that it is told."""

    @property
    def received(self) -> Received:  # type: ignore[override]
        """The document as it was received."""
        return self._received

    def answers(self, found: Mapping[str, Candidate], source: Source) -> Mapping[str, Candidate]:  # noqa: ARG002
        """The same answers."""
        return found


def seconds(data: bytes, known: KnownForms, eye: type[Eye]) -> float:
    """The processor time of the quickest of several readings."""
    spent = []
    with patch.object(digital, "Eye", eye):
        for _ in range(ROUNDS):
            start = time.process_time()
            digital.read_form(data, known, digital.dt.date(2025, 3, 17))
            spent.append(time.process_time() - start)
    return min(spent)


def main(files: list[str]) -> None:
    """One line a file: both times, their difference and their ratio."""
    workspace = Workspace.at(ROOT)
    known = open_forms(workspace, Dictionary.load(workspace))
    for path in map(Path, files) if files else sorted((ROOT / "tests" / "samples").glob("*.pdf")):
        data = path.read_bytes()
        shut, seeing = seconds(data, known, Shut), seconds(data, known, Eye)
        line = f"{path.name}: {shut * 1000:.0f} ms, seen {seeing * 1000:.0f} ms (+{(seeing - shut) * 1000:.0f} ms)"
        sys.stdout.write(f"{line}, ratio {seeing / shut:.2f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
