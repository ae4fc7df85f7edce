"""What lies in the inbox and is not taken is told with why; forms in its folders are taken, and lead nowhere else."""

from __future__ import annotations

import os
import random
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest
from structlog.testing import CapturingLogger
from whole_files import WHOLE

from pipeline.core.errors import HouseError
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.dossier.receiving import take_in
from pipeline.reports.summary import summarise
from pipeline.reports.workbook import bilan_xlsx
from pipeline.runs import watch
from pipeline.runs.worker_loop import Stop
from pipeline.storage.inbox import DEEPEST, Why, left_in, scan

PDF = WHOLE["pdf"]


def strange(inbox: Path, elsewhere: Path) -> dict[str, Why]:
    """One of everything that is not taken, and why."""
    (inbox / "lien.pdf").symlink_to(elsewhere)
    (inbox / "raccourci").symlink_to("/etc")
    os.mkfifo(inbox / "tube.pdf")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(inbox / "prise.pdf"))
    elsewhere.write_bytes(PDF)
    (inbox / "double.pdf").hardlink_to(elsewhere)
    (inbox / ".caché.pdf").write_bytes(PDF)
    (inbox / ".Trash-0").mkdir()
    (inbox / "~$a.docx").write_bytes(b"x")
    (inbox / ".~lock.a.odt#").write_bytes(b"x")
    (inbox / "b.pdf.part").write_bytes(PDF)
    (inbox / "groupe A").mkdir()
    (inbox / "groupe A" / "c.tmp").write_bytes(PDF)
    (inbox / "groupe A" / "moitié.pdf").write_bytes(PDF[:900])
    deep = inbox.joinpath(*"x" * (DEEPEST + 1))
    deep.mkdir(parents=True)
    for litter in (".gitkeep", "Thumbs.db", "._a.pdf"):
        (inbox / litter).touch()
    told = {
        "lien.pdf": Why.LINK,
        "raccourci": Why.LINK,
        "tube.pdf": Why.PIPE,
        "prise.pdf": Why.SOCKET,
        "double.pdf": Why.TWIN,
        ".caché.pdf": Why.HIDDEN,
        ".Trash-0": Why.HIDDEN,
        "~$a.docx": Why.LOCK,
        ".~lock.a.odt#": Why.LOCK,
        "b.pdf.part": Why.UNDER_WAY,
        "groupe A/c.tmp": Why.UNDER_WAY,
        "groupe A/moitié.pdf": Why.INCOMPLETE,
        "/".join("x" * (DEEPEST + 1)): Why.DEEP,
    }
    if os.getuid() == 0:
        os.mknod(inbox / "zero.pdf", 0o020600, os.makedev(1, 5))
        told["zero.pdf"] = Why.DEVICE
    else:
        (inbox / "interdit.pdf").write_bytes(PDF)
        (inbox / "interdit.pdf").chmod(0)
        told["interdit.pdf"] = Why.UNREADABLE
    return told


def test_everything_that_is_not_taken_is_told(context: Context, tmp_path_factory: pytest.TempPathFactory) -> None:
    """By the listing, and in the bilan; what systems leave behind is not."""
    inbox = context.workspace.inbox
    told = strange(inbox, tmp_path_factory.mktemp("ailleurs") / "a.pdf")

    assert {one.name: one.why for one in left_in(inbox)} == told
    bilan = summarise(context)
    assert {one.name: one.why for one in bilan.left} == told
    assert bilan_xlsx(bilan)[:2] == b"PK"


def test_a_name_that_is_no_text_is_taken_and_can_be_shown(context: Context) -> None:
    """Whole, it is a form like any other; cut, it is told with a sign in the place of what is no letter."""
    inbox = context.workspace.inbox
    (inbox / os.fsdecode(b"fiche-\xe9.pdf")).write_bytes(PDF)
    (inbox / os.fsdecode(b"moiti\xe9\x1b.pdf")).write_bytes(PDF[:900])

    assert [one.name for one in left_in(inbox)] == ["moiti��.pdf"]
    (whole,) = [one.path for one in scan(inbox).files if b"fiche" in os.fsencode(one.path)]
    assert take_in(whole, context).entry.form.name == "fiche-�.pdf"


def test_forms_in_folders_are_taken_and_put_aside_with_the_others(context: Context) -> None:
    """Each by its own name; the folders stay."""
    inbox = context.workspace.inbox
    place = inbox / "groupe B" / "mardi"
    place.mkdir(parents=True)
    (place / "a.pdf").write_bytes(PDF)

    (seen,) = scan(inbox).files
    entry = take_in(seen.path, context).entry

    assert (entry.form.name, scan(inbox).files) == ("a.pdf", ())
    assert [one.name for one in (inbox / ".traites").iterdir()] == [f"{entry.form.id}-a.pdf"]


@pytest.mark.parametrize("moment", ["before", "within"])
def test_a_folder_that_becomes_a_link_leads_nowhere(
    context: Context, tmp_path_factory: pytest.TempPathFactory, moment: str
) -> None:
    """Somebody exchanges a folder for a link to another's files, once it was looked at: nothing is read there."""
    inbox, other = context.workspace.inbox, tmp_path_factory.mktemp("secret")
    (other / "a.pdf").write_bytes(PDF)
    place = inbox / "g" / "h"
    place.mkdir(parents=True)
    (place / "a.pdf").write_bytes(PDF)
    (seen,) = scan(inbox).files
    away = place if moment == "before" else place.parent
    shutil.rmtree(away)
    away.symlink_to(other if moment == "before" else other.parent)
    if moment == "within":
        (other.parent / "h").symlink_to(other)

    with pytest.raises(HouseError, match="cannot be received"):
        take_in(seen.path, context)

    assert (context.ledger.entries.all(), (other / "a.pdf").exists()) == ((), True)


def test_a_listener_that_dies_is_started_again(own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It dies, as on a name that it cannot decode: that is logged, a scan is asked for, and the next one listens."""
    lives: list[int] = []
    again = threading.Event()

    def listens(*_: object, **__: object) -> list[set[object]]:
        lives.append(1)
        if len(lives) > 1:
            again.set()
            time.sleep(60)
        raise UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "no")

    monkeypatch.setattr(watch.watchfiles, "watch", listens)
    monkeypatch.setattr(watch, "_REVIVED_AFTER", 0.05)
    log, stop = CapturingLogger(), Stop()
    bell = watch._Bell(own_workspace.inbox, stop, log)
    bell.wait(5)

    assert again.wait(10)
    assert [call.args for call in log.calls] == [("listener ended",)]


def test_the_listener_lives_through_a_name_that_is_no_text(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real one dies of such a name; it rings again for the files that come after."""
    monkeypatch.setattr(watch, "_REVIVED_AFTER", 0.05)
    stop, log = Stop(), CapturingLogger()
    bell = watch._Bell(own_workspace.inbox, stop, log)

    def rings(name: bytes) -> bool:
        (own_workspace.inbox / os.fsdecode(name)).write_bytes(PDF)
        begun = time.monotonic()
        bell.wait(2)
        return time.monotonic() - begun < 2

    assert any(rings(b"a-%d.pdf" % number) for number in range(20))
    while not log.calls:
        rings(b"\xe9-%d.pdf" % random.randrange(10**9))  # noqa: S311 -- a name
    assert any(rings(b"b-%d.pdf" % number) for number in range(20))
    stop.asked = True
