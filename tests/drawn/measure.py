"""Measure of the reader on drawn forms: ``python -m drawn.measure --seeds 0-29 --people 10`` (``make drawn``).

Each layout is taught as a secretary would: its annotated blank and settings in ``templates/commun/formulaires/`` of a
new workspace. Each copy is read as ``liasse read`` reads it, and what is in its ``record`` is held against the truth.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drawn import making
from drawn.people import TODAY
from drawn.report import written
from pipeline.blanks.layout_cache import open_forms
from pipeline.core.errors import FormRejected
from pipeline.core.fields import Dictionary
from pipeline.core.folding import plain_signs
from pipeline.core.models import Form, Reading
from pipeline.core.workspace import Workspace
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.reader import read
from pipeline.reading.warming import preload
from pipeline.teaching import lint_forms

HOUSE = Path(__file__).parent.parent.parent
# What a record holds of itself: the formation that the layout serves, its year.
_OWN = ("formation.code", "formation.annee")


@dataclass(frozen=True)
class Verdict:
    """What became of one answer: ``right``, ``wrong`` (accepted), ``doubted``, ``lost`` or ``refused``.

    ``kind`` is that of the truth (clear, empty, implied, or an awkwardness), or ``unasked`` for a value from nowhere.
    """

    layout: str
    file: str
    path: str
    kind: str
    outcome: str
    expected: Any
    accepted: Any
    doubt: str = ""

    @property
    def suffix(self) -> str:
        """The kind of file."""
        return self.file.rsplit(".", 1)[-1]


def judge(file: str, truth: Mapping[str, Any], reading: Reading | None) -> Iterator[Verdict]:
    """The verdict of every answer of a copy, and of every value that no answer gave."""
    layout = file.rsplit("-", 1)[0]
    accepted = dict(_flat(reading.values)) if reading else {}
    doubts = {entry.path: str(entry.doubt) for entry in reading.fields if entry.doubt} if reading else {}
    for path, told in truth.items():
        expected, value = told["value"], accepted.pop(path, None)
        doubt = doubts.get(path) or doubts.get(_whole(path), "")
        if reading is None:
            outcome = "refused"
        elif value is not None:
            outcome = "right" if same(expected, value) else "wrong"
        elif doubt:
            outcome = "doubted"
        else:
            outcome = "lost"
        yield Verdict(layout, file, path, told["kind"], outcome, expected, value, doubt)
    for path, value in accepted.items():
        if path not in _OWN:
            yield Verdict(layout, file, path, "unasked", "wrong", None, value)


def same(expected: Any, value: Any) -> bool:
    """Whether a value is the expected one: letters, accents and case count, kinds of dashes and quotes do not."""
    if isinstance(expected, list) and isinstance(value, list):
        return len(expected) == len(value) and all(map(same, expected, value))
    if isinstance(expected, str) and isinstance(value, str):
        return plain_signs(expected) == plain_signs(value)
    if isinstance(expected, bool) or isinstance(value, bool):
        return expected is value
    return expected is not None and bool(expected == value)


def _whole(path: str) -> str:
    """The combined place that may have asked this part of a name or an address."""
    root, _, last = path.rpartition(".")
    return f"{root}.nom_prenom" if last in ("nom", "prenom", "civilite") else root


def _flat(values: Mapping[str, Any], root: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{root}{key}.")
        elif value is not None:
            yield f"{root}{key}", value


def read_copy(path: Path, known: KnownForms, today: dt.date = TODAY) -> Reading | None:
    """The reading of one copy, or ``None`` if it is refused."""
    form = Form(hashlib.sha256(path.read_bytes()).hexdigest(), path.absolute(), path.name, today)
    try:
        return read(form, known)
    except FormRejected:
        return None


def taught(seeds: list[int], root: Path) -> Workspace:
    """A new workspace that was taught these schools' layouts."""
    for name in ("templates", "schemas"):
        shutil.copytree(HOUSE / name, root / name)
    for seed in seeds:
        making.make_layout(seed, root / "templates" / "commun" / "formulaires")
    return Workspace.at(root)


def measured(seeds: list[int], people: int, cache: Path, root: Path) -> Iterator[Verdict]:
    """Make, teach, fill, print and read; the verdicts of all copies, Word and print."""
    workspace = taught(seeds, root)
    copies = [path for seed in seeds for path in making.make_copies(seed, people, root / "copies")]
    making.print_copies(copies, cache)
    known = open_forms(workspace, Dictionary.load(workspace))
    preload(known)
    for copy in copies:
        sys.stderr.write(f"{copy.stem}\n" if copy.stem.endswith("-00") else "")
        truth = json.loads(copy.with_name(copy.stem + making.TRUTH).read_text(encoding="utf-8"))
        for path in (copy, copy.with_suffix(".pdf")):
            yield from judge(path.name, truth, read_copy(path, known))


def refusals(workspace: Workspace) -> dict[str, list[str]]:
    """What ``liasse forms lint`` refuses, by layout: nothing, if blanks are annotated as the manual says."""
    found = lint_forms((), workspace=workspace, dictionary=Dictionary.load(workspace))
    return {
        layout.folder.name: bad
        for layout, findings in found
        if (bad := [one.message for one in findings if one.refuses])
    }


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0-29", help="numbers of the schools: 0-29,41")
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--cache", type=Path, default=Path(".cache/drawn"), help="where prints are kept")
    parser.add_argument("--keep", type=Path, help="make the workspace here and leave it")
    parser.add_argument("--report", type=Path, help="write the figures here, as Markdown")
    parser.add_argument("--lint", action="store_true", help="lint the layouts too")
    given = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        root = given.keep or Path(temporary) / "espace"
        verdicts = list(measured(list(making.seeds_of(given.seeds)), given.people, given.cache.absolute(), root))
        for name, messages in refusals(Workspace.at(root)).items() if given.lint else ():
            sys.stdout.write(f"lint refuses {name}: {' '.join(messages)}\n")
    text = written(verdicts, f"Schools {given.seeds}, {given.people} people each", time.perf_counter() - start)
    sys.stdout.write(text)
    if given.report:
        given.report.write_text(text, encoding="utf-8")
    return int(Counter(one.outcome for one in verdicts)["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
