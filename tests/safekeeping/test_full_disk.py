"""Purge and erase on a disk without space: it is said what to do, and the same command then ends what it began."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import people
import pytest
from delivering import delivered, received
from siege import ROOT

from pipeline.core.workspace import Workspace
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import Ledger

ALONE = ("unshare", "--map-root-user", "--mount", "sh", "-c")
MAY_MOUNT = (
    shutil.which("unshare")
    and not subprocess.run([*ALONE, "mount -t tmpfs tmpfs /mnt"], check=False, capture_output=True).returncode
)
# The workspace on a small disk, which is filled but for $LEFT KiB; the command, room again, the command.
SCRIPT = """
set -eu
mount -t tmpfs -o size=24m tmpfs "$DISK"
cp -a "$WORKSPACE" "$DISK/w"
cat /dev/zero > "$DISK/ballast" 2>/dev/null || true
truncate -s "-${LEFT}K" "$DISK/ballast"
echo "= $("$@" 2>&1 && echo 0 || echo $?)"
rm "$DISK/ballast"
echo "= $("$@" 2>&1 && echo 0 || echo $?)"
grep -rlE "ASSIGNIES|a[.]pdf" "$DISK/w/.liasse" "$DISK/w/outbox" | sed "s/^/left: /" || true
"""


@pytest.mark.skipif(not MAY_MOUNT, reason="this account may mount no disk of its own")
@pytest.mark.parametrize("left", [0, 64, 128])
@pytest.mark.parametrize("command", ["purge", "erase"])
def test_a_full_disk_is_said_with_what_to_do(
    own_workspace: Workspace, tmp_path: Path, command: str, left: int
) -> None:
    """Wherever the space ends, the command says to free some and run it again; once that is done, no name is left."""
    with Ledger.open(own_workspace) as ledger:
        form = received(ledger, own_workspace, "a.pdf", people.coordination())
        packet = delivered(ledger, own_workspace, form, "f/2025/a")
        ledger.packets.lock(packet, PacketState.FETCHED, "A")
    disk = tmp_path / "disk"
    disk.mkdir()
    words = {
        "purge": ("purge", "--today", "2035-01-01"),
        "erase": ("erase", form.id, "--by", "F. GARÇON", "--reason", "demande", "--signed-too"),
    }[command]
    workspace = tmp_path.parent / f"{tmp_path.name}-w"
    shutil.copytree(own_workspace.root, workspace, ignore=shutil.ignore_patterns("disk"))
    told = {"PYTHONPATH": str(ROOT), "DISK": str(disk), "WORKSPACE": str(workspace), "LEFT": str(left)}
    done = subprocess.run(
        [*ALONE, SCRIPT, "sh", sys.executable, "-m", "pipeline", *words, "--workspace", str(disk / "w")],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout
    _, full, free = done.split("= ")

    assert full.endswith("\n3\n"), full
    assert "free space" in full.lower()
    assert "run again" in full
    assert "tried again" not in full
    assert free.endswith("\n0\n"), free
