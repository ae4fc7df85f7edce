"""The wheel: whatever ``init`` lays is in it, and a workspace is made by it far from any clone."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_BUILD = "import sys; sys.path.insert(0, 'deploy'); import packing; print(packing.build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment in which the wheel is, and the libraries of this one."""
    place = tmp_path_factory.mktemp("roue")
    built = subprocess.run(
        [sys.executable, "-c", _BUILD, place], cwd=ROOT, check=True, capture_output=True, text=True
    )
    home = place / "venv"
    venv.create(home, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = home / "lib" / version / "site-packages"
    libraries = sysconfig.get_paths()["purelib"]
    subprocess.run(
        [sys.executable, "-m", "pip", f"--python={home / 'bin' / 'python'}", "install", "--quiet", "--no-index",
         "--no-deps", "--disable-pip-version-check", place / built.stdout.strip()],
        check=True, capture_output=True,
    )  # fmt: skip
    (packages / "libraries.pth").write_text(f"{libraries}\n")  # after the wheel: its own package is found first
    return home / "bin"


def run(installed: Path, place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the installed program, in that folder, far from this clone."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH" and "LIASSE" not in name}
    return subprocess.run(
        [installed / "liasse", *words], cwd=place, env=clean, check=False, capture_output=True, text=True
    )


def test_a_workspace_is_laid_without_the_clone(installed: Path, tmp_path: Path) -> None:
    """The package comes from the wheel; init lays all, and a formation is written and accepted."""
    where = subprocess.run(
        [installed / "python", "-c", "import pipeline; print(pipeline.__file__)"],
        cwd=tmp_path, env={"PATH": os.environ["PATH"]}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)

    laid = run(installed, tmp_path, "init", "travail")
    assert laid.returncode == 0, laid.stderr
    for name in ("schemas", "templates/commun", "templates/cnam-lp-insertion"):
        ours = {path.relative_to(ROOT) for path in (ROOT / name).rglob("*") if path.is_file()}
        theirs = {path.relative_to(tmp_path / "travail") for path in (tmp_path / "travail" / name).rglob("*")}
        assert ours <= theirs
    made = run(
        installed, tmp_path / "travail", "formation", "new", "essai", "--set", "intitule=Essai", "--set", "heures=70"
    )
    assert made.returncode == 0, made.stderr
    assert "essai : rien à corriger" in run(installed, tmp_path / "travail", "check").stdout
