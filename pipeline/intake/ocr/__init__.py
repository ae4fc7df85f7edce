"""Scans and photographs: page images → words, ticks and zones, by two engines that do not know each other.

This file needs none of the extra `ocr`: it tells which pages are images, and refuses a scan with a reason where the
engines are not installed. The rest: ``pages`` (files → images), ``images`` (upright, straight, evenly lit),
``engines`` (RapidOCR and tesseract → tokens), ``scan`` (both, side by side), ``registration`` (where the layout's
printed words stand on the scan), ``rulings``, ``zones`` (the text of a slot), ``ticks`` (the ink of a box).
"""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass

from pipeline.errors import FormRejected

ABSENT = "OCR_ABSENT"
ILLEGIBLE = "ILLISIBLE"
HANDWRITTEN = "MANUSCRIT"
FEW_WORDS = 20  # of text: a form's page has a hundred
GARBAGE = 0.30  # of the characters: fonts without a Unicode map give private-use letters and control codes
COVER = 0.80  # of the page behind one image: what a scanner makes, even where it adds a hidden text layer

_MODULES = ("cv2", "numpy", "onnxruntime", "rapidocr")


@dataclass(frozen=True)
class PageText:
    """What a PDF page says of itself: its text, and the largest share of it that one image covers (0 to 1)."""

    text: str
    cover: float


def needs_ocr(page: PageText) -> bool:
    """Whether a page is to be read as an image: too few words, unreadable ones, or an image over the whole page.

    Under a scanner's image the text layer is another program's guess, which nobody saw: the image is what counts.
    """
    return page.cover > COVER or len(page.text.split()) < FEW_WORDS or garbage(page.text) > GARBAGE


def garbage(text: str) -> float:
    """The share (0 to 1) of characters that no French form holds: control, private-use and replacement ones."""
    letters = [letter for letter in text if not letter.isspace()]
    bad = sum(not letter.isprintable() or letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" for letter in letters)
    return bad / len(letters) if letters else 0.0


def missing() -> tuple[str, ...]:
    """The names of what is not installed of the extra `ocr`: Python modules, and the program tesseract."""
    modules = tuple(name for name in _MODULES if importlib.util.find_spec(name) is None)
    return modules if shutil.which("tesseract") else (*modules, "tesseract")


def require() -> None:
    """Nothing, where both engines are installed; raises FormRejected (OCR_ABSENT) for the sender of the scan."""
    if absent := missing():
        raise FormRejected(
            ABSENT,
            "Ce document est une image (scan ou photo) et la lecture des images n’est pas installée ici "
            f"({', '.join(absent)}). Renvoyez le formulaire rempli à l’ordinateur, en PDF ou en Word, "
            "sans l’imprimer ni le photographier.",
        )
