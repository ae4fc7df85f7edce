"""A cohort of forms for ``liasse batch``: invented people of both formations, on every kind of file. By hand.

    python tests/benchmarks/make_cohort.py --to DIR [--forms 1000] [--seed 1]

Writes ``DIR/cohorte-<seed>-<forms>/``: the forms, and ``attendu.json`` that says of which kind each is. The same seed
gives the same bytes; a folder that is there already is kept. Everybody has a tuteur and a host of their own, but for
the few who share one tuteur on purpose. Needs poppler and LibreOffice.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "layouts")]

import cohort_files as files  # noqa: E402 -- the paths come first
from cohort_people import Someone, people_of  # noqa: E402

FORMS, KINDS = "formulaires", "attendu.json"
# Of a hundred forms. The last ten are bad in one way or another.
SHARES = {
    "champs": 42,
    "word": 22,
    "imprimé": 16,
    "autre-word": 4,
    "autre-pdf": 2,
    "autre-champs": 2,
    "scan": 2,
    "tronqué": 1,
    "faux": 2,
    "incomplet": 2,
    "chiffré": 1,
    "double": 1,
    "autre-chose": 1,
    "douteux": 2,
}


def cohort(to: Path, count: int = 1000, seed: int = 1) -> Path:
    """The folder of a cohort under ``to``, made unless it is there."""
    place = to / f"cohorte-{seed}-{count}"
    if (place / KINDS).is_file():
        return place
    shutil.rmtree(place, ignore_errors=True)
    (place / FORMS).mkdir(parents=True)
    kinds: dict[str, str] = {}
    with files.Press(place) as press:
        for name, someone in _named(people_of(count, SHARES, seed)):
            kinds[name] = someone.kind
            press.make(someone, place / FORMS / name)
    text = json.dumps(kinds, ensure_ascii=False, indent=0)
    (place / KINDS).write_text(f"{text}\n", encoding="utf-8")
    return place


def _named(people: Iterator[Someone]) -> Iterator[tuple[str, Someone]]:
    for someone in people:
        suffix = "docx" if someone.kind in files.WORD else "pdf"
        yield f"{someone.number:04d}-formulaire.{suffix}", someone


def main() -> None:
    """Make one, and print where it is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(cohort(asked.to.resolve(), asked.forms, asked.seed))  # noqa: T201 -- what was asked


if __name__ == "__main__":
    main()
