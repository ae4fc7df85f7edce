"""Make, with this (old) code and its real commands, a workspace in which every state occurs.

    git worktree add ../old 86c04ff; python tests/migration/make_old_workspace.py ../old DIR

DIR must not exist. Nothing is written to the ledger but by liasse itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from old_forms import DOUBT, SHOWN, forms

BASE = Path(sys.argv[1]).resolve()
BY = ("--by", "F. GARÇON")
REFERENT = (
    'nom = ""\nprenom = ""\nfonction = "Responsable du tutorat"',
    'nom = "GARÇON"\nprenom = "Françoise"\nfonction = "Responsable du tutorat"',
)
PURGED = "[conservation]\nformulaires = 1\nliasses = 1\na_completer = 0\nquarantaine = 0\nregistre = 0\njournal = 0\n"


def say(words: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


class Maker:
    """One workspace in the making."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bytes = forms(BASE / "tests" / "samples")
        self.sha = {name: hashlib.sha256(data).hexdigest() for name, data in self.bytes.items()}
        self.deaths = root.with_name(root.name + ".deaths")
        root.mkdir()
        for name in ("templates", "schemas"):
            shutil.copytree(BASE / name, root / name)
        for name in ("inbox", "outbox"):
            (root / name).mkdir()
        self._env = {**os.environ, "PYTHONPATH": f"{BASE}:{BASE / 'tests'}"}
        self._env.pop("LIASSE_DIE_AT", None)

    def id(self, name: str) -> str:
        """What is typed for a form."""
        return self.sha[name][:8]

    def drop(self, *names: str) -> None:
        """Put files in the inbox."""
        for name in names:
            (self.root / "inbox" / name).write_bytes(self.bytes[name])

    def command(self, *words: str, day: str | None = "2025-03-17") -> list[str]:
        """The words of a command."""
        return [
            sys.executable,
            "-m",
            "pipeline",
            *words,
            "--workspace",
            str(self.root),
            *(["--today", day] if day else []),
        ]

    def do(self, *words: str, day: str | None = "2025-03-17", die: str = "", code: tuple[int, ...] = (0, 1)) -> None:
        """One command of liasse; killed at a named point when ``die``."""
        began = time.monotonic()
        env = {**self._env, **({"LIASSE_DIE_AT": die, "LIASSE_DIE_LOG": str(self.deaths)} if die else {})}
        done = subprocess.run(
            self.command(*words, day=day), cwd=BASE, env=env, capture_output=True, text=True, check=False
        )
        expected = (-signal.SIGKILL,) if die else code
        say(
            f"{time.monotonic() - began:5.1f} s  {done.returncode:3d}  liasse {' '.join(words)}  {die}",
        )
        if done.returncode not in expected:
            raise SystemExit(f"expected {expected}\n{done.stdout}\n{done.stderr}")

    def sql(self, sql: str) -> list[tuple]:
        """What the ledger says; read only."""
        with closing(sqlite3.connect(f"file:{self.root / '.liasse/ledger.sqlite3'}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def make(self) -> None:
        """Everything, one state after the other."""
        # delivered, fetched, and purged with its file: only the line is left
        self.drop("purge.pdf")
        self.do("run", day="2025-03-10", code=(0,))
        self.do("fetch", self.id("purge.pdf"), "--by", "A. DUBOIS", day=None)
        (self.root / "liasse.toml").write_text(PURGED, "utf-8")
        self.do("purge", day=(dt.date.today() + dt.timedelta(days=3)).isoformat())  # noqa: DTZ011
        (self.root / "liasse.toml").unlink()
        # a broken template, mended, and the form tried again
        template = self.root / "templates" / "coordination-essms" / "annexe-3-grille.docx"
        self.drop("5-essms-emploi.docx")
        with broken(template):
            self.do("run", code=(3,))
        self.do("retry", self.id("5-essms-emploi.docx"), *BY, code=(0,))
        # the first wave
        self.drop(
            "1-cnam-etudiante.pdf",
            "2-cnam-emploi.docx",
            "3-cnam-attente.pdf",
            "4-essms-salariee.pdf",
            "6-essms-imprime.pdf",
            "7-essms-erreurs.pdf",
            "refuse.pdf",
            "ecarte.pdf",
            "second-stage.pdf",
            "signee-v1.pdf",
            "efface.pdf",
            "homonyme.pdf",
            "faux.pdf",
            "doute.pdf",
            "inconnu.pdf",
            "inconnu-situe.pdf",
            "note.txt",
        )
        self.do("run")
        (self.root / "inbox" / "z-encore-elise.pdf").write_bytes(self.bytes["1-cnam-etudiante.pdf"])
        self.do("run", day="2025-03-18")  # the same bytes again
        # decisions of each kind
        self.do("approve", self.id("3-cnam-attente.pdf"), *BY, day="2025-03-18", code=(0,))
        self.do(
            "approve",
            self.id("refuse.pdf"),
            *BY,
            "--refuse",
            "--reason",
            "projet trop loin du diplôme",
            day="2025-03-18",
        )
        self.do(
            "override",
            self.id("homonyme.pdf"),
            "S2-13",
            *BY,
            "--reason",
            "cadre de fait, vu avec le site",
            day="2025-03-18",
            code=(0,),
        )
        self.do("confirm", self.id("doute.pdf"), f"{DOUBT}={SHOWN}", *BY, day="2025-03-18", code=(0,))
        self.do(
            "confirm",
            self.id("inconnu-situe.pdf"),
            "formation.code=coordination-essms",
            "stagiaire.nom",
            *BY,
            day="2025-03-18",
        )
        self.do("discard", self.id("ecarte.pdf"), *BY, "--reason", "envoyé par erreur", day="2025-03-18")
        self.do("erase", self.id("efface.pdf"), "--by", "DPO", "--reason", "demande du 3 mars", day=None)
        self.do(
            "fetch",
            self.id("1-cnam-etudiante.pdf"),
            "--by",
            "A. DUBOIS",
            "--to",
            str(self.root.with_name(self.root.name + ".fetched")),
            day=None,
        )
        self.do("fetch", self.id("5-essms-emploi.docx"), "--by", "A. DUBOIS", "--signed", day=None)
        self.do("fetch", self.id("signee-v1.pdf"), "--by", "A. DUBOIS", day=None)
        self.do("fetch", self.id("signee-v1.pdf"), "--by", "A. DUBOIS", "--signed", day=None)
        # second versions
        self.drop("cnam-v2.pdf", "essms-v2.pdf", "juste.pdf", "signee-v2.pdf")
        self.do("run", day="2025-03-18")
        self.do(
            "override",
            self.id("signee-v2.pdf"),
            "V-01",
            *BY,
            "--reason",
            "le téléphone du tuteur était faux",
            day="2025-03-18",
            code=(0,),
        )
        # a form that kills its worker three times
        self.drop("quarantaine.pdf")
        self.do("run", day="2025-03-18", die="read:1")
        for _ in range(2):
            self.do("worker", "--drain", day="2025-03-18", die="read:1")
        self.do("run", day="2025-03-18")
        # a packet made anew because a setting was given
        settings = self.root / "templates" / "cnam-lp-insertion" / "formation.toml"
        with changed(settings, *REFERENT):
            self.do("regenerate", self.id("2-cnam-emploi.docx"), *BY, day="2025-03-19", code=(0,))
            self._interrupted_batch(template)

    def _interrupted_batch(self, template: Path) -> None:
        """A batch dies between reading and printing; while it hangs, other workers die too: it frees nothing."""
        began = time.monotonic()
        self.drop("lot-1.pdf", "lot-2.pdf", "lot-3.pdf")
        self.deaths.write_text("")
        env = {**self._env, "LIASSE_DIE_AT": "claimed:2:STOP", "LIASSE_DIE_LOG": str(self.deaths)}
        batch = subprocess.Popen(
            self.command("batch", "--jobs", "1", day="2025-03-19"),
            cwd=BASE,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        worker = 0
        try:
            while (
                not (lines := self.deaths.read_text().split())
                or len(self.sql("SELECT 1 FROM job WHERE step = 'look'")) < 3
            ):
                if time.monotonic() > began + 120 or batch.poll() is not None:
                    raise SystemExit("the batch did not get there")
                time.sleep(0.1)
            worker = int(lines[1])
            batch.send_signal(signal.SIGSTOP)
            os.kill(worker, signal.SIGKILL)
            say(
                f"{time.monotonic() - began:5.1f} s   † liasse batch --jobs 1, after the first form was looked at",
            )
            self.drop("panne.pdf")
            with broken(template):
                self.do("run", str(self.root / "inbox" / "panne.pdf"), day="2025-03-19", code=(3,))
            self.drop("publiee.pdf")
            self.do("run", str(self.root / "inbox" / "publiee.pdf"), day="2025-03-19", die="published:1")
            self.drop("notee.pdf")
            self.do(
                "run", str(self.root / "inbox" / "notee.pdf"), day="2025-03-19", die="noted:1"
            )  # still in the inbox
            self.do(
                "regenerate",
                self.id("3-cnam-attente.pdf"),
                self.id("second-stage.pdf"),
                *BY,
                day="2025-03-19",
                die="claimed:1",
            )
            self.drop("prevue.pdf")
            self.do("run", str(self.root / "inbox" / "prevue.pdf"), day="2025-03-19", die="intended:1")
        finally:
            batch.kill()
            batch.wait()


class changed:  # noqa: N801
    """Within, a text file says something else; afterwards it is as it was, its date too."""

    def __init__(self, path: Path, before: str, after: str) -> None:
        self._path, self._old, self._stat = path, path.read_bytes(), path.stat()
        text = self._old.decode()
        assert before in text
        self._new = text.replace(before, after).encode()

    def __enter__(self) -> None:
        self._path.write_bytes(self._new)

    def __exit__(self, *_: object) -> None:
        self._path.write_bytes(self._old)
        os.utime(self._path, ns=(self._stat.st_atime_ns, self._stat.st_mtime_ns))


class broken(changed):  # noqa: N801
    """Within, a template is no Word file."""

    def __init__(self, path: Path) -> None:
        self._path, self._old, self._stat = path, path.read_bytes(), path.stat()
        self._new = b"not a Word file"


def main() -> None:
    """Make it, and keep the hashes of its files beside it."""
    root = Path(sys.argv[2]).resolve()
    began = time.monotonic()
    maker = Maker(root)
    maker.make()
    (root.with_name(root.name + ".names.json")).write_text(json.dumps(maker.sha, indent=1))
    say(f"{time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    main()
