"""What our own form tells: where and by when to send it, and what becomes of the answers (RGPD, art. 13)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx
import people
import pypdf
import pytest

from pipeline.core.fields import Dictionary
from pipeline.core.formation import Formation, load_formation
from pipeline.core.paper_kinds import PaperForm
from pipeline.core.settings import Retention
from pipeline.core.workspace import Workspace
from pipeline.forms.blank import plan_blank
from pipeline.forms.drawing.blank_docx import draw_docx
from pipeline.forms.drawing.blank_pdf import draw_pdf
from pipeline.forms.notices import advice, privacy
from pipeline.forms.prefill import slot_texts, to_sign_again

BOTH = pytest.mark.parametrize("code", [people.CNAM, people.COORDINATION])
SCHOOL = {"nom": "École d’Exempleville", "adresse": "1 rue du Lac, 99000 Exempleville", "courriel": "sco@example.org"}


@pytest.fixture
def formation_of(workspace: Workspace) -> Callable[..., Formation]:
    """A formation with other settings of the school."""

    def make(code: str, **school: str) -> Formation:
        formation = load_formation(workspace, code)
        bare = dict.fromkeys(("nom", "adresse", "courriel", "delegue_donnees"), "")
        settings = {**formation.settings, "etablissement": formation.settings["etablissement"] | bare | school}
        return replace(formation, settings=settings)

    return make


def ruled(formation: Formation, controle: str, **parameters: Any) -> Formation:
    """The formation whose rule of that control has other parameters; without any, the rule is gone."""
    rules = [rule | parameters for rule in formation.rules if parameters or rule["controle"] != controle]
    return replace(formation, settings={**formation.settings, "regles": rules})


@BOTH
def test_the_notice_says_what_the_rgpd_asks(formation_of: Callable[..., Formation], code: str) -> None:
    """Who, what for, on what ground, for whom, how long, which rights, whom to ask."""
    told = " ".join(privacy(formation_of(code, **SCHOOL)))

    for part in (
        "École d’Exempleville, 1 rue du Lac, 99000 Exempleville, est responsable du traitement",
        "établir, à faire signer et à suivre la convention",
        "L124-1 et D124-4 ; RGPD, art. 6.1.c",
        "Destinataires : l’établissement, l’organisme d’accueil",
        "le formulaire et ses réponses, 90 jours après",
        "les documents préparés, 180 jours après",
        "accès à ses données, leur rectification",
        "à sco@example.org",
        "CNIL",
    ):
        assert part in told


def test_the_delegate_is_asked_where_there_is_one(formation_of: Callable[..., Formation]) -> None:
    """Before the scolarité, whose address stays that of the form."""
    formation = formation_of(people.CNAM, **SCHOOL, delegue_donnees="dpo@example.org")
    assert "à dpo@example.org" in " ".join(privacy(formation))
    assert "sco@example.org" in " ".join(advice(formation, formation.session()))


@pytest.mark.parametrize(
    ("code", "who"),
    [
        (people.CNAM, "l’auditeur, le tuteur et le responsable du tutorat"),
        (people.COORDINATION, "le référent pédagogique"),
    ],
)
def test_a_demand_says_when_a_change_holds_as_the_conventions_do(
    formation_of: Callable[..., Formation], code: str, who: str
) -> None:
    """Accepted, it has effect; the avenant is a duty, its signatures are no condition."""
    formation = formation_of(code)
    told = " ".join(advice(formation, formation.session(), PaperForm.MODIFICATION)).replace("\u00a0", " ")

    assert f"Le changement n’a d’effet qu’une fois accepté par {who} ; un avenant, signé des mêmes parties" in told
    assert "signé par tous" not in told


@BOTH
def test_what_no_setting_gives_is_left_out(formation_of: Callable[..., Formation], code: str) -> None:
    """No hole, and no « À COMPLÉTER »."""
    formation = formation_of(code)
    told = " ".join((*privacy(formation), *advice(formation, formation.session())))

    assert "COMPLÉTER" not in told.upper()
    assert "L’établissement d’enseignement qui remet ce formulaire est responsable" in told
    assert "auprès de la scolarité" in told
    assert "()" not in told
    assert ", ," not in told


def test_days_of_retention_are_those_of_the_workspace(own_workspace: Workspace, dictionary: Dictionary) -> None:
    """``liasse.toml`` changes what is told, and so the edition; nought is for ever."""
    before = load_formation(own_workspace, people.CNAM)
    (own_workspace.root / "liasse.toml").write_text("[conservation]\nformulaires = 30\nliasses = 0\n")
    after = load_formation(own_workspace, people.CNAM)

    told = " ".join(privacy(after))
    assert "le formulaire et ses réponses, 30 jours après" in told
    assert "les documents préparés, sans limite de durée" in told
    assert before.retention == Retention()
    assert before.sha256 == after.sha256
    versions = {plan_blank(dictionary, one, one.session("2024-2025")).version for one in (before, after)}
    assert len(versions) == 2


def test_the_deadline_is_that_of_the_rule_and_of_the_session(formation_of: Callable[..., Formation]) -> None:
    """S1-23 says so many days before the start; a session with its days, before it begins; else before the stage."""

    def told(formation: Formation) -> str:
        return advice(formation, formation.session("2024-2025"))[1]

    cnam, essms = formation_of(people.CNAM, **SCHOOL), formation_of(people.COORDINATION, **SCHOOL)
    assert "à la scolarité (sco@example.org), au plus tard 12 jours avant le début du stage" in told(cnam)
    longer = ruled(cnam, "delai_avant_debut", jours=20, jours_ouvres=True)
    assert "au plus tard 20 jours ouvrés avant le début" in told(longer)
    assert told(ruled(cnam, "delai_avant_debut")).endswith("avant le début du stage.")
    assert "avant le 7 avril 2025, premier jour de la session" in told(essms)
    assert told(ruled(essms, "recu_avant_formation")).endswith("avant le début du stage.")


@BOTH
def test_both_dresses_print_the_same_notices(
    formation_of: Callable[..., Formation], dictionary: Dictionary, code: str
) -> None:
    """Word for word, on the PDF and on the Word form."""
    formation = formation_of(code, **SCHOOL)
    blank = plan_blank(dictionary, formation, formation.session("2024-2025"))
    printed = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(draw_pdf(blank))).pages)
    word = [paragraph.text for paragraph in docx.Document(io.BytesIO(draw_docx(blank))).paragraphs]

    for line in (*advice(formation, blank.session), *privacy(formation)):
        assert " ".join(line.split()) in " ".join(printed.split())
        assert line in word


def test_a_form_sent_back_is_signed_again(workspace: Workspace, dictionary: Dictionary) -> None:
    """The old dates and the accord given to the old form are gone, all else stays; an older week is written anew."""
    formation = load_formation(workspace, people.CNAM)
    blank = plan_blank(dictionary, formation, formation.session("2024-2025"))
    whole = slot_texts(blank, people.cnam())
    before = people.cnam(stage__jours_semaine=["lundi", "mardi"], stage__heures_jour=7)
    del before["stage"]["semaine"]

    again, older = (slot_texts(blank, to_sign_again(data)) for data in (people.cnam(), before))

    gone = {name.split(".")[0] for name in whole.keys() - again.keys()}
    assert gone == {"signatures", "accord_pedagogique"}
    assert again.items() <= whole.items()
    assert {name: text for name, text in older.items() if name.startswith("stage.semaine")} == {
        "stage.semaine.lundi": "7",
        "stage.semaine.mardi": "7",
    }
