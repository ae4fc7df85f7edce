"""What a form costs when many are kept: the same work in ledgers of 100 to 50,000 forms.

By hand, from the root: ``python tests/benchmarks/growth.py [--forms 100 1000 10000 50000] [--write]``. Ledgers are
filled by the ledger's own functions, in one transaction each: all forms delivered, a reading and values kept of each,
5,000 a session; all share one employer and the school's address, thirty a référent, four a host, three a tuteur.
``--write`` puts the table into ``docs/performance.md`` and the plot beside it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "benchmarks")]

import people  # noqa: E402
from plot import svg  # noqa: E402

from pipeline.cohort.examine import judge_among  # noqa: E402
from pipeline.core.decisions import Decisions  # noqa: E402
from pipeline.core.fields import Dictionary  # noqa: E402
from pipeline.core.formation import Session  # noqa: E402
from pipeline.core.identity import person_of  # noqa: E402
from pipeline.core.law import Law  # noqa: E402
from pipeline.core.member import member_of  # noqa: E402
from pipeline.core.models import Form, Kind, Reading, Record  # noqa: E402
from pipeline.core.workspace import Workspace  # noqa: E402
from pipeline.dossier.versions import history_of, mark_superseded  # noqa: E402
from pipeline.ledger.database import change  # noqa: E402
from pipeline.ledger.entries import State  # noqa: E402
from pipeline.ledger.form_rows import Ending  # noqa: E402
from pipeline.ledger.journal import append, now  # noqa: E402
from pipeline.ledger.members import keep_member  # noqa: E402
from pipeline.ledger.numbering import open_dossier  # noqa: E402
from pipeline.ledger.store import Ledger  # noqa: E402
from pipeline.storage.spool import spool_file  # noqa: E402

_A_SESSION = 5_000  # forms
_TURNS = 9
DAY = dt.date(2025, 3, 17)
_PAGE = ROOT / "docs" / "performance.md"
_OPEN, _CLOSE = "<!-- growth -->\n", "<!-- /growth -->"


def values(number: int) -> dict[str, Any]:
    """The values of one of many forms."""
    year = 2024 - number // _A_SESSION
    spelt = "".join(chr(ord("A") + int(digit)) for digit in str(number))
    start = dt.date(year + 1, 1, 6) + dt.timedelta(days=number % 150)
    return people.cnam(
        formation={"code": people.CNAM, "annee": f"{year}-{year + 1}"},
        stagiaire__nom=f"NOM{spelt}",
        stagiaire__courriel=f"s{number}@example.org",
        stagiaire__telephone=f"+336{number:08d}",
        stagiaire__numero=f"N{number}",
        organisme__siret=f"{number // 4:014d}",
        organisme__raison_sociale=f"Maison {spelt[:3]}",
        organisme__signataire__courriel=f"d{number // 4}@example.org",
        tuteur__nom=f"TUTEUR{number // 3}",
        tuteur__courriel=f"t{number // 3}@example.org",
        employeur={"siret": "73282932000074", "raison_sociale": "Un seul employeur"},
        referent={"nom": f"REF{number // 30}", "prenom": "Ana", "courriel": "ecole@example.org"},
        stage__date_debut=start.isoformat(),
        stage__date_fin=(start + dt.timedelta(days=100)).isoformat(),
    )


def fill(ledger: Ledger, count: int) -> None:
    """So many forms, each read, delivered, with its packet and three lines in the journal."""
    with ledger.database.write() as connection:
        for number in range(count):
            sha256, data = f"{number:08x}" + "a" * 56, values(number)
            day = dt.date(int(data["formation"]["annee"][:4]) + 1, 3, 17)
            change(
                connection,
                "INSERT INTO form (sha256, name, received_on, received_at, state, formation, stagiaire, detail, "
                "folder, packet, changed_at, person) "
                "VALUES (:s, :name, :day, :at, 'delivre', 'cnam-lp-insertion', :who, "
                "'11 pages, 8 signatures, 1 avertissements', :folder, :packet, :now, :person)",
                s=sha256,
                name=f"formulaire {number}.pdf",
                day=day.isoformat(),
                at=float(number),
                who=data["stagiaire"]["nom"],
                folder=f"cnam-lp-insertion/x/{number}",
                packet=sha256[:16],
                now=now(),
                person=person_of(data),
            )
            open_dossier(connection, sha256, day)
            change(
                connection, "INSERT INTO record VALUES (:s, :at, :body)", s=sha256, at=now(), body=json.dumps(data)
            )
            keep_member(connection, member_of(sha256, data))
            change(
                connection,
                "INSERT INTO packet (id, sha256, folder, state, made_at, day, pages, signatures, incomplete) "
                "VALUES (:id, :s, 'f', 'en-cours', :at, :day, 11, 8, 0)",
                id=sha256[:16],
                s=sha256,
                at=now(),
                day=day.isoformat(),
            )
            change(
                connection,
                "INSERT INTO job (sha256, state, day, queued_at) VALUES (:s, 'done', :day, 0)",
                s=sha256,
                day=day.isoformat(),
            )
            change(
                connection,
                "INSERT INTO reading VALUES (:s, 'r', :at, :body)",
                s=sha256,
                at=now(),
                body=json.dumps(data) * 2,
            )
            for event in ("received", "prevue", "delivre"):
                append(connection, event, sha256)


def cpu(work: Callable[[], object]) -> float:
    """The median CPU time of a piece of work, in milliseconds."""
    times = []
    for _ in range(_TURNS):
        before = time.process_time()
        work()
        times.append((time.process_time() - before) * 1_000)
    return statistics.median(times)


def measure(root: Path, count: int) -> dict[str, float]:
    """What each piece of work takes with so many forms kept."""
    for name in ("templates", "schemas"):
        (root / name).symlink_to(ROOT / name)
    (root / "inbox").mkdir()
    (root / "outbox").mkdir()
    workspace = Workspace.at(root)
    law, dictionary = Law.load(workspace), Dictionary.load(workspace)
    with Ledger.open(workspace) as ledger:
        fill(ledger, count)
        number = iter(range(count, count + 1_000))
        reading = Reading("", Kind.ACROFORM, None, people.CNAM, "2024-2025", ())

        def one_form() -> None:
            """Everything the ledger and the cohort do for one form, from its receipt to its packet."""
            at = next(number)
            sha256, data = f"{at:08x}" + "b" * 56, values(at % _A_SESSION)
            data["stagiaire"]["nom"] += "X"
            form = Form(sha256, spool_file(workspace, sha256), "x.pdf", DAY)
            ledger.arrive(form, source=sha256, day=DAY)
            claim = ledger.jobs.claim(lease=60, only=sha256)
            assert claim is not None
            ledger.keep_values(sha256, data)
            entry = ledger.entries.get(sha256)
            past = history_of(entry, data, ledger)
            judge_among(Record(data, (), reading), sha256, Decisions(), ledger, law, session=Session("2024-2025", {}))
            ledger.packets.intend(claim, sha256[:16], Path("g"), dossier=entry.dossier, beside=past.seen)
            ledger.settle(claim, Ending(State.DELIVERED, "", people.CNAM, "X", Path("g"), sha256[:16]))
            mark_superseded(ledger, workspace, entry.dossier)

        middle = f"{count // 2:08x}"
        found = {
            "a form, all of it (ms)": cpu(one_form),
            "found by its id (ms)": cpu(lambda: ledger.entries.starting(middle)),
            "its journal (ms)": cpu(lambda: ledger.journal(middle + "a" * 56)),
            "packets that count (ms)": cpu(ledger.packets.current),
        }
    assert dictionary.fields
    return found | {"status (s)": command(root, "status"), "bilan (s)": command(root, "bilan", "--today", str(DAY))}


def command(root: Path, *words: str) -> float:
    """The seconds of a command as a whole process, as who typed it waits; the median of three."""
    times = []
    for _ in range(3):
        before = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *words, "--workspace", str(root)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode in (0, 1), done
        times.append(time.perf_counter() - before)
    return statistics.median(times)


def table(found: Mapping[int, Mapping[str, float]]) -> str:
    """Markdown: one line a piece of work, one column a size."""
    sizes = sorted(found)
    lines = [f"| | {' | '.join(f'{size:,}' for size in sizes)} |", f"| --- |{' ---: |' * len(sizes)}"]
    lines += [f"| {what} | {' | '.join(f'{found[size][what]:.2f}' for size in sizes)} |" for what in found[sizes[0]]]
    return "\n".join(lines)


def say(*words: object) -> None:
    """One line, at once."""
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, print, and say what is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, nargs="+", default=[100, 1_000, 10_000, 50_000])
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    asked = parser.parse_args()
    found = {}
    for count in asked.forms:
        with tempfile.TemporaryDirectory() as folder:
            found[count] = measure(Path(folder), count)
            say(count, {what: round(value, 2) for what, value in found[count].items()})
    say(table(found))
    costs = {size: one["a form, all of it (ms)"] for size, one in found.items()}
    say(f"a form: {max(costs.values()) - costs[min(costs)]:.1f} ms more at most than at {min(costs)} (limit 10)")
    if asked.write:
        before, _, rest = _PAGE.read_text(encoding="utf-8").partition(_OPEN)
        after = rest.partition(_CLOSE)[2]
        said = f"{table(found)}\n\n![What a form costs when many are kept](growth.svg)\n"
        _PAGE.write_text(f"{before}{_OPEN}{said}{_CLOSE}{after}", encoding="utf-8")
        lines = {
            what: [(size, one[what]) for size, one in sorted(found.items())] for what in ("a form, all of it (ms)",)
        }
        picture = svg(lines, title="CPU for one form, by forms kept", across="forms kept", up="ms")
        (ROOT / "docs" / "growth.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
