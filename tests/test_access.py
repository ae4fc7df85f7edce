"""Nobody else on the machine reads a name: whole runs under every umask, looked at by real other accounts."""

from __future__ import annotations

import grp
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from strangers import Onlooker, entered_by_all, try_as

from pipeline.core.workspace import SCHOOL

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples"
NAMES = ("HADDAD", "Samir", "LEFEVRE", "LEFÈVRE", "DIALLO", "ROUX", "SECRET-Zoe")
OURS = ("inbox", "outbox", ".liasse", "etablissement")
GROUP = next(one for one in grp.getgrall() if one.gr_gid >= 100 and not one.gr_mem)  # any that nobody here is in
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be other accounts")
pytestmark = needs_root


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every account can enter, with a workspace, a home and a folder for temporary files."""
    with entered_by_all() as root:
        for name in ("templates", "schemas"):
            shutil.copytree(ROOT / name, root / "workspace" / name)
        shutil.copytree(SAMPLES / "etablissement", root / "workspace" / "etablissement")
        for name in ("workspace/inbox", "workspace/outbox", "home", "tmp"):
            (root / name).mkdir(mode=0o755)
        yield root


def liasse(place: Path, *arguments: str, umask: int = 0o022) -> subprocess.CompletedProcess[str]:
    """What a command says in that workspace, started with a umask."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments, "--workspace", str(place / "workspace")],
        env={name: value for name, value in os.environ.items() if name != SCHOOL}
        | {"HOME": str(place / "home"), "TMPDIR": str(place / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=place,
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done


def drop(place: Path, *samples: str) -> None:
    """Samples in the inbox, under names of persons, readable as a careless program leaves them."""
    for number, name in enumerate(samples, start=1):
        target = place / "workspace" / "inbox" / f"SECRET-Zoe {number}{Path(name).suffix}"
        shutil.copyfile(SAMPLES / name, target)
        target.chmod(0o666)


def modes(place: Path) -> dict[str, int]:
    """The mode of all that lies in a folder, by path."""
    found = {str(path.relative_to(place)): path.lstat().st_mode for path in place.rglob("*") if not path.is_symlink()}
    return {path: stat.S_IMODE(mode) for path, mode in found.items()}


SEVERAL = tuple(path.name for path in sorted(SAMPLES.glob("*.*")))
FEW = ("1-cnam-etudiante.pdf", "7-essms-erreurs.pdf")


@pytest.mark.parametrize(
    ("umask", "samples"),
    [
        pytest.param(0o000, FEW, id="000"),
        *(pytest.param(umask, SEVERAL, id=f"{umask:03o}-all", marks=pytest.mark.long) for umask in (0, 0o022, 0o077)),
    ],
)
def test_a_stranger_sees_no_name_while_forms_are_walked_nor_after(
    place: Path, umask: int, samples: tuple[str, ...]
) -> None:
    """From a lax clone to the last packet: no path, no file, no process tells another account of anybody."""
    drop(place, *samples)
    liasse(place, "status", umask=umask)  # opened once: closed from then on
    onlooker = Onlooker(place, NAMES)

    liasse(place, "batch", "--jobs", "2", "--today", "2025-03-17", umask=umask)  # workers, their log, the bilan

    seen, readable, told = onlooker.told()
    inside = tuple(f"workspace/{name}/" for name in OURS)
    assert "workspace/schemas/formulaire.schema.json" in readable  # it does look
    assert [path for path in seen if path.startswith(inside)] == []
    assert [path for path in seen if any(name in path for name in NAMES)] == []
    assert readable.isdisjoint(f"workspace/{name}" for name in OURS)
    assert told == []
    assert modes(place / "tmp") == {}
    assert {path for path in modes(place / "home") if not path.startswith((".cache", ".config"))} == set()
    found = modes(place / "workspace")
    assert {"outbox/bilan/bilan.xlsx", ".liasse/batch.jsonl"} <= set(found)
    assert any("/liasse.pdf" in path or "/lettre" in path for path in found)
    lax = {path: oct(mode) for path, mode in found.items() if path.startswith(OURS) and mode & 0o077}
    assert {path for path in lax if "/.traites/" not in path} == set()  # as they were dropped, behind a closed door


@pytest.mark.parametrize("umask", [pytest.param(0o000, marks=pytest.mark.long), 0o077])
def test_the_group_of_the_scolarite_drops_and_reads_and_nobody_else(place: Path, umask: int) -> None:
    """One setting: a member drops a form into the inbox, reads its packet, and gets no further."""
    workspace = place / "workspace"
    (workspace / "liasse.toml").write_text(f'[acces]\ngroupe = "{GROUP.gr_name}"\n')
    liasse(place, "run", "--today", "2025-03-17", umask=umask)  # opens the folders
    groups = [GROUP.gr_gid]
    dropped = workspace / "inbox" / "SECRET-Zoe.pdf"
    script = "import sys; open(sys.argv[2], 'wb').write(open(sys.argv[1], 'rb').read())"
    source = place / "form.pdf"
    shutil.copyfile(SAMPLES / FEW[0], source)
    source.chmod(0o644)

    assert try_as(script, source, dropped, groups=groups, umask=0o007) == ""
    assert dropped.stat().st_gid == GROUP.gr_gid
    stranger, member = Onlooker(place, NAMES), Onlooker(place, groups=groups)
    liasse(place, "run", "--today", "2025-03-17", umask=umask)

    seen, _, told = stranger.told()
    assert [path for path in seen if path.startswith(tuple(f"workspace/{name}/" for name in OURS))] == []
    assert told == []
    _, readable, _ = member.told()
    assert [path for path in readable if path.startswith(("workspace/.liasse", "workspace/etablissement"))] == []
    assert [path for path in readable if "/.traites" in path] == []
    outbox = workspace / "outbox"
    assert stat.S_IMODE(outbox.stat().st_mode) == 0o2750
    assert stat.S_IMODE((workspace / "inbox").stat().st_mode) == 0o3770
    found = [path for path in outbox.rglob("*") if path.is_file()]
    assert found
    assert {(path.stat().st_gid, stat.S_IMODE(path.stat().st_mode)) for path in found} == {(GROUP.gr_gid, 0o640)}
    unread = [path for path in found if try_as("import sys; open(sys.argv[1])", path, groups=groups)]
    assert unread == []
    assert "Permission" in try_as("import sys; open(sys.argv[1], 'w')", outbox / "faux.pdf", groups=groups)
    assert "Permission" in try_as("import sys; open(sys.argv[1], 'w')", found[0], groups=groups)


def traces(place: Path, *names: str) -> list[str]:
    """The files whose path or bytes hold one of these names, the program's own data left out."""
    files = [path for path in place.rglob("*") if path.is_file() and "templates" not in path.parts]
    sought = [name.encode() for name in names]
    return [str(path) for path in files if any(one in bytes(path) + path.read_bytes() for one in sought)]


def test_an_erasure_leaves_no_copy_in_any_corner(place: Path) -> None:
    """No profile, cache, list of recent files or temporary folder of a program that we started keeps a name."""
    drop(place, FEW[0])
    liasse(place, "batch", "--jobs", "1", "--today", "2025-03-17")
    (form,) = json.loads(liasse(place, "status", "--json").stdout)
    names = ("SECRET-Zoe", form["stagiaire"].split()[0], form["stagiaire"].split()[0].title())
    assert any("/outbox/" in path for path in traces(place, *names))

    liasse(place, "erase", form["id"], "--by", "DPO", "--reason", "demande")

    assert traces(place, *names) == []


def test_reading_a_form_writes_nothing(place: Path) -> None:
    """``read`` leaves every file and every mode as they were, in the workspace, at home and among temporary files."""
    before = modes(place)

    liasse(place, "read", str(SAMPLES / FEW[0]), "--json", umask=0)

    assert modes(place) == before
