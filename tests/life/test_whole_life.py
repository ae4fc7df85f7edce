"""A whole life, as a secretary types it: form, accord, packet, signatures, avenant, attestations, end, archive.

Every command is one that a screen or a help page names; every paper that comes back is dropped in ``inbox/``.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import paper_kit
import people
import pypdfium2
import pytest
from click.testing import CliRunner
from walking import filled

from pipeline.cli.main import cli
from pipeline.core.errors import RequestRefused
from pipeline.core.life import FactKind
from pipeline.core.paper_kinds import PaperForm
from pipeline.dossier.context import Context
from pipeline.dossier.life.holding import life_of

BY = "F. GARÇON"


class Secretary:
    """Who types commands in one workspace, day after day."""

    def __init__(self, context: Context) -> None:
        self.context, self.root = context, context.workspace.root

    def types(self, day: str, *words: str, code: int = 0) -> str:
        """What a command says on a day; it must end with this exit code."""
        found = CliRunner().invoke(cli, [*words, "--workspace", str(self.root), "--today", day])
        assert found.exit_code == code, (words, found.output, found.exception)
        return re.sub(r"[ \xa0\u202f\n]+", " ", found.output)

    def refused(self, day: str, *words: str) -> str:
        """Why a command does nothing."""
        found = CliRunner().invoke(cli, [*words, "--workspace", str(self.root), "--today", day])
        assert isinstance(found.exception, RequestRefused), (words, found.output, found.exception)
        return str(found.exception)

    def drops(self, name: str, data: bytes) -> None:
        """A file put in the inbox."""
        (self.root / "inbox" / name).write_bytes(data)

    def returns(self, code: str, paper: PaperForm, number: str, dress: str, **changes: Any) -> None:
        """A paper that was given out comes back filled."""
        given = ("--session", paper_kit.SESSION, "--paper", paper.value, "--to", str(self.root))
        self.types("2025-03-17", "blank", code, *given)
        blank = paper_kit.paper_plan(self.context.workspace, self.context.dictionary, code, paper)
        data = paper_kit.answers(code, paper, number, **changes)
        name = f"{paper.value}.{'docx' if dress == 'Word' else 'pdf'}"
        self.drops(name, paper_kit.in_dress(blank, data, dress))

    def papers(self, kind: str) -> list[Path]:
        """The folders of a kind of papers, in the order in which they were issued."""
        found = self.context.ledger.life.all_papers()
        return [self.root / "outbox" / one.folder for one in found if one.name == kind]


@pytest.fixture
def secretary(context: Context) -> Secretary:
    """A secretary with a workspace of her own."""
    return Secretary(context)


def text_of(pdf: Path) -> str:
    """The words of a PDF, with plain spaces."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return re.sub(r"\s+", " ", " ".join(pages))


def april() -> dict[str, Any]:
    """The rows of April 2025: 7 h on Tuesdays and Thursdays from the 8th, all there."""
    days: dict[str, dict[str, Any]] = {}
    for number in range(1, 31):
        worked = number in (8, 10, 15, 17, 22, 24, 29)
        days[f"j{number:02d}"] = (
            {"prevues": 7, "matin": "P", "apres_midi": "P", "heures": 7}
            if worked
            else {"matin": "–", "apres_midi": "–"}
        )
    return days


def test_the_life_of_a_salariee(secretary: Secretary) -> None:
    """140 h from 8 April to 24 June, Tuesdays and Thursdays; a day moved by an avenant, a day of sickness.

    April: 7 days (8, 10, 15, 17, 22, 24, 29) = 49 h. May: 6, 13, 15, 20, 22, 27 = 42 h; the 6th moves to Thursday 26
    June, which leaves 5 days = 35 h, of which the 20th is sick: 28 h. June: 3, 5, 10, 12, 17, 19, 24 and 26 = 56 h.
    In all 140 h planned, 133 h of presence.
    """
    types, number, code = secretary.types, "2024-001", people.COORDINATION
    secretary.drops("formulaire.pdf", filled(secretary.context, people.coordination()))
    assert "1 délivré" in types("2025-03-17", "run")
    types("2025-03-20", "fetch", number, "--by", BY, "--to", str(secretary.root / "a-signer"))
    signed = secretary.root / "revenue.pdf"
    shutil.copy(next(secretary.root.glob("a-signer/*/liasse.pdf")), signed)
    assert "ALARME" in types("2025-04-02", "status", "--todo", code=1)
    told = types(
        "2025-04-05", "signed", number, str(signed), "--piece", "convention", "--on", "2025-04-04", "--by", BY
    )
    assert "convention : signé de tous" in told

    secretary.returns(
        code, PaperForm.EMARGEMENT, number, "fillable", **_sheet("avril 2025", april(), 49, "2025-04-30")
    )
    assert "1 versé" in types("2025-05-02", "run")
    assert "1 attestation à émettre" in types("2025-05-02", "due", code=1)
    types("2025-05-02", "attest", number, "--month", "2025-04", "--by", BY)
    (attested,) = secretary.papers("attestation-de-presence-2025-04")
    assert "49 h" in text_of(attested / "attestation-de-presence-2025-04.pdf")

    change = ("stage.calendrier-=2025-05-06", "stage.calendrier+=2025-06-26=7")
    asked = types(
        "2025-05-02", "amend", number, *change, "--from", "2025-05-05", "--reason", "salon", "--by", BY, code=1
    )
    assert "mardi 6 mai 2025 (7 h) → jeudi 26 juin 2025 (7 h)" in asked
    assert f"liasse amend {number} --accept 1 --by NOM" in asked
    assert "S2-10" in secretary.refused("2025-05-02", "amend", number, "--accept", "1", "--by", BY)
    types("2025-05-03", "amend", number, "--accept", "1", "--by", "Anaïk BÖHM")
    (avenant,) = secretary.papers("avenant-1")
    printed = text_of(avenant / "avenant-1.pdf")
    assert "Avenant n° 1 à la convention de stage n° " in printed
    assert "Dossier 2024-001" in printed
    assert "mai 2025 — 35 h, 5 jours" in printed
    assert "juin 2025 — 56 h, 8 jours" in printed
    types("2025-05-09", "signed", number, "--piece", "avenant-1", "--on", "2025-05-05", "--by", BY)

    rows = {**paper_kit.sheet_of_may(), "j06": {"matin": "–", "apres_midi": "–"}}
    secretary.returns(code, PaperForm.EMARGEMENT, number, "Word", **_sheet("mai 2025", rows, 28, "2025-06-02"))
    types("2025-06-03", "run")
    types("2025-06-03", "attest", number, "--month", "2025-05", "--by", BY)
    types("2025-06-04", "presence", number, "2025-04-17=J/P", "--by", BY)
    first, second = secretary.papers("attestation-de-presence-2025-04")
    assert (first / "REMPLACE.txt").is_file()
    assert "45 h 30" in text_of(second / "attestation-de-presence-2025-04.pdf")
    drafts = sorted(one.name for one in (secretary.root / "outbox" / "courrier").iterdir())
    assert any(name.startswith(f"{number}-attestation-de-presence-2025-04-v2") for name in drafts)

    types("2025-07-01", "attest", number, "--month", "2025-06", "--present-as-planned", "--by", BY)
    secretary.returns(code, PaperForm.EVALUATION, number, "fillable")
    types("2025-07-01", "run")
    types("2025-07-02", "attest", number, "--end", "--by", BY)
    types("2025-07-02", "attest", number, "--completion", "--by", BY)
    # 140 - 7 (sick) - 3 h 30 (half a day excused)
    assert "129 h 30" in text_of(secretary.papers("certificat-de-realisation")[-1] / "certificat-de-realisation.pdf")
    _end(secretary, number)


def test_the_life_of_a_student(secretary: Secretary) -> None:
    """560 h from 7 April to 4 August at 4.35 €; the tuteur changes on 12 May, an ill day on 2 June.

    80 days of 7 h; 79 of presence: 553 h, 553 × 4.35 = 2 405.55 €.
    """
    types, number, code = secretary.types, "2024-001", people.CNAM
    secretary.drops("formulaire.pdf", filled(secretary.context, people.cnam(accord_pedagogique={}), code))
    types("2025-03-17", "run", code=1)
    types("2025-03-18", "approve", number, "--by", "François GARÇON")
    for piece in ("contrat", "convention"):
        types("2025-04-03", "signed", number, "--piece", piece, "--on", "2025-04-02", "--by", BY)

    secretary.returns(code, PaperForm.MODIFICATION, number, "fillable", **_other_tuteur())
    types("2025-05-03", "run", code=1)
    assert "Changements à juger (1)" in types("2025-05-03", "status", "--todo", code=1)
    types("2025-05-05", "amend", number, "--accept", "1", "--by", "François GARÇON")
    (avenant,) = secretary.papers("avenant-1")
    assert "Paul KERVELLA" in text_of(avenant / "avenant-1.pdf")
    types("2025-05-12", "signed", number, "--piece", "avenant-1", "--on", "2025-05-09", "--by", BY)

    types("2025-06-03", "presence", number, "2025-06-02=M", "--by", BY)
    types("2025-08-05", "attest", number, "--end", "--present-as-planned", "--paid-as-agreed", "--by", BY)
    printed = text_of(secretary.papers("attestation-de-stage")[-1] / "attestation-de-stage.pdf")
    assert "553 h" in printed
    assert "2 405,55" in printed
    secretary.returns(code, PaperForm.EVALUATION, number, "Word")
    secretary.returns(code, PaperForm.QUESTIONNAIRE, number, "fillable")
    types("2025-08-05", "run")
    _end(secretary, number)


def _sheet(month: str, rows: dict[str, Any], hours: float, signed_on: str) -> dict[str, Any]:
    return {
        "emargement": {
            "mois": month,
            "jours": rows,
            "total_heures": hours,
            "stagiaire_le": signed_on,
            "tuteur_le": signed_on,
        }
    }


def _other_tuteur() -> dict[str, Any]:
    """A demande that changes the tuteur only: the référent stays."""
    return {"referent": {}}


def _end(secretary: Secretary, number: str) -> None:
    """All that is missing is told with its command; then it is closed, archived, and the archive holds it."""
    types, day = secretary.types, "2025-08-10"
    life = life_of(secretary.context, secretary.context.ledger.life.dossiers()[0])
    missing = secretary.refused(day, "close", number, "--by", BY)
    unsigned = re.findall(rf"liasse signed {number} --piece (\S+) --on DATE --by NOM", missing)
    assert len(unsigned) == missing.count("\n– "), missing  # nothing else is missing
    for piece in unsigned:
        types(day, "signed", number, "--piece", piece, "--on", day, "--by", BY)
    types(day, "close", number, "--by", BY)
    assert types(day, "dossier", "show", number).startswith(f"dossier {number} · close")
    assert types(day, "due").strip() == "Rien n’est dû."
    assert "clos" in secretary.refused(day, "presence", number, "2025-06-03=M", "--by", BY)

    types(day, "archive", number, "--to", str(secretary.root / "archives"))
    (made,) = (secretary.root / "archives").glob("*.zip")
    types(day, "archive", "--verify", str(made))
    with zipfile.ZipFile(made) as archive:
        names = archive.namelist()
    assert any(name.endswith("avenant-1.pdf") for name in names)
    assert any(name.endswith("SHA256SUMS") for name in names)
    assert life_of(secretary.context, life.dossier.id).facts.last(FactKind.CLOSED) is not None
