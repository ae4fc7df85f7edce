"""A siege of the page: the server and its workers are killed while it takes a form, a word or sends an archive.

After each death the server is started again and asked: what it said it had, it has, once; what it had not said is
sent again, and is there once too. ``python tests/chaos/served_siege.py --kills 100`` prints the figures.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "web"), str(HERE.parent.parent)]

import httpx2  # noqa: E402
import people  # noqa: E402
from crowd import Dropped, crowd  # noqa: E402
from siege import ROOT, prepare  # noqa: E402
from web_kit import HASH, PASSWORD  # noqa: E402

from pipeline.core.visitors import Role  # noqa: E402
from pipeline.core.workspace import Workspace  # noqa: E402
from pipeline.ledger import journal  # noqa: E402
from pipeline.ledger.account_book import Account  # noqa: E402
from pipeline.ledger.entries import Entry, State  # noqa: E402
from pipeline.ledger.packet_store import PacketState  # noqa: E402
from pipeline.ledger.store import Ledger  # noqa: E402

KINDS = ("upload", "word", "archive")
_PATIENCE = 300.0  # seconds for what a busy machine does
_TOKEN = re.compile(r'name="jeton" value="(\w+)"')
_SINCE = re.compile(r'name="vu" value="(-?\d+)"')
_GIVEN = "Avis favorable de Sophie MARCHAL"


@dataclass
class Toll:
    """What the siege did: deaths by what they hit, and how many of these before the answer had come."""

    kills: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Siege:
    """One workspace, its server, and what the server promised."""

    def __init__(self, place: Path, *, seed: int, dossiers: int) -> None:
        self.workspace = prepare(place)
        self.toll = Toll()
        self._chance = random.Random(seed)  # noqa: S311 -- the same siege for the same seed
        self._forms = iter(crowd(ROOT, 10_000, seed=seed))
        self._usual = dict.fromkeys(KINDS, 0.4)  # seconds that such an answer takes
        with socket.create_server(("127.0.0.1", 0)) as found:
            self._base = f"http://127.0.0.1:{found.getsockname()[1]}"
        with Ledger.open(self.workspace) as ledger:
            roles = frozenset({Role.SCOLARITE, Role.RESPONSABLE})
            assert ledger.accounts.add(Account("", "sophie", "Sophie MARCHAL", roles, None, HASH), by="essai")
        self._server = self._started()
        self._browser = self._signed_in()
        self.sent = self._laid(dossiers)

    def besiege(self, kills: int) -> Toll:
        """Kill that often, one kind after the other; then let all come to rest, and count."""
        for number in range(kills):
            kind = KINDS[number % len(KINDS)]
            getattr(self, f"_{kind}")()
            self.toll.kills[kind] += 1
        self._rest()
        self.toll.faults += faults(self.workspace, self.sent)
        self.stop()
        return self.toll

    def stop(self) -> None:
        """The server ends as it is asked to."""
        self._browser.close()
        self._server.terminate()
        self._server.wait(_PATIENCE)

    def _upload(self) -> None:
        """A form that is being sent: whatever was said of it holds, and sent again it is known once."""
        form = self._fresh()
        sha256 = hashlib.sha256(form.data).hexdigest()
        answer = self._killed(
            "upload", "/depots", files={"fichier": (form.name, form.data)}, headers={"X-Depot": "1"}
        )
        self.sent.append(form)
        told = self._browser.get("/depots/suivi", params={"f": sha256}).text
        if answer is not None and ("pas reçu" in answer or "/dossiers/" not in told):
            self.toll.faults.append(f"{form.name} was received, and is not there: {told}")
        again = self._post("/depots", files={"fichier": (form.name, form.data)}, headers={"X-Depot": "1"})
        if "/dossiers/" not in again.text or (answer is not None) > ("déjà reçu" in again.text):
            self.toll.faults.append(f"{form.name} sent again: {again.text}")

    def _word(self) -> None:
        """A word on a stage: noted once, however often it is given."""
        entry = next(one for one in self._entries() if self._waits(one))
        path = f"/dossiers/{entry.number}/accord"
        answer = self._killed("word", path, data=self._said(path))
        page = self._browser.get(path).text
        if answer is not None and not ("est enregistré" in answer and _GIVEN in page):
            self.toll.faults.append(f"{entry.number}: the word was noted, and is not there")
        if _GIVEN not in page:
            again = self._post(path, data=self._said(path)).text
            if "est enregistré" not in again:
                self.toll.faults.append(f"{entry.number}: the word given again is refused: {again}")

    def _archive(self) -> None:
        """An archive that breaks off is told as broken by whoever opens it; asked again it is whole."""
        with Ledger.open(self.workspace) as ledger:
            wanted = "à signer" if ledger.packets.current() else "en signature"
        self._killed("archive", "/liasses.zip", data={"tout": wanted})
        whole = self._post("/liasses.zip", data={"tout": wanted})
        if whole.status_code != 200 and "reprenez-les" in whole.text:  # noted as taken, and never come
            whole = self._post("/liasses.zip", data={"tout": "en signature"})
        with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
            if archive.testzip() or "bilan.xlsx" not in archive.namelist():
                self.toll.faults.append("an archive is not whole")

    def _said(self, path: str) -> dict[str, str]:
        since = _SINCE.search(self._browser.get(path).text)
        return {"avis": "favorable", "vu": since[1] if since else "0"}

    def _waits(self, entry: Entry) -> bool:
        with Ledger.open(self.workspace) as ledger:
            return entry.state is State.WAITING and ledger.decisions(entry.form).accord is None

    def _fresh(self) -> Dropped:
        known = {one.data for one in self.sent}
        return next(form for form in self._forms if form.data not in known)

    def _laid(self, count: int) -> list[Dropped]:
        """Dossiers that wait for a word, and some to be taken: uploaded and walked in peace."""
        forms: list[Dropped] = []
        for form in self._forms:
            wanted = State.WAITING in form.ends or (State.DELIVERED in form.ends and len(forms) % 4 == 3)
            if wanted and form.data not in {one.data for one in forms}:
                forms.append(form)
                self._post("/depots", files={"fichier": (form.name, form.data)}, headers={"X-Depot": "1"})
            if len(forms) == count:
                break
        self._rest()
        return forms

    def _entries(self) -> tuple[Entry, ...]:
        with Ledger.open(self.workspace) as ledger:
            return tuple(ledger.entries.all())

    def _rest(self) -> None:
        deadline = time.monotonic() + _PATIENCE + 20.0 * len(self._entries())
        with Ledger.open(self.workspace) as ledger:
            while ledger.jobs.waits_now() and time.monotonic() < deadline:
                time.sleep(0.3)

    def _post(self, path: str, **what: object) -> httpx2.Response:
        what["data"] = {"jeton": self._token, **what.get("data", {})}  # type: ignore[dict-item]
        what["headers"] = {"X-Jeton": self._token, **what.get("headers", {})}  # type: ignore[dict-item]
        return self._browser.post(path, **what)  # type: ignore[arg-type]

    def _killed(self, kind: str, path: str, **what: object) -> str | None:
        """The answer, where it came whole before the server was killed; then it is started again."""
        hit = threading.Timer(self._chance.uniform(0, 1.3 * self._usual[kind]), self._kill)
        began = time.monotonic()
        hit.start()
        try:
            answer = self._post(path, **what)
            told = answer.text if answer.status_code == 200 else None
            self._usual[kind] = time.monotonic() - began
            if told is None:
                self.toll.faults.append(f"{path}: {answer.status_code}")
        except httpx2.TransportError:
            told = None
            self.toll.unanswered[kind] += 1
        hit.join()
        self._server.wait(_PATIENCE)
        self._browser.close()
        self._server = self._started()
        self._browser = self._signed_in()
        return told

    def _kill(self) -> None:
        """The server alone, or with its workers."""
        if self._chance.random() < 0.5:
            self._server.kill()
        else:
            os.killpg(self._server.pid, signal.SIGKILL)

    def _started(self) -> subprocess.Popen[bytes]:
        words = ("serve", "--jobs", "1", "--today", people.TODAY.isoformat(), "--port", self._base.rsplit(":")[-1])
        with (self.workspace.root / "serve.log").open("ab") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "pipeline", *words],
                cwd=self.workspace.root,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                if httpx2.get(f"{self._base}/readyz", timeout=10).status_code == 200:
                    return server
            except httpx2.TransportError:
                pass
            if server.poll() is not None or time.monotonic() > deadline:
                log_lines = (self.workspace.root / "serve.log").read_text(errors="replace")
                raise AssertionError(f"the server does not start again: {log_lines[-2000:]}")
            time.sleep(0.05)

    def _signed_in(self) -> httpx2.Client:
        browser = httpx2.Client(base_url=self._base, headers={"Origin": self._base}, timeout=_PATIENCE)
        token = _TOKEN.search(browser.get("/connexion").text)
        said = {"jeton": token[1] if token else "", "identifiant": "sophie", "mot_de_passe": PASSWORD}
        assert browser.post("/connexion", data=said).status_code == 303
        token = _TOKEN.search(browser.get("/mot-de-passe").text)
        assert token
        self._token = token[1]
        return browser


def faults(workspace: Workspace, sent: list[Dropped]) -> Iterator[str]:
    """What is lost, there twice, or not over."""
    with Ledger.open(workspace) as ledger:
        yield from ledger.faults()
        entries = {one.form.sha256: one for one in ledger.entries.all()}
        if len(entries) != len({one.data for one in sent}):
            yield f"{len(entries)} forms in the ledger, {len({one.data for one in sent})} were sent"
        for form in sent:
            entry = entries.get(hashlib.sha256(form.data).hexdigest())
            if entry is None:
                yield f"lost: {form.name}"
                continue
            word = ledger.decisions(entry.form).accord
            allowed = form.ends | ({State.DELIVERED} if word else set())
            if entry.state not in allowed:
                yield f"{form.name} ended as {entry.state.value}: {entry.detail[:200]}"
            with ledger.database.read() as connection:
                words = [one for one in journal.lines(connection, entry.form.sha256) if one.event == "accord"]
            if len(words) != bool(word):
                yield f"{entry.number}: {len(words)} words in the journal"
            live = [one for one in ledger.packets.of_form(entry.form.sha256) if one.state is not PacketState.PURGED]
            if len(live) != (entry.state is State.DELIVERED):
                yield f"{entry.number}: {len(live)} packets"


def main() -> int:
    """The siege by hand."""
    parser = argparse.ArgumentParser(description="Kill the page's server in mid-upload, mid-word and mid-archive.")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        toll = Siege(Path(place), seed=asked.seed, dossiers=asked.kills // len(KINDS) + 8).besiege(asked.kills)
    for kind in KINDS:
        print(f"{kind}: {toll.kills[kind]} kills, {toll.unanswered[kind]} before the answer was whole")  # noqa: T201
    print(f"faults: {toll.faults}")  # noqa: T201
    return 1 if toll.faults else 0


if __name__ == "__main__":
    sys.exit(main())
