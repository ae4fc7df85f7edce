"""``liasse doctor`` tries everything for real: what is good is said, what is not is named with what to do."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
import walking

from pipeline.core.errors import ExitCode
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.store import FILE
from pipeline.maintenance.doctor import Finding, Level, examine, exit_code

SAMPLE = Path(__file__).parent / "samples" / "1-cnam-etudiante.pdf"


def found(workspace: Workspace, what: str) -> list[Finding]:
    """What the doctor says of one thing."""
    return [finding for finding in examine(workspace) if finding.what == what]


def test_a_good_machine_has_nothing_bad(own_workspace: Workspace) -> None:
    """Everything that make test installs is there, LibreOffice's cage and the readers' jail included."""
    findings = list(examine(own_workspace))

    assert [finding for finding in findings if finding.level is Level.BAD] == []
    assert exit_code(findings) is ExitCode.ALL_DELIVERED
    assert {"libreoffice", "cage of LibreOffice", "scans", "disk", "clock", "ledger"} <= {
        one.what for one in findings
    }


def test_a_missing_program_is_named_with_its_package(
    own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without LibreOffice: exit code 4, and the package to install."""
    monkeypatch.setenv("PATH", str(own_workspace.root))
    findings = list(examine(own_workspace))

    assert exit_code(findings) is ExitCode.TOOL_MISSING
    assert "libreoffice-writer-nogui" in next(one.said for one in findings if one.what == "libreoffice")


def test_less_protection_is_said(own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cage that was switched off works, and is no secret."""
    monkeypatch.setenv("LIASSE_CAGE", "off")

    (cage,) = found(own_workspace, "cage of LibreOffice")

    assert (cage.level, "LIASSE_CAGE=off" in cage.said) == (Level.POORER, True)


def test_settings_that_cannot_be_read_are_bad(own_workspace: Workspace) -> None:
    """A misspelt key is named."""
    (own_workspace.root / "liasse.toml").write_text("[surveillance]\nrytme = 3\n", encoding="utf-8")

    findings = list(examine(own_workspace))

    assert exit_code(findings) is ExitCode.OURS_TO_MEND
    assert "rytme is no setting" in next(one.said for one in findings if one.what == "settings")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[tournures]\nmots = ["x"]\n', "line 2, [tournures] mots: write [[tournures]]"),
        ('[civilites]\nDr = ["docteur"]\n', "line 2, [civilites] Dr: this is no option of the forms"),
        ("[mots\n", "is not valid TOML"),
    ],
)
def test_words_that_cannot_be_followed_are_bad(own_workspace: Workspace, text: str, said: str) -> None:
    """A slip in a school's own words is named with its file, and what to do."""
    (own_workspace.schemas / "libelles-locaux.toml").write_text(text, encoding="utf-8")

    findings = list(examine(own_workspace))

    assert exit_code(findings) is ExitCode.OURS_TO_MEND
    (words,) = (one for one in findings if one.what == "words")
    assert ("libelles-locaux.toml" in words.said, said in words.said) == (True, True)


def test_too_little_disk_is_bad(own_workspace: Workspace) -> None:
    """Less than what the settings keep free."""
    (own_workspace.root / "liasse.toml").write_text(f"[surveillance]\nlibre = {10**18}\n", encoding="utf-8")

    (disk,) = found(own_workspace, "disk")

    assert disk.level is Level.BAD


def test_a_history_that_was_altered_is_found(context: Context) -> None:
    """One word changed in the journal, behind the ledger's back, and one file of the spool gone."""
    (report,) = walking.run(
        [Path(shutil.copy(SAMPLE.with_name("3-cnam-attente.pdf"), context.workspace.inbox))], context
    )
    assert [one.level for one in found(context.workspace, "ledger")] == [Level.GOOD]

    connection = sqlite3.connect(context.workspace.memory / FILE)
    with connection:
        connection.execute("UPDATE journal SET actor = 'quelqu’un d’autre' WHERE number = 1")
    connection.close()
    report.form.path.unlink()

    assert {one.level for one in found(context.workspace, "ledger")} == {Level.BAD}
    assert [report.form.id in one.said for one in found(context.workspace, "spool")] == [True]


def test_a_memory_that_cannot_be_made_is_said(own_workspace: Workspace) -> None:
    """Something else bears its name: a finding like any other, and the others are still looked for."""
    own_workspace.memory.write_text("")

    assert [finding.level for finding in found(own_workspace, "access")] == [Level.BAD]


def test_readers_that_refuse_our_own_blank_are_bad(own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each student would get a letter for a fault of the house."""
    found = [one for one in examine(own_workspace) if one.what == "readers"]
    assert [(one.level, "read in the jail" in one.said) for one in found] == [(Level.GOOD, True)]

    monkeypatch.setattr("pipeline.maintenance.reader_trial.draw_pdf", lambda _: b"%PDF-1.7\n%%EOF")
    found = [one for one in examine(own_workspace) if one.what == "readers"]
    assert [(one.level, "every form would be sent back" in one.said) for one in found] == [(Level.BAD, True)]
