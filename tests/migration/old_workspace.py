"""The workspace of an older liasse, rebuilt from text: every state of a form, a packet and a job is in it.

``make_old_workspace.py`` made it once with the commands of 86c04ff. Its ledger is kept as SQL, what it received as
files of ``samples`` (the sample forms of that day) with some answers typed over; where PDF and Word files of the
outbox lay is a short text.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

from old_forms import forms

ROOT = Path(__file__).parent.parent.parent
KEPT, SAMPLES = (Path(__file__).parent / name for name in ("workspace", "samples"))
_OWNER = {"{host}": socket.gethostname(), "{boot}": "another-boot"}  # whoever held a job is no more


def rebuild(root: Path) -> None:
    """Make the workspace in a folder that is not there yet."""
    made = forms(SAMPLES)
    by_hash = {hashlib.sha256(data).hexdigest(): data for data in made.values()}
    root.mkdir()
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("inbox", "outbox"):
        (root / name).mkdir()
    for sha256 in _kept("spool"):
        _put(root / ".liasse" / "spool" / sha256[:2] / sha256, by_hash[sha256])
    for name, sha256 in _kept("copies").items():
        _put(root / name, by_hash[sha256])
    shutil.copytree(KEPT / "files", root, dirs_exist_ok=True)
    for manifest in (root / "outbox").rglob("manifest.json"):
        for file in json.loads(manifest.read_text(encoding="utf-8"))["fichiers"]:
            path = manifest.parent / file["nom"]
            if not path.exists():
                _put(path, b"not kept\n")
    _fill_ledger(root)


def _fill_ledger(root: Path) -> None:
    script = (KEPT / "ledger.sql").read_text(encoding="utf-8")
    for word, value in _OWNER.items():
        script = script.replace(word, value)
    with closing(sqlite3.connect(root / ".liasse" / "ledger.sqlite3")) as ledger:
        ledger.executescript(script)
        for name, sha256 in _kept("records").items():
            (body,) = ledger.execute("SELECT body FROM record WHERE sha256 = ?", (sha256,)).fetchone()
            _put(root / name, (json.dumps(json.loads(body), ensure_ascii=False, indent=2) + "\n").encode())


def _kept(name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
