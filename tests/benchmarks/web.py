"""The page at 20,000 dossiers: fifty people at work while a batch is walked, forms sent, a big archive taken.

    PYTHONPATH=.:tests:tests/web:tests/chaos python tests/benchmarks/web.py [--count 20000] [--write]

Each of fifty clients asks one thing every two seconds: the list, a search, or a dossier. Times are of the wall, in
milliseconds, beside those of ``/healthz`` in the same run: what the machine itself takes. ``--write`` puts the
figures and the plot into docs/performance.md.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import people
from crowd import crowd
from growth import fill
from plot import svg
from siege import ROOT, prepare
from web_kit import HASH, PASSWORD

from pipeline.core.visitors import Role
from pipeline.core.workspace import Workspace
from pipeline.ledger.account_book import Account
from pipeline.ledger.entries import Entry
from pipeline.ledger.store import Ledger

CLIENTS, EVERY = 50, 2.0  # people at work, and the seconds between two questions of one of them
_KINDS = ("list", "search", "dossier", "healthz")
_NAMES = {
    "list": "the list",
    "search": "a search",
    "dossier": "a dossier",
    "healthz": "`/healthz`",
    "upload": "an upload",
}
_TOKEN = re.compile(r'name="jeton" value="(\w+)"')
_PAGE, _OPEN, _CLOSE = ROOT / "docs" / "performance.md", "<!-- web -->\n", "<!-- /web -->"
_BIG = 200_000_000  # bytes of the archive
_CHUNK = 1 << 20
_SAID = ("cnam", "NOMBCD", "12340000", "Maison ABC", "2024-0")


@contextmanager
def served(workspace: Workspace) -> Iterator[tuple[str, int]]:
    """The address of the server of a workspace with one worker, and its process."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = str(found.getsockname()[1])
    words = ("serve", "--jobs", "1", "--today", people.TODAY.isoformat(), "--port", port)
    with (workspace.root / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *words],
            cwd=workspace.root,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=log,
        )
    base = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                if httpx2.get(f"{base}/readyz", timeout=60).status_code == 200:
                    break
            except httpx2.TransportError:
                assert server.poll() is None
            time.sleep(0.1)
        yield base, server.pid
    finally:
        server.terminate()
        server.wait(120)


class Person:
    """A browser of somebody who has signed in."""

    def __init__(self, base: str) -> None:
        self.client = httpx2.Client(base_url=base, headers={"Origin": base}, timeout=120)
        token = _TOKEN.search(self.client.get("/connexion").text)
        said = {"jeton": token[1] if token else "", "identifiant": "sophie", "mot_de_passe": PASSWORD}
        assert self.client.post("/connexion", data=said).status_code == 303
        found = _TOKEN.search(self.client.get("/mot-de-passe").text)
        assert found
        self.token = found[1]

    def upload(self, name: str, data: bytes) -> float:
        """Milliseconds until a form is received for good."""
        begun = time.perf_counter()
        answer = self.client.post(
            "/depots",
            data={"jeton": self.token},
            files={"fichier": (name, data)},
            headers={"X-Jeton": self.token, "X-Depot": "1"},
        )
        assert "/dossiers/" in answer.text, answer.text
        return (time.perf_counter() - begun) * 1000


def work(person: Person, numbers: Sequence[str], seconds: float) -> dict[str, list[float]]:
    """What fifty people wait for each kind of question, in milliseconds; their cookies are of one account."""
    waited: dict[str, list[float]] = defaultdict(list)
    held = threading.Lock()
    cookies = dict(person.client.cookies)

    def one(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 -- no secret
        with httpx2.Client(base_url=person.client.base_url, cookies=cookies, timeout=120) as client:
            time.sleep(chance.uniform(0, EVERY))
            end = time.monotonic() + seconds
            while (began := time.monotonic()) < end:
                kind = chance.choice(_KINDS)
                path = {
                    "list": chance.choice(("/", "/?qui=tous", f"/?qui=tous&page={chance.randrange(1, 300)}")),
                    "search": f"/?qui=tous&q={chance.choice(_SAID)}",
                    "dossier": f"/dossiers/{chance.choice(numbers)}",
                    "healthz": "/healthz",
                }[kind]
                begun = time.perf_counter()
                answer = client.get(path)
                took = (time.perf_counter() - begun) * 1000
                assert answer.status_code == 200, (path, answer.status_code)
                with held:
                    waited[kind].append(took)
                time.sleep(max(0.0, EVERY - (time.monotonic() - began)))

    threads = [threading.Thread(target=one, args=(seed,)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waited


def resident(process: int, what: str) -> int:
    """MiB that a process holds (``VmRSS``), or held at most (``VmHWM``)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition(f"{what}:")[2].split()[0]) // 1024


def archive(person: Person, workspace: Workspace, process: int, entries: Sequence[Entry]) -> str:
    """A ZIP of all packets, of two hundred megabytes: how long, and what the server holds more while it sends it."""
    for at, entry in enumerate(entries):
        with Ledger.open(workspace) as ledger:
            packet = ledger.packets.get(str(entry.packet))
        assert packet
        with (workspace.outbox / packet.folder / "annexe.bin").open("wb") as file:
            for part in range(0, _BIG // len(entries), _CHUNK):
                file.write(random.Random(at * 1_000 + part).randbytes(_CHUNK))  # noqa: S311 -- no secret
    before, begun, size, most = resident(process, "VmRSS"), time.perf_counter(), 0, 0
    wanted = {"jeton": person.token, "d": [entry.number for entry in entries]}
    with (
        tempfile.TemporaryFile() as kept,
        person.client.stream("POST", "/liasses.zip", data=wanted) as answer,
    ):
        for part in answer.iter_bytes(_CHUNK):
            size += kept.write(part)
            most = max(most, resident(process, "VmRSS"))
        took = time.perf_counter() - begun
        kept.seek(0)
        with zipfile.ZipFile(io.BufferedReader(kept)) as whole:  # type: ignore[type-var]
            assert whole.testzip() is None
    return f"{size / 1e6:.0f} MB in {took:.1f} s; the server holds {before} MiB before, {most} MiB at most meanwhile"


def late(waited: Sequence[float], part: float = 0.95) -> float:
    """That centile."""
    return statistics.quantiles(waited, n=100)[round(part * 100) - 1]


def table(waited: dict[str, list[float]]) -> str:
    """The figures, as Markdown."""
    lines = ["| ms | asked | median | p95 | p99 |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {_NAMES[kind]} | {len(one)} | {late(one, 0.5):.0f} | {late(one):.0f} | {late(one, 0.99):.0f} |"
        for kind, one in waited.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Make the workspace, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = prepare(Path(folder))
        with Ledger.open(workspace) as ledger:
            fill(ledger, asked.count)
            account = Account("", "sophie", "Sophie MARCHAL", frozenset({Role.SCOLARITE}), None, HASH)
            assert ledger.accounts.add(account, by="essai")
        (workspace.root / "liasse.toml").write_text("[web]\ncadence = 0\n", encoding="utf-8")
        forms = iter(crowd(ROOT, 10_000, seed=1))
        with served(workspace) as (base, process):
            person = Person(base)
            for _, form in zip(range(12), forms, strict=False):
                person.upload(form.name, form.data)
            entries = _walked(workspace)
            said = [f"archive: {archive(person, workspace, process, [one for one in entries if one.packet])}"]
            alone = [person.upload(form.name, form.data) for _, form in zip(range(20), forms, strict=False)]
            for _, form in zip(range(100), forms, strict=False):  # the batch beside
                (workspace.inbox / form.name).write_bytes(form.data)
            time.sleep(3)
            waited = {"": [0.0]}
            worker = threading.Thread(
                target=lambda: waited.update(work(person, [one.number for one in entries], asked.seconds))
            )
            worker.start()
            time.sleep(EVERY)
            beside = [person.upload(form.name, form.data) for _, form in zip(range(30), forms, strict=False)]
            worker.join()
            del waited[""]
            with Ledger.open(workspace) as ledger:
                left = ledger.jobs.waits_now()
            waited = {kind: waited[kind] for kind in _KINDS} | {"upload": beside}
        said.append(f"uploads while one form is read: p95 {late(alone):.0f} ms, of {len(alone)}")
        said.append(f"the batch was {'still running' if left else 'OVER'} at the end")
        print("\n".join([table(waited), *said]))  # noqa: T201
        if asked.write:
            _write(waited, said)


def _walked(workspace: Workspace) -> tuple[Entry, ...]:
    with Ledger.open(workspace) as ledger:
        while ledger.jobs.waits_now():
            time.sleep(0.5)
        return tuple(one for one in ledger.entries.all() if not one.form.sha256.endswith("a" * 56))


def _write(waited: dict[str, list[float]], said: list[str]) -> None:
    before, _, rest = _PAGE.read_text(encoding="utf-8").partition(_OPEN)
    after = rest.partition(_CLOSE)[2]
    figures = "\n".join(f"- {one}" for one in said)
    text = f"{table(waited)}\n\n{figures}\n\n![What people wait for, by centile](web.svg)\n"
    _PAGE.write_text(f"{before}{_OPEN}{text}{_CLOSE}{after}", encoding="utf-8")
    lines = {
        _NAMES[kind].strip("`"): [(part, late(one, part / 100)) for part in range(1, 99)]
        for kind, one in waited.items()
    }
    picture = svg(lines, title="What fifty people wait for", across="of a hundred questions", up="ms")
    (ROOT / "docs" / "web.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
