"""What of the inbox is ready: still, whole, regular; everything else waits or is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import people
import pytest

from pipeline.core.settings import Watching
from pipeline.core.workspace import Workspace
from pipeline.runs.settling import Settling
from pipeline.storage.aside import put_aside
from pipeline.storage.inbox import Why, scan
from pipeline.storage.shares import is_share
from pipeline.storage.spool import receive
from pipeline.storage.wholeness import is_whole

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ZIP_END = b"PK\x05\x06" + bytes(12) + b"\x04\0\0\0\0\0"  # of a directory of nothing, at 4


def ready(settling: Settling, workspace: Workspace, now: float) -> dict[str, bool]:
    """The names that are ready at that moment, each with whether it is whole."""
    return {path.name: whole for path, whole in settling.ready(scan(workspace.inbox), now)}


def test_only_forms_are_seen(own_workspace: Workspace, tmp_path: Path) -> None:
    """Lock files, downloads under way, links, pipes, folders and files with a second name are not taken."""
    inbox = own_workspace.inbox
    for name in (
        "a.pdf",
        ".caché.pdf",
        "~$a.docx",
        "b.pdf.part",
        "c.crdownload",
        "Thumbs.db",
        "desktop.ini",
        "d.TMP",
    ):
        (inbox / name).write_bytes(PDF)
    (inbox / "lien.pdf").symlink_to("/etc/passwd")
    os.mkfifo(inbox / "tube.pdf")
    (inbox / "dossier.pdf").mkdir()
    (tmp_path / "ailleurs.pdf").write_bytes(PDF)
    (inbox / "double.pdf").hardlink_to(tmp_path / "ailleurs.pdf")

    seen = scan(own_workspace.inbox)

    assert [one.path.name for one in seen.files] == ["a.pdf"]
    assert {one.name: one.why for one in seen.odd} == {
        ".caché.pdf": Why.HIDDEN,
        "~$a.docx": Why.LOCK,
        "b.pdf.part": Why.UNDER_WAY,
        "c.crdownload": Why.UNDER_WAY,
        "d.TMP": Why.UNDER_WAY,
        "double.pdf": Why.TWIN,
        "lien.pdf": Why.LINK,
        "tube.pdf": Why.PIPE,
    }


def test_a_file_is_ready_once_it_is_still(own_workspace: Workspace) -> None:
    """It grows, it rests, it is ready; a new file under the same name starts from the beginning."""
    path = own_workspace.inbox / "a.pdf"
    settling = Settling(Watching(calme=3), share=False)
    path.write_bytes(PDF[:20])
    assert ready(settling, own_workspace, 0) == {}
    path.write_bytes(PDF)
    assert ready(settling, own_workspace, 2) == {}
    assert ready(settling, own_workspace, 4) == {}
    assert ready(settling, own_workspace, 5) == {"a.pdf": True}

    path.unlink()
    path.write_bytes(PDF + b"\n")
    assert ready(settling, own_workspace, 6) == {}


def test_a_share_is_given_more_time(own_workspace: Workspace) -> None:
    """The same file, on a share, is waited for ten seconds."""
    (own_workspace.inbox / "a.pdf").write_bytes(PDF)
    settling = Settling(Watching(), share=True)

    assert [bool(ready(settling, own_workspace, now)) for now in (0, 4, 9.9, 10)] == [False, False, False, True]


def test_a_file_without_its_end_waits_and_is_given_up_in_the_end(own_workspace: Workspace) -> None:
    """A cut upload is not read while it may still come; after a quarter of an hour somebody is told."""
    (own_workspace.inbox / "a.pdf").write_bytes(PDF[:-7])
    (own_workspace.inbox / "vide.pdf").touch()
    settling = Settling(Watching(calme=3, incomplet=900), share=False)

    assert ready(settling, own_workspace, 0) == {}
    assert ready(settling, own_workspace, 899) == {}
    assert ready(settling, own_workspace, 900) == {"a.pdf": False, "vide.pdf": False}


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (PDF, True),
        (PDF[:-7], False),
        (b"PK\x03\x04" + ZIP_END, True),
        (b"PK\x03\x04rest", False),
        (b"", False),
        (b"\xff\xd8\xff\xe0\0\4ab\xff\xd9 Samsung", True),
        (b"\xff\xd8\xff\xe0\0\4ab\xff\xda\0\2coded", False),
        (b"\x89PNG", False),
        (b"whatever it is", True),
    ],
)
def test_what_is_whole(tmp_path: Path, data: bytes, whole: bool) -> None:  # noqa: FBT001 -- a table
    """A PDF has its mark at the end, a Word document its directory, a photo its last mark. Others cannot be told."""
    path = tmp_path / "f"
    path.write_bytes(data)

    assert is_whole(path) is whole


def test_this_folder_is_no_share(tmp_path: Path) -> None:
    """The kernel's list of mounts says so."""
    assert not is_share(tmp_path)


@pytest.mark.parametrize("name", ["scolarité", "deux mots", "b\\a"])
def test_a_share_is_known_whatever_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Accents, spaces and backslashes in the place where it is mounted; also behind a link."""
    place = tmp_path / name
    place.mkdir()
    (tmp_path / "inbox").symlink_to(place)
    written = str(place).replace("\\", "\\134").replace(" ", "\\040")
    mounts = tmp_path / "mountinfo"
    mounts.write_bytes(f"22 1 8:1 / / rw - ext4 /dev/sda rw\n36 22 0:9 / {written} rw - cifs //s/x rw\n".encode())
    monkeypatch.setattr("pipeline.storage.shares._MOUNTS", mounts)

    assert (is_share(place), is_share(tmp_path / "inbox"), is_share(tmp_path)) == (True, True, False)


def test_a_file_leaves_an_inbox_that_is_a_link(
    own_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The inbox may be a link to a share: what was taken in does not stay there to be taken in for ever."""
    share = tmp_path_factory.mktemp("partage")
    own_workspace.inbox.rmdir()
    own_workspace.inbox.symlink_to(share)
    (share / "a.pdf").write_bytes(PDF)
    (seen,) = scan(own_workspace.inbox).files

    put_aside(seen.path, own_workspace, receive(seen.path, own_workspace, people.TODAY))

    assert [path.name for path in share.iterdir()] == [".traites"]
