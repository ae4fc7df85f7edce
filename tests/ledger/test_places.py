"""Modes of what is made, and of a workspace when it is opened: closed to all but its account, and one group."""

from __future__ import annotations

import grp
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from strangers import answer_as, entered_by_all

from pipeline.core.errors import ConfigError
from pipeline.core.modes import group_of, private_file, private_folder
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.ledger.store import FILE, Ledger
from pipeline.maintenance.doctor import Level, examine
from pipeline.runs.dry_run import rehearsing
from pipeline.storage.access import advice, look_over, share_places
from pipeline.storage.aside import put_aside
from pipeline.storage.spool import publish, put_file, receive
from pipeline.storage.temporary import own_temporary

GROUP = next(one for one in grp.getgrall() if one.gr_gid >= 100 and not one.gr_mem)
ACCOUNT = 54_323
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be other accounts")


@pytest.fixture(params=[0o000, 0o022, 0o027, 0o077], ids=lambda umask: f"{umask:03o}")
def any_umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Each umask that a shell, cron or a service may give."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    """The mode of a file or a folder, with its setgid."""
    return stat.S_IMODE(path.stat().st_mode)


def written(workspace: Workspace) -> dict[str, int]:
    """A packet, a note in it and a paper of the cohort in the outbox: their modes."""
    packet = workspace.outbox / "f" / "2025" / "ROUX-Ana_1b"
    publish(packet, {"liasse.pdf": b"%PDF", "pieces/01.pdf": b"%PDF"})
    put_file(packet / "REMPLACEE.txt", b"-")
    put_file(workspace.bilan / "bilan.xlsx", b"PK")
    return {str(path.relative_to(workspace.root)): mode(path) for path in workspace.outbox.rglob("*")}


@needs_root
@pytest.mark.usefixtures("any_umask")
def test_what_is_written_is_the_accounts_alone_whatever_the_umask(own_workspace: Workspace) -> None:
    """Spool, ledger, temporary files, copies put aside, packets: 0700 and 0600, with no group set."""
    dropped = own_workspace.inbox / "ROUX Ana.pdf"
    dropped.write_bytes(b"%PDF ROUX")
    with own_temporary(own_workspace), Ledger.open(own_workspace) as ledger:
        share_places(own_workspace, "")
        put_aside(dropped, own_workspace, receive(dropped, own_workspace, None))  # type: ignore[arg-type]
        with private_file(own_workspace.memory / "batch.jsonl", append=True) as log:
            log.write(b"{}\n")
        private_folder(own_workspace.memory / "crops" / "1b")
        written(own_workspace)
        places = (own_workspace.memory, own_workspace.inbox, own_workspace.outbox)
        with ledger.database.write():
            found = {path: path.stat().st_mode for top in places for path in (top, *top.rglob("*"))}

    assert {own_workspace.memory / f"{FILE}-{beside}" for beside in ("wal", "shm")} <= set(found)
    dropped_modes = {path for path in found if path.parent.name == ".traites"}
    assert len(dropped_modes) == 1
    wrong = {
        str(path): oct(held)
        for path, held in found.items()
        if path not in dropped_modes and stat.S_IMODE(held) != (0o700 if stat.S_ISDIR(held) else 0o600)
    }
    assert wrong == {}


@needs_root
@pytest.mark.usefixtures("any_umask")
def test_the_group_reads_what_is_written_whatever_the_umask(own_workspace: Workspace) -> None:
    """Packets, notes and papers of the outbox: 0750 and 0640, and of the group, each folder on the way too."""
    assert share_places(own_workspace, GROUP.gr_name) == GROUP.gr_gid

    found = written(own_workspace)

    assert (mode(own_workspace.inbox), mode(own_workspace.outbox)) == (0o3770, 0o2750)
    assert {own & 0o777 for own in found.values()} == {0o750, 0o640}
    assert {path.stat().st_gid for path in own_workspace.outbox.rglob("*")} == {GROUP.gr_gid}
    assert group_of(own_workspace.outbox / "f" / "2025") == GROUP.gr_gid


@needs_root
@pytest.mark.parametrize("shared", ["setgid-open", "group", "closed-between"])
def test_only_a_folder_that_was_shared_on_purpose_is_a_groups(tmp_path: Path, shared: str) -> None:
    """A home that its group may read, a folder that all may read, one closed within a shared one: no papers there."""
    os.chown(tmp_path, -1, GROUP.gr_gid)
    tmp_path.chmod({"setgid-open": 0o2755, "group": 0o750, "closed-between": 0o2750}[shared])
    folder = private_folder(tmp_path / "a") if shared == "closed-between" else tmp_path / "a"

    put_file(folder / "bilan.xlsx", b"PK")

    assert (mode(folder) & 0o777, mode(folder / "bilan.xlsx")) == (0o700, 0o600)


def lax(workspace: Workspace) -> None:
    """A workspace of a careless past: all of it open, under a packet that was made and a link to elsewhere."""
    written(workspace)
    with Ledger.open(workspace) as ledger:
        place = workspace.outbox / "f/2025/ROUX-Ana_1b/liasse.pdf"
        receive(place, workspace, None, announce=ledger.announce)  # type: ignore[arg-type]
    elsewhere = workspace.root / "elsewhere"
    elsewhere.write_bytes(b"")
    elsewhere.chmod(0o666)
    (workspace.memory / "link").symlink_to(elsewhere)
    for top in (workspace.memory, workspace.inbox, workspace.outbox):
        for path in (top, *top.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o777 if path.is_dir() else 0o666)


def test_a_lax_workspace_is_closed_when_it_is_opened(own_workspace: Workspace) -> None:
    """Its folders, and what was open in our memory; what a link names is not ours."""
    lax(own_workspace)

    with Ledger.open(own_workspace):
        held = [path for path in (own_workspace.memory, *own_workspace.memory.rglob("*")) if not path.is_symlink()]
        assert {path.name: oct(mode(path)) for path in held if mode(path) & 0o077} == {}
    assert mode(own_workspace.inbox) & 0o007 == mode(own_workspace.outbox) & 0o007 == 0
    assert mode(own_workspace.root / "elsewhere") == 0o666


@needs_root
def test_packets_of_before_are_shared_with_a_group_that_is_set_and_closed_when_it_is_not(
    own_workspace: Workspace,
) -> None:
    """Set, changed, taken away: the whole outbox follows the setting, and the inbox too."""
    lax(own_workspace)
    packet = own_workspace.outbox / "f" / "2025" / "ROUX-Ana_1b" / "liasse.pdf"

    share_places(own_workspace, GROUP.gr_name)
    assert (packet.stat().st_gid, mode(packet), mode(packet.parent)) == (GROUP.gr_gid, 0o640, 0o750)

    share_places(own_workspace, "")
    assert {mode(own_workspace.inbox), mode(own_workspace.outbox), mode(packet.parent)} == {0o700}
    assert mode(packet) == 0o600


def test_a_group_that_does_not_exist_is_named(own_workspace: Workspace) -> None:
    """With the file, the key, and how to make one."""
    with pytest.raises(ConfigError, match=r"liasse.toml, \[acces\] groupe: .* no group 'scolaritee'.*groupadd"):
        share_places(own_workspace, "scolaritee")


@needs_root
@pytest.mark.parametrize("groups", [[GROUP.gr_gid], []], ids=["member", "no member"])
def test_an_ordinary_account_shares_with_a_group_that_it_is_in(groups: list[int]) -> None:
    """A service's account, member of the group, needs no root; one that is not is told how to become it."""
    with entered_by_all() as root:
        workspace = Workspace(root)
        for path in (root, workspace.inbox, workspace.outbox):
            path.mkdir(exist_ok=True)
            os.chown(path, ACCOUNT, ACCOUNT)

        def work() -> object:
            os.umask(0o077)
            share_places(workspace, GROUP.gr_name)
            return sorted({held & 0o777 for held in written(workspace).values()})

        said = answer_as(ACCOUNT, groups, work)

        if groups:
            assert said == str([0o640, 0o750])
            assert {path.stat().st_gid for path in workspace.outbox.rglob("*")} == set(groups)
        else:
            assert said.startswith("ConfigError")
            assert f"usermod -aG {GROUP.gr_name} {ACCOUNT}" in said


@needs_root
def test_the_doctor_says_what_it_set_right_and_what_it_cannot(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open files are closed and counted, once; what root made in an ordinary account's workspace is told."""
    monkeypatch.delenv(SCHOOL)
    lax(own_workspace)
    (own_workspace.root / "etablissement").mkdir(mode=0o755)

    first = [finding for finding in examine(own_workspace) if finding.what == "access"]

    assert {(one.level, one.said.split(":")[0].rsplit("/", 1)[1]) for one in first} == {
        (Level.POORER, place) for place in (".liasse", "etablissement", "inbox", "outbox")
    }
    looked = list(look_over(own_workspace, ""))
    assert {(one.mended, one.refused, one.foreign) for one in looked} == {(0, 0, 0)}
    os.chown(own_workspace.memory, ACCOUNT, ACCOUNT)
    (own_workspace.root / "etablissement").chmod(0o755)
    memory, school, *_ = look_over(own_workspace, "")
    assert (memory.foreign > 0, school.refused) == (True, 1)
    assert f"sudo chown -R {ACCOUNT} {school.place}" in advice(school.place, own_workspace)


def test_a_rehearsal_leaves_the_folders_as_they_are(own_workspace: Workspace) -> None:
    """A dry run writes nothing: no mode either."""
    own_workspace.outbox.chmod(0o700)
    before = {path: mode(path) for path in own_workspace.root.iterdir()}

    with rehearsing(own_workspace, dry_run=True) as place:
        share_places(place, "")

    assert {path: held for path, held in before.items() if mode(path) != held} == {}
