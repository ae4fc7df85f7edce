"""A small invented form, filled, printed, and scanned or photographed by arithmetic; for the tests of the engines."""

from __future__ import annotations

import io

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from pipeline.core.models import Box
from pipeline.reading.tokens import Token, TokenKind

Grey = npt.NDArray[np.uint8]

WIDTH, HEIGHT = 595.0, 842.0
ROWS = (
    ("Nom de famille", "stagiaire.nom", "GARÇON-LEFÈVRE"),
    ("Prénom usuel", "stagiaire.prenom", "Zoé"),
    ("Date de naissance", "stagiaire.date_naissance", "17/05/2006"),
    ("Numéro de téléphone", "stagiaire.telephone", "06 64 01 57 94"),
    ("Raison sociale", "organisme.raison_sociale", "Atelier du Moulin neuf"),
    ("Numéro SIRET", "organisme.siret", "713 582 559 00066"),
    ("Adresse électronique", "organisme.courriel", "contact@moulin.example.org"),
    ("Sujet du stage", "stage.sujet", "Suivi des commandes et des stocks"),
)
TITLE = "Formulaire de stage de l’école d’essai"
OPTIONS = (("oui", "Obligatoire"), ("non", "Optionnel"))
LABEL_X, ANSWER_X, RIGHT, FIRST, STEP = 60.0, 210.0, 530.0, 120.0, 26.0
TICK_TOP = FIRST + STEP * len(ROWS) + 9
SIDE = 8.0

SLOTS: dict[str, tuple[int, Box]] = {
    path: (1, (ANSWER_X, FIRST + index * STEP, RIGHT, FIRST + (index + 1) * STEP))
    for index, (_, path, _) in enumerate(ROWS)
} | {
    f"stage.obligatoire = {code}": (1, (x, TICK_TOP, x + SIDE, TICK_TOP + SIDE))
    for (code, _), x in zip(OPTIONS, (ANSWER_X + 4, ANSWER_X + 104), strict=True)
}


def form(
    answers: dict[str, str],
    *,
    ticked: str | None = None,
    grown: float = 0.0,
    boxes: dict[str, str] | None = None,
) -> bytes:
    """The form as PDF; ``grown`` points are added under the second row, as a long answer would.

    ``boxes`` are words in place of the tick boxes: the placeholders of an annotated blank.
    """
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT), invariant=True)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(LABEL_X, HEIGHT - 90, TITLE.replace("’", "'"))
    canvas.setFont("Helvetica", 10)
    for index, (label, path, _) in enumerate(ROWS):
        top = FIRST + index * STEP + (grown if index > 1 else 0)
        canvas.rect(LABEL_X - 6, HEIGHT - top - STEP, RIGHT - LABEL_X + 6, STEP)
        canvas.line(ANSWER_X, HEIGHT - top, ANSWER_X, HEIGHT - top - STEP)
        canvas.drawString(LABEL_X, HEIGHT - top - 16, label)
        canvas.drawString(ANSWER_X + 6, HEIGHT - top - 16, answers.get(path, ""))
    canvas.drawString(LABEL_X, HEIGHT - TICK_TOP - grown - 7, "Caractère du stage")
    for code, label in OPTIONS:
        x0, top, x1, bottom = SLOTS[f"stage.obligatoire = {code}"][1]
        if boxes:
            canvas.setFontSize(1)
            canvas.drawString(x0, HEIGHT - bottom - grown, boxes[code])
            canvas.setFontSize(10)
        else:
            canvas.rect(x0, HEIGHT - bottom - grown, SIDE, SIDE)
        canvas.drawString(x1 + 4, HEIGHT - TICK_TOP - grown - 7, label)
        if code == ticked:
            canvas.line(x0, HEIGHT - bottom - grown, x1, HEIGHT - top - grown)
            canvas.line(x0, HEIGHT - top - grown, x1, HEIGHT - bottom - grown)
    canvas.save()
    return made.getvalue()


def filled(*, ticked: str | None = "non", grown: float = 0.0) -> bytes:
    """The form with every answer of ``ROWS``."""
    return form({path: answer for _, path, answer in ROWS}, ticked=ticked, grown=grown)


def literals() -> tuple[Token, ...]:
    """The printed words of the blank, with their places."""
    found = []
    with pypdfium2.PdfDocument(form({})) as document:
        text = document[0].get_textpage()
        letters = [(text.get_text_range(i, 1), text.get_charbox(i, loose=True)) for i in range(text.count_chars())]
    word: list[tuple[str, tuple[float, ...]]] = []
    for letter, box in [*letters, (" ", ())]:
        if letter.isspace() and word:
            boxes = [place for _, place in word]
            place = (
                min(b[0] for b in boxes),
                HEIGHT - max(b[3] for b in boxes),
                max(b[2] for b in boxes),
                HEIGHT - min(b[1] for b in boxes),
            )
            found.append(Token(TokenKind.WORD, "".join(one for one, _ in word), 1, place))
            word = []
        elif not letter.isspace():
            word.append((letter, box))
    return tuple(found)


def picture(pdf: bytes, dpi: int = 200) -> Grey:
    """The first page as grey pixels."""
    with pypdfium2.PdfDocument(pdf) as document:
        pixels = document[0].render(scale=dpi / 72, grayscale=True).to_numpy()
        return np.ascontiguousarray(pixels if pixels.ndim == 2 else pixels[:, :, 0])


def scanned(page: Grey, *, angle: float = 0.7, noise: float = 6.0, blur: float = 0.5, dpi: int = 200) -> bytes:
    """The page as a scanner gives it: a little askew, grainy, soft, in JPEG, inside a PDF."""
    chance = np.random.default_rng(3)
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    askew = cv2.GaussianBlur(cv2.warpAffine(page, turn, (width, height), borderValue=(250,)), (0, 0), blur)
    grainy = np.clip(askew * 0.95 + chance.normal(0, noise, askew.shape), 0, 255).astype(np.uint8)
    made = io.BytesIO()
    Image.fromarray(grainy).save(made, "PDF", resolution=dpi, quality=75)
    return made.getvalue()


def photographed(page: Grey) -> bytes:
    """The page on a dark table, seen at an angle, half in a shadow, as a JPEG."""
    chance = np.random.default_rng(5)
    height, width = page.shape
    size = (round(width * 1.25), round(height * 1.25))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    shown = corners + np.array([[190, 250], [150, 210], [240, 300], [220, 330]], np.float32)
    lens = cv2.getPerspectiveTransform(corners, shown)
    sheet = cv2.warpPerspective(np.full_like(page, 255), lens, size)
    table = np.clip(chance.normal(65, 10, sheet.shape), 0, 255)
    scene = np.where(sheet > 128, cv2.warpPerspective(page, lens, size), table)
    light = np.linspace(0.95, 0.6, size[0])[None, :] * np.where(np.arange(size[0]) > size[0] * 0.7, 0.8, 1.0)[None, :]
    seen = np.clip(scene * light + chance.normal(0, 4, scene.shape), 0, 255).astype(np.uint8)
    made = io.BytesIO()
    Image.fromarray(seen).save(made, "JPEG", quality=85)
    return made.getvalue()
