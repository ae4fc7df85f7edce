"""No party without a name: a packet that nobody can sign yet is a projet, and follows once its settings come."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import people
import pikepdf
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import cli
from pipeline.core.errors import ExitCode, LiasseError, NotAllowed
from pipeline.core.formation import TO_COMPLETE
from pipeline.core.school import read_settings, settings_file
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.documents.proof import page_texts
from pipeline.dossier.projets import take_up_projets
from pipeline.dossier.state import DossierState
from pipeline.ledger.entries import State
from pipeline.ledger.packet_store import PacketState
from pipeline.ledger.store import Ledger
from pipeline.reports.summary import summarise
from pipeline.runs.context_loader import ContextLoader
from pipeline.services import dossier_cases, fetching, handling

SAMPLES = Path(__file__).parent / "samples"
STANDARD = SAMPLES / "etablissement" / people.COORDINATION / "referentiel.pdf"
FORMS = ("2-cnam-emploi.docx", "5-essms-emploi.docx")
DAY = ("--today", people.TODAY.isoformat())
SCHOOL_ANSWERS = (
    "Institut Exemple",
    "5 place de l’Essai, 29000 Quimper",
    "123 456 782 00011",  # its key is wrong: asked again
    "123 456 782 00010",
    "scolarite@Example.ORG",
    "KERVELLA",
    "Hélène",
    "Directrice",
    "helene.kervella@example.org",
)


@pytest.fixture
def bare(own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose school has given nothing yet."""
    monkeypatch.delenv(SCHOOL)
    return own_workspace


def liasse(workspace: Workspace, *words: str, answers: tuple[str, ...] = ()) -> Result:
    """One command, with what is typed when it asks."""
    typed = "".join(f"{answer}\n" for answer in answers)
    return CliRunner().invoke(cli, [*words, "--workspace", str(workspace.root)], input=typed)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without settings, its two forms walked: made once, copied by each test."""
    root = tmp_path_factory.mktemp("bare")
    for name in ("templates", "schemas"):
        shutil.copytree(SAMPLES.parent.parent / name, root / name)
    for name in ("inbox", "outbox"):
        (root / name).mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(SCHOOL)
        for name in FORMS:
            shutil.copy(SAMPLES / name, root / "inbox")
        done = liasse(Workspace.at(root), "run", *DAY)
    assert done.exit_code == ExitCode.SOME_WAIT, done.output
    assert "2 formulaires : 2 projets" in done.output
    assert "etablissement.nom" in done.output
    return root


@pytest.fixture
def waiting(drafted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """That workspace, of one's own."""
    monkeypatch.delenv(SCHOOL)
    shutil.copytree(drafted, tmp_path / "own", symlinks=True)
    return Workspace.at(tmp_path / "own")


def packets_in(workspace: Workspace, state: PacketState) -> Iterator[Path]:
    """The folders of the packets in that state."""
    with Ledger.open(workspace) as ledger:
        yield from (workspace.outbox / line.folder for line in ledger.packets.all() if line.state is state)


def has_watermark(page: pikepdf.Page) -> bool:
    """Whether the watermark is drawn on a page."""
    page.contents_coalesce()
    return b"/Subtype /Watermark" in page.obj.Contents.read_bytes()


def test_a_packet_without_its_parties_is_a_projet(waiting: Workspace) -> None:
    """Watermarked on every page, no signature field, nobody asked to sign, no Word file; the manifest says so."""
    schema = json.loads((waiting.schemas / "manifest.schema.json").read_text(encoding="utf-8"))
    folders = list(packets_in(waiting, PacketState.DRAFT))

    assert len(folders) == len(FORMS)
    for folder in folders:
        bound = sorted(folder.glob("liasse*.pdf"))
        papers = [*bound, *(folder / "pieces").glob("*"), *(folder / "a-part").glob("*")]
        assert {path.suffix for path in papers} == {".pdf"}
        for path in papers:
            with pikepdf.open(path) as pdf:
                assert all(map(has_watermark, pdf.pages)), path
                assert "/AcroForm" not in pdf.Root
        assert json.loads((folder / "signature.json").read_text()) == {"version": 2, "projet": True, "unites": []}
        manifest = json.loads((folder / "manifest.json").read_text())
        jsonschema.validate(manifest, schema, jsonschema.Draft202012Validator)
        assert manifest["projet"] is True
        assert any(TO_COMPLETE in text for text in page_texts(bound[-1].read_bytes()))


def test_everybody_is_told_that_it_is_one(waiting: Workspace) -> None:
    """State of the form and the dossier, bilan, check and doctor: each says « projet » and names the setting."""
    with Ledger.open(waiting) as ledger:
        context = ContextLoader(waiting, ledger, lambda: people.TODAY).context()
        assert {entry.state for entry in ledger.entries.all()} == {State.DRAFT}
        assert dossier_cases.show_dossier(context, "2024-002").state is DossierState.DRAFT
        lines = summarise(context).lines
        assert take_up_projets(context) == ()  # nothing was given: nothing is tried
    assert all(line.waits and "liasse setup" in line.todo and len(line.reasons) > 10 for line in lines)
    assert any("volume_horaire" in reason.message for line in lines for reason in line.reasons)
    assert any("Annexe 5" in reason.message for line in lines for reason in line.reasons)

    checked = liasse(waiting, "check", "--quick")
    assert checked.exit_code == ExitCode.SOME_WAIT
    assert "manque avant que rien puisse être signé : Nom du référent (referent.nom)" in checked.output
    assert "le PDF manque (coordination-essms/referentiel.pdf)" in checked.output
    status = liasse(waiting, "status", "--state", "projet")
    assert (status.exit_code, status.output.count(" projet ")) == (ExitCode.SOME_WAIT, 2)


def test_a_projet_is_not_fetched(waiting: Workspace, tmp_path: Path) -> None:
    """Nothing is copied and nothing noted; what is missing is said, with the command that asks for it."""
    with Ledger.open(waiting) as ledger:
        context = ContextLoader(waiting, ledger, lambda: people.TODAY).context()
        for signed in (False, True):
            with pytest.raises(NotAllowed, match=r"projet.*etablissement\.nom.*liasse setup » demande"):
                fetching.fetch(context, "2024-002", by="F. GARÇON", to=tmp_path / "to", signed=signed)
        with pytest.raises(NotAllowed, match=": projet"):
            handling.regenerate(context, ["2024-002"], by="F. GARÇON")
        assert {line.state for line in ledger.packets.all()} == {PacketState.DRAFT}
        (line, *_) = ledger.packets.all()
        assert ledger.packets.lock(line.id, PacketState.FETCHED, "F. GARÇON") is None
    assert not (tmp_path / "to").exists()


def test_once_the_settings_come_the_same_packets_can_be_signed(waiting: Workspace) -> None:
    """``setup`` asks in French, one by one, until each suits; both packets follow at once, 0 « À COMPLÉTER »."""
    before = {path: path.read_bytes() for path in waiting.templates.rglob("*.toml")}
    asked = liasse(
        waiting,
        "setup",
        *DAY,
        answers=(*SCHOOL_ANSWERS, "GARÇON", "François", "fg@example.org", "450 h", "BÖHM", "Anaïk"),
    )
    assert asked.exit_code == ExitCode.SOME_WAIT, asked.output
    assert "« 12345678200011 » ne convient pas, il faut quatorze chiffres" in asked.output
    assert "HADDAD Samir" in asked.output  # the Cnam's has all it needs, the other waits for four more
    assert "1 formulaire : 1 délivré" in asked.output
    assert "Manque encore : coordination-essms : Courriel du référent [referent.courriel]" in asked.output

    with Ledger.open(waiting) as ledger:  # what was given is no more said to be missing
        (left,) = ledger.entries.in_states(State.DRAFT)
    assert [key in left.detail for key in ("etablissement.nom", "referent.nom", "referent.courriel")] == [
        False,
        False,
        True,
    ]

    rest = ("--set", "referent.courriel=ab@example.org", "--set", "volume_horaire=210")
    given = liasse(waiting, "setup", people.COORDINATION, *DAY, *rest, "--referentiel", str(STANDARD))
    assert given.exit_code == ExitCode.ALL_DELIVERED, given.output

    ready = list(packets_in(waiting, PacketState.CURRENT))
    assert len(ready) == len(FORMS)
    for folder in ready:
        for path in folder.glob("*/*.pdf"):
            assert not any(TO_COMPLETE in text for text in page_texts(path.read_bytes())), path
        units = json.loads((folder / "signature.json").read_text())["unites"]
        for unit in units:
            with pikepdf.open(folder / unit["fichier"]) as pdf:
                assert not any(map(has_watermark, pdf.pages))
                fields = {str(field.T) for field in pdf.Root.AcroForm.Fields}
            assert fields == {box["champ"] for person in unit["signataires"] for box in person["boites"]}
        school = next(one for one in units[-1]["signataires"] if "etablissement" in one["roles"])
        assert (school["nom"], school["prenom"], school["courriel"]) == (
            "KERVELLA",
            "Hélène",
            "helene.kervella@example.org",
        )
    assert {path: path.read_bytes() for path in waiting.templates.rglob("*.toml")} == before
    assert (waiting.root / "etablissement" / people.COORDINATION / "referentiel.pdf").read_bytes() == (
        STANDARD.read_bytes()
    )
    liasse(waiting, "setup", "--set", "etablissement.nom=")  # whatever becomes of the settings, it was whole that day
    assert "F-05" not in liasse(waiting, "show", "2024-002").output
    liasse(waiting, "setup", "--set", "etablissement.nom=Institut Exemple")
    fetched = liasse(waiting, "fetch", "2024-002", "--by", "F. GARÇON", *DAY)
    assert fetched.exit_code == ExitCode.ALL_DELIVERED
    assert liasse(waiting, "check", "--quick").exit_code == ExitCode.ALL_DELIVERED


def test_settings_written_by_hand_are_seen_by_the_next_run(waiting: Workspace) -> None:
    """Whoever writes the files without ``setup``: ``run`` makes the projets again, once, and sends no letter."""
    shutil.copytree(SAMPLES / "etablissement", waiting.root / "etablissement")
    late = "2025-04-05"  # S1-23 asks for twelve days, nine are left: by the school's delay
    first, second = (liasse(waiting, "run", "--today", late) for _ in range(2))

    assert "2 formulaires : 1 délivré, 1 en attente" in first.output
    assert second.output == "Aucun formulaire.\n"
    assert not waiting.to_complete.exists()
    with Ledger.open(waiting) as ledger:
        assert [entry.state for entry in ledger.entries.all()] == [State.WAITING, State.DELIVERED]
    lifted = liasse(waiting, "override", "2024-001", "S1-23", "--by", "F. GARÇON", "--reason", "vu", "--today", late)
    assert "1 délivré" in lifted.output


def test_a_projet_that_passes_no_more_is_sent_back_by_a_person(waiting: Workspace) -> None:
    """No letter goes by itself; whoever looks is told the command, and the form goes back with its letter."""
    shutil.copytree(SAMPLES / "etablissement", waiting.root / "etablissement")
    late = ("--today", "2025-06-30")  # every stage has begun: no rule of the delay can be kept
    early = liasse(waiting, "retry", "2024-002", "--letter", "--by", "F. GARÇON", *DAY)
    assert (early.exit_code, "Aucun projet ne retient la lettre" in str(early.exception)) == (1, True)
    first = liasse(waiting, "run", *late)
    assert "2 formulaires : 2 en attente" in first.output
    assert not waiting.to_complete.exists()
    with Ledger.open(waiting) as ledger:
        (entry,) = [one for one in ledger.entries.all() if one.number == "2024-002"]
        assert f"liasse retry {entry.form.id} --letter" in entry.detail

    sent = liasse(waiting, "retry", "2024-002", "--letter", "--by", "F. GARÇON", *late)

    assert "1 à compléter" in sent.output, sent.output
    assert list((waiting.to_complete / entry.form.id).glob("lettre*"))
    assert not (waiting.outbox / (entry.folder or "-")).is_dir()
    with Ledger.open(waiting) as ledger:
        assert [line.state for line in ledger.packets.of_form(entry.form.sha256)] == [PacketState.PURGED]
        assert [one.actor for one in ledger.journal(entry.form.sha256) if one.event == "letter"] == ["F. GARÇON"]


def test_a_projet_that_is_put_away_counts_no_more(waiting: Workspace) -> None:
    """Nobody has it in hand: discard removes it, and its packet with it."""
    done = liasse(waiting, "discard", "2024-002", "--by", "F. GARÇON", "--reason", "abandon", *DAY)

    assert done.exit_code == ExitCode.ALL_DELIVERED, done.output
    with Ledger.open(waiting) as ledger:
        assert sorted(line.state for line in ledger.packets.all()) == [PacketState.DRAFT, PacketState.PURGED]
    assert len(list((waiting.outbox / people.COORDINATION).rglob("liasse*.pdf"))) == 0


def test_values_of_a_formation_are_carried_over(bare: Workspace) -> None:
    """What a school wrote in [etablissement] and [referent] of its formation.toml goes where it is safe."""
    path = bare.templates / people.COORDINATION / "formation.toml"
    text = path.read_text(encoding="utf-8")
    old = text.replace(
        "[referent]", '[etablissement]\nnom = "Centre des Lilas"\nsiret = "12345678200010"\nnda = "X"\n\n[referent]'
    )
    path.write_text(old.replace('fonction = "Réf', 'nom = "ROY"\nfonction = "Réf'), encoding="utf-8")

    done = liasse(bare, "setup", "--set", "etablissement.telephone=02 98 00 99 00")

    assert done.exit_code == ExitCode.SOME_WAIT
    assert read_settings(settings_file(bare, people.COORDINATION)) == {
        "etablissement.nom": "Centre des Lilas",
        "etablissement.siret": "12345678200010",
        "referent.nom": "ROY",
        "referent.fonction": "Référent pédagogique",
    }
    assert read_settings(settings_file(bare)) == {"etablissement.telephone": "+33298009900"}
    assert f"{people.COORDINATION} : etablissement.nom" in done.output
    assert not (bare.root / "etablissement" / people.CNAM).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "etablissement.siret=12"), "il faut quatorze chiffres"),
        (("--set", "etablissement.nomm=X"), "n’est pas un réglage"),
        (("--set", "etablissement.nom"), "écrivez CLÉ=VALEUR"),
        (("nulle-part", "--set", "etablissement.nom=X"), "« nulle-part » n’est pas une formation"),
        ((people.COORDINATION, "--referentiel", __file__), "ne convient pas"),
        (("--referentiel", str(STANDARD)), "va avec une FORMATION"),
        ((people.CNAM, "--referentiel", str(STANDARD)), "aucune de ses pièces n’attend de PDF"),
        (("--logo", __file__), "PNG ou JPEG"),
    ],
)
def test_what_does_not_suit_is_refused_and_nothing_is_written(
    bare: Workspace, words: tuple[str, ...], said: str
) -> None:
    """A wrong key, value, formation or file: told in words, and no file is made."""
    done = liasse(bare, "setup", *words)

    assert done.exit_code == ExitCode.USAGE or isinstance(done.exception, LiasseError)
    assert said in f"{done.output}{done.exception}"
    assert not (bare.root / "etablissement").exists()


def test_a_value_is_taken_away_by_an_empty_one(bare: Workspace) -> None:
    """``--set key=`` : the setting is missing again; what stands beside it stays."""
    for word in ("etablissement.nom=A « B » \\ C", "etablissement.uai=029 0000x", "etablissement.nom="):
        liasse(bare, "setup", "--set", word)

    text = (bare.root / "etablissement" / "etablissement.toml").read_text(encoding="utf-8")
    assert 'uai = "0290000X"' in text
    assert "nom" not in text


def test_a_form_that_fails_is_told_once(bare: Workspace) -> None:
    """``run`` walks the inbox, then what is left in the queue: the form that has just failed stands there."""
    shutil.copy(SAMPLES / FORMS[1], bare.root / "inbox")
    path = bare.templates / people.COORDINATION / "formation.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[referent]", "[referant]"), encoding="utf-8")

    assert "1 formulaire : 1 en panne" in liasse(bare, "run", *DAY).output
