"""The commands as a user types them: output, exit codes, and messages that say what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.core.workspace import Workspace

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples"
DAY = ("--today", "2025-03-17")


def liasse(*words: str | Path, workspace: Workspace | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as a user would."""
    place = ("--workspace", workspace.root) if workspace else ()
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, (*words, *place))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_run_takes_the_inbox_and_empties_it(own_workspace: Workspace) -> None:
    """Without names, everything in inbox/: a packet in outbox/, the table in French, and the inbox is empty."""
    (own_workspace.inbox / "Élise été.docx").write_bytes((SAMPLES / "5-essms-emploi.docx").read_bytes())

    done = liasse("run", *DAY, workspace=own_workspace)

    assert done.returncode == 0, done.stderr
    assert "D’ASSIGNIES Noël" in done.stdout
    assert "1 formulaire : 1 délivré" in done.stdout
    assert [path.name for path in own_workspace.inbox.iterdir()] == [".traites"]


def test_run_with_nothing_to_do_says_so(own_workspace: Workspace) -> None:
    """An empty inbox is not an error."""
    done = liasse("run", *DAY, workspace=own_workspace)

    assert (done.returncode, done.stdout) == (0, "Aucun formulaire.\n")


def test_approve_and_status_and_show(own_workspace: Workspace) -> None:
    """A form waits; status and show say for what; approve delivers it."""
    waiting = liasse("run", *DAY, "--json", SAMPLES / "3-cnam-attente.pdf", workspace=own_workspace)
    (report,) = json.loads(waiting.stdout)
    assert (waiting.returncode, report["outcome"]) == (1, "waiting")

    status = liasse("status", workspace=own_workspace)
    assert status.returncode == 1
    assert "en attente" in status.stdout

    shown = liasse("show", report["id"], *DAY, workspace=own_workspace)
    assert "S1-22" in shown.stdout
    assert "ROUX" in shown.stdout

    approved = liasse("approve", report["id"], "--by", "F. GARÇON", *DAY, workspace=own_workspace)
    assert approved.returncode == 0, approved.stderr
    assert "délivré" in approved.stdout


def test_override_lifts_only_what_may_be_lifted(own_workspace: Workspace) -> None:
    """A firm rule answers no and says what to do; an overridable one is lifted, with who and why."""
    run = liasse("run", *DAY, "--json", SAMPLES / "7-essms-erreurs.pdf", workspace=own_workspace)
    (report,) = json.loads(run.stdout)
    who = ("--by", "F. GARÇON", "--reason", "vu avec le site", *DAY)

    firm = liasse("override", report["id"], "S2-03", *who, workspace=own_workspace)
    absent = liasse("override", report["id"], "S1-23", *who, workspace=own_workspace)
    lifted = liasse("override", report["id"], "S2-13", *who, "--json", workspace=own_workspace)

    assert (firm.returncode, absent.returncode) == (2, 2)
    assert "ne se lève pas" in firm.stderr
    assert "ne bloque pas" in absent.stderr
    rules = [problem["rule"] for problem in json.loads(lifted.stdout)[0]["problems"]]
    assert "S2-13" not in rules
    assert "S2-03" in rules


def test_read_prints_one_object_and_writes_nothing(own_workspace: Workspace) -> None:
    """The contract: form, formation, record, fields with their places, problems; and no trace on the disk."""
    done = liasse("read", SAMPLES / "4-essms-salariee.pdf", "--json", *DAY, workspace=own_workspace)
    answer = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert list(answer) == ["form", "formation", "record", "fields", "problems"]
    assert answer["form"]["kind"] == "acroform"
    assert answer["form"]["layout"] == "coordination-essms/2024-2025"
    assert answer["record"]["stagiaire"]["nom"] == "LE GOFF"
    name = next(entry for entry in answer["fields"] if entry["path"] == "stagiaire.nom")
    assert name["page"] == 1
    assert len(name["box"]) == 4
    assert not own_workspace.memory.exists()


def test_read_of_what_is_not_a_form_keeps_to_the_contract(own_workspace: Workspace, tmp_path: Path) -> None:
    """An empty file is one JSON object too, with the reason, and exit code 1."""
    path = tmp_path / "vide.pdf"
    path.touch()

    done = liasse("read", path, "--json", workspace=own_workspace)
    answer = json.loads(done.stdout)

    assert done.returncode == 1
    assert answer["form"]["kind"] is None
    assert [problem["severity"] for problem in answer["problems"]] == ["blocking"]


@pytest.mark.parametrize("formation", ["cnam-lp-insertion", "coordination-essms"])
def test_blank_writes_both_forms(own_workspace: Workspace, tmp_path: Path, formation: str) -> None:
    """One PDF and one DOCX, named for the formation and the session."""
    done = liasse("blank", formation, "--session", "2024-2025", "--to", tmp_path / "vierges", workspace=own_workspace)

    assert done.returncode == 0, done.stderr
    written = sorted(path.name for path in (tmp_path / "vierges").iterdir())
    assert written == [f"formulaire-{formation}-2024-2025.docx", f"formulaire-{formation}-2024-2025.pdf"]


def test_check_lists_what_is_still_to_complete(own_workspace: Workspace) -> None:
    """The formations as they come, at the invented school: no fault, nothing missing, what is left out is said."""
    done = liasse("check", workspace=own_workspace)

    assert done.returncode == 0, done.stdout
    assert "coordination-essms : rien à corriger" in done.stdout
    assert "manque" not in done.stdout
    assert "absent des papiers, facultatif : etablissement.delegue_donnees, etablissement.uai" in done.stdout


def test_check_finds_faults_in_templates_and_settings(own_workspace: Workspace) -> None:
    """A template that is gone, a field that does not exist: each is said with its place, exit code 3."""
    (own_workspace.templates / "commun" / "attestation.docx").unlink()
    path = own_workspace.templates / "cnam-lp-insertion" / "formation.toml"
    path.write_text(path.read_text().replace('requis = ["stagiaire.numero"', 'requis = ["stagiaire.numro"'))

    done = liasse("check", "--quick", workspace=own_workspace)

    assert done.returncode == 3
    assert "attestation.docx" in done.stdout
    assert "stagiaire.numro" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run", "--today", "hier"), 2, "AAAA-MM-JJ"),
        (("run", "absent.pdf"), 2, "n’existe pas"),
        (("status", "--todo", "--formation", "coordination"), 2, "n’est pas une formation"),
        (("status", "--todo", "--page", "2"), 2, "--todo montre tout"),
        (("status", "--sort", "hasard"), 2, "n’est pas l’un de"),
        (("status", "ffffffff"), 2, "liasse status"),
        (("approve", "ffffffff"), 2, "--by"),
        (("blank", "inconnue"), 2, "coordination-essms"),
    ],
)
def test_mistakes_are_answered_with_what_to_do(
    own_workspace: Workspace, words: tuple[str, ...], code: int, said: str
) -> None:
    """Usage is 2, ours to mend is 3, and the message shows the way; never a traceback."""
    done = liasse(*words, workspace=own_workspace)

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_no_workspace_is_named(tmp_path: Path) -> None:
    """Run in the wrong place: the message names --workspace."""
    done = liasse("status", "--workspace", tmp_path)

    assert done.returncode == 3
    assert "--workspace" in done.stderr


def test_status_takes_the_words_on_the_screen_and_says_who_has_not_signed(own_workspace: Workspace) -> None:
    """A name, a number, a state as it is printed; a packet that came back signed is « signée »."""
    liasse("run", *DAY, SAMPLES / "5-essms-emploi.docx", SAMPLES / "3-cnam-attente.pdf", workspace=own_workspace)

    def numbers(*words: str) -> list[str]:
        done = liasse("status", *words, *DAY, workspace=own_workspace)
        return [line.split()[0] for line in done.stdout.splitlines() if line.startswith("2024-0")]

    assert (numbers("d'assignies"), numbers("roux", "2024-002")) == (["2024-001"], ["2024-002"])
    assert numbers("--state", "En attente") == numbers("--state", "en-attente") == ["2024-002"]
    assert numbers("--state", "délivré") == numbers("--state", "a signer") == ["2024-001"]
    liasse("fetch", "2024-001", "--by", "F. GARÇON", "--signed", *DAY, workspace=own_workspace)
    assert (numbers("--state", "signée"), numbers("--state", "à signer")) == (["2024-001"], [])
    unknown = liasse("status", "--state", "perdu", workspace=own_workspace)
    assert "« perdu » n’est pas un état. Il y a : reçu, délivré" in unknown.stderr

    shown = liasse("dossier", "show", "2024-001", *DAY, workspace=own_workspace).stdout
    assert "dossier 2024-001 · signée · ouvert le 17/03/2025\n" in shown
    assert "du 17/03/2025 : signée, par F. GARÇON le" in shown
