"""Page rasteriser: the pages of a PDF at 200 dpi, or one photograph, within limits on pixels.

The only part of the OCR that touches a stranger's bytes; it belongs in the jail.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageOps

from pipeline.core.errors import FormRejected
from pipeline.core.models import Box
from pipeline.reading.ocr import ILLEGIBLE

Grey = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

DPI = 200
SCALE = DPI / 72  # pixels per point
MAX_PIXELS = 30_000_000  # of one page or photograph: A4 at 600 dpi is 35, at 500 dpi 24
MAX_PAGES = 8  # images read from one file: a form has two to four
MIN_SIDE = 600  # pixels: below, a page's letters are five pixels high
_A4_WIDTH = 595.28  # points


@dataclass(frozen=True)
class PageImage:
    """One page as grey pixels (0 black, 255 white), ``scale`` pixels to the point.

    ``number`` is its rank in the file, from 1. ``matrix`` leads from these pixels back to points of the page as it
    was received, through every correction made since.
    """

    number: int
    pixels: Grey
    scale: float
    matrix: Matrix

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.pixels.shape[1] / self.scale, self.pixels.shape[0] / self.scale

    def as_received(self, box: Box) -> Box:
        """The rectangle, in points of the page as received, around a box in points of this (straightened) image."""
        x0, y0, x1, y1 = (value * self.scale for value in box)
        corners = self.matrix @ np.array([[x0, x1, x1, x0], [y0, y0, y1, y1], [1.0] * 4])
        xs, ys = corners[0] / corners[2], corners[1] / corners[2]
        return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())

    def cut(self, box: Box, margin: float = 0.0) -> Grey:
        """The pixels of a box in points, widened by ``margin`` points, within the page; may be empty."""
        x0, y0, x1, y1 = box
        left, top = (max(0, round((value - margin) * self.scale)) for value in (x0, y0))
        right, bottom = (max(0, round((value + margin) * self.scale)) for value in (x1, y1))
        return self.pixels[top:bottom, left:right]


def pdf_images(data: bytes) -> tuple[PageImage, ...]:
    """The pages of a PDF, rendered in grey at 200 dpi.

    Raises FormRejected: ILLISIBLE for too many pages or one page too large to be rendered, PDF_ENDOMMAGE for what
    cannot be drawn.
    """
    try:
        with pypdfium2.PdfDocument(data) as document:
            document.init_forms()  # or the answers typed in an AcroForm are not drawn
            if len(document) > MAX_PAGES:
                raise _too_much(f"{len(document)} pages en images ont été reçues, la limite est de {MAX_PAGES}")
            return tuple(_render(page, number) for number, page in enumerate(document, start=1))
    except pypdfium2.PdfiumError as error:
        raise FormRejected(
            "PDF_ENDOMMAGE",
            "Ce PDF est endommagé : ses pages ne s’affichent pas. Ouvrez-le, imprimez-le dans un nouveau PDF, "
            "vérifiez qu’il s’affiche, puis renvoyez-le.",
        ) from error


def _render(page: pypdfium2.PdfPage, number: int) -> PageImage:
    width, height = page.get_size()
    if width * height * SCALE**2 > MAX_PIXELS:
        raise _too_much(f"la page {number} mesure {width / 72 * 2.54:.0f} × {height / 72 * 2.54:.0f} cm")
    rendered = page.render(scale=SCALE, grayscale=True).to_numpy()
    pixels = np.ascontiguousarray(rendered if rendered.ndim == 2 else rendered[:, :, 0], dtype=np.uint8)
    return PageImage(number, pixels, SCALE, np.diag([1 / SCALE, 1 / SCALE, 1.0]))


def photo_image(data: bytes) -> PageImage:
    """A JPEG, PNG or TIFF as one page whose long side is an A4 sheet's, turned as the camera says.

    Raises FormRejected (ILLISIBLE) when it cannot be decoded, or is too large or too small.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "TIFF"))  # its header only
            fits = image.width * image.height <= MAX_PIXELS
            upright = ImageOps.exif_transpose(image).convert("L") if fits else image
    except Exception as error:  # decoders raise anything at all on damaged pictures
        raise FormRejected(ILLEGIBLE, f"L’image reçue est endommagée : elle ne s’ouvre pas. {_ADVICE}") from error
    if not fits:
        raise _too_much(f"la photo a {image.width} × {image.height} points")
    if min(upright.size) < MIN_SIDE:
        raise FormRejected(
            ILLEGIBLE, f"L’image reçue est trop petite ({upright.width} × {upright.height} points). {_ADVICE}"
        )
    scale = min(upright.size) / _A4_WIDTH
    return PageImage(1, np.asarray(upright, dtype=np.uint8), scale, np.diag([1 / scale, 1 / scale, 1.0]))


_ADVICE = (
    "Renvoyez le formulaire rempli à l’ordinateur, en PDF ou en Word ; "
    "à défaut, un scan droit et net (200 à 300 points par pouce)."
)


def _too_much(what: str) -> FormRejected:
    return FormRejected(ILLEGIBLE, f"Ce document est trop lourd à lire comme une image : {what}. {_ADVICE}")
