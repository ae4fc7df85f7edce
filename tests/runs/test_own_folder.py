"""Members of the group and liasse's own folder in the inbox: taken away, replaced, written into, made a link."""

from __future__ import annotations

import grp
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from delivering import claimed
from strangers import MEMBER, answer_as, entered_by_all
from whole_files import WHOLE

from pipeline.core.models import Form
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_back, take_in
from pipeline.ledger.entries import State
from pipeline.ledger.form_rows import Ending
from pipeline.ledger.store import Ledger
from pipeline.maintenance.doctor import examine
from pipeline.maintenance.retention import remove_received
from pipeline.storage import access, aside_place
from pipeline.storage.access import LOOSE, close_places, is_loose, share_places
from pipeline.storage.aside import copies_aside
from pipeline.storage.aside_place import ASIDE, REPLACED, made_aside
from pipeline.storage.inbox import Why, left_in, scan

GROUP = next(one for one in grp.getgrall() if one.gr_gid >= 100 and not one.gr_mem)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be other accounts")


def dropped(context: Context, name: str, data: bytes) -> Form:
    """A file that came by the inbox."""
    path = context.workspace.inbox / name
    path.write_bytes(data)
    return take_in(path, context).entry.form


def to_complete(context: Context, name: str = "a.pdf") -> Form:
    """A form that was sent back, with its letter."""
    form = dropped(context, name, WHOLE["pdf"])
    context.ledger.settle(
        claimed(context.ledger, form), Ending(State.TO_COMPLETE, "…", folder=Path("a-completer") / form.id)
    )
    (context.workspace.to_complete / form.id).mkdir(parents=True)
    return form


def of_a_member(inbox: Path, _: Path) -> None:
    """Her own folder, in which she may remove what comes."""
    (inbox / ASIDE).mkdir(mode=0o777)
    os.chown(inbox / ASIDE, MEMBER, -1)


def link(inbox: Path, victim: Path) -> None:
    """A link to another folder of our account."""
    (inbox / ASIDE).symlink_to(victim)


def dangling(inbox: Path, victim: Path) -> None:
    """A link to nothing."""
    (inbox / ASIDE).symlink_to(victim / "rien")


def plain_file(inbox: Path, _: Path) -> None:
    """A file."""
    (inbox / ASIDE).write_bytes(b"x")


WAYS = [pytest.param(of_a_member, marks=needs_root), link, dangling, plain_file]


@pytest.mark.parametrize("way", WAYS)
def test_what_has_the_name_of_our_folder_is_not_used(
    context: Context, tmp_path_factory: pytest.TempPathFactory, way: Callable[[Path, Path], None]
) -> None:
    """It gets another name, is told, and a new one is made: nothing goes into it, nothing of it is touched."""
    inbox, victim = context.workspace.inbox, tmp_path_factory.mktemp("a-nous")
    victim.chmod(0o755)
    form = to_complete(context)
    (inbox / ASIDE).rename(victim / "pris")
    for name in (f"{form.id}-a.pdf", "0123abcd-b.pdf"):
        (victim / name).write_bytes(b"%PDF of another")
    before = {path.name for path in victim.iterdir()}
    way(inbox, victim)
    assert {one.name: one.why for one in left_in(inbox)} == {ASIDE: Why.REPLACED}

    assert take_back(context, set()) == 0
    remove_received(context.ledger.entries.get(form.sha256), context.workspace)
    second = dropped(context, "b.docx", WHOLE["docx"])
    close_places(context.workspace)

    assert {path.name for path in victim.iterdir()} == before
    assert stat.S_IMODE(victim.stat().st_mode) == 0o755
    assert {one.name: one.why for one in left_in(inbox)} == {f"{REPLACED}1": Why.REPLACED}
    ours = inbox / ASIDE
    assert (ours.is_symlink(), ours.stat().st_uid, stat.S_IMODE(ours.stat().st_mode)) == (False, os.geteuid(), 0o700)
    assert copies_aside(second.id, context.workspace) == (ours / f"{second.id}-b.docx",)
    assert context.ledger.entries.get(form.sha256).state is State.TO_COMPLETE
    told = [one.said for one in examine(context.workspace) if one.what == "inbox"]
    assert [one for one in told if f"{REPLACED}1" in one and "then remove it" in one] != []


@pytest.mark.parametrize("way", WAYS)
def test_it_is_put_out_of_the_way_at_each_opening(
    own_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, way: Callable[[Path, Path], None]
) -> None:
    """Twice by other names; what lies in it is no form that is taken."""
    victim = tmp_path_factory.mktemp("a-nous")
    (victim / "0123abcd-b.pdf").write_bytes(WHOLE["pdf"])
    for _ in range(2):
        way(own_workspace.inbox, victim)
        with Ledger.open(own_workspace):
            assert not os.path.lexists(own_workspace.inbox / ASIDE)

    assert sorted(path.name for path in own_workspace.inbox.iterdir()) == [f"{REPLACED}1", f"{REPLACED}2"]
    assert scan(own_workspace.inbox).files == ()
    assert (victim / "0123abcd-b.pdf").exists()


@pytest.mark.parametrize("how", ["beside", "in its place", "no name of ours", "a pipe"])
def test_a_file_that_somebody_lays_there_puts_no_form_away(
    context: Context, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    """It is told once, by no name, and stays; a form that was received stays what it is."""
    form = to_complete(context)
    folder = context.workspace.inbox / ASIDE
    ours = folder / f"{form.id}-a.pdf"
    laid = {"in its place": ours, "no name of ours": folder / "ROUX.pdf"}.get(how, folder / f"{form.id}-ROUX.pdf")
    if how == "in its place":
        ours.rename(folder.parent / ".gardé")  # its inode is not given again
        ours.unlink(missing_ok=True)
    if how == "a pipe":
        os.mkfifo(laid)
    else:
        laid.write_bytes(b"%PDF of another")
    unchanged: set[tuple[str, str]] = set()

    assert (take_back(context, unchanged), take_back(context, unchanged)) == (0, 0)

    assert context.ledger.entries.get(form.sha256).state is State.TO_COMPLETE
    assert (context.workspace.to_complete / form.id).is_dir()
    assert laid.exists()
    assert [record.getMessage().startswith("1 fichier(s) de inbox/.traites") for record in caplog.records] == [True]
    assert "ROUX" not in caplog.text


@needs_root
def test_where_a_mount_names_one_owner_for_all_our_folder_is_that_ones(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share that keeps no owners, as a file that we make there tells: the folder that stands there is used."""
    of_a_member(context.workspace.inbox, context.workspace.root)
    monkeypatch.setattr(aside_place, "_owner_given", lambda _: MEMBER)

    form = dropped(context, "a.pdf", WHOLE["pdf"])

    assert [path.name for path in (context.workspace.inbox / ASIDE).iterdir()] == [f"{form.id}-a.pdf"]
    assert left_in(context.workspace.inbox) == ()


@needs_root
def test_a_member_takes_nothing_away_in_the_shared_inbox() -> None:
    """The sticky bit: she drops a file, and renames neither our folder nor the file of a colleague."""
    with entered_by_all() as root:
        workspace = Workspace(root)
        share_places(workspace, GROUP.gr_name)
        with made_aside(workspace):
            pass
        colleague = workspace.inbox / "collegue.pdf"
        colleague.write_bytes(b"x")
        os.chown(colleague, MEMBER + 1, GROUP.gr_gid)

        def as_member(work: Callable[[], object]) -> str:
            return answer_as(MEMBER, [GROUP.gr_gid], work)

        assert as_member(lambda: (workspace.inbox / "a.pdf").write_bytes(b"%PDF")) == "4"
        assert as_member((workspace.inbox / "a.pdf").unlink) == "None"
        for path in (workspace.inbox / ASIDE, colleague):
            assert as_member(lambda path=path: path.rename(workspace.inbox / "x")).startswith("PermissionError")
        assert not is_loose(workspace)
        colleague.rename(workspace.inbox / "x")  # liasse owns the folder


@needs_root
def test_an_inbox_of_before_opens_where_no_sticky_bit_can_be_set(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service may set no setgid, not even one that is there: it works on, and the doctor says what to do."""
    share_places(own_workspace, GROUP.gr_name)
    own_workspace.inbox.chmod(LOOSE)
    (own_workspace.root / "liasse.toml").write_text(f'[acces]\ngroupe = "{GROUP.gr_name}"\n')
    with monkeypatch.context() as service:
        service.setattr(access, "_set", lambda *_: False)  # as systemd's RestrictSUIDSGID has it
        assert share_places(own_workspace, GROUP.gr_name) == GROUP.gr_gid
        assert is_loose(own_workspace)
        told = [one.said for one in examine(own_workspace) if one.what == "inbox"]
        assert [one for one in told if one.endswith(f"sudo chmod 3770 {own_workspace.inbox}")] != []

    share_places(own_workspace, GROUP.gr_name)
    assert not is_loose(own_workspace)


@needs_root
def test_an_inbox_of_another_account_gets_no_sticky_bit() -> None:
    """Under it, we could take nothing out of it that others dropped."""
    with entered_by_all() as root:
        workspace = Workspace(root)
        share_places(workspace, GROUP.gr_name)
        os.chown(workspace.inbox, MEMBER, -1)
        share_places(workspace, GROUP.gr_name)
        assert is_loose(workspace)
