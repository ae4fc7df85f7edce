"""Labels and answers in tables of schools: by their cells, on whatever page and line a print puts them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

import people
import pytest
from docx import Document
from docx.document import Document as Word
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pipeline.blanks.layout_cache import compile_layouts
from pipeline.core.fields import Dictionary
from pipeline.core.models import JSON, FieldReading
from pipeline.documents.libreoffice import convert
from pipeline.forms.layouts import load_layout
from pipeline.reading.digital import read_form
from pipeline.reading.known_forms import KnownForms
from pipeline.reading.streams.pdf import read_pages
from pipeline.reading.tokens import TokenKind

pytestmark = pytest.mark.sampled(3)

PLACE = re.compile(r"\{\{ ([a-z_.]+) \}\}")
SAID = {
    "stagiaire.nom": "LE GOFF",
    "stagiaire.prenom": "Maëlle",
    "stagiaire.date_naissance": "17/03/2004",
    "stagiaire.courriel": "maelle@example.org",
    "organisme.raison_sociale": "Les Pieds sur Terre",
    "organisme.siret": "732 829 320 00074",
    "organisme.service": "Pôle habitat",
    "organisme.adresse": "3 place du Marché\n29200 Brest",
    "tuteur.nom_prenom": "BENAÏSSA Inès",
    "tuteur.fonction": "Cheffe de service",
    "tuteur.courriel": "ines@example.org",
    "stage.sujet": "Accueil temporaire",
    "stage.objectifs": "Comprendre la place du coordonnateur.",
    "stage.date_debut": "14/04/2025",
    "stage.date_fin": "04/06/2025",
    "stage.activites": "\n".join(f"Tenir le registre {letter}" for letter in "ABCDEFGHIJ"),
    "stage.competences": "\n".join(f"Écrire un bilan de niveau {number}" for number in range(1, 13)),
}
LONG = {
    "organisme.raison_sociale": "Association départementale pour la sauvegarde de l’enfance en Finistère",
    "organisme.adresse": "Zone artisanale de Kergaradec, bâtiment C, 3 place du Marché\n29200 Brest",
    "stage.sujet": "Coordonner l’accueil temporaire de jeunes adultes en situation de handicap et de leurs familles",
}


def slot(path: str) -> str:
    """A placeholder."""
    return f"{{{{ {path} }}}}"


def begun() -> Word:
    """A document with the head of a form."""
    document = Document()
    document.add_heading("Fiche de renseignements pour la convention de stage", 1)
    document.add_paragraph("À compléter lisiblement par le stagiaire et la structure, avant le début du stage.")
    return document


def table(document: Word, *rows: tuple[str, ...], ruled: bool = True) -> None:
    """A table with these texts."""
    made = document.add_table(rows=0, cols=len(rows[0]))
    made.style = "Table Grid" if ruled else "Normal Table"
    for texts in rows:
        for cell, text in zip(made.add_row().cells, texts, strict=True):
            cell.text = text


def two_lists() -> Word:
    """Two lists side by side in one row, which a page may cut."""
    document = begun()
    table(document, ("Nom", slot("stagiaire.nom"), "Prénom", slot("stagiaire.prenom")))
    for number in range(1, 16):
        document.add_paragraph(f"{number}. Consigne à lire avant de remplir cette fiche avec son tuteur.")
    document.add_paragraph("Objectifs du stage")
    document.add_paragraph(slot("stage.objectifs"))
    lists = (slot("stage.activites"), slot("stage.competences"))
    table(document, ("Activités confiées", "Compétences à acquérir"), lists)
    document.add_paragraph("Dates du stage")
    table(document, ("Date de début", slot("stage.date_debut"), "Date de fin", slot("stage.date_fin")))
    return document


GROUPS = (
    (
        "LE STAGIAIRE\nà remplir\npar l’étudiant\nou l’étudiante",
        ("Nom", "stagiaire.nom"),
        ("Prénom", "stagiaire.prenom"),
        ("Date de naissance", "stagiaire.date_naissance"),
        ("Courriel", "stagiaire.courriel"),
    ),
    (
        "L’ORGANISME\nD’ACCUEIL\nà remplir par\nl’employeur",
        ("Raison sociale", "organisme.raison_sociale"),
        ("SIRET", "organisme.siret"),
        ("Adresse complète", "organisme.adresse"),
        ("Service", "organisme.service"),
    ),
    (
        "LE TUTEUR\nqui suivra\nle stage",
        ("Nom et prénom", "tuteur.nom_prenom"),
        ("Fonction", "tuteur.fonction"),
        ("Courriel", "tuteur.courriel"),
    ),
    (
        "LE STAGE",
        ("Sujet", "stage.sujet"),
        ("Objectifs", "stage.objectifs"),
        ("Date de début", "stage.date_debut"),
        ("Date de fin", "stage.date_fin"),
    ),
)


def side_labels(*, ruled: bool) -> Word:
    """A label of several lines in the middle beside the rows of each group."""
    document = begun()
    made = document.add_table(rows=0, cols=3)
    made.style = "Table Grid" if ruled else "Normal Table"
    for title, *rows in GROUPS:
        first = len(made.rows)
        for label, path in rows:
            _, name, answer = made.add_row().cells
            name.text, answer.text = label, slot(path)
        side = made.cell(first, 0).merge(made.cell(len(made.rows) - 1, 0))
        side.text = title
        side.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    document.add_paragraph("Fait pour servir et valoir ce que de droit auprès du secrétariat.")
    return document


def newspaper() -> Word:
    """Two columns, like a newspaper's: the second goes on where the first ends, on each page."""
    document = begun()
    (properties,) = document.element.body.iter(qn("w:cols"))
    properties.set(qn("w:num"), "2")
    for title, *rows in GROUPS:
        document.add_paragraph(title.replace("\n", " "))
        for label, path in rows:
            document.add_paragraph(f"{label} : {slot(path)}")
        for number in range(1, 7):
            document.add_paragraph(f"{number}. Consigne à lire avant de remplir cette fiche.")
    document.add_paragraph("Fait pour servir et valoir ce que de droit auprès du secrétariat.")
    return document


def blocks() -> Word:
    """Parts of a form side by side, two in a row without rules, each a table or lines of its own."""
    document = begun()
    for pair, ruled in ((GROUPS[:2], True), (GROUPS[2:], False)):
        for cell, (title, *rows) in zip(document.add_table(rows=1, cols=2).rows[0].cells, pair, strict=True):
            cell.paragraphs[0].text = title.replace("\n", " ")
            if not ruled:
                for label, path in rows:
                    cell.add_paragraph(label)
                    cell.add_paragraph(slot(path))
                continue
            inner = cell.add_table(rows=0, cols=2)
            inner.style = "Table Grid"
            for label, path in rows:
                name, answer = inner.add_row().cells
                name.text, answer.text = label, slot(path)
            cell.add_paragraph("")
        document.add_paragraph("À relire ensemble avant de signer.")
    return document


def cut_blank(lines: int) -> Word:
    """Rows of labels above their places, below so many lines that the blank's own print cuts one of them."""
    document = begun()
    for number in range(1, lines + 1):
        document.add_paragraph(f"{number}. Consigne à lire avant de remplir cette fiche avec son tuteur.")
    for paths in (("stagiaire.nom", "stagiaire.prenom"), ("organisme.service", "tuteur.fonction")):
        table(document, tuple(path.split(".")[0].upper() for path in paths))
        for path, cell in zip(paths, document.tables[-1].rows[0].cells, strict=True):
            cell.add_paragraph("à remplir")
            cell.add_paragraph(slot(path))
    document.add_paragraph("Dates du stage")
    table(document, ("Date de début", slot("stage.date_debut"), "Date de fin", slot("stage.date_fin")))
    return document


def one_page() -> Word:
    """A page that is full: a long answer pushes the end of it, a line or two, to a page of its own."""
    document = begun()
    table(document, ("Nom", slot("stagiaire.nom"), "Prénom", slot("stagiaire.prenom")))
    document.add_paragraph("Objectifs du stage")
    document.add_paragraph(slot("stage.objectifs"))
    for number in range(1, 17):
        document.add_paragraph(f"{number}. Consigne à lire avant de remplir cette fiche avec son tuteur.")
    document.add_paragraph("Dates du stage")
    table(document, ("Date de début", slot("stage.date_debut"), "Date de fin", slot("stage.date_fin")))
    document.add_paragraph("Fait pour servir et valoir ce que de droit auprès du secrétariat.")
    document.add_paragraph("Signature du stagiaire, cachet et signature de la structure")
    return document


def same_label() -> Word:
    """A label that a ruled cell has, and a line below too, far from other words."""
    document = begun()
    table(document, ("Nom de l’étudiant :", slot("stagiaire.nom"), "Fonction :", slot("stagiaire.prenom")))
    document.add_paragraph(f"Nom du tuteur : {slot('tuteur.nom_prenom')}\t\tFonction : {slot('tuteur.fonction')}")
    document.add_paragraph(f"Courriel du tuteur : {slot('tuteur.courriel')}")
    return document


def saved(document: Word) -> bytes:
    """Its bytes."""
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def filled(blank: Word, answers: dict[str, str]) -> bytes:
    """A copy in which the answers stand where the placeholders do, line by line."""
    copy = Document(io.BytesIO(saved(blank)))
    for text in list(copy.element.body.iter(qn("w:t"))):
        first, *more = PLACE.sub(lambda found: answers[found[1]], text.text or "").split("\n")
        text.text = first
        for line in more:
            text.getparent().append(OxmlElement("w:br"))
            text.getparent().append(other := OxmlElement("w:t"))
            other.text = line
    return saved(copy)


@dataclass(frozen=True)
class Copy:
    """What somebody wrote, and the layout of the form it was written on."""

    layout: str
    answers: dict[str, str]


def longer(path: str, times: int) -> dict[str, str]:
    """Answers of which one is a sentence several times."""
    return {path: " ".join([SAID[path]] * times)}


BLANKS = {
    "lists": two_lists(),
    "sides": side_labels(ruled=False),
    "ruled": side_labels(ruled=True),
    "newspaper": newspaper(),
    "blocks": blocks(),
    "cut places": cut_blank(21),
    "cut labels": cut_blank(23),
    "one page": one_page(),
    "same label": same_label(),
}
COPIES = {
    "lists whole": Copy("lists", SAID),
    "lists cut early": Copy("lists", SAID | longer("stage.objectifs", 4)),
    "lists cut late": Copy("lists", SAID | longer("stage.objectifs", 14)),
    "sides short": Copy("sides", SAID),
    "sides long": Copy("sides", SAID | LONG),
    "sides without": Copy("sides", SAID | {"stagiaire.nom": "", "organisme.service": ""}),
    "ruled long": Copy("ruled", SAID | LONG),
    "ruled cut": Copy("ruled", SAID | LONG | longer("stage.objectifs", 48)),
    "newspaper short": Copy("newspaper", SAID),
    "newspaper long": Copy("newspaper", SAID | longer("stage.objectifs", 12)),
    "newspaper without": Copy("newspaper", SAID | {"stagiaire.nom": "", "organisme.service": ""}),
    "blocks short": Copy("blocks", SAID),
    "blocks long": Copy("blocks", SAID | longer("stage.objectifs", 12)),
    "blocks without": Copy("blocks", SAID | {"stagiaire.nom": "", "tuteur.courriel": ""}),
    "cut places": Copy("cut places", SAID),
    "cut places long": Copy("cut places", SAID | {"stagiaire.prenom": "Marie-Antoinette " * 4}),
    "cut labels": Copy("cut labels", SAID),
    **{f"pushed by {times}": Copy("one page", SAID | longer("stage.objectifs", times)) for times in (11, 17, 26)},
    "same label": Copy("same label", SAID),
}


@pytest.fixture(scope="module")
def known(
    tmp_path_factory: pytest.TempPathFactory, given_out: KnownForms, dictionary: Dictionary
) -> dict[str, KnownForms]:
    """By name: our blanks, and that one layout, compiled with its print."""
    memory = tmp_path_factory.mktemp("memory")
    layouts = []
    for name, blank in BLANKS.items():
        folder = memory / "commun" / "formulaires" / name
        folder.mkdir(parents=True)
        (folder / "formulaire.docx").write_bytes(saved(blank))
        (folder / "layout.toml").write_text('version = "1"\nformations = ["coordination-essms"]\n', encoding="utf-8")
        layouts.append(load_layout(folder))
    compiled = compile_layouts(layouts, dictionary, Path(memory))
    return {one.layout.folder.name: replace(given_out, layouts=(one,)) for one in compiled}


@pytest.fixture(scope="module")
def prints() -> dict[str, bytes]:
    """Each copy, printed."""
    return dict(convert({name: filled(BLANKS[copy.layout], copy.answers) for name, copy in COPIES.items()}))


def read(form: bytes, known: KnownForms) -> dict[str, FieldReading]:
    """What was read, by field."""
    return {field.path: field for field in read_form(form, known, people.TODAY).fields}


def squeezed(value: JSON) -> str:
    """A value without what formats differ in."""
    text = "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return re.sub(r"[\s,]", "", text)


DATES = {"stagiaire.date_naissance": "2004-03-17", "stage.date_debut": "2025-04-14", "stage.date_fin": "2025-06-04"}


@pytest.mark.parametrize("name", COPIES)
@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_each_answer_is_that_of_its_cell(
    name: str, kind: str, known: dict[str, KnownForms], prints: dict[str, bytes]
) -> None:
    """Typed in Word and printed: every answer right, none in doubt, no line in the cell beside it."""
    copy = COPIES[name]
    form = prints[name] if kind == "pdf" else filled(BLANKS[copy.layout], copy.answers)
    found = read(form, known[copy.layout])

    asked = set(PLACE.findall(" ".join(text.text or "" for text in BLANKS[copy.layout].element.body.iter(qn("w:t")))))
    wrong = {
        path: (field.value, str(field.doubt))
        for path in asked
        if (field := found[path]).doubt or squeezed(field.value) != squeezed(DATES.get(path, copy.answers[path]))
    }
    assert wrong == {}


def test_the_print_of_a_blank_cuts_a_row() -> None:
    """Its places, or what stands below its labels, are on the next page; the other blank has all on one."""
    for name, page in convert({name: saved(BLANKS[name]) for name in ("cut places", "cut labels")}).items():
        cut = read_pages(page)[0]
        (end,) = [index for index, token in enumerate(cut) if token.kind is TokenKind.PAGE][1:]
        assert (cut[end - 1].kind, cut[end + 1].kind) == (TokenKind.ROW, TokenKind.CELL), name


def test_the_end_of_a_form_stands_alone_on_a_page(prints: dict[str, bytes]) -> None:
    """A long answer does push it there, each time more of it."""
    lasts = [
        [token for token in read_pages(prints[f"pushed by {times}"])[0] if token.page == 2 and token.text]
        for times in (11, 17, 26)
    ]
    assert 5 < len(lasts[0]) < len(lasts[1]) < len(lasts[2]) < 60


def test_some_of_these_rows_were_cut(prints: dict[str, bytes]) -> None:
    """The lists do go on over two pages where they should."""
    for name in ("lists cut early", "lists cut late", "ruled cut"):
        cut = read_pages(prints[name])[0]
        ends = [index for index, token in enumerate(cut) if token.kind is TokenKind.PAGE][1:]
        assert [cut[end + 1].kind for end in ends] == [TokenKind.CELL], name
