"""No traceback, ever: each command with wrong words, on foreign terminals, without rights, into a shut pipe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import delivering
import people
import pytest
import walking
from every_command import Done, run_here
from test_confirm import NAME, hiding

from pipeline.cli.main import cli
from pipeline.core.workspace import Workspace
from pipeline.dossier.context import Context
from pipeline.ledger.store import Ledger
from pipeline.maintenance.retention import forget_form

ROOT = Path(__file__).parent.parent
BY, WHY, DAY = ("--by", "F. GARÇON"), ("--reason", "essai"), ("--today", "2025-03-17")
# Of each command that names a form: what comes after its name, ID being the form.
OF_A_FORM = {
    "amend": ("ID", "stage.sujet=x", "--from", "2025-05-21", *BY, *WHY),
    "approve": ("ID", *BY),
    "attest": ("ID", "--month", "2025-04", *BY),
    "archive": ("ID", "--to", "OUT"),
    "close": ("ID", *BY),
    "confirm": ("ID", "stage.sujet=x", *BY),
    "discard": ("ID", *BY, *WHY),
    "dossier add": ("ID", "FILE", *BY, *WHY),
    "dossier join": ("ID", "2024-099", *BY, *WHY),
    "dossier show": ("ID",),
    "dossier split": ("ID", *BY, *WHY),
    "dossier undo": ("ID", *BY),
    "erase": ("ID", *BY, *WHY),
    "export": ("ID", "--to", "OUT"),
    "fetch": ("ID", *BY),
    "invite": ("ID", *BY),
    "join": ("ID", "FILE", "--as", "fiche-pays", *BY),
    "note": ("ID", "bilan", "--on", "2025-03-17", "--text", "essai", *BY),
    "override": ("ID", "S1-23", *BY, *WHY),
    "presence": ("ID", "2025-04-08=M", *BY),
    "regenerate": ("ID", *BY),
    "reopen": ("ID", *BY),
    "retry": ("ID", *BY),
    "review": ("ID", "--to", "OUT"),
    "show": ("ID",),
    "signed": ("ID", "--piece", "convention", "--on", "2025-03-17", *BY),
    "status": ("ID",),
}
# Of the others: words that are wrong, or that a workspace without rights cannot follow.
OTHERS = {
    "backup": ("OUT/absent/plus/loin",),
    "batch": ("absent",),
    "bilan": ("OUT",),
    "blank": ("inconnue",),
    "check": ("--workspace", "OUT"),
    "doctor": ("--workspace", "OUT"),
    "due": ("--workspace", "OUT"),
    "evaluate": ("absent",),
    "forms add": ("absent.pdf",),
    "forms lint": ("commun/absent",),
    "forms list": ("--workspace", "OUT"),
    "forms try": ("absent",),
    "formation new": ("",),
    "init": ("un.pdf/x",),
    "purge": ("--workspace", "OUT"),
    "read": ("absent.pdf",),
    "recover": ("--workspace", "OUT"),
    "restore": ("absent",),
    "run": ("absent.pdf",),
    "serve": ("--workspace", "OUT"),
    "setup": ("inconnue",),
    "templates convert": ("absent.docx",),
    "user add": ("x y", "--role", "lecture"),
    "user disable": ("personne",),
    "user enable": ("personne",),
    "user list": ("--workspace", "OUT"),
    "user password": ("personne",),
    "user revoke": ("personne",),
    "user token": ("", "--scope", "lecture"),
    "user tokens": ("--workspace", "OUT"),
    "watch": ("--workspace", "absent"),
    "worker": ("--workspace", "absent"),
}
WRONG = ("zzzz", "ffffffff", "2024-999", "", " ", "\x1b[31m", "é" * 300, "../..", "%s", "\u202egnp")


def names(group: click.Group, before: str = "") -> Iterator[str]:
    """Every command there is."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from names(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def words_of(name: str, words: tuple[str, ...], place: Path, form: str = "") -> list[str]:
    """A command line, of that form, in that workspace."""
    stand = {"ID": form, "FILE": str(place / "un.pdf"), "OUT": str(place / "sortie")}
    said = [stand.get(word, word.replace("OUT/", f"{place}/sortie/")) for word in words]
    where = [] if "--workspace" in words else ["--workspace", str(place)]
    day = [] if name in WITHOUT_DAY else DAY
    return [*name.split(), *said, *where, *day]


WITHOUT_DAY = frozenset(
    {"backup", "check", "doctor", "erase", "export", "evaluate", "forms add", "forms lint", "forms list", "forms try",
     "recover", "restore", "blank", "user add", "user disable", "user enable", "user list", "user password",
     "user revoke", "user token", "user tokens"}
)  # fmt: skip


def in_order(done: Done, *codes: int) -> None:
    """It ended so, said one line of what is wrong if it did, and nothing of Python."""
    said = f"{done.words}: {done.code} {done.err}"
    assert done.code in codes, said
    assert "Traceback" not in done.err + done.out, said
    assert "imprévue" not in done.err, said
    assert len(done.told) == (1 if done.code in {2, 4} else len(done.told)), said
    assert not set(done.err + done.out) & {"\x1b", "\u202e"}, said


@pytest.fixture(scope="module")
def place() -> Iterator[Workspace]:
    """A workspace that others may enter and not write, with a form whose data were erased and one that was purged."""
    folder = Path(tempfile.mkdtemp(prefix="sans-droits-"))
    for name in ("templates", "schemas"):
        (folder / name).symlink_to(ROOT / name)
    for name in ("inbox", "outbox", "sortie"):
        (folder / name).mkdir()
    (folder / "un.pdf").write_bytes(b"%PDF-1.7 rien")
    workspace = Workspace.at(folder)
    with Ledger.open(workspace) as ledger:
        for name in ("efface.pdf", "purge.pdf", "recu.pdf"):
            delivering.received(ledger, workspace, name, people.coordination(**{"stagiaire.nom": name[:5].upper()}))
        purged = next(entry for entry in ledger.entries.all() if entry.form.name == "purge.pdf")
        delivering.delivered(ledger, workspace, purged.form, "cnam/purge")
        forget_form(purged, ledger, workspace)
    erased = run_here(["erase", "efface", "--workspace", str(folder), *BY, *WHY])
    assert erased.code == 0, erased.err
    folder.chmod(0o755)
    yield workspace
    shutil.rmtree(folder)


def test_every_command_is_tried() -> None:
    """A command that is added is added here."""
    assert {*OF_A_FORM, *OTHERS} == set(names(cli))


@pytest.mark.parametrize("word", WRONG)
def test_a_word_that_names_nothing_is_usage(place: Workspace, word: str) -> None:
    """Exit code 2, one line."""
    for name, words in OF_A_FORM.items():
        if name != "status" or word.strip():
            in_order(run_here(words_of(name, words, place.root, word)), 2)


@pytest.mark.parametrize("kind", ["efface", "purge"])
def test_a_form_that_is_gone_is_told_as_such(place: Workspace, kind: str) -> None:
    """Erased, or its file purged: nothing is made of it, and nobody meets an error of ours."""
    with Ledger.open(place) as ledger:
        entries = ledger.entries.all()
    ids = {"efface": [one.form.id for one in entries if one.state.value == "efface"]}
    form = (ids["efface"] if kind == "efface" else [one.form.id for one in entries if one.form.name == "purge.pdf"])[
        0
    ]
    for name, words in OF_A_FORM.items():
        if name != "erase" and not (kind == "purge" and name in {"discard", "dossier split"}):
            in_order(run_here(words_of(name, words, place.root, form)), 0, 1, 2)


def test_the_other_commands_with_wrong_words(place: Workspace) -> None:
    """A file, a folder, a formation, a workspace that is not there."""
    for name, words in OTHERS.items():
        if name not in {"backup", "bilan"}:
            in_order(run_here(words_of(name, words, place.root)), 2, 3)
    for words in (
        ["blank"],
        ["blank", "cnam-lp-insertion", "--month", "2025-04"],
        ["blank", "--for", "2099-001"],
        ["blank", "--for", "2099-001", "--paper", "evaluation"],
        ["blank", "cnam-lp-insertion", "--session", "1999-2000"],
        ["status", "--formation", "inconnue"],
    ):
        in_order(run_here([*words, "--workspace", str(place.root)]), 2)


def test_wrong_rule_field_name_and_value_are_usage(context: Context) -> None:
    """Of a form that waits: each is 2, and nothing is decided."""
    path = context.workspace.inbox / "formulaire.pdf"
    path.write_bytes(hiding(NAME, "Structure cachée"))
    (report,) = walking.run([path], context)
    place = ("--workspace", str(context.workspace.root), *DAY)
    for words in (
        ("override", "formulaire", "S9-99", *BY, *WHY),
        ("override", "formulaire", "", *BY, *WHY),
        ("confirm", "formulaire", "stage.sujjet=x", *BY),
        ("confirm", "formulaire", "=x", *BY),
        ("confirm", "formulaire", f"{NAME}=x", "--by", "7"),
        ("confirm", "formulaire", f"{NAME}=x", "--by", "\x1b[31mA B"),
        ("confirm", "formulaire", "formation.annee=1999-2000", *BY),
        ("confirm", "formulaire", "--sheet", str(context.workspace.root / "templates/commun/droit.toml"), *BY),
        ("confirm", "formulaire", NAME, "--sheet", str(path.with_name("absent.pdf")), *BY),
        ("status", "--state", "perdu"),
        ("status", "--page", "99"),
    ):
        in_order(run_here([*words, *place]), 2)
    assert not context.ledger.decisions(report.form).confirmations
    for encoding in ("latin-1", "ascii"):
        in_order(run_here(["show", "formulaire", *place], encoding=encoding), 0)
        in_order(run_here(["status", "--todo", *place], encoding=encoding), 1)


@pytest.mark.parametrize(("encoding", "columns"), [("latin-1", "80"), ("ascii", "40"), ("utf-8", "40")])
def test_foreign_and_narrow_terminals(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, encoding: str, columns: str
) -> None:
    """Help of every command, and what lists forms: what the terminal lacks is replaced."""
    monkeypatch.setenv("COLUMNS", columns)
    for name in names(cli):
        in_order(run_here([*name.split(), "--help"], encoding=encoding), 0)
    for words in (["status"], ["status", "--todo"], ["status", "--json"], ["show", "recu"]):
        in_order(run_here([*words, "--workspace", str(place.root), *DAY], encoding=encoding), 0, 1)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become nobody")
def test_a_user_without_rights_is_told_in_one_line(place: Workspace) -> None:
    """Neither the workspace nor where to write may be written: 2 or 3, what and where."""
    (place.memory).chmod(0o755)
    asked = [words_of(name, words, place.root, "recu") for name, words in OF_A_FORM.items()]
    asked += [words_of(name, words, place.root) for name, words in OTHERS.items() if "--workspace" not in words]
    asked += [["blank", "cnam-lp-insertion", "--workspace", str(place.root), "--to", "/root"]]
    child = subprocess.run(
        [sys.executable, "-c", "import every_command; every_command.as_nobody()"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        cwd=place.root,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "HOME": "/nonexistent"},
        check=False,
    )
    assert child.returncode == 0, child.stderr
    for words, code, out, err in json.loads(child.stdout):
        done = Done(tuple(words), code, out, err)
        in_order(done, 2, 3)
        assert done.told, done.err


@pytest.mark.parametrize("words", [("status",), ("--help",), ("show", "recu")])
def test_a_shut_pipe_ends_quietly(place: Workspace, words: tuple[str, ...]) -> None:
    """« liasse status | head » with head gone: 141, as shells say it, and nothing else."""
    reader, writer = os.pipe()
    os.close(reader)
    where = () if words == ("--help",) else ("--workspace", str(place.root), *DAY)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *words, *where],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
