"""Measure the list of dossiers at 20,000: a synthetic ledger, the index made, then pages, searches and filters.

    PYTHONPATH=.:tests:tests/web python tests/benchmarks/list_many.py --count 20000

Prints how long the index takes to be made, then the median and the 95th centile of each question, in
milliseconds of processor time (other programs may be at work).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.core.workspace import Workspace
from pipeline.dossier.dossier_index import DossierIndex, Sort, Sought
from pipeline.ledger.database import change_many
from pipeline.ledger.entries import State
from pipeline.ledger.store import Ledger

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2025, 3, 17)
_NAMES = (
    "MARTIN",
    "LE GOFF",
    "ÖZTÜRK",
    "D’ASSIGNIES",
    "ROUX",
    "HADDAD",
    "PETIT",
    "NGUYEN-VAN",
    "BENAÏSSA",
    "LEFÈVRE",
)
_GIVEN = ("Élise", "Maëlle", "Aylin", "Noël", "Anaïs", "Samir", "Chloé", "Loïc", "Inès", "João")
_HOSTS = ("Association « Les Pieds sur Terre »", "Dupont & Fils Insertion", "CCAS d’Exempleville", "Pôle habitat")
_STATES = (State.DELIVERED, State.DELIVERED, State.DELIVERED, State.WAITING, State.TO_COMPLETE, State.DRAFT)


def populate(workspace: Workspace, count: int) -> None:
    """Dossiers of as many invented people, with the rows that a walk leaves."""
    chance = random.Random(1)  # noqa: S311 -- no secret
    forms, members, dossiers, packets = [], [], [], []
    for at in range(count):
        sha256 = f"{at:064x}"
        start = TODAY + dt.timedelta(days=chance.randrange(-120, 240))
        state = chance.choice(_STATES)
        packet = f"{at:064x}" if state in {State.DELIVERED, State.DRAFT} else None
        host = chance.choice(_HOSTS)
        formation = chance.choice(("cnam-lp-insertion", "coordination-essms"))
        name = f"{chance.choice(_NAMES)} {chance.choice(_GIVEN)}"
        dossiers.append({"id": f"d{at:031x}", "number": f"2024-{at + 1:05d}", "day": TODAY.isoformat()})
        forms.append(
            {
                "s": sha256,
                "name": f"formulaire-{at}.pdf",
                "day": TODAY.isoformat(),
                "state": state.value,
                "formation": formation,
                "who": name,
                "packet": packet,
                "at": float(at),
                "dossier": f"d{at:031x}",
            }
        )
        said = {
            "year": "2024-2025",
            "host": host,
            "period": [start.isoformat(), (start + dt.timedelta(days=90)).isoformat()],
            "named": [["organisme.siret", f"{73282932000000 + at}", host, []]],
        }
        members.append({"s": sha256, "arrival": f"{at:09d}", "body": json.dumps(said, ensure_ascii=False)})
        if packet:
            kind = "projet" if state is State.DRAFT else chance.choice(("en-cours", "retiree", "signee"))
            packets.append({"id": packet, "s": sha256, "state": kind})
    with Ledger.open(workspace) as ledger, ledger.database.write() as connection:
        change_many(connection, "INSERT INTO dossier (id, number, opened_on) VALUES (:id, :number, :day)", dossiers)
        change_many(
            connection,
            "INSERT INTO form (sha256, name, received_on, state, formation, stagiaire, packet, changed_at, "
            "received_at, dossier) VALUES (:s, :name, :day, :state, :formation, :who, :packet, :day, :at, :dossier)",
            forms,
        )
        change_many(connection, "INSERT INTO member (sha256, arrival, body) VALUES (:s, :arrival, :body)", members)
        change_many(
            connection,
            "INSERT INTO packet (id, sha256, folder, state, made_at) VALUES (:id, :s, '-', :state, '2025-03-17')",
            packets,
        )


def measured(ask: Callable[[], object], times: int) -> tuple[float, float]:
    """The median and the 95th centile of a question, in milliseconds."""
    spent = []
    for _ in range(times):
        begun = time.process_time()
        ask()
        spent.append((time.process_time() - begun) * 1000)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1]


def main() -> None:
    """Make the ledger, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("templates", "schemas"):
            shutil.copytree(ROOT / name, root / name)
        workspace = Workspace.at(root)
        populate(workspace, asked.count)
        with Ledger.open(workspace) as ledger:
            index = DossierIndex()
            begun = time.process_time()
            index.listed(ledger, TODAY, Sought())
            print(f"index of {asked.count} dossiers: {time.process_time() - begun:.2f} s")  # noqa: T201
            few = frozenset({"coordination-essms"})
            questions: dict[str, Callable[[], object]] = {
                "first page, what waits": lambda: index.listed(ledger, TODAY, Sought(acts="scolarite")),
                "search by name": lambda: index.listed(ledger, TODAY, Sought(words="le goff maelle")),
                "search by SIRET": lambda: index.listed(ledger, TODAY, Sought(words="732 829 320 12345")),
                "last page, by name": lambda: index.listed(ledger, TODAY, Sought(), sort=Sort.NAME, page=10**6),
                "one formation, within 12 days": lambda: index.listed(ledger, TODAY, Sought(begins=12, among=few)),
            }
            for name, ask in questions.items():
                median, late = measured(ask, asked.times)
                print(f"{name:<32} median {median:6.1f} ms   p95 {late:6.1f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
