"""The papers of a cohort: what stands in them, that nothing in them is obeyed, that they are the same each time."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from bilans import DAY, EVIL, large, small
from pypdf import PdfReader

from pipeline.core.errors import HouseError
from pipeline.documents.proof import page_texts
from pipeline.reports.account import Bilan
from pipeline.reports.bilan_page import bilan_pdf
from pipeline.reports.bordereau import bordereau_pdf
from pipeline.reports.papers import PAPERS, write_papers
from pipeline.reports.workbook import bilan_xlsx

EMPTY = Bilan(DAY, (), ())
# Packets need Writer only; a machine that has Calc too also opens the workbook for real.
SHEETS = ["Dossiers", "À faire", "Par organisme", "Contrôles de cohorte", "Motifs", "Non pris"]


def rows(data: bytes, sheet: str) -> list[list[object]]:
    """The cells of one sheet."""
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows()]


def words(data: bytes) -> str:
    """The words of a PDF, spaces collapsed."""
    return " ".join(" ".join(page_texts(data)).split())


@pytest.mark.parametrize("name", list(PAPERS))
def test_the_same_bilan_gives_the_same_bytes(name: str) -> None:
    """Nothing of the clock or of the machine stands in a paper; another bilan gives another paper."""
    assert PAPERS[name](large(60)) == PAPERS[name](large(60))
    assert PAPERS[name](large(60)) != PAPERS[name](small())


def test_the_sheets_of_the_workbook() -> None:
    """Six sheets, each with a head that stays, a filter, a page in landscape one page wide, its head repeated."""
    book = openpyxl.load_workbook(io.BytesIO(bilan_xlsx(small())))

    assert book.sheetnames == SHEETS
    for sheet in book.worksheets:
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == (
            "landscape",
            8 if sheet.title == "Dossiers" else 9,
        )
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)


def test_a_line_of_the_workbook_tells_all() -> None:
    """Whose form, where, when, why it waits, what to do, who, and until when; dates are dates."""
    head, *lines = rows(bilan_xlsx(small()), "Dossiers")
    waiting = dict(zip(head, lines[1], strict=True))

    assert [line[1] for line in lines] == ["11111111", "22222222", "33333333", "44444444"]
    assert waiting == {
        "Dossier": "2024-002",
        "Id": "22222222",
        "Nom": "ROUX",
        "Prénom": "Anaïs",
        "Formation": "cnam-lp-insertion",
        "Année": "2024-2025",
        "Organisme": "Chantiers du Nord",
        "Début": dt.datetime(2025, 4, 14),  # noqa: DTZ001 -- Excel knows no zone
        "Fin": dt.datetime(2025, 7, 25),  # noqa: DTZ001 -- Excel knows no zone
        "État": "en attente",
        "Motifs": "Accord pédagogique : le responsable doit se prononcer.",
        "Règles": "S1-22",
        "Ce qu’il faut faire": "Noter l’accord : liasse approve 22222222 --by NOM.",
        "Qui": "responsable",
        "À qui écrire": None,
        "Échéance": dt.datetime(2025, 4, 14),  # noqa: DTZ001 -- Excel knows no zone
        "Fichier": None,
        "Dossier dans outbox/": None,
        "Reçu le": dt.datetime(2025, 3, 17),  # noqa: DTZ001 -- Excel knows no zone
    }


def test_what_begins_first_is_to_be_done_first() -> None:
    """« À faire » : what waits, by the first day of the internship, with the days left; « Motifs » counts."""
    data = bilan_xlsx(small())

    assert [(row[2], row[3]) for row in rows(data, "À faire")[1:]] == [(7, "33333333"), (28, "22222222")]
    assert rows(data, "Motifs")[1:] == [
        ["L-19", "Réponses lisibles et exactes", 1],
        ["S1-22", "Accord pédagogique", 1],
    ]
    assert rows(data, "Par organisme")[1:] == [
        ["Dupont & Fils Insertion", 1, 1, 2],
        ["Chantiers du Nord", 0, 1, 1],
    ]
    assert [row[0] for row in rows(data, "Contrôles de cohorte")[1:]] == ["C-02"]


@pytest.mark.parametrize("text", EVIL)
def test_what_people_wrote_is_text(text: str) -> None:
    """No formula, no link, no number: the cell is a string, the very one that was written."""
    data = bilan_xlsx(small(host=text))
    cells = [row[6] for row in openpyxl.load_workbook(io.BytesIO(data))["Dossiers"].iter_rows(min_row=2)]

    assert [(cell.value, cell.data_type) for cell in (cells[0], cells[2])] == [(text, "s"), (text, "s")]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = b"".join(package.read(name) for name in package.namelist() if "worksheets" in name)
    assert b"<f>" not in sheets
    assert b"hyperlink" not in sheets


def test_libreoffice_shows_the_text_that_was_written(tmp_path: Path) -> None:
    """Opened and saved as CSV by the real LibreOffice: nothing was computed."""
    line = small().lines[0]
    lines = tuple(dataclasses.replace(line, host=text) for text in EVIL)
    (tmp_path / "bilan.xlsx").write_bytes(bilan_xlsx(Bilan(DAY, lines, ())))
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):59,34,76",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "bilan.xlsx"),
    ]
    subprocess.run(command, check=True, timeout=120, capture_output=True)

    found = list(csv.reader((tmp_path / "bilan.csv").read_text("utf-8").splitlines(), delimiter=";"))
    assert tuple(row[6] for row in found[1:]) == EVIL


def test_characters_that_no_file_may_hold_are_replaced() -> None:
    """A control character or half a character pair makes no broken workbook and no broken PDF."""
    bad = small(host="A\x00\x01B\ud800C\tD")

    assert rows(bilan_xlsx(bad), "Dossiers")[1][6] == "A□□B□C D"
    for name in ("bilan.pdf", "bordereau.pdf"):
        assert len(PdfReader(io.BytesIO(PAPERS[name](bad))).pages) == 1


@pytest.mark.parametrize("bilan", [EMPTY, small(), large(700)], ids=["empty", "small", "large"])
def test_the_picture_is_one_page_of_counts(bilan: Bilan) -> None:
    """One A4 page with its fonts in it, the counts, and no stagiaire's name."""
    data = bilan_pdf(bilan)
    (page,) = PdfReader(io.BytesIO(data)).pages

    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {"Carlito" in font["/BaseFont"] for font in fonts} == {True}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
    said = words(data)
    assert [line.name for line in bilan.lines if line.name in said.split()] == []
    assert f"{len(bilan.lines)} formulaire" in said


def test_the_counts_of_the_picture() -> None:
    """By outcome, by reason, by organisme, by week, and the findings."""
    said = words(bilan_pdf(small()))

    for part in (
        "4 formulaires reçus",
        "1 liasse délivrée",
        "2 attendent quelqu’un",
        "1 en attente, 1 à compléter",
        "1 à régler sous 12 jours",
        "Accord pédagogique (S1-22)",
        "Dupont & Fils Insertion",
        "24/03",
        "C-02 Homonymes 1",
    ):
        assert part in said


def test_a_wrong_year_does_not_hide_the_others() -> None:
    """One internship of 2015 among those of 2025: the calendar shows 2025, and says what it leaves out."""
    line = dataclasses.replace(small().lines[0], start=dt.date(2015, 4, 7))
    said = words(bilan_pdf(Bilan(DAY, (*small().lines, line), ())))

    assert "07/04" in said
    assert "1 semaine hors de ce calendrier" in said


def test_the_bordereau_lists_the_packets() -> None:
    """Number, dossier, stagiaire, organisme, pages, signatures and packet; the totals; who gives and who receives."""
    said = words(bordereau_pdf(small()))

    assert "1 2024-001 LEFÈVRE Élise Dupont & Fils Insertion 11 8 88662ab5" in said
    assert "1 liasse, 11 pages, 8 signatures attendues" in said
    assert "ROUX" not in said
    assert ("Remis par" in said, "Reçu par" in said, "page 1 / 1" in said) == (True, True, True)
    assert "Aucune liasse délivrée." in words(bordereau_pdf(EMPTY))


@pytest.mark.parametrize("number", [1, 27, 28, 29, 36, 37, 38, 39, 75, 120])
def test_each_packet_stands_once_whatever_the_pages(number: int) -> None:
    """Around the ends of pages no line is lost and none twice, the boxes stand on the last page only."""
    line = small().lines[0]
    lines = tuple(dataclasses.replace(line, id=f"{at:08}", packet=f"{at:08}") for at in range(number))
    pages = [" ".join(text.split()) for text in page_texts(bordereau_pdf(Bilan(DAY, lines, ())))]

    listed = [word for text in pages for word in text.split() if len(word) == 8 and word.isdigit()]
    assert listed == [f"{at:08}" for at in range(number)]
    assert ["Remis par" in text for text in pages] == [False] * (len(pages) - 1) + [True]
    assert [f"page {at} / {len(pages)}" in text for at, text in enumerate(pages, 1)] == [True] * len(pages)


def test_papers_are_whole_and_for_their_owner(tmp_path: Path) -> None:
    """Written again over older ones, 0600, nothing else left in the folder."""
    for bilan in (large(5), small()):
        paths = write_papers(bilan, tmp_path / "bilan")

    assert set(paths) == set((tmp_path / "bilan").iterdir())
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert paths[0].read_bytes() == bilan_xlsx(small())
    (tmp_path / "file").write_text("")
    with pytest.raises(HouseError, match="cannot be written"):
        write_papers(small(), tmp_path / "file")
