"""The school's settings: what is asked again, of whom, and what is copied in; nothing is walked here."""

from __future__ import annotations

import io
from pathlib import Path

import people
import pikepdf
import pytest
from click.testing import CliRunner
from pikepdf import Array, Dictionary, Name

from pipeline.checks.readiness import missing_of
from pipeline.cli.main import cli
from pipeline.cli.school_commands import _path
from pipeline.core.errors import ConversionError, NotAllowed
from pipeline.core.formation import Formation, load_formation
from pipeline.core.workspace import SCHOOL, Workspace
from pipeline.documents.binding.metadata import opened_pdf
from pipeline.documents.own_pdfs import inert_pdf
from pipeline.documents.school_files import looked_at, strays
from pipeline.maintenance.doctor import _school
from pipeline.services.school_setup import Question, give, give_piece, questions

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture
def bare(own_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose school has given nothing yet."""
    monkeypatch.delenv(SCHOOL)
    return own_workspace


def write(workspace: Workspace, text: str, formation: str = "") -> None:
    """Settings as somebody writes them by hand."""
    path = workspace.root / "etablissement" / formation / "etablissement.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def asked(workspace: Workspace, key: str, formation: str | None = None) -> list[Question]:
    """The questions on one setting."""
    return [one for one in questions(workspace, formation) if one.key == key]


def test_a_value_that_does_not_suit_is_asked_again_where_it_stands(bare: Workspace) -> None:
    """A SIRET with a wrong key, an optional UAI: asked of the school, or of the formation that says it."""
    write(bare, '[etablissement]\nsiret = "12345678200011"\nuai = "029"\n')
    (siret,) = asked(bare, "etablissement.siret")
    (uai,) = asked(bare, "etablissement.uai")
    assert (siret.formation, "quatorze chiffres" in siret.fault, bool(uai.needed)) == (None, True, True)

    write(bare, '[etablissement]\nsiret = "12345678200010"\nuai = "0290000X"\n')
    assert asked(bare, "etablissement.siret") == asked(bare, "etablissement.uai") == []

    write(bare, '[etablissement]\nsiret = "12345678200011"\n', people.CNAM)
    assert [one.formation for one in asked(bare, "etablissement.siret")] == [people.CNAM]


def test_a_wrong_value_of_a_formation_toml_is_asked_once_of_the_school(bare: Workspace) -> None:
    """It is not carried over; the other formation, which has none, is not asked a second time."""
    path = bare.templates / people.COORDINATION / "formation.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("[referent]", '[etablissement]\nsiret = "12345678200011"\n\n[referent]'), encoding="utf-8"
    )

    (one,) = asked(bare, "etablissement.siret")
    assert (one.formation, bool(one.fault)) == (None, True)
    give(bare, None, one.key, "12345678200010")
    assert asked(bare, "etablissement.siret") == []


def pdf(*, pages: int = 1, behind: str = "") -> bytes:
    """A PDF of blank pages, behind that password or none."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(out, encryption=pikepdf.Encryption(owner="a", user=behind) if behind else False)
    return out.getvalue()


UNFIT = [
    (b"Bonjour", "ce n’est pas un PDF"),
    (b"%PDF-1.7 coup\xe9", "il est endommagé"),
    (pdf(pages=0), "il n’a aucune page"),
    (pdf(behind="secret"), "il est protégé par un mot de passe"),
]


@pytest.mark.parametrize(("data", "why"), UNFIT, ids=["text", "cut", "empty", "locked"])
def test_a_pdf_that_cannot_be_bound_is_refused_and_dropped_by_hand_makes_a_projet(
    bare: Workspace, data: bytes, why: str
) -> None:
    """Whether ``setup`` is given it or somebody copies it: no traceback; the file is named, and why."""
    file = bare.root / "referentiel.pdf"
    file.write_bytes(data)
    with pytest.raises(NotAllowed, match=why):
        give_piece(bare, people.COORDINATION, file)
    with pytest.raises(ConversionError):
        opened_pdf(data, "Référentiel")
    place = bare.root / "etablissement" / people.COORDINATION / "referentiel.pdf"
    place.parent.mkdir(parents=True)
    file.rename(place)

    (said,) = (one for one in missing_of(coordination(bare)) if "Annexe 5" in one)
    assert said.endswith(f"etablissement/{people.COORDINATION}/referentiel.pdf ne convient pas, {why}")
    (ask,) = asked(bare, f"{people.COORDINATION}/referentiel.pdf")
    assert why in ask.fault
    place.write_bytes((SAMPLES / "etablissement" / people.COORDINATION / "referentiel.pdf").read_bytes())
    assert not any("Annexe 5" in one for one in missing_of(coordination(bare)))


def coordination(workspace: Workspace) -> Formation:
    """The formation with its files looked at."""
    return looked_at(load_formation(workspace, people.COORDINATION), workspace)


def test_a_logo_that_is_no_picture_makes_a_projet_and_is_told(bare: Workspace) -> None:
    """Copied there by hand: named by check, doctor and setup, where it stopped every packet."""
    logo = bare.root / "etablissement" / "logo.png"
    logo.parent.mkdir()
    assert not any("Logo" in one for one in missing_of(coordination(bare)))
    before = coordination(bare).sha256
    logo.write_text("Bonjour", encoding="utf-8")

    assert any("Logo" in one and "etablissement/logo.png" in one for one in missing_of(coordination(bare)))
    assert coordination(bare).sha256 != before
    (ask,) = asked(bare, "logo")
    assert ask.formation is None
    assert any("logo.png" in one.said for one in _school(bare))


def test_nothing_of_a_referentiel_acts_in_a_packet(bare: Workspace) -> None:
    """A school's PDF may carry a script, a program to launch, a field named as a signature: none of it is bound."""
    place = bare.root / "etablissement" / people.COORDINATION / "referentiel.pdf"
    place.parent.mkdir(parents=True)
    with pikepdf.open(SAMPLES / "etablissement" / people.COORDINATION / "referentiel.pdf") as made:
        page = made.pages[0]
        launch = Dictionary(S=Name.Launch, F="calc.exe")
        page.obj.AA = Dictionary(O=launch)
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 99, 99], A=launch)
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="sign1-stagiaire", Rect=[0, 0, 99, 99], F=4
        )
        page.obj.Annots = Array([made.make_indirect(link), made.make_indirect(field)])
        made.Root.AcroForm = Dictionary(Fields=Array([page.obj.Annots[1]]))
        made.save(place)

    assert not any("Annexe 5" in one for one in missing_of(coordination(bare)))
    bound = inert_pdf(place.read_bytes(), "Référentiel")
    with pikepdf.open(io.BytesIO(bound)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert not any("/AA" in one.obj or "/Annots" in one.obj for one in pdf.pages)


def test_settings_saved_by_notepad_are_read(bare: Workspace) -> None:
    """It puts a byte order mark before the first line."""
    write(bare, '\ufeff[etablissement]\nnom = "Institut"\n')
    path = bare.templates / people.CNAM / "formation.toml"
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")

    assert load_formation(bare, people.CNAM).settings["etablissement"]["nom"] == "Institut"
    assert questions(bare, people.CNAM)


def test_what_is_never_looked_at_is_said(bare: Workspace) -> None:
    """A folder or a file whose name is misspelt: its settings would be missed and nobody would know why."""
    write(bare, "volume_horaire = 210\n", "coordination-esms")
    write(bare, "volume_horaire = 210\n", people.COORDINATION)
    folder = bare.root / "etablissement"
    for name in ("etablisement.toml", "logo.png", f"{people.COORDINATION}/referentiel.pdf", f"{people.CNAM}.txt"):
        (folder / name).write_bytes(b"x")
    (folder / people.COORDINATION / "référentiel.pdf").write_bytes(b"x")

    told = list(strays(bare))
    assert [said.split(" n’est pas lu")[0].removeprefix("etablissement/") for said in told] == [
        "coordination-esms/",
        "etablisement.toml",
        f"{people.COORDINATION}/référentiel.pdf",
    ]
    assert "vouliez-vous dire coordination-essms ?" in told[0]


def test_setup_says_what_it_wrote_and_takes_a_path_in_quotes(bare: Workspace) -> None:
    """A value that was taken is shown as it stands; a file that was dropped on the terminal has quotes around it."""
    for typed in ('"a b.pdf"', "'a b.pdf'", " a b.pdf "):
        assert _path(typed) == Path("a b.pdf")
    with pytest.raises(NotAllowed, match=r"il faut Mme ou M\.$"):
        give(bare, people.CNAM, "referent.civilite", "Dr")

    words = ["setup", "--set", "etablissement.telephone=02 98 00 99 00", "--workspace", str(bare.root)]
    assert "Téléphone de la scolarité : +33298009900" in CliRunner().invoke(cli, words).output
