"""A school's first hour: a workspace laid, a formation asked for, its blank filled and its packet made."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import tomllib
from pathlib import Path

import people
import pytest
from click.testing import CliRunner, Result
from forms_filler import fill_acroform

from pipeline.cli.main import cli
from pipeline.core.errors import NotAllowed
from pipeline.core.fields import Dictionary
from pipeline.core.formation import formation_codes, load_formation
from pipeline.core.settings import FILE, Settings
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.documents.school_files import strays
from pipeline.forms.blank import plan_blank
from pipeline.forms.prefill import slot_texts
from pipeline.services.laying import lay

CODE = "bts-essai"
FACTS = {
    "intitule": "BTS d’essai",
    "heures": "560",
    "regimes": "etudiant",
    "annee": "2024-2025",
    "accord": "non",
}
SETTINGS = {
    "etablissement.nom": "École d’essai",
    "etablissement.adresse": "1 rue de l’École, 29000 Quimper",
    "etablissement.siret": "73282932000074",
    "etablissement.courriel": "scolarite@example.org",
    "etablissement.signataire.nom": "MARTIN",
    "etablissement.signataire.prenom": "Léa",
    "etablissement.signataire.fonction": "Directrice",
    "etablissement.signataire.courriel": "direction@example.org",
    "volume_horaire": "400",
}
REFERENT = {"nom": "QUERE", "prenom": "Yann", "courriel": "yann.quere@example.org"}


@pytest.fixture
def laid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace as ``init`` lays it, of a school that has given nothing."""
    monkeypatch.delenv(SCHOOL)
    return lay(tmp_path / "travail").workspace


def liasse(workspace: Workspace, *words: str, told: str | None = None) -> Result:
    """What a command answers in that workspace."""
    return CliRunner().invoke(cli, [*words, "--workspace", str(workspace.root)], input=told)


def sets(values: dict[str, str]) -> list[str]:
    """``--set`` for each."""
    return [word for key, value in values.items() for word in ("--set", f"{key}={value}")]


def test_a_laid_workspace_is_whole_and_closed(laid: Workspace) -> None:
    """Common templates, one formation, schemas, commented settings; what will hold names is our account's alone."""
    assert formation_codes(laid) == ("cnam-lp-insertion",)
    assert Dictionary.load(laid).fields
    modes = {name: stat.S_IMODE((laid.root / name).stat().st_mode) for name in ("inbox", "outbox", "etablissement")}
    assert set(modes.values()) == {0o700}
    assert liasse(laid, "check").exit_code == 1  # the school's settings are missing, nothing is wrong


def test_the_example_goes_with_its_folder(laid: Workspace) -> None:
    """Removed by hand, neither check nor doctor nor setup speaks of it, and an update does not lay it again."""
    made = liasse(laid, "formation", "new", CODE, *sets(FACTS | {"referent": "formulaire"}))
    assert made.exit_code == 0, made.output
    shutil.rmtree(laid.templates / "cnam-lp-insertion")
    assert lay(laid.root).written == 0
    assert formation_codes(laid) == (CODE,)
    assert liasse(laid, "setup", CODE, *sets(SETTINGS)).exit_code == 0
    for command in (("check", "--quick"), ("setup",), ("doctor",), ("status",)):
        assert "cnam" not in liasse(laid, *command).output
    assert liasse(laid, "check", "--quick").exit_code == 0
    assert lay(laid.root.parent / "autre").workspace.model("cnam-lp-insertion/formation.toml").is_file()


def test_a_template_that_nothing_uses_is_told_with_what_to_do(laid: Workspace) -> None:
    """The copy that ``formation new`` made, once the school's own convention takes its place."""
    liasse(laid, "formation", "new", CODE, *sets(FACTS | {"modeles": "copies"}))
    folder = laid.school / CODE
    (folder / "convention-fi.docx").rename(folder / "convention-ecole.docx")
    shutil.copy(laid.templates / "commun" / "convention-fi.docx", folder)
    path = folder / "formation.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("convention-fi.docx", "convention-ecole.docx"))
    (told,) = strays(laid)
    assert "convention-fi.docx n’est pas lu, c’est une copie du modèle commun" in told
    assert told.endswith("S’il ne sert plus, supprimez-le.")
    (folder / "convention-fi.docx").unlink()
    assert list(strays(laid)) == []


def test_a_folder_of_other_things_is_left_alone(laid: Workspace) -> None:
    """Neither somebody's files nor a clone becomes a workspace."""
    other = laid.root.parent / "autre"
    other.mkdir()
    (other / "notes.txt").write_text("à moi")
    with pytest.raises(NotAllowed, match="contient déjà autre chose"):
        lay(other)
    (laid.root / ".git").mkdir()
    with pytest.raises(NotAllowed, match="make update"):
        lay(laid.root)


def test_the_commented_settings_say_the_defaults(laid: Workspace) -> None:
    """Each key of liasse.toml is there, commented, with the value that holds without it."""
    assert Settings.load(laid) == Settings()
    path = laid.root / FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    said = [line[2:] if line.startswith("# ") and "=" in line.split("#")[1] else line for line in lines]
    path.write_text("\n".join(said), encoding="utf-8")
    known = tomllib.loads(path.read_text(encoding="utf-8"))

    assert Settings.load(laid) == Settings()
    for section in vars(Settings()):
        assert set(known[section]) == set(vars(getattr(Settings(), section)))


def test_laid_again_what_the_school_changed_goes_on_holding(laid: Workspace) -> None:
    """A template changed in place moves to the school's folder, settings stay, what was not changed is replaced."""
    changed = laid.templates / "commun" / "attestation.docx"
    changed.write_bytes(b"la mienne")
    (laid.root / FILE).write_text('[acces]\ngroupe = ""\n')
    old = laid.templates / "commun" / "convention-fi.docx"
    whole = old.read_bytes()
    record = laid.templates / ".livre.json"
    old.write_bytes(b"de la version d'avant")  # as the release before laid it
    known = json.loads(record.read_text())
    known["templates/commun/convention-fi.docx"] = hashlib.sha256(old.read_bytes()).hexdigest()
    record.write_text(json.dumps(known))

    again = lay(laid.root)

    assert again.moved == (str(laid.school / "commun" / "attestation.docx"),)
    assert laid.model("commun/attestation.docx").read_bytes() == b"la mienne"
    assert (laid.templates / "commun" / "attestation.docx").read_bytes() != b"la mienne"
    assert old.read_bytes() == whole
    assert (laid.root / FILE).read_text() == '[acces]\ngroupe = ""\n'
    assert lay(laid.root).written == 0


def test_nothing_that_an_update_put_aside_is_lost_by_the_next(laid: Workspace) -> None:
    """Changed again once the school has its own version, or a schema changed twice: each stands under a name."""
    paper = laid.templates / "commun" / "attestation.docx"
    schema = laid.schemas / "formation.schema.json"
    aside: list[str] = []
    for words in (b"une", b"deux", b"trois"):
        paper.write_bytes(words)
        schema.write_bytes(words)
        aside += lay(laid.root).aside

    assert laid.model("commun/attestation.docx").read_bytes() == b"une"
    kept = {Path(one).name: Path(one).read_bytes() for one in aside}
    assert kept == {
        "attestation.docx.avant": b"deux",
        "attestation.docx.avant-2": b"trois",
        "formation.schema.json.avant": b"une",
        "formation.schema.json.avant-2": b"deux",
        "formation.schema.json.avant-3": b"trois",
    }


def test_a_new_formation_delivers(laid: Workspace, tmp_path: Path) -> None:
    """Questions answered, settings given, the blank filled by a student who names the référent: it can be signed."""
    made = liasse(laid, "formation", "new", CODE, *sets(FACTS | {"referent": "formulaire"}))
    assert made.exit_code == 0, made.output
    assert liasse(laid, "setup", CODE, *sets(SETTINGS)).exit_code == 0
    checked = liasse(laid, "check")
    assert f"{CODE} : rien à corriger" in checked.output
    vierges = tmp_path / "vierges"
    assert liasse(laid, "blank", CODE, "--to", str(vierges)).exit_code == 0
    blank = (vierges / f"formulaire-{CODE}-2024-2025.pdf").read_bytes()
    formation = load_formation(laid, CODE)
    plan = plan_blank(Dictionary.load(laid), formation, formation.session())
    assert list((formation.folder / "formulaires" / "editions").glob("2024-2025-*.json"))

    unnamed = tmp_path / "sans.pdf"
    unnamed.write_bytes(fill_acroform(blank, plan, slot_texts(plan, people.cnam())))
    told = liasse(laid, "run", "--today", "2025-03-17", "--json", str(unnamed))
    assert told.exit_code == 1
    assert "Nom du référent" in told.output or "referent.nom" in told.output, told.output

    named = tmp_path / "avec.pdf"
    named.write_bytes(
        fill_acroform(blank, plan, slot_texts(plan, people.cnam(referent=REFERENT, stagiaire__nom="AUTRE")))
    )
    told = liasse(laid, "run", "--today", "2025-03-17", str(named))
    assert told.exit_code == 0, told.output
    signing = json.loads(next(laid.outbox.rglob("signature.json")).read_text(encoding="utf-8"))
    assert "QUERE" in json.dumps(signing, ensure_ascii=False)
    assert "À COMPLÉTER" not in json.dumps(signing, ensure_ascii=False)


def test_questions_are_asked_one_at_a_time(laid: Workspace) -> None:
    """A wrong answer is asked again; what follows from a « non » is not asked; nothing half is written."""
    answers = [
        "BTS d’essai",
        "",
        "cent",
        "140",
        "7",
        "2024-2025",
        "07/04/2025",
        "03/07/2025",
        "agent-public",
        "calendrier",
    ]
    ended = liasse(laid, "formation", "new", CODE, told="\n".join(answers))
    assert ended.exit_code != 0
    assert not (laid.school / CODE).exists()

    told = "\n".join([*answers, "tuteur", "non", "ecole", "communs", ""])
    made = liasse(laid, "formation", "new", CODE, told=told)
    formation = load_formation(laid, CODE)

    assert made.exit_code == 0, made.output
    assert "écrivez un nombre" in made.output
    assert "Qui donne cet accord" not in made.output
    assert [one.role for one in formation.signataires("AGENT_PUBLIC")] == [
        "stagiaire",
        "organisme",
        "employeur",
        "tuteur",
        "etablissement",
    ]
    assert {piece.template.split("/")[0] for piece in formation.pieces() if piece.template} == {"commun"}
    assert f"{CODE} : rien à corriger" in liasse(laid, "check").output


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("heures", "0"),
        ("annee", "2025"),
        ("regimes", "retraité"),
        ("debut", "hier"),
        ("accord", "peut-être"),
        ("fin", "01/01/2025"),
    ],
)
def test_a_wrong_fact_writes_nothing(laid: Workspace, key: str, value: str) -> None:
    """Each answer is looked at, in French, before anything is written."""
    refused = liasse(laid, "formation", "new", CODE, *sets(FACTS | {key: value}))
    assert refused.exception is not None
    assert key in str(refused.exception)
    assert not (laid.school / CODE).exists()
