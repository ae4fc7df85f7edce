"""The Word templates of the measured packet, as somebody makes them in Word: python-docx's own styles, all of them.

Convention (4 pages: logo in the header, tables, a calendar, conditions, thirteen articles, four signature cells),
annexe (2) and attestation (1), with about eighty fields. docxtpl and liasse fill the same files.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from PIL import Image, ImageDraw

FIELDS = {
    "stagiaire": (
        "civilite",
        "nom",
        "prenom",
        "ne_le",
        "ne_a",
        "voie",
        "complement",
        "code_postal",
        "ville",
        "pays",
        "telephone",
        "courriel",
        "numero",
        "regime",
        "urgence",
        "cpam",
    ),
    "organisme": (
        "raison_sociale",
        "siret",
        "ape",
        "activite",
        "type",
        "effectif",
        "voie",
        "code_postal",
        "ville",
        "telephone",
        "courriel",
        "service",
        "signataire",
        "fonction",
        "signataire_courriel",
        "lieu",
    ),
    "tuteur": ("nom", "prenom", "fonction", "telephone", "courriel", "anciennete", "encadres"),
    "referent": ("nom", "prenom", "fonction", "telephone", "courriel"),
    "stage": (
        "sujet",
        "objectifs",
        "debut",
        "fin",
        "heures",
        "jours",
        "hebdo",
        "quotite",
        "horaires",
        "encadrement",
        "conges",
        "avantages",
        "evaluation",
        "credits",
        "absences",
        "deplacements",
    ),
    "gratification": ("montant", "unite", "modalite", "versement"),
    "assurance": ("compagnie", "contrat", "fin"),
    "formation": ("intitule", "annee", "niveau", "composante", "volume", "responsable", "code"),
}
_TEXT = (
    "Les parties conviennent que {{ stagiaire.prenom }} {{ stagiaire.nom }} suit les consignes de sécurité de "
    "{{ organisme.raison_sociale }}, que le tuteur l’accompagne dans les activités prévues et que tout changement de "
    "dates, de lieu ou de durée fait l’objet d’un avenant signé avant sa prise d’effet. Chaque partie tient "
    "les autres informées des absences, des difficultés et des accidents, sans délai et par écrit."
)
_TERMS = (
    "Le présent article reste applicable pendant toute la durée du stage, y compris lors des déplacements et des "
    "périodes accomplies à distance ; il ne prive la personne accueillie d’aucun droit qu’elle tient de la loi, et "
    "ses termes l’emportent sur tout usage contraire de l’organisme d’accueil."
)
_ARTICLES = (
    "Objet",
    "Activités",
    "Calendrier",
    "Accueil et encadrement",
    "Gratification",
    "Avantages",
    "Protection sociale",
    "Responsabilité",
    "Discipline",
    "Congés et absences",
    "Interruption",
    "Devoir de réserve",
    "Droit applicable",
)


def write_templates(place: Path) -> dict[str, Path]:
    """The three templates written in ``place``, by name, in the order of the packet."""
    paths = {}
    for name, drawn in (("convention", convention()), ("annexe", annexe()), ("attestation", attestation())):
        paths[name] = place / f"{name}.docx"
        drawn.save(paths[name])
    return paths


def convention() -> Any:
    """Four pages: who, when, on which terms, and who signs."""
    document = _paper("Convention de stage", logo=True)
    for holder in ("stagiaire", "organisme", "tuteur", "stage", "formation"):
        document.add_heading(holder.capitalize(), 2)
        _pairs(document, holder)
    document.add_heading("Calendrier", 2)
    _loop(document, "jour in calendrier", ("{{ jour.date }}", "{{ jour.heures }} h", "{{ jour.lieu }}"))
    for text in (
        "{% if gratification.prevue %}",
        "Gratification : {{ gratification.montant }} € par {{ gratification.unite }}, {{ gratification.modalite }}.",
        "Elle est versée ainsi : {{ gratification.versement }}.",
        "{% else %}",
        "Aucune gratification n’est prévue.",
        "{% endif %}",
    ):
        document.add_paragraph(text.replace("{%", "{%p") if text.startswith("{%") else text)
    for number, title in enumerate(_ARTICLES, 1):
        document.add_heading(f"Article {number} – {title}", 3)
        document.add_paragraph(f"{_TEXT} {_TERMS}")
    document.add_paragraph("☒ Assurance : {{ assurance.compagnie }}, n° {{ assurance.contrat }}, {{ assurance.fin }}")
    table = _loop(document, "s in signataires", ("{{ s.qualite }} : {{ s.nom }}", "{{ s.ancre }}"))
    row = table.rows[1]
    row.height, row.height_rule = Pt(50), WD_ROW_HEIGHT_RULE.EXACTLY
    row.cells[1].paragraphs[0].runs[0].font.size = Pt(5)
    return document


def annexe() -> Any:
    """Two pages: what the person does, learns and is judged on."""
    document = _paper("Annexe pédagogique")
    _pairs(document, "referent")
    _pairs(document, "stage")
    document.add_heading("Activités", 2)
    for text in ("{%p for activite in activites %}", "{{ activite }}", "{%p endfor %}"):
        document.add_paragraph(text)
    document.add_heading("Compétences", 2)
    _loop(document, "c in competences", ("{{ c }}", "☐ acquise", "☐ en cours"))
    for number in range(1, 9):
        document.add_heading(f"Critère {number}", 3)
        document.add_paragraph(_TEXT)
    return document


def attestation() -> Any:
    """One page: that the stage took place."""
    document = _paper("Attestation de stage")
    _pairs(document, "stagiaire", 8)
    _pairs(document, "organisme", 6)
    document.add_paragraph(
        "{{ organisme.signataire }}, {{ organisme.fonction }}, atteste que la personne ci-dessus a accompli du "
        "{{ stage.debut }} au {{ stage.fin }} un stage de {{ stage.heures }} heures."
    )
    return document


def _paper(title: str, *, logo: bool = False) -> Any:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2)
    document.styles["Normal"].font.name = "Liberation Sans"
    document.styles["Normal"].font.size = Pt(8.5)
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    if logo:
        section.header.paragraphs[0].add_run().add_picture(io.BytesIO(_logo()), width=Cm(3))
    _numbered(section.footer.paragraphs[0])
    document.add_heading(title, 1)
    return document


def _pairs(document: Any, holder: str, count: int | None = None) -> None:
    names = FIELDS[holder][:count]
    table = document.add_table(rows=len(names), cols=2, style="Table Grid")
    for row, name in zip(table.rows, names, strict=True):
        row.cells[0].text = name.replace("_", " ").capitalize()
        row.cells[1].text = f"{{{{ {holder}.{name} }}}}"
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)


def _loop(document: Any, what: str, cells: Sequence[str]) -> Any:
    table = document.add_table(rows=3, cols=len(cells), style="Table Grid")
    table.rows[0].cells[0].text = f"{{%tr for {what} %}}"
    for cell, text in zip(table.rows[1].cells, cells, strict=True):
        cell.text = text
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    table.rows[2].cells[0].text = "{%tr endfor %}"
    return table


def _numbered(paragraph: Any) -> None:
    """« Page 2 / 4 », as Word numbers pages."""
    paragraph.add_run("Page ")
    for field, after in (("PAGE", " / "), ("NUMPAGES", "")):
        simple = OxmlElement("w:fldSimple")
        simple.set(qn("w:instr"), field)
        paragraph._p.append(simple)
        paragraph.add_run(after)


def _logo() -> bytes:
    picture = Image.new("RGB", (360, 120), "white")
    pen = ImageDraw.Draw(picture)
    for step in range(12):
        pen.rectangle((step * 30, 20, step * 30 + 22, 100), fill=(20 * step, 60, 200 - 12 * step))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
