"""Page rasteriser: the pages of a PDF at 200 dpi, or one photograph, within limits on pixels; then preprocessing.

A page is cut out of its photograph, evenly lit, upright and straight. Every change of place is kept in the image's
matrix, so that a box found here can be shown on what was received.
The only part of the OCR that touches a stranger's bytes; it belongs in the jail.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageOps

from pipeline.core.models import Box
from pipeline.core.refusals import Refusal, refused
from pipeline.sandbox.weights import MOST_PASSES, passes, tiff_pages

Grey = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

DPI = 200
SCALE = DPI / 72  # pixels per point
MAX_PIXELS = 30_000_000  # of one page or photograph: A4 at 600 dpi is 35, at 500 dpi 24
MAX_PAGES = 8  # images read from one file: a form has two to four
_JPEG = b"\xff\xd8\xff"
_TIFF = (b"II*\x00", b"MM\x00*")
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

    Raises FormRejected for too many pages, one page too large to be rendered, or what cannot be drawn.
    """
    try:
        with pypdfium2.PdfDocument(data) as document:
            document.init_forms()  # or the answers typed in an AcroForm are not drawn
            if len(document) > MAX_PAGES:
                raise refused(Refusal.IMAGES_MANY, count=len(document), limit=MAX_PAGES)
            return tuple(_render(page, number) for number, page in enumerate(document, start=1))
    except pypdfium2.PdfiumError as error:
        raise refused(Refusal.PDF_DAMAGED, how="ses pages ne s’affichent pas") from error


def _render(page: pypdfium2.PdfPage, number: int) -> PageImage:
    width, height = page.get_size()
    if width * height * SCALE**2 > MAX_PIXELS:
        what = f"La page {number} mesure {width / 72 * 2.54:.0f} × {height / 72 * 2.54:.0f} cm"
        raise refused(Refusal.IMAGE_LARGE, what=what)
    rendered = page.render(scale=SCALE, grayscale=True).to_numpy()
    pixels = np.ascontiguousarray(rendered if rendered.ndim == 2 else rendered[:, :, 0], dtype=np.uint8)
    return PageImage(number, pixels, SCALE, np.diag([1 / SCALE, 1 / SCALE, 1.0]))


def photo_images(data: bytes) -> Iterator[PageImage]:
    """The page of a JPEG or PNG, or each page of a TIFF; raises FormRejected as ``photo_image``, or for too many."""
    count = tiff_pages(data) if data.startswith(_TIFF) else 1
    if count > MAX_PAGES:
        raise refused(Refusal.IMAGES_MANY, count=count, limit=MAX_PAGES)
    for rank in range(count):
        yield photo_image(data, rank)


def photo_image(data: bytes, rank: int = 0) -> PageImage:
    """A JPEG, PNG or page (from 0) of a TIFF, its long side an A4 sheet's, turned as the camera says.

    Raises FormRejected when it cannot be decoded, or is too large or too small.
    """
    if data.startswith(_JPEG) and passes(data) > MOST_PASSES:
        raise refused(Refusal.IMAGE_DAMAGED)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "TIFF"))  # its header only
            image.seek(rank)
            fits = image.width * image.height <= MAX_PIXELS
            upright = ImageOps.exif_transpose(image).convert("L") if fits else image
    except Exception as error:  # decoders raise anything at all on damaged pictures
        raise refused(Refusal.IMAGE_DAMAGED) from error
    if not fits:
        raise refused(Refusal.IMAGE_LARGE, what=f"L’image reçue a {image.width} × {image.height} points")
    if min(upright.size) < MIN_SIDE:
        raise refused(Refusal.IMAGE_SMALL, width=upright.width, height=upright.height)
    scale = min(upright.size) / _A4_WIDTH
    return PageImage(rank + 1, np.asarray(upright, dtype=np.uint8), scale, np.diag([1 / scale, 1 / scale, 1.0]))


_PAGE_SHARE = (0.30, 0.97)  # of the picture that a sheet lying on a table covers
_A4 = (595.28, 841.89)  # points
_MAX_SKEW = 8.0  # degrees


def moved(page: PageImage, matrix: Matrix, size: tuple[int, int], scale: float | None = None) -> PageImage:
    """The page warped by ``matrix`` (its pixels → new pixels) to ``size`` (width, height) on white."""
    pixels = cv2.warpPerspective(
        page.pixels,
        matrix,
        size,
        flags=cv2.INTER_AREA if scale else cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255,),
    )
    back = page.matrix @ np.linalg.inv(matrix)
    return replace(page, pixels=pixels.astype(np.uint8), matrix=back, scale=scale or page.scale)


_TABLE = 0.8  # of the paper's light, at most, for what lies around it
_SURROUND = 0.08  # of the picture, at least: less is a tinted band that crosses a page, or a corner of shade


def sheet(page: PageImage) -> PageImage:
    """The sheet of paper cut out of a photograph and seen from above, at 200 dpi; the page itself if it is a scan."""
    corners = _corners(page.pixels)
    if corners is None:
        return _at_working_size(page)
    wide = np.linalg.norm(corners[1] - corners[0]) > np.linalg.norm(corners[3] - corners[0])
    width, height = (round(side * SCALE) for side in (reversed(_A4) if wide else _A4))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners.astype(np.float32), target), np.float64)
    return moved(page, matrix, (width, height), SCALE)


def _at_working_size(page: PageImage) -> PageImage:
    ratio = SCALE / page.scale
    if abs(ratio - 1) < 0.02:
        return page
    size = (round(page.pixels.shape[1] * ratio), round(page.pixels.shape[0] * ratio))
    pixels = cv2.resize(page.pixels, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_CUBIC)
    return replace(
        page, pixels=pixels.astype(np.uint8), scale=SCALE, matrix=page.matrix @ np.diag([1 / ratio] * 2 + [1])
    )


def _corners(pixels: Grey) -> Matrix | None:
    """The four corners (top left first, clockwise) of a sheet lying on a darker ground, in pixels.

    A shadow can be darker than the lit table: several levels are tried, and outlines, which a shadow does not move;
    the largest of the shapes that are a sheet's is taken, since a shadow only ever cuts the sheet.
    """
    factor = 600 / max(pixels.shape)
    reduced = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    small = np.asarray(cv2.GaussianBlur(reduced, (7, 7), 0), np.uint8)
    otsu, _ = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    masks = [cv2.threshold(small, otsu * part, 255, cv2.THRESH_BINARY)[1] for part in (1.0, 0.85, 0.7, 0.55)]
    masks.append(_outlined(small))
    shapes = [shape for mask in masks if (shape := _sheet_shape(np.asarray(mask, np.uint8))) is not None]
    if not shapes:
        return None
    largest = max(shapes, key=lambda shape: cv2.contourArea(shape.astype(np.float32)))
    return np.asarray(largest / factor, np.float64) if _lies_on_darker(largest, small) else None


def _lies_on_darker(shape: Matrix, small: Grey) -> bool:
    """Whether a table is around the shape; around a frame printed on a page there is paper, as light as inside."""
    inside = cv2.fillConvexPoly(np.zeros_like(small), shape.astype(np.int32), 1) > 0
    around = small[~inside]
    if around.size <= _SURROUND * small.size:
        return False
    return float(np.median(around)) < _TABLE * float(np.percentile(small[inside], 75))


def _outlined(small: Grey) -> Grey:
    """What strong edges enclose; of the logarithm, in which a shadow keeps the contrast of what it covers."""
    light = np.log1p(small.astype(np.float32))
    even = (255 * (light - light.min()) / max(float(np.ptp(light)), 1e-6)).astype(np.uint8)
    edges = cv2.dilate(cv2.Canny(even, 30, 90), np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.zeros_like(small)
    cv2.drawContours(filled, outlines, -1, (255,), cv2.FILLED)
    return filled


def _sheet_shape(mask: Grey) -> Matrix | None:
    """The corners of the largest white shape of a mask, if it is a sheet of paper seen at an angle."""
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), np.uint8)  # letters too
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    if not _PAGE_SHARE[0] < cv2.contourArea(hull) / mask.size < _PAGE_SHARE[1]:
        return None
    shape = cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, closed=True), closed=True).reshape(-1, 2)
    if len(shape) != 4 or cv2.contourArea(shape) < 0.96 * cv2.contourArea(hull):
        return None
    by_sum, by_difference = shape.sum(axis=1), shape[:, 0] - shape[:, 1]
    order = [by_sum.argmin(), by_difference.argmax(), by_sum.argmax(), by_difference.argmin()]
    corners = np.asarray(shape[order], np.float64)
    return corners if len(set(order)) == 4 and _is_sheet(corners) else None


def _is_sheet(corners: Matrix) -> bool:
    """Whether opposite sides are nearly as long, and the whole about as tall, as an A4 or Letter sheet's."""
    top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    alike = all(min(pair) > 0.8 * max(pair) for pair in ((top, bottom), (left, right)))
    ratio = (left + right) / (top + bottom)
    return alike and 1.2 < max(ratio, 1 / ratio) < 1.65


def flat(pixels: Grey) -> Grey:
    """The same with the paper white everywhere: shadows, yellowing and tinted fields divided out."""
    factor = 4
    small = cv2.resize(pixels, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    ground = cv2.resize(paper, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(pixels, np.maximum(ground, 1), scale=245), np.uint8)


def turned(page: PageImage, quarter: int) -> PageImage:
    """The page turned clockwise by ``quarter`` times 90 degrees."""
    height, width = page.pixels.shape
    turns: dict[int, tuple[list[list[float]], tuple[int, int]]] = {
        1: ([[0, -1, height], [1, 0, 0], [0, 0, 1]], (height, width)),
        2: ([[-1, 0, width], [0, -1, height], [0, 0, 1]], (width, height)),
        3: ([[0, 1, 0], [-1, 0, width], [0, 0, 1]], (height, width)),
    }
    if quarter % 4 == 0:
        return page
    matrix, _ = turns[quarter % 4]
    pixels = np.ascontiguousarray(np.rot90(page.pixels, -quarter))
    return replace(page, pixels=pixels, matrix=page.matrix @ np.linalg.inv(np.array(matrix)))


def skew(pixels: Grey) -> float:
    """How many degrees the lines of text slope (positive: they go down to the right), within ±8."""
    factor = 900 / max(pixels.shape)
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ink = np.clip(200.0 - small, 0, None).astype(np.float32)
    best = max(np.arange(-_MAX_SKEW, _MAX_SKEW + 0.1, 0.5), key=lambda angle: _sharpness(ink, angle))
    best = max(np.arange(best - 0.4, best + 0.41, 0.1), key=lambda angle: _sharpness(ink, angle))
    return float(best)


def _sharpness(ink: Grey | Matrix, angle: float) -> float:
    """How clearly rows of ink and rows of paper alternate once the page is turned back by ``angle`` degrees."""
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    rows = cv2.warpAffine(ink, matrix, (width, height)).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def straight(page: PageImage) -> PageImage:
    """The page with its lines of text horizontal."""
    angle = skew(flat(page.pixels))
    if abs(angle) < 0.15:
        return page
    height, width = page.pixels.shape
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), [0, 0, 1]])
    return moved(page, matrix, (width, height))
