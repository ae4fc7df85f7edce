"""A clone brought up to date: what the school changed, added and set is kept, holds, and conflicts with nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import people
import pytest

from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.law import Law
from pipeline.core.workspace import SCHOOL, Workspace

ROOT = Path(__file__).parents[2]

ATTESTATION, CONVENTION = "commun/attestation.docx", "commun/convention-fi.docx"
Git = Callable[..., str]


def git(place: Path, *words: str) -> str:
    """What git answers there, as an invented person."""
    who = ("-c", "user.name=Essai", "-c", "user.email=essai@example.org", "-c", "commit.gpgsign=false")
    ended = subprocess.run(["git", *who, *words], cwd=place, check=True, capture_output=True, text=True)
    return ended.stdout.strip()


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """A repository with what an update replaces; nothing is to be installed in it."""
    place = tmp_path / "origine"
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, place / name)
    (place / "deploy").mkdir()
    shutil.copy2(ROOT / "deploy" / "update", place / "deploy" / "update")
    (place / "deploy" / "setup").write_text("#!/bin/sh\n")
    (place / "deploy" / "setup").chmod(0o755)
    shutil.copy2(ROOT / ".gitignore", place)
    git(place, "init", "--quiet", "--initial-branch=main")
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message=avant")
    return place


@pytest.fixture
def clone(upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A school's clone of it: a template changed in place, a formation of its own beside ours, and its settings."""
    monkeypatch.delenv(SCHOOL)
    place = tmp_path / "ecole"
    git(tmp_path, "clone", "--quiet", str(upstream), str(place))
    (place / "templates" / ATTESTATION).write_bytes(b"celle de l'ecole")
    shutil.copytree(place / "templates" / people.CNAM, place / "templates" / "la-mienne")
    toml = place / "templates" / "la-mienne" / "formation.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace(f'code = "{people.CNAM}"', 'code = "la-mienne"'))
    (place / "etablissement").mkdir()
    (place / "etablissement" / "etablissement.toml").write_text('[etablissement]\nnom = "École d’essai"\n')
    return Workspace.at(place)


def publish(upstream: Path, **files: bytes) -> None:
    """The next release: these files of ``templates/`` changed or added."""
    for name, data in files.items():
        path = upstream / "templates" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    git(upstream, "add", "--all")
    git(upstream, "commit", "--quiet", "--message=suite")


def update(clone: Workspace, *words: str) -> subprocess.CompletedProcess[str]:
    """What ``make update`` says there."""
    return subprocess.run(
        [clone.root / "deploy" / "update", *words], cwd=clone.root, check=False, capture_output=True, text=True
    )


def test_what_is_the_schools_goes_on_holding(upstream: Path, clone: Workspace) -> None:
    """The changed template holds from etablissement/, ours is the new one; settings and formation are untouched."""
    before = git(clone.root, "rev-parse", "HEAD")
    publish(upstream, **{ATTESTATION: b"la notre, nouvelle", CONVENTION: b"nouvelle"})

    told = update(clone)

    assert told.returncode == 0, told.stderr
    assert clone.model(ATTESTATION).read_bytes() == b"celle de l'ecole"
    assert (clone.templates / ATTESTATION).read_bytes() == b"la notre, nouvelle"
    assert clone.model(CONVENTION).read_bytes() == b"nouvelle"
    assert "compare them: etablissement/commun/attestation.docx" in told.stdout
    assert formation_codes(clone) == (people.CNAM, people.COORDINATION, "la-mienne")
    assert load_formation(clone, "la-mienne").settings["etablissement"]["nom"] == "École d’essai"
    assert git(clone.root, "status", "--porcelain", "--untracked-files=no") == ""

    publish(upstream, **{ATTESTATION: b"la notre, encore"})
    assert update(clone).returncode == 0
    assert clone.model(ATTESTATION).read_bytes() == b"celle de l'ecole"

    for words in (b"deux", b"trois"):  # changed again in its old place, twice in a day: each is kept
        (clone.templates / ATTESTATION).write_bytes(words)
        assert update(clone).returncode == 0
    aside = sorted(clone.school.glob(f"{ATTESTATION}.avant-*"))
    assert [one.read_bytes() for one in aside] == [b"deux", b"trois"]

    git(clone.root, "reset", "--quiet", "--keep", before)  # the way back
    assert clone.model(ATTESTATION).read_bytes() == b"celle de l'ecole"
    assert (clone.templates / CONVENTION).read_bytes() == (ROOT / "templates" / CONVENTION).read_bytes()


def test_a_pull_meets_nothing_of_the_schools(upstream: Path, clone: Workspace) -> None:
    """What stands in etablissement/ is out of git: « git pull » by hand conflicts with none of it."""
    git(clone.root, "checkout", "--quiet", "--", f"templates/{ATTESTATION}")
    own = clone.school / ATTESTATION
    own.parent.mkdir()
    own.write_bytes(b"celle de l'ecole")
    shutil.move(clone.templates / "la-mienne", clone.school / "la-mienne")
    publish(upstream, **{ATTESTATION: b"nouvelle", "la-mienne/formation.toml": b"code = 'une autre'"})

    git(clone.root, "pull", "--quiet", "--ff-only")

    assert clone.model(ATTESTATION).read_bytes() == b"celle de l'ecole"
    assert load_formation(clone, "la-mienne").code == "la-mienne"
    assert git(clone.root, "status", "--porcelain") == ""


def test_a_formation_of_the_same_name_is_the_schools(upstream: Path, clone: Workspace) -> None:
    """A release that brings a file where the school has its own: the school's moves, and holds."""
    publish(upstream, **{"la-mienne/formation.toml": b"code = 'une autre'"})

    assert update(clone).returncode == 0
    assert load_formation(clone, "la-mienne").code == "la-mienne"


def test_code_that_was_changed_is_not_overwritten(upstream: Path, clone: Workspace) -> None:
    """A file of ours that somebody changed elsewhere stops the update before anything moves, and says which."""
    (clone.root / "schemas" / "formation.schema.json").write_text("{}")
    publish(upstream, **{ATTESTATION: b"nouvelle"})

    told = update(clone)

    assert told.returncode == 2
    assert "schemas/formation.schema.json" in told.stderr
    assert (clone.templates / ATTESTATION).read_bytes() == b"celle de l'ecole"


def test_a_rehearsal_touches_nothing(upstream: Path, clone: Workspace, tmp_path: Path) -> None:
    """The copy is updated, with the school's own in it; the clone stays as it was."""
    publish(upstream, **{ATTESTATION: b"nouvelle"})
    before = git(clone.root, "rev-parse", "HEAD")

    update(clone, "--essai", str(tmp_path / "essai"))

    copy = Workspace.at(tmp_path / "essai")
    assert copy.model(ATTESTATION).read_bytes() == b"celle de l'ecole"
    assert (copy.templates / ATTESTATION).read_bytes() == b"nouvelle"
    assert copy.root.stat().st_mode & 0o077 == 0
    assert git(clone.root, "rev-parse", "HEAD") == before
    assert (clone.templates / ATTESTATION).read_bytes() == b"celle de l'ecole"


def test_the_schools_figures_complete_the_laws(clone: Workspace) -> None:
    """A year that the product does not know yet is added in etablissement/; all else stays the product's."""
    ours = Law.load(clone)
    own = clone.school / "commun" / "droit.toml"
    own.parent.mkdir()
    own.write_text('[[plafonds]]\nannee = 2031\nmensuel = 4005\nhoraire = 30\nsource = "essai"\n')

    law = Law.load(clone)

    assert set(law.ceilings) == {*ours.ceilings, 2031}
    assert (law.rate, law.hosting, law.minors) == (ours.rate, ours.hosting, ours.minors)
