"""Layout 4: a two-page AcroForm whose field names say nothing, labels above the fields, radio groups."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject, TextStringObject
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from word_kit import Ink

_HEAD = """version = "2025"
titre = "Préparation de la convention"
formations = ["cnam-lp-insertion", "coordination-essms"]
dates = "jour-mois"

[acroform]
"""
_INK = HexColor("#5B2333")
_FILL = HexColor("#F3F0F7")
_LEFT, _WIDTH, _STEP, _HEIGHT = 45.0, 505.0, 40.0, 18.0
_YES_NO = (("oui", "oui"), ("non", "non"))
# (label, path or (kind, path, options), share of the width); kind is "radio" or "cases".
Pages = tuple[tuple[tuple[str, tuple[tuple[tuple[str, Any, float], ...], ...]], ...], ...]
PAGES: Pages = (
    (
        (
            "Vous",
            (
                (
                    ("Vous êtes", ("radio", "stagiaire.civilite", (("Mme", "une femme"), ("M.", "un homme"))), 0.4),
                    (
                        "Statut",
                        (
                            "radio",
                            "stagiaire.regime",
                            (("FI_ETUDIANT", "étudiant"), ("FPC_DEMANDEUR_EMPLOI", "demandeur d’emploi")),
                        ),
                        0.6,
                    ),
                ),
                (("Nom", "stagiaire.nom", 0.5), ("Prénom", "stagiaire.prenom", 0.5)),
                (
                    ("Date de naissance", "stagiaire.date_naissance", 0.33),
                    ("N° étudiant", "stagiaire.numero", 0.27),
                    ("Numéro de sécurité sociale", "stagiaire.nir", 0.4),
                ),
                (("Adresse (n°, voie)", "stagiaire.adresse.voie", 1.0),),
                (("Code postal", "stagiaire.adresse.code_postal", 0.25), ("Ville", "stagiaire.adresse.ville", 0.75)),
                (("Téléphone", "stagiaire.telephone", 0.4), ("Courriel", "stagiaire.courriel", 0.6)),
                (("Formation suivie", "formation.intitule", 1.0),),
            ),
        ),
        (
            "L’organisme qui vous accueille",
            (
                (("Nom de l’organisme d’accueil", "organisme.raison_sociale", 1.0),),
                (("SIRET", "organisme.siret", 0.6), ("Code APE", "organisme.ape", 0.4)),
                (("Adresse (n°, voie)", "organisme.adresse.voie", 1.0),),
                (("Code postal", "organisme.adresse.code_postal", 0.25), ("Ville", "organisme.adresse.ville", 0.75)),
                (("Téléphone", "organisme.telephone", 0.4), ("Courriel", "organisme.courriel", 0.6)),
                (
                    ("Responsable qui signe la convention", "organisme.signataire.nom_prenom", 0.5),
                    ("Sa fonction", "organisme.signataire.fonction", 0.5),
                ),
                (("Unité ou service", "organisme.service", 1.0),),
            ),
        ),
    ),
    (
        (
            "Qui vous suit",
            (
                (("Tuteur professionnel", "tuteur.nom_prenom", 0.5), ("Sa fonction", "tuteur.fonction", 0.5)),
                (("Son téléphone", "tuteur.telephone", 0.4), ("Son courriel", "tuteur.courriel", 0.6)),
                (("Enseignant référent", "referent.nom_prenom", 0.5), ("Son courriel", "referent.courriel", 0.5)),
            ),
        ),
        (
            "Votre stage",
            (
                (
                    ("Ce stage est obligatoire", ("radio", "stage.obligatoire", _YES_NO), 0.5),
                    ("Télétravail", ("radio", "stage.teletravail", _YES_NO), 0.5),
                ),
                (("Sujet", "stage.sujet", 1.0),),
                (
                    ("Début", "stage.date_debut", 0.25),
                    ("Fin", "stage.date_fin", 0.25),
                    ("Heures par semaine", "stage.heures_hebdo", 0.22),
                    ("Heures en tout", "stage.duree_heures", 0.28),
                ),
                (("Votre mission (une tâche par ligne)", "stage.activites", 1.0),),
            ),
        ),
        (
            "Gratification et assurance",
            (
                (
                    ("Êtes-vous gratifié", ("radio", "gratification.prevue", _YES_NO), 0.4),
                    ("Montant", "gratification.montant", 0.6),
                ),
                (
                    (
                        "Versement",
                        (
                            "cases",
                            "gratification.modalite",
                            (("cheque", "chèque"), ("virement", "virement"), ("especes", "espèces")),
                        ),
                        1.0,
                    ),
                ),
                (
                    ("Assureur de votre responsabilité civile", "assurance_rc.compagnie", 0.5),
                    ("N° de police", "assurance_rc.contrat", 0.5),
                ),
                (("Fait à", "signatures.lieu", 0.6), ("Le", "signatures.stagiaire_le", 0.4)),
            ),
        ),
    ),
)


class _Sheet:
    """The canvas, the height reached, the numbers given to the fields and the map of their names."""

    def __init__(self, path: Path, ink: Ink) -> None:
        """An invariant PDF: the same drawing gives the same bytes."""
        self.canvas = Canvas(str(path), pagesize=A4, invariant=1)
        self.ink = ink
        self.top = 0.0
        self.numbers = {"Texte": 3, "Case": 0, "Groupe": 0}
        self.names: dict[str, str] = {}

    def name(self, kind: str) -> str:
        self.numbers[kind] += 1
        return f"{kind}{self.numbers[kind]}"


def draw_blank(path: Path, ink: Ink, pages: Pages = PAGES) -> dict[str, str]:
    """Draw the form nobody has filled at ``path``; comes out its fields: name, or name=state, to placeholder."""
    sheet = _Sheet(path, ink)
    for number, sections in enumerate(pages, start=1):
        _head(sheet, number)
        for title, rows in sections:
            _section(sheet, title, rows)
        sheet.canvas.showPage()
    sheet.canvas.save()
    return sheet.names


def toml_of(names: dict[str, str]) -> str:
    """The layout.toml of the form, with its map of fields."""
    return _HEAD + "".join(f'"{name}" = "{slot}"\n' for name, slot in names.items())


def fill(blank: Path, path: Path, ink: Ink, names: dict[str, str]) -> None:
    """A copy of the blank filled by the person of ``ink``, appearances drawn as a PDF viewer does."""
    writer = PdfWriter(clone_from=blank)
    texts = {name: ink.text(slot) for name, slot in names.items() if " = " not in slot}
    states = {name for name, slot in names.items() if " = " in slot and ink.ticked(*slot.split(" = "))}
    for page in writer.pages:
        for annotation in page.annotations or ():
            widget = annotation.get_object()
            if "/DA" in widget and texts.get(widget.get("/T", "")):
                widget[NameObject("/DA")] = TextStringObject(_shrunk(widget, texts[widget["/T"]]))
            _tick(widget, states)
        writer.update_page_form_field_values(page, {k: v for k, v in texts.items() if v}, auto_regenerate=False)
    save_pdf(writer, path)


def _shrunk(widget: Any, text: str) -> str:
    left, _, right, _ = (float(number) for number in widget["/Rect"])
    widest = max(pdfmetrics.stringWidth(line, "Helvetica", 1) for line in text.split("\n"))
    size = min(9.0, (right - left - 8) / widest)
    return re.sub(r"[\d.]+ Tf", f"{size:.2f} Tf", widget["/DA"])


def _tick(widget: Any, states: set[str]) -> None:
    group = widget.get("/Parent")
    if group is not None:
        state = next((key for key in widget["/AP"]["/N"] if key != "/Off"), "/Off")
        on = f"{group['/T']}={state.removeprefix('/')}" in states
        widget[NameObject("/AS")] = NameObject(state if on else "/Off")
        if on:
            group.get_object()[NameObject("/V")] = NameObject(state)
    elif widget.get("/FT") == "/Btn":
        on = widget["/T"] in states
        state = next(key for key in widget["/AP"]["/N"] if key != "/Off")
        widget[NameObject("/AS")] = widget[NameObject("/V")] = NameObject(state if on else "/Off")


def save_pdf(writer: PdfWriter, path: Path) -> None:
    """Write without dates nor a random identifier, so that the same drawing gives the same bytes."""
    writer.metadata = {"/Producer": "Atelier"}
    for page in writer.pages:
        page.compress_content_streams()
    writer.compress_identical_objects()
    for number, item in enumerate(writer._objects):
        if isinstance(item, StreamObject) and "/Filter" not in item:
            writer._objects[number] = item.flate_encode(9)
    writer._ID = None
    writer.write(path)


def _head(sheet: _Sheet, number: int) -> None:
    canvas = sheet.canvas
    canvas.setFillColor(_INK)
    canvas.rect(0, 790, A4[0], 52, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(_LEFT, 810, "PRÉPARATION DE LA CONVENTION")
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(_LEFT + _WIDTH, 812, f"Haute école de l’Exemple – page {number} sur 2")
    sheet.top = 768.0


def _section(sheet: _Sheet, title: str, rows: Any) -> None:
    canvas = sheet.canvas
    canvas.setFillColor(_INK)
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(_LEFT, sheet.top, title)
    canvas.setStrokeColor(_INK)
    canvas.line(_LEFT, sheet.top - 4, _LEFT + _WIDTH, sheet.top - 4)
    sheet.top -= 18
    for row in rows:
        left = _LEFT
        for label, slot, share in row:
            canvas.setFillColor(black)
            canvas.setFont("Helvetica", 7)
            canvas.drawString(left, sheet.top, label)
            _answer(sheet, slot, label, left, share * _WIDTH - 10)
            left += share * _WIDTH
        sheet.top -= _STEP + (45 if row[0][1] == "stage.activites" else 0)
    sheet.top -= 8


def _answer(sheet: _Sheet, slot: Any, label: str, left: float, width: float) -> None:
    if not isinstance(slot, str):
        _boxes(sheet, slot, left)
        return
    sheet.ink.text(slot)
    high = slot == "stage.activites"
    height = _HEIGHT + (45 if high else 0)
    name = sheet.name("Texte")
    sheet.names[name] = slot
    sheet.canvas.acroForm.textfield(
        name=name,
        value="",
        x=left,
        y=sheet.top - 4 - height,
        width=width,
        height=height,
        borderWidth=0.5,
        fontName="Helvetica",
        fontSize=9,
        fillColor=_FILL,
        borderColor=_INK,
        fieldFlags="multiline" if high else "",
        maxlen=600,
        tooltip=label if sheet.numbers["Texte"] % 3 == 0 else None,
    )


def _boxes(sheet: _Sheet, slot: Any, left: float) -> None:
    kind, path, options = slot
    group = sheet.name("Groupe") if kind == "radio" else ""
    for number, (option, label) in enumerate(options, start=1):
        sheet.ink.ticked(path, option)
        place = {
            "x": left,
            "y": sheet.top - 17,
            "size": 11,
            "borderWidth": 0.7,
            "fillColor": white,
            "borderColor": _INK,
        }
        if group:
            sheet.names[f"{group}=Choix{number}"] = f"{path} = {option}"
            sheet.canvas.acroForm.radio(
                name=group, value=f"Choix{number}", selected=False, buttonStyle="circle", **place
            )
        else:
            name = sheet.name("Case")
            sheet.names[name] = f"{path} = {option}"
            sheet.canvas.acroForm.checkbox(name=name, checked=False, buttonStyle="cross", **place)
        sheet.canvas.setFont("Helvetica", 8)
        sheet.canvas.setFillColor(black)
        sheet.canvas.drawString(left + 15, sheet.top - 15, label)
        left += 30 + pdfmetrics.stringWidth(label, "Helvetica", 8)
